package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Softmax and log-sum-exp of the rows of a matrix, each row shifted by its largest element. */
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
            s = s.add(FloatMath.exp(v));
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).sub(shift);
            FloatVector e = FloatMath.exp(v);
            s = s.blend(s.add(e), m);
        }
        return FloatMath.addLanes(s);
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
            FloatVector e = FloatMath.exp(v);
            e.intoArray(y, yo + i);
            s = s.add(e);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).sub(shift);
            FloatVector e = FloatMath.exp(v);
            e.intoArray(y, yo + i, m);
            s = s.blend(s.add(e), m);
        }
        return FloatMath.addLanes(s);
    }
}
