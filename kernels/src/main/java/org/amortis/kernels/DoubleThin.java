package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Products with one row or one column: too thin for tiles. A row times a matrix adds scaled rows of the matrix, even and odd
 * steps in accumulators of their own (a tile of one row would wait for each addition); a matrix times a vector, or a row
 * times a transposed matrix, is one dot product for each element.
 */
final class DoubleThin {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleThin() {}

    /** Whether this class computes the product: decided by the whole product's shape. */
    static boolean takes(boolean transA, boolean transB, int m, int n, int lda, int ldb, int ldc) {
        if (m == 1) {
            return !transB || !transA || lda == 1;
        }
        return n == 1 && (transA ? ldc == 1 : transB || ldb == 1);
    }

    /** As {@link DoubleGemm#gemm}, for products that {@link #takes} accepts. */
    static void multiply(
            boolean transA,
            boolean transB,
            int m,
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
            int colTo) {
        boolean add = start != DoubleGemm.ZERO;
        boolean biased = start == DoubleGemm.BIAS;
        double[] base = biased ? bias : c;
        int from = biased ? biasOffset : co;
        if (m == 1 && transB) {
            // element j: row of a times row j of b
            dots(b, bo, ldb, a, ao, k, base, from, 1, add, c, co, 1, colFrom, colTo);
        } else if (m == 1) {
            rowTimesMatrix(a, ao, transA ? lda : 1, b, bo, ldb, k, base, from, 1, add, c, co, colFrom, colTo);
        } else if (transA) {
            // one column of a product with a transposed a: the vector times a
            rowTimesMatrix(
                    b, bo, transB ? 1 : ldb, a, ao, lda, k, base, from, biased ? 0 : 1, add, c, co, rowFrom, rowTo);
        } else {
            dots(a, ao, lda, b, bo, k, base, from, biased ? 0 : ldc, add, c, co, ldc, rowFrom, rowTo);
        }
    }

    /** c[co + i cs] = base + dot(row i of a, x). */
    private static void dots(
            double[] a,
            int ao,
            int lda,
            double[] x,
            int xo,
            int k,
            double[] base,
            int from,
            int baseStride,
            boolean add,
            double[] c,
            int co,
            int cs,
            int rowFrom,
            int rowTo) {
        for (int i = rowFrom; i < rowTo; i++) {
            double dot = DoubleReduce.dot(a, ao + i * lda, x, xo, k);
            c[co + i * cs] = add ? dot + base[from + i * baseStride] : dot;
        }
    }

    /** c[co + j] = base + sum over p of x[xo + p xs] b[bo + p ldb + j]; baseStride is 1, or 0 for one number. */
    private static void rowTimesMatrix(
            double[] x,
            int xo,
            int xs,
            double[] b,
            int bo,
            int ldb,
            int k,
            double[] base,
            int from,
            int baseStride,
            boolean add,
            double[] c,
            int co,
            int colFrom,
            int colTo) {
        int j = colFrom;
        for (; j <= colTo - 4 * L; j += 4 * L) {
            four(x, xo, xs, b, bo + j, ldb, k, c, co + j, base, from + j * baseStride, baseStride, add);
        }
        for (; j < colTo; j += L) {
            int width = Math.min(L, colTo - j);
            one(x, xo, xs, b, bo + j, ldb, k, c, co + j, width, base, from + j * baseStride, baseStride, add);
        }
    }

    private static void four(
            double[] x,
            int xo,
            int xs,
            double[] b,
            int bo,
            int ldb,
            int k,
            double[] c,
            int co,
            double[] base,
            int from,
            int baseStride,
            boolean add) {
        DoubleVector e0 = DoubleVector.zero(S);
        DoubleVector e1 = DoubleVector.zero(S);
        DoubleVector e2 = DoubleVector.zero(S);
        DoubleVector e3 = DoubleVector.zero(S);
        DoubleVector o0 = DoubleVector.zero(S);
        DoubleVector o1 = DoubleVector.zero(S);
        DoubleVector o2 = DoubleVector.zero(S);
        DoubleVector o3 = DoubleVector.zero(S);
        int at = xo;
        int row = bo;
        int p = 0;
        for (; p < k - 1; p += 2) {
            DoubleVector v = DoubleVector.broadcast(S, x[at]);
            e0 = v.fma(DoubleVector.fromArray(S, b, row), e0);
            e1 = v.fma(DoubleVector.fromArray(S, b, row + L), e1);
            e2 = v.fma(DoubleVector.fromArray(S, b, row + 2 * L), e2);
            e3 = v.fma(DoubleVector.fromArray(S, b, row + 3 * L), e3);
            DoubleVector w = DoubleVector.broadcast(S, x[at + xs]);
            o0 = w.fma(DoubleVector.fromArray(S, b, row + ldb), o0);
            o1 = w.fma(DoubleVector.fromArray(S, b, row + ldb + L), o1);
            o2 = w.fma(DoubleVector.fromArray(S, b, row + ldb + 2 * L), o2);
            o3 = w.fma(DoubleVector.fromArray(S, b, row + ldb + 3 * L), o3);
            at += 2 * xs;
            row += 2 * ldb;
        }
        if (p < k) {
            DoubleVector v = DoubleVector.broadcast(S, x[at]);
            e0 = v.fma(DoubleVector.fromArray(S, b, row), e0);
            e1 = v.fma(DoubleVector.fromArray(S, b, row + L), e1);
            e2 = v.fma(DoubleVector.fromArray(S, b, row + 2 * L), e2);
            e3 = v.fma(DoubleVector.fromArray(S, b, row + 3 * L), e3);
        }
        e0 = e0.add(o0);
        e1 = e1.add(o1);
        e2 = e2.add(o2);
        e3 = e3.add(o3);
        if (add && baseStride == 0) {
            double s = base[from];
            e0 = e0.add(s);
            e1 = e1.add(s);
            e2 = e2.add(s);
            e3 = e3.add(s);
        } else if (add) {
            e0 = e0.add(DoubleVector.fromArray(S, base, from));
            e1 = e1.add(DoubleVector.fromArray(S, base, from + L));
            e2 = e2.add(DoubleVector.fromArray(S, base, from + 2 * L));
            e3 = e3.add(DoubleVector.fromArray(S, base, from + 3 * L));
        }
        e0.intoArray(c, co);
        e1.intoArray(c, co + L);
        e2.intoArray(c, co + 2 * L);
        e3.intoArray(c, co + 3 * L);
    }

    private static void one(
            double[] x,
            int xo,
            int xs,
            double[] b,
            int bo,
            int ldb,
            int k,
            double[] c,
            int co,
            int width,
            double[] base,
            int from,
            int baseStride,
            boolean add) {
        VectorMask<Double> m = S.indexInRange(0, width);
        DoubleVector e = DoubleVector.zero(S);
        DoubleVector o = DoubleVector.zero(S);
        int at = xo;
        int row = bo;
        int p = 0;
        for (; p < k - 1; p += 2) {
            e = DoubleVector.broadcast(S, x[at]).fma(DoubleVector.fromArray(S, b, row, m), e);
            o = DoubleVector.broadcast(S, x[at + xs]).fma(DoubleVector.fromArray(S, b, row + ldb, m), o);
            at += 2 * xs;
            row += 2 * ldb;
        }
        if (p < k) {
            e = DoubleVector.broadcast(S, x[at]).fma(DoubleVector.fromArray(S, b, row, m), e);
        }
        e = e.add(o);
        if (add && baseStride == 0) {
            e = e.add(base[from]);
        } else if (add) {
            e = e.add(DoubleVector.fromArray(S, base, from, m));
        }
        e.intoArray(c, co, m);
    }
}
