package org.amortis.kernels;

import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix product c = op(a) op(b), row-major, started from zero, from c or from a bias row. Register tiles run over panels
 * of b that fit the first cache and read a transposed a where it lies, with its rows side by side, any other from a copy with
 * rows a constant distance apart. k is cut in blocks of even size. Each element of c is one chain of fused multiply-adds for each k block, whatever tile computes
 * it: the result does not depend on how rows and columns are split over calls, and thin shapes are told by the whole
 * product's size, not by the part's.
 */
final class FloatGemm {
    /** c = product. */
    static final int ZERO = 0;

    /** c = c + product. */
    static final int ACCUMULATE = 1;

    /** c = bias row + product. */
    static final int BIAS = 2;

    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final int WIDE = 2 * L;

    /** A panel of 448 steps and 32 columns is 57 KB; between 256 and 512 the rate differs by less than 5 %. Rows fit too. */
    private static final int LONGEST_K_BLOCK = 448;

    /** Rows of a that are copied together: with 448 steps 340 KB, for the second cache. */
    private static final int ROW_BLOCK = 192;

    private static final int COLUMN_BLOCK = 1024;

    /** Rows of a that lie side by side in the copy of a transposed a: four tiles of 12, and whole vectors. */
    private static final int GROUP = 48;

    /** Below this many rows b is read in place: a copy would cost more than it saves. */
    private static final int PACK_ROWS = 48;

    /** Up to so many columns the product is computed transposed: a tile needs two vectors of columns to be fast. */
    private static final int FEW_COLUMNS = 12;

    private static final int[] NEXT_HEIGHT = heights();

    private FloatGemm() {}

    /** Tile height to take next for 0 to 47 rows left, by the time of the tiles: a single row takes a third of twelve. */
    private static int[] heights() {
        int[] height = Species.TILE_ROWS == 12 ? new int[] {12, 10, 8, 6, 4, 3, 2, 1} : new int[] {6, 4, 3, 2, 1};
        int[] time =
                Species.TILE_ROWS == 12 ? new int[] {109, 93, 74, 57, 46, 43, 42, 40} : new int[] {58, 41, 34, 28, 24};
        int[] next = new int[GROUP];
        int[] total = new int[GROUP];
        for (int left = 1; left < GROUP; left++) {
            total[left] = Integer.MAX_VALUE;
            for (int h = 0; h < height.length; h++) {
                int rest = left - height[h];
                if (rest >= 0 && total[rest] + time[h] < total[left]) {
                    total[left] = total[rest] + time[h];
                    next[left] = height[h];
                }
            }
        }
        return next;
    }

    /** Height of the tile to take next where so many rows are left. */
    static int nextHeight(int left) {
        return left < GROUP ? NEXT_HEIGHT[left] : Species.TILE_ROWS;
    }

    /** Steps of a k block: blocks of one product differ by less than two. */
    private static int blockSteps(int k) {
        int blocks = Math.max(1, (k + LONGEST_K_BLOCK - 1) / LONGEST_K_BLOCK);
        return Math.max(1, ((k + blocks - 1) / blocks + 1) / 2 * 2);
    }

    /** Whether the product is computed as that of the transposed factors in exchanged order. */
    private static boolean exchanged(int m, int n) {
        return n <= FEW_COLUMNS && m > n;
    }

    private static int roundUp(int rows) {
        return (rows + L - 1) / L * L;
    }

    /**
     * Floats of working space that a call needs, the same for every part of the product. Each thread needs its own.
     */
    static int scratchSize(boolean transA, boolean transB, int m, int n, int k) {
        if (exchanged(m, n)) {
            return m * n + straightSize(!transB, n, m, k);
        }
        return straightSize(transA, m, n, k);
    }

    private static int straightSize(boolean transA, int m, int n, int k) {
        int steps = Math.min(k, blockSteps(k));
        int width = (Math.min(n, COLUMN_BLOCK) + WIDE - 1) / WIDE * WIDE;
        int panels = steps * (m > ROW_BLOCK ? width : WIDE);
        int copy = transA ? steps * Math.min(ROW_BLOCK, roundUp(m)) : FloatPack.ROW_DISTANCE * Math.min(ROW_BLOCK, m);
        return Math.max(Species.TILE_ROWS * WIDE, L * L) + panels + copy;
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
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            int start,
            float[] bias,
            int biasOffset,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo,
            float[] scratch,
            int so) {
        if (rowFrom >= rowTo || colFrom >= colTo) {
            return;
        }
        if (FloatThin.takes(transA, transB, m, n, lda, ldb, ldc)) {
            FloatThin.multiply(
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
        } else if (exchanged(m, n)) {
            // c^T = op(b)^T op(a)^T: the same numbers multiplied and added in the same order
            straight(
                    !transB,
                    !transA,
                    n,
                    m,
                    k,
                    b,
                    bo,
                    ldb,
                    a,
                    ao,
                    lda,
                    ZERO,
                    b,
                    0,
                    scratch,
                    so,
                    m,
                    colFrom,
                    colTo,
                    rowFrom,
                    rowTo,
                    scratch,
                    so + m * n);
            transposeInto(scratch, so, m, start, bias, biasOffset, c, co, ldc, rowFrom, rowTo, colFrom, colTo);
        } else {
            straight(
                    transA,
                    transB,
                    m,
                    n,
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
                    colTo,
                    scratch,
                    so);
        }
    }

    private static void transposeInto(
            float[] x,
            int xo,
            int ldx,
            int start,
            float[] bias,
            int biasOffset,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo) {
        for (int j = colFrom; j < colTo; j++) {
            int from = xo + j * ldx;
            int to = co + j;
            if (start == ACCUMULATE) {
                for (int i = rowFrom; i < rowTo; i++) {
                    c[to + i * ldc] = x[from + i] + c[to + i * ldc];
                }
            } else {
                float first = start == BIAS ? bias[biasOffset + j] : 0;
                for (int i = rowFrom; i < rowTo; i++) {
                    c[to + i * ldc] = start == BIAS ? x[from + i] + first : x[from + i];
                }
            }
        }
    }

    private static void straight(
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            int start,
            float[] bias,
            int biasOffset,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo,
            float[] scratch,
            int so) {
        int steps = blockSteps(k);
        for (int j = colFrom; j < colTo; j += COLUMN_BLOCK) {
            int jEnd = Math.min(colTo, j + COLUMN_BLOCK);
            for (int p = 0; p == 0 || p < k; p += steps) {
                block(
                        transA,
                        transB,
                        m,
                        n,
                        Math.min(steps, k - p),
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
            int n,
            int steps,
            int p,
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            int start,
            float[] bias,
            int biasOffset,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo,
            float[] scratch,
            int so) {
        int aFrom = ao + (transA ? p * lda : p);
        int bFrom = bo + (transB ? p : p * ldb);
        boolean packAll = transB || m >= PACK_ROWS;
        // steps a multiple of 1 KB apart fall into the same few sets of the cache
        boolean packA = transA && lda % 256 == 0 && steps >= 64 && n >= 4 * WIDE;
        boolean inPlace = transA && !packA;
        int aPanel = so + Math.max(Species.TILE_ROWS * WIDE, L * L);
        int copy = transA ? steps * Math.min(ROW_BLOCK, roundUp(m)) : FloatPack.ROW_DISTANCE * Math.min(ROW_BLOCK, m);
        int panels = aPanel + (inPlace ? 0 : copy);
        int rowBlock = inPlace && m <= ROW_BLOCK ? m : ROW_BLOCK;
        int panelSize = rowTo - rowFrom > rowBlock ? steps * WIDE : 0;
        for (int i = rowFrom; i < rowTo; i += rowBlock) {
            int iEnd = Math.min(rowTo, i + rowBlock);
            if (packA) {
                packGroups(a, aFrom, lda, i, iEnd, steps, scratch, aPanel);
            } else if (!transA) {
                FloatPack.rows(a, aFrom + i * lda, lda, iEnd - i, steps, scratch, aPanel);
            }
            int panel = panels;
            for (int j = colFrom; j < colTo; j += WIDE, panel += panelSize) {
                int width = Math.min(WIDE, colTo - j);
                int lanes = width > L ? WIDE : L;
                boolean pack = packAll || width < lanes;
                if (pack && (i == rowFrom || panelSize == 0)) {
                    FloatPack.panel(
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
                for (int g = i; g < iEnd; g += packA ? GROUP : iEnd) {
                    int gEnd = packA ? Math.min(iEnd, g + GROUP) : iEnd;
                    rowsOfPanel(
                            !transA,
                            inPlace ? a : scratch,
                            inPlace ? aFrom + g : packA ? aPanel + (g - i) * steps : aPanel,
                            packA ? roundUp(gEnd - g) : lda,
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
                            g,
                            gEnd,
                            width,
                            scratch,
                            so);
                }
            }
        }
    }

    /** Groups of rows of a transposed a, each step after step. */
    private static void packGroups(
            float[] a, int ao, int lda, int rowFrom, int rowTo, int steps, float[] scratch, int to) {
        for (int g = rowFrom; g < rowTo; g += GROUP) {
            int rows = Math.min(GROUP, rowTo - g);
            int out = to + (g - rowFrom) * steps;
            FloatPack.rowsInOrder(a, ao + g, lda, rows, steps, scratch, out, roundUp(rows));
        }
    }

    /**
     * One panel of b against the rows from i to iEnd, the first of which lies at ao. Rows are either apart or side by side,
     * their steps then stepStride apart.
     */
    private static void rowsOfPanel(
            boolean apart,
            float[] a,
            int ao,
            int stepStride,
            float[] b,
            int bo,
            int bs,
            int steps,
            float[] base,
            int baseOffset,
            int baseStride,
            boolean add,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            int width,
            float[] scratch,
            int so) {
        boolean whole = width == WIDE || width == L;
        boolean wide = width > L;
        int i = rowFrom;
        while (i < rowTo) {
            int h = nextHeight(rowTo - i);
            int at = ao + (i - rowFrom) * (apart ? FloatPack.ROW_DISTANCE : 1);
            int to = co + i * ldc;
            int from = baseOffset + i * baseStride;
            if (whole) {
                tile(wide, apart, h, a, at, stepStride, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
            } else {
                tile(wide, apart, h, a, at, stepStride, b, bo, bs, steps, scratch, so, WIDE, scratch, so, WIDE, false);
                copyTile(h, width, scratch, so, base, from, baseStride, add, c, to, ldc);
            }
            i += h;
        }
    }

    private static void tile(
            boolean wide,
            boolean apart,
            int h,
            float[] a,
            int at,
            int stepStride,
            float[] b,
            int bo,
            int bs,
            int steps,
            float[] c,
            int to,
            int ldc,
            float[] base,
            int from,
            int baseStride,
            boolean add) {
        if (apart && wide) {
            FloatWideRowTiles.run(h, a, at, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
        } else if (apart) {
            FloatNarrowRowTiles.run(h, a, at, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
        } else if (wide) {
            FloatWideTiles.run(h, a, at, stepStride, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
        } else {
            FloatNarrowTiles.run(h, a, at, stepStride, b, bo, bs, steps, c, to, ldc, base, from, baseStride, add);
        }
    }

    private static void copyTile(
            int h,
            int width,
            float[] tile,
            int so,
            float[] base,
            int from,
            int baseStride,
            boolean add,
            float[] c,
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
