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
            FloatVector k1 = v.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n2 = k1.sub(0x1.8p23f);
            FloatVector r3 = n2.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n2.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), v));
            FloatVector r24 = r3.mul(r3);
            FloatVector low5 =
                    r3.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high6 =
                    r3.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high6 = r24.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high6);
            FloatVector expReduced7 = r24.fma(r24.fma(high6, low5), r3).add(1f);
            FloatVector p8 = expReduced7;
            VectorMask<Float> low9 = v.compare(VectorOperators.LT, -86f);
            FloatVector k10 = k1.add(64f, low9);
            IntVector n11 = k10.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled12 = p8.reinterpretAsInts().add(n11).reinterpretAsFloats();
            FloatVector y13 = scaled12.mul(0x1p-64f, low9);
            y13 = y13.blend(0f, v.compare(VectorOperators.LT, -104f));
            FloatVector exp14 = v.add(Float.POSITIVE_INFINITY).blend(y13, v.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector e = exp14;
            FloatVector part15 = g > 1 ? p.add(p.rearrange(FloatLanes.BY_1)) : p;
            part15 = g > 2 ? part15.add(part15.rearrange(FloatLanes.BY_2)) : part15;
            part15 = g > 4 ? part15.add(part15.rearrange(FloatLanes.BY_4)) : part15;
            FloatVector groupSum16 = g > 8 ? part15.add(part15.rearrange(FloatLanes.BY_8)) : part15;
            FloatVector q = d.sub(groupSum16.mul(e));
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(d, used);
            FloatVector k17 = v.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n18 = k17.sub(0x1.8p23f);
            FloatVector r19 = n18.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n18.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), v));
            FloatVector r220 = r19.mul(r19);
            FloatVector low21 =
                    r19.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high22 =
                    r19.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high22 = r220.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high22);
            FloatVector expReduced23 = r220.fma(r220.fma(high22, low21), r19).add(1f);
            FloatVector p24 = expReduced23;
            VectorMask<Float> low25 = v.compare(VectorOperators.LT, -86f);
            FloatVector k26 = k17.add(64f, low25);
            IntVector n27 = k26.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled28 = p24.reinterpretAsInts().add(n27).reinterpretAsFloats();
            FloatVector y29 = scaled28.mul(0x1p-64f, low25);
            y29 = y29.blend(0f, v.compare(VectorOperators.LT, -104f));
            FloatVector exp30 = v.add(Float.POSITIVE_INFINITY).blend(y29, v.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector e = exp30;
            FloatVector part31 = g > 1 ? p.add(p.rearrange(FloatLanes.BY_1)) : p;
            part31 = g > 2 ? part31.add(part31.rearrange(FloatLanes.BY_2)) : part31;
            part31 = g > 4 ? part31.add(part31.rearrange(FloatLanes.BY_4)) : part31;
            FloatVector groupSum32 = g > 8 ? part31.add(part31.rearrange(FloatLanes.BY_8)) : part31;
            FloatVector q = d.sub(groupSum32.mul(e));
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
            FloatVector k3 = x2.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n4 = k3.sub(0x1.8p23f);
            FloatVector r5 = n4.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n4.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x2));
            FloatVector r26 = r5.mul(r5);
            FloatVector low7 =
                    r5.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high8 =
                    r5.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high8 = r26.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high8);
            FloatVector expReduced9 = r26.fma(r26.fma(high8, low7), r5).add(1f);
            FloatVector p10 = expReduced9;
            VectorMask<Float> low11 = x2.compare(VectorOperators.LT, -86f);
            FloatVector k12 = k3.add(64f, low11);
            IntVector n13 = k12.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled14 = p10.reinterpretAsInts().add(n13).reinterpretAsFloats();
            FloatVector y15 = scaled14.mul(0x1p-64f, low11);
            y15 = y15.blend(0f, x2.compare(VectorOperators.LT, -104f));
            FloatVector exp16 =
                    x2.add(Float.POSITIVE_INFINITY).blend(y15, x2.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector q = exp16.mul(d);
            q.intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            VectorMask<Float> one = S.indexInRange(0, have);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m);
            FloatVector x17 = FloatVector.fromArray(S, y, yo + r, one);
            FloatVector shift = x17.blend(0f, x17.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
            FloatVector d = FloatVector.fromArray(S, dy, dyo + r, one).rearrange(repeat);
            FloatVector x18 = v.sub(shift.rearrange(repeat));
            FloatVector k19 = x18.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n20 = k19.sub(0x1.8p23f);
            FloatVector r21 = n20.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n20.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x18));
            FloatVector r222 = r21.mul(r21);
            FloatVector low23 =
                    r21.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high24 =
                    r21.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high24 = r222.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high24);
            FloatVector expReduced25 = r222.fma(r222.fma(high24, low23), r21).add(1f);
            FloatVector p26 = expReduced25;
            VectorMask<Float> low27 = x18.compare(VectorOperators.LT, -86f);
            FloatVector k28 = k19.add(64f, low27);
            IntVector n29 = k28.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled30 = p26.reinterpretAsInts().add(n29).reinterpretAsFloats();
            FloatVector y31 = scaled30.mul(0x1p-64f, low27);
            y31 = y31.blend(0f, x18.compare(VectorOperators.LT, -104f));
            FloatVector exp32 =
                    x18.add(Float.POSITIVE_INFINITY).blend(y31, x18.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector q = exp32.mul(d);
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
                FloatVector k4 = x3.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n5 = k4.sub(0x1.8p23f);
                FloatVector r6 = n5.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f), n5.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x3));
                FloatVector r27 = r6.mul(r6);
                FloatVector low8 =
                        r6.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
                FloatVector high9 =
                        r6.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
                high9 = r27.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high9);
                FloatVector expReduced10 = r27.fma(r27.fma(high9, low8), r6).add(1f);
                FloatVector p11 = expReduced10;
                VectorMask<Float> low12 = x3.compare(VectorOperators.LT, -86f);
                FloatVector k13 = k4.add(64f, low12);
                IntVector n14 = k13.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
                FloatVector scaled15 = p11.reinterpretAsInts().add(n14).reinterpretAsFloats();
                FloatVector y16 = scaled15.mul(0x1p-64f, low12);
                y16 = y16.blend(0f, x3.compare(VectorOperators.LT, -104f));
                FloatVector exp17 =
                        x3.add(Float.POSITIVE_INFINITY).blend(y16, x3.compare(VectorOperators.LE, 0x1.62e42ep6f));
                FloatVector e = exp17;
                e.fma(minus, FloatVector.fromArray(S, dy, from + i)).intoArray(z, to + i);
            }
            if (end < cols) {
                FloatVector x18 = FloatVector.fromArray(S, y, at + end, tail);
                FloatVector k19 = x18.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n20 = k19.sub(0x1.8p23f);
                FloatVector r21 = n20.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f),
                        n20.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x18));
                FloatVector r222 = r21.mul(r21);
                FloatVector low23 =
                        r21.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
                FloatVector high24 =
                        r21.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
                high24 = r222.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high24);
                FloatVector expReduced25 =
                        r222.fma(r222.fma(high24, low23), r21).add(1f);
                FloatVector p26 = expReduced25;
                VectorMask<Float> low27 = x18.compare(VectorOperators.LT, -86f);
                FloatVector k28 = k19.add(64f, low27);
                IntVector n29 = k28.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
                FloatVector scaled30 = p26.reinterpretAsInts().add(n29).reinterpretAsFloats();
                FloatVector y31 = scaled30.mul(0x1p-64f, low27);
                y31 = y31.blend(0f, x18.compare(VectorOperators.LT, -104f));
                FloatVector exp32 =
                        x18.add(Float.POSITIVE_INFINITY).blend(y31, x18.compare(VectorOperators.LE, 0x1.62e42ep6f));
                FloatVector e = exp32;
                e.fma(minus, FloatVector.fromArray(S, dy, from + end, tail)).intoArray(z, to + end, tail);
            }
        }
    }

    /** z = scale e^(x - shift). */
    private static void scaledExponentials(float[] x, int xo, float shift, float scale, int n, float[] z, int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector x1 = FloatVector.fromArray(S, x, xo + i).sub(shift);
            FloatVector k2 = x1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x1));
            FloatVector r25 = r4.mul(r4);
            FloatVector low6 =
                    r4.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high7 =
                    r4.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high7 = r25.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high7);
            FloatVector expReduced8 = r25.fma(r25.fma(high7, low6), r4).add(1f);
            FloatVector p9 = expReduced8;
            VectorMask<Float> low10 = x1.compare(VectorOperators.LT, -86f);
            FloatVector k11 = k2.add(64f, low10);
            IntVector n12 = k11.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled13 = p9.reinterpretAsInts().add(n12).reinterpretAsFloats();
            FloatVector y14 = scaled13.mul(0x1p-64f, low10);
            y14 = y14.blend(0f, x1.compare(VectorOperators.LT, -104f));
            FloatVector exp15 =
                    x1.add(Float.POSITIVE_INFINITY).blend(y14, x1.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector e = exp15;
            e.mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector x16 = FloatVector.fromArray(S, x, xo + i, m).sub(shift);
            FloatVector k17 = x16.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n18 = k17.sub(0x1.8p23f);
            FloatVector r19 = n18.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n18.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x16));
            FloatVector r220 = r19.mul(r19);
            FloatVector low21 =
                    r19.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high22 =
                    r19.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high22 = r220.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high22);
            FloatVector expReduced23 = r220.fma(r220.fma(high22, low21), r19).add(1f);
            FloatVector p24 = expReduced23;
            VectorMask<Float> low25 = x16.compare(VectorOperators.LT, -86f);
            FloatVector k26 = k17.add(64f, low25);
            IntVector n27 = k26.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled28 = p24.reinterpretAsInts().add(n27).reinterpretAsFloats();
            FloatVector y29 = scaled28.mul(0x1p-64f, low25);
            y29 = y29.blend(0f, x16.compare(VectorOperators.LT, -104f));
            FloatVector exp30 =
                    x16.add(Float.POSITIVE_INFINITY).blend(y29, x16.compare(VectorOperators.LE, 0x1.62e42ep6f));
            FloatVector e = exp30;
            e.mul(scale).intoArray(z, zo + i, m);
        }
    }
}
