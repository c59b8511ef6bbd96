package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions of one double vector, built as {@link FloatMath}. The JDK's vector functions are not used: compiled
 * code calls a native library whose last bit differs from that of its fallback in interpreted code, so that a run would
 * depend on when it got compiled. Bounds in ulps are measured (DoubleMathTest), not proven.
 */
final class DoubleMath {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** 1.5 * 2^52: adding it rounds to an integer that then sits in the low mantissa bits. */
    private static final double MAGIC = 0x1.8p52;

    private static final long MAGIC_BITS = 0x4338000000000000L;
    private static final long SIGN = Long.MIN_VALUE;
    private static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    private static final double LOG2_E = 0x1.71547652b82fep+0;
    private static final double LN2_HI = 0x1.62e42fee00000p-1;
    private static final double LN2_LO = 0x1.a39ef35793c76p-33;

    private DoubleMath() {}

    private static DoubleVector f(double value) {
        return DoubleVector.broadcast(S, value);
    }

    /** 2^e for integer lanes in [-1022, 1023]. */
    private static DoubleVector pow2(LongVector e) {
        return e.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    private static DoubleVector withSignOf(DoubleVector magnitude, DoubleVector sign) {
        LongVector s = sign.reinterpretAsLongs().and(SIGN);
        return magnitude.reinterpretAsLongs().and(~SIGN).or(s).reinterpretAsDoubles();
    }

    /** (e^r - 1 - r) / r^2 for |r| up to (ln 2) / 2. */
    private static DoubleVector expTail(DoubleVector r) {
        DoubleVector p = r.fma(f(0x1.af390ba7e6f47p-26), f(0x1.2891d4ffbb0f9p-22));
        p = p.fma(r, f(0x1.71de0d85293b8p-19));
        p = p.fma(r, f(0x1.a019b8ca26fcfp-16));
        p = p.fma(r, f(0x1.a01a01a7cebcdp-13));
        p = p.fma(r, f(0x1.6c16c1789d1d7p-10));
        p = p.fma(r, f(0x1.11111111109a6p-7));
        p = p.fma(r, f(0x1.5555555553d37p-5));
        p = p.fma(r, f(0x1.5555555555556p-3));
        return p.fma(r, f(0.5));
    }

    /** e^x within 1.25 ulp, results below the normal range included. */
    static DoubleVector exp(DoubleVector x) {
        DoubleVector t = x.blend(710, x.compare(VectorOperators.GT, 710));
        t = t.blend(-746, t.compare(VectorOperators.LT, -746));
        DoubleVector k = t.fma(f(LOG2_E), f(MAGIC));
        DoubleVector n = k.sub(MAGIC);
        DoubleVector r = n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), t));
        DoubleVector p = r.mul(r).fma(expTail(r), r).add(1);
        LongVector e = k.reinterpretAsLongs().sub(MAGIC_BITS);
        // a logical shift of a positive number: AVX2 has no arithmetic one of 64 bits
        LongVector half = e.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
        return p.mul(pow2(half)).mul(pow2(e.sub(half)));
    }

    /**
     * e^x for x at most 0 within 1.25 ulp; 0 below -708, where results would leave the normal range. Numbers above 0 and NaN
     * are returned.
     */
    static DoubleVector expOfNegative(DoubleVector x) {
        DoubleVector k = x.fma(f(LOG2_E), f(MAGIC));
        DoubleVector n = k.sub(MAGIC);
        DoubleVector r = n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x));
        DoubleVector p = r.mul(r).fma(expTail(r), r).add(1);
        LongVector scaled = p.reinterpretAsLongs().add(k.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
        VectorMask<Double> ordinary = x.compare(VectorOperators.GE, -708).and(x.compare(VectorOperators.LE, 0));
        DoubleVector special = x.blend(0, x.compare(VectorOperators.LT, -708));
        return special.blend(scaled.reinterpretAsDoubles(), ordinary);
    }

    /** e^x - 1 within 1.5 ulp. */
    static DoubleVector expm1(DoubleVector x) {
        DoubleVector t = x.blend(710, x.compare(VectorOperators.GT, 710));
        t = t.blend(-40, t.compare(VectorOperators.LT, -40));
        DoubleVector k = t.fma(f(LOG2_E), f(MAGIC));
        DoubleVector n = k.sub(MAGIC);
        DoubleVector r = n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), t));
        DoubleVector q = r.mul(r).fma(expTail(r), r);
        DoubleVector s = pow2(k.reinterpretAsLongs().sub(MAGIC_BITS + 1));
        DoubleVector y = q.fma(s, s.sub(0.5));
        return y.add(y).blend(x, x.abs().compare(VectorOperators.LT, 0x1p-54));
    }

    /** n ln 2 + log(1 + z) for z in [sqrt(1/2) - 1, sqrt(2) - 1]: series of atanh(z / (2 + z)). */
    private static DoubleVector logReduced(DoubleVector n, DoubleVector z) {
        DoubleVector s = z.div(z.add(2));
        DoubleVector s2 = s.mul(s);
        DoubleVector q = s2.fma(f(0x1.2b5f68a51190dp-3), f(0x1.39fdcceb4b524p-3));
        q = q.fma(s2, f(0x1.7462b91b8df9fp-3));
        q = q.fma(s2, f(0x1.c71c62d5e53dfp-3));
        q = q.fma(s2, f(0x1.2492492dfd86cp-2));
        q = q.fma(s2, f(0x1.9999999995273p-2));
        q = q.fma(s2, f(0x1.5555555555558p-1));
        DoubleVector half = z.mul(z).mul(0.5);
        DoubleVector small = s.fma(s2.fma(q, half), n.mul(LN2_LO));
        return n.fma(f(LN2_HI), z.sub(half.sub(small)));
    }

    /** log(w + lost) for normal w and an addend below half an ulp of it. */
    private static DoubleVector logOfSum(DoubleVector w, DoubleVector lost, DoubleVector exponentShift) {
        LongVector bits = w.reinterpretAsLongs();
        LongVector e = bits.add(0x3ff0000000000000L - SQRT_HALF_BITS)
                .lanewise(VectorOperators.LSHR, 52)
                .sub(1023);
        DoubleVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
        // from 2^1022 on nothing is lost, but the power of two must exist
        DoubleVector z = lost.fma(pow2(e.min(1022).neg()), m.sub(1));
        DoubleVector n = e.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
        return logReduced(n.sub(exponentShift), z);
    }

    /** log x within 1 ulp: -infinity at zero, NaN below, subnormals included. */
    static DoubleVector log(DoubleVector x) {
        VectorMask<Double> tiny = x.compare(VectorOperators.LT, Double.MIN_NORMAL);
        DoubleVector y = logOfSum(x.blend(x.mul(0x1p54), tiny), f(0), f(0).blend(54, tiny));
        VectorMask<Double> ordinary =
                x.compare(VectorOperators.GT, 0).and(x.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
        DoubleVector special = x.blend(Double.NaN, x.compare(VectorOperators.LT, 0))
                .blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
        return special.blend(y, ordinary);
    }

    /** log(1 + x) within 1.5 ulp. */
    static DoubleVector log1p(DoubleVector x) {
        DoubleVector w = x.add(1);
        DoubleVector back = w.sub(x);
        DoubleVector lost = x.sub(w.sub(back)).add(f(1).sub(back));
        DoubleVector y = logOfSum(w, lost, f(0));
        VectorMask<Double> ordinary = x.compare(VectorOperators.GT, -1)
                .and(x.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                .and(x.compare(VectorOperators.NE, 0));
        DoubleVector special = x.blend(Double.NaN, x.compare(VectorOperators.LT, -1))
                .blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, -1));
        return special.blend(y, ordinary);
    }

    /** log(1 + u) for u in [0, 1], no special values. */
    private static DoubleVector log1pUnit(DoubleVector u) {
        DoubleVector w = u.add(1);
        return logOfSum(w, u.sub(w.sub(1)), f(0));
    }

    /** tanh x within 3 ulp. */
    static DoubleVector tanh(DoubleVector x) {
        DoubleVector e = expm1(x.abs().mul(-2));
        return withSignOf(e.div(e.add(2)), x);
    }

    /** 1 / (1 + e^-x) within 2.5 ulp; small results keep their relative accuracy. */
    static DoubleVector sigmoid(DoubleVector x) {
        DoubleVector e = exp(x.abs().neg());
        DoubleVector top = f(1).blend(e, x.compare(VectorOperators.LT, 0));
        return top.div(e.add(1));
    }

    /** log(1 + e^x) within 2.5 ulp, also where it is close to zero. */
    static DoubleVector softplus(DoubleVector x) {
        DoubleVector positive = x.blend(0, x.compare(VectorOperators.LT, 0));
        return positive.add(log1pUnit(exp(x.abs().neg())));
    }

    /** -log(1 + e^-x) within 2.5 ulp. */
    static DoubleVector logSigmoid(DoubleVector x) {
        DoubleVector negative = x.blend(0, x.compare(VectorOperators.GT, 0));
        return negative.sub(log1pUnit(exp(x.abs().neg())));
    }

    /** x / (1 + e^-x) within 3.5 ulp where e^x is normal. */
    static DoubleVector silu(DoubleVector x) {
        return x.mul(sigmoid(x));
    }

    /** x for x above zero, a (e^x - 1) below, within 2 ulp. */
    static DoubleVector elu(DoubleVector x, double a) {
        return expm1(x).mul(a).blend(x, x.compare(VectorOperators.GT, 0));
    }

    /** Largest integer not above x; the sign of zero is kept. */
    static DoubleVector floor(DoubleVector x) {
        DoubleVector a = x.abs();
        DoubleVector rounded = withSignOf(a.add(0x1p52).sub(0x1p52), x);
        DoubleVector down = rounded.blend(rounded.sub(1), rounded.compare(VectorOperators.GT, x));
        return x.blend(down, a.compare(VectorOperators.LT, 0x1p52));
    }

    /** -1, 0 or 1; zeros and NaN unchanged. */
    static DoubleVector sign(DoubleVector x) {
        VectorMask<Double> positive = x.compare(VectorOperators.GT, 0);
        return x.blend(1, positive).blend(-1, x.compare(VectorOperators.LT, 0));
    }

    /**
     * Sum of the lanes by halving. Not reduceLanes(ADD): its order is unspecified and is another one in interpreted than in
     * compiled code, so that results would depend on when a method got compiled.
     */
    static double addLanes(DoubleVector all) {
        DoubleVector part = all.add(all.rearrange(DoubleLanes.HALVES));
        part = L >= 4 ? part.add(part.rearrange(DoubleLanes.QUARTERS)) : part;
        part = L >= 8 ? part.add(part.rearrange(DoubleLanes.EIGHTHS)) : part;
        part = L >= 16 ? part.add(part.rearrange(DoubleLanes.SIXTEENTHS)) : part;
        return part.lane(0);
    }

    /** Largest lane, NaN if there is one; reduceLanes(MAX) is slower. */
    static double maxLanes(DoubleVector all) {
        DoubleVector part = all.max(all.rearrange(DoubleLanes.HALVES));
        part = L >= 4 ? part.max(part.rearrange(DoubleLanes.QUARTERS)) : part;
        part = L >= 8 ? part.max(part.rearrange(DoubleLanes.EIGHTHS)) : part;
        part = L >= 16 ? part.max(part.rearrange(DoubleLanes.SIXTEENTHS)) : part;
        return part.lane(0);
    }

    /** The sum of all lanes in each lane, added as in addLanes. */
    static DoubleVector sumAll(DoubleVector all) {
        DoubleVector part = all.add(all.rearrange(DoubleLanes.HALVES));
        part = L >= 4 ? part.add(part.rearrange(DoubleLanes.QUARTERS)) : part;
        part = L >= 8 ? part.add(part.rearrange(DoubleLanes.EIGHTHS)) : part;
        return L >= 16 ? part.add(part.rearrange(DoubleLanes.SIXTEENTHS)) : part;
    }

    /** The largest lane in each lane where none is NaN; a fifth of the instructions of a maximum that heeds NaN. */
    static DoubleVector maxAll(DoubleVector all) {
        DoubleVector half = all.rearrange(DoubleLanes.HALVES);
        DoubleVector part = all.blend(half, half.compare(VectorOperators.GT, all));
        DoubleVector quarter = part.rearrange(DoubleLanes.QUARTERS);
        part = L >= 4 ? part.blend(quarter, quarter.compare(VectorOperators.GT, part)) : part;
        DoubleVector eighth = part.rearrange(DoubleLanes.EIGHTHS);
        part = L >= 8 ? part.blend(eighth, eighth.compare(VectorOperators.GT, part)) : part;
        DoubleVector sixteenth = part.rearrange(DoubleLanes.SIXTEENTHS);
        return L >= 16 ? part.blend(sixteenth, sixteenth.compare(VectorOperators.GT, part)) : part;
    }

    /** In each lane the sum of its group of 1, 2, 4, .. neighbouring lanes. */
    static DoubleVector groupSum(DoubleVector all, int size) {
        DoubleVector part = size > 1 ? all.add(all.rearrange(DoubleLanes.BY_1)) : all;
        part = size > 2 ? part.add(part.rearrange(DoubleLanes.BY_2)) : part;
        part = size > 4 ? part.add(part.rearrange(DoubleLanes.BY_4)) : part;
        return size > 8 ? part.add(part.rearrange(DoubleLanes.BY_8)) : part;
    }

    /** In each lane the largest of its group of 1, 2, 4, .. neighbouring lanes where none is NaN. */
    static DoubleVector groupMax(DoubleVector all, int size) {
        DoubleVector one = all.rearrange(DoubleLanes.BY_1);
        DoubleVector part = size > 1 ? all.blend(one, one.compare(VectorOperators.GT, all)) : all;
        DoubleVector two = part.rearrange(DoubleLanes.BY_2);
        part = size > 2 ? part.blend(two, two.compare(VectorOperators.GT, part)) : part;
        DoubleVector four = part.rearrange(DoubleLanes.BY_4);
        part = size > 4 ? part.blend(four, four.compare(VectorOperators.GT, part)) : part;
        DoubleVector eight = part.rearrange(DoubleLanes.BY_8);
        return size > 8 ? part.blend(eight, eight.compare(VectorOperators.GT, part)) : part;
    }

    /** The largest finite number of the same sign for infinities: shifted by itself an infinity would be no number. */
    static DoubleVector finite(DoubleVector x) {
        DoubleVector t = x.blend(Double.MAX_VALUE, x.compare(VectorOperators.GT, Double.MAX_VALUE));
        return t.blend(-Double.MAX_VALUE, t.compare(VectorOperators.LT, -Double.MAX_VALUE));
    }

    /** x, but 0 for -infinity. */
    static DoubleVector finiteBelow(DoubleVector x) {
        return x.blend(0.0, x.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
    }
}
