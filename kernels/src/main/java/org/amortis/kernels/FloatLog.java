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

    /** log(1 + e^x) within 2.25 ulp, also where it is close to zero. */
    static void softplus(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector positive1 = s.blend(0f, s.compare(VectorOperators.LT, 0f));
            IntVector bits2 =
                    s.reinterpretAsInts().and(~0x80000000).min(0x42dc0000).or(0x80000000);
            FloatVector t3 = bits2.reinterpretAsFloats();
            FloatVector k4 = t3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n5 = k4.sub(0x1.8p23f);
            FloatVector r6 = n5.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n5.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t3));
            FloatVector r27 = r6.mul(r6);
            FloatVector low8 =
                    r6.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high9 =
                    r6.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high9 = r27.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high9);
            FloatVector expReduced10 = r27.fma(r27.fma(high9, low8), r6).add(1f);
            FloatVector p11 = expReduced10;
            VectorMask<Float> low12 = t3.compare(VectorOperators.LT, -86f);
            FloatVector k13 = k4.add(64f, low12);
            IntVector n14 = k13.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled15 = p11.reinterpretAsInts().add(n14).reinterpretAsFloats();
            FloatVector expOfMinusAbs16 = scaled15.mul(0x1p-64f, low12);
            FloatVector u217 = expOfMinusAbs16.mul(expOfMinusAbs16);
            FloatVector u418 = u217.mul(u217);
            FloatVector a19 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.5553b6p-2f), FloatVector.broadcast(S, -0x1.fffff8p-2f));
            FloatVector b20 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.978b56p-3f), FloatVector.broadcast(S, -0x1.ffc59ep-3f));
            FloatVector c21 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.ff2976p-4f), FloatVector.broadcast(S, -0x1.4a72c6p-3f));
            FloatVector d22 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.5901fap-5f), FloatVector.broadcast(S, -0x1.54f2aap-4f));
            FloatVector e23 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.113bd4p-9f), FloatVector.broadcast(S, -0x1.c0a82p-7f));
            FloatVector high24 = u418.fma(e23, u217.fma(d22, c21));
            FloatVector log1pUnit25 = u217.fma(u418.fma(high24, u217.fma(b20, a19)), expOfMinusAbs16);
            FloatVector softplus26 = positive1.add(log1pUnit25);
            FloatVector sy = softplus26;
            FloatVector positive27 = t.blend(0f, t.compare(VectorOperators.LT, 0f));
            IntVector bits28 =
                    t.reinterpretAsInts().and(~0x80000000).min(0x42dc0000).or(0x80000000);
            FloatVector t29 = bits28.reinterpretAsFloats();
            FloatVector k30 = t29.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n31 = k30.sub(0x1.8p23f);
            FloatVector r32 = n31.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n31.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t29));
            FloatVector r233 = r32.mul(r32);
            FloatVector low34 =
                    r32.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high35 =
                    r32.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high35 = r233.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high35);
            FloatVector expReduced36 = r233.fma(r233.fma(high35, low34), r32).add(1f);
            FloatVector p37 = expReduced36;
            VectorMask<Float> low38 = t29.compare(VectorOperators.LT, -86f);
            FloatVector k39 = k30.add(64f, low38);
            IntVector n40 = k39.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled41 = p37.reinterpretAsInts().add(n40).reinterpretAsFloats();
            FloatVector expOfMinusAbs42 = scaled41.mul(0x1p-64f, low38);
            FloatVector u243 = expOfMinusAbs42.mul(expOfMinusAbs42);
            FloatVector u444 = u243.mul(u243);
            FloatVector a45 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.5553b6p-2f), FloatVector.broadcast(S, -0x1.fffff8p-2f));
            FloatVector b46 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.978b56p-3f), FloatVector.broadcast(S, -0x1.ffc59ep-3f));
            FloatVector c47 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.ff2976p-4f), FloatVector.broadcast(S, -0x1.4a72c6p-3f));
            FloatVector d48 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.5901fap-5f), FloatVector.broadcast(S, -0x1.54f2aap-4f));
            FloatVector e49 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.113bd4p-9f), FloatVector.broadcast(S, -0x1.c0a82p-7f));
            FloatVector high50 = u444.fma(e49, u243.fma(d48, c47));
            FloatVector log1pUnit51 = u243.fma(u444.fma(high50, u243.fma(b46, a45)), expOfMinusAbs42);
            FloatVector softplus52 = positive27.add(log1pUnit51);
            FloatVector ty = softplus52;
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            softplus(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** -log(1 + e^-x) within 2.25 ulp. */
    static void logSigmoid(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector negative1 = s.blend(0f, s.compare(VectorOperators.GT, 0f));
            IntVector bits2 =
                    s.reinterpretAsInts().and(~0x80000000).min(0x42dc0000).or(0x80000000);
            FloatVector t3 = bits2.reinterpretAsFloats();
            FloatVector k4 = t3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n5 = k4.sub(0x1.8p23f);
            FloatVector r6 = n5.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n5.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t3));
            FloatVector r27 = r6.mul(r6);
            FloatVector low8 =
                    r6.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high9 =
                    r6.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high9 = r27.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high9);
            FloatVector expReduced10 = r27.fma(r27.fma(high9, low8), r6).add(1f);
            FloatVector p11 = expReduced10;
            VectorMask<Float> low12 = t3.compare(VectorOperators.LT, -86f);
            FloatVector k13 = k4.add(64f, low12);
            IntVector n14 = k13.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled15 = p11.reinterpretAsInts().add(n14).reinterpretAsFloats();
            FloatVector expOfMinusAbs16 = scaled15.mul(0x1p-64f, low12);
            FloatVector u217 = expOfMinusAbs16.mul(expOfMinusAbs16);
            FloatVector u418 = u217.mul(u217);
            FloatVector a19 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.5553b6p-2f), FloatVector.broadcast(S, -0x1.fffff8p-2f));
            FloatVector b20 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.978b56p-3f), FloatVector.broadcast(S, -0x1.ffc59ep-3f));
            FloatVector c21 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.ff2976p-4f), FloatVector.broadcast(S, -0x1.4a72c6p-3f));
            FloatVector d22 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.5901fap-5f), FloatVector.broadcast(S, -0x1.54f2aap-4f));
            FloatVector e23 = expOfMinusAbs16.fma(
                    FloatVector.broadcast(S, 0x1.113bd4p-9f), FloatVector.broadcast(S, -0x1.c0a82p-7f));
            FloatVector high24 = u418.fma(e23, u217.fma(d22, c21));
            FloatVector log1pUnit25 = u217.fma(u418.fma(high24, u217.fma(b20, a19)), expOfMinusAbs16);
            FloatVector logSigmoid26 = negative1.sub(log1pUnit25);
            FloatVector sy = logSigmoid26;
            FloatVector negative27 = t.blend(0f, t.compare(VectorOperators.GT, 0f));
            IntVector bits28 =
                    t.reinterpretAsInts().and(~0x80000000).min(0x42dc0000).or(0x80000000);
            FloatVector t29 = bits28.reinterpretAsFloats();
            FloatVector k30 = t29.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n31 = k30.sub(0x1.8p23f);
            FloatVector r32 = n31.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n31.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t29));
            FloatVector r233 = r32.mul(r32);
            FloatVector low34 =
                    r32.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high35 =
                    r32.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high35 = r233.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high35);
            FloatVector expReduced36 = r233.fma(r233.fma(high35, low34), r32).add(1f);
            FloatVector p37 = expReduced36;
            VectorMask<Float> low38 = t29.compare(VectorOperators.LT, -86f);
            FloatVector k39 = k30.add(64f, low38);
            IntVector n40 = k39.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled41 = p37.reinterpretAsInts().add(n40).reinterpretAsFloats();
            FloatVector expOfMinusAbs42 = scaled41.mul(0x1p-64f, low38);
            FloatVector u243 = expOfMinusAbs42.mul(expOfMinusAbs42);
            FloatVector u444 = u243.mul(u243);
            FloatVector a45 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.5553b6p-2f), FloatVector.broadcast(S, -0x1.fffff8p-2f));
            FloatVector b46 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.978b56p-3f), FloatVector.broadcast(S, -0x1.ffc59ep-3f));
            FloatVector c47 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.ff2976p-4f), FloatVector.broadcast(S, -0x1.4a72c6p-3f));
            FloatVector d48 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.5901fap-5f), FloatVector.broadcast(S, -0x1.54f2aap-4f));
            FloatVector e49 = expOfMinusAbs42.fma(
                    FloatVector.broadcast(S, 0x1.113bd4p-9f), FloatVector.broadcast(S, -0x1.c0a82p-7f));
            FloatVector high50 = u444.fma(e49, u243.fma(d48, c47));
            FloatVector log1pUnit51 = u243.fma(u444.fma(high50, u243.fma(b46, a45)), expOfMinusAbs42);
            FloatVector logSigmoid52 = negative27.sub(log1pUnit51);
            FloatVector ty = logSigmoid52;
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            logSigmoid(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
