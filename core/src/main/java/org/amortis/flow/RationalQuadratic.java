package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Planes;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Monotone rational-quadratic splines (Gregory and Delbourgo 1982, Durkan and others 2019) on [-bound, bound]: widths and
 * heights of K bins by softmax, slopes at the knots by softplus. Zeros are the identity. Parameters are K widths, K
 * heights and the slopes: K - 1, K + 1 or K of them for identity, linear or periodic tails.
 *
 * <p>{@link SplineOp} has the formula.
 *
 * @param bins K
 * @param bound half the length of the interval
 * @param tails what happens outside
 * @param minBin smallest width and height of a bin as a fraction of the interval
 * @param minSlope smallest slope at a knot
 * @param softmaxScale factor of widths and heights before the softmax
 */
public record RationalQuadratic(
        int bins, double bound, Tails tails, double minBin, double minSlope, double softmaxScale)
        implements Transformer {
    /**
     * A spline.
     *
     * @throws ShapeException if a size is out of range
     */
    public RationalQuadratic {
        if (bins < 1 || !(bound > 0) || !(minBin > 0) || !(minBin * bins < 1) || !(minSlope > 0 && minSlope < 1)) {
            throw new ShapeException(
                    "rationalQuadratic(bins=" + bins + ", bound=" + bound + ", minBin=" + minBin + ", minSlope="
                            + minSlope + "): needs bins >= 1, bound > 0, 0 < minBin < 1/bins, 0 < minSlope < 1");
        }
    }

    /**
     * Identity tails, bins of at least a thousandth of the interval, slopes of at least 1e-3.
     *
     * @param bins K, 8 as a rule
     * @param bound half the length of the interval: 3 to 5 for standardised data
     * @return spline
     */
    public static RationalQuadratic of(int bins, double bound) {
        return new RationalQuadratic(bins, bound, Tails.IDENTITY, 1e-3, 1e-3, 1);
    }

    /**
     * The same with other tails.
     *
     * @param other tails
     * @return spline
     */
    public RationalQuadratic with(Tails other) {
        return new RationalQuadratic(bins, bound, other, minBin, minSlope, softmaxScale);
    }

    /**
     * Divides widths and heights by the root of the network's width before the softmax, as the code of the spline paper
     * does: the first steps of training move the knots less.
     *
     * @param width units of the last hidden layer
     * @return spline
     */
    public RationalQuadratic scaledBy(int width) {
        return new RationalQuadratic(bins, bound, tails, minBin, minSlope, 1 / Math.sqrt(width));
    }

    private SplineForm form() {
        SplineForm.Ends ends = switch (tails) {
            case IDENTITY -> SplineForm.Ends.ONE;
            case LINEAR -> SplineForm.Ends.FREE;
            case PERIODIC -> SplineForm.Ends.JOINED;
        };
        return new SplineForm(bins, ends, minBin, minSlope, softmaxScale);
    }

    @Override
    public int parameters() {
        return form().parameters();
    }

    @Override
    public Bijection of(Tensor parameters) {
        return new Map(
                this, form(), parameters, Planes.shape(parameters, parameters()).dim(-1));
    }

    @Override
    public String toString() {
        return "rational-quadratic spline of " + bins + " bins on " + bound + ", " + tails;
    }

    private record Map(RationalQuadratic spline, SplineForm form, Tensor parameters, int elements)
            implements Bijection {
        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        /** Values of [0, 1] to [0, 1] with the logarithm of the slope. */
        private Mapped unit(Tensor value, boolean forward) {
            Tensor[] r = SplineOp.apply(form, !forward, value, parameters);
            return new Mapped(r[0], r[1]);
        }

        /** The slope at a knot. */
        private Tensor slope(int knot) {
            int at = form.plane(knot) * elements;
            return form.slope(parameters.slice(-1, at, at + elements));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return apply(u, true);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor v) {
            return apply(v, false);
        }

        private Mapped apply(Tensor v, boolean forward) {
            double bound = spline.bound;
            if (spline.tails == Tails.PERIODIC) {
                Tensor place = v.add(bound).mul(1 / (2 * bound));
                Tensor turns = place.floor();
                Mapped m = unit(place.sub(turns), forward);
                Tensor value = m.value().add(turns).mul(2 * bound).sub(bound);
                return new Mapped(value, m.logDet().broadcastTo(value.shape()));
            }
            if (spline.tails == Tails.IDENTITY) {
                return Bins.within(v, bound, place -> unit(place, forward));
            }
            Mapped m = unit(v.add(bound).mul(1 / (2 * bound)).clamp(0, 1), forward);
            Tensor value = m.value().mul(2 * bound).sub(bound);
            Tensor inside = v.abs().lt(bound);
            Tensor left = v.lt(0);
            Tensor slope = Tensors.where(left, slope(0), slope(spline.bins));
            Tensor edge = Tensors.where(left, Tensors.scalarLike(v, -bound), bound);
            Tensor beyond = v.sub(edge);
            Tensor straight = edge.add(forward ? beyond.mul(slope) : beyond.div(slope));
            Tensor log = forward ? slope.log() : slope.log().neg();
            return new Mapped(Tensors.where(inside, value, straight), Tensors.where(inside, m.logDet(), log));
        }

        @Override
        public Bijection stopGradient() {
            return spline.of(parameters.stopGradient());
        }
    }
}
