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
final class FloatExp {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatExp() {}

    /** e^x within 1.25 ulp, results below the normal range included. */
    static void exp(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector t1 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t1 = t1.blend(-104f, t1.compare(VectorOperators.LT, -104f));
            FloatVector k2 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1));
            FloatVector p5 =
                    r4.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.555492p-3f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p5 = r4.mul(r4).fma(p5, r4).add(1f);
            IntVector e6 = k2.reinterpretAsInts().sub(0x4b400000);
            IntVector half7 = e6.lanewise(VectorOperators.ASHR, 1);
            IntVector e8 = e6.sub(half7);
            FloatVector exp9 = p5.mul(
                            half7.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e8.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            exp9.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector t10 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t10 = t10.blend(-104f, t10.compare(VectorOperators.LT, -104f));
            FloatVector k11 = t10.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n12 = k11.sub(0x1.8p23f);
            FloatVector r13 = n12.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n12.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t10));
            FloatVector p14 =
                    r13.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.555492p-3f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p14 = r13.mul(r13).fma(p14, r13).add(1f);
            IntVector e15 = k11.reinterpretAsInts().sub(0x4b400000);
            IntVector half16 = e15.lanewise(VectorOperators.ASHR, 1);
            IntVector e17 = e15.sub(half16);
            FloatVector exp18 = p14.mul(
                            half16.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e17.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            exp18.intoArray(y, yo + i, m);
        }
    }

    /** e^x - 1 within 1.5 ulp. */
    static void expm1(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector t1 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t1 = t1.blend(-18f, t1.compare(VectorOperators.LT, -18f));
            FloatVector k2 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1));
            FloatVector p5 =
                    r4.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.1112d6p-7f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.5554f8p-5f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.555554p-3f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0.5f));
            FloatVector q6 = r4.mul(r4).fma(p5, r4);
            IntVector e7 = k2.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s8 = e7.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y9 = q6.fma(s8, s8.sub(0.5f));
            FloatVector expm110 = y9.add(y9).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-25f));
            expm110.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector t11 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t11 = t11.blend(-18f, t11.compare(VectorOperators.LT, -18f));
            FloatVector k12 = t11.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n13 = k12.sub(0x1.8p23f);
            FloatVector r14 = n13.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n13.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t11));
            FloatVector p15 =
                    r14.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0x1.1112d6p-7f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0x1.5554f8p-5f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0x1.555554p-3f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0.5f));
            FloatVector q16 = r14.mul(r14).fma(p15, r14);
            IntVector e17 = k12.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s18 = e17.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y19 = q16.fma(s18, s18.sub(0.5f));
            FloatVector expm120 = y19.add(y19).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-25f));
            expm120.intoArray(y, yo + i, m);
        }
    }

    /** tanh x within 3 ulp. */
    static void tanh(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector x1 = v.abs().mul(-2f);
            FloatVector t2 = x1.blend(89f, x1.compare(VectorOperators.GT, 89f));
            t2 = t2.blend(-18f, t2.compare(VectorOperators.LT, -18f));
            FloatVector k3 = t2.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n4 = k3.sub(0x1.8p23f);
            FloatVector r5 = n4.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n4.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t2));
            FloatVector p6 =
                    r5.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.1112d6p-7f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.5554f8p-5f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.555554p-3f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0.5f));
            FloatVector q7 = r5.mul(r5).fma(p6, r5);
            IntVector e8 = k3.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s9 = e8.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y10 = q7.fma(s9, s9.sub(0.5f));
            FloatVector expm111 = y10.add(y10).blend(x1, x1.abs().compare(VectorOperators.LT, 0x1p-25f));
            FloatVector e12 = expm111;
            FloatVector magnitude13 = e12.div(e12.add(2f));
            IntVector s14 = v.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf15 =
                    magnitude13.reinterpretAsInts().and(~0x80000000).or(s14).reinterpretAsFloats();
            FloatVector tanh16 = withSignOf15;
            tanh16.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector x17 = v.abs().mul(-2f);
            FloatVector t18 = x17.blend(89f, x17.compare(VectorOperators.GT, 89f));
            t18 = t18.blend(-18f, t18.compare(VectorOperators.LT, -18f));
            FloatVector k19 = t18.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n20 = k19.sub(0x1.8p23f);
            FloatVector r21 = n20.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n20.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t18));
            FloatVector p22 =
                    r21.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.1112d6p-7f));
            p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.5554f8p-5f));
            p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.555554p-3f));
            p22 = p22.fma(r21, FloatVector.broadcast(S, 0.5f));
            FloatVector q23 = r21.mul(r21).fma(p22, r21);
            IntVector e24 = k19.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s25 = e24.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y26 = q23.fma(s25, s25.sub(0.5f));
            FloatVector expm127 = y26.add(y26).blend(x17, x17.abs().compare(VectorOperators.LT, 0x1p-25f));
            FloatVector e28 = expm127;
            FloatVector magnitude29 = e28.div(e28.add(2f));
            IntVector s30 = v.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf31 =
                    magnitude29.reinterpretAsInts().and(~0x80000000).or(s30).reinterpretAsFloats();
            FloatVector tanh32 = withSignOf31;
            tanh32.intoArray(y, yo + i, m);
        }
    }

    /** 1 / (1 + e^-x) within 2.5 ulp; small results keep their relative accuracy. */
    static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector x1 = v.abs().neg();
            FloatVector t2 = x1.blend(89f, x1.compare(VectorOperators.GT, 89f));
            t2 = t2.blend(-104f, t2.compare(VectorOperators.LT, -104f));
            FloatVector k3 = t2.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n4 = k3.sub(0x1.8p23f);
            FloatVector r5 = n4.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n4.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t2));
            FloatVector p6 =
                    r5.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.555492p-3f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p6 = r5.mul(r5).fma(p6, r5).add(1f);
            IntVector e7 = k3.reinterpretAsInts().sub(0x4b400000);
            IntVector half8 = e7.lanewise(VectorOperators.ASHR, 1);
            IntVector e9 = e7.sub(half8);
            FloatVector exp10 = p6.mul(
                            half8.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e9.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e11 = exp10;
            FloatVector top12 = FloatVector.broadcast(S, 1f).blend(e11, v.compare(VectorOperators.LT, 0f));
            FloatVector sigmoid13 = top12.div(e11.add(1f));
            sigmoid13.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector x14 = v.abs().neg();
            FloatVector t15 = x14.blend(89f, x14.compare(VectorOperators.GT, 89f));
            t15 = t15.blend(-104f, t15.compare(VectorOperators.LT, -104f));
            FloatVector k16 = t15.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n17 = k16.sub(0x1.8p23f);
            FloatVector r18 = n17.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n17.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t15));
            FloatVector p19 =
                    r18.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p19 = p19.fma(r18, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p19 = p19.fma(r18, FloatVector.broadcast(S, 0x1.555492p-3f));
            p19 = p19.fma(r18, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p19 = r18.mul(r18).fma(p19, r18).add(1f);
            IntVector e20 = k16.reinterpretAsInts().sub(0x4b400000);
            IntVector half21 = e20.lanewise(VectorOperators.ASHR, 1);
            IntVector e22 = e20.sub(half21);
            FloatVector exp23 = p19.mul(
                            half21.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e22.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e24 = exp23;
            FloatVector top25 = FloatVector.broadcast(S, 1f).blend(e24, v.compare(VectorOperators.LT, 0f));
            FloatVector sigmoid26 = top25.div(e24.add(1f));
            sigmoid26.intoArray(y, yo + i, m);
        }
    }

    /** x for x above zero, a (e^x - 1) below, within 2 ulp. */
    static void elu(float[] x, int xo, float a, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector t1 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t1 = t1.blend(-18f, t1.compare(VectorOperators.LT, -18f));
            FloatVector k2 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1));
            FloatVector p5 =
                    r4.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.1112d6p-7f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.5554f8p-5f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.555554p-3f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0.5f));
            FloatVector q6 = r4.mul(r4).fma(p5, r4);
            IntVector e7 = k2.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s8 = e7.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y9 = q6.fma(s8, s8.sub(0.5f));
            FloatVector expm110 = y9.add(y9).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-25f));
            expm110.mul(a).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector t11 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t11 = t11.blend(-18f, t11.compare(VectorOperators.LT, -18f));
            FloatVector k12 = t11.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n13 = k12.sub(0x1.8p23f);
            FloatVector r14 = n13.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n13.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t11));
            FloatVector p15 =
                    r14.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0x1.1112d6p-7f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0x1.5554f8p-5f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0x1.555554p-3f));
            p15 = p15.fma(r14, FloatVector.broadcast(S, 0.5f));
            FloatVector q16 = r14.mul(r14).fma(p15, r14);
            IntVector e17 = k12.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s18 = e17.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y19 = q16.fma(s18, s18.sub(0.5f));
            FloatVector expm120 = y19.add(y19).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-25f));
            expm120.mul(a).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, yo + i, m);
        }
    }

    /** x / (1 + e^-x) within 3.5 ulp, plus 2^-149 |x| where e^x is subnormal. */
    static void silu(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector x1 = v.abs().neg();
            FloatVector t2 = x1.blend(89f, x1.compare(VectorOperators.GT, 89f));
            t2 = t2.blend(-104f, t2.compare(VectorOperators.LT, -104f));
            FloatVector k3 = t2.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n4 = k3.sub(0x1.8p23f);
            FloatVector r5 = n4.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n4.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t2));
            FloatVector p6 =
                    r5.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.555492p-3f));
            p6 = p6.fma(r5, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p6 = r5.mul(r5).fma(p6, r5).add(1f);
            IntVector e7 = k3.reinterpretAsInts().sub(0x4b400000);
            IntVector half8 = e7.lanewise(VectorOperators.ASHR, 1);
            IntVector e9 = e7.sub(half8);
            FloatVector exp10 = p6.mul(
                            half8.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e9.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e11 = exp10;
            FloatVector top12 = FloatVector.broadcast(S, 1f).blend(e11, v.compare(VectorOperators.LT, 0f));
            FloatVector sigmoid13 = top12.div(e11.add(1f));
            v.mul(sigmoid13).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector x14 = v.abs().neg();
            FloatVector t15 = x14.blend(89f, x14.compare(VectorOperators.GT, 89f));
            t15 = t15.blend(-104f, t15.compare(VectorOperators.LT, -104f));
            FloatVector k16 = t15.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n17 = k16.sub(0x1.8p23f);
            FloatVector r18 = n17.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n17.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t15));
            FloatVector p19 =
                    r18.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p19 = p19.fma(r18, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p19 = p19.fma(r18, FloatVector.broadcast(S, 0x1.555492p-3f));
            p19 = p19.fma(r18, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p19 = r18.mul(r18).fma(p19, r18).add(1f);
            IntVector e20 = k16.reinterpretAsInts().sub(0x4b400000);
            IntVector half21 = e20.lanewise(VectorOperators.ASHR, 1);
            IntVector e22 = e20.sub(half21);
            FloatVector exp23 = p19.mul(
                            half21.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e22.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e24 = exp23;
            FloatVector top25 = FloatVector.broadcast(S, 1f).blend(e24, v.compare(VectorOperators.LT, 0f));
            FloatVector sigmoid26 = top25.div(e24.add(1f));
            v.mul(sigmoid26).intoArray(y, yo + i, m);
        }
    }
}
