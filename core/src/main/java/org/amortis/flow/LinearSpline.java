package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Planes;
import org.amortis.tensor.SplineKnots;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Piecewise linear maps of [-bound, bound] onto itself (Müller and others 2019): K bins of equal width, heights by
 * softmax; the identity outside, and for zeros. The density is a histogram: it jumps at knots and at the ends, so its
 * gradient with respect to values is of little use.
 *
 * @param bins K
 * @param bound half the length of the interval
 * @param minBin smallest height of a bin as a fraction of the interval
 */
public record LinearSpline(int bins, double bound, double minBin) implements Transformer {
    /**
     * A spline.
     *
     * @throws ShapeException if a size is out of range
     */
    public LinearSpline {
        if (bins < 1 || !(bound > 0) || !(minBin > 0) || !(minBin * bins < 1)) {
            throw new ShapeException("linearSpline(bins=" + bins + ", bound=" + bound + ", minBin=" + minBin
                    + "): needs bins >= 1, bound > 0, 0 < minBin < 1/bins");
        }
    }

    /**
     * Bins of at least a thousandth of the interval.
     *
     * @param bins K
     * @param bound half the length of the interval
     * @return spline
     */
    public static LinearSpline of(int bins, double bound) {
        return new LinearSpline(bins, bound, 1e-3);
    }

    @Override
    public int parameters() {
        return bins;
    }

    @Override
    public Bijection of(Tensor parameters) {
        Tensor[] y = SplineKnots.of(Planes.of(parameters, bins), minBin, 1);
        Tensor[] x = new Tensor[bins + 1];
        for (int k = 0; k <= bins; k++) {
            x[k] = Tensors.scalarLike(parameters, (double) k / bins);
        }
        return new Map(this, parameters, x, y);
    }

    @Override
    public String toString() {
        return "linear spline of " + bins + " bins on " + bound;
    }

    private static final class Map implements Bijection {
        private final LinearSpline spline;
        private final Tensor parameters;
        private final Tensor[] x;
        private final Tensor[] y;

        Map(LinearSpline spline, Tensor parameters, Tensor[] x, Tensor[] y) {
            this.spline = spline;
            this.parameters = parameters;
            this.x = x;
            this.y = y;
        }

        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return Bins.within(u, spline.bound, v -> between(v, x, y));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor v) {
            return Bins.within(v, spline.bound, u -> between(u, y, x));
        }

        /** From one set of knots to the other, straight in each bin. */
        private static Mapped between(Tensor value, Tensor[] from, Tensor[] to) {
            Tensor[] reached = SplineKnots.reached(value, from);
            Tensor start = SplineKnots.pick(reached, from, 0);
            Tensor size = SplineKnots.pick(reached, from, 1).sub(start);
            Tensor low = SplineKnots.pick(reached, to, 0);
            Tensor slope = SplineKnots.pick(reached, to, 1).sub(low).div(size);
            return new Mapped(value.sub(start).mul(slope).add(low), slope.log());
        }

        @Override
        public Bijection stopGradient() {
            return spline.of(parameters.stopGradient());
        }
    }
}
