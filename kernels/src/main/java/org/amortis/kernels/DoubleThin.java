package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
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
        int i = rowFrom;
        for (; i <= rowTo - 4; i += 4) {
            int from4 = from + i * baseStride;
            fourDots(a, ao + i * lda, lda, x, xo, k, base, from4, baseStride, add, c, co + i * cs, cs);
        }
        for (; i < rowTo; i++) {
            double dot = oneDot(a, ao + i * lda, x, xo, k);
            c[co + i * cs] = add ? dot + base[from + i * baseStride] : dot;
        }
    }

    /** Four rows at once: their lane sums overlap, and x is read once. Same order of addition as {@link #oneDot}. */
    private static void fourDots(
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
            int cs) {
        DoubleVector e0 = DoubleVector.zero(S);
        DoubleVector e1 = DoubleVector.zero(S);
        DoubleVector e2 = DoubleVector.zero(S);
        DoubleVector e3 = DoubleVector.zero(S);
        DoubleVector o0 = DoubleVector.zero(S);
        DoubleVector o1 = DoubleVector.zero(S);
        DoubleVector o2 = DoubleVector.zero(S);
        DoubleVector o3 = DoubleVector.zero(S);
        int p = 0;
        for (; p <= k - 2 * L; p += 2 * L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + p);
            DoubleVector w = DoubleVector.fromArray(S, x, xo + p + L);
            int at = ao + p;
            e0 = v.fma(DoubleVector.fromArray(S, a, at), e0);
            o0 = w.fma(DoubleVector.fromArray(S, a, at + L), o0);
            e1 = v.fma(DoubleVector.fromArray(S, a, at + lda), e1);
            o1 = w.fma(DoubleVector.fromArray(S, a, at + lda + L), o1);
            e2 = v.fma(DoubleVector.fromArray(S, a, at + 2 * lda), e2);
            o2 = w.fma(DoubleVector.fromArray(S, a, at + 2 * lda + L), o2);
            e3 = v.fma(DoubleVector.fromArray(S, a, at + 3 * lda), e3);
            o3 = w.fma(DoubleVector.fromArray(S, a, at + 3 * lda + L), o3);
        }
        for (; p < k; p += L) {
            VectorMask<Double> m = S.indexInRange(p, k);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + p, m);
            int at = ao + p;
            e0 = v.fma(DoubleVector.fromArray(S, a, at, m), e0);
            e1 = v.fma(DoubleVector.fromArray(S, a, at + lda, m), e1);
            e2 = v.fma(DoubleVector.fromArray(S, a, at + 2 * lda, m), e2);
            e3 = v.fma(DoubleVector.fromArray(S, a, at + 3 * lda, m), e3);
        }
        DoubleVector all1 = e0.add(o0);
        DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
        part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
        part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
        part2 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
        double addLanes3 = part2.lane(0);
        double d0 = addLanes3;
        DoubleVector all4 = e1.add(o1);
        DoubleVector part5 = all4.add(all4.rearrange(DoubleLanes.HALVES));
        part5 = L >= 4 ? part5.add(part5.rearrange(DoubleLanes.QUARTERS)) : part5;
        part5 = L >= 8 ? part5.add(part5.rearrange(DoubleLanes.EIGHTHS)) : part5;
        part5 = L >= 16 ? part5.add(part5.rearrange(DoubleLanes.SIXTEENTHS)) : part5;
        double addLanes6 = part5.lane(0);
        double d1 = addLanes6;
        DoubleVector all7 = e2.add(o2);
        DoubleVector part8 = all7.add(all7.rearrange(DoubleLanes.HALVES));
        part8 = L >= 4 ? part8.add(part8.rearrange(DoubleLanes.QUARTERS)) : part8;
        part8 = L >= 8 ? part8.add(part8.rearrange(DoubleLanes.EIGHTHS)) : part8;
        part8 = L >= 16 ? part8.add(part8.rearrange(DoubleLanes.SIXTEENTHS)) : part8;
        double addLanes9 = part8.lane(0);
        double d2 = addLanes9;
        DoubleVector all10 = e3.add(o3);
        DoubleVector part11 = all10.add(all10.rearrange(DoubleLanes.HALVES));
        part11 = L >= 4 ? part11.add(part11.rearrange(DoubleLanes.QUARTERS)) : part11;
        part11 = L >= 8 ? part11.add(part11.rearrange(DoubleLanes.EIGHTHS)) : part11;
        part11 = L >= 16 ? part11.add(part11.rearrange(DoubleLanes.SIXTEENTHS)) : part11;
        double addLanes12 = part11.lane(0);
        double d3 = addLanes12;
        c[co] = add ? d0 + base[from] : d0;
        c[co + cs] = add ? d1 + base[from + baseStride] : d1;
        c[co + 2 * cs] = add ? d2 + base[from + 2 * baseStride] : d2;
        c[co + 3 * cs] = add ? d3 + base[from + 3 * baseStride] : d3;
    }

    private static double oneDot(double[] a, int ao, double[] x, int xo, int k) {
        DoubleVector e = DoubleVector.zero(S);
        DoubleVector o = DoubleVector.zero(S);
        int p = 0;
        for (; p <= k - 2 * L; p += 2 * L) {
            e = DoubleVector.fromArray(S, x, xo + p).fma(DoubleVector.fromArray(S, a, ao + p), e);
            o = DoubleVector.fromArray(S, x, xo + p + L).fma(DoubleVector.fromArray(S, a, ao + p + L), o);
        }
        for (; p < k; p += L) {
            VectorMask<Double> m = S.indexInRange(p, k);
            e = DoubleVector.fromArray(S, x, xo + p, m).fma(DoubleVector.fromArray(S, a, ao + p, m), e);
        }
        DoubleVector all1 = e.add(o);
        DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
        part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
        part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
        part2 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
        double addLanes3 = part2.lane(0);
        return addLanes3;
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
