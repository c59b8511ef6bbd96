package org.amortis.flow;

import java.util.Arrays;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Monotone rational-quadratic splines (Gregory and Delbourgo 1982, Durkan and others 2019) on [-bound, bound]: widths and
 * heights of K bins by softmax, slopes at the knots by softplus. Zeros are the identity. Parameters are K widths, K
 * heights and the slopes: K - 1, K + 1 or K of them for identity, linear or periodic tails.
 *
 * <p>In a bin of slope delta, with t the place in it, s = 1 - t and slopes d, e at its ends, the map is
 * (delta t^2 + d t s) / (delta (t^2 + s^2) + (d + e) t s): sums of positive numbers, which lose no digits. So is the
 * inverse: with w the height reached and q = d (1 - w) - e w, the discriminant is q^2 + 4 delta^2 w (1 - w), never
 * negative and never zero.
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
    /** What is added to a slope before softplus, so that 0 gives slope 1. */
    private static double offset(double minSlope) {
        return Math.log(Math.expm1(1 - minSlope));
    }

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

    @Override
    public int parameters() {
        return 2 * bins
                + switch (tails) {
                    case IDENTITY -> bins - 1;
                    case LINEAR -> bins + 1;
                    case PERIODIC -> bins;
                };
    }

    @Override
    public Bijection of(Tensor parameters) {
        Tensor[] planes = Transformer.planes(parameters, parameters());
        Tensor[] free = Arrays.copyOfRange(planes, 2 * bins, planes.length);
        Tensor[] slopes = new Tensor[bins + 1];
        Tensor one = Tensors.scalarLike(parameters, 0);
        for (int k = 0; k <= bins; k++) {
            slopes[k] = switch (tails) {
                case IDENTITY -> k == 0 || k == bins ? one : free[k - 1];
                case LINEAR -> free[k];
                case PERIODIC -> free[k % bins];
            };
        }
        return new Map(
                this,
                parameters,
                Bins.knots(Arrays.copyOf(planes, bins), minBin, softmaxScale),
                Bins.knots(Arrays.copyOfRange(planes, bins, 2 * bins), minBin, softmaxScale),
                slopes);
    }

    private Tensor slope(Tensor raw) {
        return raw.add(offset(minSlope)).softplus().add(minSlope);
    }

    @Override
    public String toString() {
        return "rational-quadratic spline of " + bins + " bins on " + bound + ", " + tails;
    }

    private static final class Map implements Bijection {
        private final RationalQuadratic spline;
        private final Tensor parameters;
        private final Tensor[] x;
        private final Tensor[] y;
        private final Tensor[] slopes;

        Map(RationalQuadratic spline, Tensor parameters, Tensor[] x, Tensor[] y, Tensor[] slopes) {
            this.spline = spline;
            this.parameters = parameters;
            this.x = x;
            this.y = y;
            this.slopes = slopes;
        }

        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        /** The bin that a value is in: its lower ends, sizes and slopes. Slopes go through softplus after the choice. */
        private record Bin(Tensor x, Tensor width, Tensor y, Tensor height, Tensor d, Tensor e) {}

        private Bin bin(Tensor value, Tensor[] knots) {
            Tensor[] reached = Bins.reached(value, knots);
            Tensor low = Bins.pick(reached, x, 0);
            Tensor high = Bins.pick(reached, x, 1);
            Tensor bottom = Bins.pick(reached, y, 0);
            Tensor top = Bins.pick(reached, y, 1);
            Tensor d = spline.slope(Bins.pick(reached, slopes, 0));
            Tensor e = spline.slope(Bins.pick(reached, slopes, 1));
            return new Bin(low, high.sub(low), bottom, top.sub(bottom), d, e);
        }

        /** log of the slope of the map of the unit square at a place t of a bin. */
        private static Tensor logSlope(Bin b, Tensor delta, Tensor t, Tensor s) {
            Tensor ts = t.mul(s);
            Tensor squares = t.square();
            Tensor others = s.square();
            Tensor den = delta.mul(squares.add(others)).add(b.d().add(b.e()).mul(ts));
            Tensor num = b.e().mul(squares).add(delta.mul(ts).mul(2)).add(b.d().mul(others));
            return num.log().add(delta.div(den).log().mul(2));
        }

        /** Values of [0, 1] to [0, 1] with the logarithm of the slope. */
        private Mapped up(Tensor value) {
            Bin b = bin(value, x);
            Tensor t = value.sub(b.x()).div(b.width()).clamp(0, 1);
            Tensor s = t.rsub(1);
            Tensor delta = b.height().div(b.width());
            Tensor ts = t.mul(s);
            Tensor den =
                    delta.mul(t.square().add(s.square())).add(b.d().add(b.e()).mul(ts));
            Tensor share = delta.mul(t.square()).add(b.d().mul(ts)).div(den);
            return new Mapped(b.height().mul(share).add(b.y()), logSlope(b, delta, t, s));
        }

        /** The inverse of {@link #up}. */
        private Mapped down(Tensor value) {
            Bin b = bin(value, y);
            Tensor w = value.sub(b.y()).div(b.height()).clamp(0, 1);
            Tensor v = w.rsub(1);
            Tensor delta = b.height().div(b.width());
            Tensor q = b.d().mul(v).sub(b.e().mul(w));
            Tensor rising = q.ge(0);
            Tensor root = q.square().add(delta.square().mul(w.mul(v)).mul(4)).sqrt();
            // of the two forms of the root the one that adds: t itself, or 1 - t
            Tensor part = delta.mul(Tensors.where(rising, w, v)).mul(2);
            Tensor ratio = part.div(Tensors.where(rising, q, q.neg()).add(root).add(part));
            Tensor t = Tensors.where(rising, ratio, ratio.rsub(1));
            Tensor s = Tensors.where(rising, ratio.rsub(1), ratio);
            return new Mapped(
                    b.width().mul(t).add(b.x()), logSlope(b, delta, t, s).neg());
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
            Tensor unit = v.add(bound).mul(1 / (2 * bound));
            if (spline.tails == Tails.PERIODIC) {
                Tensor turns = unit.floor();
                Mapped m = forward ? up(unit.sub(turns)) : down(unit.sub(turns));
                Tensor value = m.value().add(turns).mul(2 * bound).sub(bound);
                return new Mapped(value, m.logDet().broadcastTo(value.shape()));
            }
            if (spline.tails == Tails.IDENTITY) {
                return Bins.within(v, bound, forward ? this::up : this::down);
            }
            Mapped m = forward ? up(unit.clamp(0, 1)) : down(unit.clamp(0, 1));
            Tensor value = m.value().mul(2 * bound).sub(bound);
            Tensor inside = v.abs().lt(bound);
            Tensor left = v.lt(0);
            Tensor slope = spline.slope(Tensors.where(left, slopes[0], slopes[spline.bins]));
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
