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
final class FloatErf {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatErf() {}

    /** x times the normal distribution function of x, within 5 ulp; -0 far below, NaN at minus infinity. */
    static void gelu(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector z1 = s.abs();
            z1 = z1.blend(15f, z1.compare(VectorOperators.GT, 15f));
            FloatVector s2 = z1.mul(z1);
            FloatVector lost3 = z1.fma(z1, s2.neg());
            FloatVector t4 = z1.sub(3f).div(z1.add(3f));
            FloatVector t25 = t4.mul(t4);
            FloatVector t46 = t25.mul(t25);
            FloatVector a7 =
                    t4.fma(FloatVector.broadcast(S, -0x1.0d3abcp-6f), FloatVector.broadcast(S, -0x1.8b5f9ep-4f));
            FloatVector b8 =
                    t4.fma(FloatVector.broadcast(S, -0x1.7454aep-6f), FloatVector.broadcast(S, 0x1.71fa7cp-5f));
            FloatVector c9 =
                    t4.fma(FloatVector.broadcast(S, 0x1.87b584p-9f), FloatVector.broadcast(S, 0x1.3132ecp-10f));
            FloatVector d10 =
                    t4.fma(FloatVector.broadcast(S, -0x1.f2dffep-12f), FloatVector.broadcast(S, -0x1.7f6384p-12f));
            FloatVector e11 =
                    t4.fma(FloatVector.broadcast(S, 0x1.fa3362p-15f), FloatVector.broadcast(S, 0x1.2cf27ep-15f));
            FloatVector r12 = t46.fma(t25.fma(t25.fma(e11, d10), c9), t25.fma(b8, a7));
            FloatVector tail13 = t4.fma(r12, FloatVector.broadcast(S, 0x1.f1b89cp-2f));
            FloatVector x14 = s2.mul(-0.5f);
            FloatVector lost15 = lost3.mul(0.5f);
            FloatVector k16 = x14.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n17 = k16.sub(0x1.8p23f);
            FloatVector r18 = n17.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n17.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x14).sub(lost15));
            FloatVector r219 = r18.mul(r18);
            FloatVector low20 =
                    r18.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high21 =
                    r18.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high21 = r219.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high21);
            FloatVector expReduced22 = r219.fma(r219.fma(high21, low20), r18).add(1f);
            FloatVector p23 = expReduced22;
            VectorMask<Float> low24 = x14.compare(VectorOperators.LT, -86f);
            FloatVector k25 = k16.add(64f, low24);
            IntVector n26 = k25.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled27 = p23.reinterpretAsInts().add(n26).reinterpretAsFloats();
            FloatVector expNegative28 = scaled27.mul(0x1p-64f, low24);
            FloatVector normalTail29 = tail13.div(z1.add(1f)).mul(expNegative28);
            FloatVector q30 = normalTail29;
            FloatVector gelu31 =
                    s.mul(FloatVector.broadcast(S, 1f).sub(q30).blend(q30, s.compare(VectorOperators.LT, 0f)));
            FloatVector sy = gelu31;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            gelu(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** The error function within 1.5 ulp: odd polynomial below 0.925, one minus an exponential above. */
    static void erf(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector a1 = s.abs();
            FloatVector t2 = a1.blend(4f, a1.compare(VectorOperators.GT, 4f));
            FloatVector p3 =
                    t2.fma(FloatVector.broadcast(S, 0x1.c0c3a2p-13f), FloatVector.broadcast(S, -0x1.a564e2p-9f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, 0x1.7707e2p-6f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, -0x1.af273ap-4f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, -0x1.457cdap-1f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, -0x1.20e652p+0f));
            FloatVector x4 = t2.mul(p3);
            FloatVector k5 = x4.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n6 = k5.sub(0x1.8p23f);
            FloatVector r7 = n6.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n6.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x4));
            FloatVector r28 = r7.mul(r7);
            FloatVector low9 =
                    r7.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high10 =
                    r7.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high10 = r28.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high10);
            FloatVector expReduced11 = r28.fma(r28.fma(high10, low9), r7).add(1f);
            IntVector n12 = k5.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled13 = expReduced11.reinterpretAsInts().add(n12).reinterpretAsFloats();
            FloatVector expShort14 = scaled13;
            FloatVector magnitude15 = FloatVector.broadcast(S, 1f).sub(expShort14);
            IntVector s16 = s.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf17 =
                    magnitude15.reinterpretAsInts().and(~0x80000000).or(s16).reinterpretAsFloats();
            FloatVector far18 = withSignOf17;
            FloatVector z19 = s.mul(s);
            FloatVector q20 =
                    z19.fma(FloatVector.broadcast(S, 0x1.4f6766p-14f), FloatVector.broadcast(S, -0x1.a60a2ep-11f));
            q20 = q20.fma(z19, FloatVector.broadcast(S, 0x1.544a1ap-8f));
            q20 = q20.fma(z19, FloatVector.broadcast(S, -0x1.b8011ap-6f));
            q20 = q20.fma(z19, FloatVector.broadcast(S, 0x1.ce2d64p-4f));
            q20 = q20.fma(z19, FloatVector.broadcast(S, -0x1.81274p-2f));
            q20 = q20.fma(z19, FloatVector.broadcast(S, 0x1.06eba8p-3f));
            FloatVector erf21 = s.fma(q20, s).blend(far18, a1.compare(VectorOperators.GE, 0.925f));
            FloatVector sy = erf21;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            erf(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** Complement of the error function within 5 ulp, also where it is tiny. */
    static void erfc(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector a1 = s.abs();
            a1 = a1.blend(11f, a1.compare(VectorOperators.GT, 11f));
            FloatVector s2 = a1.mul(a1);
            FloatVector x3 = s2.neg();
            FloatVector lost4 = a1.fma(a1, s2.neg());
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
            FloatVector e18 = expNegative17;
            FloatVector z19 = a1.mul(0x1.6a09e6p+0f);
            FloatVector t20 = z19.sub(3f).div(z19.add(3f));
            FloatVector t221 = t20.mul(t20);
            FloatVector t422 = t221.mul(t221);
            FloatVector a23 =
                    t20.fma(FloatVector.broadcast(S, -0x1.0d3abcp-6f), FloatVector.broadcast(S, -0x1.8b5f9ep-4f));
            FloatVector b24 =
                    t20.fma(FloatVector.broadcast(S, -0x1.7454aep-6f), FloatVector.broadcast(S, 0x1.71fa7cp-5f));
            FloatVector c25 =
                    t20.fma(FloatVector.broadcast(S, 0x1.87b584p-9f), FloatVector.broadcast(S, 0x1.3132ecp-10f));
            FloatVector d26 =
                    t20.fma(FloatVector.broadcast(S, -0x1.f2dffep-12f), FloatVector.broadcast(S, -0x1.7f6384p-12f));
            FloatVector e27 =
                    t20.fma(FloatVector.broadcast(S, 0x1.fa3362p-15f), FloatVector.broadcast(S, 0x1.2cf27ep-15f));
            FloatVector r29 = t422.fma(t221.fma(t221.fma(e27, d26), c25), t221.fma(b24, a23));
            FloatVector tail30 = t20.fma(r29, FloatVector.broadcast(S, 0x1.f1b89cp-2f));
            FloatVector y31 = tail30.div(z19.add(1f)).mul(e18);
            y31 = y31.add(y31);
            FloatVector erfc32 = y31.blend(FloatVector.broadcast(S, 2f).sub(y31), s.compare(VectorOperators.LT, 0f));
            FloatVector sy = erfc32;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            erfc(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
