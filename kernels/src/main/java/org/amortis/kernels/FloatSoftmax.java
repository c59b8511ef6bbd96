package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Softmax and log-sum-exp of the rows of a matrix, each row shifted by its largest element.
 */
final class FloatSoftmax {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatSoftmax() {}

    /** y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. */
    static void logSumExpRows(float[] x, int xo, int stride, int rows, int cols, float[] y, int yo) {
        for (int i = 0; i < rows; i++) {
            float max = FloatReduce.max(x, xo + i * stride, cols);
            // an infinite maximum would meet itself as infinity minus infinity
            y[yo + i] = Float.isInfinite(max)
                    ? max
                    : max + (float) Math.log(sumOfExponentials(x, xo + i * stride, max, cols));
        }
    }

    /** Row i of y = softmax of row i of x: both with their own row stride; y may be x. A row of -infinity gives NaN. */
    static void softmaxRows(float[] x, int xo, int xStride, int rows, int cols, float[] y, int yo, int yStride) {
        for (int i = 0; i < rows; i++) {
            int from = xo + i * xStride;
            int to = yo + i * yStride;
            float sum = exponentials(x, from, FloatReduce.max(x, from, cols), y, to, cols);
            FloatBinary.mulScalar(y, to, 1 / sum, y, to, cols);
        }
    }

    /** Row i of y = log of the softmax of row i of x; y may be x. */
    static void logSoftmaxRows(float[] x, int xo, int xStride, int rows, int cols, float[] y, int yo, int yStride) {
        for (int i = 0; i < rows; i++) {
            int from = xo + i * xStride;
            int to = yo + i * yStride;
            float max = FloatReduce.max(x, from, cols);
            float logSum = (float) Math.log(sumOfExponentials(x, from, max, cols));
            FloatBinary.addScalar(x, from, -max, y, to, cols);
            FloatBinary.addScalar(y, to, -logSum, y, to, cols);
        }
    }

    /** Sum of exp(x - shift), blocks joined as in {@link FloatReduce#sum}. */
    static float sumOfExponentials(float[] x, int xo, float shift, int n) {
        if (n <= FloatReduce.BLOCK) {
            return sumBlock(x, xo, shift, n);
        }
        int half = FloatReduce.firstPart((n + FloatReduce.BLOCK - 1) / FloatReduce.BLOCK) * FloatReduce.BLOCK;
        return sumOfExponentials(x, xo, shift, half) + sumOfExponentials(x, xo + half, shift, n - half);
    }

    private static float sumBlock(float[] x, int xo, float shift, int n) {
        FloatVector s = FloatVector.zero(S);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i).sub(shift);
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
            s = s.add(exp9);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).sub(shift);
            FloatVector t10 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t10 = t10.blend(-104f, t10.compare(VectorOperators.LT, -104f));
            FloatVector k11 = t10.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n12 = k11.sub(0x1.8p23f);
            FloatVector r13 = n12.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n12.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t10));
            FloatVector p14 =
                    r13.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.555492p-3f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p14 = r13.mul(r13).fma(p14, r13).add(1f);
            IntVector e15 = k11.reinterpretAsInts().sub(0x4b400000);
            IntVector half16 = e15.lanewise(VectorOperators.ASHR, 1);
            IntVector e17 = e15.sub(half16);
            FloatVector exp18 = p14.mul(
                            half16.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e17.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp18;
            s = s.blend(s.add(e), m);
        }
        FloatVector part19 = s.add(s.rearrange(FloatLanes.HALVES));
        part19 = L >= 4 ? part19.add(part19.rearrange(FloatLanes.QUARTERS)) : part19;
        part19 = L >= 8 ? part19.add(part19.rearrange(FloatLanes.EIGHTHS)) : part19;
        part19 = L >= 16 ? part19.add(part19.rearrange(FloatLanes.SIXTEENTHS)) : part19;
        float addLanes20 = part19.lane(0);
        return addLanes20;
    }

    /** y = exp(x - shift); returns the sum. */
    private static float exponentials(float[] x, int xo, float shift, float[] y, int yo, int n) {
        if (n <= FloatReduce.BLOCK) {
            return exponentialsBlock(x, xo, shift, y, yo, n);
        }
        int half = FloatReduce.firstPart((n + FloatReduce.BLOCK - 1) / FloatReduce.BLOCK) * FloatReduce.BLOCK;
        return exponentials(x, xo, shift, y, yo, half) + exponentials(x, xo + half, shift, y, yo + half, n - half);
    }

    private static float exponentialsBlock(float[] x, int xo, float shift, float[] y, int yo, int n) {
        FloatVector s = FloatVector.zero(S);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i).sub(shift);
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
            e.intoArray(y, yo + i);
            s = s.add(e);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).sub(shift);
            FloatVector t10 = v.blend(89f, v.compare(VectorOperators.GT, 89f));
            t10 = t10.blend(-104f, t10.compare(VectorOperators.LT, -104f));
            FloatVector k11 = t10.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n12 = k11.sub(0x1.8p23f);
            FloatVector r13 = n12.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n12.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t10));
            FloatVector p14 =
                    r13.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.555492p-3f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p14 = r13.mul(r13).fma(p14, r13).add(1f);
            IntVector e15 = k11.reinterpretAsInts().sub(0x4b400000);
            IntVector half16 = e15.lanewise(VectorOperators.ASHR, 1);
            IntVector e17 = e15.sub(half16);
            FloatVector exp18 = p14.mul(
                            half16.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e17.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector e = exp18;
            e.intoArray(y, yo + i, m);
            s = s.blend(s.add(e), m);
        }
        FloatVector part19 = s.add(s.rearrange(FloatLanes.HALVES));
        part19 = L >= 4 ? part19.add(part19.rearrange(FloatLanes.QUARTERS)) : part19;
        part19 = L >= 8 ? part19.add(part19.rearrange(FloatLanes.EIGHTHS)) : part19;
        part19 = L >= 16 ? part19.add(part19.rearrange(FloatLanes.SIXTEENTHS)) : part19;
        float addLanes20 = part19.lane(0);
        return addLanes20;
    }
}
