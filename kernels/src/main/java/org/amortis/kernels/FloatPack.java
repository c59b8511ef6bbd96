package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of the factors in the order in which the tiles read them: panels of the right factor, step after step, each with
 * all its columns side by side, padded with zeros; rows of the left factor a constant distance apart, or side by side if it
 * is stored transposed.
 */
final class FloatPack {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** Elements from one copied row to the next: room for the steps of a block, and odd in lines of the cache. */
    static final int ROW_DISTANCE = 464;

    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorMask<Float> UPPER_1 = upper(1);
    private static final VectorMask<Float> UPPER_2 = upper(2);
    private static final VectorMask<Float> UPPER_4 = upper(4);
    private static final VectorMask<Float> UPPER_8 = upper(8);

    private FloatPack() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> distance < L ? i ^ distance : i);
    }

    private static VectorMask<Float> upper(int distance) {
        long bits = 0;
        for (int i = 0; i < L; i++) {
            bits |= (i & distance) != 0 ? 1L << i : 0;
        }
        return VectorMask.fromLong(S, bits);
    }

    /**
     * Panel of steps x lanes from b, whose element (p, j) lies at bo + p * ldb + j, or at bo + j * ldb + p if trans. Only
     * width columns are read; lanes are whole vectors. panel is written and must not overlap b; L x L floats of scratch
     * from so on are overwritten.
     */
    static void panel(
            boolean trans,
            float[] b,
            int bo,
            int ldb,
            int steps,
            int width,
            float[] panel,
            int po,
            int lanes,
            float[] scratch,
            int so) {
        if (trans) {
            transposed(b, bo, ldb, steps, width, panel, po, lanes, scratch, so);
        } else if (width == 2 * L) {
            for (int p = 0; p < steps; p++) {
                FloatVector.fromArray(S, b, bo + p * ldb).intoArray(panel, po + p * lanes);
                FloatVector.fromArray(S, b, bo + p * ldb + L).intoArray(panel, po + p * lanes + L);
            }
        } else {
            for (int p = 0; p < steps; p++) {
                int to = po + p * lanes;
                System.arraycopy(b, bo + p * ldb, panel, to, width);
                for (int j = width; j < lanes; j++) {
                    panel[to + j] = 0;
                }
            }
        }
    }

    /** The copy of rows x steps elements, row i of which begins at ao + i * lda, to rows that are ROW_DISTANCE apart. */
    static void rows(float[] a, int ao, int lda, int rows, int steps, float[] out, int to) {
        for (int i = 0; i < rows; i++) {
            int from = ao + i * lda;
            int at = to + i * ROW_DISTANCE;
            if (steps < L) {
                for (int p = 0; p < steps; p++) {
                    out[at + p] = a[from + p];
                }
            } else {
                // the last vector ends with the row and does a few elements again
                int last = steps - L;
                for (int p = 0; p < last; p += L) {
                    FloatVector.fromArray(S, a, from + p).intoArray(out, at + p);
                }
                FloatVector.fromArray(S, a, from + last).intoArray(out, at + last);
            }
        }
    }

    /** L x L elements transposed; L x L floats of scratch from so on are overwritten. */
    static void square(float[] x, int xo, int xStride, float[] y, int yo, int yStride, float[] scratch, int so) {
        if (L == 16) {
            exchange8And4(x, xo, xStride, scratch, so);
            exchange2And1(scratch, so, L, y, yo, yStride);
        } else if (L == 8) {
            exchange4(x, xo, xStride, scratch, so);
            exchange2And1(scratch, so, L, y, yo, yStride);
        } else {
            exchange2And1(x, xo, xStride, y, yo, yStride);
        }
    }

    /** The copy in order of a block of rows x steps of a transposed factor, whose element (i, p) lies at ao + i + p * lda. */
    static void rowsInOrder(float[] a, int ao, int lda, int rows, int steps, float[] out, int to, int stride) {
        for (int p = 0; p < steps; p++) {
            System.arraycopy(a, ao + p * lda, out, to + p * stride, rows);
        }
    }

    private static void transposed(
            float[] b,
            int bo,
            int ldb,
            int steps,
            int width,
            float[] panel,
            int po,
            int lanes,
            float[] scratch,
            int so) {
        int wholeSteps = L >= 4 ? steps - steps % L : 0;
        int j = 0;
        for (; j <= width - L; j += L) {
            for (int p = 0; p < wholeSteps; p += L) {
                square(b, bo + j * ldb + p, ldb, panel, po + p * lanes + j, lanes, scratch, so);
            }
            oneByOne(b, bo, ldb, wholeSteps, steps, j, j + L, panel, po, lanes);
        }
        oneByOne(b, bo, ldb, 0, steps, j, width, panel, po, lanes);
        for (int p = 0; p < steps; p++) {
            for (int q = width; q < lanes; q++) {
                panel[po + p * lanes + q] = 0;
            }
        }
    }

    private static void oneByOne(
            float[] b,
            int bo,
            int ldb,
            int stepFrom,
            int stepTo,
            int colFrom,
            int colTo,
            float[] panel,
            int po,
            int lanes) {
        for (int j = colFrom; j < colTo; j++) {
            for (int p = stepFrom; p < stepTo; p++) {
                panel[po + p * lanes + j] = b[bo + j * ldb + p];
            }
        }
    }

    // A transpose swaps, for every power of two d, the lanes with bit d of the rows without it and the other way round.
    // In steps of four rows at a time: written out as one method of 16 live vectors it was 30 times slower.

    private static void exchange8And4(float[] x, int xo, int stride, float[] y, int yo) {
        for (int i = 0; i < 4; i++) {
            FloatVector a = FloatVector.fromArray(S, x, xo + i * stride);
            FloatVector b = FloatVector.fromArray(S, x, xo + (i + 4) * stride);
            FloatVector c = FloatVector.fromArray(S, x, xo + (i + 8) * stride);
            FloatVector d = FloatVector.fromArray(S, x, xo + (i + 12) * stride);
            FloatVector ac = a.blend(c.rearrange(SWAP_8), UPPER_8);
            FloatVector ca = a.rearrange(SWAP_8).blend(c, UPPER_8);
            FloatVector bd = b.blend(d.rearrange(SWAP_8), UPPER_8);
            FloatVector db = b.rearrange(SWAP_8).blend(d, UPPER_8);
            ac.blend(bd.rearrange(SWAP_4), UPPER_4).intoArray(y, yo + i * L);
            ac.rearrange(SWAP_4).blend(bd, UPPER_4).intoArray(y, yo + (i + 4) * L);
            ca.blend(db.rearrange(SWAP_4), UPPER_4).intoArray(y, yo + (i + 8) * L);
            ca.rearrange(SWAP_4).blend(db, UPPER_4).intoArray(y, yo + (i + 12) * L);
        }
    }

    private static void exchange4(float[] x, int xo, int stride, float[] y, int yo) {
        for (int i = 0; i < 4; i++) {
            FloatVector a = FloatVector.fromArray(S, x, xo + i * stride);
            FloatVector b = FloatVector.fromArray(S, x, xo + (i + 4) * stride);
            a.blend(b.rearrange(SWAP_4), UPPER_4).intoArray(y, yo + i * L);
            a.rearrange(SWAP_4).blend(b, UPPER_4).intoArray(y, yo + (i + 4) * L);
        }
    }

    private static void exchange2And1(float[] x, int xo, int xStride, float[] y, int yo, int yStride) {
        for (int i = 0; i < L; i += 4) {
            FloatVector a = FloatVector.fromArray(S, x, xo + i * xStride);
            FloatVector b = FloatVector.fromArray(S, x, xo + (i + 1) * xStride);
            FloatVector c = FloatVector.fromArray(S, x, xo + (i + 2) * xStride);
            FloatVector d = FloatVector.fromArray(S, x, xo + (i + 3) * xStride);
            FloatVector ac = a.blend(c.rearrange(SWAP_2), UPPER_2);
            FloatVector ca = a.rearrange(SWAP_2).blend(c, UPPER_2);
            FloatVector bd = b.blend(d.rearrange(SWAP_2), UPPER_2);
            FloatVector db = b.rearrange(SWAP_2).blend(d, UPPER_2);
            ac.blend(bd.rearrange(SWAP_1), UPPER_1).intoArray(y, yo + i * yStride);
            ac.rearrange(SWAP_1).blend(bd, UPPER_1).intoArray(y, yo + (i + 1) * yStride);
            ca.blend(db.rearrange(SWAP_1), UPPER_1).intoArray(y, yo + (i + 2) * yStride);
            ca.rearrange(SWAP_1).blend(db, UPPER_1).intoArray(y, yo + (i + 3) * yStride);
        }
    }
}
