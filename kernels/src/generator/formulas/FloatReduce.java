package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reductions of contiguous ranges. Sums add blocks of {@link #BLOCK} elements, each with four accumulators, pairwise: the
 * order is a function of the length and the vector width alone. Whoever splits a range over threads cuts at multiples of
 * the block, takes {@link #sum} of each block and joins the parts with {@link #combine}: same bits.
 */
final class FloatReduce {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** Elements added in one go. */
    static final int BLOCK = 1024;

    /** Rows added in one go by {@link #columnSums}. */
    private static final int ROW_BLOCK = 64;

    private FloatReduce() {}

    /** Sum of x[xo .. xo + n); 0 for none. */
    static float sum(float[] x, int xo, int n) {
        if (n <= BLOCK) {
            return sumBlock(x, xo, n);
        }
        int half = firstPart((n + BLOCK - 1) / BLOCK) * BLOCK;
        return sum(x, xo, half) + sum(x, xo + half, n - half);
    }

    /** Joins the sums of consecutive blocks in the order in which {@link #sum} does. */
    static float combine(float[] parts, int po, int blocks) {
        if (blocks <= 1) {
            return blocks == 0 ? 0f : parts[po];
        }
        int half = firstPart(blocks);
        return combine(parts, po, half) + combine(parts, po + half, blocks - half);
    }

    /** Largest power of two below the number of blocks. */
    static int firstPart(int blocks) {
        return Integer.highestOneBit(blocks - 1);
    }

    private static float sumBlock(float[] x, int xo, int n) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * L; i += 4 * L) {
            s0 = s0.add(FloatVector.fromArray(S, x, xo + i));
            s1 = s1.add(FloatVector.fromArray(S, x, xo + i + L));
            s2 = s2.add(FloatVector.fromArray(S, x, xo + i + 2 * L));
            s3 = s3.add(FloatVector.fromArray(S, x, xo + i + 3 * L));
        }
        for (; i <= n - L; i += L) {
            s0 = s0.add(FloatVector.fromArray(S, x, xo + i));
        }
        if (i < n) {
            s1 = s1.add(FloatVector.fromArray(S, x, xo + i, S.indexInRange(i, n)));
        }
        return FloatMath.addLanes(s0.add(s1).add(s2.add(s3)));
    }

    /** Sum of squares of x[xo .. xo + n). */
    static float sumOfSquares(float[] x, int xo, int n) {
        return dot(x, xo, x, xo, n);
    }

    /** Sum of x[xo + i] y[yo + i], blocks joined as in {@link #sum}. */
    static float dot(float[] x, int xo, float[] y, int yo, int n) {
        if (n <= BLOCK) {
            return dotBlock(x, xo, y, yo, n);
        }
        int half = firstPart((n + BLOCK - 1) / BLOCK) * BLOCK;
        return dot(x, xo, y, yo, half) + dot(x, xo + half, y, yo + half, n - half);
    }

    private static float dotBlock(float[] x, int xo, float[] y, int yo, int n) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * L; i += 4 * L) {
            s0 = FloatVector.fromArray(S, x, xo + i).fma(FloatVector.fromArray(S, y, yo + i), s0);
            s1 = FloatVector.fromArray(S, x, xo + i + L).fma(FloatVector.fromArray(S, y, yo + i + L), s1);
            s2 = FloatVector.fromArray(S, x, xo + i + 2 * L).fma(FloatVector.fromArray(S, y, yo + i + 2 * L), s2);
            s3 = FloatVector.fromArray(S, x, xo + i + 3 * L).fma(FloatVector.fromArray(S, y, yo + i + 3 * L), s3);
        }
        for (; i <= n - L; i += L) {
            s0 = FloatVector.fromArray(S, x, xo + i).fma(FloatVector.fromArray(S, y, yo + i), s0);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            s1 = FloatVector.fromArray(S, x, xo + i, m).fma(FloatVector.fromArray(S, y, yo + i, m), s1);
        }
        return FloatMath.addLanes(s0.add(s1).add(s2.add(s3)));
    }

    /** Largest of x[xo .. xo + n), NaN if there is one; negative infinity for none. */
    static float max(float[] x, int xo, int n) {
        FloatVector m0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.max(FloatVector.fromArray(S, x, xo + i));
            m1 = m1.max(FloatVector.fromArray(S, x, xo + i + L));
        }
        for (; i <= n - L; i += L) {
            m0 = m0.max(FloatVector.fromArray(S, x, xo + i));
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            m1 = m1.blend(m1.max(FloatVector.fromArray(S, x, xo + i, m)), m);
        }
        return FloatMath.maxLanes(m0.max(m1));
    }

    /** Smallest of x[xo .. xo + n), NaN if there is one; infinity for none. */
    static float min(float[] x, int xo, int n) {
        FloatVector m0 = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.min(FloatVector.fromArray(S, x, xo + i));
            m1 = m1.min(FloatVector.fromArray(S, x, xo + i + L));
        }
        for (; i <= n - L; i += L) {
            m0 = m0.min(FloatVector.fromArray(S, x, xo + i));
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            m1 = m1.blend(m1.min(FloatVector.fromArray(S, x, xo + i, m)), m);
        }
        FloatVector negative = m0.min(m1).neg();
        float low = FloatMath.maxLanes(negative);
        return -low;
    }

    /**
     * Column sums of rows x cols elements whose rows start stride apart, for the columns from colFrom to colTo: y[yo + j]
     * becomes the sum, or grows by it. Rows are added in blocks, and the blocks in order: a column's result does not depend
     * on the column range. y is written and must not overlap x.
     */
    static void columnSums(
            float[] x, int xo, int stride, int rows, int colFrom, int colTo, float[] y, int yo, boolean accumulate) {
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

    private static void columnPair(float[] x, int xo, int stride, int rows, float[] y, int yo, boolean accumulate) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        for (int i = 0; i < rows; i++) {
            s0 = s0.add(FloatVector.fromArray(S, x, xo + i * stride));
            s1 = s1.add(FloatVector.fromArray(S, x, xo + i * stride + L));
        }
        if (accumulate) {
            s0.add(FloatVector.fromArray(S, y, yo)).intoArray(y, yo);
            s1.add(FloatVector.fromArray(S, y, yo + L)).intoArray(y, yo + L);
        } else {
            s0.intoArray(y, yo);
            s1.intoArray(y, yo + L);
        }
    }

    private static void columnTail(
            float[] x, int xo, int stride, int rows, float[] y, int yo, int cols, boolean accumulate) {
        VectorMask<Float> m = S.indexInRange(0, cols);
        FloatVector s = FloatVector.zero(S);
        for (int i = 0; i < rows; i++) {
            s = s.add(FloatVector.fromArray(S, x, xo + i * stride, m));
        }
        if (accumulate) {
            s.add(FloatVector.fromArray(S, y, yo, m)).intoArray(y, yo, m);
        } else {
            s.intoArray(y, yo, m);
        }
    }
}
