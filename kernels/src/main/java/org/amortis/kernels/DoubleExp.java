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
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector k1 =
                    s.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n2 = k1.sub(0x1.8p52);
            DoubleVector r3 = n2.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n2.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), s));
            DoubleVector r24 = r3.mul(r3);
            DoubleVector a5 = r3.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b6 = r3.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c7 = r3.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d8 = r3.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e9 = r3.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail10 = r24.fma(r24.fma(r24.fma(r24.fma(e9, d8), c7), b6), a5);
            DoubleVector p11 = r3.mul(r3).fma(expTail10, r3).add(1);
            VectorMask<Double> low12 = s.compare(VectorOperators.LT, -707);
            DoubleVector k13 = k1.add(128, low12);
            LongVector n14 = k13.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled15 = p11.reinterpretAsLongs().add(n14).reinterpretAsDoubles();
            DoubleVector y16 = scaled15.mul(0x1p-128, low12);
            y16 = y16.blend(0, s.compare(VectorOperators.LT, -746));
            DoubleVector exp17 =
                    s.add(Double.POSITIVE_INFINITY).blend(y16, s.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector sy = exp17;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            exp(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** e^x - 1 within 1.5 ulp. */
    static void expm1(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector t1 = s.blend(710, s.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-40, t1.compare(VectorOperators.LT, -40));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
            DoubleVector r25 = r4.mul(r4);
            DoubleVector a6 = r4.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b7 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c8 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d9 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e10 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail11 = r25.fma(r25.fma(r25.fma(r25.fma(e10, d9), c8), b7), a6);
            DoubleVector q12 = r4.mul(r4).fma(expTail11, r4);
            LongVector e13 = k2.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s14 = e13.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y15 = q12.fma(s14, s14.sub(0.5));
            DoubleVector expm116 = y15.add(y15).blend(s, s.abs().compare(VectorOperators.LT, 0x1p-54));
            DoubleVector sy = expm116;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            expm1(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** tanh x within 3 ulp. */
    static void tanh(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector x1 = s.abs().mul(-2);
            DoubleVector t2 = x1.blend(710, x1.compare(VectorOperators.GT, 710));
            t2 = t2.blend(-40, t2.compare(VectorOperators.LT, -40));
            DoubleVector k3 =
                    t2.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n4 = k3.sub(0x1.8p52);
            DoubleVector r5 = n4.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n4.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t2));
            DoubleVector r26 = r5.mul(r5);
            DoubleVector a7 = r5.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b8 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c9 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d10 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e11 = r5.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail12 = r26.fma(r26.fma(r26.fma(r26.fma(e11, d10), c9), b8), a7);
            DoubleVector q13 = r5.mul(r5).fma(expTail12, r5);
            LongVector e14 = k3.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s15 = e14.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y16 = q13.fma(s15, s15.sub(0.5));
            DoubleVector expm117 = y16.add(y16).blend(x1, x1.abs().compare(VectorOperators.LT, 0x1p-54));
            DoubleVector e18 = expm117;
            DoubleVector magnitude19 = e18.div(e18.add(2));
            LongVector s20 = s.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf21 = magnitude19
                    .reinterpretAsLongs()
                    .and(~Long.MIN_VALUE)
                    .or(s20)
                    .reinterpretAsDoubles();
            DoubleVector tanh22 = withSignOf21;
            DoubleVector sy = tanh22;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            tanh(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** 1 / (1 + e^-x) within 2.5 ulp; small results keep their relative accuracy. */
    static void sigmoid(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector x1 = s.abs().neg();
            DoubleVector k2 =
                    x1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x1));
            DoubleVector r25 = r4.mul(r4);
            DoubleVector a6 = r4.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b7 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c8 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d9 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e10 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail11 = r25.fma(r25.fma(r25.fma(r25.fma(e10, d9), c8), b7), a6);
            DoubleVector p12 = r4.mul(r4).fma(expTail11, r4).add(1);
            VectorMask<Double> low13 = x1.compare(VectorOperators.LT, -707);
            DoubleVector k14 = k2.add(128, low13);
            LongVector n15 = k14.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled16 = p12.reinterpretAsLongs().add(n15).reinterpretAsDoubles();
            DoubleVector y17 = scaled16.mul(0x1p-128, low13);
            y17 = y17.blend(0, x1.compare(VectorOperators.LT, -746));
            DoubleVector exp18 =
                    x1.add(Double.POSITIVE_INFINITY).blend(y17, x1.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector e19 = exp18;
            DoubleVector top20 = DoubleVector.broadcast(S, 1).blend(e19, s.compare(VectorOperators.LT, 0));
            DoubleVector sigmoid21 = top20.div(e19.add(1));
            DoubleVector sy = sigmoid21;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            sigmoid(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** x for x above zero, a (e^x - 1) below, within 2 ulp. */
    static void elu(double[] x, int xo, double a, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector t1 = s.blend(710, s.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-40, t1.compare(VectorOperators.LT, -40));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
            DoubleVector r25 = r4.mul(r4);
            DoubleVector a6 = r4.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b7 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c8 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d9 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e10 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail11 = r25.fma(r25.fma(r25.fma(r25.fma(e10, d9), c8), b7), a6);
            DoubleVector q12 = r4.mul(r4).fma(expTail11, r4);
            LongVector e13 = k2.reinterpretAsLongs().sub(0x4338000000000000L + 1);
            DoubleVector s14 = e13.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector y15 = q12.fma(s14, s14.sub(0.5));
            DoubleVector expm116 = y15.add(y15).blend(s, s.abs().compare(VectorOperators.LT, 0x1p-54));
            DoubleVector sy = expm116.mul(a).blend(s, s.compare(VectorOperators.GT, 0));
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            elu(pad, 0, a, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** x / (1 + e^-x) within 3.5 ulp where e^x is normal. */
    static void silu(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector x1 = s.abs().neg();
            DoubleVector k2 =
                    x1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x1));
            DoubleVector r25 = r4.mul(r4);
            DoubleVector a6 = r4.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b7 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c8 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d9 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e10 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail11 = r25.fma(r25.fma(r25.fma(r25.fma(e10, d9), c8), b7), a6);
            DoubleVector p12 = r4.mul(r4).fma(expTail11, r4).add(1);
            VectorMask<Double> low13 = x1.compare(VectorOperators.LT, -707);
            DoubleVector k14 = k2.add(128, low13);
            LongVector n15 = k14.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled16 = p12.reinterpretAsLongs().add(n15).reinterpretAsDoubles();
            DoubleVector y17 = scaled16.mul(0x1p-128, low13);
            y17 = y17.blend(0, x1.compare(VectorOperators.LT, -746));
            DoubleVector exp18 =
                    x1.add(Double.POSITIVE_INFINITY).blend(y17, x1.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector e19 = exp18;
            DoubleVector top20 = DoubleVector.broadcast(S, 1).blend(e19, s.compare(VectorOperators.LT, 0));
            DoubleVector sigmoid21 = top20.div(e19.add(1));
            DoubleVector sy = s.mul(sigmoid21);
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            silu(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
