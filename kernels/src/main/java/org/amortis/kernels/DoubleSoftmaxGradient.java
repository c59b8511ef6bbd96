package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Gradients of the logarithms of {@link DoubleSoftmax}, rows one after the other, short ones together in vectors.
 */
final class DoubleSoftmaxGradient {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** Elements added in one go. */
    private static final int BLOCK = 1024;

    private DoubleSoftmaxGradient() {}

    /** Rows of z = dy - e^y sum dy, y the logarithm of the softmax. */
    static void logSoftmaxRows(double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        if (cols <= L) {
            shortLogRows(y, yo, dy, dyo, rows, cols, z, zo);
        } else {
            longLogRows(y, yo, dy, dyo, rows, cols, z, zo);
        }
    }

    /** Rows of z = dy e^(x - y), one y and one dy a row; where y is -infinity, e^x. */
    static void logSumExpRows(
            double[] x, int xo, double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        if (cols <= L) {
            shortSums(x, xo, y, yo, dy, dyo, rows, cols, z, zo);
            return;
        }
        for (int r = 0; r < rows; r++) {
            double lse = y[yo + r];
            double shift = lse == Double.NEGATIVE_INFINITY ? 0.0 : lse;
            scaledExponentials(x, xo + r * cols, shift, dy[dyo + r], cols, z, zo + r * cols);
        }
    }

    private static void shortLogRows(double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.fromArray(S, y, yo + i).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i).rearrange(spread);
            DoubleVector p = DoubleVector.zero(S).blend(d, used);
            DoubleVector k1 =
                    v.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n2 = k1.sub(0x1.8p52);
            DoubleVector r3 = n2.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n2.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), v));
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
            VectorMask<Double> low12 = v.compare(VectorOperators.LT, -707);
            DoubleVector k13 = k1.add(128, low12);
            LongVector n14 = k13.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled15 = p11.reinterpretAsLongs().add(n14).reinterpretAsDoubles();
            DoubleVector y16 = scaled15.mul(0x1p-128, low12);
            y16 = y16.blend(0, v.compare(VectorOperators.LT, -746));
            DoubleVector exp17 =
                    v.add(Double.POSITIVE_INFINITY).blend(y16, v.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector e = exp17;
            DoubleVector part18 = g > 1 ? p.add(p.rearrange(DoubleLanes.BY_1)) : p;
            part18 = g > 2 ? part18.add(part18.rearrange(DoubleLanes.BY_2)) : part18;
            part18 = g > 4 ? part18.add(part18.rearrange(DoubleLanes.BY_4)) : part18;
            DoubleVector groupSum19 = g > 8 ? part18.add(part18.rearrange(DoubleLanes.BY_8)) : part18;
            DoubleVector q = d.sub(groupSum19.mul(e));
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.fromArray(S, y, yo + i, m).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            DoubleVector p = DoubleVector.zero(S).blend(d, used);
            DoubleVector k20 =
                    v.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n21 = k20.sub(0x1.8p52);
            DoubleVector r22 = n21.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n21.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), v));
            DoubleVector r223 = r22.mul(r22);
            DoubleVector a24 = r22.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b25 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c26 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d27 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e28 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail29 = r223.fma(r223.fma(r223.fma(r223.fma(e28, d27), c26), b25), a24);
            DoubleVector p30 = r22.mul(r22).fma(expTail29, r22).add(1);
            VectorMask<Double> low31 = v.compare(VectorOperators.LT, -707);
            DoubleVector k32 = k20.add(128, low31);
            LongVector n33 = k32.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled34 = p30.reinterpretAsLongs().add(n33).reinterpretAsDoubles();
            DoubleVector y35 = scaled34.mul(0x1p-128, low31);
            y35 = y35.blend(0, v.compare(VectorOperators.LT, -746));
            DoubleVector exp36 =
                    v.add(Double.POSITIVE_INFINITY).blend(y35, v.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector e = exp36;
            DoubleVector part37 = g > 1 ? p.add(p.rearrange(DoubleLanes.BY_1)) : p;
            part37 = g > 2 ? part37.add(part37.rearrange(DoubleLanes.BY_2)) : part37;
            part37 = g > 4 ? part37.add(part37.rearrange(DoubleLanes.BY_4)) : part37;
            DoubleVector groupSum38 = g > 8 ? part37.add(part37.rearrange(DoubleLanes.BY_8)) : part37;
            DoubleVector q = d.sub(groupSum38.mul(e));
            q.rearrange(pack).intoArray(z, zo + i, m);
        }
    }

    private static void shortSums(
            double[] x, int xo, double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        VectorShuffle<Double> repeat = DoubleLanes.REPEAT_ROW[cols];
        int per = L / cols;
        int r = 0;
        for (; r <= rows - L; r += per) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols);
            DoubleVector x1 = DoubleVector.fromArray(S, y, yo + r);
            DoubleVector shift = x1.blend(0.0, x1.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + r).rearrange(repeat);
            DoubleVector x2 = v.sub(shift.rearrange(repeat));
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
            DoubleVector q = exp19.mul(d);
            q.intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Double> m = S.indexInRange(0, have * cols);
            VectorMask<Double> one = S.indexInRange(0, have);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols, m);
            DoubleVector x20 = DoubleVector.fromArray(S, y, yo + r, one);
            DoubleVector shift = x20.blend(0.0, x20.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + r, one).rearrange(repeat);
            DoubleVector x21 = v.sub(shift.rearrange(repeat));
            DoubleVector k22 =
                    x21.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n23 = k22.sub(0x1.8p52);
            DoubleVector r24 = n23.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n23.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x21));
            DoubleVector r225 = r24.mul(r24);
            DoubleVector a26 = r24.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b27 = r24.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c28 = r24.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d29 = r24.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e30 = r24.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail31 = r225.fma(r225.fma(r225.fma(r225.fma(e30, d29), c28), b27), a26);
            DoubleVector p32 = r24.mul(r24).fma(expTail31, r24).add(1);
            VectorMask<Double> low33 = x21.compare(VectorOperators.LT, -707);
            DoubleVector k34 = k22.add(128, low33);
            LongVector n35 = k34.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled36 = p32.reinterpretAsLongs().add(n35).reinterpretAsDoubles();
            DoubleVector y37 = scaled36.mul(0x1p-128, low33);
            y37 = y37.blend(0, x21.compare(VectorOperators.LT, -746));
            DoubleVector exp38 =
                    x21.add(Double.POSITIVE_INFINITY).blend(y37, x21.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector q = exp38.mul(d);
            q.intoArray(z, zo + r * cols, m);
        }
    }

    private static void longLogRows(double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int at = yo + r * cols;
            int from = dyo + r * cols;
            int to = zo + r * cols;
            DoubleVector sum = DoubleVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                DoubleVector s = DoubleVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (int i = block; i < last; i += L) {
                    s = s.add(DoubleVector.fromArray(S, dy, from + i));
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                sum = sum.add(DoubleVector.fromArray(S, dy, from + end, tail));
            }
            DoubleVector part1 = sum.add(sum.rearrange(DoubleLanes.HALVES));
            part1 = L >= 4 ? part1.add(part1.rearrange(DoubleLanes.QUARTERS)) : part1;
            part1 = L >= 8 ? part1.add(part1.rearrange(DoubleLanes.EIGHTHS)) : part1;
            DoubleVector sumAll2 = L >= 16 ? part1.add(part1.rearrange(DoubleLanes.SIXTEENTHS)) : part1;
            DoubleVector minus = sumAll2.neg();
            for (int i = 0; i < end; i += L) {
                DoubleVector x3 = DoubleVector.fromArray(S, y, at + i);
                DoubleVector k4 =
                        x3.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n5 = k4.sub(0x1.8p52);
                DoubleVector r6 = n5.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n5.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x3));
                DoubleVector r27 = r6.mul(r6);
                DoubleVector a8 =
                        r6.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
                DoubleVector b9 = r6.fma(
                        DoubleVector.broadcast(S, 0x1.11111111109a6p-7),
                        DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                DoubleVector c10 = r6.fma(
                        DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13),
                        DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                DoubleVector d11 = r6.fma(
                        DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19),
                        DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                DoubleVector e12 = r6.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                DoubleVector expTail13 = r27.fma(r27.fma(r27.fma(r27.fma(e12, d11), c10), b9), a8);
                DoubleVector p14 = r6.mul(r6).fma(expTail13, r6).add(1);
                VectorMask<Double> low15 = x3.compare(VectorOperators.LT, -707);
                DoubleVector k16 = k4.add(128, low15);
                LongVector n17 = k16.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
                DoubleVector scaled18 = p14.reinterpretAsLongs().add(n17).reinterpretAsDoubles();
                DoubleVector y19 = scaled18.mul(0x1p-128, low15);
                y19 = y19.blend(0, x3.compare(VectorOperators.LT, -746));
                DoubleVector exp20 = x3.add(Double.POSITIVE_INFINITY)
                        .blend(y19, x3.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
                DoubleVector e = exp20;
                e.fma(minus, DoubleVector.fromArray(S, dy, from + i)).intoArray(z, to + i);
            }
            if (end < cols) {
                DoubleVector x21 = DoubleVector.fromArray(S, y, at + end, tail);
                DoubleVector k22 =
                        x21.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n23 = k22.sub(0x1.8p52);
                DoubleVector r24 = n23.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n23.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x21));
                DoubleVector r225 = r24.mul(r24);
                DoubleVector a26 =
                        r24.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
                DoubleVector b27 = r24.fma(
                        DoubleVector.broadcast(S, 0x1.11111111109a6p-7),
                        DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                DoubleVector c28 = r24.fma(
                        DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13),
                        DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                DoubleVector d29 = r24.fma(
                        DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19),
                        DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                DoubleVector e30 = r24.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                DoubleVector expTail31 = r225.fma(r225.fma(r225.fma(r225.fma(e30, d29), c28), b27), a26);
                DoubleVector p32 = r24.mul(r24).fma(expTail31, r24).add(1);
                VectorMask<Double> low33 = x21.compare(VectorOperators.LT, -707);
                DoubleVector k34 = k22.add(128, low33);
                LongVector n35 = k34.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
                DoubleVector scaled36 = p32.reinterpretAsLongs().add(n35).reinterpretAsDoubles();
                DoubleVector y37 = scaled36.mul(0x1p-128, low33);
                y37 = y37.blend(0, x21.compare(VectorOperators.LT, -746));
                DoubleVector exp38 = x21.add(Double.POSITIVE_INFINITY)
                        .blend(y37, x21.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
                DoubleVector e = exp38;
                e.fma(minus, DoubleVector.fromArray(S, dy, from + end, tail)).intoArray(z, to + end, tail);
            }
        }
    }

    /** z = scale e^(x - shift). */
    private static void scaledExponentials(double[] x, int xo, double shift, double scale, int n, double[] z, int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector x1 = DoubleVector.fromArray(S, x, xo + i).sub(shift);
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
            DoubleVector e = exp18;
            e.mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector x19 = DoubleVector.fromArray(S, x, xo + i, m).sub(shift);
            DoubleVector k20 =
                    x19.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n21 = k20.sub(0x1.8p52);
            DoubleVector r22 = n21.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n21.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x19));
            DoubleVector r223 = r22.mul(r22);
            DoubleVector a24 = r22.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b25 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c26 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d27 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e28 = r22.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail29 = r223.fma(r223.fma(r223.fma(r223.fma(e28, d27), c26), b25), a24);
            DoubleVector p30 = r22.mul(r22).fma(expTail29, r22).add(1);
            VectorMask<Double> low31 = x19.compare(VectorOperators.LT, -707);
            DoubleVector k32 = k20.add(128, low31);
            LongVector n33 = k32.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled34 = p30.reinterpretAsLongs().add(n33).reinterpretAsDoubles();
            DoubleVector y35 = scaled34.mul(0x1p-128, low31);
            y35 = y35.blend(0, x19.compare(VectorOperators.LT, -746));
            DoubleVector exp36 =
                    x19.add(Double.POSITIVE_INFINITY).blend(y35, x19.compare(VectorOperators.LE, 0x1.62e42fefa39efp9));
            DoubleVector e = exp36;
            e.mul(scale).intoArray(z, zo + i, m);
        }
    }
}
