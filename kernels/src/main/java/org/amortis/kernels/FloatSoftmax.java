package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Softmax, its logarithm and log-sum-exp of rows that lie one after the other, each row shifted by its largest element. Rows
 * up to a vector long share vectors, as {@link FloatLanes} has it; of longer ones the reduced numbers stay in all lanes of a
 * vector. The maximum does not heed NaN: the exponential does.
 */
final class FloatSoftmax {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final float LOW = Float.NEGATIVE_INFINITY;

    /** Elements added in one go: the error of a sum grows with the number of blocks, not of elements. */
    private static final int BLOCK = 1024;

    private FloatSoftmax() {}

    /** Rows of y = softmax of the rows of x. A row of -infinity gives NaN. */
    static void softmaxRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        if (cols <= L) {
            shortRows(x, xo, rows, cols, y, yo);
        } else {
            longRows(x, xo, rows, cols, y, yo);
        }
    }

    /** Rows of y = log of the softmax of the rows of x. */
    static void logSoftmaxRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        if (cols <= L) {
            shortLogRows(x, xo, rows, cols, y, yo);
        } else {
            longLogRows(x, xo, rows, cols, y, yo);
        }
    }

    /** y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. */
    static void logSumExpRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        if (cols <= L) {
            shortSums(x, xo, rows, cols, y, yo);
        } else {
            longSums(x, xo, rows, cols, y, yo);
        }
    }

    private static void shortRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        // what is written beyond the rows of this step is written again by the next
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i).rearrange(spread), used);
            FloatVector one1 = v.rearrange(FloatLanes.BY_1);
            FloatVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            FloatVector two3 = part2.rearrange(FloatLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            FloatVector four4 = part2.rearrange(FloatLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            FloatVector eight5 = part2.rearrange(FloatLanes.BY_8);
            FloatVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            FloatVector x7 = v.sub(groupMax6);
            FloatVector t8 = x7.blend(89f, x7.compare(VectorOperators.GT, 89f));
            t8 = t8.blend(-104f, t8.compare(VectorOperators.LT, -104f));
            FloatVector k9 = t8.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n10 = k9.sub(0x1.8p23f);
            FloatVector r11 = n10.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n10.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t8));
            FloatVector p12 =
                    r11.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.555492p-3f));
            p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p12 = r11.mul(r11).fma(p12, r11).add(1f);
            IntVector e13 = k9.reinterpretAsInts().sub(0x4b400000);
            IntVector half14 = e13.lanewise(VectorOperators.ASHR, 1);
            IntVector e15 = e13.sub(half14);
            FloatVector exp16 = p12.mul(
                            half14.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e15.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp16;
            FloatVector part17 = g > 1 ? e.add(e.rearrange(FloatLanes.BY_1)) : e;
            part17 = g > 2 ? part17.add(part17.rearrange(FloatLanes.BY_2)) : part17;
            part17 = g > 4 ? part17.add(part17.rearrange(FloatLanes.BY_4)) : part17;
            FloatVector groupSum18 = g > 8 ? part17.add(part17.rearrange(FloatLanes.BY_8)) : part17;
            FloatVector q = e.div(groupSum18);
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i, m).rearrange(spread), used);
            FloatVector one19 = v.rearrange(FloatLanes.BY_1);
            FloatVector part20 = g > 1 ? v.blend(one19, one19.compare(VectorOperators.GT, v)) : v;
            FloatVector two21 = part20.rearrange(FloatLanes.BY_2);
            part20 = g > 2 ? part20.blend(two21, two21.compare(VectorOperators.GT, part20)) : part20;
            FloatVector four22 = part20.rearrange(FloatLanes.BY_4);
            part20 = g > 4 ? part20.blend(four22, four22.compare(VectorOperators.GT, part20)) : part20;
            FloatVector eight23 = part20.rearrange(FloatLanes.BY_8);
            FloatVector groupMax24 =
                    g > 8 ? part20.blend(eight23, eight23.compare(VectorOperators.GT, part20)) : part20;
            FloatVector x25 = v.sub(groupMax24);
            FloatVector t26 = x25.blend(89f, x25.compare(VectorOperators.GT, 89f));
            t26 = t26.blend(-104f, t26.compare(VectorOperators.LT, -104f));
            FloatVector k27 = t26.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n28 = k27.sub(0x1.8p23f);
            FloatVector r29 = n28.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n28.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t26));
            FloatVector p30 =
                    r29.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p30 = p30.fma(r29, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p30 = p30.fma(r29, FloatVector.broadcast(S, 0x1.555492p-3f));
            p30 = p30.fma(r29, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p30 = r29.mul(r29).fma(p30, r29).add(1f);
            IntVector e31 = k27.reinterpretAsInts().sub(0x4b400000);
            IntVector half32 = e31.lanewise(VectorOperators.ASHR, 1);
            IntVector e33 = e31.sub(half32);
            FloatVector exp34 = p30.mul(
                            half32.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e33.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp34;
            FloatVector part35 = g > 1 ? e.add(e.rearrange(FloatLanes.BY_1)) : e;
            part35 = g > 2 ? part35.add(part35.rearrange(FloatLanes.BY_2)) : part35;
            part35 = g > 4 ? part35.add(part35.rearrange(FloatLanes.BY_4)) : part35;
            FloatVector groupSum36 = g > 8 ? part35.add(part35.rearrange(FloatLanes.BY_8)) : part35;
            FloatVector q = e.div(groupSum36);
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortLogRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i).rearrange(spread), used);
            FloatVector one1 = v.rearrange(FloatLanes.BY_1);
            FloatVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            FloatVector two3 = part2.rearrange(FloatLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            FloatVector four4 = part2.rearrange(FloatLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            FloatVector eight5 = part2.rearrange(FloatLanes.BY_8);
            FloatVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            FloatVector z = v.sub(groupMax6);
            FloatVector t7 = z.blend(89f, z.compare(VectorOperators.GT, 89f));
            t7 = t7.blend(-104f, t7.compare(VectorOperators.LT, -104f));
            FloatVector k8 = t7.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n9 = k8.sub(0x1.8p23f);
            FloatVector r10 = n9.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n9.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t7));
            FloatVector p11 =
                    r10.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.555492p-3f));
            p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p11 = r10.mul(r10).fma(p11, r10).add(1f);
            IntVector e12 = k8.reinterpretAsInts().sub(0x4b400000);
            IntVector half13 = e12.lanewise(VectorOperators.ASHR, 1);
            IntVector e14 = e12.sub(half13);
            FloatVector exp15 = p11.mul(
                            half13.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e14.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp15;
            FloatVector part16 = g > 1 ? e.add(e.rearrange(FloatLanes.BY_1)) : e;
            part16 = g > 2 ? part16.add(part16.rearrange(FloatLanes.BY_2)) : part16;
            part16 = g > 4 ? part16.add(part16.rearrange(FloatLanes.BY_4)) : part16;
            FloatVector groupSum17 = g > 8 ? part16.add(part16.rearrange(FloatLanes.BY_8)) : part16;
            VectorMask<Float> tiny18 = groupSum17.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits19 = groupSum17.blend(groupSum17.mul(0x1p23f), tiny18).reinterpretAsInts();
            IntVector e20 = bits19.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z21 = bits19.sub(e20.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n22 = (FloatVector) e20.convert(VectorOperators.I2F, 0);
            FloatVector n23 = n22.blend(n22.sub(23f), tiny18);
            FloatVector p24 =
                    z21.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p24 = p24.fma(z21, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p24 = p24.fma(z21, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p24 = p24.fma(z21, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p24 = p24.fma(z21, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p24 = p24.fma(z21, FloatVector.broadcast(S, -0x1.000226p-2f));
            p24 = p24.fma(z21, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z225 = z21.mul(z21);
            FloatVector tail26 = n23.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z225.mul(z21.fma(p24, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced27 = n23.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail26.add(z21));
            FloatVector y28 = logReduced27;
            VectorMask<Float> ordinary29 = groupSum17
                    .compare(VectorOperators.GT, 0f)
                    .and(groupSum17.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special30 = groupSum17
                    .blend(Float.NaN, groupSum17.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, groupSum17.compare(VectorOperators.EQ, 0f));
            FloatVector log31 = special30.blend(y28, ordinary29);
            FloatVector q = z.sub(log31);
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i, m).rearrange(spread), used);
            FloatVector one32 = v.rearrange(FloatLanes.BY_1);
            FloatVector part33 = g > 1 ? v.blend(one32, one32.compare(VectorOperators.GT, v)) : v;
            FloatVector two34 = part33.rearrange(FloatLanes.BY_2);
            part33 = g > 2 ? part33.blend(two34, two34.compare(VectorOperators.GT, part33)) : part33;
            FloatVector four35 = part33.rearrange(FloatLanes.BY_4);
            part33 = g > 4 ? part33.blend(four35, four35.compare(VectorOperators.GT, part33)) : part33;
            FloatVector eight36 = part33.rearrange(FloatLanes.BY_8);
            FloatVector groupMax37 =
                    g > 8 ? part33.blend(eight36, eight36.compare(VectorOperators.GT, part33)) : part33;
            FloatVector z = v.sub(groupMax37);
            FloatVector t38 = z.blend(89f, z.compare(VectorOperators.GT, 89f));
            t38 = t38.blend(-104f, t38.compare(VectorOperators.LT, -104f));
            FloatVector k39 = t38.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n40 = k39.sub(0x1.8p23f);
            FloatVector r41 = n40.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n40.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t38));
            FloatVector p42 =
                    r41.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p42 = p42.fma(r41, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p42 = p42.fma(r41, FloatVector.broadcast(S, 0x1.555492p-3f));
            p42 = p42.fma(r41, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p42 = r41.mul(r41).fma(p42, r41).add(1f);
            IntVector e43 = k39.reinterpretAsInts().sub(0x4b400000);
            IntVector half44 = e43.lanewise(VectorOperators.ASHR, 1);
            IntVector e45 = e43.sub(half44);
            FloatVector exp46 = p42.mul(
                            half44.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e45.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp46;
            FloatVector part47 = g > 1 ? e.add(e.rearrange(FloatLanes.BY_1)) : e;
            part47 = g > 2 ? part47.add(part47.rearrange(FloatLanes.BY_2)) : part47;
            part47 = g > 4 ? part47.add(part47.rearrange(FloatLanes.BY_4)) : part47;
            FloatVector groupSum48 = g > 8 ? part47.add(part47.rearrange(FloatLanes.BY_8)) : part47;
            VectorMask<Float> tiny49 = groupSum48.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits50 = groupSum48.blend(groupSum48.mul(0x1p23f), tiny49).reinterpretAsInts();
            IntVector e51 = bits50.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z52 = bits50.sub(e51.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n53 = (FloatVector) e51.convert(VectorOperators.I2F, 0);
            FloatVector n54 = n53.blend(n53.sub(23f), tiny49);
            FloatVector p55 =
                    z52.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p55 = p55.fma(z52, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p55 = p55.fma(z52, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p55 = p55.fma(z52, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p55 = p55.fma(z52, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p55 = p55.fma(z52, FloatVector.broadcast(S, -0x1.000226p-2f));
            p55 = p55.fma(z52, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z256 = z52.mul(z52);
            FloatVector tail57 = n54.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z256.mul(z52.fma(p55, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced58 = n54.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail57.add(z52));
            FloatVector y59 = logReduced58;
            VectorMask<Float> ordinary60 = groupSum48
                    .compare(VectorOperators.GT, 0f)
                    .and(groupSum48.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special61 = groupSum48
                    .blend(Float.NaN, groupSum48.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, groupSum48.compare(VectorOperators.EQ, 0f));
            FloatVector log62 = special61.blend(y59, ordinary60);
            FloatVector q = z.sub(log62);
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortSums(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> first = FloatLanes.FIRST[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + r * cols).rearrange(spread), used);
            FloatVector one1 = v.rearrange(FloatLanes.BY_1);
            FloatVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            FloatVector two3 = part2.rearrange(FloatLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            FloatVector four4 = part2.rearrange(FloatLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            FloatVector eight5 = part2.rearrange(FloatLanes.BY_8);
            FloatVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            FloatVector shift =
                    groupMax6.blend(0f, groupMax6.abs().compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            FloatVector x7 = v.sub(shift);
            FloatVector t8 = x7.blend(89f, x7.compare(VectorOperators.GT, 89f));
            t8 = t8.blend(-104f, t8.compare(VectorOperators.LT, -104f));
            FloatVector k9 = t8.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n10 = k9.sub(0x1.8p23f);
            FloatVector r11 = n10.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n10.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t8));
            FloatVector p12 =
                    r11.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.555492p-3f));
            p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p12 = r11.mul(r11).fma(p12, r11).add(1f);
            IntVector e13 = k9.reinterpretAsInts().sub(0x4b400000);
            IntVector half14 = e13.lanewise(VectorOperators.ASHR, 1);
            IntVector e15 = e13.sub(half14);
            FloatVector exp16 = p12.mul(
                            half14.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e15.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp16;
            FloatVector part17 = g > 1 ? e.add(e.rearrange(FloatLanes.BY_1)) : e;
            part17 = g > 2 ? part17.add(part17.rearrange(FloatLanes.BY_2)) : part17;
            part17 = g > 4 ? part17.add(part17.rearrange(FloatLanes.BY_4)) : part17;
            FloatVector groupSum18 = g > 8 ? part17.add(part17.rearrange(FloatLanes.BY_8)) : part17;
            VectorMask<Float> tiny19 = groupSum18.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits20 = groupSum18.blend(groupSum18.mul(0x1p23f), tiny19).reinterpretAsInts();
            IntVector e21 = bits20.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z22 = bits20.sub(e21.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n23 = (FloatVector) e21.convert(VectorOperators.I2F, 0);
            FloatVector n24 = n23.blend(n23.sub(23f), tiny19);
            FloatVector p25 =
                    z22.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p25 = p25.fma(z22, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p25 = p25.fma(z22, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p25 = p25.fma(z22, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p25 = p25.fma(z22, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p25 = p25.fma(z22, FloatVector.broadcast(S, -0x1.000226p-2f));
            p25 = p25.fma(z22, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z226 = z22.mul(z22);
            FloatVector tail27 = n24.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z226.mul(z22.fma(p25, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced28 = n24.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail27.add(z22));
            FloatVector y29 = logReduced28;
            VectorMask<Float> ordinary30 = groupSum18
                    .compare(VectorOperators.GT, 0f)
                    .and(groupSum18.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special31 = groupSum18
                    .blend(Float.NaN, groupSum18.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, groupSum18.compare(VectorOperators.EQ, 0f));
            FloatVector log32 = special31.blend(y29, ordinary30);
            FloatVector q = log32.add(shift);
            q.rearrange(first).intoArray(y, yo + r);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + r * cols, m).rearrange(spread), used);
            FloatVector one33 = v.rearrange(FloatLanes.BY_1);
            FloatVector part34 = g > 1 ? v.blend(one33, one33.compare(VectorOperators.GT, v)) : v;
            FloatVector two35 = part34.rearrange(FloatLanes.BY_2);
            part34 = g > 2 ? part34.blend(two35, two35.compare(VectorOperators.GT, part34)) : part34;
            FloatVector four36 = part34.rearrange(FloatLanes.BY_4);
            part34 = g > 4 ? part34.blend(four36, four36.compare(VectorOperators.GT, part34)) : part34;
            FloatVector eight37 = part34.rearrange(FloatLanes.BY_8);
            FloatVector groupMax38 =
                    g > 8 ? part34.blend(eight37, eight37.compare(VectorOperators.GT, part34)) : part34;
            FloatVector shift =
                    groupMax38.blend(0f, groupMax38.abs().compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            FloatVector x39 = v.sub(shift);
            FloatVector t40 = x39.blend(89f, x39.compare(VectorOperators.GT, 89f));
            t40 = t40.blend(-104f, t40.compare(VectorOperators.LT, -104f));
            FloatVector k41 = t40.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n42 = k41.sub(0x1.8p23f);
            FloatVector r43 = n42.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n42.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t40));
            FloatVector p44 =
                    r43.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p44 = p44.fma(r43, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p44 = p44.fma(r43, FloatVector.broadcast(S, 0x1.555492p-3f));
            p44 = p44.fma(r43, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p44 = r43.mul(r43).fma(p44, r43).add(1f);
            IntVector e45 = k41.reinterpretAsInts().sub(0x4b400000);
            IntVector half46 = e45.lanewise(VectorOperators.ASHR, 1);
            IntVector e47 = e45.sub(half46);
            FloatVector exp48 = p44.mul(
                            half46.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e47.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp48;
            FloatVector part49 = g > 1 ? e.add(e.rearrange(FloatLanes.BY_1)) : e;
            part49 = g > 2 ? part49.add(part49.rearrange(FloatLanes.BY_2)) : part49;
            part49 = g > 4 ? part49.add(part49.rearrange(FloatLanes.BY_4)) : part49;
            FloatVector groupSum50 = g > 8 ? part49.add(part49.rearrange(FloatLanes.BY_8)) : part49;
            VectorMask<Float> tiny51 = groupSum50.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits52 = groupSum50.blend(groupSum50.mul(0x1p23f), tiny51).reinterpretAsInts();
            IntVector e53 = bits52.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z54 = bits52.sub(e53.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n55 = (FloatVector) e53.convert(VectorOperators.I2F, 0);
            FloatVector n56 = n55.blend(n55.sub(23f), tiny51);
            FloatVector p57 =
                    z54.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p57 = p57.fma(z54, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p57 = p57.fma(z54, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p57 = p57.fma(z54, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p57 = p57.fma(z54, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p57 = p57.fma(z54, FloatVector.broadcast(S, -0x1.000226p-2f));
            p57 = p57.fma(z54, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z258 = z54.mul(z54);
            FloatVector tail59 = n56.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z258.mul(z54.fma(p57, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced60 = n56.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail59.add(z54));
            FloatVector y61 = logReduced60;
            VectorMask<Float> ordinary62 = groupSum50
                    .compare(VectorOperators.GT, 0f)
                    .and(groupSum50.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special63 = groupSum50
                    .blend(Float.NaN, groupSum50.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, groupSum50.compare(VectorOperators.EQ, 0f));
            FloatVector log64 = special63.blend(y61, ordinary62);
            FloatVector q = log64.add(shift);
            q.rearrange(first).intoArray(y, yo + r, S.indexInRange(0, have));
        }
    }

    private static void longRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            FloatVector m0 = FloatVector.broadcast(S, LOW);
            FloatVector m1 = m0;
            int i = 0;
            for (; i < end - L; i += 2 * L) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                FloatVector v1 = FloatVector.fromArray(S, x, from + i + L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
            }
            if (i < end) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                FloatVector v1 = FloatVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            FloatVector half1 = m0.rearrange(FloatLanes.HALVES);
            FloatVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
            FloatVector quarter3 = part2.rearrange(FloatLanes.QUARTERS);
            part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
            FloatVector eighth4 = part2.rearrange(FloatLanes.EIGHTHS);
            part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
            FloatVector sixteenth5 = part2.rearrange(FloatLanes.SIXTEENTHS);
            FloatVector maxAll6 =
                    L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
            FloatVector max = maxAll6;
            FloatVector sum = FloatVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                FloatVector s = FloatVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (i = block; i < last; i += L) {
                    FloatVector x7 = FloatVector.fromArray(S, x, from + i).sub(max);
                    FloatVector t8 = x7.blend(89f, x7.compare(VectorOperators.GT, 89f));
                    t8 = t8.blend(-104f, t8.compare(VectorOperators.LT, -104f));
                    FloatVector k9 =
                            t8.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                    FloatVector n10 = k9.sub(0x1.8p23f);
                    FloatVector r11 = n10.fma(
                            FloatVector.broadcast(S, 0x1.05c61p-29f),
                            n10.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t8));
                    FloatVector p12 = r11.fma(
                            FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                    p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                    p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.555492p-3f));
                    p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                    p12 = r11.mul(r11).fma(p12, r11).add(1f);
                    IntVector e13 = k9.reinterpretAsInts().sub(0x4b400000);
                    IntVector half14 = e13.lanewise(VectorOperators.ASHR, 1);
                    IntVector e15 = e13.sub(half14);
                    FloatVector exp16 = p12.mul(half14.add(127)
                                    .lanewise(VectorOperators.LSHL, 23)
                                    .reinterpretAsFloats())
                            .mul(e15.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                    FloatVector e = exp16;
                    e.intoArray(y, to + i);
                    s = s.add(e);
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                FloatVector x17 = FloatVector.fromArray(S, x, from + end, tail).sub(max);
                FloatVector t18 = x17.blend(89f, x17.compare(VectorOperators.GT, 89f));
                t18 = t18.blend(-104f, t18.compare(VectorOperators.LT, -104f));
                FloatVector k19 = t18.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n20 = k19.sub(0x1.8p23f);
                FloatVector r21 = n20.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f),
                        n20.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t18));
                FloatVector p22 =
                        r21.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.555492p-3f));
                p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                p22 = r21.mul(r21).fma(p22, r21).add(1f);
                IntVector e23 = k19.reinterpretAsInts().sub(0x4b400000);
                IntVector half24 = e23.lanewise(VectorOperators.ASHR, 1);
                IntVector e25 = e23.sub(half24);
                FloatVector exp26 = p22.mul(half24.add(127)
                                .lanewise(VectorOperators.LSHL, 23)
                                .reinterpretAsFloats())
                        .mul(e25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                FloatVector e = exp26;
                e.intoArray(y, to + end, tail);
                sum = sum.blend(sum.add(e), tail);
            }
            FloatVector part27 = sum.add(sum.rearrange(FloatLanes.HALVES));
            part27 = L >= 4 ? part27.add(part27.rearrange(FloatLanes.QUARTERS)) : part27;
            part27 = L >= 8 ? part27.add(part27.rearrange(FloatLanes.EIGHTHS)) : part27;
            FloatVector sumAll28 = L >= 16 ? part27.add(part27.rearrange(FloatLanes.SIXTEENTHS)) : part27;
            FloatVector scale = FloatVector.broadcast(S, 1f).div(sumAll28);
            for (i = 0; i < end; i += L) {
                FloatVector.fromArray(S, y, to + i).mul(scale).intoArray(y, to + i);
            }
            if (end < cols) {
                FloatVector.fromArray(S, y, to + end, tail).mul(scale).intoArray(y, to + end, tail);
            }
        }
    }

    private static void longLogRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            FloatVector m0 = FloatVector.broadcast(S, LOW);
            FloatVector m1 = m0;
            int i = 0;
            for (; i < end - L; i += 2 * L) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                FloatVector v1 = FloatVector.fromArray(S, x, from + i + L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
            }
            if (i < end) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                FloatVector v1 = FloatVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            FloatVector half1 = m0.rearrange(FloatLanes.HALVES);
            FloatVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
            FloatVector quarter3 = part2.rearrange(FloatLanes.QUARTERS);
            part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
            FloatVector eighth4 = part2.rearrange(FloatLanes.EIGHTHS);
            part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
            FloatVector sixteenth5 = part2.rearrange(FloatLanes.SIXTEENTHS);
            FloatVector maxAll6 =
                    L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
            FloatVector max = maxAll6;
            FloatVector sum = FloatVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                FloatVector s = FloatVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (i = block; i < last; i += L) {
                    FloatVector z = FloatVector.fromArray(S, x, from + i).sub(max);
                    z.intoArray(y, to + i);
                    FloatVector t7 = z.blend(89f, z.compare(VectorOperators.GT, 89f));
                    t7 = t7.blend(-104f, t7.compare(VectorOperators.LT, -104f));
                    FloatVector k8 =
                            t7.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                    FloatVector n9 = k8.sub(0x1.8p23f);
                    FloatVector r10 = n9.fma(
                            FloatVector.broadcast(S, 0x1.05c61p-29f),
                            n9.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t7));
                    FloatVector p11 = r10.fma(
                            FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                    p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                    p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.555492p-3f));
                    p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                    p11 = r10.mul(r10).fma(p11, r10).add(1f);
                    IntVector e12 = k8.reinterpretAsInts().sub(0x4b400000);
                    IntVector half13 = e12.lanewise(VectorOperators.ASHR, 1);
                    IntVector e14 = e12.sub(half13);
                    FloatVector exp15 = p11.mul(half13.add(127)
                                    .lanewise(VectorOperators.LSHL, 23)
                                    .reinterpretAsFloats())
                            .mul(e14.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                    s = s.add(exp15);
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                FloatVector z = FloatVector.fromArray(S, x, from + end, tail).sub(max);
                z.intoArray(y, to + end, tail);
                FloatVector t16 = z.blend(89f, z.compare(VectorOperators.GT, 89f));
                t16 = t16.blend(-104f, t16.compare(VectorOperators.LT, -104f));
                FloatVector k17 = t16.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n18 = k17.sub(0x1.8p23f);
                FloatVector r19 = n18.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f),
                        n18.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t16));
                FloatVector p20 =
                        r19.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                p20 = p20.fma(r19, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                p20 = p20.fma(r19, FloatVector.broadcast(S, 0x1.555492p-3f));
                p20 = p20.fma(r19, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                p20 = r19.mul(r19).fma(p20, r19).add(1f);
                IntVector e21 = k17.reinterpretAsInts().sub(0x4b400000);
                IntVector half22 = e21.lanewise(VectorOperators.ASHR, 1);
                IntVector e23 = e21.sub(half22);
                FloatVector exp24 = p20.mul(half22.add(127)
                                .lanewise(VectorOperators.LSHL, 23)
                                .reinterpretAsFloats())
                        .mul(e23.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                FloatVector e = exp24;
                sum = sum.blend(sum.add(e), tail);
            }
            FloatVector part25 = sum.add(sum.rearrange(FloatLanes.HALVES));
            part25 = L >= 4 ? part25.add(part25.rearrange(FloatLanes.QUARTERS)) : part25;
            part25 = L >= 8 ? part25.add(part25.rearrange(FloatLanes.EIGHTHS)) : part25;
            FloatVector sumAll26 = L >= 16 ? part25.add(part25.rearrange(FloatLanes.SIXTEENTHS)) : part25;
            VectorMask<Float> tiny27 = sumAll26.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits28 = sumAll26.blend(sumAll26.mul(0x1p23f), tiny27).reinterpretAsInts();
            IntVector e29 = bits28.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z30 = bits28.sub(e29.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n31 = (FloatVector) e29.convert(VectorOperators.I2F, 0);
            FloatVector n32 = n31.blend(n31.sub(23f), tiny27);
            FloatVector p33 =
                    z30.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p33 = p33.fma(z30, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p33 = p33.fma(z30, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p33 = p33.fma(z30, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p33 = p33.fma(z30, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p33 = p33.fma(z30, FloatVector.broadcast(S, -0x1.000226p-2f));
            p33 = p33.fma(z30, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z234 = z30.mul(z30);
            FloatVector tail35 = n32.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z234.mul(z30.fma(p33, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced36 = n32.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail35.add(z30));
            FloatVector y37 = logReduced36;
            VectorMask<Float> ordinary38 = sumAll26.compare(VectorOperators.GT, 0f)
                    .and(sumAll26.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special39 = sumAll26.blend(Float.NaN, sumAll26.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, sumAll26.compare(VectorOperators.EQ, 0f));
            FloatVector log40 = special39.blend(y37, ordinary38);
            FloatVector log = log40;
            for (i = 0; i < end; i += L) {
                FloatVector.fromArray(S, y, to + i).sub(log).intoArray(y, to + i);
            }
            if (end < cols) {
                FloatVector.fromArray(S, y, to + end, tail).sub(log).intoArray(y, to + end, tail);
            }
        }
    }

    /** As many rows at a time as there are lanes, for the logarithm. */
    private static void longSums(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        FloatVector lanes = FloatVector.broadcast(S, 0f).addIndex(1);
        for (int first = 0; first < rows; first += L) {
            FloatVector shifts = FloatVector.zero(S);
            FloatVector sums = FloatVector.zero(S);
            int here = Math.min(L, rows - first);
            for (int r = 0; r < here; r++) {
                int from = xo + (first + r) * cols;
                FloatVector m0 = FloatVector.broadcast(S, LOW);
                FloatVector m1 = m0;
                int i = 0;
                for (; i < end - L; i += 2 * L) {
                    FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                    FloatVector v1 = FloatVector.fromArray(S, x, from + i + L);
                    m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                    m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
                }
                if (i < end) {
                    FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                    m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                }
                if (end < cols) {
                    FloatVector v1 = FloatVector.fromArray(S, x, from + end, tail);
                    m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
                }
                m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
                FloatVector half1 = m0.rearrange(FloatLanes.HALVES);
                FloatVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
                FloatVector quarter3 = part2.rearrange(FloatLanes.QUARTERS);
                part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
                FloatVector eighth4 = part2.rearrange(FloatLanes.EIGHTHS);
                part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
                FloatVector sixteenth5 = part2.rearrange(FloatLanes.SIXTEENTHS);
                FloatVector maxAll6 =
                        L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
                FloatVector shift =
                        maxAll6.blend(0f, maxAll6.abs().compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
                FloatVector sum = FloatVector.zero(S);
                for (int block = 0; block < end; block += BLOCK) {
                    FloatVector s = FloatVector.zero(S);
                    int last = Math.min(end, block + BLOCK);
                    for (i = block; i < last; i += L) {
                        FloatVector x7 = FloatVector.fromArray(S, x, from + i).sub(shift);
                        FloatVector t8 = x7.blend(89f, x7.compare(VectorOperators.GT, 89f));
                        t8 = t8.blend(-104f, t8.compare(VectorOperators.LT, -104f));
                        FloatVector k9 =
                                t8.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                        FloatVector n10 = k9.sub(0x1.8p23f);
                        FloatVector r11 = n10.fma(
                                FloatVector.broadcast(S, 0x1.05c61p-29f),
                                n10.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t8));
                        FloatVector p12 = r11.fma(
                                FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                        p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                        p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.555492p-3f));
                        p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                        p12 = r11.mul(r11).fma(p12, r11).add(1f);
                        IntVector e13 = k9.reinterpretAsInts().sub(0x4b400000);
                        IntVector half14 = e13.lanewise(VectorOperators.ASHR, 1);
                        IntVector e15 = e13.sub(half14);
                        FloatVector exp16 = p12.mul(half14.add(127)
                                        .lanewise(VectorOperators.LSHL, 23)
                                        .reinterpretAsFloats())
                                .mul(e15.add(127)
                                        .lanewise(VectorOperators.LSHL, 23)
                                        .reinterpretAsFloats());
                        s = s.add(exp16);
                    }
                    sum = sum.add(s);
                }
                if (end < cols) {
                    FloatVector x17 =
                            FloatVector.fromArray(S, x, from + end, tail).sub(shift);
                    FloatVector t18 = x17.blend(89f, x17.compare(VectorOperators.GT, 89f));
                    t18 = t18.blend(-104f, t18.compare(VectorOperators.LT, -104f));
                    FloatVector k19 =
                            t18.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                    FloatVector n20 = k19.sub(0x1.8p23f);
                    FloatVector r21 = n20.fma(
                            FloatVector.broadcast(S, 0x1.05c61p-29f),
                            n20.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t18));
                    FloatVector p22 = r21.fma(
                            FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                    p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                    p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.555492p-3f));
                    p22 = p22.fma(r21, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                    p22 = r21.mul(r21).fma(p22, r21).add(1f);
                    IntVector e23 = k19.reinterpretAsInts().sub(0x4b400000);
                    IntVector half24 = e23.lanewise(VectorOperators.ASHR, 1);
                    IntVector e25 = e23.sub(half24);
                    FloatVector exp26 = p22.mul(half24.add(127)
                                    .lanewise(VectorOperators.LSHL, 23)
                                    .reinterpretAsFloats())
                            .mul(e25.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                    FloatVector e = exp26;
                    sum = sum.blend(sum.add(e), tail);
                }
                VectorMask<Float> lane = lanes.compare(VectorOperators.EQ, (float) r);
                shifts = shifts.blend(shift, lane);
                FloatVector part27 = sum.add(sum.rearrange(FloatLanes.HALVES));
                part27 = L >= 4 ? part27.add(part27.rearrange(FloatLanes.QUARTERS)) : part27;
                part27 = L >= 8 ? part27.add(part27.rearrange(FloatLanes.EIGHTHS)) : part27;
                FloatVector sumAll28 = L >= 16 ? part27.add(part27.rearrange(FloatLanes.SIXTEENTHS)) : part27;
                sum = sumAll28;
                sums = sums.blend(sum, lane);
            }
            VectorMask<Float> tiny29 = sums.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits30 = sums.blend(sums.mul(0x1p23f), tiny29).reinterpretAsInts();
            IntVector e31 = bits30.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector z32 = bits30.sub(e31.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector n33 = (FloatVector) e31.convert(VectorOperators.I2F, 0);
            FloatVector n34 = n33.blend(n33.sub(23f), tiny29);
            FloatVector p35 =
                    z32.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p35 = p35.fma(z32, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p35 = p35.fma(z32, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p35 = p35.fma(z32, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p35 = p35.fma(z32, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p35 = p35.fma(z32, FloatVector.broadcast(S, -0x1.000226p-2f));
            p35 = p35.fma(z32, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z236 = z32.mul(z32);
            FloatVector tail37 = n34.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z236.mul(z32.fma(p35, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced38 = n34.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail37.add(z32));
            FloatVector y39 = logReduced38;
            VectorMask<Float> ordinary40 =
                    sums.compare(VectorOperators.GT, 0f).and(sums.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            FloatVector special41 = sums.blend(Float.NaN, sums.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, sums.compare(VectorOperators.EQ, 0f));
            FloatVector log42 = special41.blend(y39, ordinary40);
            FloatVector q = log42.add(shifts);
            q.intoArray(y, yo + first, S.indexInRange(0, here));
        }
    }
}
