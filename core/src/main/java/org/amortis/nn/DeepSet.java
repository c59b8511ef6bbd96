package org.amortis.nn;

import org.amortis.array.ShapeException;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * A function of a set of vectors that does not depend on their order (Zaheer and others 2017): a layer on each element,
 * pooling, a layer on the result.
 */
public final class DeepSet implements Layer {
    /** How elements are put together. */
    public enum Pooling {
        /** Their sum, which knows how many there are. */
        SUM,
        /** Their mean, which does not; 0 of an empty set. */
        MEAN,
        /** Their largest in each component; 0 of an empty set. */
        MAX
    }

    private final Layer each;
    private final Pooling pooling;
    private final Layer after;

    private DeepSet(Layer each, Pooling pooling, Layer after) {
        this.each = each;
        this.pooling = pooling;
        this.after = after;
    }

    /**
     * A function of sets.
     *
     * @param each on each element
     * @param pooling over elements
     * @param after on the pooled vector
     * @return the layer, [.., n, in] to [.., out]
     */
    public static DeepSet of(Layer each, Pooling pooling, Layer after) {
        return new DeepSet(each, pooling, after);
    }

    /**
     * Sets of one size.
     *
     * @param p weights
     * @param x [.., n, in]
     * @return [.., out]
     */
    @Override
    public Tensor apply(Weights p, Tensor x) {
        return apply(p, x, null);
    }

    /**
     * Sets of several sizes.
     *
     * @param p weights
     * @param x [.., n, in]
     * @param mask BOOL [.., n], false where there is no element; null for none
     * @return [.., out]
     */
    public Tensor apply(Weights p, Tensor x, @Nullable Tensor mask) {
        if (x.shape().rank() < 2) {
            throw new ShapeException("deepSet(x=" + x.describe() + "): needs [.., n, in]");
        }
        Tensor h = each.apply(p, x);
        return after.apply(p, pool(h, mask == null ? null : mask.expandDims(-1)));
    }

    private Tensor pool(Tensor h, @Nullable Tensor mask) {
        if (mask == null) {
            return switch (pooling) {
                case SUM -> h.sum(-2);
                case MEAN -> h.mean(-2);
                case MAX -> h.max(-2);
            };
        }
        // what stands in the empty places is replaced before it is used, so that it may be anything
        Tensor sum = Tensors.where(mask, h, 0).sum(-2);
        return switch (pooling) {
            case SUM -> sum;
            case MEAN -> sum.div(mask.cast(h.dtype()).sum(-2).maximum(1));
            case MAX ->
                Tensors.where(
                        mask.any(-2),
                        Tensors.where(mask, h, Double.NEGATIVE_INFINITY).max(-2),
                        0);
        };
    }

    @Override
    public String toString() {
        return "deepSet " + pooling;
    }
}
