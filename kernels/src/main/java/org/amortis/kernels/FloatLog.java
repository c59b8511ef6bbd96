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
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMask<Float> tiny1 = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits2 = v.blend(v.mul(0x1p23f), tiny1).reinterpretAsInts();
            IntVector e3 = bits2.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z4 = bits2.sub(e3.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n5 = (FloatVector) e3.convert(VectorOperators.I2F, 0);
            FloatVector n6 = n5.blend(n5.sub(23f), tiny1);
            FloatVector p7 = z4.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p7 = p7.fma(z4, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p7 = p7.fma(z4, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p7 = p7.fma(z4, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p7 = p7.fma(z4, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p7 = p7.fma(z4, FloatVector.broadcast(S, -0x1.000226p-2f));
            p7 = p7.fma(z4, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z28 = z4.mul(z4);
            FloatVector tail9 = n6.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z28.mul(z4.fma(p7, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced10 = n6.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail9.add(z4));
            FloatVector y11 = logReduced10;
            VectorMask<Float> ordinary12 =
                    v.compare(VectorOperators.GT, 0f).and(v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special13 = v.blend(Float.NaN, v.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
            FloatVector log14 = special13.blend(y11, ordinary12);
            log14.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            VectorMask<Float> tiny15 = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits16 = v.blend(v.mul(0x1p23f), tiny15).reinterpretAsInts();
            IntVector e17 = bits16.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z18 = bits16.sub(e17.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n19 = (FloatVector) e17.convert(VectorOperators.I2F, 0);
            FloatVector n20 = n19.blend(n19.sub(23f), tiny15);
            FloatVector p21 =
                    z18.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p21 = p21.fma(z18, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p21 = p21.fma(z18, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p21 = p21.fma(z18, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p21 = p21.fma(z18, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p21 = p21.fma(z18, FloatVector.broadcast(S, -0x1.000226p-2f));
            p21 = p21.fma(z18, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z222 = z18.mul(z18);
            FloatVector tail23 = n20.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z222.mul(z18.fma(p21, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced24 = n20.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail23.add(z18));
            FloatVector y25 = logReduced24;
            VectorMask<Float> ordinary26 =
                    v.compare(VectorOperators.GT, 0f).and(v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special27 = v.blend(Float.NaN, v.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
            FloatVector log28 = special27.blend(y25, ordinary26);
            log28.intoArray(y, yo + i, m);
        }
    }

    /** log(1 + x) within 2 ulp. */
    static void log1p(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector w1 = v.add(1f);
            FloatVector back2 = w1.sub(v);
            FloatVector lost3 =
                    v.sub(w1.sub(back2)).add(FloatVector.broadcast(S, 1f).sub(back2));
            IntVector bits4 = w1.reinterpretAsInts();
            IntVector e5 = bits4.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector m6 = bits4.sub(e5.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            IntVector e7 = e5.min(126).neg();
            FloatVector z8 =
                    lost3.fma(e7.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats(), m6.sub(1f));
            FloatVector n9 = (FloatVector) e5.convert(VectorOperators.I2F, 0);
            FloatVector p10 =
                    z8.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p10 = p10.fma(z8, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p10 = p10.fma(z8, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p10 = p10.fma(z8, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p10 = p10.fma(z8, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p10 = p10.fma(z8, FloatVector.broadcast(S, -0x1.000226p-2f));
            p10 = p10.fma(z8, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z211 = z8.mul(z8);
            FloatVector tail12 = n9.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z211.mul(z8.fma(p10, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced13 = n9.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail12.add(z8));
            FloatVector logOfSum14 = logReduced13;
            FloatVector y15 = logOfSum14;
            VectorMask<Float> ordinary16 = v.compare(VectorOperators.GT, -1f)
                    .and(v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .and(v.compare(VectorOperators.NE, 0f));
            FloatVector special17 = v.blend(Float.NaN, v.compare(VectorOperators.LT, -1f))
                    .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, -1f));
            FloatVector log1p18 = special17.blend(y15, ordinary16);
            log1p18.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector w19 = v.add(1f);
            FloatVector back20 = w19.sub(v);
            FloatVector lost21 =
                    v.sub(w19.sub(back20)).add(FloatVector.broadcast(S, 1f).sub(back20));
            IntVector bits22 = w19.reinterpretAsInts();
            IntVector e23 = bits22.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector m24 = bits22.sub(e23.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            IntVector e25 = e23.min(126).neg();
            FloatVector z26 =
                    lost21.fma(e25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats(), m24.sub(1f));
            FloatVector n27 = (FloatVector) e23.convert(VectorOperators.I2F, 0);
            FloatVector p28 =
                    z26.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p28 = p28.fma(z26, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p28 = p28.fma(z26, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p28 = p28.fma(z26, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p28 = p28.fma(z26, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p28 = p28.fma(z26, FloatVector.broadcast(S, -0x1.000226p-2f));
            p28 = p28.fma(z26, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z229 = z26.mul(z26);
            FloatVector tail30 = n27.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z229.mul(z26.fma(p28, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced31 = n27.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail30.add(z26));
            FloatVector logOfSum32 = logReduced31;
            FloatVector y33 = logOfSum32;
            VectorMask<Float> ordinary34 = v.compare(VectorOperators.GT, -1f)
                    .and(v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .and(v.compare(VectorOperators.NE, 0f));
            FloatVector special35 = v.blend(Float.NaN, v.compare(VectorOperators.LT, -1f))
                    .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, -1f));
            FloatVector log1p36 = special35.blend(y33, ordinary34);
            log1p36.intoArray(y, yo + i, m);
        }
    }

    /** log(1 + e^x) within 2 ulp, also where it is close to zero. */
    static void softplus(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector positive1 = v.blend(0f, v.compare(VectorOperators.LT, 0f));
            FloatVector x2 = v.abs().neg();
            FloatVector t3 = x2.blend(89f, x2.compare(VectorOperators.GT, 89f));
            t3 = t3.blend(-104f, t3.compare(VectorOperators.LT, -104f));
            FloatVector k4 = t3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n5 = k4.sub(0x1.8p23f);
            FloatVector r6 = n5.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n5.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t3));
            FloatVector p7 =
                    r6.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p7 = p7.fma(r6, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p7 = p7.fma(r6, FloatVector.broadcast(S, 0x1.555492p-3f));
            p7 = p7.fma(r6, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p7 = r6.mul(r6).fma(p7, r6).add(1f);
            IntVector e8 = k4.reinterpretAsInts().sub(0x4b400000);
            IntVector half9 = e8.lanewise(VectorOperators.ASHR, 1);
            IntVector e10 = e8.sub(half9);
            FloatVector exp11 = p7.mul(
                            half9.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e10.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector s12 = exp11.div(exp11.add(2f));
            FloatVector z13 = s12.mul(s12);
            FloatVector q14 =
                    z13.fma(FloatVector.broadcast(S, 0x1.f08b0cp-3f), FloatVector.broadcast(S, 0x1.b72bb6p-3f));
            q14 = q14.fma(z13, FloatVector.broadcast(S, 0x1.25051p-2f));
            q14 = q14.fma(z13, FloatVector.broadcast(S, 0x1.9996d8p-2f));
            q14 = q14.fma(z13, FloatVector.broadcast(S, 0x1.555558p-1f));
            FloatVector log1pUnit15 = s12.neg().fma(exp11.sub(z13.mul(q14)), exp11);
            FloatVector softplus16 = positive1.add(log1pUnit15);
            softplus16.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector positive17 = v.blend(0f, v.compare(VectorOperators.LT, 0f));
            FloatVector x18 = v.abs().neg();
            FloatVector t19 = x18.blend(89f, x18.compare(VectorOperators.GT, 89f));
            t19 = t19.blend(-104f, t19.compare(VectorOperators.LT, -104f));
            FloatVector k20 = t19.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n21 = k20.sub(0x1.8p23f);
            FloatVector r22 = n21.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n21.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t19));
            FloatVector p23 =
                    r22.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p23 = p23.fma(r22, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p23 = p23.fma(r22, FloatVector.broadcast(S, 0x1.555492p-3f));
            p23 = p23.fma(r22, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p23 = r22.mul(r22).fma(p23, r22).add(1f);
            IntVector e24 = k20.reinterpretAsInts().sub(0x4b400000);
            IntVector half25 = e24.lanewise(VectorOperators.ASHR, 1);
            IntVector e26 = e24.sub(half25);
            FloatVector exp27 = p23.mul(
                            half25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e26.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector s28 = exp27.div(exp27.add(2f));
            FloatVector z29 = s28.mul(s28);
            FloatVector q30 =
                    z29.fma(FloatVector.broadcast(S, 0x1.f08b0cp-3f), FloatVector.broadcast(S, 0x1.b72bb6p-3f));
            q30 = q30.fma(z29, FloatVector.broadcast(S, 0x1.25051p-2f));
            q30 = q30.fma(z29, FloatVector.broadcast(S, 0x1.9996d8p-2f));
            q30 = q30.fma(z29, FloatVector.broadcast(S, 0x1.555558p-1f));
            FloatVector log1pUnit31 = s28.neg().fma(exp27.sub(z29.mul(q30)), exp27);
            FloatVector softplus32 = positive17.add(log1pUnit31);
            softplus32.intoArray(y, yo + i, m);
        }
    }

    /** -log(1 + e^-x) within 2 ulp. */
    static void logSigmoid(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector negative1 = v.blend(0f, v.compare(VectorOperators.GT, 0f));
            FloatVector x2 = v.abs().neg();
            FloatVector t3 = x2.blend(89f, x2.compare(VectorOperators.GT, 89f));
            t3 = t3.blend(-104f, t3.compare(VectorOperators.LT, -104f));
            FloatVector k4 = t3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n5 = k4.sub(0x1.8p23f);
            FloatVector r6 = n5.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n5.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t3));
            FloatVector p7 =
                    r6.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p7 = p7.fma(r6, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p7 = p7.fma(r6, FloatVector.broadcast(S, 0x1.555492p-3f));
            p7 = p7.fma(r6, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p7 = r6.mul(r6).fma(p7, r6).add(1f);
            IntVector e8 = k4.reinterpretAsInts().sub(0x4b400000);
            IntVector half9 = e8.lanewise(VectorOperators.ASHR, 1);
            IntVector e10 = e8.sub(half9);
            FloatVector exp11 = p7.mul(
                            half9.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e10.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector s12 = exp11.div(exp11.add(2f));
            FloatVector z13 = s12.mul(s12);
            FloatVector q14 =
                    z13.fma(FloatVector.broadcast(S, 0x1.f08b0cp-3f), FloatVector.broadcast(S, 0x1.b72bb6p-3f));
            q14 = q14.fma(z13, FloatVector.broadcast(S, 0x1.25051p-2f));
            q14 = q14.fma(z13, FloatVector.broadcast(S, 0x1.9996d8p-2f));
            q14 = q14.fma(z13, FloatVector.broadcast(S, 0x1.555558p-1f));
            FloatVector log1pUnit15 = s12.neg().fma(exp11.sub(z13.mul(q14)), exp11);
            FloatVector logSigmoid16 = negative1.sub(log1pUnit15);
            logSigmoid16.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector negative17 = v.blend(0f, v.compare(VectorOperators.GT, 0f));
            FloatVector x18 = v.abs().neg();
            FloatVector t19 = x18.blend(89f, x18.compare(VectorOperators.GT, 89f));
            t19 = t19.blend(-104f, t19.compare(VectorOperators.LT, -104f));
            FloatVector k20 = t19.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n21 = k20.sub(0x1.8p23f);
            FloatVector r22 = n21.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n21.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t19));
            FloatVector p23 =
                    r22.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p23 = p23.fma(r22, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p23 = p23.fma(r22, FloatVector.broadcast(S, 0x1.555492p-3f));
            p23 = p23.fma(r22, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p23 = r22.mul(r22).fma(p23, r22).add(1f);
            IntVector e24 = k20.reinterpretAsInts().sub(0x4b400000);
            IntVector half25 = e24.lanewise(VectorOperators.ASHR, 1);
            IntVector e26 = e24.sub(half25);
            FloatVector exp27 = p23.mul(
                            half25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e26.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector s28 = exp27.div(exp27.add(2f));
            FloatVector z29 = s28.mul(s28);
            FloatVector q30 =
                    z29.fma(FloatVector.broadcast(S, 0x1.f08b0cp-3f), FloatVector.broadcast(S, 0x1.b72bb6p-3f));
            q30 = q30.fma(z29, FloatVector.broadcast(S, 0x1.25051p-2f));
            q30 = q30.fma(z29, FloatVector.broadcast(S, 0x1.9996d8p-2f));
            q30 = q30.fma(z29, FloatVector.broadcast(S, 0x1.555558p-1f));
            FloatVector log1pUnit31 = s28.neg().fma(exp27.sub(z29.mul(q30)), exp27);
            FloatVector logSigmoid32 = negative17.sub(log1pUnit31);
            logSigmoid32.intoArray(y, yo + i, m);
        }
    }
}
