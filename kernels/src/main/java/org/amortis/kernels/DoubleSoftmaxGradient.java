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
            DoubleVector e = exp11;
            DoubleVector part12 = g > 1 ? p.add(p.rearrange(DoubleLanes.BY_1)) : p;
            part12 = g > 2 ? part12.add(part12.rearrange(DoubleLanes.BY_2)) : part12;
            part12 = g > 4 ? part12.add(part12.rearrange(DoubleLanes.BY_4)) : part12;
            DoubleVector groupSum13 = g > 8 ? part12.add(part12.rearrange(DoubleLanes.BY_8)) : part12;
            DoubleVector q = d.sub(groupSum13.mul(e));
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.fromArray(S, y, yo + i, m).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            DoubleVector p = DoubleVector.zero(S).blend(d, used);
            DoubleVector t14 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t14 = t14.blend(-746, t14.compare(VectorOperators.LT, -746));
            DoubleVector k15 =
                    t14.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n16 = k15.sub(0x1.8p52);
            DoubleVector r17 = n16.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n16.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t14));
            DoubleVector p18 = r17.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail19 = p18.fma(r17, DoubleVector.broadcast(S, 0.5));
            DoubleVector p20 = r17.mul(r17).fma(expTail19, r17).add(1);
            LongVector e21 = k15.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half22 = e21.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e23 = e21.sub(half22);
            DoubleVector exp24 = p20.mul(
                            half22.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e23.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp24;
            DoubleVector part25 = g > 1 ? p.add(p.rearrange(DoubleLanes.BY_1)) : p;
            part25 = g > 2 ? part25.add(part25.rearrange(DoubleLanes.BY_2)) : part25;
            part25 = g > 4 ? part25.add(part25.rearrange(DoubleLanes.BY_4)) : part25;
            DoubleVector groupSum26 = g > 8 ? part25.add(part25.rearrange(DoubleLanes.BY_8)) : part25;
            DoubleVector q = d.sub(groupSum26.mul(e));
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
            DoubleVector t3 = x2.blend(710, x2.compare(VectorOperators.GT, 710));
            t3 = t3.blend(-746, t3.compare(VectorOperators.LT, -746));
            DoubleVector k4 =
                    t3.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n5 = k4.sub(0x1.8p52);
            DoubleVector r6 = n5.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n5.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t3));
            DoubleVector p7 = r6.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail8 = p7.fma(r6, DoubleVector.broadcast(S, 0.5));
            DoubleVector p9 = r6.mul(r6).fma(expTail8, r6).add(1);
            LongVector e10 = k4.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half11 = e10.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e12 = e10.sub(half11);
            DoubleVector exp13 = p9.mul(
                            half11.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e12.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector q = exp13.mul(d);
            q.intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Double> m = S.indexInRange(0, have * cols);
            VectorMask<Double> one = S.indexInRange(0, have);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols, m);
            DoubleVector x14 = DoubleVector.fromArray(S, y, yo + r, one);
            DoubleVector shift = x14.blend(0.0, x14.compare(VectorOperators.EQ, Double.NEGATIVE_INFINITY));
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + r, one).rearrange(repeat);
            DoubleVector x15 = v.sub(shift.rearrange(repeat));
            DoubleVector t16 = x15.blend(710, x15.compare(VectorOperators.GT, 710));
            t16 = t16.blend(-746, t16.compare(VectorOperators.LT, -746));
            DoubleVector k17 =
                    t16.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n18 = k17.sub(0x1.8p52);
            DoubleVector r19 = n18.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n18.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t16));
            DoubleVector p20 = r19.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail21 = p20.fma(r19, DoubleVector.broadcast(S, 0.5));
            DoubleVector p22 = r19.mul(r19).fma(expTail21, r19).add(1);
            LongVector e23 = k17.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half24 = e23.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e25 = e23.sub(half24);
            DoubleVector exp26 = p22.mul(
                            half24.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e25.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector q = exp26.mul(d);
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
                DoubleVector t4 = x3.blend(710, x3.compare(VectorOperators.GT, 710));
                t4 = t4.blend(-746, t4.compare(VectorOperators.LT, -746));
                DoubleVector k5 =
                        t4.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n6 = k5.sub(0x1.8p52);
                DoubleVector r7 = n6.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n6.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t4));
                DoubleVector p8 = r7.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                DoubleVector expTail9 = p8.fma(r7, DoubleVector.broadcast(S, 0.5));
                DoubleVector p10 = r7.mul(r7).fma(expTail9, r7).add(1);
                LongVector e11 = k5.reinterpretAsLongs().sub(0x4338000000000000L);
                LongVector half12 =
                        e11.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                LongVector e13 = e11.sub(half12);
                DoubleVector exp14 = p10.mul(half12.add(1023)
                                .lanewise(VectorOperators.LSHL, 52)
                                .reinterpretAsDoubles())
                        .mul(e13.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
                DoubleVector e = exp14;
                e.fma(minus, DoubleVector.fromArray(S, dy, from + i)).intoArray(z, to + i);
            }
            if (end < cols) {
                DoubleVector x15 = DoubleVector.fromArray(S, y, at + end, tail);
                DoubleVector t16 = x15.blend(710, x15.compare(VectorOperators.GT, 710));
                t16 = t16.blend(-746, t16.compare(VectorOperators.LT, -746));
                DoubleVector k17 =
                        t16.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n18 = k17.sub(0x1.8p52);
                DoubleVector r19 = n18.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n18.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t16));
                DoubleVector p20 = r19.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                p20 = p20.fma(r19, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                DoubleVector expTail21 = p20.fma(r19, DoubleVector.broadcast(S, 0.5));
                DoubleVector p22 = r19.mul(r19).fma(expTail21, r19).add(1);
                LongVector e23 = k17.reinterpretAsLongs().sub(0x4338000000000000L);
                LongVector half24 =
                        e23.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                LongVector e25 = e23.sub(half24);
                DoubleVector exp26 = p22.mul(half24.add(1023)
                                .lanewise(VectorOperators.LSHL, 52)
                                .reinterpretAsDoubles())
                        .mul(e25.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
                DoubleVector e = exp26;
                e.fma(minus, DoubleVector.fromArray(S, dy, from + end, tail)).intoArray(z, to + end, tail);
            }
        }
    }

    /** z = scale e^(x - shift). */
    private static void scaledExponentials(double[] x, int xo, double shift, double scale, int n, double[] z, int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector x1 = DoubleVector.fromArray(S, x, xo + i).sub(shift);
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
            DoubleVector e = exp12;
            e.mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector x13 = DoubleVector.fromArray(S, x, xo + i, m).sub(shift);
            DoubleVector t14 = x13.blend(710, x13.compare(VectorOperators.GT, 710));
            t14 = t14.blend(-746, t14.compare(VectorOperators.LT, -746));
            DoubleVector k15 =
                    t14.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n16 = k15.sub(0x1.8p52);
            DoubleVector r17 = n16.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n16.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t14));
            DoubleVector p18 = r17.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p18 = p18.fma(r17, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail19 = p18.fma(r17, DoubleVector.broadcast(S, 0.5));
            DoubleVector p20 = r17.mul(r17).fma(expTail19, r17).add(1);
            LongVector e21 = k15.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half22 = e21.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e23 = e21.sub(half22);
            DoubleVector exp24 = p20.mul(
                            half22.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e23.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp24;
            e.mul(scale).intoArray(z, zo + i, m);
        }
    }
}
