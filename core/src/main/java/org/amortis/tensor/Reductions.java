package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.ShapeException;

/** Reductions beyond those of {@link Tensor}. No axes means all of them. */
public final class Reductions {
    private Reductions() {}

    /** Product by halves: nothing is divided, so that zeros are exact in the gradients too. */
    static Tensor prod(Tensor x, int... axes) {
        Axes a = Axes.normalised(x.shape(), axes);
        Tensor y = x;
        for (int i = a.count() - 1; i >= 0; i--) {
            y = prodOne(y, a.get(i));
        }
        return y;
    }

    private static Tensor prodOne(Tensor x, int axis) {
        Tensor y = x;
        int n = x.shape().dim(axis);
        if (n == 0) {
            return Tensors.ones(x.dtype(), x.shape().drop(axis));
        }
        while (n > 1) {
            int half = n / 2;
            Tensor p = y.slice(axis, 0, half).mul(y.slice(axis, half, 2 * half));
            y = n % 2 == 0 ? p : Tensors.concat(axis, p, y.slice(axis, n - 1, n));
            n = half + n % 2;
        }
        return y.reshape(x.shape().drop(axis));
    }

    /**
     * Mean of the squared distance from the mean (divided by n, not n - 1), in two passes.
     *
     * @param x float tensor
     * @param axes axes, negative counts from the end
     * @return the reduced tensor
     */
    public static Tensor variance(Tensor x, int... axes) {
        Tensor m = x.mean(axes);
        return x.sub(m.keepDims(x, axes)).square().mean(axes);
    }

    /**
     * Sum of squares.
     *
     * @param x float tensor
     * @param axes axes, negative counts from the end
     * @return the reduced tensor
     */
    public static Tensor squaredNorm(Tensor x, int... axes) {
        return x.square().sum(axes);
    }

    /**
     * How many are true.
     *
     * @param x BOOL
     * @param axes axes, negative counts from the end
     * @return I32
     */
    public static Tensor count(Tensor x, int... axes) {
        return x.cast(DType.I32).sum(axes);
    }

    /**
     * Mean of the elements that a mask selects; 0 where it selects none.
     *
     * @param x float tensor
     * @param mask BOOL that broadcasts to x
     * @param axes axes, negative counts from the end
     * @return the reduced tensor
     */
    public static Tensor maskedMean(Tensor x, Tensor mask, int... axes) {
        if (mask.dtype() != DType.BOOL || !mask.shape().broadcastsTo(x.shape())) {
            throw new ShapeException("maskedMean(" + x.describe() + ", mask=" + mask.describe()
                    + "): the mask is not BOOL or does not broadcast" + Messages.at());
        }
        Tensor sum = Tensors.where(mask, x, 0).sum(axes);
        Tensor count = mask.broadcastTo(x.shape()).cast(x.dtype()).sum(axes);
        return sum.div(count.maximum(1));
    }
}
