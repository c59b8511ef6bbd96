package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products with one row or one column: too thin for tiles. A row times a matrix adds scaled rows of the matrix, even and odd
 * steps in accumulators of their own (a tile of one row would wait for each addition); a matrix times a vector, or a row
 * times a transposed matrix, is one dot product for each element.
 */
final class FloatThin {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatThin() {}

    /** Whether this class computes the product: decided by the whole product's shape. */
    static boolean takes(boolean transA, boolean transB, int m, int n, int lda, int ldb, int ldc) {
        if (m == 1) {
            return !transB || !transA || lda == 1;
        }
        return n == 1 && (transA ? ldc == 1 : transB || ldb == 1);
    }

    /** As {@link FloatGemm#gemm}, for products that {@link #takes} accepts. */
    static void multiply(
            boolean transA,
            boolean transB,
            int m,
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
            int colTo) {
        boolean add = start != FloatGemm.ZERO;
        boolean biased = start == FloatGemm.BIAS;
        float[] base = biased ? bias : c;
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
            float[] a,
            int ao,
            int lda,
            float[] x,
            int xo,
            int k,
            float[] base,
            int from,
            int baseStride,
            boolean add,
            float[] c,
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
            float dot = oneDot(a, ao + i * lda, x, xo, k);
            c[co + i * cs] = add ? dot + base[from + i * baseStride] : dot;
        }
    }

    /** Four rows at once: their lane sums overlap, and x is read once. Same order of addition as {@link #oneDot}. */
    private static void fourDots(
            float[] a,
            int ao,
            int lda,
            float[] x,
            int xo,
            int k,
            float[] base,
            int from,
            int baseStride,
            boolean add,
            float[] c,
            int co,
            int cs) {
        FloatVector e0 = FloatVector.zero(S);
        FloatVector e1 = FloatVector.zero(S);
        FloatVector e2 = FloatVector.zero(S);
        FloatVector e3 = FloatVector.zero(S);
        FloatVector o0 = FloatVector.zero(S);
        FloatVector o1 = FloatVector.zero(S);
        FloatVector o2 = FloatVector.zero(S);
        FloatVector o3 = FloatVector.zero(S);
        int p = 0;
        for (; p <= k - 2 * L; p += 2 * L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + p);
            FloatVector w = FloatVector.fromArray(S, x, xo + p + L);
            int at = ao + p;
            e0 = v.fma(FloatVector.fromArray(S, a, at), e0);
            o0 = w.fma(FloatVector.fromArray(S, a, at + L), o0);
            e1 = v.fma(FloatVector.fromArray(S, a, at + lda), e1);
            o1 = w.fma(FloatVector.fromArray(S, a, at + lda + L), o1);
            e2 = v.fma(FloatVector.fromArray(S, a, at + 2 * lda), e2);
            o2 = w.fma(FloatVector.fromArray(S, a, at + 2 * lda + L), o2);
            e3 = v.fma(FloatVector.fromArray(S, a, at + 3 * lda), e3);
            o3 = w.fma(FloatVector.fromArray(S, a, at + 3 * lda + L), o3);
        }
        for (; p < k; p += L) {
            VectorMask<Float> m = S.indexInRange(p, k);
            FloatVector v = FloatVector.fromArray(S, x, xo + p, m);
            int at = ao + p;
            e0 = v.fma(FloatVector.fromArray(S, a, at, m), e0);
            e1 = v.fma(FloatVector.fromArray(S, a, at + lda, m), e1);
            e2 = v.fma(FloatVector.fromArray(S, a, at + 2 * lda, m), e2);
            e3 = v.fma(FloatVector.fromArray(S, a, at + 3 * lda, m), e3);
        }
        float d0 = FloatMath.addLanes(e0.add(o0));
        float d1 = FloatMath.addLanes(e1.add(o1));
        float d2 = FloatMath.addLanes(e2.add(o2));
        float d3 = FloatMath.addLanes(e3.add(o3));
        c[co] = add ? d0 + base[from] : d0;
        c[co + cs] = add ? d1 + base[from + baseStride] : d1;
        c[co + 2 * cs] = add ? d2 + base[from + 2 * baseStride] : d2;
        c[co + 3 * cs] = add ? d3 + base[from + 3 * baseStride] : d3;
    }

    private static float oneDot(float[] a, int ao, float[] x, int xo, int k) {
        FloatVector e = FloatVector.zero(S);
        FloatVector o = FloatVector.zero(S);
        int p = 0;
        for (; p <= k - 2 * L; p += 2 * L) {
            e = FloatVector.fromArray(S, x, xo + p).fma(FloatVector.fromArray(S, a, ao + p), e);
            o = FloatVector.fromArray(S, x, xo + p + L).fma(FloatVector.fromArray(S, a, ao + p + L), o);
        }
        for (; p < k; p += L) {
            VectorMask<Float> m = S.indexInRange(p, k);
            e = FloatVector.fromArray(S, x, xo + p, m).fma(FloatVector.fromArray(S, a, ao + p, m), e);
        }
        return FloatMath.addLanes(e.add(o));
    }

    /** c[co + j] = base + sum over p of x[xo + p xs] b[bo + p ldb + j]; baseStride is 1, or 0 for one number. */
    private static void rowTimesMatrix(
            float[] x,
            int xo,
            int xs,
            float[] b,
            int bo,
            int ldb,
            int k,
            float[] base,
            int from,
            int baseStride,
            boolean add,
            float[] c,
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
            float[] x,
            int xo,
            int xs,
            float[] b,
            int bo,
            int ldb,
            int k,
            float[] c,
            int co,
            float[] base,
            int from,
            int baseStride,
            boolean add) {
        FloatVector e0 = FloatVector.zero(S);
        FloatVector e1 = FloatVector.zero(S);
        FloatVector e2 = FloatVector.zero(S);
        FloatVector e3 = FloatVector.zero(S);
        FloatVector o0 = FloatVector.zero(S);
        FloatVector o1 = FloatVector.zero(S);
        FloatVector o2 = FloatVector.zero(S);
        FloatVector o3 = FloatVector.zero(S);
        int at = xo;
        int row = bo;
        int p = 0;
        for (; p < k - 1; p += 2) {
            FloatVector v = FloatVector.broadcast(S, x[at]);
            e0 = v.fma(FloatVector.fromArray(S, b, row), e0);
            e1 = v.fma(FloatVector.fromArray(S, b, row + L), e1);
            e2 = v.fma(FloatVector.fromArray(S, b, row + 2 * L), e2);
            e3 = v.fma(FloatVector.fromArray(S, b, row + 3 * L), e3);
            FloatVector w = FloatVector.broadcast(S, x[at + xs]);
            o0 = w.fma(FloatVector.fromArray(S, b, row + ldb), o0);
            o1 = w.fma(FloatVector.fromArray(S, b, row + ldb + L), o1);
            o2 = w.fma(FloatVector.fromArray(S, b, row + ldb + 2 * L), o2);
            o3 = w.fma(FloatVector.fromArray(S, b, row + ldb + 3 * L), o3);
            at += 2 * xs;
            row += 2 * ldb;
        }
        if (p < k) {
            FloatVector v = FloatVector.broadcast(S, x[at]);
            e0 = v.fma(FloatVector.fromArray(S, b, row), e0);
            e1 = v.fma(FloatVector.fromArray(S, b, row + L), e1);
            e2 = v.fma(FloatVector.fromArray(S, b, row + 2 * L), e2);
            e3 = v.fma(FloatVector.fromArray(S, b, row + 3 * L), e3);
        }
        e0 = e0.add(o0);
        e1 = e1.add(o1);
        e2 = e2.add(o2);
        e3 = e3.add(o3);
        if (add && baseStride == 0) {
            float s = base[from];
            e0 = e0.add(s);
            e1 = e1.add(s);
            e2 = e2.add(s);
            e3 = e3.add(s);
        } else if (add) {
            e0 = e0.add(FloatVector.fromArray(S, base, from));
            e1 = e1.add(FloatVector.fromArray(S, base, from + L));
            e2 = e2.add(FloatVector.fromArray(S, base, from + 2 * L));
            e3 = e3.add(FloatVector.fromArray(S, base, from + 3 * L));
        }
        e0.intoArray(c, co);
        e1.intoArray(c, co + L);
        e2.intoArray(c, co + 2 * L);
        e3.intoArray(c, co + 3 * L);
    }

    private static void one(
            float[] x,
            int xo,
            int xs,
            float[] b,
            int bo,
            int ldb,
            int k,
            float[] c,
            int co,
            int width,
            float[] base,
            int from,
            int baseStride,
            boolean add) {
        VectorMask<Float> m = S.indexInRange(0, width);
        FloatVector e = FloatVector.zero(S);
        FloatVector o = FloatVector.zero(S);
        int at = xo;
        int row = bo;
        int p = 0;
        for (; p < k - 1; p += 2) {
            e = FloatVector.broadcast(S, x[at]).fma(FloatVector.fromArray(S, b, row, m), e);
            o = FloatVector.broadcast(S, x[at + xs]).fma(FloatVector.fromArray(S, b, row + ldb, m), o);
            at += 2 * xs;
            row += 2 * ldb;
        }
        if (p < k) {
            e = FloatVector.broadcast(S, x[at]).fma(FloatVector.fromArray(S, b, row, m), e);
        }
        e = e.add(o);
        if (add && baseStride == 0) {
            e = e.add(base[from]);
        } else if (add) {
            e = e.add(FloatVector.fromArray(S, base, from, m));
        }
        e.intoArray(c, co, m);
    }
}
