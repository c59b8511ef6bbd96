package org.amortis.flow;

import java.util.Arrays;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Planes;
import org.amortis.tensor.SplineKnots;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Piecewise quadratic maps of [-bound, bound] onto itself (Müller and others 2019): the slope is a polygon through free
 * heights at K - 1 inner knots and 1 at both ends, scaled to the right area; widths by softmax. The identity outside,
 * continuously in value and slope, and for zeros. The inverse is in closed form, its discriminant a sum of squares.
 *
 * @param bins K
 * @param bound half the length of the interval
 * @param minBin smallest width of a bin as a fraction of the interval
 * @param minSlope smallest slope at a knot before scaling
 */
public record QuadraticSpline(int bins, double bound, double minBin, double minSlope) implements Transformer {
    /**
     * A spline.
     *
     * @throws ShapeException if a size is out of range
     */
    public QuadraticSpline {
        if (bins < 1 || !(bound > 0) || !(minBin > 0) || !(minBin * bins < 1) || !(minSlope > 0 && minSlope < 1)) {
            throw new ShapeException(
                    "quadraticSpline(bins=" + bins + ", bound=" + bound + ", minBin=" + minBin + ", minSlope="
                            + minSlope + "): needs bins >= 1, bound > 0, 0 < minBin < 1/bins, 0 < minSlope < 1");
        }
    }

    /**
     * Bins of at least a thousandth of the interval, slopes of at least 1e-3.
     *
     * @param bins K
     * @param bound half the length of the interval
     * @return spline
     */
    public static QuadraticSpline of(int bins, double bound) {
        return new QuadraticSpline(bins, bound, 1e-3, 1e-3);
    }

    @Override
    public int parameters() {
        return 2 * bins - 1;
    }

    @Override
    public Bijection of(Tensor parameters) {
        Tensor[] planes = Planes.of(parameters, parameters());
        Tensor[] x = SplineKnots.of(Arrays.copyOf(planes, bins), minBin, 1);
        Tensor[] slope = new Tensor[bins + 1];
        slope[0] = Tensors.scalarLike(parameters, 1);
        slope[bins] = slope[0];
        double offset = Math.log(Math.expm1(1 - minSlope));
        Tensor area = null;
        for (int k = 1; k < bins; k++) {
            slope[k] = planes[bins + k - 1].add(offset).softplus().add(minSlope);
            // each inner height stands over half of both its bins
            Tensor part = x[k + 1].sub(x[k - 1]).mul(slope[k]);
            area = area == null ? part : area.add(part);
        }
        Tensor[] y = new Tensor[bins + 1];
        y[0] = Tensors.scalarLike(parameters, 0);
        y[bins] = slope[0];
        if (area != null) {
            // the ends stand over half of the outer bins with height 1, the rest is for the others
            Tensor rest = x[1].rsub(1).add(x[bins - 1]);
            Tensor scale = rest.div(area);
            for (int k = 1; k < bins; k++) {
                slope[k] = slope[k].mul(scale);
                Tensor bin = x[k].sub(x[k - 1]).mul(slope[k - 1].add(slope[k])).mul(0.5);
                y[k] = y[k - 1].add(bin);
            }
        }
        return new Map(this, parameters, x, y, slope);
    }

    @Override
    public String toString() {
        return "quadratic spline of " + bins + " bins on " + bound;
    }

    private static final class Map implements Bijection {
        private final QuadraticSpline spline;
        private final Tensor parameters;
        private final Tensor[] x;
        private final Tensor[] y;
        private final Tensor[] slope;

        Map(QuadraticSpline spline, Tensor parameters, Tensor[] x, Tensor[] y, Tensor[] slope) {
            this.spline = spline;
            this.parameters = parameters;
            this.x = x;
            this.y = y;
            this.slope = slope;
        }

        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return Bins.within(u, spline.bound, this::up);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor v) {
            return Bins.within(v, spline.bound, this::down);
        }

        private Mapped up(Tensor value) {
            Tensor[] reached = SplineKnots.reached(value, x);
            Tensor start = SplineKnots.pick(reached, x, 0);
            Tensor width = SplineKnots.pick(reached, x, 1).sub(start);
            Tensor d = SplineKnots.pick(reached, slope, 0);
            Tensor e = SplineKnots.pick(reached, slope, 1);
            Tensor t = value.sub(start).div(width).clamp(0, 1);
            Tensor here = d.mul(t.rsub(1)).add(e.mul(t));
            // t width times the mean of the slopes at both ends of the way
            Tensor rise = t.mul(width).mul(d.add(here)).mul(0.5);
            return new Mapped(SplineKnots.pick(reached, y, 0).add(rise), here.log());
        }

        private Mapped down(Tensor value) {
            Tensor[] reached = SplineKnots.reached(value, y);
            Tensor start = SplineKnots.pick(reached, x, 0);
            Tensor width = SplineKnots.pick(reached, x, 1).sub(start);
            Tensor bottom = SplineKnots.pick(reached, y, 0);
            Tensor d = SplineKnots.pick(reached, slope, 0);
            Tensor e = SplineKnots.pick(reached, slope, 1);
            Tensor w = value.sub(bottom)
                    .div(SplineKnots.pick(reached, y, 1).sub(bottom))
                    .clamp(0, 1);
            // slope at the place that is sought: its square is linear in the height reached
            Tensor here = d.square().mul(w.rsub(1)).add(e.square().mul(w)).sqrt();
            Tensor t = w.mul(d.add(e)).div(d.add(here));
            return new Mapped(start.add(t.mul(width)), here.log().neg());
        }

        @Override
        public Bijection stopGradient() {
            return spline.of(parameters.stopGradient());
        }
    }
}
