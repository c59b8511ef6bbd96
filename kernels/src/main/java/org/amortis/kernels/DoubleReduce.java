package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
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

    private static final VectorShuffle<Double> SWAP_2 = swap(L / 2);
    private static final VectorShuffle<Double> SWAP_4 = swap(L / 4);
    private static final VectorShuffle<Double> SWAP_8 = swap(L / 8);
    private static final VectorShuffle<Double> SWAP_16 = swap(L / 16);

    private DoubleReduce() {}

    private static VectorShuffle<Double> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> i ^ distance);
    }

    /**
     * Sum of the lanes by halving. Not reduceLanes(ADD): its order is unspecified and is another one in interpreted than in
     * compiled code, so that results would depend on when a method got compiled.
     */
    static double addLanes(DoubleVector v) {
        DoubleVector s = v.add(v.rearrange(SWAP_2));
        if (L >= 4) {
            s = s.add(s.rearrange(SWAP_4));
        }
        if (L >= 8) {
            s = s.add(s.rearrange(SWAP_8));
        }
        if (L >= 16) {
            s = s.add(s.rearrange(SWAP_16));
        }
        return s.lane(0);
    }

    private static double maxLanes(DoubleVector v) {
        DoubleVector s = v.max(v.rearrange(SWAP_2));
        if (L >= 4) {
            s = s.max(s.rearrange(SWAP_4));
        }
        if (L >= 8) {
            s = s.max(s.rearrange(SWAP_8));
        }
        if (L >= 16) {
            s = s.max(s.rearrange(SWAP_16));
        }
        return s.lane(0);
    }

    private static double minLanes(DoubleVector v) {
        return -maxLanes(v.neg());
    }

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
        return addLanes(s0.add(s1).add(s2.add(s3)));
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
        return addLanes(s0.add(s1).add(s2.add(s3)));
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
        return maxLanes(m0.max(m1));
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
        return minLanes(m0.min(m1));
    }

    /**
     * Column sums of rows x cols elements whose rows start stride apart, for the columns from colFrom to colTo: y[yo + j]
     * becomes the sum, or grows by it. Rows are added in blocks, and the blocks in order: a column's result does not depend
     * on the column range. y is written and must not overlap x.
     */
    static void columnSums(
            double[] x, int xo, int stride, int rows, int colFrom, int colTo, double[] y, int yo, boolean accumulate) {
        int j = colFrom;
        for (; j <= colTo - 2 * L; j += 2 * L) {
            columnPair(x, xo + j, stride, rows, y, yo + j, accumulate);
        }
        for (; j < colTo; j += L) {
            columnTail(x, xo + j, stride, rows, y, yo + j, Math.min(L, colTo - j), accumulate);
        }
    }

    private static void columnPair(double[] x, int xo, int stride, int rows, double[] y, int yo, boolean accumulate) {
        DoubleVector t0 = DoubleVector.zero(S);
        DoubleVector t1 = DoubleVector.zero(S);
        for (int from = 0; from < rows; from += ROW_BLOCK) {
            int to = Math.min(rows, from + ROW_BLOCK);
            DoubleVector s0 = DoubleVector.zero(S);
            DoubleVector s1 = DoubleVector.zero(S);
            for (int i = from; i < to; i++) {
                s0 = s0.add(DoubleVector.fromArray(S, x, xo + i * stride));
                s1 = s1.add(DoubleVector.fromArray(S, x, xo + i * stride + L));
            }
            t0 = t0.add(s0);
            t1 = t1.add(s1);
        }
        if (accumulate) {
            t0 = t0.add(DoubleVector.fromArray(S, y, yo));
            t1 = t1.add(DoubleVector.fromArray(S, y, yo + L));
        }
        t0.intoArray(y, yo);
        t1.intoArray(y, yo + L);
    }

    private static void columnTail(
            double[] x, int xo, int stride, int rows, double[] y, int yo, int cols, boolean accumulate) {
        VectorMask<Double> m = S.indexInRange(0, cols);
        DoubleVector t = DoubleVector.zero(S);
        for (int from = 0; from < rows; from += ROW_BLOCK) {
            int to = Math.min(rows, from + ROW_BLOCK);
            DoubleVector s = DoubleVector.zero(S);
            for (int i = from; i < to; i++) {
                s = s.add(DoubleVector.fromArray(S, x, xo + i * stride, m));
            }
            t = t.add(s);
        }
        if (accumulate) {
            t = t.add(DoubleVector.fromArray(S, y, yo, m));
        }
        t.intoArray(y, yo, m);
    }
}
