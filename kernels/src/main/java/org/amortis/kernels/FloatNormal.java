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
final class FloatNormal {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatNormal() {}

    /** Logarithm of the normal distribution function within 5 ulp. */
    static void logNormalCdf(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            VectorMask<Float> below1 = s.compare(VectorOperators.LT, 0f);
            FloatVector z2 = s.abs();
            z2 = z2.blend(0x1p30f, z2.compare(VectorOperators.GT, 0x1p30f));
            FloatVector t3 = z2.sub(3f).div(z2.add(3f));
            FloatVector t24 = t3.mul(t3);
            FloatVector t45 = t24.mul(t24);
            FloatVector a6 =
                    t3.fma(FloatVector.broadcast(S, -0x1.0d3abcp-6f), FloatVector.broadcast(S, -0x1.8b5f9ep-4f));
            FloatVector b7 =
                    t3.fma(FloatVector.broadcast(S, -0x1.7454aep-6f), FloatVector.broadcast(S, 0x1.71fa7cp-5f));
            FloatVector c8 =
                    t3.fma(FloatVector.broadcast(S, 0x1.87b584p-9f), FloatVector.broadcast(S, 0x1.3132ecp-10f));
            FloatVector d9 =
                    t3.fma(FloatVector.broadcast(S, -0x1.f2dffep-12f), FloatVector.broadcast(S, -0x1.7f6384p-12f));
            FloatVector e10 =
                    t3.fma(FloatVector.broadcast(S, 0x1.fa3362p-15f), FloatVector.broadcast(S, 0x1.2cf27ep-15f));
            FloatVector r11 = t45.fma(t24.fma(t24.fma(e10, d9), c8), t24.fma(b7, a6));
            FloatVector tail12 = t3.fma(r11, FloatVector.broadcast(S, 0x1.f1b89cp-2f));
            FloatVector m13 = tail12.div(z2.add(1f));
            FloatVector u14 = z2.blend(15f, z2.compare(VectorOperators.GT, 15f));
            FloatVector s15 = u14.mul(u14);
            FloatVector x16 = s15.mul(-0.5f);
            FloatVector lost17 = u14.fma(u14, s15.neg()).mul(0.5f);
            FloatVector k18 = x16.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n19 = k18.sub(0x1.8p23f);
            FloatVector r20 = n19.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n19.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x16).sub(lost17));
            FloatVector r221 = r20.mul(r20);
            FloatVector low22 =
                    r20.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high23 =
                    r20.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high23 = r221.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high23);
            FloatVector expReduced24 = r221.fma(r221.fma(high23, low22), r20).add(1f);
            FloatVector p25 = expReduced24;
            VectorMask<Float> low26 = x16.compare(VectorOperators.LT, -86f);
            FloatVector k27 = k18.add(64f, low26);
            IntVector n28 = k27.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled29 = p25.reinterpretAsInts().add(n28).reinterpretAsFloats();
            FloatVector expNegative30 = scaled29.mul(0x1p-64f, low26);
            FloatVector q31 = m13.mul(expNegative30);
            FloatVector one32 = FloatVector.broadcast(S, 1f).sub(q31);
            FloatVector w33 = one32.blend(m13, below1);
            FloatVector lost34 =
                    FloatVector.broadcast(S, 1f).sub(one32).sub(q31).blend(0f, below1);
            FloatVector square35 = s.mul(s.mul(-0.5f));
            IntVector bits36 = w33.reinterpretAsInts();
            IntVector e37 = bits36.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector m38 = bits36.sub(e37.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            IntVector e39 = e37.min(126).neg();
            FloatVector z40 =
                    lost34.fma(e39.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats(), m38.sub(1f));
            FloatVector n41 = (FloatVector) e37.convert(VectorOperators.I2F, 0);
            FloatVector z242 = z40.mul(z40);
            FloatVector low43 =
                    z40.fma(FloatVector.broadcast(S, -0x1.000226p-2f), FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector middle44 =
                    z40.fma(FloatVector.broadcast(S, -0x1.54728cp-3f), FloatVector.broadcast(S, 0x1.99a01cp-3f));
            FloatVector high45 =
                    z40.fma(FloatVector.broadcast(S, -0x1.0d8232p-3f), FloatVector.broadcast(S, 0x1.22d936p-3f));
            FloatVector top46 =
                    z40.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            FloatVector p47 = z242.fma(z242.fma(z242.fma(top46, high45), middle44), low43);
            FloatVector tail48 = n41.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z242.mul(z40.fma(p47, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced49 = n41.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail48.add(z40));
            FloatVector logOfSum50 = logReduced49;
            FloatVector y51 = logOfSum50.add(FloatVector.broadcast(S, 0f).blend(square35, below1));
            y51 = y51.blend(s, s.compare(VectorOperators.NE, s));
            FloatVector logNormalCdf52 = y51.reinterpretAsInts().or(0x80000000).reinterpretAsFloats();
            FloatVector sy = logNormalCdf52;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            logNormalCdf(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** Normal density over distribution function within 5 ulp; -x far below. */
    static void inverseMills(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            VectorMask<Float> below1 = s.compare(VectorOperators.LT, 0f);
            FloatVector z2 = s.abs();
            z2 = z2.blend(0x1p30f, z2.compare(VectorOperators.GT, 0x1p30f));
            FloatVector t3 = z2.sub(3f).div(z2.add(3f));
            FloatVector t24 = t3.mul(t3);
            FloatVector t45 = t24.mul(t24);
            FloatVector a6 =
                    t3.fma(FloatVector.broadcast(S, -0x1.0d3abcp-6f), FloatVector.broadcast(S, -0x1.8b5f9ep-4f));
            FloatVector b7 =
                    t3.fma(FloatVector.broadcast(S, -0x1.7454aep-6f), FloatVector.broadcast(S, 0x1.71fa7cp-5f));
            FloatVector c8 =
                    t3.fma(FloatVector.broadcast(S, 0x1.87b584p-9f), FloatVector.broadcast(S, 0x1.3132ecp-10f));
            FloatVector d9 =
                    t3.fma(FloatVector.broadcast(S, -0x1.f2dffep-12f), FloatVector.broadcast(S, -0x1.7f6384p-12f));
            FloatVector e10 =
                    t3.fma(FloatVector.broadcast(S, 0x1.fa3362p-15f), FloatVector.broadcast(S, 0x1.2cf27ep-15f));
            FloatVector r11 = t45.fma(t24.fma(t24.fma(e10, d9), c8), t24.fma(b7, a6));
            FloatVector tail12 = t3.fma(r11, FloatVector.broadcast(S, 0x1.f1b89cp-2f));
            FloatVector m13 = tail12.div(z2.add(1f));
            FloatVector u14 = z2.blend(15f, z2.compare(VectorOperators.GT, 15f));
            FloatVector s15 = u14.mul(u14);
            FloatVector x16 = s15.mul(-0.5f);
            FloatVector lost17 = u14.fma(u14, s15.neg()).mul(0.5f);
            FloatVector k18 = x16.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n19 = k18.sub(0x1.8p23f);
            FloatVector r20 = n19.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n19.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x16).sub(lost17));
            FloatVector r221 = r20.mul(r20);
            FloatVector low22 =
                    r20.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high23 =
                    r20.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high23 = r221.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high23);
            FloatVector expReduced24 = r221.fma(r221.fma(high23, low22), r20).add(1f);
            FloatVector p25 = expReduced24;
            VectorMask<Float> low26 = x16.compare(VectorOperators.LT, -86f);
            FloatVector k27 = k18.add(64f, low26);
            IntVector n28 = k27.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled29 = p25.reinterpretAsInts().add(n28).reinterpretAsFloats();
            FloatVector expNegative30 = scaled29.mul(0x1p-64f, low26);
            FloatVector e31 = expNegative30;
            FloatVector top32 = e31.blend(1f, below1).mul(0x1.988454p-2f);
            FloatVector y33 =
                    top32.div(FloatVector.broadcast(S, 1f).sub(m13.mul(e31)).blend(m13, below1));
            y33 = y33.blend(s.neg(), s.compare(VectorOperators.LT, -0x1p14f));
            FloatVector inverseMills34 = y33.blend(s, s.compare(VectorOperators.NE, s));
            FloatVector sy = inverseMills34;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            inverseMills(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
