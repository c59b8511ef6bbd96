package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows to mean 0 and variance 1, and the gradient of that: rows one after the other, in vectors as {@link FloatRowSteps} and
 * {@link FloatShortRows} have it. Results overlap nothing.
 */
final class FloatNorm {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** Longest row that is kept in registers. */
    private static final int FEW = Species.BITS == 512 ? 4 * L : L;

    /** Elements added in one go: the error of a sum grows with the number of blocks. */
    private static final int BLOCK = 1024;

    private FloatNorm() {}

    /** Rows of y = (x - mean) / sqrt(variance + epsilon). */
    static void normalise(float[] x, int xo, int rows, int cols, float epsilon, float[] y, int yo) {
        if (cols <= L) {
            shortRows(x, xo, rows, cols, epsilon, y, yo);
        } else if (cols <= FEW) {
            fewVectors(x, xo, rows, cols, epsilon, y, yo);
        } else {
            longRows(x, xo, rows, cols, epsilon, y, yo);
        }
    }

    /** Rows of z = (dy - mean dy - y mean (dy y)) / sqrt(variance + epsilon), y the normalised row of x. */
    static void gradient(float[] x, int xo, float[] dy, int dyo, int rows, int cols, float epsilon, float[] z, int zo) {
        if (cols <= L) {
            shortGradient(x, xo, dy, dyo, rows, cols, epsilon, z, zo);
        } else {
            longGradient(x, xo, dy, dyo, rows, cols, epsilon, z, zo);
        }
    }

    private static void shortRows(float[] x, int xo, int rows, int cols, float epsilon, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        FloatVector zero = FloatVector.zero(S);
        FloatVector each = FloatVector.broadcast(S, 1f / cols);
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i).rearrange(spread);
            FloatVector sum = FloatMath.groupSum(zero.blend(v, used), g);
            FloatVector c = v.sub(sum.mul(each));
            FloatVector squares = FloatMath.groupSum(zero.blend(c.mul(c), used), g);
            FloatVector q = c.div(squares.mul(each).add(epsilon).sqrt());
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).rearrange(spread);
            FloatVector sum = FloatMath.groupSum(zero.blend(v, used), g);
            FloatVector c = v.sub(sum.mul(each));
            FloatVector squares = FloatMath.groupSum(zero.blend(c.mul(c), used), g);
            FloatVector q = c.div(squares.mul(each).add(epsilon).sqrt());
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortGradient(
            float[] x, int xo, float[] dy, int dyo, int rows, int cols, float epsilon, float[] z, int zo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        FloatVector zero = FloatVector.zero(S);
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector each = FloatVector.broadcast(S, 1f / cols);
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i).rearrange(spread);
            FloatVector sum = FloatMath.groupSum(zero.blend(v, used), g);
            FloatVector c = v.sub(sum.mul(each));
            FloatVector squares = FloatMath.groupSum(zero.blend(c.mul(c), used), g);
            FloatVector scale = one.div(squares.mul(each).add(epsilon).sqrt());
            FloatVector w = c.mul(scale);
            FloatVector mean = FloatMath.groupSum(zero.blend(d, used), g).mul(each);
            FloatVector inner =
                    FloatMath.groupSum(zero.blend(d.mul(w), used), g).mul(each);
            FloatVector q = d.sub(mean).sub(w.mul(inner)).mul(scale);
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector sum = FloatMath.groupSum(zero.blend(v, used), g);
            FloatVector c = v.sub(sum.mul(each));
            FloatVector squares = FloatMath.groupSum(zero.blend(c.mul(c), used), g);
            FloatVector scale = one.div(squares.mul(each).add(epsilon).sqrt());
            FloatVector w = c.mul(scale);
            FloatVector mean = FloatMath.groupSum(zero.blend(d, used), g).mul(each);
            FloatVector inner =
                    FloatMath.groupSum(zero.blend(d.mul(w), used), g).mul(each);
            FloatVector q = d.sub(mean).sub(w.mul(inner)).mul(scale);
            q.rearrange(pack).intoArray(z, zo + i, m);
        }
    }

    private static void fewVectors(float[] x, int xo, int rows, int cols, float epsilon, float[] y, int yo) {
        VectorMask<Float> k1 = S.indexInRange(L, cols);
        VectorMask<Float> k2 = S.indexInRange(2 * L, cols);
        VectorMask<Float> k3 = S.indexInRange(3 * L, cols);
        FloatVector zero = FloatVector.zero(S);
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector each = FloatVector.broadcast(S, 1f / cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            FloatVector v0 = FloatVector.fromArray(S, x, from);
            FloatVector v1 = FloatVector.fromArray(S, x, from + L, k1);
            FloatVector v2 = FloatVector.fromArray(S, x, from + 2 * L, k2);
            FloatVector v3 = FloatVector.fromArray(S, x, from + 3 * L, k3);
            FloatVector mean = FloatMath.sumAll(v0.add(v1).add(v2.add(v3))).mul(each);
            v0 = v0.sub(mean);
            v1 = zero.blend(v1.sub(mean), k1);
            v2 = zero.blend(v2.sub(mean), k2);
            v3 = zero.blend(v3.sub(mean), k3);
            FloatVector s0 = v1.fma(v1, v0.mul(v0));
            FloatVector s1 = v3.fma(v3, v2.mul(v2));
            FloatVector variance = FloatMath.sumAll(s0.add(s1)).mul(each);
            FloatVector scale = one.div(variance.add(epsilon).sqrt());
            v0.mul(scale).intoArray(y, to);
            v1.mul(scale).intoArray(y, to + L, k1);
            v2.mul(scale).intoArray(y, to + 2 * L, k2);
            v3.mul(scale).intoArray(y, to + 3 * L, k3);
        }
    }

    private static void longRows(float[] x, int xo, int rows, int cols, float epsilon, float[] y, int yo) {
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            float mean = FloatReduce.sum(x, from, cols) / cols;
            float variance = centredProducts(x, from, mean, x, from, mean, cols) / cols;
            centred(x, from, mean, 1 / (float) Math.sqrt(variance + epsilon), cols, y, yo + r * cols);
        }
    }

    private static void longGradient(
            float[] x, int xo, float[] dy, int dyo, int rows, int cols, float epsilon, float[] z, int zo) {
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int at = dyo + r * cols;
            float mean = FloatReduce.sum(x, from, cols) / cols;
            float level = FloatReduce.sum(dy, at, cols) / cols;
            float variance = centredProducts(x, from, mean, x, from, mean, cols) / cols;
            float scale = 1 / (float) Math.sqrt(variance + epsilon);
            float inner = centredProducts(x, from, mean, dy, at, level, cols) / cols * scale * scale;
            combine(x, from, mean, dy, at, level, inner, scale, cols, z, zo + r * cols);
        }
    }

    /** Sum of (a - ma) (b - mb). */
    private static float centredProducts(float[] a, int ao, float ma, float[] b, int bo, float mb, int n) {
        FloatVector sum = FloatVector.zero(S);
        int end = S.loopBound(n);
        for (int block = 0; block < end; block += BLOCK) {
            FloatVector s = FloatVector.zero(S);
            int last = Math.min(end, block + BLOCK);
            for (int i = block; i < last; i += L) {
                FloatVector u = FloatVector.fromArray(S, a, ao + i).sub(ma);
                s = u.fma(FloatVector.fromArray(S, b, bo + i).sub(mb), s);
            }
            sum = sum.add(s);
        }
        if (end < n) {
            VectorMask<Float> m = S.indexInRange(end, n);
            FloatVector u = FloatVector.fromArray(S, a, ao + end, m).sub(ma);
            FloatVector v = FloatVector.fromArray(S, b, bo + end, m).sub(mb);
            sum = sum.blend(u.fma(v, sum), m);
        }
        return FloatMath.addLanes(sum);
    }

    /** y = (x - mean) scale. */
    private static void centred(float[] x, int xo, float mean, float scale, int n, float[] y, int yo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector.fromArray(S, x, xo + i).sub(mean).mul(scale).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector.fromArray(S, x, xo + i, m).sub(mean).mul(scale).intoArray(y, yo + i, m);
        }
    }

    /** z = (dy - level - (x - mean) inner) scale. */
    private static void combine(
            float[] x,
            int xo,
            float mean,
            float[] dy,
            int dyo,
            float level,
            float inner,
            float scale,
            int n,
            float[] z,
            int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector w = FloatVector.fromArray(S, x, xo + i).sub(mean).mul(inner);
            FloatVector.fromArray(S, dy, dyo + i).sub(level).sub(w).mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector w = FloatVector.fromArray(S, x, xo + i, m).sub(mean).mul(inner);
            FloatVector.fromArray(S, dy, dyo + i, m)
                    .sub(level)
                    .sub(w)
                    .mul(scale)
                    .intoArray(z, zo + i, m);
        }
    }
}
