package org.amortis.dist;

import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * From real numbers to an interval for each element: scaled sigmoid between two finite ends, softplus away from one,
 * identity without any. Which of them is decided by the values of the ends.
 */
record IntervalBijection(Tensor low, Tensor high) implements Bijection {
    @Override
    public Shape inputShape() {
        return Shape.SCALAR;
    }

    /** Ends in the type of a value, 0 in the place of infinite ones, and which of them are finite. */
    private record Side(Tensor end, Tensor finite) {
        static Side of(Tensor end, Tensor like) {
            Tensor e = end.cast(like.dtype());
            Tensor finite = e.abs().lt(Double.POSITIVE_INFINITY);
            return new Side(Tensors.where(finite, e, 0), finite);
        }
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        Side a = Side.of(low, u);
        Side b = Side.of(high, u);
        Tensor both = a.finite.and(b.finite);
        Tensor width = Tensors.where(both, b.end.sub(a.end), 1);
        // from the nearer end, so that neither end is passed by rounding
        Tensor left = a.end.add(width.mul(u.sigmoid()));
        Tensor right = b.end.sub(width.mul(u.neg().sigmoid()));
        Tensor between = Tensors.where(u.lt(0), left, right);
        Tensor from = a.end.add(u.softplus());
        Tensor to = b.end.sub(u.neg().softplus());
        Tensor x = Tensors.where(both, between, Tensors.where(a.finite, from, Tensors.where(b.finite, to, u)));
        Tensor up = u.logSigmoid();
        Tensor down = u.neg().logSigmoid();
        Tensor one = Tensors.where(a.finite, up, Tensors.where(b.finite, down, 0));
        return new Mapped(x, Tensors.where(both, width.log().add(up).add(down), one));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        Side a = Side.of(low, x);
        Side b = Side.of(high, x);
        Tensor both = a.finite.and(b.finite);
        Tensor width = Tensors.where(both, b.end.sub(a.end), 1);
        // distances from the ends, made harmless where there is no end
        Tensor below = Tensors.where(a.finite, x.sub(a.end), 1);
        Tensor above = Tensors.where(b.finite, b.end.sub(x), 1);
        Tensor between = below.log().sub(above.log());
        Mapped from = Elementwise.softplus().inverseAndLogDet(below);
        Mapped to = Elementwise.softplus().inverseAndLogDet(above);
        Tensor one = Tensors.where(
                a.finite, from.value(), Tensors.where(b.finite, to.value().neg(), x));
        Tensor oneDet = Tensors.where(a.finite, from.logDet(), Tensors.where(b.finite, to.logDet(), 0));
        Tensor det = width.log().sub(below.log()).sub(above.log());
        return new Mapped(Tensors.where(both, between, one), Tensors.where(both, det, oneDet));
    }

    @Override
    public Bijection stopGradient() {
        return new IntervalBijection(low.stopGradient(), high.stopGradient());
    }

    @Override
    public String toString() {
        return "interval " + low.shape();
    }
}
