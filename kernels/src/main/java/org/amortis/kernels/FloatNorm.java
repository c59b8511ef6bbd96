package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Rows to mean 0 and variance 1, and the gradient of that: rows one after the other, in vectors as {@link FloatRowSteps} and
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
            FloatVector all1 = zero.blend(v, used);
            FloatVector part2 = g > 1 ? all1.add(all1.rearrange(FloatLanes.BY_1)) : all1;
            part2 = g > 2 ? part2.add(part2.rearrange(FloatLanes.BY_2)) : part2;
            part2 = g > 4 ? part2.add(part2.rearrange(FloatLanes.BY_4)) : part2;
            FloatVector groupSum3 = g > 8 ? part2.add(part2.rearrange(FloatLanes.BY_8)) : part2;
            FloatVector sum = groupSum3;
            FloatVector c = v.sub(sum.mul(each));
            FloatVector all4 = zero.blend(c.mul(c), used);
            FloatVector part5 = g > 1 ? all4.add(all4.rearrange(FloatLanes.BY_1)) : all4;
            part5 = g > 2 ? part5.add(part5.rearrange(FloatLanes.BY_2)) : part5;
            part5 = g > 4 ? part5.add(part5.rearrange(FloatLanes.BY_4)) : part5;
            FloatVector groupSum6 = g > 8 ? part5.add(part5.rearrange(FloatLanes.BY_8)) : part5;
            FloatVector squares = groupSum6;
            FloatVector q = c.div(squares.mul(each).add(epsilon).sqrt());
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).rearrange(spread);
            FloatVector all7 = zero.blend(v, used);
            FloatVector part8 = g > 1 ? all7.add(all7.rearrange(FloatLanes.BY_1)) : all7;
            part8 = g > 2 ? part8.add(part8.rearrange(FloatLanes.BY_2)) : part8;
            part8 = g > 4 ? part8.add(part8.rearrange(FloatLanes.BY_4)) : part8;
            FloatVector groupSum9 = g > 8 ? part8.add(part8.rearrange(FloatLanes.BY_8)) : part8;
            FloatVector sum = groupSum9;
            FloatVector c = v.sub(sum.mul(each));
            FloatVector all10 = zero.blend(c.mul(c), used);
            FloatVector part11 = g > 1 ? all10.add(all10.rearrange(FloatLanes.BY_1)) : all10;
            part11 = g > 2 ? part11.add(part11.rearrange(FloatLanes.BY_2)) : part11;
            part11 = g > 4 ? part11.add(part11.rearrange(FloatLanes.BY_4)) : part11;
            FloatVector groupSum12 = g > 8 ? part11.add(part11.rearrange(FloatLanes.BY_8)) : part11;
            FloatVector squares = groupSum12;
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
            FloatVector all1 = zero.blend(v, used);
            FloatVector part2 = g > 1 ? all1.add(all1.rearrange(FloatLanes.BY_1)) : all1;
            part2 = g > 2 ? part2.add(part2.rearrange(FloatLanes.BY_2)) : part2;
            part2 = g > 4 ? part2.add(part2.rearrange(FloatLanes.BY_4)) : part2;
            FloatVector groupSum3 = g > 8 ? part2.add(part2.rearrange(FloatLanes.BY_8)) : part2;
            FloatVector sum = groupSum3;
            FloatVector c = v.sub(sum.mul(each));
            FloatVector all4 = zero.blend(c.mul(c), used);
            FloatVector part5 = g > 1 ? all4.add(all4.rearrange(FloatLanes.BY_1)) : all4;
            part5 = g > 2 ? part5.add(part5.rearrange(FloatLanes.BY_2)) : part5;
            part5 = g > 4 ? part5.add(part5.rearrange(FloatLanes.BY_4)) : part5;
            FloatVector groupSum6 = g > 8 ? part5.add(part5.rearrange(FloatLanes.BY_8)) : part5;
            FloatVector squares = groupSum6;
            FloatVector scale = one.div(squares.mul(each).add(epsilon).sqrt());
            FloatVector w = c.mul(scale);
            FloatVector all7 = zero.blend(d, used);
            FloatVector part8 = g > 1 ? all7.add(all7.rearrange(FloatLanes.BY_1)) : all7;
            part8 = g > 2 ? part8.add(part8.rearrange(FloatLanes.BY_2)) : part8;
            part8 = g > 4 ? part8.add(part8.rearrange(FloatLanes.BY_4)) : part8;
            FloatVector groupSum9 = g > 8 ? part8.add(part8.rearrange(FloatLanes.BY_8)) : part8;
            FloatVector mean = groupSum9.mul(each);
            FloatVector all10 = zero.blend(d.mul(w), used);
            FloatVector part11 = g > 1 ? all10.add(all10.rearrange(FloatLanes.BY_1)) : all10;
            part11 = g > 2 ? part11.add(part11.rearrange(FloatLanes.BY_2)) : part11;
            part11 = g > 4 ? part11.add(part11.rearrange(FloatLanes.BY_4)) : part11;
            FloatVector groupSum12 = g > 8 ? part11.add(part11.rearrange(FloatLanes.BY_8)) : part11;
            FloatVector inner = groupSum12.mul(each);
            FloatVector q = d.sub(mean).sub(w.mul(inner)).mul(scale);
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector all13 = zero.blend(v, used);
            FloatVector part14 = g > 1 ? all13.add(all13.rearrange(FloatLanes.BY_1)) : all13;
            part14 = g > 2 ? part14.add(part14.rearrange(FloatLanes.BY_2)) : part14;
            part14 = g > 4 ? part14.add(part14.rearrange(FloatLanes.BY_4)) : part14;
            FloatVector groupSum15 = g > 8 ? part14.add(part14.rearrange(FloatLanes.BY_8)) : part14;
            FloatVector sum = groupSum15;
            FloatVector c = v.sub(sum.mul(each));
            FloatVector all16 = zero.blend(c.mul(c), used);
            FloatVector part17 = g > 1 ? all16.add(all16.rearrange(FloatLanes.BY_1)) : all16;
            part17 = g > 2 ? part17.add(part17.rearrange(FloatLanes.BY_2)) : part17;
            part17 = g > 4 ? part17.add(part17.rearrange(FloatLanes.BY_4)) : part17;
            FloatVector groupSum18 = g > 8 ? part17.add(part17.rearrange(FloatLanes.BY_8)) : part17;
            FloatVector squares = groupSum18;
            FloatVector scale = one.div(squares.mul(each).add(epsilon).sqrt());
            FloatVector w = c.mul(scale);
            FloatVector all19 = zero.blend(d, used);
            FloatVector part20 = g > 1 ? all19.add(all19.rearrange(FloatLanes.BY_1)) : all19;
            part20 = g > 2 ? part20.add(part20.rearrange(FloatLanes.BY_2)) : part20;
            part20 = g > 4 ? part20.add(part20.rearrange(FloatLanes.BY_4)) : part20;
            FloatVector groupSum21 = g > 8 ? part20.add(part20.rearrange(FloatLanes.BY_8)) : part20;
            FloatVector mean = groupSum21.mul(each);
            FloatVector all22 = zero.blend(d.mul(w), used);
            FloatVector part23 = g > 1 ? all22.add(all22.rearrange(FloatLanes.BY_1)) : all22;
            part23 = g > 2 ? part23.add(part23.rearrange(FloatLanes.BY_2)) : part23;
            part23 = g > 4 ? part23.add(part23.rearrange(FloatLanes.BY_4)) : part23;
            FloatVector groupSum24 = g > 8 ? part23.add(part23.rearrange(FloatLanes.BY_8)) : part23;
            FloatVector inner = groupSum24.mul(each);
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
            FloatVector all1 = v0.add(v1).add(v2.add(v3));
            FloatVector part2 = all1.add(all1.rearrange(FloatLanes.HALVES));
            part2 = L >= 4 ? part2.add(part2.rearrange(FloatLanes.QUARTERS)) : part2;
            part2 = L >= 8 ? part2.add(part2.rearrange(FloatLanes.EIGHTHS)) : part2;
            FloatVector sumAll3 = L >= 16 ? part2.add(part2.rearrange(FloatLanes.SIXTEENTHS)) : part2;
            FloatVector mean = sumAll3.mul(each);
            v0 = v0.sub(mean);
            v1 = zero.blend(v1.sub(mean), k1);
            v2 = zero.blend(v2.sub(mean), k2);
            v3 = zero.blend(v3.sub(mean), k3);
            FloatVector s0 = v1.fma(v1, v0.mul(v0));
            FloatVector s1 = v3.fma(v3, v2.mul(v2));
            FloatVector all4 = s0.add(s1);
            FloatVector part5 = all4.add(all4.rearrange(FloatLanes.HALVES));
            part5 = L >= 4 ? part5.add(part5.rearrange(FloatLanes.QUARTERS)) : part5;
            part5 = L >= 8 ? part5.add(part5.rearrange(FloatLanes.EIGHTHS)) : part5;
            FloatVector sumAll6 = L >= 16 ? part5.add(part5.rearrange(FloatLanes.SIXTEENTHS)) : part5;
            FloatVector variance = sumAll6.mul(each);
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
        FloatVector part1 = sum.add(sum.rearrange(FloatLanes.HALVES));
        part1 = L >= 4 ? part1.add(part1.rearrange(FloatLanes.QUARTERS)) : part1;
        part1 = L >= 8 ? part1.add(part1.rearrange(FloatLanes.EIGHTHS)) : part1;
        part1 = L >= 16 ? part1.add(part1.rearrange(FloatLanes.SIXTEENTHS)) : part1;
        float addLanes2 = part1.lane(0);
        return addLanes2;
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
