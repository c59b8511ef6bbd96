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
 * <p>Softmax, its logarithm and log-sum-exp of rows that lie one after the other, each row shifted by its largest element. Rows
 * up to a vector long share vectors, as {@link DoubleLanes} has it; of longer ones the reduced numbers stay in all lanes of a
 * vector. The maximum does not heed NaN: the exponential does.
 */
final class DoubleSoftmax {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();
    private static final double LOW = Double.NEGATIVE_INFINITY;

    /** Elements added in one go: the error of a sum grows with the number of blocks, not of elements. */
    private static final int BLOCK = 1024;

    private DoubleSoftmax() {}

    /** Rows of y = softmax of the rows of x. A row of -infinity gives NaN. */
    static void softmaxRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        if (cols <= L) {
            shortRows(x, xo, rows, cols, y, yo);
        } else {
            longRows(x, xo, rows, cols, y, yo);
        }
    }

    /** Rows of y = log of the softmax of the rows of x. */
    static void logSoftmaxRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        if (cols <= L) {
            shortLogRows(x, xo, rows, cols, y, yo);
        } else {
            longLogRows(x, xo, rows, cols, y, yo);
        }
    }

    /** y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. */
    static void logSumExpRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        if (cols <= L) {
            shortSums(x, xo, rows, cols, y, yo);
        } else {
            longSums(x, xo, rows, cols, y, yo);
        }
    }

    private static void shortRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        // what is written beyond the rows of this step is written again by the next
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.broadcast(S, LOW)
                    .blend(DoubleVector.fromArray(S, x, xo + i).rearrange(spread), used);
            DoubleVector one1 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            DoubleVector two3 = part2.rearrange(DoubleLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector four4 = part2.rearrange(DoubleLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eight5 = part2.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector x7 = v.sub(groupMax6);
            DoubleVector t8 = x7.blend(710, x7.compare(VectorOperators.GT, 710));
            t8 = t8.blend(-746, t8.compare(VectorOperators.LT, -746));
            DoubleVector k9 =
                    t8.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n10 = k9.sub(0x1.8p52);
            DoubleVector r11 = n10.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n10.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t8));
            DoubleVector p12 = r11.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail13 = p12.fma(r11, DoubleVector.broadcast(S, 0.5));
            DoubleVector p14 = r11.mul(r11).fma(expTail13, r11).add(1);
            LongVector e15 = k9.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half16 = e15.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e17 = e15.sub(half16);
            DoubleVector exp18 = p14.mul(
                            half16.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e17.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp18;
            DoubleVector part19 = g > 1 ? e.add(e.rearrange(DoubleLanes.BY_1)) : e;
            part19 = g > 2 ? part19.add(part19.rearrange(DoubleLanes.BY_2)) : part19;
            part19 = g > 4 ? part19.add(part19.rearrange(DoubleLanes.BY_4)) : part19;
            DoubleVector groupSum20 = g > 8 ? part19.add(part19.rearrange(DoubleLanes.BY_8)) : part19;
            DoubleVector q = e.div(groupSum20);
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.broadcast(S, LOW)
                    .blend(DoubleVector.fromArray(S, x, xo + i, m).rearrange(spread), used);
            DoubleVector one21 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part22 = g > 1 ? v.blend(one21, one21.compare(VectorOperators.GT, v)) : v;
            DoubleVector two23 = part22.rearrange(DoubleLanes.BY_2);
            part22 = g > 2 ? part22.blend(two23, two23.compare(VectorOperators.GT, part22)) : part22;
            DoubleVector four24 = part22.rearrange(DoubleLanes.BY_4);
            part22 = g > 4 ? part22.blend(four24, four24.compare(VectorOperators.GT, part22)) : part22;
            DoubleVector eight25 = part22.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax26 =
                    g > 8 ? part22.blend(eight25, eight25.compare(VectorOperators.GT, part22)) : part22;
            DoubleVector x27 = v.sub(groupMax26);
            DoubleVector t28 = x27.blend(710, x27.compare(VectorOperators.GT, 710));
            t28 = t28.blend(-746, t28.compare(VectorOperators.LT, -746));
            DoubleVector k29 =
                    t28.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n30 = k29.sub(0x1.8p52);
            DoubleVector r31 = n30.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n30.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t28));
            DoubleVector p32 = r31.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p32 = p32.fma(r31, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail33 = p32.fma(r31, DoubleVector.broadcast(S, 0.5));
            DoubleVector p34 = r31.mul(r31).fma(expTail33, r31).add(1);
            LongVector e35 = k29.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half36 = e35.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e37 = e35.sub(half36);
            DoubleVector exp38 = p34.mul(
                            half36.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e37.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp38;
            DoubleVector part39 = g > 1 ? e.add(e.rearrange(DoubleLanes.BY_1)) : e;
            part39 = g > 2 ? part39.add(part39.rearrange(DoubleLanes.BY_2)) : part39;
            part39 = g > 4 ? part39.add(part39.rearrange(DoubleLanes.BY_4)) : part39;
            DoubleVector groupSum40 = g > 8 ? part39.add(part39.rearrange(DoubleLanes.BY_8)) : part39;
            DoubleVector q = e.div(groupSum40);
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortLogRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.broadcast(S, LOW)
                    .blend(DoubleVector.fromArray(S, x, xo + i).rearrange(spread), used);
            DoubleVector one1 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            DoubleVector two3 = part2.rearrange(DoubleLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector four4 = part2.rearrange(DoubleLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eight5 = part2.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector z = v.sub(groupMax6);
            DoubleVector t7 = z.blend(710, z.compare(VectorOperators.GT, 710));
            t7 = t7.blend(-746, t7.compare(VectorOperators.LT, -746));
            DoubleVector k8 =
                    t7.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n9 = k8.sub(0x1.8p52);
            DoubleVector r10 = n9.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n9.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t7));
            DoubleVector p11 = r10.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail12 = p11.fma(r10, DoubleVector.broadcast(S, 0.5));
            DoubleVector p13 = r10.mul(r10).fma(expTail12, r10).add(1);
            LongVector e14 = k8.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half15 = e14.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e16 = e14.sub(half15);
            DoubleVector exp17 = p13.mul(
                            half15.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e16.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp17;
            DoubleVector part18 = g > 1 ? e.add(e.rearrange(DoubleLanes.BY_1)) : e;
            part18 = g > 2 ? part18.add(part18.rearrange(DoubleLanes.BY_2)) : part18;
            part18 = g > 4 ? part18.add(part18.rearrange(DoubleLanes.BY_4)) : part18;
            DoubleVector groupSum19 = g > 8 ? part18.add(part18.rearrange(DoubleLanes.BY_8)) : part18;
            VectorMask<Double> tiny20 = groupSum19.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w21 = groupSum19.blend(groupSum19.mul(0x1p54), tiny20);
            DoubleVector lost22 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift23 = DoubleVector.broadcast(S, 0).blend(54, tiny20);
            LongVector bits24 = w21.reinterpretAsLongs();
            LongVector e25 = bits24.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m26 =
                    bits24.sub(e25.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e27 = e25.min(1022).neg();
            DoubleVector z28 =
                    lost22.fma(e27.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m26.sub(1));
            DoubleVector n29 =
                    e25.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n30 = n29.sub(exponentShift23);
            DoubleVector s31 = z28.div(z28.add(2));
            DoubleVector s232 = s31.mul(s31);
            DoubleVector q33 = s232.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q33 = q33.fma(s232, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q33 = q33.fma(s232, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q33 = q33.fma(s232, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q33 = q33.fma(s232, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q33 = q33.fma(s232, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half34 = z28.mul(z28).mul(0.5);
            DoubleVector small35 = s31.fma(s232.fma(q33, half34), n30.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced36 =
                    n30.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z28.sub(half34.sub(small35)));
            DoubleVector logOfSum37 = logReduced36;
            DoubleVector y38 = logOfSum37;
            VectorMask<Double> ordinary39 = groupSum19
                    .compare(VectorOperators.GT, 0)
                    .and(groupSum19.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special40 = groupSum19
                    .blend(Double.NaN, groupSum19.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, groupSum19.compare(VectorOperators.EQ, 0));
            DoubleVector log41 = special40.blend(y38, ordinary39);
            DoubleVector q = z.sub(log41);
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.broadcast(S, LOW)
                    .blend(DoubleVector.fromArray(S, x, xo + i, m).rearrange(spread), used);
            DoubleVector one42 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part43 = g > 1 ? v.blend(one42, one42.compare(VectorOperators.GT, v)) : v;
            DoubleVector two44 = part43.rearrange(DoubleLanes.BY_2);
            part43 = g > 2 ? part43.blend(two44, two44.compare(VectorOperators.GT, part43)) : part43;
            DoubleVector four45 = part43.rearrange(DoubleLanes.BY_4);
            part43 = g > 4 ? part43.blend(four45, four45.compare(VectorOperators.GT, part43)) : part43;
            DoubleVector eight46 = part43.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax47 =
                    g > 8 ? part43.blend(eight46, eight46.compare(VectorOperators.GT, part43)) : part43;
            DoubleVector z = v.sub(groupMax47);
            DoubleVector t48 = z.blend(710, z.compare(VectorOperators.GT, 710));
            t48 = t48.blend(-746, t48.compare(VectorOperators.LT, -746));
            DoubleVector k49 =
                    t48.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n50 = k49.sub(0x1.8p52);
            DoubleVector r51 = n50.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n50.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t48));
            DoubleVector p52 = r51.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p52 = p52.fma(r51, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail53 = p52.fma(r51, DoubleVector.broadcast(S, 0.5));
            DoubleVector p54 = r51.mul(r51).fma(expTail53, r51).add(1);
            LongVector e55 = k49.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half56 = e55.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e57 = e55.sub(half56);
            DoubleVector exp58 = p54.mul(
                            half56.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e57.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp58;
            DoubleVector part59 = g > 1 ? e.add(e.rearrange(DoubleLanes.BY_1)) : e;
            part59 = g > 2 ? part59.add(part59.rearrange(DoubleLanes.BY_2)) : part59;
            part59 = g > 4 ? part59.add(part59.rearrange(DoubleLanes.BY_4)) : part59;
            DoubleVector groupSum60 = g > 8 ? part59.add(part59.rearrange(DoubleLanes.BY_8)) : part59;
            VectorMask<Double> tiny61 = groupSum60.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w62 = groupSum60.blend(groupSum60.mul(0x1p54), tiny61);
            DoubleVector lost63 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift64 = DoubleVector.broadcast(S, 0).blend(54, tiny61);
            LongVector bits65 = w62.reinterpretAsLongs();
            LongVector e66 = bits65.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m67 =
                    bits65.sub(e66.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e68 = e66.min(1022).neg();
            DoubleVector z69 =
                    lost63.fma(e68.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m67.sub(1));
            DoubleVector n70 =
                    e66.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n71 = n70.sub(exponentShift64);
            DoubleVector s72 = z69.div(z69.add(2));
            DoubleVector s273 = s72.mul(s72);
            DoubleVector q74 = s273.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q74 = q74.fma(s273, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q74 = q74.fma(s273, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q74 = q74.fma(s273, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q74 = q74.fma(s273, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q74 = q74.fma(s273, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half75 = z69.mul(z69).mul(0.5);
            DoubleVector small76 = s72.fma(s273.fma(q74, half75), n71.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced77 =
                    n71.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z69.sub(half75.sub(small76)));
            DoubleVector logOfSum78 = logReduced77;
            DoubleVector y79 = logOfSum78;
            VectorMask<Double> ordinary80 = groupSum60
                    .compare(VectorOperators.GT, 0)
                    .and(groupSum60.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special81 = groupSum60
                    .blend(Double.NaN, groupSum60.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, groupSum60.compare(VectorOperators.EQ, 0));
            DoubleVector log82 = special81.blend(y79, ordinary80);
            DoubleVector q = z.sub(log82);
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortSums(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> first = DoubleLanes.FIRST[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            DoubleVector v = DoubleVector.broadcast(S, LOW)
                    .blend(DoubleVector.fromArray(S, x, xo + r * cols).rearrange(spread), used);
            DoubleVector one1 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            DoubleVector two3 = part2.rearrange(DoubleLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector four4 = part2.rearrange(DoubleLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eight5 = part2.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector shift =
                    groupMax6.blend(0.0, groupMax6.abs().compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
            DoubleVector x7 = v.sub(shift);
            DoubleVector t8 = x7.blend(710, x7.compare(VectorOperators.GT, 710));
            t8 = t8.blend(-746, t8.compare(VectorOperators.LT, -746));
            DoubleVector k9 =
                    t8.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n10 = k9.sub(0x1.8p52);
            DoubleVector r11 = n10.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n10.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t8));
            DoubleVector p12 = r11.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail13 = p12.fma(r11, DoubleVector.broadcast(S, 0.5));
            DoubleVector p14 = r11.mul(r11).fma(expTail13, r11).add(1);
            LongVector e15 = k9.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half16 = e15.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e17 = e15.sub(half16);
            DoubleVector exp18 = p14.mul(
                            half16.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e17.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp18;
            DoubleVector part19 = g > 1 ? e.add(e.rearrange(DoubleLanes.BY_1)) : e;
            part19 = g > 2 ? part19.add(part19.rearrange(DoubleLanes.BY_2)) : part19;
            part19 = g > 4 ? part19.add(part19.rearrange(DoubleLanes.BY_4)) : part19;
            DoubleVector groupSum20 = g > 8 ? part19.add(part19.rearrange(DoubleLanes.BY_8)) : part19;
            VectorMask<Double> tiny21 = groupSum20.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w22 = groupSum20.blend(groupSum20.mul(0x1p54), tiny21);
            DoubleVector lost23 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift24 = DoubleVector.broadcast(S, 0).blend(54, tiny21);
            LongVector bits25 = w22.reinterpretAsLongs();
            LongVector e26 = bits25.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m27 =
                    bits25.sub(e26.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e28 = e26.min(1022).neg();
            DoubleVector z29 =
                    lost23.fma(e28.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m27.sub(1));
            DoubleVector n30 =
                    e26.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n31 = n30.sub(exponentShift24);
            DoubleVector s32 = z29.div(z29.add(2));
            DoubleVector s233 = s32.mul(s32);
            DoubleVector q34 = s233.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q34 = q34.fma(s233, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q34 = q34.fma(s233, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q34 = q34.fma(s233, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q34 = q34.fma(s233, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q34 = q34.fma(s233, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half35 = z29.mul(z29).mul(0.5);
            DoubleVector small36 = s32.fma(s233.fma(q34, half35), n31.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced37 =
                    n31.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z29.sub(half35.sub(small36)));
            DoubleVector logOfSum38 = logReduced37;
            DoubleVector y39 = logOfSum38;
            VectorMask<Double> ordinary40 = groupSum20
                    .compare(VectorOperators.GT, 0)
                    .and(groupSum20.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special41 = groupSum20
                    .blend(Double.NaN, groupSum20.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, groupSum20.compare(VectorOperators.EQ, 0));
            DoubleVector log42 = special41.blend(y39, ordinary40);
            DoubleVector q = log42.add(shift);
            q.rearrange(first).intoArray(y, yo + r);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Double> m = S.indexInRange(0, have * cols);
            DoubleVector v = DoubleVector.broadcast(S, LOW)
                    .blend(DoubleVector.fromArray(S, x, xo + r * cols, m).rearrange(spread), used);
            DoubleVector one43 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part44 = g > 1 ? v.blend(one43, one43.compare(VectorOperators.GT, v)) : v;
            DoubleVector two45 = part44.rearrange(DoubleLanes.BY_2);
            part44 = g > 2 ? part44.blend(two45, two45.compare(VectorOperators.GT, part44)) : part44;
            DoubleVector four46 = part44.rearrange(DoubleLanes.BY_4);
            part44 = g > 4 ? part44.blend(four46, four46.compare(VectorOperators.GT, part44)) : part44;
            DoubleVector eight47 = part44.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax48 =
                    g > 8 ? part44.blend(eight47, eight47.compare(VectorOperators.GT, part44)) : part44;
            DoubleVector shift =
                    groupMax48.blend(0.0, groupMax48.abs().compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
            DoubleVector x49 = v.sub(shift);
            DoubleVector t50 = x49.blend(710, x49.compare(VectorOperators.GT, 710));
            t50 = t50.blend(-746, t50.compare(VectorOperators.LT, -746));
            DoubleVector k51 =
                    t50.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n52 = k51.sub(0x1.8p52);
            DoubleVector r53 = n52.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n52.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t50));
            DoubleVector p54 = r53.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p54 = p54.fma(r53, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail55 = p54.fma(r53, DoubleVector.broadcast(S, 0.5));
            DoubleVector p56 = r53.mul(r53).fma(expTail55, r53).add(1);
            LongVector e57 = k51.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half58 = e57.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e59 = e57.sub(half58);
            DoubleVector exp60 = p56.mul(
                            half58.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e59.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp60;
            DoubleVector part61 = g > 1 ? e.add(e.rearrange(DoubleLanes.BY_1)) : e;
            part61 = g > 2 ? part61.add(part61.rearrange(DoubleLanes.BY_2)) : part61;
            part61 = g > 4 ? part61.add(part61.rearrange(DoubleLanes.BY_4)) : part61;
            DoubleVector groupSum62 = g > 8 ? part61.add(part61.rearrange(DoubleLanes.BY_8)) : part61;
            VectorMask<Double> tiny63 = groupSum62.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w64 = groupSum62.blend(groupSum62.mul(0x1p54), tiny63);
            DoubleVector lost65 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift66 = DoubleVector.broadcast(S, 0).blend(54, tiny63);
            LongVector bits67 = w64.reinterpretAsLongs();
            LongVector e68 = bits67.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m69 =
                    bits67.sub(e68.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e70 = e68.min(1022).neg();
            DoubleVector z71 =
                    lost65.fma(e70.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m69.sub(1));
            DoubleVector n72 =
                    e68.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n73 = n72.sub(exponentShift66);
            DoubleVector s74 = z71.div(z71.add(2));
            DoubleVector s275 = s74.mul(s74);
            DoubleVector q76 = s275.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q76 = q76.fma(s275, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q76 = q76.fma(s275, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q76 = q76.fma(s275, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q76 = q76.fma(s275, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q76 = q76.fma(s275, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half77 = z71.mul(z71).mul(0.5);
            DoubleVector small78 = s74.fma(s275.fma(q76, half77), n73.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced79 =
                    n73.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z71.sub(half77.sub(small78)));
            DoubleVector logOfSum80 = logReduced79;
            DoubleVector y81 = logOfSum80;
            VectorMask<Double> ordinary82 = groupSum62
                    .compare(VectorOperators.GT, 0)
                    .and(groupSum62.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special83 = groupSum62
                    .blend(Double.NaN, groupSum62.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, groupSum62.compare(VectorOperators.EQ, 0));
            DoubleVector log84 = special83.blend(y81, ordinary82);
            DoubleVector q = log84.add(shift);
            q.rearrange(first).intoArray(y, yo + r, S.indexInRange(0, have));
        }
    }

    private static void longRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            DoubleVector m0 = DoubleVector.broadcast(S, LOW);
            DoubleVector m1 = m0;
            int i = 0;
            for (; i < end - L; i += 2 * L) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                DoubleVector v1 = DoubleVector.fromArray(S, x, from + i + L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
            }
            if (i < end) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                DoubleVector v1 = DoubleVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            DoubleVector half1 = m0.rearrange(DoubleLanes.HALVES);
            DoubleVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
            DoubleVector quarter3 = part2.rearrange(DoubleLanes.QUARTERS);
            part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eighth4 = part2.rearrange(DoubleLanes.EIGHTHS);
            part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector sixteenth5 = part2.rearrange(DoubleLanes.SIXTEENTHS);
            DoubleVector maxAll6 =
                    L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector max = maxAll6;
            DoubleVector sum = DoubleVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                DoubleVector s = DoubleVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (i = block; i < last; i += L) {
                    DoubleVector x7 = DoubleVector.fromArray(S, x, from + i).sub(max);
                    DoubleVector t8 = x7.blend(710, x7.compare(VectorOperators.GT, 710));
                    t8 = t8.blend(-746, t8.compare(VectorOperators.LT, -746));
                    DoubleVector k9 = t8.fma(
                            DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                    DoubleVector n10 = k9.sub(0x1.8p52);
                    DoubleVector r11 = n10.fma(
                            DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                            n10.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t8));
                    DoubleVector p12 = r11.fma(
                            DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                            DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                    p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                    DoubleVector expTail13 = p12.fma(r11, DoubleVector.broadcast(S, 0.5));
                    DoubleVector p14 = r11.mul(r11).fma(expTail13, r11).add(1);
                    LongVector e15 = k9.reinterpretAsLongs().sub(0x4338000000000000L);
                    LongVector half16 =
                            e15.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                    LongVector e17 = e15.sub(half16);
                    DoubleVector exp18 = p14.mul(half16.add(1023)
                                    .lanewise(VectorOperators.LSHL, 52)
                                    .reinterpretAsDoubles())
                            .mul(e17.add(1023)
                                    .lanewise(VectorOperators.LSHL, 52)
                                    .reinterpretAsDoubles());
                    DoubleVector e = exp18;
                    e.intoArray(y, to + i);
                    s = s.add(e);
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                DoubleVector x19 =
                        DoubleVector.fromArray(S, x, from + end, tail).sub(max);
                DoubleVector t20 = x19.blend(710, x19.compare(VectorOperators.GT, 710));
                t20 = t20.blend(-746, t20.compare(VectorOperators.LT, -746));
                DoubleVector k21 =
                        t20.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n22 = k21.sub(0x1.8p52);
                DoubleVector r23 = n22.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n22.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t20));
                DoubleVector p24 = r23.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                DoubleVector expTail25 = p24.fma(r23, DoubleVector.broadcast(S, 0.5));
                DoubleVector p26 = r23.mul(r23).fma(expTail25, r23).add(1);
                LongVector e27 = k21.reinterpretAsLongs().sub(0x4338000000000000L);
                LongVector half28 =
                        e27.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                LongVector e29 = e27.sub(half28);
                DoubleVector exp30 = p26.mul(half28.add(1023)
                                .lanewise(VectorOperators.LSHL, 52)
                                .reinterpretAsDoubles())
                        .mul(e29.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
                DoubleVector e = exp30;
                e.intoArray(y, to + end, tail);
                sum = sum.blend(sum.add(e), tail);
            }
            DoubleVector part31 = sum.add(sum.rearrange(DoubleLanes.HALVES));
            part31 = L >= 4 ? part31.add(part31.rearrange(DoubleLanes.QUARTERS)) : part31;
            part31 = L >= 8 ? part31.add(part31.rearrange(DoubleLanes.EIGHTHS)) : part31;
            DoubleVector sumAll32 = L >= 16 ? part31.add(part31.rearrange(DoubleLanes.SIXTEENTHS)) : part31;
            DoubleVector scale = DoubleVector.broadcast(S, 1.0).div(sumAll32);
            for (i = 0; i < end; i += L) {
                DoubleVector.fromArray(S, y, to + i).mul(scale).intoArray(y, to + i);
            }
            if (end < cols) {
                DoubleVector.fromArray(S, y, to + end, tail).mul(scale).intoArray(y, to + end, tail);
            }
        }
    }

    private static void longLogRows(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            DoubleVector m0 = DoubleVector.broadcast(S, LOW);
            DoubleVector m1 = m0;
            int i = 0;
            for (; i < end - L; i += 2 * L) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                DoubleVector v1 = DoubleVector.fromArray(S, x, from + i + L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
            }
            if (i < end) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                DoubleVector v1 = DoubleVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            DoubleVector half1 = m0.rearrange(DoubleLanes.HALVES);
            DoubleVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
            DoubleVector quarter3 = part2.rearrange(DoubleLanes.QUARTERS);
            part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eighth4 = part2.rearrange(DoubleLanes.EIGHTHS);
            part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector sixteenth5 = part2.rearrange(DoubleLanes.SIXTEENTHS);
            DoubleVector maxAll6 =
                    L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector max = maxAll6;
            DoubleVector sum = DoubleVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                DoubleVector s = DoubleVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (i = block; i < last; i += L) {
                    DoubleVector z = DoubleVector.fromArray(S, x, from + i).sub(max);
                    z.intoArray(y, to + i);
                    DoubleVector t7 = z.blend(710, z.compare(VectorOperators.GT, 710));
                    t7 = t7.blend(-746, t7.compare(VectorOperators.LT, -746));
                    DoubleVector k8 = t7.fma(
                            DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                    DoubleVector n9 = k8.sub(0x1.8p52);
                    DoubleVector r10 = n9.fma(
                            DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                            n9.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t7));
                    DoubleVector p11 = r10.fma(
                            DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                            DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                    p11 = p11.fma(r10, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                    DoubleVector expTail12 = p11.fma(r10, DoubleVector.broadcast(S, 0.5));
                    DoubleVector p13 = r10.mul(r10).fma(expTail12, r10).add(1);
                    LongVector e14 = k8.reinterpretAsLongs().sub(0x4338000000000000L);
                    LongVector half15 =
                            e14.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                    LongVector e16 = e14.sub(half15);
                    DoubleVector exp17 = p13.mul(half15.add(1023)
                                    .lanewise(VectorOperators.LSHL, 52)
                                    .reinterpretAsDoubles())
                            .mul(e16.add(1023)
                                    .lanewise(VectorOperators.LSHL, 52)
                                    .reinterpretAsDoubles());
                    s = s.add(exp17);
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                DoubleVector z = DoubleVector.fromArray(S, x, from + end, tail).sub(max);
                z.intoArray(y, to + end, tail);
                DoubleVector t18 = z.blend(710, z.compare(VectorOperators.GT, 710));
                t18 = t18.blend(-746, t18.compare(VectorOperators.LT, -746));
                DoubleVector k19 =
                        t18.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n20 = k19.sub(0x1.8p52);
                DoubleVector r21 = n20.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n20.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t18));
                DoubleVector p22 = r21.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                p22 = p22.fma(r21, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                DoubleVector expTail23 = p22.fma(r21, DoubleVector.broadcast(S, 0.5));
                DoubleVector p24 = r21.mul(r21).fma(expTail23, r21).add(1);
                LongVector e25 = k19.reinterpretAsLongs().sub(0x4338000000000000L);
                LongVector half26 =
                        e25.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                LongVector e27 = e25.sub(half26);
                DoubleVector exp28 = p24.mul(half26.add(1023)
                                .lanewise(VectorOperators.LSHL, 52)
                                .reinterpretAsDoubles())
                        .mul(e27.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
                DoubleVector e = exp28;
                sum = sum.blend(sum.add(e), tail);
            }
            DoubleVector part29 = sum.add(sum.rearrange(DoubleLanes.HALVES));
            part29 = L >= 4 ? part29.add(part29.rearrange(DoubleLanes.QUARTERS)) : part29;
            part29 = L >= 8 ? part29.add(part29.rearrange(DoubleLanes.EIGHTHS)) : part29;
            DoubleVector sumAll30 = L >= 16 ? part29.add(part29.rearrange(DoubleLanes.SIXTEENTHS)) : part29;
            VectorMask<Double> tiny31 = sumAll30.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w32 = sumAll30.blend(sumAll30.mul(0x1p54), tiny31);
            DoubleVector lost33 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift34 = DoubleVector.broadcast(S, 0).blend(54, tiny31);
            LongVector bits35 = w32.reinterpretAsLongs();
            LongVector e36 = bits35.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m37 =
                    bits35.sub(e36.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e38 = e36.min(1022).neg();
            DoubleVector z39 =
                    lost33.fma(e38.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m37.sub(1));
            DoubleVector n40 =
                    e36.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n41 = n40.sub(exponentShift34);
            DoubleVector s42 = z39.div(z39.add(2));
            DoubleVector s243 = s42.mul(s42);
            DoubleVector q44 = s243.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half45 = z39.mul(z39).mul(0.5);
            DoubleVector small46 = s42.fma(s243.fma(q44, half45), n41.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced47 =
                    n41.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z39.sub(half45.sub(small46)));
            DoubleVector logOfSum48 = logReduced47;
            DoubleVector y49 = logOfSum48;
            VectorMask<Double> ordinary50 = sumAll30.compare(VectorOperators.GT, 0)
                    .and(sumAll30.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special51 = sumAll30.blend(Double.NaN, sumAll30.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, sumAll30.compare(VectorOperators.EQ, 0));
            DoubleVector log52 = special51.blend(y49, ordinary50);
            DoubleVector log = log52;
            for (i = 0; i < end; i += L) {
                DoubleVector.fromArray(S, y, to + i).sub(log).intoArray(y, to + i);
            }
            if (end < cols) {
                DoubleVector.fromArray(S, y, to + end, tail).sub(log).intoArray(y, to + end, tail);
            }
        }
    }

    /** As many rows at a time as there are lanes, for the logarithm. */
    private static void longSums(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        DoubleVector lanes = DoubleVector.broadcast(S, 0.0).addIndex(1);
        for (int first = 0; first < rows; first += L) {
            DoubleVector shifts = DoubleVector.zero(S);
            DoubleVector sums = DoubleVector.zero(S);
            int here = Math.min(L, rows - first);
            for (int r = 0; r < here; r++) {
                int from = xo + (first + r) * cols;
                DoubleVector m0 = DoubleVector.broadcast(S, LOW);
                DoubleVector m1 = m0;
                int i = 0;
                for (; i < end - L; i += 2 * L) {
                    DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                    DoubleVector v1 = DoubleVector.fromArray(S, x, from + i + L);
                    m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                    m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
                }
                if (i < end) {
                    DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                    m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                }
                if (end < cols) {
                    DoubleVector v1 = DoubleVector.fromArray(S, x, from + end, tail);
                    m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
                }
                m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
                DoubleVector half1 = m0.rearrange(DoubleLanes.HALVES);
                DoubleVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
                DoubleVector quarter3 = part2.rearrange(DoubleLanes.QUARTERS);
                part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
                DoubleVector eighth4 = part2.rearrange(DoubleLanes.EIGHTHS);
                part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
                DoubleVector sixteenth5 = part2.rearrange(DoubleLanes.SIXTEENTHS);
                DoubleVector maxAll6 =
                        L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
                DoubleVector shift =
                        maxAll6.blend(0.0, maxAll6.abs().compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
                DoubleVector sum = DoubleVector.zero(S);
                for (int block = 0; block < end; block += BLOCK) {
                    DoubleVector s = DoubleVector.zero(S);
                    int last = Math.min(end, block + BLOCK);
                    for (i = block; i < last; i += L) {
                        DoubleVector x7 = DoubleVector.fromArray(S, x, from + i).sub(shift);
                        DoubleVector t8 = x7.blend(710, x7.compare(VectorOperators.GT, 710));
                        t8 = t8.blend(-746, t8.compare(VectorOperators.LT, -746));
                        DoubleVector k9 = t8.fma(
                                DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                        DoubleVector n10 = k9.sub(0x1.8p52);
                        DoubleVector r11 = n10.fma(
                                DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                                n10.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t8));
                        DoubleVector p12 = r11.fma(
                                DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                                DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                        p12 = p12.fma(r11, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                        DoubleVector expTail13 = p12.fma(r11, DoubleVector.broadcast(S, 0.5));
                        DoubleVector p14 = r11.mul(r11).fma(expTail13, r11).add(1);
                        LongVector e15 = k9.reinterpretAsLongs().sub(0x4338000000000000L);
                        LongVector half16 =
                                e15.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                        LongVector e17 = e15.sub(half16);
                        DoubleVector exp18 = p14.mul(half16.add(1023)
                                        .lanewise(VectorOperators.LSHL, 52)
                                        .reinterpretAsDoubles())
                                .mul(e17.add(1023)
                                        .lanewise(VectorOperators.LSHL, 52)
                                        .reinterpretAsDoubles());
                        s = s.add(exp18);
                    }
                    sum = sum.add(s);
                }
                if (end < cols) {
                    DoubleVector x19 =
                            DoubleVector.fromArray(S, x, from + end, tail).sub(shift);
                    DoubleVector t20 = x19.blend(710, x19.compare(VectorOperators.GT, 710));
                    t20 = t20.blend(-746, t20.compare(VectorOperators.LT, -746));
                    DoubleVector k21 = t20.fma(
                            DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                    DoubleVector n22 = k21.sub(0x1.8p52);
                    DoubleVector r23 = n22.fma(
                            DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                            n22.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t20));
                    DoubleVector p24 = r23.fma(
                            DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                            DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                    p24 = p24.fma(r23, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
                    DoubleVector expTail25 = p24.fma(r23, DoubleVector.broadcast(S, 0.5));
                    DoubleVector p26 = r23.mul(r23).fma(expTail25, r23).add(1);
                    LongVector e27 = k21.reinterpretAsLongs().sub(0x4338000000000000L);
                    LongVector half28 =
                            e27.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
                    LongVector e29 = e27.sub(half28);
                    DoubleVector exp30 = p26.mul(half28.add(1023)
                                    .lanewise(VectorOperators.LSHL, 52)
                                    .reinterpretAsDoubles())
                            .mul(e29.add(1023)
                                    .lanewise(VectorOperators.LSHL, 52)
                                    .reinterpretAsDoubles());
                    DoubleVector e = exp30;
                    sum = sum.blend(sum.add(e), tail);
                }
                VectorMask<Double> lane = lanes.compare(VectorOperators.EQ, r);
                shifts = shifts.blend(shift, lane);
                DoubleVector part31 = sum.add(sum.rearrange(DoubleLanes.HALVES));
                part31 = L >= 4 ? part31.add(part31.rearrange(DoubleLanes.QUARTERS)) : part31;
                part31 = L >= 8 ? part31.add(part31.rearrange(DoubleLanes.EIGHTHS)) : part31;
                DoubleVector sumAll32 = L >= 16 ? part31.add(part31.rearrange(DoubleLanes.SIXTEENTHS)) : part31;
                sum = sumAll32;
                sums = sums.blend(sum, lane);
            }
            VectorMask<Double> tiny33 = sums.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w34 = sums.blend(sums.mul(0x1p54), tiny33);
            DoubleVector lost35 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift36 = DoubleVector.broadcast(S, 0).blend(54, tiny33);
            LongVector bits37 = w34.reinterpretAsLongs();
            LongVector e38 = bits37.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m39 =
                    bits37.sub(e38.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e40 = e38.min(1022).neg();
            DoubleVector z41 =
                    lost35.fma(e40.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m39.sub(1));
            DoubleVector n42 =
                    e38.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n43 = n42.sub(exponentShift36);
            DoubleVector s44 = z41.div(z41.add(2));
            DoubleVector s245 = s44.mul(s44);
            DoubleVector q46 = s245.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q46 = q46.fma(s245, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q46 = q46.fma(s245, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q46 = q46.fma(s245, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q46 = q46.fma(s245, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q46 = q46.fma(s245, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half47 = z41.mul(z41).mul(0.5);
            DoubleVector small48 = s44.fma(s245.fma(q46, half47), n43.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced49 =
                    n43.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z41.sub(half47.sub(small48)));
            DoubleVector logOfSum50 = logReduced49;
            DoubleVector y51 = logOfSum50;
            VectorMask<Double> ordinary52 =
                    sums.compare(VectorOperators.GT, 0).and(sums.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special53 = sums.blend(Double.NaN, sums.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, sums.compare(VectorOperators.EQ, 0));
            DoubleVector log54 = special53.blend(y51, ordinary52);
            DoubleVector q = log54.add(shifts);
            q.intoArray(y, yo + first, S.indexInRange(0, here));
        }
    }
}
