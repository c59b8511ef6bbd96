package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions of one float vector: fused multiply-adds and plain arithmetic only, so that every machine and every
 * vector width gives the same bits. Branch-free straight-line code; no part of the library, but written out into its loops by
 * the generators ({@link Inliner} says why). The bounds are in ulps of the
 * float result and hold over all floats (measured by the sweep in FloatMathTest). NaN gives NaN; the sign of zero is kept
 * where the function is odd.
 *
 * <p>Polynomials: minimax fits in relative error (linear programming on a Chebyshev grid), coefficients rounded to float
 * one after the other with the rest fitted again.
 */
final class FloatMath {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** 1.5 * 2^23: adding it rounds to an integer that then sits in the low mantissa bits. */
    private static final float MAGIC = 0x1.8p23f;

    private static final int MAGIC_BITS = 0x4b400000;
    private static final int ONE_BITS = 0x3f800000;
    private static final int SIGN = 0x80000000;
    private static final int BITS_110 = 0x42dc0000;
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN2_HI = 0x1.62e43p-1f;

    /** The last float whose exponential is finite. */
    private static final float EXP_LAST = 0x1.62e42ep6f;

    private static final float BELOW_ONE = 0x1.fffffep-1f;
    private static final float LN2_LO = -0x1.05c61p-29f;

    private FloatMath() {}

    private static FloatVector f(float value) {
        return FloatVector.broadcast(S, value);
    }

    /** 2^e for integer lanes in [-126, 127]. */
    private static FloatVector pow2(IntVector e) {
        return e.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector withSignOf(FloatVector magnitude, FloatVector sign) {
        IntVector s = sign.reinterpretAsInts().and(SIGN);
        return magnitude.reinterpretAsInts().and(~SIGN).or(s).reinterpretAsFloats();
    }

    /** e^r for |r| up to (ln 2) / 2: pairs of terms, because one long chain leaves the multipliers waiting. */
    private static FloatVector expReduced(FloatVector r) {
        FloatVector r2 = r.mul(r);
        FloatVector low = r.fma(f(0x1.555492p-3f), f(0x1.fffffcp-2f));
        FloatVector high = r.fma(f(0x1.12399ap-7f), f(0x1.5558b4p-5f));
        high = r2.fma(f(0x1.6a48cep-10f), high);
        return r2.fma(r2.fma(high, low), r).add(1f);
    }

    /** p 2^n for the n that sits in the low bits of k; the result must be normal. */
    private static FloatVector scaled(FloatVector p, FloatVector k) {
        IntVector n = k.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(n).reinterpretAsFloats();
    }

    /** e^x within 1.25 ulp, results below the normal range included. */
    static FloatVector exp(FloatVector x) {
        FloatVector k = x.fma(f(LOG2_E), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        FloatVector p = expReduced(n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x)));
        // the ends are mended after the fact, beside the long chain and not in front of it; below -86 by two powers of
        // two
        VectorMask<Float> low = x.compare(VectorOperators.LT, -86f);
        FloatVector y = scaled(p, k.add(64f, low)).mul(0x1p-64f, low);
        y = y.blend(0f, x.compare(VectorOperators.LT, -104f));
        return x.add(Float.POSITIVE_INFINITY).blend(y, x.compare(VectorOperators.LE, EXP_LAST));
    }

    /** e^x for x in [-87, 88]. */
    private static FloatVector expShort(FloatVector x) {
        FloatVector k = x.fma(f(LOG2_E), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        return scaled(expReduced(n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x))), k);
    }

    /** e^(x - lost) for x in [-128, 0] and a small second part; anything for NaN. */
    private static FloatVector expNegative(FloatVector x, FloatVector lost) {
        FloatVector k = x.fma(f(LOG2_E), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        FloatVector p = expReduced(n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x).sub(lost)));
        VectorMask<Float> low = x.compare(VectorOperators.LT, -86f);
        return scaled(p, k.add(64f, low)).mul(0x1p-64f, low);
    }

    /** e^r - 1 for |r| up to (ln 2) / 2. */
    private static FloatVector expm1Reduced(FloatVector r) {
        FloatVector r2 = r.mul(r);
        FloatVector low = r.fma(f(0x1.555554p-3f), f(0.5f));
        FloatVector middle = r.fma(f(0x1.1112d6p-7f), f(0x1.5554f8p-5f));
        FloatVector high = r.fma(f(0x1.9e7826p-13f), f(0x1.6d3a5ap-10f));
        return r2.fma(r2.fma(r2.fma(high, middle), low), r);
    }

    /**
     * e^x for x at most 0 within 1.25 ulp; 0 below -87, where results would leave the normal range. Numbers above 0 and NaN
     * are returned: two thirds of the instructions of {@link #exp}.
     */
    static FloatVector expOfNegative(FloatVector x) {
        FloatVector k = x.fma(f(LOG2_E), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        FloatVector r = n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x));
        FloatVector p = r.fma(f(0x1.6a48cep-10f), f(0x1.12399ap-7f));
        p = p.fma(r, f(0x1.5558b4p-5f));
        p = p.fma(r, f(0x1.555492p-3f));
        p = p.fma(r, f(0x1.fffffcp-2f));
        p = r.mul(r).fma(p, r).add(1f);
        // n sits in the low bits of k: added to the exponent
        IntVector scaled = p.reinterpretAsInts().add(k.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
        VectorMask<Float> ordinary = x.compare(VectorOperators.GE, -87f).and(x.compare(VectorOperators.LE, 0f));
        FloatVector special = x.blend(0f, x.compare(VectorOperators.LT, -87f));
        return special.blend(scaled.reinterpretAsFloats(), ordinary);
    }

    /** e^x - 1 within 1.5 ulp. */
    static FloatVector expm1(FloatVector x) {
        FloatVector t = x.blend(89f, x.compare(VectorOperators.GT, 89f));
        t = t.blend(-18f, t.compare(VectorOperators.LT, -18f));
        FloatVector k = t.fma(f(LOG2_E), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        FloatVector r = n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), t));
        FloatVector q = expm1Reduced(r);
        // half of 2^k is representable for k = 128 too; doubling at the end is exact or overflows rightly
        FloatVector s = pow2(k.reinterpretAsInts().sub(MAGIC_BITS + 1));
        FloatVector y = q.fma(s, s.sub(0.5f));
        return y.add(y).blend(x, x.abs().compare(VectorOperators.LT, 0x1p-25f));
    }

    /** n ln 2 + log(1 + z) for z in [sqrt(1/2) - 1, sqrt(2) - 1]. */
    private static FloatVector logReduced(FloatVector n, FloatVector z) {
        FloatVector z2 = z.mul(z);
        FloatVector low = z.fma(f(-0x1.000226p-2f), f(0x1.555554p-2f));
        FloatVector middle = z.fma(f(-0x1.54728cp-3f), f(0x1.99a01cp-3f));
        FloatVector high = z.fma(f(-0x1.0d8232p-3f), f(0x1.22d936p-3f));
        FloatVector top = z.fma(f(-0x1.38c908p-4f), f(0x1.055e6p-3f));
        FloatVector p = z2.fma(z2.fma(z2.fma(top, high), middle), low);
        FloatVector tail = n.fma(f(LN2_LO), z2.mul(z.fma(p, f(-0.5f))));
        return n.fma(f(LN2_HI), tail.add(z));
    }

    /** log x within 1 ulp: -infinity at zero, NaN below, subnormals included. */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        IntVector bits = x.mul(0x1p23f, tiny).reinterpretAsInts();
        IntVector e = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        FloatVector z = bits.sub(e.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector n = (FloatVector) e.convert(VectorOperators.I2F, 0);
        FloatVector y = logReduced(n.sub(23f, tiny), z);
        // NaN and infinity stay what they are
        return x.blend(y, x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                .blend(Float.NaN, x.compare(VectorOperators.LT, 0f))
                .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    }

    /** log(w + lost) for normal w and an addend below half an ulp of it. */
    static FloatVector logOfSum(FloatVector w, FloatVector lost) {
        IntVector bits = w.reinterpretAsInts();
        IntVector e = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        // at 2^127 and above nothing is lost, but the power of two must exist
        FloatVector z = lost.fma(pow2(e.min(126).neg()), m.sub(1f));
        return logReduced((FloatVector) e.convert(VectorOperators.I2F, 0), z);
    }

    /** log(1 + x) within 2 ulp. */
    static FloatVector log1p(FloatVector x) {
        FloatVector w = x.add(1f);
        // what the rounding of 1 + x lost (two-sum), put back after scaling
        FloatVector back = w.sub(x);
        FloatVector lost = x.sub(w.sub(back)).add(f(1f).sub(back));
        FloatVector y = logOfSum(w, lost);
        // NaN, infinity and zeros stay what they are
        VectorMask<Float> ordinary =
                x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).and(x.compare(VectorOperators.NE, 0f));
        return x.blend(y, ordinary)
                .blend(Float.NaN, x.compare(VectorOperators.LT, -1f))
                .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, -1f));
    }

    /** log(1 + u) for u in [0, 1] by one polynomial, without the division of the series of atanh(u / (2 + u)). */
    static FloatVector log1pUnit(FloatVector u) {
        FloatVector u2 = u.mul(u);
        FloatVector u4 = u2.mul(u2);
        FloatVector a = u.fma(f(0x1.5553b6p-2f), f(-0x1.fffff8p-2f));
        FloatVector b = u.fma(f(0x1.978b56p-3f), f(-0x1.ffc59ep-3f));
        FloatVector c = u.fma(f(0x1.ff2976p-4f), f(-0x1.4a72c6p-3f));
        FloatVector d = u.fma(f(0x1.5901fap-5f), f(-0x1.54f2aap-4f));
        FloatVector e = u.fma(f(0x1.113bd4p-9f), f(-0x1.c0a82p-7f));
        FloatVector high = u4.fma(e, u2.fma(d, c));
        return u2.fma(u4.fma(high, u2.fma(b, a)), u);
    }

    /** tanh x within 3 ulp; exactly 1 from 9.011 on. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        a = a.blend(10f, a.compare(VectorOperators.GT, 10f));
        FloatVector t = a.add(a);
        FloatVector k = t.fma(f(LOG2_E), f(MAGIC));
        // one part of ln 2 does: its error counts only where e^t is large, and there it is divided away
        FloatVector q = expm1Reduced(k.sub(MAGIC).fma(f(-LN2_HI), t));
        IntVector s = k.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE_BITS);
        FloatVector power = s.reinterpretAsFloats();
        FloatVector y = q.fma(power, power.sub(1f)).div(q.fma(power, power.add(1f)));
        return y.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
    }

    /** e^-|x|; e^-110, which is 0, for NaN. Bits of positive floats are ordered like ints, whose minimum is cheaper. */
    private static FloatVector expOfMinusAbs(FloatVector x) {
        IntVector bits = x.reinterpretAsInts().and(~SIGN).min(BITS_110).or(SIGN);
        FloatVector t = bits.reinterpretAsFloats();
        FloatVector k = t.fma(f(LOG2_E), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        FloatVector p = expReduced(n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), t)));
        VectorMask<Float> low = t.compare(VectorOperators.LT, -86f);
        return scaled(p, k.add(64f, low)).mul(0x1p-64f, low);
    }

    /** 1 / (1 + e^-x) within 2.5 ulp; small results keep their relative accuracy. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector t = x.abs().neg();
        t = t.blend(-110f, t.compare(VectorOperators.LT, -110f));
        FloatVector e = expNegative(t, f(0f));
        FloatVector top = f(1f).blend(e, x.compare(VectorOperators.LT, 0f));
        // one, or NaN
        FloatVector one = t.fma(f(0f), f(1f));
        return top.div(e.add(one));
    }

    /** log(1 + e^x) within 2.25 ulp, also where it is close to zero. */
    static FloatVector softplus(FloatVector x) {
        FloatVector positive = x.blend(0f, x.compare(VectorOperators.LT, 0f));
        return positive.add(log1pUnit(expOfMinusAbs(x)));
    }

    /** -log(1 + e^-x) within 2.25 ulp. */
    static FloatVector logSigmoid(FloatVector x) {
        FloatVector negative = x.blend(0f, x.compare(VectorOperators.GT, 0f));
        return negative.sub(log1pUnit(expOfMinusAbs(x)));
    }

    /** The error function within 1.5 ulp: odd polynomial below 0.925, one minus an exponential above. */
    static FloatVector erf(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector t = a.blend(4f, a.compare(VectorOperators.GT, 4f));
        FloatVector p = t.fma(f(0x1.c0c3a2p-13f), f(-0x1.a564e2p-9f));
        p = p.fma(t, f(0x1.7707e2p-6f));
        p = p.fma(t, f(-0x1.af273ap-4f));
        p = p.fma(t, f(-0x1.457cdap-1f));
        p = p.fma(t, f(-0x1.20e652p+0f));
        FloatVector far = withSignOf(f(1f).sub(expShort(t.mul(p))), x);
        FloatVector z = x.mul(x);
        FloatVector q = z.fma(f(0x1.4f6766p-14f), f(-0x1.a60a2ep-11f));
        q = q.fma(z, f(0x1.544a1ap-8f));
        q = q.fma(z, f(-0x1.b8011ap-6f));
        q = q.fma(z, f(0x1.ce2d64p-4f));
        q = q.fma(z, f(-0x1.81274p-2f));
        q = q.fma(z, f(0x1.06eba8p-3f));
        // NaN takes the near side
        return x.fma(q, x).blend(far, a.compare(VectorOperators.GE, 0.925f));
    }

    /** (1 + z) e^(z^2 / 2) Phi(-z) for z from 0 to 2^30, of t = (z - 3) / (z + 3): nearly constant. */
    private static FloatVector tail(FloatVector t) {
        FloatVector t2 = t.mul(t);
        FloatVector t4 = t2.mul(t2);
        FloatVector a = t.fma(f(-0x1.0d3abcp-6f), f(-0x1.8b5f9ep-4f));
        FloatVector b = t.fma(f(-0x1.7454aep-6f), f(0x1.71fa7cp-5f));
        FloatVector c = t.fma(f(0x1.87b584p-9f), f(0x1.3132ecp-10f));
        FloatVector d = t.fma(f(-0x1.f2dffep-12f), f(-0x1.7f6384p-12f));
        FloatVector e = t.fma(f(0x1.fa3362p-15f), f(0x1.2cf27ep-15f));
        FloatVector r = t4.fma(t2.fma(t2.fma(e, d), c), t2.fma(b, a));
        // the constant last: what it is added to is small where the sum is 1/2 and its error would count twice
        return t.fma(r, f(0x1.f1b89cp-2f));
    }

    /** e^(z^2 / 2) Phi(-z) for z from 0 to 2^30 within 3 ulp. */
    private static FloatVector scaledTail(FloatVector z) {
        return tail(z.sub(3f).div(z.add(3f))).div(z.add(1f));
    }

    /** Complement of the error function within 5 ulp, also where it is tiny. */
    static FloatVector erfc(FloatVector x) {
        FloatVector a = x.abs();
        a = a.blend(11f, a.compare(VectorOperators.GT, 11f));
        FloatVector s = a.mul(a);
        FloatVector e = expNegative(s.neg(), a.fma(a, s.neg()));
        FloatVector y = scaledTail(a.mul(0x1.6a09e6p+0f)).mul(e);
        y = y.add(y);
        return y.blend(f(2f).sub(y), x.compare(VectorOperators.LT, 0f));
    }

    /** Phi(-z) for z in [0, 15] within 5 ulp. */
    private static FloatVector normalTail(FloatVector z) {
        FloatVector s = z.mul(z);
        FloatVector lost = z.fma(z, s.neg());
        return scaledTail(z).mul(expNegative(s.mul(-0.5f), lost.mul(0.5f)));
    }

    /** x times the normal distribution function of x, within 5 ulp; -0 far below, NaN at minus infinity. */
    static FloatVector gelu(FloatVector x) {
        FloatVector z = x.abs();
        z = z.blend(15f, z.compare(VectorOperators.GT, 15f));
        FloatVector q = normalTail(z);
        return x.mul(f(1f).sub(q).blend(q, x.compare(VectorOperators.LT, 0f)));
    }

    /** Logarithm of the normal distribution function within 5 ulp. */
    static FloatVector logNormalCdf(FloatVector x) {
        VectorMask<Float> below = x.compare(VectorOperators.LT, 0f);
        FloatVector z = x.abs();
        z = z.blend(0x1p30f, z.compare(VectorOperators.GT, 0x1p30f));
        FloatVector m = scaledTail(z);
        FloatVector u = z.blend(15f, z.compare(VectorOperators.GT, 15f));
        FloatVector s = u.mul(u);
        FloatVector q = m.mul(expNegative(s.mul(-0.5f), u.fma(u, s.neg()).mul(0.5f)));
        // the logarithm of Phi(-z) e^(z^2 / 2) on the left, of 1 - Phi(-z) on the right
        FloatVector one = f(1f).sub(q);
        FloatVector w = one.blend(m, below);
        FloatVector lost = f(1f).sub(one).sub(q).blend(0f, below);
        FloatVector square = x.mul(x.mul(-0.5f));
        FloatVector y = logOfSum(w, lost).add(f(0f).blend(square, below));
        y = y.blend(x, x.compare(VectorOperators.NE, x));
        return y.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
    }

    /** Normal density over distribution function within 5 ulp; -x far below. */
    static FloatVector inverseMills(FloatVector x) {
        VectorMask<Float> below = x.compare(VectorOperators.LT, 0f);
        FloatVector z = x.abs();
        z = z.blend(0x1p30f, z.compare(VectorOperators.GT, 0x1p30f));
        FloatVector m = scaledTail(z);
        FloatVector u = z.blend(15f, z.compare(VectorOperators.GT, 15f));
        FloatVector s = u.mul(u);
        FloatVector e = expNegative(s.mul(-0.5f), u.fma(u, s.neg()).mul(0.5f));
        FloatVector top = e.blend(1f, below).mul(0x1.988454p-2f);
        FloatVector y = top.div(f(1f).sub(m.mul(e)).blend(m, below));
        y = y.blend(x.neg(), x.compare(VectorOperators.LT, -0x1p14f));
        return y.blend(x, x.compare(VectorOperators.NE, x));
    }

    /** x / (1 + e^-x) within 3.5 ulp, plus 2^-149 |x| where e^x is subnormal. */
    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    /** x for x above zero, a (e^x - 1) below, within 2 ulp. */
    static FloatVector elu(FloatVector x, float a) {
        return expm1(x).mul(a).blend(x, x.compare(VectorOperators.GT, 0f));
    }

    /** sin x within 2 ulp for |x| up to 2^16. */
    static FloatVector sin(FloatVector x) {
        FloatVector y = trig(x, 0);
        return y.blend(x, x.abs().compare(VectorOperators.LT, 0x1p-12f));
    }

    /** cos x within 2 ulp for |x| up to 2^16. */
    static FloatVector cos(FloatVector x) {
        return trig(x, 1);
    }

    private static FloatVector trig(FloatVector x, int quadrants) {
        FloatVector k = x.fma(f(0x1.45f306p-1f), f(MAGIC));
        FloatVector n = k.sub(MAGIC);
        // pi/2 in three parts: the first product cancels exactly, the other two restore 24 bits
        FloatVector r = n.fma(f(-0x1.921fb6p+0f), x);
        r = n.fma(f(0x1.777a5cp-25f), r);
        r = n.fma(f(0x1.ee59dap-50f), r);
        IntVector quadrant = k.reinterpretAsInts().add(quadrants);
        FloatVector z = r.mul(r);
        FloatVector s = z.fma(f(-0x1.9954a4p-13f), f(0x1.11077ap-7f)).fma(z, f(-0x1.555546p-3f));
        s = r.mul(z).fma(s, r);
        FloatVector c = z.fma(f(0x1.99e80cp-16f), f(-0x1.6c0c28p-10f)).fma(z, f(0x1.55554ap-5f));
        c = z.mul(z).fma(c, z.fma(f(-0.5f), f(1f)));
        return inQuadrant(s, c, quadrant);
    }

    /** Cosine of f quarter turns, f in [-1/2, 1/2]. */
    static FloatVector cosQuarter(FloatVector t) {
        FloatVector z = t.mul(t);
        FloatVector p = z.fma(f(0x1.d4f7eep-11f), f(-0x1.55b2b6p-6f));
        p = p.fma(z, f(0x1.03c1bp-2f));
        p = p.fma(z, f(-0x1.3bd3ccp+0f));
        return z.fma(p, f(1f));
    }

    /** Sine of f quarter turns, f in [-1/2, 1/2]; pi/2 in two parts keeps the last bit. */
    static FloatVector sinQuarter(FloatVector t) {
        FloatVector z = t.mul(t);
        FloatVector p = z.fma(f(0x1.44510cp-13f), f(-0x1.32adccp-8f));
        p = p.fma(z, f(0x1.466b78p-4f));
        p = p.fma(z, f(-0x1.4abbcep-1f));
        return t.fma(f(0x1.921fb6p+0f), t.mul(z.fma(p, f(-0x1.777a5cp-25f))));
    }

    /** Sine of an angle from sine s and cosine c of its remainder: odd quadrants swap, the upper two change sign. */
    static FloatVector inQuadrant(FloatVector s, FloatVector c, IntVector quadrant) {
        IntVector odd = quadrant.and(1).neg();
        IntVector sb = s.reinterpretAsInts();
        IntVector swapped = sb.lanewise(
                VectorOperators.XOR,
                sb.lanewise(VectorOperators.XOR, c.reinterpretAsInts()).and(odd));
        IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
        return swapped.lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    /** Largest integer not above x; the sign of zero is kept. */
    static FloatVector floor(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector rounded = withSignOf(a.add(0x1p23f).sub(0x1p23f), x);
        FloatVector down = rounded.blend(rounded.sub(1f), rounded.compare(VectorOperators.GT, x));
        return x.blend(down, a.compare(VectorOperators.LT, 0x1p23f));
    }

    /** -1, 0 or 1; zeros and NaN unchanged. */
    static FloatVector sign(FloatVector x) {
        return x.blend(1f, x.compare(VectorOperators.GT, 0f)).blend(-1f, x.compare(VectorOperators.LT, 0f));
    }

    /** Uniform of a random word: 24 bits and a half, never 0 nor 1. */
    static FloatVector uniform(IntVector words) {
        FloatVector t = (FloatVector) words.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
        FloatVector u = t.add(0.5f).mul(0x1p-24f);
        return u.blend(BELOW_ONE, u.compare(VectorOperators.GT, BELOW_ONE));
    }

    /** -2 log u of u = (w >>> 8 + 1/2) 2^-24, which has 25 bits: a float and what its rounding lost. */
    static FloatVector squaredRadius(IntVector words) {
        FloatVector t = (FloatVector) words.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
        FloatVector w = t.add(0.5f);
        FloatVector lost = f(0.5f).sub(w.sub(t));
        IntVector bits = w.reinterpretAsInts();
        IntVector e = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        IntVector shift = e.lanewise(VectorOperators.LSHL, 23);
        FloatVector m = bits.sub(shift).reinterpretAsFloats();
        FloatVector inverse = shift.neg().add(ONE_BITS).reinterpretAsFloats();
        FloatVector n = (FloatVector) e.sub(24).convert(VectorOperators.I2F, 0);
        return logReduced(n, lost.fma(inverse, m.sub(1f))).mul(-2f);
    }

    /**
     * What the rounding of r = sqrt(square) lost: without it the products with a sine reach 2.4 ulp. Half its reciprocal is
     * taken from the exponent with an eighth of error, which is nothing here.
     */
    static FloatVector radiusLost(FloatVector square, FloatVector r) {
        FloatVector half = r.reinterpretAsInts().neg().add(0x7e7311c7).reinterpretAsFloats();
        return r.neg().fma(r, square).mul(half);
    }

    /** Angle of a random word: which quarter turn is nearest. */
    static IntVector quarterOf(IntVector words) {
        return words.lanewise(VectorOperators.LSHR, 7).or(1).add(1 << 22).lanewise(VectorOperators.LSHR, 23);
    }

    /** Angle of a random word: what is left of it beyond that quarter turn, in [-1/2, 1/2]. */
    static FloatVector restOf(IntVector words, IntVector quarter) {
        IntVector rest = words.lanewise(VectorOperators.LSHR, 7).or(1).sub(quarter.lanewise(VectorOperators.LSHL, 23));
        return ((FloatVector) rest.convert(VectorOperators.I2F, 0)).mul(0x1p-23f);
    }

    /**
     * Sum of the lanes by halving. Not reduceLanes(ADD): its order is unspecified and is another one in interpreted than in
     * compiled code, so that results would depend on when a method got compiled.
     */
    static float addLanes(FloatVector all) {
        FloatVector part = all.add(all.rearrange(FloatLanes.HALVES));
        part = L >= 4 ? part.add(part.rearrange(FloatLanes.QUARTERS)) : part;
        part = L >= 8 ? part.add(part.rearrange(FloatLanes.EIGHTHS)) : part;
        part = L >= 16 ? part.add(part.rearrange(FloatLanes.SIXTEENTHS)) : part;
        return part.lane(0);
    }

    /** Largest lane, NaN if there is one; reduceLanes(MAX) is slower. */
    static float maxLanes(FloatVector all) {
        FloatVector part = all.max(all.rearrange(FloatLanes.HALVES));
        part = L >= 4 ? part.max(part.rearrange(FloatLanes.QUARTERS)) : part;
        part = L >= 8 ? part.max(part.rearrange(FloatLanes.EIGHTHS)) : part;
        part = L >= 16 ? part.max(part.rearrange(FloatLanes.SIXTEENTHS)) : part;
        return part.lane(0);
    }

    /** The sum of all lanes in each lane, added as in addLanes. */
    static FloatVector sumAll(FloatVector all) {
        FloatVector part = all.add(all.rearrange(FloatLanes.HALVES));
        part = L >= 4 ? part.add(part.rearrange(FloatLanes.QUARTERS)) : part;
        part = L >= 8 ? part.add(part.rearrange(FloatLanes.EIGHTHS)) : part;
        return L >= 16 ? part.add(part.rearrange(FloatLanes.SIXTEENTHS)) : part;
    }

    /** The largest lane in each lane where none is NaN; a fifth of the instructions of a maximum that heeds NaN. */
    static FloatVector maxAll(FloatVector all) {
        FloatVector half = all.rearrange(FloatLanes.HALVES);
        FloatVector part = all.blend(half, half.compare(VectorOperators.GT, all));
        FloatVector quarter = part.rearrange(FloatLanes.QUARTERS);
        part = L >= 4 ? part.blend(quarter, quarter.compare(VectorOperators.GT, part)) : part;
        FloatVector eighth = part.rearrange(FloatLanes.EIGHTHS);
        part = L >= 8 ? part.blend(eighth, eighth.compare(VectorOperators.GT, part)) : part;
        FloatVector sixteenth = part.rearrange(FloatLanes.SIXTEENTHS);
        return L >= 16 ? part.blend(sixteenth, sixteenth.compare(VectorOperators.GT, part)) : part;
    }

    /** In each lane the sum of its group of 1, 2, 4, .. neighbouring lanes. */
    static FloatVector groupSum(FloatVector all, int size) {
        FloatVector part = size > 1 ? all.add(all.rearrange(FloatLanes.BY_1)) : all;
        part = size > 2 ? part.add(part.rearrange(FloatLanes.BY_2)) : part;
        part = size > 4 ? part.add(part.rearrange(FloatLanes.BY_4)) : part;
        return size > 8 ? part.add(part.rearrange(FloatLanes.BY_8)) : part;
    }

    /** In each lane the largest of its group of 1, 2, 4, .. neighbouring lanes where none is NaN. */
    static FloatVector groupMax(FloatVector all, int size) {
        FloatVector one = all.rearrange(FloatLanes.BY_1);
        FloatVector part = size > 1 ? all.blend(one, one.compare(VectorOperators.GT, all)) : all;
        FloatVector two = part.rearrange(FloatLanes.BY_2);
        part = size > 2 ? part.blend(two, two.compare(VectorOperators.GT, part)) : part;
        FloatVector four = part.rearrange(FloatLanes.BY_4);
        part = size > 4 ? part.blend(four, four.compare(VectorOperators.GT, part)) : part;
        FloatVector eight = part.rearrange(FloatLanes.BY_8);
        return size > 8 ? part.blend(eight, eight.compare(VectorOperators.GT, part)) : part;
    }

    /** The largest finite number of the same sign for infinities: shifted by itself an infinity would be no number. */
    static FloatVector finite(FloatVector x) {
        FloatVector t = x.blend(Float.MAX_VALUE, x.compare(VectorOperators.GT, Float.MAX_VALUE));
        return t.blend(-Float.MAX_VALUE, t.compare(VectorOperators.LT, -Float.MAX_VALUE));
    }

    /** x, but 0 for -infinity. */
    static FloatVector finiteBelow(FloatVector x) {
        return x.blend(0f, x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
    }
}
