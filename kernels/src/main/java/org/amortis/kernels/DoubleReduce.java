package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Reductions of contiguous ranges. Sums add blocks of {@link #BLOCK} elements, each with four accumulators, pairwise: the
 * order is a function of the length and the vector width alone. Whoever splits a range over threads cuts at multiples of
 * the block, takes {@link #sum} of each block and joins the parts with {@link #combine}: same bits.
 */
final class DoubleReduce {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** Elements added in one go. */
    static final int BLOCK = 1024;

    /** Rows added in one go by {@link #columnSums}. */
    private static final int ROW_BLOCK = 64;

    private DoubleReduce() {}

    /** Sum of x[xo .. xo + n); 0 for none. */
    static double sum(double[] x, int xo, int n) {
        if (n <= BLOCK) {
            return sumBlock(x, xo, n);
        }
        int half = firstPart((n + BLOCK - 1) / BLOCK) * BLOCK;
        return sum(x, xo, half) + sum(x, xo + half, n - half);
    }

    /** Joins the sums of consecutive blocks in the order in which {@link #sum} does. */
    static double combine(double[] parts, int po, int blocks) {
        if (blocks <= 1) {
            return blocks == 0 ? 0.0 : parts[po];
        }
        int half = firstPart(blocks);
        return combine(parts, po, half) + combine(parts, po + half, blocks - half);
    }

    /** Largest power of two below the number of blocks. */
    static int firstPart(int blocks) {
        return Integer.highestOneBit(blocks - 1);
    }

    private static double sumBlock(double[] x, int xo, int n) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * L; i += 4 * L) {
            s0 = s0.add(DoubleVector.fromArray(S, x, xo + i));
            s1 = s1.add(DoubleVector.fromArray(S, x, xo + i + L));
            s2 = s2.add(DoubleVector.fromArray(S, x, xo + i + 2 * L));
            s3 = s3.add(DoubleVector.fromArray(S, x, xo + i + 3 * L));
        }
        for (; i <= n - L; i += L) {
            s0 = s0.add(DoubleVector.fromArray(S, x, xo + i));
        }
        if (i < n) {
            s1 = s1.add(DoubleVector.fromArray(S, x, xo + i, S.indexInRange(i, n)));
        }
        DoubleVector all1 = s0.add(s1).add(s2.add(s3));
        DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
        part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
        part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
        part2 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
        double addLanes3 = part2.lane(0);
        return addLanes3;
    }

    /** Sum of squares of x[xo .. xo + n). */
    static double sumOfSquares(double[] x, int xo, int n) {
        return dot(x, xo, x, xo, n);
    }

    /** Sum of x[xo + i] y[yo + i], blocks joined as in {@link #sum}. */
    static double dot(double[] x, int xo, double[] y, int yo, int n) {
        if (n <= BLOCK) {
            return dotBlock(x, xo, y, yo, n);
        }
        int half = firstPart((n + BLOCK - 1) / BLOCK) * BLOCK;
        return dot(x, xo, y, yo, half) + dot(x, xo + half, y, yo + half, n - half);
    }

    private static double dotBlock(double[] x, int xo, double[] y, int yo, int n) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * L; i += 4 * L) {
            s0 = DoubleVector.fromArray(S, x, xo + i).fma(DoubleVector.fromArray(S, y, yo + i), s0);
            s1 = DoubleVector.fromArray(S, x, xo + i + L).fma(DoubleVector.fromArray(S, y, yo + i + L), s1);
            s2 = DoubleVector.fromArray(S, x, xo + i + 2 * L).fma(DoubleVector.fromArray(S, y, yo + i + 2 * L), s2);
            s3 = DoubleVector.fromArray(S, x, xo + i + 3 * L).fma(DoubleVector.fromArray(S, y, yo + i + 3 * L), s3);
        }
        for (; i <= n - L; i += L) {
            s0 = DoubleVector.fromArray(S, x, xo + i).fma(DoubleVector.fromArray(S, y, yo + i), s0);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            s1 = DoubleVector.fromArray(S, x, xo + i, m).fma(DoubleVector.fromArray(S, y, yo + i, m), s1);
        }
        DoubleVector all1 = s0.add(s1).add(s2.add(s3));
        DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
        part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
        part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
        part2 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
        double addLanes3 = part2.lane(0);
        return addLanes3;
    }

    /** Largest of x[xo .. xo + n), NaN if there is one; negative infinity for none. */
    static double max(double[] x, int xo, int n) {
        DoubleVector m0 = DoubleVector.broadcast(S, Double.NEGATIVE_INFINITY);
        DoubleVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.max(DoubleVector.fromArray(S, x, xo + i));
            m1 = m1.max(DoubleVector.fromArray(S, x, xo + i + L));
        }
        for (; i <= n - L; i += L) {
            m0 = m0.max(DoubleVector.fromArray(S, x, xo + i));
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            m1 = m1.blend(m1.max(DoubleVector.fromArray(S, x, xo + i, m)), m);
        }
        DoubleVector all1 = m0.max(m1);
        DoubleVector part2 = all1.max(all1.rearrange(DoubleLanes.HALVES));
        part2 = L >= 4 ? part2.max(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
        part2 = L >= 8 ? part2.max(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
        part2 = L >= 16 ? part2.max(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
        double maxLanes3 = part2.lane(0);
        return maxLanes3;
    }

    /** Smallest of x[xo .. xo + n), NaN if there is one; infinity for none. */
    static double min(double[] x, int xo, int n) {
        DoubleVector m0 = DoubleVector.broadcast(S, Double.POSITIVE_INFINITY);
        DoubleVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.min(DoubleVector.fromArray(S, x, xo + i));
            m1 = m1.min(DoubleVector.fromArray(S, x, xo + i + L));
        }
        for (; i <= n - L; i += L) {
            m0 = m0.min(DoubleVector.fromArray(S, x, xo + i));
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            m1 = m1.blend(m1.min(DoubleVector.fromArray(S, x, xo + i, m)), m);
        }
        DoubleVector negative = m0.min(m1).neg();
        DoubleVector part1 = negative.max(negative.rearrange(DoubleLanes.HALVES));
        part1 = L >= 4 ? part1.max(part1.rearrange(DoubleLanes.QUARTERS)) : part1;
        part1 = L >= 8 ? part1.max(part1.rearrange(DoubleLanes.EIGHTHS)) : part1;
        part1 = L >= 16 ? part1.max(part1.rearrange(DoubleLanes.SIXTEENTHS)) : part1;
        double maxLanes2 = part1.lane(0);
        double low = maxLanes2;
        return -low;
    }

    /**
     * Column sums of rows x cols elements whose rows start stride apart, for the columns from colFrom to colTo: y[yo + j]
     * becomes the sum, or grows by it. Rows are added in blocks, and the blocks in order: a column's result does not depend
     * on the column range. y is written and must not overlap x.
     */
    static void columnSums(
            double[] x, int xo, int stride, int rows, int colFrom, int colTo, double[] y, int yo, boolean accumulate) {
        // blocks of rows in calls of their own: sums that live on through an outer loop were boxed in one JVM of thirty
        for (int row = 0; row == 0 || row < rows; row += ROW_BLOCK) {
            int at = xo + row * stride;
            int block = Math.min(ROW_BLOCK, rows - row);
            boolean more = accumulate || row > 0;
            int j = colFrom;
            for (; j <= colTo - 2 * L; j += 2 * L) {
                columnPair(x, at + j, stride, block, y, yo + j, more);
            }
            for (; j < colTo; j += L) {
                columnTail(x, at + j, stride, block, y, yo + j, Math.min(L, colTo - j), more);
            }
        }
    }

    private static void columnPair(double[] x, int xo, int stride, int rows, double[] y, int yo, boolean accumulate) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        for (int i = 0; i < rows; i++) {
            s0 = s0.add(DoubleVector.fromArray(S, x, xo + i * stride));
            s1 = s1.add(DoubleVector.fromArray(S, x, xo + i * stride + L));
        }
        if (accumulate) {
            s0.add(DoubleVector.fromArray(S, y, yo)).intoArray(y, yo);
            s1.add(DoubleVector.fromArray(S, y, yo + L)).intoArray(y, yo + L);
        } else {
            s0.intoArray(y, yo);
            s1.intoArray(y, yo + L);
        }
    }

    private static void columnTail(
            double[] x, int xo, int stride, int rows, double[] y, int yo, int cols, boolean accumulate) {
        VectorMask<Double> m = S.indexInRange(0, cols);
        DoubleVector s = DoubleVector.zero(S);
        for (int i = 0; i < rows; i++) {
            s = s.add(DoubleVector.fromArray(S, x, xo + i * stride, m));
        }
        if (accumulate) {
            s.add(DoubleVector.fromArray(S, y, yo, m)).intoArray(y, yo, m);
        } else {
            s.intoArray(y, yo, m);
        }
    }
}
