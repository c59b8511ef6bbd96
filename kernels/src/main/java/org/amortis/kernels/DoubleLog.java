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
final class DoubleLog {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleLog() {}

    /** log x within 1 ulp: -infinity at zero, NaN below, subnormals included. */
    static void log(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> tiny1 = s.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w2 = s.blend(s.mul(0x1p54), tiny1);
            DoubleVector lost3 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift4 = DoubleVector.broadcast(S, 0).blend(54, tiny1);
            LongVector bits5 = w2.reinterpretAsLongs();
            LongVector e6 = bits5.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m7 = bits5.sub(e6.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e8 = e6.min(1022).neg();
            DoubleVector z9 =
                    lost3.fma(e8.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m7.sub(1));
            DoubleVector n10 =
                    e6.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n11 = n10.sub(exponentShift4);
            DoubleVector s12 = z9.div(z9.add(2));
            DoubleVector s213 = s12.mul(s12);
            DoubleVector q14 = s213.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half15 = z9.mul(z9).mul(0.5);
            DoubleVector small16 = s12.fma(s213.fma(q14, half15), n11.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced17 =
                    n11.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z9.sub(half15.sub(small16)));
            DoubleVector logOfSum18 = logReduced17;
            DoubleVector y19 = logOfSum18;
            VectorMask<Double> ordinary20 =
                    s.compare(VectorOperators.GT, 0).and(s.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special21 = s.blend(Double.NaN, s.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, s.compare(VectorOperators.EQ, 0));
            DoubleVector log22 = special21.blend(y19, ordinary20);
            DoubleVector sy = log22;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            log(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** log(1 + x) within 1.5 ulp. */
    static void log1p(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w1 = s.add(1);
            DoubleVector back2 = w1.sub(s);
            DoubleVector lost3 =
                    s.sub(w1.sub(back2)).add(DoubleVector.broadcast(S, 1).sub(back2));
            DoubleVector exponentShift4 = DoubleVector.broadcast(S, 0);
            LongVector bits5 = w1.reinterpretAsLongs();
            LongVector e6 = bits5.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m7 = bits5.sub(e6.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e8 = e6.min(1022).neg();
            DoubleVector z9 =
                    lost3.fma(e8.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m7.sub(1));
            DoubleVector n10 =
                    e6.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n11 = n10.sub(exponentShift4);
            DoubleVector s12 = z9.div(z9.add(2));
            DoubleVector s213 = s12.mul(s12);
            DoubleVector q14 = s213.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half15 = z9.mul(z9).mul(0.5);
            DoubleVector small16 = s12.fma(s213.fma(q14, half15), n11.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced17 =
                    n11.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z9.sub(half15.sub(small16)));
            DoubleVector logOfSum18 = logReduced17;
            DoubleVector y19 = logOfSum18;
            VectorMask<Double> ordinary20 = s.compare(VectorOperators.GT, -1)
                    .and(s.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .and(s.compare(VectorOperators.NE, 0));
            DoubleVector special21 = s.blend(Double.NaN, s.compare(VectorOperators.LT, -1))
                    .blend(Double.NEGATIVE_INFINITY, s.compare(VectorOperators.EQ, -1));
            DoubleVector log1p22 = special21.blend(y19, ordinary20);
            DoubleVector sy = log1p22;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            log1p(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** log(1 + e^x) within 2.5 ulp, also where it is close to zero. */
    static void softplus(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector positive1 = s.blend(0, s.compare(VectorOperators.LT, 0));
            DoubleVector x2 = s.abs().neg();
            DoubleVector k3 =
                    x2.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n4 = k3.sub(0x1.8p52);
            DoubleVector r5 = n4.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n4.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x2));
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
            DoubleVector p13 = r5.mul(r5).fma(expTail12, r5).add(1);
            VectorMask<Double> low14 = x2.compare(VectorOperators.LT, -707);
            DoubleVector k15 = k3.add(128, low14);
            LongVector n16 = k15.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled17 = p13.reinterpretAsLongs().add(n16).reinterpretAsDoubles();
            DoubleVector y18 = scaled17.mul(0x1p-128, low14);
            y18 = y18.blend(0, x2.compare(VectorOperators.LT, -746));
            DoubleVector exp19 =
                    x2.add(Double.POSITIVE_INFINITY).blend(y18, x2.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector w20 = exp19.add(1);
            DoubleVector lost21 = exp19.sub(w20.sub(1));
            DoubleVector exponentShift22 = DoubleVector.broadcast(S, 0);
            LongVector bits23 = w20.reinterpretAsLongs();
            LongVector e24 = bits23.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m25 =
                    bits23.sub(e24.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e26 = e24.min(1022).neg();
            DoubleVector z27 =
                    lost21.fma(e26.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m25.sub(1));
            DoubleVector n28 =
                    e24.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n29 = n28.sub(exponentShift22);
            DoubleVector s30 = z27.div(z27.add(2));
            DoubleVector s231 = s30.mul(s30);
            DoubleVector q32 = s231.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half33 = z27.mul(z27).mul(0.5);
            DoubleVector small34 = s30.fma(s231.fma(q32, half33), n29.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced35 =
                    n29.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z27.sub(half33.sub(small34)));
            DoubleVector logOfSum36 = logReduced35;
            DoubleVector log1pUnit37 = logOfSum36;
            DoubleVector softplus38 = positive1.add(log1pUnit37);
            DoubleVector sy = softplus38;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            softplus(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** -log(1 + e^-x) within 2.5 ulp. */
    static void logSigmoid(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector negative1 = s.blend(0, s.compare(VectorOperators.GT, 0));
            DoubleVector x2 = s.abs().neg();
            DoubleVector k3 =
                    x2.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n4 = k3.sub(0x1.8p52);
            DoubleVector r5 = n4.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n4.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x2));
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
            DoubleVector p13 = r5.mul(r5).fma(expTail12, r5).add(1);
            VectorMask<Double> low14 = x2.compare(VectorOperators.LT, -707);
            DoubleVector k15 = k3.add(128, low14);
            LongVector n16 = k15.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled17 = p13.reinterpretAsLongs().add(n16).reinterpretAsDoubles();
            DoubleVector y18 = scaled17.mul(0x1p-128, low14);
            y18 = y18.blend(0, x2.compare(VectorOperators.LT, -746));
            DoubleVector exp19 =
                    x2.add(Double.POSITIVE_INFINITY).blend(y18, x2.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector w20 = exp19.add(1);
            DoubleVector lost21 = exp19.sub(w20.sub(1));
            DoubleVector exponentShift22 = DoubleVector.broadcast(S, 0);
            LongVector bits23 = w20.reinterpretAsLongs();
            LongVector e24 = bits23.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m25 =
                    bits23.sub(e24.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e26 = e24.min(1022).neg();
            DoubleVector z27 =
                    lost21.fma(e26.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m25.sub(1));
            DoubleVector n28 =
                    e24.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n29 = n28.sub(exponentShift22);
            DoubleVector s30 = z27.div(z27.add(2));
            DoubleVector s231 = s30.mul(s30);
            DoubleVector q32 = s231.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q32 = q32.fma(s231, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half33 = z27.mul(z27).mul(0.5);
            DoubleVector small34 = s30.fma(s231.fma(q32, half33), n29.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced35 =
                    n29.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z27.sub(half33.sub(small34)));
            DoubleVector logOfSum36 = logReduced35;
            DoubleVector log1pUnit37 = logOfSum36;
            DoubleVector logSigmoid38 = negative1.sub(log1pUnit37);
            DoubleVector sy = logSigmoid38;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            logSigmoid(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
