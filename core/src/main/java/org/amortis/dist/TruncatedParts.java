package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.tensor.Unary;

/**
 * The interval of a truncated normal distribution in standard units, reflected so that its centre is not positive. Where its
 * upper end is negative (the tail) all is counted from that end: with m the density over the distribution function, the
 * density at the distance t below the end u is m(u) e^(t (u - t / 2)), and nothing of the size u^2 is formed and subtracted.
 * Elsewhere 0 is inside and the mass is a sum of two positive error functions.
 */
final class TruncatedParts {
    private static final double ROOT_HALF = Math.sqrt(0.5);
    private static final int STEPS = 4;

    private final LocationScale p;
    private final Tensor low;
    private final Tensor high;
    private final Tensor hasLow;
    private final Tensor hasHigh;

    /** Whether the interval is reflected. */
    private final Tensor flip;

    private final Tensor hasLower;
    private final Tensor hasUpper;
    private final Tensor tail;

    /** Ends where the interval lies in the tail, some tail elsewhere. */
    private final Tensor tailUpper;

    private final Tensor tailLower;
    private final Tensor tailWidth;
    private final Tensor inTail;

    /** Ends where 0 is inside, -1 and 1 elsewhere. */
    private final Tensor upper;

    private final Tensor lower;

    TruncatedParts(LocationScale p, Tensor low, Tensor high) {
        this.p = p;
        hasLow = low.gt(Double.NEGATIVE_INFINITY);
        hasHigh = high.lt(Double.POSITIVE_INFINITY);
        this.low = Tensors.where(hasLow, low, 0);
        this.high = Tensors.where(hasHigh, high, 0);
        Tensor a = Tensors.where(hasLow, p.standard(this.low), -1);
        Tensor b = Tensors.where(hasHigh, p.standard(this.high), 1);
        flip = hasLow.and(hasHigh.not().or(a.add(b).gt(0)));
        Tensor u = Tensors.where(flip, a.neg(), b);
        Tensor l = Tensors.where(flip, b.neg(), a);
        hasUpper = flip.and(hasLow).or(flip.not().and(hasHigh));
        hasLower = flip.and(hasHigh).or(flip.not().and(hasLow));
        tail = hasUpper.and(u.lt(0));
        inTail = tail.and(hasLower);
        tailUpper = Tensors.where(tail, u, -1);
        Tensor width = this.high.sub(this.low).mul(p.inverseScale());
        tailWidth = Tensors.where(inTail, width, 1);
        tailLower = Tensors.where(inTail, l, tailUpper.sub(1));
        upper = Tensors.where(tail, Tensors.scalarLike(u, 1), u);
        lower = Tensors.where(tail, Tensors.scalarLike(l, -1), l);
    }

    private static Tensor mills(Tensor x) {
        return Node.of(Unary.INVERSE_MILLS, x).result(0);
    }

    /** Half the difference of the squares of the two ends in the tail. */
    private Tensor squares() {
        return tailWidth.mul(tailUpper.add(tailLower)).mul(-0.5);
    }

    /** log of the distribution function at the upper end minus that at the lower, in the tail. */
    private Tensor drop() {
        return squares().add(mills(tailLower).log()).sub(mills(tailUpper).log());
    }

    /** log(1 - e^-d), 0 without a lower end. */
    private Tensor logShare() {
        Tensor d = drop();
        Tensor near = d.lt(0.7);
        Tensor small = Tensors.where(near, d, 0.5).neg().expm1().neg().log();
        Tensor large = Tensors.where(near, Tensors.scalarLike(d, 1), d)
                .neg()
                .exp()
                .neg()
                .log1p();
        return Tensors.where(inTail, Tensors.where(near, small, large), 0);
    }

    /** The mass where 0 is inside. */
    private Tensor mass() {
        Tensor up = Tensors.where(hasUpper, upper.mul(ROOT_HALF).erf(), 1);
        Tensor down = Tensors.where(hasLower, lower.mul(-ROOT_HALF).erf(), 1);
        return up.add(down).mul(0.5);
    }

    /** Log density times the scale, from the distance to the upper end in the tail and the standard value elsewhere. */
    private Tensor density(Tensor distance, Tensor z) {
        Tensor t = Tensors.where(tail, distance, 0);
        Tensor far =
                t.mul(tailUpper.sub(t.mul(0.5))).add(mills(tailUpper).log()).sub(logShare());
        Tensor c = Tensors.where(tail, Tensors.scalarLike(z, 0), z);
        Tensor near = c.square().mul(-0.5).sub(Normal.HALF_LOG_TWO_PI).sub(mass().log());
        return Tensors.where(tail, far, near).sub(p.logScale());
    }

    /** Log density of values inside. */
    Tensor logProb(Tensor x) {
        Tensor distance = Tensors.where(flip, x.sub(low), high.sub(x)).mul(p.inverseScale());
        return density(distance, p.standard(x));
    }

    /** Values of uniform numbers, with log densities. */
    Drawn draw(Tensor uniform) {
        Tensor t = distance(uniform);
        Tensor z = inner(uniform);
        Tensor step = t.mul(p.scale());
        Tensor far = Tensors.where(flip, low.add(step), high.sub(step));
        Tensor near = p.value(Tensors.where(flip, z.neg(), z));
        Tensor x = Tensors.where(tail, far, near);
        // rounding may pass an end
        x = Tensors.where(hasLow.and(x.lt(low)), low, x);
        x = Tensors.where(hasHigh.and(x.gt(high)), high, x);
        return new Drawn(x, density(t, z));
    }

    private Tensor inner(Tensor uniform) {
        Tensor below = Tensors.where(hasLower, lower.mul(-ROOT_HALF).erfc().mul(0.5), 0);
        Tensor q = below.add(uniform.mul(mass()));
        double top = q.dtype() == DType.F64 ? Math.nextDown(1.0) : Math.nextDown(1f);
        return Tensors.where(tail, Tensors.scalarLike(q, 0.5), q).minimum(top).normalQuantile();
    }

    /**
     * The distance below the upper end at which the distribution function has fallen by a factor: the root of a convex
     * increasing function by Newton's method from above. Steps after convergence carry the gradient: the first makes it
     * exact to first order, the second beyond.
     */
    private Tensor distance(Tensor uniform) {
        Tensor share = Tensors.where(inTail, drop().neg().expm1().neg(), 1);
        Tensor fall = uniform.mul(share).neg().log1p().neg();
        Tensor u = tailUpper;
        Tensor log = mills(u).log();
        Tensor start = fall.mul(2).div(u.square().add(fall.mul(2)).sqrt().sub(u));
        Tensor t = start.stopGradient();
        Tensor fixedU = u.stopGradient();
        Tensor fixedFall = fall.stopGradient();
        Tensor fixedLog = log.stopGradient();
        for (int i = 0; i < STEPS; i++) {
            t = newton(t, fixedU, fixedFall, fixedLog);
        }
        return newton(newton(t, u, fall, log), u, fall, log);
    }

    private static Tensor newton(Tensor t, Tensor u, Tensor fall, Tensor log) {
        Tensor m = mills(u.sub(t));
        Tensor h = t.mul(t.mul(0.5).sub(u)).add(m.log()).sub(log);
        return t.sub(h.sub(fall).div(m));
    }

    /** Ratio of the densities at the lower and upper end in the tail, 0 without a lower end. */
    private Tensor ratio() {
        return Tensors.where(inTail, squares().neg().exp(), 0);
    }

    /** Density at the upper end over the mass, in the tail. */
    private Tensor rate() {
        return mills(tailUpper).mul(logShare().neg().exp());
    }

    private static Tensor normal(Tensor z, Tensor exists) {
        Tensor density = z.square().mul(-0.5).sub(Normal.HALF_LOG_TWO_PI).exp();
        return Tensors.where(exists, density, 0);
    }

    /** Mean of the reflected standard variate. */
    private Tensor first() {
        Tensor share = Tensors.where(inTail, squares().neg().expm1().neg(), 1);
        Tensor far = mills(tailUpper).mul(share).mul(logShare().neg().exp()).neg();
        Tensor near = normal(lower, hasLower).sub(normal(upper, hasUpper)).div(mass());
        return Tensors.where(tail, far, near);
    }

    /** Mean of its square. */
    private Tensor second() {
        Tensor far = rate().mul(tailUpper.sub(tailLower.mul(ratio()))).rsub(1);
        Tensor ends = upper.mul(normal(upper, hasUpper)).sub(lower.mul(normal(lower, hasLower)));
        Tensor near = ends.div(mass()).rsub(1);
        return Tensors.where(tail, far, near);
    }

    Tensor mean() {
        Tensor z = first();
        return p.value(Tensors.where(flip, z.neg(), z));
    }

    Tensor variance() {
        return second().sub(first().square()).maximum(0).mul(p.scale().square());
    }

    Tensor entropy() {
        Tensor square = second();
        Tensor u = tailUpper;
        Tensor far = square.sub(u.square()).mul(0.5).sub(mills(u).log()).add(logShare());
        Tensor near = square.mul(0.5).add(mass().log()).add(Normal.HALF_LOG_TWO_PI);
        return Tensors.where(tail, far, near).add(p.logScale());
    }

    /** The same in float64: moments are differences of terms as large as the squared ends. */
    static TruncatedParts wide(LocationScale p, Tensor low, Tensor high) {
        Shape batch = p.batch();
        LocationScale w = new LocationScale(
                p.location().cast(DType.F64),
                p.scale().cast(DType.F64),
                p.inverseScale().cast(DType.F64),
                p.logScale().cast(DType.F64),
                batch);
        return new TruncatedParts(w, low.cast(DType.F64), high.cast(DType.F64));
    }
}
