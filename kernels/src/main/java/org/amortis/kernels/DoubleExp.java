package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * y[i] = f(x[i]) over n elements.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class DoubleExp {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleExp() {}

    /** e^x within 1.25 ulp, results below the normal range included. */
    static void exp(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector t1 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-746, t1.compare(VectorOperators.LT, -746));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
            DoubleVector p5 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail6 = p5.fma(r4, DoubleVector.broadcast(S, 0.5));
            DoubleVector p7 = r4.mul(r4).fma(expTail6, r4).add(1);
            LongVector e8 = k2.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half9 = e8.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e10 = e8.sub(half9);
            DoubleVector exp11 = p7.mul(
                            half9.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e10.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            exp11.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector t12 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t12 = t12.blend(-746, t12.compare(VectorOperators.LT, -746));
            DoubleVector k13 =
                    t12.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t12));
            DoubleVector p16 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail17 = p16.fma(r15, DoubleVector.broadcast(S, 0.5));
            DoubleVector p18 = r15.mul(r15).fma(expTail17, r15).add(1);
            LongVector e19 = k13.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half20 = e19.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e21 = e19.sub(half20);
            DoubleVector exp22 = p18.mul(
                            half20.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e21.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            exp22.intoArray(y, yo + i, m);
        }
    }

    /** e^x - 1 within 1.5 ulp. */
    static void expm1(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector t1 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-40, t1.compare(VectorOperators.LT, -40));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
            DoubleVector p5 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail6 = p5.fma(r4, DoubleVector.broadcast(S, 0.5));
            DoubleVector q7 = r4.mul(r4).fma(expTail6, r4);
            LongVector e8 = k2.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s9 = e8.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y10 = q7.fma(s9, s9.sub(0.5));
            DoubleVector expm111 = y10.add(y10).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-54));
            expm111.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector t12 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t12 = t12.blend(-40, t12.compare(VectorOperators.LT, -40));
            DoubleVector k13 =
                    t12.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t12));
            DoubleVector p16 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail17 = p16.fma(r15, DoubleVector.broadcast(S, 0.5));
            DoubleVector q18 = r15.mul(r15).fma(expTail17, r15);
            LongVector e19 = k13.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s20 = e19.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y21 = q18.fma(s20, s20.sub(0.5));
            DoubleVector expm122 = y21.add(y21).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-54));
            expm122.intoArray(y, yo + i, m);
        }
    }

    /** tanh x within 3 ulp. */
    static void tanh(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector x1 = v.abs().mul(-2);
            DoubleVector t2 = x1.blend(710, x1.compare(VectorOperators.GT, 710));
            t2 = t2.blend(-40, t2.compare(VectorOperators.LT, -40));
            DoubleVector k3 =
                    t2.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n4 = k3.sub(0x1.8p52);
            DoubleVector r5 = n4.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n4.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t2));
            DoubleVector p6 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail7 = p6.fma(r5, DoubleVector.broadcast(S, 0.5));
            DoubleVector q8 = r5.mul(r5).fma(expTail7, r5);
            LongVector e9 = k3.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s10 = e9.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y11 = q8.fma(s10, s10.sub(0.5));
            DoubleVector expm112 = y11.add(y11).blend(x1, x1.abs().compare(VectorOperators.LT, 0x1p-54));
            DoubleVector e13 = expm112;
            DoubleVector magnitude14 = e13.div(e13.add(2));
            LongVector s15 = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf16 = magnitude14
                    .reinterpretAsLongs()
                    .and(~Long.MIN_VALUE)
                    .or(s15)
                    .reinterpretAsDoubles();
            DoubleVector tanh17 = withSignOf16;
            tanh17.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector x18 = v.abs().mul(-2);
            DoubleVector t19 = x18.blend(710, x18.compare(VectorOperators.GT, 710));
            t19 = t19.blend(-40, t19.compare(VectorOperators.LT, -40));
            DoubleVector k20 =
                    t19.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n21 = k20.sub(0x1.8p52);
            DoubleVector r22 = n21.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n21.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t19));
            DoubleVector p23 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p23 = p23.fma(r22, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail24 = p23.fma(r22, DoubleVector.broadcast(S, 0.5));
            DoubleVector q25 = r22.mul(r22).fma(expTail24, r22);
            LongVector e26 = k20.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s27 = e26.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y28 = q25.fma(s27, s27.sub(0.5));
            DoubleVector expm129 = y28.add(y28).blend(x18, x18.abs().compare(VectorOperators.LT, 0x1p-54));
            DoubleVector e30 = expm129;
            DoubleVector magnitude31 = e30.div(e30.add(2));
            LongVector s32 = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf33 = magnitude31
                    .reinterpretAsLongs()
                    .and(~Long.MIN_VALUE)
                    .or(s32)
                    .reinterpretAsDoubles();
            DoubleVector tanh34 = withSignOf33;
            tanh34.intoArray(y, yo + i, m);
        }
    }

    /** 1 / (1 + e^-x) within 2.5 ulp; small results keep their relative accuracy. */
    static void sigmoid(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector x1 = v.abs().neg();
            DoubleVector t2 = x1.blend(710, x1.compare(VectorOperators.GT, 710));
            t2 = t2.blend(-746, t2.compare(VectorOperators.LT, -746));
            DoubleVector k3 =
                    t2.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n4 = k3.sub(0x1.8p52);
            DoubleVector r5 = n4.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n4.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t2));
            DoubleVector p6 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail7 = p6.fma(r5, DoubleVector.broadcast(S, 0.5));
            DoubleVector p8 = r5.mul(r5).fma(expTail7, r5).add(1);
            LongVector e9 = k3.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half10 = e9.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e11 = e9.sub(half10);
            DoubleVector exp12 = p8.mul(
                            half10.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e11.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e13 = exp12;
            DoubleVector top14 = DoubleVector.broadcast(S, 1).blend(e13, v.compare(VectorOperators.LT, 0));
            DoubleVector sigmoid15 = top14.div(e13.add(1));
            sigmoid15.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector x16 = v.abs().neg();
            DoubleVector t17 = x16.blend(710, x16.compare(VectorOperators.GT, 710));
            t17 = t17.blend(-746, t17.compare(VectorOperators.LT, -746));
            DoubleVector k18 =
                    t17.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n19 = k18.sub(0x1.8p52);
            DoubleVector r20 = n19.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n19.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t17));
            DoubleVector p21 = r20.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail22 = p21.fma(r20, DoubleVector.broadcast(S, 0.5));
            DoubleVector p23 = r20.mul(r20).fma(expTail22, r20).add(1);
            LongVector e24 = k18.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half25 = e24.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e26 = e24.sub(half25);
            DoubleVector exp27 = p23.mul(
                            half25.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e26.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e28 = exp27;
            DoubleVector top29 = DoubleVector.broadcast(S, 1).blend(e28, v.compare(VectorOperators.LT, 0));
            DoubleVector sigmoid30 = top29.div(e28.add(1));
            sigmoid30.intoArray(y, yo + i, m);
        }
    }

    /** x for x above zero, a (e^x - 1) below, within 2 ulp. */
    static void elu(double[] x, int xo, double a, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector t1 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-40, t1.compare(VectorOperators.LT, -40));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
            DoubleVector p5 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail6 = p5.fma(r4, DoubleVector.broadcast(S, 0.5));
            DoubleVector q7 = r4.mul(r4).fma(expTail6, r4);
            LongVector e8 = k2.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s9 = e8.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y10 = q7.fma(s9, s9.sub(0.5));
            DoubleVector expm111 = y10.add(y10).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-54));
            expm111.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector t12 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t12 = t12.blend(-40, t12.compare(VectorOperators.LT, -40));
            DoubleVector k13 =
                    t12.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t12));
            DoubleVector p16 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail17 = p16.fma(r15, DoubleVector.broadcast(S, 0.5));
            DoubleVector q18 = r15.mul(r15).fma(expTail17, r15);
            LongVector e19 = k13.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s20 = e19.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y21 = q18.fma(s20, s20.sub(0.5));
            DoubleVector expm122 = y21.add(y21).blend(v, v.abs().compare(VectorOperators.LT, 0x1p-54));
            expm122.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, yo + i, m);
        }
    }

    /** x / (1 + e^-x) within 3.5 ulp where e^x is normal. */
    static void silu(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector x1 = v.abs().neg();
            DoubleVector t2 = x1.blend(710, x1.compare(VectorOperators.GT, 710));
            t2 = t2.blend(-746, t2.compare(VectorOperators.LT, -746));
            DoubleVector k3 =
                    t2.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n4 = k3.sub(0x1.8p52);
            DoubleVector r5 = n4.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n4.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t2));
            DoubleVector p6 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p6 = p6.fma(r5, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail7 = p6.fma(r5, DoubleVector.broadcast(S, 0.5));
            DoubleVector p8 = r5.mul(r5).fma(expTail7, r5).add(1);
            LongVector e9 = k3.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half10 = e9.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e11 = e9.sub(half10);
            DoubleVector exp12 = p8.mul(
                            half10.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e11.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e13 = exp12;
            DoubleVector top14 = DoubleVector.broadcast(S, 1).blend(e13, v.compare(VectorOperators.LT, 0));
            DoubleVector sigmoid15 = top14.div(e13.add(1));
            v.mul(sigmoid15).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector x16 = v.abs().neg();
            DoubleVector t17 = x16.blend(710, x16.compare(VectorOperators.GT, 710));
            t17 = t17.blend(-746, t17.compare(VectorOperators.LT, -746));
            DoubleVector k18 =
                    t17.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n19 = k18.sub(0x1.8p52);
            DoubleVector r20 = n19.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n19.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t17));
            DoubleVector p21 = r20.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p21 = p21.fma(r20, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail22 = p21.fma(r20, DoubleVector.broadcast(S, 0.5));
            DoubleVector p23 = r20.mul(r20).fma(expTail22, r20).add(1);
            LongVector e24 = k18.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half25 = e24.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e26 = e24.sub(half25);
            DoubleVector exp27 = p23.mul(
                            half25.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e26.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e28 = exp27;
            DoubleVector top29 = DoubleVector.broadcast(S, 1).blend(e28, v.compare(VectorOperators.LT, 0));
            DoubleVector sigmoid30 = top29.div(e28.add(1));
            v.mul(sigmoid30).intoArray(y, yo + i, m);
        }
    }
}
