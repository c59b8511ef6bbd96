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

    /** The last number whose exponential is finite. */
    private static final double EXP_LAST = 0x1.62e42fefa39efp9;

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
        DoubleVector r2 = r.mul(r);
        DoubleVector a = r.fma(f(0x1.5555555555556p-3), f(0.5));
        DoubleVector b = r.fma(f(0x1.11111111109a6p-7), f(0x1.5555555553d37p-5));
        DoubleVector c = r.fma(f(0x1.a01a01a7cebcdp-13), f(0x1.6c16c1789d1d7p-10));
        DoubleVector d = r.fma(f(0x1.71de0d85293b8p-19), f(0x1.a019b8ca26fcfp-16));
        DoubleVector e = r.fma(f(0x1.af390ba7e6f47p-26), f(0x1.2891d4ffbb0f9p-22));
        return r2.fma(r2.fma(r2.fma(r2.fma(e, d), c), b), a);
    }

    /** e^r for |r| up to (ln 2) / 2. */
    private static DoubleVector expReduced(DoubleVector r) {
        return r.mul(r).fma(expTail(r), r).add(1);
    }

    /** p 2^n for the n that sits in the low bits of k; the result must be normal. */
    private static DoubleVector scaled(DoubleVector p, DoubleVector k) {
        LongVector n = k.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        return p.reinterpretAsLongs().add(n).reinterpretAsDoubles();
    }

    /** e^x within 1.25 ulp, results below the normal range included. */
    static DoubleVector exp(DoubleVector x) {
        DoubleVector k = x.fma(f(LOG2_E), f(MAGIC));
        DoubleVector n = k.sub(MAGIC);
        DoubleVector p = expReduced(n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x)));
        // below -707 by two powers of two
        VectorMask<Double> low = x.compare(VectorOperators.LT, -707);
        DoubleVector y = scaled(p, k.add(128, low)).mul(0x1p-128, low);
        y = y.blend(0, x.compare(VectorOperators.LT, -746));
        return x.add(Double.POSITIVE_INFINITY).blend(y, x.compare(VectorOperators.LE, EXP_LAST));
    }

    /** e^(x - lost) for x in [-800, 0] and a small second part; anything for NaN. */
    private static DoubleVector expNegative(DoubleVector x, DoubleVector lost) {
        DoubleVector k = x.fma(f(LOG2_E), f(MAGIC));
        DoubleVector n = k.sub(MAGIC);
        DoubleVector p = expReduced(n.fma(f(-LN2_LO), n.fma(f(-LN2_HI), x).sub(lost)));
        VectorMask<Double> low = x.compare(VectorOperators.LT, -707);
        return scaled(p, k.add(128, low)).mul(0x1p-128, low);
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

    /** (1 + z) e^(z^2 / 2) Phi(-z) for z >= 0, of t = (z - 4) / (z + 4): nearly constant. Two chains, the constant last. */
    private static DoubleVector tail(DoubleVector t) {
        DoubleVector t2 = t.mul(t);
        DoubleVector even = t2.fma(f(-0x1.738216f8e2c9ep-31), f(0x1.7802bfa1c171bp-28));
        even = even.fma(t2, f(-0x1.33f312aa14f47p-26));
        even = even.fma(t2, f(-0x1.56a336f5fb2ddp-30));
        even = even.fma(t2, f(0x1.b4b7b03edba7fp-22));
        even = even.fma(t2, f(-0x1.ccd1e7d507d61p-19));
        even = even.fma(t2, f(0x1.6485facebb4ccp-16));
        even = even.fma(t2, f(-0x1.8c11ce1ffb80ap-14));
        even = even.fma(t2, f(-0x1.2b7f5d114ce39p-12));
        even = even.fma(t2, f(0x1.25dd7205bc189p-6));
        even = even.fma(t2, f(0x1.d4969f10e23fbp-6));
        even = even.fma(t2, f(-0x1.8c18f2086e36p-4));
        DoubleVector odd = t2.fma(f(0x1.9075821e4b248p-33), f(-0x1.6a50853856da3p-29));
        odd = odd.fma(t2, f(0x1.5cba450389033p-26));
        odd = odd.fma(t2, f(-0x1.ebd98984d209fp-24));
        odd = odd.fma(t2, f(0x1.29e42d5179a87p-21));
        odd = odd.fma(t2, f(-0x1.5ee6b50de5244p-19));
        odd = odd.fma(t2, f(0x1.c94266721161cp-17));
        odd = odd.fma(t2, f(-0x1.707bc33ed5857p-14));
        odd = odd.fma(t2, f(0x1.6c538340d8569p-11));
        odd = odd.fma(t2, f(-0x1.47d5fc74b6463p-8));
        odd = odd.fma(t2, f(-0x1.07c3c2582c2adp-5));
        odd = odd.fma(t2, f(0x1.cabd72a60facfp-7));
        return t.fma(t.fma(odd, even), f(0x1.e361ea6fba141p-2));
    }

    /** e^(z^2 / 2) Phi(-z) for z from 0 to 2^100 within 3 ulp. */
    private static DoubleVector scaledTail(DoubleVector z) {
        return tail(z.sub(4).div(z.add(4))).div(z.add(1));
    }

    /** Complement of the error function within 5 ulp, also where it is tiny. */
    static DoubleVector erfc(DoubleVector x) {
        DoubleVector a = x.abs();
        a = a.blend(28, a.compare(VectorOperators.GT, 28));
        DoubleVector s = a.mul(a);
        DoubleVector e = expNegative(s.neg(), a.fma(a, s.neg()));
        DoubleVector y = scaledTail(a.mul(0x1.6a09e667f3bcdp+0)).mul(e);
        y = y.add(y);
        return y.blend(f(2).sub(y), x.compare(VectorOperators.LT, 0));
    }

    /** The error function within 2 ulp: odd polynomial below 0.84375, one minus its complement above. */
    static DoubleVector erf(DoubleVector x) {
        DoubleVector a = x.abs();
        VectorMask<Double> far = a.compare(VectorOperators.GE, 0.84375);
        a = a.blend(7, a.compare(VectorOperators.GT, 7));
        DoubleVector s = a.mul(a);
        DoubleVector e = expNegative(s.neg(), a.fma(a, s.neg()));
        DoubleVector y = scaledTail(a.mul(0x1.6a09e667f3bcdp+0)).mul(e);
        y = withSignOf(y.fma(f(-2), f(1)), x);
        DoubleVector z = x.mul(x);
        DoubleVector q = z.fma(f(0x1.706724e37d57dp-27), f(-0x1.516d673b073a1p-23));
        q = q.fma(z, f(0x1.b8452281814ecp-20));
        q = q.fma(z, f(-0x1.f4b3d11ce1689p-17));
        q = q.fma(z, f(0x1.f9a1b5126fdc7p-14));
        q = q.fma(z, f(-0x1.c02da8b4af88ep-11));
        q = q.fma(z, f(0x1.565bccd718c55p-8));
        q = q.fma(z, f(-0x1.b82ce3114a775p-6));
        q = q.fma(z, f(0x1.ce2f21a03f072p-4));
        q = q.fma(z, f(-0x1.812746b03799fp-2));
        q = q.fma(z, f(0x1.06eba8214db68p-3));
        // NaN takes the near side
        return x.fma(q, x).blend(y, far);
    }

    /** x times the normal distribution function of x, within 5 ulp; -0 far below, NaN at minus infinity. */
    static DoubleVector gelu(DoubleVector x) {
        DoubleVector z = x.abs();
        z = z.blend(39, z.compare(VectorOperators.GT, 39));
        DoubleVector s = z.mul(z);
        DoubleVector e = expNegative(s.mul(-0.5), z.fma(z, s.neg()).mul(0.5));
        DoubleVector q = scaledTail(z).mul(e);
        return x.mul(f(1).sub(q).blend(q, x.compare(VectorOperators.LT, 0)));
    }

    /** Logarithm of the normal distribution function within 5 ulp. */
    static DoubleVector logNormalCdf(DoubleVector x) {
        VectorMask<Double> below = x.compare(VectorOperators.LT, 0);
        DoubleVector z = x.abs();
        z = z.blend(0x1p100, z.compare(VectorOperators.GT, 0x1p100));
        DoubleVector m = scaledTail(z);
        DoubleVector u = z.blend(39, z.compare(VectorOperators.GT, 39));
        DoubleVector s = u.mul(u);
        DoubleVector q = m.mul(expNegative(s.mul(-0.5), u.fma(u, s.neg()).mul(0.5)));
        // the logarithm of Phi(-z) e^(z^2 / 2) on the left, of 1 - Phi(-z) on the right
        DoubleVector one = f(1).sub(q);
        DoubleVector lost = f(1).sub(one).sub(q).blend(0, below);
        DoubleVector square = x.mul(x.mul(-0.5));
        DoubleVector y = logOfSum(one.blend(m, below), lost, f(0)).add(f(0).blend(square, below));
        y = y.blend(x, x.compare(VectorOperators.NE, x));
        return y.reinterpretAsLongs().or(SIGN).reinterpretAsDoubles();
    }

    /** Normal density over distribution function within 6 ulp; -x far below. */
    static DoubleVector inverseMills(DoubleVector x) {
        VectorMask<Double> below = x.compare(VectorOperators.LT, 0);
        DoubleVector z = x.abs();
        z = z.blend(0x1p100, z.compare(VectorOperators.GT, 0x1p100));
        DoubleVector m = scaledTail(z);
        DoubleVector u = z.blend(39, z.compare(VectorOperators.GT, 39));
        DoubleVector s = u.mul(u);
        DoubleVector e = expNegative(s.mul(-0.5), u.fma(u, s.neg()).mul(0.5));
        DoubleVector top = e.blend(1, below).mul(0x1.9884533d43651p-2);
        DoubleVector y = top.div(f(1).sub(m.mul(e)).blend(m, below));
        y = y.blend(x.neg(), x.compare(VectorOperators.LT, -0x1p28));
        return y.blend(x, x.compare(VectorOperators.NE, x));
    }

    /**
     * Inverse of the normal distribution function within 6 ulp: a rational function of (p - 1/2)^2 in the middle, one of the
     * root of -log p outside.
     */
    static DoubleVector normalQuantile(DoubleVector p) {
        DoubleVector q = p.sub(0.5);
        DoubleVector w = q.fma(q.neg(), f(0.180625));
        DoubleVector a = w.fma(f(-0x1.204beb209d45fp+9), f(0x1.a47d4a364559ep+13));
        a = a.fma(w, f(0x1.635b65bba4b73p+16));
        a = a.fma(w, f(0x1.f6ddd6e542101p+16));
        a = a.fma(w, f(0x1.1233dd3d7fe34p+16));
        a = a.fma(w, f(0x1.18875a4d30d8ep+14));
        a = a.fma(w, f(0x1.1f72d06da2363p+11));
        a = a.fma(w, f(0x1.1cd843f581e22p+7));
        a = a.fma(w, f(0x1.b18d91e9eef76p+1));
        DoubleVector b = w.fma(f(0x1.393538f8af665p+14), f(0x1.0a3bcf6f881dcp+16));
        b = b.fma(w, f(0x1.11779213f049p+16));
        b = b.fma(w, f(0x1.e6ab4b577dbbbp+14));
        b = b.fma(w, f(0x1.af00bc11d9bedp+12));
        b = b.fma(w, f(0x1.8c20f81753aacp+9));
        b = b.fma(w, f(0x1.686d35c96e723p+5));
        b = b.fma(w, f(0x1p+0));
        VectorMask<Double> upper = p.compare(VectorOperators.GT, 0.5);
        DoubleVector t = p.blend(f(1).sub(p), upper);
        DoubleVector v = log(t).neg().sqrt().sub(1.6);
        DoubleVector c = v.fma(f(0x1.1d8832fbcc97cp-24), f(0x1.2497b1dcc912ap-17));
        c = c.fma(v, f(0x1.8820e48aca2c2p-12));
        c = c.fma(v, f(0x1.e331327b38755p-8));
        c = c.fma(v, f(0x1.411542babbda5p-4));
        c = c.fma(v, f(0x1.f805330ad901ep-2));
        c = c.fma(v, f(0x1.e7ff777a7683ep+0));
        c = c.fma(v, f(0x1.23be775f1a95cp+2));
        c = c.fma(v, f(0x1.9ca13f2fbb04ap+2));
        c = c.fma(v, f(0x1.3501c54e3f018p+2));
        c = c.fma(v, f(0x1.6c665fde9526bp+0));
        DoubleVector d = v.fma(f(0x1.4284dcee75984p-51), f(0x1.93cd07295f59bp-25));
        d = d.fma(v, f(0x1.98bf8c4be8b79p-18));
        d = d.fma(v, f(0x1.0b3a9fa8612c7p-12));
        d = d.fma(v, f(0x1.3c0646862eb34p-8));
        d = d.fma(v, f(0x1.8b7829ba06b74p-5));
        d = d.fma(v, f(0x1.1e2754e1ae2bbp-2));
        d = d.fma(v, f(0x1.f0cfc40c4ecfp-1));
        d = d.fma(v, f(0x1.fc5ce71d54104p+0));
        d = d.fma(v, f(0x1.189a990bed85p+1));
        d = d.fma(v, f(0x1p+0));
        DoubleVector outer = c.neg().blend(c, upper);
        VectorMask<Double> middle = q.abs().compare(VectorOperators.LE, 0.425);
        DoubleVector y = outer.blend(q.mul(a), middle).div(d.blend(b, middle));
        y = y.blend(Double.NEGATIVE_INFINITY, p.compare(VectorOperators.EQ, 0));
        return y.blend(Double.POSITIVE_INFINITY, p.compare(VectorOperators.EQ, 1));
    }

    /**
     * log gamma(x) for x above 0 within 6 ulp, also beside its zeros 1 and 2: Stirling's series from 8 on; below, factors are
     * split off until the rest is within 1/2 of 2, where a polynomial with that zero serves.
     */
    static DoubleVector lgamma(DoubleVector x) {
        DoubleVector product = f(1).blend(x, x.compare(VectorOperators.LT, 1.5));
        product = product.mul(x.add(1), x.compare(VectorOperators.LT, 0.5));
        DoubleVector d = x.sub(2);
        d = d.blend(x.sub(1), x.compare(VectorOperators.LT, 1.5));
        d = d.blend(x, x.compare(VectorOperators.LT, 0.5));
        VectorMask<Double> m1 = x.compare(VectorOperators.GE, 2.5);
        product = product.mul(x.sub(1), m1);
        d = d.sub(1, m1);
        VectorMask<Double> m2 = x.compare(VectorOperators.GE, 3.5);
        product = product.mul(x.sub(2), m2);
        d = d.sub(1, m2);
        VectorMask<Double> m3 = x.compare(VectorOperators.GE, 4.5);
        product = product.mul(x.sub(3), m3);
        d = d.sub(1, m3);
        VectorMask<Double> m4 = x.compare(VectorOperators.GE, 5.5);
        product = product.mul(x.sub(4), m4);
        d = d.sub(1, m4);
        VectorMask<Double> m5 = x.compare(VectorOperators.GE, 6.5);
        product = product.mul(x.sub(5), m5);
        d = d.sub(1, m5);
        VectorMask<Double> m6 = x.compare(VectorOperators.GE, 7.5);
        product = product.mul(x.sub(6), m6);
        d = d.sub(1, m6);
        VectorMask<Double> large = x.compare(VectorOperators.GE, 8);
        DoubleVector ln = log(product.blend(x, large));
        DoubleVector d2 = d.mul(d);
        DoubleVector even = d2.fma(f(-0x1.381f9c81e24a4p-21), f(-0x1.08f3a50ceeacap-19));
        even = even.fma(d2, f(-0x1.3d4dea6ab3aadp-17));
        even = even.fma(d2, f(-0x1.78d8e91186e2cp-15));
        even = even.fma(d2, f(-0x1.d3fd6b14c42b3p-13));
        even = even.fma(d2, f(-0x1.38ac5bfba010ep-10));
        even = even.fma(d2, f(-0x1.e404fc21dc4b6p-8));
        even = even.fma(d2, f(-0x1.13e001a557546p-4));
        even = even.fma(d2, f(0x1.b0ee6072093cep-2));
        DoubleVector odd = d2.fma(f(0x1.3c1cb627b2b55p-22), f(0x1.e4f61a7fbd59ep-21));
        odd = odd.fma(d2, f(0x1.26bf71989bc21p-18));
        odd = odd.fma(d2, f(0x1.57ff691cbd46cp-16));
        odd = odd.fma(d2, f(0x1.a1281cd862ac2p-14));
        odd = odd.fma(d2, f(0x1.0b36ae9863dc7p-11));
        odd = odd.fma(d2, f(0x1.7add6eaff3597p-9));
        odd = odd.fma(d2, f(0x1.51322ac7d7089p-6));
        odd = odd.fma(d2, f(0x1.4a34cc4a60fa8p-2));
        DoubleVector small = d.mul(d.fma(odd, even)).add(ln.blend(ln.neg(), x.compare(VectorOperators.LT, 1.5)));
        DoubleVector r = f(1).div(x);
        DoubleVector w = r.mul(r);
        DoubleVector s = w.fma(f(0x1.466275526a04fp-8), f(-0x1.ee6911554dc7dp-10));
        s = s.fma(w, f(0x1.b920c2eb0207fp-11));
        s = s.fma(w, f(-0x1.381331ca859ap-11));
        s = s.fma(w, f(0x1.a01a015d9dffep-11));
        s = s.fma(w, f(-0x1.6c16c16c10957p-9));
        s = s.fma(w, f(0x1.5555555555555p-4));
        DoubleVector stirling = x.sub(0.5).mul(ln.sub(1)).add(r.fma(s, f(0x1.acfe390c97d69p-2)));
        return small.blend(stirling, large);
    }

    /** Derivative of log gamma for x above 0; absolute error 4 ulp of the largest term. */
    static DoubleVector digamma(DoubleVector x) {
        VectorMask<Double> low = x.compare(VectorOperators.LT, 8);
        // the eight reciprocals of x to x + 7 in pairs that share x (x + 7), with one division
        DoubleVector b = f(1).blend(x, low);
        DoubleVector v0 = b.mul(b.add(7));
        DoubleVector v1 = v0.add(6);
        DoubleVector v2 = v0.add(10);
        DoubleVector v3 = v0.add(12);
        DoubleVector p = v0.mul(v1);
        DoubleVector q = v2.mul(v3);
        DoubleVector sum = v0.add(v1).mul(q).add(v2.add(v3).mul(p)).div(p.mul(q));
        sum = sum.mul(b.add(b).add(7));
        DoubleVector y = x.add(8, low);
        DoubleVector r = f(1).div(y);
        DoubleVector w = r.mul(r);
        DoubleVector s = w.fma(f(0x1.050bcae5e07acp-4), f(-0x1.5334c277c909ap-6));
        s = s.fma(w, f(0x1.f039a3733caafp-8));
        s = s.fma(w, f(-0x1.1110b75f60feap-8));
        s = s.fma(w, f(0x1.041040cacd439p-8));
        s = s.fma(w, f(-0x1.111111110a795p-7));
        s = s.fma(w, f(0x1.5555555555555p-4));
        DoubleVector series = w.fma(s, r.mul(0.5));
        return log(y).sub(series.add(f(0).blend(sum, low)));
    }

    /** Second derivative of log gamma for x above 0, within 8 ulp. */
    static DoubleVector trigamma(DoubleVector x) {
        VectorMask<Double> low = x.compare(VectorOperators.LT, 8);
        DoubleVector b = f(1).blend(x, low);
        DoubleVector v0 = b.mul(b.add(7));
        DoubleVector v1 = v0.add(6);
        DoubleVector v2 = v0.add(10);
        DoubleVector v3 = v0.add(12);
        DoubleVector p = v0.mul(v1);
        DoubleVector q = v2.mul(v3);
        DoubleVector i = f(1).div(p.mul(q));
        DoubleVector ip = q.mul(i);
        DoubleVector iq = p.mul(i);
        DoubleVector i0 = v1.mul(ip);
        DoubleVector i1 = v0.mul(ip);
        DoubleVector i2 = v3.mul(iq);
        DoubleVector i3 = v2.mul(iq);
        DoubleVector h = b.add(b).add(7);
        // 1 / a^2 + 1 / c^2 = ((a + c)^2 - 2 a c) / (a c)^2
        DoubleVector h2 = h.mul(h);
        DoubleVector sum = h2.fma(i0, f(-2)).mul(i0);
        sum = h2.fma(i1, f(-2)).fma(i1, sum);
        sum = h2.fma(i2, f(-2)).fma(i2, sum);
        sum = h2.fma(i3, f(-2)).fma(i3, sum);
        DoubleVector y = x.add(8, low);
        DoubleVector r = f(1).div(y);
        DoubleVector w = r.mul(r);
        DoubleVector s = w.fma(f(-0x1.233d97a2368d8p+2), f(0x1.1b9f6e424b5d3p+0));
        s = s.fma(w, f(-0x1.026ab1e3a7b3cp-2));
        s = s.fma(w, f(0x1.3647c6fc57b5fp-4));
        s = s.fma(w, f(-0x1.111104e30ae5fp-5));
        s = s.fma(w, f(0x1.86186178fe5ccp-6));
        s = s.fma(w, f(-0x1.111111110f971p-5));
        s = s.fma(w, f(0x1.5555555555555p-3));
        DoubleVector series = w.fma(r.fma(s, f(0.5)), r);
        return series.add(f(0).blend(sum, low));
    }

    /** sin x within 2 ulp for |x| up to 2^16. */
    static DoubleVector sin(DoubleVector x) {
        DoubleVector y = trig(x, 0);
        return y.blend(x, x.abs().compare(VectorOperators.LT, 0x1p-27));
    }

    /** cos x within 2 ulp for |x| up to 2^16. */
    static DoubleVector cos(DoubleVector x) {
        return trig(x, 1);
    }

    private static DoubleVector trig(DoubleVector x, int quadrants) {
        DoubleVector k = x.fma(f(0x1.45f306dc9c883p-1), f(MAGIC));
        DoubleVector n = k.sub(MAGIC);
        // pi/2 in three parts
        DoubleVector r = n.fma(f(-0x1.921fb54442d18p+0), x);
        r = n.fma(f(-0x1.1a62633145c07p-54), r);
        r = n.fma(f(0x1.f1976b7ed8fbcp-110), r);
        LongVector quadrant = k.reinterpretAsLongs().add(quadrants);
        return inQuadrant(sinReduced(r), cosReduced(r), quadrant);
    }

    /** Sine of r in [-pi/4, pi/4]. */
    static DoubleVector sinReduced(DoubleVector r) {
        DoubleVector z = r.mul(r);
        DoubleVector s = z.fma(f(0x1.5e10a2d5be699p-33), f(-0x1.ae601e3804e51p-26));
        s = s.fma(z, f(0x1.71de37aededf7p-19));
        s = s.fma(z, f(-0x1.a01a019e9ec67p-13));
        s = s.fma(z, f(0x1.1111111110c79p-7));
        s = s.fma(z, f(-0x1.5555555555555p-3));
        return r.mul(z).fma(s, r);
    }

    /** Cosine of r in [-pi/4, pi/4]. */
    static DoubleVector cosReduced(DoubleVector r) {
        DoubleVector z = r.mul(r);
        DoubleVector c = z.fma(f(-0x1.90734e7872416p-37), f(0x1.1eeb57845bf9dp-29));
        c = c.fma(z, f(-0x1.27e4fa02955eep-22));
        c = c.fma(z, f(0x1.a01a019f37fa8p-16));
        c = c.fma(z, f(-0x1.6c16c16c168c9p-10));
        c = c.fma(z, f(0x1.5555555555555p-5));
        DoubleVector half = z.mul(0.5);
        DoubleVector one = f(1).sub(half);
        return one.add(z.mul(z).fma(c, f(1).sub(one).sub(half)));
    }

    /** Sine of an angle from sine s and cosine c of its remainder: odd quadrants swap, the upper two change sign. */
    static DoubleVector inQuadrant(DoubleVector s, DoubleVector c, LongVector quadrant) {
        LongVector odd = quadrant.and(1).neg();
        LongVector sb = s.reinterpretAsLongs();
        LongVector swapped = sb.lanewise(
                VectorOperators.XOR,
                sb.lanewise(VectorOperators.XOR, c.reinterpretAsLongs()).and(odd));
        LongVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 62);
        return swapped.lanewise(VectorOperators.XOR, sign).reinterpretAsDoubles();
    }

    /**
     * A uniform of two words in the low halves of lanes: (n + 1/2) 2^-53 rounded once, n the leading 53 bits. All of n but
     * its last bit becomes the mantissa of a number from 2^52 on.
     */
    static DoubleVector uniform(LongVector high, LongVector low) {
        LongVector bits = high.lanewise(VectorOperators.LSHL, 20).or(low.lanewise(VectorOperators.LSHR, 12));
        DoubleVector half = bits.or(0x4330000000000000L).reinterpretAsDoubles().sub(0x1p52);
        LongVector last = low.lanewise(VectorOperators.LSHR, 11).and(1);
        LongVector rest = last.lanewise(VectorOperators.LSHL, 51)
                .add(last.lanewise(VectorOperators.LSHL, 52))
                .add(0x3fe0000000000000L);
        return half.fma(f(2), rest.reinterpretAsDoubles()).mul(0x1p-53);
    }

    /** -2 log u of a uniform. */
    static DoubleVector squaredRadius(DoubleVector u) {
        return logOfSum(u, f(0), f(0)).mul(-2);
    }

    /** What the rounding of r = sqrt(square) lost; half its reciprocal is good to 12% from the bits of r. */
    static DoubleVector radiusLost(DoubleVector square, DoubleVector r) {
        LongVector bits = r.reinterpretAsLongs().neg().add(0x7fce6238502484baL);
        return r.neg().fma(r, square).mul(bits.reinterpretAsDoubles());
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
