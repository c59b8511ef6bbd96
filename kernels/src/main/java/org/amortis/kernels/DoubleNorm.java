package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Rows to mean 0 and variance 1, and the gradient of that: rows one after the other, in vectors as {@link DoubleRowSteps} and
 * {@link DoubleShortRows} have it. Results overlap nothing.
 */
final class DoubleNorm {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** Longest row that is kept in registers. */
    private static final int FEW = Species.BITS == 512 ? 4 * L : L;

    /** Elements added in one go: the error of a sum grows with the number of blocks. */
    private static final int BLOCK = 1024;

    private DoubleNorm() {}

    /** Rows of y = (x - mean) / sqrt(variance + epsilon). */
    static void normalise(double[] x, int xo, int rows, int cols, double epsilon, double[] y, int yo) {
        if (cols <= L) {
            shortRows(x, xo, rows, cols, epsilon, y, yo);
        } else if (cols <= FEW) {
            fewVectors(x, xo, rows, cols, epsilon, y, yo);
        } else {
            longRows(x, xo, rows, cols, epsilon, y, yo);
        }
    }

    /** Rows of z = (dy - mean dy - y mean (dy y)) / sqrt(variance + epsilon), y the normalised row of x. */
    static void gradient(
            double[] x, int xo, double[] dy, int dyo, int rows, int cols, double epsilon, double[] z, int zo) {
        if (cols <= L) {
            shortGradient(x, xo, dy, dyo, rows, cols, epsilon, z, zo);
        } else {
            longGradient(x, xo, dy, dyo, rows, cols, epsilon, z, zo);
        }
    }

    private static void shortRows(double[] x, int xo, int rows, int cols, double epsilon, double[] y, int yo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        DoubleVector zero = DoubleVector.zero(S);
        DoubleVector each = DoubleVector.broadcast(S, 1.0 / cols);
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i).rearrange(spread);
            DoubleVector all1 = zero.blend(v, used);
            DoubleVector part2 = g > 1 ? all1.add(all1.rearrange(DoubleLanes.BY_1)) : all1;
            part2 = g > 2 ? part2.add(part2.rearrange(DoubleLanes.BY_2)) : part2;
            part2 = g > 4 ? part2.add(part2.rearrange(DoubleLanes.BY_4)) : part2;
            DoubleVector groupSum3 = g > 8 ? part2.add(part2.rearrange(DoubleLanes.BY_8)) : part2;
            DoubleVector sum = groupSum3;
            DoubleVector c = v.sub(sum.mul(each));
            DoubleVector all4 = zero.blend(c.mul(c), used);
            DoubleVector part5 = g > 1 ? all4.add(all4.rearrange(DoubleLanes.BY_1)) : all4;
            part5 = g > 2 ? part5.add(part5.rearrange(DoubleLanes.BY_2)) : part5;
            part5 = g > 4 ? part5.add(part5.rearrange(DoubleLanes.BY_4)) : part5;
            DoubleVector groupSum6 = g > 8 ? part5.add(part5.rearrange(DoubleLanes.BY_8)) : part5;
            DoubleVector squares = groupSum6;
            DoubleVector q = c.div(squares.mul(each).add(epsilon).sqrt());
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m).rearrange(spread);
            DoubleVector all7 = zero.blend(v, used);
            DoubleVector part8 = g > 1 ? all7.add(all7.rearrange(DoubleLanes.BY_1)) : all7;
            part8 = g > 2 ? part8.add(part8.rearrange(DoubleLanes.BY_2)) : part8;
            part8 = g > 4 ? part8.add(part8.rearrange(DoubleLanes.BY_4)) : part8;
            DoubleVector groupSum9 = g > 8 ? part8.add(part8.rearrange(DoubleLanes.BY_8)) : part8;
            DoubleVector sum = groupSum9;
            DoubleVector c = v.sub(sum.mul(each));
            DoubleVector all10 = zero.blend(c.mul(c), used);
            DoubleVector part11 = g > 1 ? all10.add(all10.rearrange(DoubleLanes.BY_1)) : all10;
            part11 = g > 2 ? part11.add(part11.rearrange(DoubleLanes.BY_2)) : part11;
            part11 = g > 4 ? part11.add(part11.rearrange(DoubleLanes.BY_4)) : part11;
            DoubleVector groupSum12 = g > 8 ? part11.add(part11.rearrange(DoubleLanes.BY_8)) : part11;
            DoubleVector squares = groupSum12;
            DoubleVector q = c.div(squares.mul(each).add(epsilon).sqrt());
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortGradient(
            double[] x, int xo, double[] dy, int dyo, int rows, int cols, double epsilon, double[] z, int zo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        DoubleVector zero = DoubleVector.zero(S);
        DoubleVector one = DoubleVector.broadcast(S, 1.0);
        DoubleVector each = DoubleVector.broadcast(S, 1.0 / cols);
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i).rearrange(spread);
            DoubleVector all1 = zero.blend(v, used);
            DoubleVector part2 = g > 1 ? all1.add(all1.rearrange(DoubleLanes.BY_1)) : all1;
            part2 = g > 2 ? part2.add(part2.rearrange(DoubleLanes.BY_2)) : part2;
            part2 = g > 4 ? part2.add(part2.rearrange(DoubleLanes.BY_4)) : part2;
            DoubleVector groupSum3 = g > 8 ? part2.add(part2.rearrange(DoubleLanes.BY_8)) : part2;
            DoubleVector sum = groupSum3;
            DoubleVector c = v.sub(sum.mul(each));
            DoubleVector all4 = zero.blend(c.mul(c), used);
            DoubleVector part5 = g > 1 ? all4.add(all4.rearrange(DoubleLanes.BY_1)) : all4;
            part5 = g > 2 ? part5.add(part5.rearrange(DoubleLanes.BY_2)) : part5;
            part5 = g > 4 ? part5.add(part5.rearrange(DoubleLanes.BY_4)) : part5;
            DoubleVector groupSum6 = g > 8 ? part5.add(part5.rearrange(DoubleLanes.BY_8)) : part5;
            DoubleVector squares = groupSum6;
            DoubleVector scale = one.div(squares.mul(each).add(epsilon).sqrt());
            DoubleVector w = c.mul(scale);
            DoubleVector all7 = zero.blend(d, used);
            DoubleVector part8 = g > 1 ? all7.add(all7.rearrange(DoubleLanes.BY_1)) : all7;
            part8 = g > 2 ? part8.add(part8.rearrange(DoubleLanes.BY_2)) : part8;
            part8 = g > 4 ? part8.add(part8.rearrange(DoubleLanes.BY_4)) : part8;
            DoubleVector groupSum9 = g > 8 ? part8.add(part8.rearrange(DoubleLanes.BY_8)) : part8;
            DoubleVector mean = groupSum9.mul(each);
            DoubleVector all10 = zero.blend(d.mul(w), used);
            DoubleVector part11 = g > 1 ? all10.add(all10.rearrange(DoubleLanes.BY_1)) : all10;
            part11 = g > 2 ? part11.add(part11.rearrange(DoubleLanes.BY_2)) : part11;
            part11 = g > 4 ? part11.add(part11.rearrange(DoubleLanes.BY_4)) : part11;
            DoubleVector groupSum12 = g > 8 ? part11.add(part11.rearrange(DoubleLanes.BY_8)) : part11;
            DoubleVector inner = groupSum12.mul(each);
            DoubleVector q = d.sub(mean).sub(w.mul(inner)).mul(scale);
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            DoubleVector all13 = zero.blend(v, used);
            DoubleVector part14 = g > 1 ? all13.add(all13.rearrange(DoubleLanes.BY_1)) : all13;
            part14 = g > 2 ? part14.add(part14.rearrange(DoubleLanes.BY_2)) : part14;
            part14 = g > 4 ? part14.add(part14.rearrange(DoubleLanes.BY_4)) : part14;
            DoubleVector groupSum15 = g > 8 ? part14.add(part14.rearrange(DoubleLanes.BY_8)) : part14;
            DoubleVector sum = groupSum15;
            DoubleVector c = v.sub(sum.mul(each));
            DoubleVector all16 = zero.blend(c.mul(c), used);
            DoubleVector part17 = g > 1 ? all16.add(all16.rearrange(DoubleLanes.BY_1)) : all16;
            part17 = g > 2 ? part17.add(part17.rearrange(DoubleLanes.BY_2)) : part17;
            part17 = g > 4 ? part17.add(part17.rearrange(DoubleLanes.BY_4)) : part17;
            DoubleVector groupSum18 = g > 8 ? part17.add(part17.rearrange(DoubleLanes.BY_8)) : part17;
            DoubleVector squares = groupSum18;
            DoubleVector scale = one.div(squares.mul(each).add(epsilon).sqrt());
            DoubleVector w = c.mul(scale);
            DoubleVector all19 = zero.blend(d, used);
            DoubleVector part20 = g > 1 ? all19.add(all19.rearrange(DoubleLanes.BY_1)) : all19;
            part20 = g > 2 ? part20.add(part20.rearrange(DoubleLanes.BY_2)) : part20;
            part20 = g > 4 ? part20.add(part20.rearrange(DoubleLanes.BY_4)) : part20;
            DoubleVector groupSum21 = g > 8 ? part20.add(part20.rearrange(DoubleLanes.BY_8)) : part20;
            DoubleVector mean = groupSum21.mul(each);
            DoubleVector all22 = zero.blend(d.mul(w), used);
            DoubleVector part23 = g > 1 ? all22.add(all22.rearrange(DoubleLanes.BY_1)) : all22;
            part23 = g > 2 ? part23.add(part23.rearrange(DoubleLanes.BY_2)) : part23;
            part23 = g > 4 ? part23.add(part23.rearrange(DoubleLanes.BY_4)) : part23;
            DoubleVector groupSum24 = g > 8 ? part23.add(part23.rearrange(DoubleLanes.BY_8)) : part23;
            DoubleVector inner = groupSum24.mul(each);
            DoubleVector q = d.sub(mean).sub(w.mul(inner)).mul(scale);
            q.rearrange(pack).intoArray(z, zo + i, m);
        }
    }

    private static void fewVectors(double[] x, int xo, int rows, int cols, double epsilon, double[] y, int yo) {
        VectorMask<Double> k1 = S.indexInRange(L, cols);
        VectorMask<Double> k2 = S.indexInRange(2 * L, cols);
        VectorMask<Double> k3 = S.indexInRange(3 * L, cols);
        DoubleVector zero = DoubleVector.zero(S);
        DoubleVector one = DoubleVector.broadcast(S, 1.0);
        DoubleVector each = DoubleVector.broadcast(S, 1.0 / cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            DoubleVector v0 = DoubleVector.fromArray(S, x, from);
            DoubleVector v1 = DoubleVector.fromArray(S, x, from + L, k1);
            DoubleVector v2 = DoubleVector.fromArray(S, x, from + 2 * L, k2);
            DoubleVector v3 = DoubleVector.fromArray(S, x, from + 3 * L, k3);
            DoubleVector all1 = v0.add(v1).add(v2.add(v3));
            DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
            part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
            part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
            DoubleVector sumAll3 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
            DoubleVector mean = sumAll3.mul(each);
            v0 = v0.sub(mean);
            v1 = zero.blend(v1.sub(mean), k1);
            v2 = zero.blend(v2.sub(mean), k2);
            v3 = zero.blend(v3.sub(mean), k3);
            DoubleVector s0 = v1.fma(v1, v0.mul(v0));
            DoubleVector s1 = v3.fma(v3, v2.mul(v2));
            DoubleVector all4 = s0.add(s1);
            DoubleVector part5 = all4.add(all4.rearrange(DoubleLanes.HALVES));
            part5 = L >= 4 ? part5.add(part5.rearrange(DoubleLanes.QUARTERS)) : part5;
            part5 = L >= 8 ? part5.add(part5.rearrange(DoubleLanes.EIGHTHS)) : part5;
            DoubleVector sumAll6 = L >= 16 ? part5.add(part5.rearrange(DoubleLanes.SIXTEENTHS)) : part5;
            DoubleVector variance = sumAll6.mul(each);
            DoubleVector scale = one.div(variance.add(epsilon).sqrt());
            v0.mul(scale).intoArray(y, to);
            v1.mul(scale).intoArray(y, to + L, k1);
            v2.mul(scale).intoArray(y, to + 2 * L, k2);
            v3.mul(scale).intoArray(y, to + 3 * L, k3);
        }
    }

    private static void longRows(double[] x, int xo, int rows, int cols, double epsilon, double[] y, int yo) {
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            double mean = DoubleReduce.sum(x, from, cols) / cols;
            double variance = centredProducts(x, from, mean, x, from, mean, cols) / cols;
            centred(x, from, mean, 1 / Math.sqrt(variance + epsilon), cols, y, yo + r * cols);
        }
    }

    private static void longGradient(
            double[] x, int xo, double[] dy, int dyo, int rows, int cols, double epsilon, double[] z, int zo) {
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int at = dyo + r * cols;
            double mean = DoubleReduce.sum(x, from, cols) / cols;
            double level = DoubleReduce.sum(dy, at, cols) / cols;
            double variance = centredProducts(x, from, mean, x, from, mean, cols) / cols;
            double scale = 1 / Math.sqrt(variance + epsilon);
            double inner = centredProducts(x, from, mean, dy, at, level, cols) / cols * scale * scale;
            combine(x, from, mean, dy, at, level, inner, scale, cols, z, zo + r * cols);
        }
    }

    /** Sum of (a - ma) (b - mb). */
    private static double centredProducts(double[] a, int ao, double ma, double[] b, int bo, double mb, int n) {
        DoubleVector sum = DoubleVector.zero(S);
        int end = S.loopBound(n);
        for (int block = 0; block < end; block += BLOCK) {
            DoubleVector s = DoubleVector.zero(S);
            int last = Math.min(end, block + BLOCK);
            for (int i = block; i < last; i += L) {
                DoubleVector u = DoubleVector.fromArray(S, a, ao + i).sub(ma);
                s = u.fma(DoubleVector.fromArray(S, b, bo + i).sub(mb), s);
            }
            sum = sum.add(s);
        }
        if (end < n) {
            VectorMask<Double> m = S.indexInRange(end, n);
            DoubleVector u = DoubleVector.fromArray(S, a, ao + end, m).sub(ma);
            DoubleVector v = DoubleVector.fromArray(S, b, bo + end, m).sub(mb);
            sum = sum.blend(u.fma(v, sum), m);
        }
        DoubleVector part1 = sum.add(sum.rearrange(DoubleLanes.HALVES));
        part1 = L >= 4 ? part1.add(part1.rearrange(DoubleLanes.QUARTERS)) : part1;
        part1 = L >= 8 ? part1.add(part1.rearrange(DoubleLanes.EIGHTHS)) : part1;
        part1 = L >= 16 ? part1.add(part1.rearrange(DoubleLanes.SIXTEENTHS)) : part1;
        double addLanes2 = part1.lane(0);
        return addLanes2;
    }

    /** y = (x - mean) scale. */
    private static void centred(double[] x, int xo, double mean, double scale, int n, double[] y, int yo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector.fromArray(S, x, xo + i).sub(mean).mul(scale).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector.fromArray(S, x, xo + i, m).sub(mean).mul(scale).intoArray(y, yo + i, m);
        }
    }

    /** z = (dy - level - (x - mean) inner) scale. */
    private static void combine(
            double[] x,
            int xo,
            double mean,
            double[] dy,
            int dyo,
            double level,
            double inner,
            double scale,
            int n,
            double[] z,
            int zo) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector w = DoubleVector.fromArray(S, x, xo + i).sub(mean).mul(inner);
            DoubleVector.fromArray(S, dy, dyo + i).sub(level).sub(w).mul(scale).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector w = DoubleVector.fromArray(S, x, xo + i, m).sub(mean).mul(inner);
            DoubleVector.fromArray(S, dy, dyo + i, m)
                    .sub(level)
                    .sub(w)
                    .mul(scale)
                    .intoArray(z, zo + i, m);
        }
    }
}
