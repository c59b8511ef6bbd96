package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Gradients of the logarithms of {@link FloatSoftmax}, rows one after the other, short ones together in vectors. */
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
            FloatVector e = FloatMath.exp(v);
            FloatVector q = d.sub(FloatMath.groupSum(p, g).mul(e));
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(d, used);
            FloatVector e = FloatMath.exp(v);
            FloatVector q = d.sub(FloatMath.groupSum(p, g).mul(e));
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
            FloatVector shift = FloatMath.finiteBelow(FloatVector.fromArray(S, y, yo + r));
            FloatVector d = FloatVector.fromArray(S, dy, dyo + r).rearrange(repeat);
            FloatVector q = FloatMath.exp(v.sub(shift.rearrange(repeat))).mul(d);
            q.intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            VectorMask<Float> one = S.indexInRange(0, have);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m);
            FloatVector shift = FloatMath.finiteBelow(FloatVector.fromArray(S, y, yo + r, one));
            FloatVector d = FloatVector.fromArray(S, dy, dyo + r, one).rearrange(repeat);
            FloatVector q = FloatMath.exp(v.sub(shift.rearrange(repeat))).mul(d);
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
            FloatVector minus = FloatMath.sumAll(sum).neg();
            for (int i = 0; i < end; i += L) {
                FloatVector e = FloatMath.exp(FloatVector.fromArray(S, y, at + i));
                e.fma(minus, FloatVector.fromArray(S, dy, from + i)).intoArray(z, to + i);
            }
            if (end < cols) {
                FloatVector e = FloatMath.exp(FloatVector.fromArray(S, y, at + end, tail));
                e.fma(minus, FloatVector.fromArray(S, dy, from + end, tail)).intoArray(z, to + end, tail);
            }
        }
    }

    /** z = scale e^(x - shift). */
    private static void scaledExponentials(float[] x, int xo, float shift, float scale, int n, float[] z, int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector e = FloatMath.exp(FloatVector.fromArray(S, x, xo + i).sub(shift));
            e.mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector e = FloatMath.exp(FloatVector.fromArray(S, x, xo + i, m).sub(shift));
            e.mul(scale).intoArray(z, zo + i, m);
        }
    }
}
