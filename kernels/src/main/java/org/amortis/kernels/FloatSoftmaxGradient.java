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
 * <p>Gradients of the logarithms of {@link FloatSoftmax}, rows one after the other, short ones together in vectors.
 */
final class FloatSoftmaxGradient {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** Elements added in one go. */
    private static final int BLOCK = 1024;

    private FloatSoftmaxGradient() {}

    /** Rows of z = dy - e^y sum dy, y the logarithm of the softmax. */
    static void logSoftmaxRows(float[] y, int yo, float[] dy, int dyo, int rows, int cols, float[] z, int zo) {
        if (cols <= L) {
            shortLogRows(y, yo, dy, dyo, rows, cols, z, zo);
        } else {
            longLogRows(y, yo, dy, dyo, rows, cols, z, zo);
        }
    }

    /** Rows of z = dy e^(x - y), one y and one dy a row; where y is -infinity, e^x. */
    static void logSumExpRows(
            float[] x, int xo, float[] y, int yo, float[] dy, int dyo, int rows, int cols, float[] z, int zo) {
        if (cols <= L) {
            shortSums(x, xo, y, yo, dy, dyo, rows, cols, z, zo);
            return;
        }
        for (int r = 0; r < rows; r++) {
            float lse = y[yo + r];
            float shift = lse == Float.NEGATIVE_INFINITY ? 0f : lse;
            scaledExponentials(x, xo + r * cols, shift, dy[dyo + r], cols, z, zo + r * cols);
        }
    }

    private static void shortLogRows(float[] y, int yo, float[] dy, int dyo, int rows, int cols, float[] z, int zo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(d, used);
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
            FloatVector e = exp9;
            FloatVector part10 = g > 1 ? p.add(p.rearrange(FloatLanes.BY_1)) : p;
            part10 = g > 2 ? part10.add(part10.rearrange(FloatLanes.BY_2)) : part10;
            part10 = g > 4 ? part10.add(part10.rearrange(FloatLanes.BY_4)) : part10;
            FloatVector groupSum11 = g > 8 ? part10.add(part10.rearrange(FloatLanes.BY_8)) : part10;
            FloatVector q = d.sub(groupSum11.mul(e));
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(d, used);
            FloatVector t12 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t12 = t12.blend(-104f, t12.compare(VectorOperators.LT, -104f));
            FloatVector k13 = t12.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n14 = k13.sub(0x1.8p23f);
            FloatVector r15 = n14.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n14.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t12));
            FloatVector p16 =
                    r15.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p16 = p16.fma(r15, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p16 = p16.fma(r15, FloatVector.broadcast(S, 0x1.555492p-3f));
            p16 = p16.fma(r15, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p16 = r15.mul(r15).fma(p16, r15).add(1f);
            IntVector e17 = k13.reinterpretAsInts().sub(0x4b400000);
            IntVector half18 = e17.lanewise(VectorOperators.ASHR, 1);
            IntVector e19 = e17.sub(half18);
            FloatVector exp20 = p16.mul(
                            half18.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e19.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp20;
            FloatVector part21 = g > 1 ? p.add(p.rearrange(FloatLanes.BY_1)) : p;
            part21 = g > 2 ? part21.add(part21.rearrange(FloatLanes.BY_2)) : part21;
            part21 = g > 4 ? part21.add(part21.rearrange(FloatLanes.BY_4)) : part21;
            FloatVector groupSum22 = g > 8 ? part21.add(part21.rearrange(FloatLanes.BY_8)) : part21;
            FloatVector q = d.sub(groupSum22.mul(e));
            q.rearrange(pack).intoArray(z, zo + i, m);
        }
    }

    private static void shortSums(
            float[] x, int xo, float[] y, int yo, float[] dy, int dyo, int rows, int cols, float[] z, int zo) {
        VectorShuffle<Float> repeat = FloatLanes.REPEAT_ROW[cols];
        int per = L / cols;
        int r = 0;
        for (; r <= rows - L; r += per) {
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols);
            FloatVector x1 = FloatVector.fromArray(S, y, yo + r);
            FloatVector shift = x1.blend(0f, x1.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
            FloatVector d = FloatVector.fromArray(S, dy, dyo + r).rearrange(repeat);
            FloatVector x2 = v.sub(shift.rearrange(repeat));
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
            FloatVector q = exp11.mul(d);
            q.intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            VectorMask<Float> one = S.indexInRange(0, have);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m);
            FloatVector x12 = FloatVector.fromArray(S, y, yo + r, one);
            FloatVector shift = x12.blend(0f, x12.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
            FloatVector d = FloatVector.fromArray(S, dy, dyo + r, one).rearrange(repeat);
            FloatVector x13 = v.sub(shift.rearrange(repeat));
            FloatVector t14 = x13.blend(89f, x13.compare(VectorOperators.GT, 89f));
            t14 = t14.blend(-104f, t14.compare(VectorOperators.LT, -104f));
            FloatVector k15 = t14.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n16 = k15.sub(0x1.8p23f);
            FloatVector r17 = n16.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n16.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t14));
            FloatVector p18 =
                    r17.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p18 = p18.fma(r17, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p18 = p18.fma(r17, FloatVector.broadcast(S, 0x1.555492p-3f));
            p18 = p18.fma(r17, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p18 = r17.mul(r17).fma(p18, r17).add(1f);
            IntVector e19 = k15.reinterpretAsInts().sub(0x4b400000);
            IntVector half20 = e19.lanewise(VectorOperators.ASHR, 1);
            IntVector e21 = e19.sub(half20);
            FloatVector exp22 = p18.mul(
                            half20.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e21.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector q = exp22.mul(d);
            q.intoArray(z, zo + r * cols, m);
        }
    }

    private static void longLogRows(float[] y, int yo, float[] dy, int dyo, int rows, int cols, float[] z, int zo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int at = yo + r * cols;
            int from = dyo + r * cols;
            int to = zo + r * cols;
            FloatVector sum = FloatVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                FloatVector s = FloatVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (int i = block; i < last; i += L) {
                    s = s.add(FloatVector.fromArray(S, dy, from + i));
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                sum = sum.add(FloatVector.fromArray(S, dy, from + end, tail));
            }
            FloatVector part1 = sum.add(sum.rearrange(FloatLanes.HALVES));
            part1 = L >= 4 ? part1.add(part1.rearrange(FloatLanes.QUARTERS)) : part1;
            part1 = L >= 8 ? part1.add(part1.rearrange(FloatLanes.EIGHTHS)) : part1;
            FloatVector sumAll2 = L >= 16 ? part1.add(part1.rearrange(FloatLanes.SIXTEENTHS)) : part1;
            FloatVector minus = sumAll2.neg();
            for (int i = 0; i < end; i += L) {
                FloatVector x3 = FloatVector.fromArray(S, y, at + i);
                FloatVector t4 = x3.blend(89f, x3.compare(VectorOperators.GT, 89f));
                t4 = t4.blend(-104f, t4.compare(VectorOperators.LT, -104f));
                FloatVector k5 = t4.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n6 = k5.sub(0x1.8p23f);
                FloatVector r7 = n6.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f), n6.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t4));
                FloatVector p8 =
                        r7.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                p8 = p8.fma(r7, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                p8 = p8.fma(r7, FloatVector.broadcast(S, 0x1.555492p-3f));
                p8 = p8.fma(r7, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                p8 = r7.mul(r7).fma(p8, r7).add(1f);
                IntVector e9 = k5.reinterpretAsInts().sub(0x4b400000);
                IntVector half10 = e9.lanewise(VectorOperators.ASHR, 1);
                IntVector e11 = e9.sub(half10);
                FloatVector exp12 = p8.mul(half10.add(127)
                                .lanewise(VectorOperators.LSHL, 23)
                                .reinterpretAsFloats())
                        .mul(e11.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                FloatVector e = exp12;
                e.fma(minus, FloatVector.fromArray(S, dy, from + i)).intoArray(z, to + i);
            }
            if (end < cols) {
                FloatVector x13 = FloatVector.fromArray(S, y, at + end, tail);
                FloatVector t14 = x13.blend(89f, x13.compare(VectorOperators.GT, 89f));
                t14 = t14.blend(-104f, t14.compare(VectorOperators.LT, -104f));
                FloatVector k15 = t14.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n16 = k15.sub(0x1.8p23f);
                FloatVector r17 = n16.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f),
                        n16.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t14));
                FloatVector p18 =
                        r17.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                p18 = p18.fma(r17, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                p18 = p18.fma(r17, FloatVector.broadcast(S, 0x1.555492p-3f));
                p18 = p18.fma(r17, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                p18 = r17.mul(r17).fma(p18, r17).add(1f);
                IntVector e19 = k15.reinterpretAsInts().sub(0x4b400000);
                IntVector half20 = e19.lanewise(VectorOperators.ASHR, 1);
                IntVector e21 = e19.sub(half20);
                FloatVector exp22 = p18.mul(half20.add(127)
                                .lanewise(VectorOperators.LSHL, 23)
                                .reinterpretAsFloats())
                        .mul(e21.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                FloatVector e = exp22;
                e.fma(minus, FloatVector.fromArray(S, dy, from + end, tail)).intoArray(z, to + end, tail);
            }
        }
    }

    /** z = scale e^(x - shift). */
    private static void scaledExponentials(float[] x, int xo, float shift, float scale, int n, float[] z, int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector x1 = FloatVector.fromArray(S, x, xo + i).sub(shift);
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
            FloatVector e = exp10;
            e.mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector x11 = FloatVector.fromArray(S, x, xo + i, m).sub(shift);
            FloatVector t12 = x11.blend(89f, x11.compare(VectorOperators.GT, 89f));
            t12 = t12.blend(-104f, t12.compare(VectorOperators.LT, -104f));
            FloatVector k13 = t12.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n14 = k13.sub(0x1.8p23f);
            FloatVector r15 = n14.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n14.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t12));
            FloatVector p16 =
                    r15.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p16 = p16.fma(r15, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p16 = p16.fma(r15, FloatVector.broadcast(S, 0x1.555492p-3f));
            p16 = p16.fma(r15, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p16 = r15.mul(r15).fma(p16, r15).add(1f);
            IntVector e17 = k13.reinterpretAsInts().sub(0x4b400000);
            IntVector half18 = e17.lanewise(VectorOperators.ASHR, 1);
            IntVector e19 = e17.sub(half18);
            FloatVector exp20 = p16.mul(
                            half18.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e19.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp20;
            e.mul(scale).intoArray(z, zo + i, m);
        }
    }
}
