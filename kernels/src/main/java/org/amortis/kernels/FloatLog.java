package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * y[i] = f(x[i]) over n elements.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class FloatLog {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatLog() {}

    /** log x within 1 ulp: -infinity at zero, NaN below, subnormals included. */
    static void log(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            VectorMask<Float> tiny1 = s.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits2 = s.mul(0x1p23f, tiny1).reinterpretAsInts();
            IntVector e3 = bits2.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z4 = bits2.sub(e3.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n5 = (FloatVector) e3.convert(VectorOperators.I2F, 0);
            FloatVector n6 = n5.sub(23f, tiny1);
            FloatVector z27 = z4.mul(z4);
            FloatVector low8 =
                    z4.fma(FloatVector.broadcast(S, -0x1.000226p-2f), FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector middle9 =
                    z4.fma(FloatVector.broadcast(S, -0x1.54728cp-3f), FloatVector.broadcast(S, 0x1.99a01cp-3f));
            FloatVector high10 =
                    z4.fma(FloatVector.broadcast(S, -0x1.0d8232p-3f), FloatVector.broadcast(S, 0x1.22d936p-3f));
            FloatVector top11 =
                    z4.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            FloatVector p12 = z27.fma(z27.fma(z27.fma(top11, high10), middle9), low8);
            FloatVector tail13 = n6.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z27.mul(z4.fma(p12, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced14 = n6.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail13.add(z4));
            FloatVector y15 = logReduced14;
            FloatVector log16 = s.blend(y15, s.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .blend(Float.NaN, s.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, s.compare(VectorOperators.EQ, 0f));
            FloatVector sy = log16;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            log(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** log(1 + x) within 2 ulp. */
    static void log1p(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector w1 = s.add(1f);
            FloatVector back2 = w1.sub(s);
            FloatVector lost3 =
                    s.sub(w1.sub(back2)).add(FloatVector.broadcast(S, 1f).sub(back2));
            IntVector bits4 = w1.reinterpretAsInts();
            IntVector e5 = bits4.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector m6 = bits4.sub(e5.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            IntVector e7 = e5.min(126).neg();
            FloatVector z8 =
                    lost3.fma(e7.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats(), m6.sub(1f));
            FloatVector n9 = (FloatVector) e5.convert(VectorOperators.I2F, 0);
            FloatVector z210 = z8.mul(z8);
            FloatVector low11 =
                    z8.fma(FloatVector.broadcast(S, -0x1.000226p-2f), FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector middle12 =
                    z8.fma(FloatVector.broadcast(S, -0x1.54728cp-3f), FloatVector.broadcast(S, 0x1.99a01cp-3f));
            FloatVector high13 =
                    z8.fma(FloatVector.broadcast(S, -0x1.0d8232p-3f), FloatVector.broadcast(S, 0x1.22d936p-3f));
            FloatVector top14 =
                    z8.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            FloatVector p15 = z210.fma(z210.fma(z210.fma(top14, high13), middle12), low11);
            FloatVector tail16 = n9.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z210.mul(z8.fma(p15, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced17 = n9.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail16.add(z8));
            FloatVector logOfSum18 = logReduced17;
            FloatVector y19 = logOfSum18;
            VectorMask<Float> ordinary20 =
                    s.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).and(s.compare(VectorOperators.NE, 0f));
            FloatVector log1p21 = s.blend(y19, ordinary20)
                    .blend(Float.NaN, s.compare(VectorOperators.LT, -1f))
                    .blend(Float.NEGATIVE_INFINITY, s.compare(VectorOperators.EQ, -1f));
            FloatVector sy = log1p21;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            log1p(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** log(1 + e^x) within 2 ulp, also where it is close to zero. */
    static void softplus(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector positive1 = s.blend(0f, s.compare(VectorOperators.LT, 0f));
            FloatVector t2 = s.abs().neg();
            FloatVector x3 = t2.blend(-110f, t2.compare(VectorOperators.LT, -110f));
            FloatVector lost4 = FloatVector.broadcast(S, 0f);
            FloatVector k5 = x3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n6 = k5.sub(0x1.8p23f);
            FloatVector r7 = n6.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n6.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x3).sub(lost4));
            FloatVector r28 = r7.mul(r7);
            FloatVector low9 =
                    r7.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high10 =
                    r7.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high10 = r28.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high10);
            FloatVector expReduced11 = r28.fma(r28.fma(high10, low9), r7).add(1f);
            FloatVector p12 = expReduced11;
            VectorMask<Float> low13 = x3.compare(VectorOperators.LT, -86f);
            FloatVector k14 = k5.add(64f, low13);
            IntVector n15 = k14.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled16 = p12.reinterpretAsInts().add(n15).reinterpretAsFloats();
            FloatVector expNegative17 = scaled16.mul(0x1p-64f, low13);
            FloatVector expOfMinusAbs18 = expNegative17;
            FloatVector s19 = expOfMinusAbs18.div(expOfMinusAbs18.add(2f));
            FloatVector z20 = s19.mul(s19);
            FloatVector z221 = z20.mul(z20);
            FloatVector q22 = z221.fma(
                    FloatVector.broadcast(S, 0x1.f08b0cp-3f),
                    z20.fma(FloatVector.broadcast(S, 0x1.b72bb6p-3f), FloatVector.broadcast(S, 0x1.25051p-2f)));
            q22 = z221.fma(
                    q22, z20.fma(FloatVector.broadcast(S, 0x1.9996d8p-2f), FloatVector.broadcast(S, 0x1.555558p-1f)));
            FloatVector log1pUnit23 = s19.neg().fma(expOfMinusAbs18.sub(z20.mul(q22)), expOfMinusAbs18);
            FloatVector softplus24 = positive1.add(log1pUnit23);
            FloatVector sy = softplus24;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            softplus(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** -log(1 + e^-x) within 2 ulp. */
    static void logSigmoid(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector negative1 = s.blend(0f, s.compare(VectorOperators.GT, 0f));
            FloatVector t2 = s.abs().neg();
            FloatVector x3 = t2.blend(-110f, t2.compare(VectorOperators.LT, -110f));
            FloatVector lost4 = FloatVector.broadcast(S, 0f);
            FloatVector k5 = x3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n6 = k5.sub(0x1.8p23f);
            FloatVector r7 = n6.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n6.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x3).sub(lost4));
            FloatVector r28 = r7.mul(r7);
            FloatVector low9 =
                    r7.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high10 =
                    r7.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high10 = r28.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high10);
            FloatVector expReduced11 = r28.fma(r28.fma(high10, low9), r7).add(1f);
            FloatVector p12 = expReduced11;
            VectorMask<Float> low13 = x3.compare(VectorOperators.LT, -86f);
            FloatVector k14 = k5.add(64f, low13);
            IntVector n15 = k14.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled16 = p12.reinterpretAsInts().add(n15).reinterpretAsFloats();
            FloatVector expNegative17 = scaled16.mul(0x1p-64f, low13);
            FloatVector expOfMinusAbs18 = expNegative17;
            FloatVector s19 = expOfMinusAbs18.div(expOfMinusAbs18.add(2f));
            FloatVector z20 = s19.mul(s19);
            FloatVector z221 = z20.mul(z20);
            FloatVector q22 = z221.fma(
                    FloatVector.broadcast(S, 0x1.f08b0cp-3f),
                    z20.fma(FloatVector.broadcast(S, 0x1.b72bb6p-3f), FloatVector.broadcast(S, 0x1.25051p-2f)));
            q22 = z221.fma(
                    q22, z20.fma(FloatVector.broadcast(S, 0x1.9996d8p-2f), FloatVector.broadcast(S, 0x1.555558p-1f)));
            FloatVector log1pUnit23 = s19.neg().fma(expOfMinusAbs18.sub(z20.mul(q22)), expOfMinusAbs18);
            FloatVector logSigmoid24 = negative1.sub(log1pUnit23);
            FloatVector sy = logSigmoid24;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            logSigmoid(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
