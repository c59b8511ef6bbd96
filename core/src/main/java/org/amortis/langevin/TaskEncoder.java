package org.amortis.langevin;

import org.amortis.array.ShapeException;
import org.amortis.nn.DeepSet;
import org.amortis.nn.Gru;
import org.amortis.nn.Layer;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;

/** The embedding of tasks that heads and networks of an amortized path read. */
@FunctionalInterface
public interface TaskEncoder {
    /** Name of the mask of a set or series in a context: BOOL [B, n], false where there is no element. */
    String MASK = "mask";

    /**
     * The embedding.
     *
     * @param p weights
     * @param context what is observed, B rows
     * @return [B, size]
     */
    Tensor embed(Weights p, Context context);

    /**
     * Of the observation itself: a vector, or an image through convolutions.
     *
     * @param layer from the observations [B, ..] to [B, size]
     * @return encoder
     */
    static TaskEncoder of(Layer layer) {
        return (p, context) -> layer.apply(p, context.data());
    }

    /**
     * Of a set of vectors [B, n, in] with a mask: a function that does not know their order, and log(1 + n), since the
     * precision of a posterior grows with n.
     *
     * @param set function of the set to [B, size - 1]
     * @return encoder
     */
    static TaskEncoder set(DeepSet set) {
        return (p, context) -> {
            Tensor x = context.data();
            if (x.shape().rank() != 3) {
                throw new ShapeException("taskEncoder.set(x=" + x.describe() + "): needs [B, n, in]");
            }
            Tensor mask = context.names().contains(MASK) ? context.get(MASK) : null;
            Tensor count = mask == null
                    ? Tensors.fill(x.shape().dim(1), x.dtype(), x.shape().slice(0, 1))
                    : mask.cast(x.dtype()).sum(-1);
            return Tensors.concat(
                    Tensor.LAST, set.apply(p, x, mask), count.log1p().expandDims(-1));
        };
    }

    /**
     * Of series [B, T, in], a mask for those that are shorter: the last state of a recurrent unit.
     *
     * @param unit recurrent unit, its state is the embedding
     * @return encoder
     */
    static TaskEncoder series(Gru unit) {
        return (p, context) -> {
            Tensor x = context.data();
            if (x.shape().rank() != 3 || x.shape().dim(1) == 0) {
                throw new ShapeException("taskEncoder.series(x=" + x.describe() + "): needs [B, T, in] with T > 0");
            }
            Tensor mask = context.names().contains(MASK) ? context.get(MASK).transpose() : null;
            Tensor first = unit.start(x.dtype(), x.shape().slice(0, 1));
            Tensor states = unit.run(p, x.transpose(1, 0, 2), first, mask, false);
            return states.at(0, x.shape().dim(1) - 1);
        };
    }
}
