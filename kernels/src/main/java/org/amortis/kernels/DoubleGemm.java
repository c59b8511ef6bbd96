package org.amortis.kernels;

import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Matrix product c = op(a) op(b), row-major, started from zero, from c or from a bias row. Register tiles run over panels
 * of b that fit the first cache; k is cut in blocks of {@link #K_BLOCK}. Each element of c is one chain of fused multiply-adds
 * for each k block, whatever tile computes it: the result does not depend on how rows and columns are split over calls,
 * and thin shapes (one row, one column) are told by the whole product's size, not by the part's.
 */
final class DoubleGemm {
    /** c = product. */
    static final int ZERO = 0;

    /** c = c + product. */
    static final int ACCUMULATE = 1;

    /** c = bias row + product. */
    static final int BIAS = 2;

    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();
    private static final int WIDE = 2 * L;

    /** A panel of 384 steps and 32 columns is 48 KB; between 256 and 512 the rate differs by less than 5 %. */
    private static final int K_BLOCK = 384;

    private static final int ROW_BLOCK = 384;
    private static final int COLUMN_BLOCK = 1024;

    /** Below this many rows b is read in place: a copy would cost more than it saves. */
    private static final int PACK_ROWS = 48;

    /** Tile height to take next for 0 to 23 rows left: no single row is left over after a tall tile. */
    private static final int[] TALL = {0, 1, 2, 3, 4, 3, 6, 4, 8, 6, 6, 8, 12, 6, 8, 12, 8, 8, 12, 8, 12, 12, 8, 12};

    private static final int[] SHORT = {0, 1, 2, 3, 4, 3, 6, 4, 4, 6, 6, 4};
    private static final int[] NEXT_HEIGHT = Species.TILE_ROWS == 12 ? TALL : SHORT;

    private DoubleGemm() {}

    /**
     * Doubles of working space that a call needs, the same for every part of the product. Each thread needs its own.
     */
    static int scratchSize(boolean transB, int m, int n, int k) {
        int steps = Math.max(1, Math.min(k, K_BLOCK));
        int width = (Math.min(n, COLUMN_BLOCK) + WIDE - 1) / WIDE * WIDE;
        return steps * (m > ROW_BLOCK ? width : WIDE) + Species.TILE_ROWS * WIDE;
    }

    /**
     * Computes the rows from rowFrom to rowTo and columns from colFrom to colTo of the m x n product over k. a is m x k, or
     * k x m if transA, with rows lda apart; b is k x n, or n x k if transB; c is m x n. a, b and bias are read, c is written
     * and must overlap none of them; scratch is overwritten from so on. start is ZERO, ACCUMULATE or BIAS; without BIAS the
     * bias array is not read.
     */
    static void gemm(
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int lda,
            double[] b,
            int bo,
            int ldb,
            int start,
            double[] bias,
            int biasOffset,
            double[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo,
            double[] scratch,
            int so) {
        if (rowFrom >= rowTo || colFrom >= colTo) {
            return;
        }
        if (DoubleThin.takes(transA, transB, m, n, lda, ldb, ldc)) {
            DoubleThin.multiply(
                    transA,
                    transB,
                    m,
                    k,
                    a,
                    ao,
                    lda,
                    b,
                    bo,
                    ldb,
                    start,
                    bias,
                    biasOffset,
                    c,
                    co,
                    ldc,
                    rowFrom,
                    rowTo,
                    colFrom,
                    colTo);
            return;
        }
        for (int j = colFrom; j < colTo; j += COLUMN_BLOCK) {
            int jEnd = Math.min(colTo, j + COLUMN_BLOCK);
            for (int p = 0; p == 0 || p < k; p += K_BLOCK) {
                block(
                        transA,
                        transB,
                        m,
                        Math.min(K_BLOCK, k - p),
                        p,
                        a,
                        ao,
                        lda,
                        b,
                        bo,
                        ldb,
                        p == 0 ? start : ACCUMULATE,
                        bias,
                        biasOffset,
                        c,
                        co,
                        ldc,
                        rowFrom,
                        rowTo,
                        j,
                        jEnd,
                        scratch,
                        so);
            }
        }
    }

    private static void block(
            boolean transA,
            boolean transB,
            int m,
            int steps,
            int p,
            double[] a,
            int ao,
            int lda,
            double[] b,
            int bo,
            int ldb,
            int start,
            double[] bias,
            int biasOffset,
            double[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo,
            double[] scratch,
            int so) {
        int rows = transA ? 1 : lda;
        int stepStride = transA ? lda : 1;
        int aFrom = ao + p * stepStride;
        int bFrom = bo + (transB ? p : p * ldb);
        boolean packAll = transB || m >= PACK_ROWS;
        int panels = so + Species.TILE_ROWS * WIDE;
        int panelSize = rowTo - rowFrom > ROW_BLOCK ? steps * WIDE : 0;
        for (int i = rowFrom; i < rowTo; i += ROW_BLOCK) {
            int iEnd = Math.min(rowTo, i + ROW_BLOCK);
            int panel = panels;
            for (int j = colFrom; j < colTo; j += WIDE, panel += panelSize) {
                int width = Math.min(WIDE, colTo - j);
                int lanes = width > L ? WIDE : L;
                boolean pack = packAll || width < lanes;
                if (pack && (i == rowFrom || panelSize == 0)) {
                    DoublePack.panel(
                            transB,
                            b,
                            bFrom + (transB ? j * ldb : j),
                            ldb,
                            steps,
                            width,
                            scratch,
                            panel,
                            lanes,
                            scratch,
                            so);
                }
                rowsOfPanel(
                        a,
                        aFrom,
                        rows,
                        stepStride,
                        pack ? scratch : b,
                        pack ? panel : bFrom + j,
                        pack ? lanes : ldb,
                        steps,
                        start == BIAS ? bias : c,
                        start == BIAS ? biasOffset + j : co + j,
                        start == BIAS ? 0 : ldc,
                        start != ZERO,
                        c,
                        co + j,
                        ldc,
                        i,
                        iEnd,
                        width,
                        scratch,
                        so);
            }
        }
    }

    /** One panel of b against the rows from i to iEnd. */
    private static void rowsOfPanel(
            double[] a,
            int ao,
            int rows,
            int stepStride,
            double[] b,
            int bo,
            int bs,
            int steps,
            double[] base,
            int baseOffset,
            int baseStride,
            boolean add,
            double[] c,
            int co,
            int ldc,
            int i,
            int iEnd,
            int width,
            double[] scratch,
            int so) {
        boolean whole = width == WIDE || width == L;
        boolean wide = width > L;
        while (i < iEnd) {
            int left = iEnd - i;
            int h = left < NEXT_HEIGHT.length ? NEXT_HEIGHT[left] : Species.TILE_ROWS;
            int at = ao + i * rows;
            int to = co + i * ldc;
            int from = baseOffset + i * baseStride;
            if (whole && wide) {
                DoubleWideTiles.run(
                        h, a, at, rows, stepStride, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
            } else if (whole) {
                DoubleNarrowTiles.run(
                        h, a, at, rows, stepStride, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
            } else {
                if (wide) {
                    DoubleWideTiles.run(
                            h, a, at, rows, stepStride, b, bo, bs, steps, scratch, so, WIDE, scratch, so, WIDE, false);
                } else {
                    DoubleNarrowTiles.run(
                            h, a, at, rows, stepStride, b, bo, bs, steps, scratch, so, WIDE, scratch, so, WIDE, false);
                }
                copyTile(h, width, scratch, so, base, from, baseStride, add, c, to, ldc);
            }
            i += h;
        }
    }

    private static void copyTile(
            int h,
            int width,
            double[] tile,
            int so,
            double[] base,
            int from,
            int baseStride,
            boolean add,
            double[] c,
            int to,
            int ldc) {
        for (int r = 0; r < h; r++) {
            int t = so + r * WIDE;
            int y = to + r * ldc;
            if (add) {
                int x = from + r * baseStride;
                for (int j = 0; j < width; j++) {
                    c[y + j] = tile[t + j] + base[x + j];
                }
            } else {
                System.arraycopy(tile, t, c, y, width);
            }
        }
    }
}
