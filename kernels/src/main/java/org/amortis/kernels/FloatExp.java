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
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector k1 = s.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n2 = k1.sub(0x1.8p23f);
            FloatVector r3 = n2.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n2.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), s));
            FloatVector r24 = r3.mul(r3);
            FloatVector low5 =
                    r3.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high6 =
                    r3.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high6 = r24.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high6);
            FloatVector expReduced7 = r24.fma(r24.fma(high6, low5), r3).add(1f);
            FloatVector p8 = expReduced7;
            VectorMask<Float> low9 = s.compare(VectorOperators.LT, -86f);
            FloatVector k10 = k1.add(64f, low9);
            IntVector n11 = k10.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled12 = p8.reinterpretAsInts().add(n11).reinterpretAsFloats();
            FloatVector y13 = scaled12.mul(0x1p-64f, low9);
            y13 = y13.blend(0f, s.compare(VectorOperators.LT, -104f));
            FloatVector exp14 = s.add(Float.POSITIVE_INFINITY).blend(y13, s.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector sy = exp14;
            FloatVector k15 = t.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n16 = k15.sub(0x1.8p23f);
            FloatVector r17 = n16.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n16.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t));
            FloatVector r218 = r17.mul(r17);
            FloatVector low19 =
                    r17.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high20 =
                    r17.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high20 = r218.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high20);
            FloatVector expReduced21 = r218.fma(r218.fma(high20, low19), r17).add(1f);
            FloatVector p22 = expReduced21;
            VectorMask<Float> low23 = t.compare(VectorOperators.LT, -86f);
            FloatVector k24 = k15.add(64f, low23);
            IntVector n25 = k24.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled26 = p22.reinterpretAsInts().add(n25).reinterpretAsFloats();
            FloatVector y27 = scaled26.mul(0x1p-64f, low23);
            y27 = y27.blend(0f, t.compare(VectorOperators.LT, -104f));
            FloatVector exp28 = t.add(Float.POSITIVE_INFINITY).blend(y27, t.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector ty = exp28;
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            exp(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** e^x - 1 within 1.5 ulp. */
    static void expm1(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector t1 = s.blend(89f, s.compare(VectorOperators.GT, 89f));
            t1 = t1.blend(-18f, t1.compare(VectorOperators.LT, -18f));
            FloatVector k2 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1));
            FloatVector r25 = r4.mul(r4);
            FloatVector low6 = r4.fma(FloatVector.broadcast(S, 0x1.555554p-3f), FloatVector.broadcast(S, 0.5f));
            FloatVector middle7 =
                    r4.fma(FloatVector.broadcast(S, 0x1.1112d6p-7f), FloatVector.broadcast(S, 0x1.5554f8p-5f));
            FloatVector high8 =
                    r4.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            FloatVector expm1Reduced9 = r25.fma(r25.fma(r25.fma(high8, middle7), low6), r4);
            FloatVector q10 = expm1Reduced9;
            IntVector e11 = k2.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s12 = e11.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y13 = q10.fma(s12, s12.sub(0.5f));
            FloatVector expm114 = y13.add(y13).blend(s, s.abs().compare(VectorOperators.LT, 0x1p-25f));
            FloatVector sy = expm114;
            FloatVector t15 = t.blend(89f, t.compare(VectorOperators.GT, 89f));
            t15 = t15.blend(-18f, t15.compare(VectorOperators.LT, -18f));
            FloatVector k16 = t15.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n17 = k16.sub(0x1.8p23f);
            FloatVector r18 = n17.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n17.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t15));
            FloatVector r219 = r18.mul(r18);
            FloatVector low20 = r18.fma(FloatVector.broadcast(S, 0x1.555554p-3f), FloatVector.broadcast(S, 0.5f));
            FloatVector middle21 =
                    r18.fma(FloatVector.broadcast(S, 0x1.1112d6p-7f), FloatVector.broadcast(S, 0x1.5554f8p-5f));
            FloatVector high22 =
                    r18.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            FloatVector expm1Reduced23 = r219.fma(r219.fma(r219.fma(high22, middle21), low20), r18);
            FloatVector q24 = expm1Reduced23;
            IntVector e25 = k16.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s26 = e25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y27 = q24.fma(s26, s26.sub(0.5f));
            FloatVector expm128 = y27.add(y27).blend(t, t.abs().compare(VectorOperators.LT, 0x1p-25f));
            FloatVector ty = expm128;
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            expm1(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** tanh x within 3 ulp; exactly 1 from 9.011 on. */
    static void tanh(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector a1 = s.abs();
            a1 = a1.blend(10f, a1.compare(VectorOperators.GT, 10f));
            FloatVector t2 = a1.add(a1);
            FloatVector k3 = t2.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector r4 = k3.sub(0x1.8p23f).fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t2);
            FloatVector r25 = r4.mul(r4);
            FloatVector low6 = r4.fma(FloatVector.broadcast(S, 0x1.555554p-3f), FloatVector.broadcast(S, 0.5f));
            FloatVector middle7 =
                    r4.fma(FloatVector.broadcast(S, 0x1.1112d6p-7f), FloatVector.broadcast(S, 0x1.5554f8p-5f));
            FloatVector high8 =
                    r4.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            FloatVector expm1Reduced9 = r25.fma(r25.fma(r25.fma(high8, middle7), low6), r4);
            FloatVector q10 = expm1Reduced9;
            IntVector s11 =
                    k3.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3f800000);
            FloatVector power12 = s11.reinterpretAsFloats();
            FloatVector y13 = q10.fma(power12, power12.sub(1f)).div(q10.fma(power12, power12.add(1f)));
            FloatVector tanh14 = y13.reinterpretAsInts()
                    .or(s.reinterpretAsInts().and(0x80000000))
                    .reinterpretAsFloats();
            FloatVector sy = tanh14;
            FloatVector a15 = t.abs();
            a15 = a15.blend(10f, a15.compare(VectorOperators.GT, 10f));
            FloatVector t16 = a15.add(a15);
            FloatVector k17 = t16.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector r18 = k17.sub(0x1.8p23f).fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t16);
            FloatVector r219 = r18.mul(r18);
            FloatVector low20 = r18.fma(FloatVector.broadcast(S, 0x1.555554p-3f), FloatVector.broadcast(S, 0.5f));
            FloatVector middle21 =
                    r18.fma(FloatVector.broadcast(S, 0x1.1112d6p-7f), FloatVector.broadcast(S, 0x1.5554f8p-5f));
            FloatVector high22 =
                    r18.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            FloatVector expm1Reduced23 = r219.fma(r219.fma(r219.fma(high22, middle21), low20), r18);
            FloatVector q24 = expm1Reduced23;
            IntVector s25 =
                    k17.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3f800000);
            FloatVector power26 = s25.reinterpretAsFloats();
            FloatVector y27 = q24.fma(power26, power26.sub(1f)).div(q24.fma(power26, power26.add(1f)));
            FloatVector tanh28 = y27.reinterpretAsInts()
                    .or(t.reinterpretAsInts().and(0x80000000))
                    .reinterpretAsFloats();
            FloatVector ty = tanh28;
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            tanh(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** 1 / (1 + e^-x) within 2.5 ulp; small results keep their relative accuracy. */
    static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector t1 = s.abs().neg();
            t1 = t1.blend(-110f, t1.compare(VectorOperators.LT, -110f));
            FloatVector lost2 = FloatVector.broadcast(S, 0f);
            FloatVector k3 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n4 = k3.sub(0x1.8p23f);
            FloatVector r5 = n4.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n4.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1).sub(lost2));
            FloatVector r26 = r5.mul(r5);
            FloatVector low7 =
                    r5.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high8 =
                    r5.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high8 = r26.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high8);
            FloatVector expReduced9 = r26.fma(r26.fma(high8, low7), r5).add(1f);
            FloatVector p10 = expReduced9;
            VectorMask<Float> low11 = t1.compare(VectorOperators.LT, -86f);
            FloatVector k12 = k3.add(64f, low11);
            IntVector n13 = k12.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled14 = p10.reinterpretAsInts().add(n13).reinterpretAsFloats();
            FloatVector expNegative15 = scaled14.mul(0x1p-64f, low11);
            FloatVector e16 = expNegative15;
            FloatVector top17 = FloatVector.broadcast(S, 1f).blend(e16, s.compare(VectorOperators.LT, 0f));
            FloatVector one18 = t1.fma(FloatVector.broadcast(S, 0f), FloatVector.broadcast(S, 1f));
            FloatVector sigmoid19 = top17.div(e16.add(one18));
            FloatVector sy = sigmoid19;
            FloatVector t20 = t.abs().neg();
            t20 = t20.blend(-110f, t20.compare(VectorOperators.LT, -110f));
            FloatVector lost21 = FloatVector.broadcast(S, 0f);
            FloatVector k22 = t20.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n23 = k22.sub(0x1.8p23f);
            FloatVector r24 = n23.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n23.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t20).sub(lost21));
            FloatVector r225 = r24.mul(r24);
            FloatVector low26 =
                    r24.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high27 =
                    r24.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high27 = r225.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high27);
            FloatVector expReduced28 = r225.fma(r225.fma(high27, low26), r24).add(1f);
            FloatVector p29 = expReduced28;
            VectorMask<Float> low30 = t20.compare(VectorOperators.LT, -86f);
            FloatVector k31 = k22.add(64f, low30);
            IntVector n32 = k31.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled33 = p29.reinterpretAsInts().add(n32).reinterpretAsFloats();
            FloatVector expNegative34 = scaled33.mul(0x1p-64f, low30);
            FloatVector e35 = expNegative34;
            FloatVector top36 = FloatVector.broadcast(S, 1f).blend(e35, t.compare(VectorOperators.LT, 0f));
            FloatVector one37 = t20.fma(FloatVector.broadcast(S, 0f), FloatVector.broadcast(S, 1f));
            FloatVector sigmoid38 = top36.div(e35.add(one37));
            FloatVector ty = sigmoid38;
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            sigmoid(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** x for x above zero, a (e^x - 1) below, within 2 ulp. */
    static void elu(float[] x, int xo, float a, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector t1 = s.blend(89f, s.compare(VectorOperators.GT, 89f));
            t1 = t1.blend(-18f, t1.compare(VectorOperators.LT, -18f));
            FloatVector k2 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1));
            FloatVector r25 = r4.mul(r4);
            FloatVector low6 = r4.fma(FloatVector.broadcast(S, 0x1.555554p-3f), FloatVector.broadcast(S, 0.5f));
            FloatVector middle7 =
                    r4.fma(FloatVector.broadcast(S, 0x1.1112d6p-7f), FloatVector.broadcast(S, 0x1.5554f8p-5f));
            FloatVector high8 =
                    r4.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            FloatVector expm1Reduced9 = r25.fma(r25.fma(r25.fma(high8, middle7), low6), r4);
            FloatVector q10 = expm1Reduced9;
            IntVector e11 = k2.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s12 = e11.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y13 = q10.fma(s12, s12.sub(0.5f));
            FloatVector expm114 = y13.add(y13).blend(s, s.abs().compare(VectorOperators.LT, 0x1p-25f));
            FloatVector sy = expm114.mul(a).blend(s, s.compare(VectorOperators.GT, 0f));
            FloatVector t15 = t.blend(89f, t.compare(VectorOperators.GT, 89f));
            t15 = t15.blend(-18f, t15.compare(VectorOperators.LT, -18f));
            FloatVector k16 = t15.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n17 = k16.sub(0x1.8p23f);
            FloatVector r18 = n17.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n17.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t15));
            FloatVector r219 = r18.mul(r18);
            FloatVector low20 = r18.fma(FloatVector.broadcast(S, 0x1.555554p-3f), FloatVector.broadcast(S, 0.5f));
            FloatVector middle21 =
                    r18.fma(FloatVector.broadcast(S, 0x1.1112d6p-7f), FloatVector.broadcast(S, 0x1.5554f8p-5f));
            FloatVector high22 =
                    r18.fma(FloatVector.broadcast(S, 0x1.9e7826p-13f), FloatVector.broadcast(S, 0x1.6d3a5ap-10f));
            FloatVector expm1Reduced23 = r219.fma(r219.fma(r219.fma(high22, middle21), low20), r18);
            FloatVector q24 = expm1Reduced23;
            IntVector e25 = k16.reinterpretAsInts().sub(0x4b400000 + 1);
            FloatVector s26 = e25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y27 = q24.fma(s26, s26.sub(0.5f));
            FloatVector expm128 = y27.add(y27).blend(t, t.abs().compare(VectorOperators.LT, 0x1p-25f));
            FloatVector ty = expm128.mul(a).blend(t, t.compare(VectorOperators.GT, 0f));
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            elu(pad, 0, a, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** x / (1 + e^-x) within 3.5 ulp, plus 2^-149 |x| where e^x is subnormal. */
    static void silu(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % (2 * L); i < end; i += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, x, xo + i + L);
            FloatVector t1 = s.abs().neg();
            t1 = t1.blend(-110f, t1.compare(VectorOperators.LT, -110f));
            FloatVector lost2 = FloatVector.broadcast(S, 0f);
            FloatVector k3 = t1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n4 = k3.sub(0x1.8p23f);
            FloatVector r5 = n4.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n4.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t1).sub(lost2));
            FloatVector r26 = r5.mul(r5);
            FloatVector low7 =
                    r5.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high8 =
                    r5.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high8 = r26.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high8);
            FloatVector expReduced9 = r26.fma(r26.fma(high8, low7), r5).add(1f);
            FloatVector p10 = expReduced9;
            VectorMask<Float> low11 = t1.compare(VectorOperators.LT, -86f);
            FloatVector k12 = k3.add(64f, low11);
            IntVector n13 = k12.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled14 = p10.reinterpretAsInts().add(n13).reinterpretAsFloats();
            FloatVector expNegative15 = scaled14.mul(0x1p-64f, low11);
            FloatVector e16 = expNegative15;
            FloatVector top17 = FloatVector.broadcast(S, 1f).blend(e16, s.compare(VectorOperators.LT, 0f));
            FloatVector one18 = t1.fma(FloatVector.broadcast(S, 0f), FloatVector.broadcast(S, 1f));
            FloatVector sigmoid19 = top17.div(e16.add(one18));
            FloatVector sy = s.mul(sigmoid19);
            FloatVector t20 = t.abs().neg();
            t20 = t20.blend(-110f, t20.compare(VectorOperators.LT, -110f));
            FloatVector lost21 = FloatVector.broadcast(S, 0f);
            FloatVector k22 = t20.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n23 = k22.sub(0x1.8p23f);
            FloatVector r24 = n23.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n23.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t20).sub(lost21));
            FloatVector r225 = r24.mul(r24);
            FloatVector low26 =
                    r24.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high27 =
                    r24.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high27 = r225.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high27);
            FloatVector expReduced28 = r225.fma(r225.fma(high27, low26), r24).add(1f);
            FloatVector p29 = expReduced28;
            VectorMask<Float> low30 = t20.compare(VectorOperators.LT, -86f);
            FloatVector k31 = k22.add(64f, low30);
            IntVector n32 = k31.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled33 = p29.reinterpretAsInts().add(n32).reinterpretAsFloats();
            FloatVector expNegative34 = scaled33.mul(0x1p-64f, low30);
            FloatVector e35 = expNegative34;
            FloatVector top36 = FloatVector.broadcast(S, 1f).blend(e35, t.compare(VectorOperators.LT, 0f));
            FloatVector one37 = t20.fma(FloatVector.broadcast(S, 0f), FloatVector.broadcast(S, 1f));
            FloatVector sigmoid38 = top36.div(e35.add(one37));
            FloatVector ty = t.mul(sigmoid38);
            sy.intoArray(y, yo + i);
            ty.intoArray(y, yo + i + L);
        }
        if (i < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            silu(pad, 0, pad, 0, 2 * L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
