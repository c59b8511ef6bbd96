package org.amortis.kernels;

import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.spi.SmallProducts;
import org.jspecify.annotations.Nullable;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Products of small matrices. A vector holds whole results one after the other where they fit, else some rows of one; each
 * step of k spreads elements of the factors over its lanes by shuffles, which belong to the size and are made once. Four
 * vectors at a time share them. An element is one chain of multiply-adds, as in the large products.
 */
final class DoubleSmallGemm implements SmallProducts {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** Most rows of a result: beyond, tiles are as good. */
    private static final int ROWS = 16;

    /** Multiply-adds from which on tiles are as good. */
    private static final int WORK = 4096;

    private static final VectorMask<Double> NONE = S.indexInRange(0, 0);

    private final boolean transA;
    private final boolean transB;
    private final int m;
    private final int n;
    private final int k;

    /** Results in a vector; 0 if a vector has rows of one result. */
    private final int whole;

    /** Rows of a result in a vector, if it has no whole ones. */
    private final int rows;

    /** For each step, the lanes that the elements of the left and of the right factor come from. */
    private final VectorShuffle<Double>[] left;

    private final VectorShuffle<Double>[] right;

    /** Lanes of so many matrices or rows, in the left factor, the right factor and the result. */
    private final VectorMask<Double>[] maskA;

    private final VectorMask<Double>[] maskB;
    private final VectorMask<Double>[] maskC;

    private DoubleSmallGemm(boolean transA, boolean transB, int m, int n, int k) {
        this.transA = transA;
        this.transB = transB;
        this.m = m;
        this.n = n;
        this.k = k;
        int most = Math.max(m * n, Math.max(m * k, k * n));
        this.whole = L / most;
        this.rows = Math.min(Math.min(m, L / n), transA || k == 0 ? L : L / k);
        int count = whole > 0 ? whole : rows;
        int size = m * n;
        if (whole > 0) {
            left = shuffles(k, p -> lane -> lane / size * m * k + at(transA, m, k, lane % size / n, p));
            right = shuffles(k, p -> lane -> lane / size * k * n + at(transB, k, n, p, lane % n));
        } else {
            left = shuffles(transA ? 1 : k, p -> lane -> transA ? lane / n : lane / n * k + p);
            right = shuffles(1, p -> lane -> lane % n);
        }
        this.maskA = masks(count, whole > 0 ? m * k : transA ? 1 : k);
        this.maskB = masks(count, whole > 0 ? k * n : n);
        this.maskC = masks(count, whole > 0 ? size : n);
    }

    /** The kernel of a size, or null if tiles or, for a vector that fills no part of another, long sums are better. */
    static @Nullable DoubleSmallGemm of(boolean transA, boolean transB, int m, int n, int k) {
        if (m <= 0 || n <= 0 || m > ROWS || n > L || k > L || m * n * k >= WORK) {
            return null;
        }
        DoubleSmallGemm kernel = new DoubleSmallGemm(transA, transB, m, n, k);
        boolean vector = n == 1 || m < (transB ? 4 : 2);
        return kernel.whole == 0 && vector ? null : kernel;
    }

    /** Place of element (i, j) of a matrix of r x c that is stored as such or transposed. */
    private static int at(boolean trans, int r, int c, int i, int j) {
        return trans ? j * r + i : i * c + j;
    }

    /** The lane function of a step. */
    private interface ByStep {
        IntUnaryOperator of(int p);
    }

    @SuppressWarnings("unchecked")
    private static VectorShuffle<Double>[] shuffles(int steps, ByStep f) {
        VectorShuffle<Double>[] r = (VectorShuffle<Double>[]) new VectorShuffle<?>[steps];
        for (int p = 0; p < steps; p++) {
            IntUnaryOperator lane = f.of(p);
            // lanes beyond the result take any element
            r[p] = VectorShuffle.fromOp(S, i -> Math.min(L - 1, lane.applyAsInt(i)));
        }
        return r;
    }

    @SuppressWarnings("unchecked")
    private static VectorMask<Double>[] masks(int count, int size) {
        VectorMask<Double>[] r = (VectorMask<Double>[]) new VectorMask<?>[count + 1];
        for (int i = 0; i <= count; i++) {
            r[i] = S.indexInRange(0, i * size);
        }
        return r;
    }

    @Override
    public int scratch() {
        // rows of the right factor are read as whole vectors
        return k * n + L;
    }

    @Override
    public void run(
            Object a,
            int ao,
            int[] atA,
            Object b,
            int bo,
            int[] atB,
            boolean add,
            Object c,
            int co,
            int from,
            int to,
            Object scratch) {
        double[] x = (double[]) a;
        double[] y = (double[]) b;
        double[] z = (double[]) c;
        if (whole == 0) {
            double[] s = (double[]) scratch;
            for (int q = from; q < to; q++) {
                rowsOf(x, ao + atA[q], y, bo + atB[q], add, z, co + q * m * n, s);
            }
            return;
        }
        boolean dense = whole > 1 && follow(atA, from, to, m * k) && follow(atB, from, to, k * n);
        int count = dense ? whole : 1;
        int q = from;
        while (q < to) {
            int last = q + 3 * count;
            if (!add && last + count <= to && ao + atA[last] + L <= x.length && bo + atB[last] + L <= y.length) {
                four(count, x, ao, atA, y, bo, atB, z, co, q);
                q += 4 * count;
            } else {
                one(Math.min(count, to - q), x, ao + atA[q], y, bo + atB[q], add, z, co + q * m * n);
                q += count;
            }
        }
    }

    /** Whether matrices follow each other. */
    private static boolean follow(int[] at, int from, int to, int size) {
        for (int q = from + 1; q < to; q++) {
            if (at[q] - at[q - 1] != size) {
                return false;
            }
        }
        return true;
    }

    /** Results in one vector. */
    private void one(int count, double[] a, int ao, double[] b, int bo, boolean add, double[] c, int co) {
        VectorMask<Double> mc = maskC[count];
        DoubleVector x = DoubleVector.fromArray(S, a, ao, maskA[count]);
        DoubleVector y = DoubleVector.fromArray(S, b, bo, maskB[count]);
        DoubleVector s = DoubleVector.fromArray(S, c, co, add ? mc : NONE);
        for (int p = 0; p < k; p++) {
            s = x.rearrange(left[p]).fma(y.rearrange(right[p]), s);
        }
        s.intoArray(c, co, mc);
    }

    /** Results in four vectors. Factors are read in whole vectors: with masked loads of all C2 boxed. */
    private void four(
            int count, double[] a, int ao, int[] atA, double[] b, int bo, int[] atB, double[] c, int co, int q) {
        VectorMask<Double> mc = maskC[count];
        int q1 = q + count;
        int q2 = q1 + count;
        int q3 = q2 + count;
        int step = count * m * n;
        int at = co + q * m * n;
        DoubleVector x0 = DoubleVector.fromArray(S, a, ao + atA[q]);
        DoubleVector x1 = DoubleVector.fromArray(S, a, ao + atA[q1]);
        DoubleVector x2 = DoubleVector.fromArray(S, a, ao + atA[q2]);
        DoubleVector x3 = DoubleVector.fromArray(S, a, ao + atA[q3]);
        DoubleVector y0 = DoubleVector.fromArray(S, b, bo + atB[q]);
        DoubleVector y1 = DoubleVector.fromArray(S, b, bo + atB[q1]);
        DoubleVector y2 = DoubleVector.fromArray(S, b, bo + atB[q2]);
        DoubleVector y3 = DoubleVector.fromArray(S, b, bo + atB[q3]);
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        for (int p = 0; p < k; p++) {
            VectorShuffle<Double> l = left[p];
            VectorShuffle<Double> r = right[p];
            s0 = x0.rearrange(l).fma(y0.rearrange(r), s0);
            s1 = x1.rearrange(l).fma(y1.rearrange(r), s1);
            s2 = x2.rearrange(l).fma(y2.rearrange(r), s2);
            s3 = x3.rearrange(l).fma(y3.rearrange(r), s3);
        }
        s0.intoArray(c, at, mc);
        s1.intoArray(c, at + step, mc);
        s2.intoArray(c, at + 2 * step, mc);
        s3.intoArray(c, at + 3 * step, mc);
    }

    /** One result by vectors of some rows. */
    private void rowsOf(double[] a, int ao, double[] b, int bo, boolean add, double[] c, int co, double[] scratch) {
        double[] y = b;
        int yo = bo;
        if (transB) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                    scratch[p * n + j] = b[bo + j * k + p];
                }
            }
            y = scratch;
            yo = 0;
        }
        boolean inside = !add && ao + m * k + 3 * rows * k + L <= a.length && yo + k * n + L <= y.length;
        for (int i = 0; i < m; i += 4 * rows) {
            if (inside && transA) {
                fourTransposed(i, a, ao, y, yo, c, co);
            } else if (inside) {
                fourInOrder(i, a, ao, y, yo, c, co);
            } else {
                for (int j = i; j < Math.min(m, i + 4 * rows); j += rows) {
                    oneOf(j, a, ao, y, yo, add, c, co);
                }
            }
        }
    }

    /** How many rows a vector has that begins with row i. */
    private int left(int i) {
        return Math.max(0, Math.min(rows, m - i));
    }

    /** A vector of rows from row i on. */
    private void oneOf(int i, double[] a, int ao, double[] b, int bo, boolean add, double[] c, int co) {
        VectorMask<Double> mc = maskC[left(i)];
        VectorMask<Double> ma = maskA[left(i)];
        VectorMask<Double> mb = maskB[1];
        int from = ao + (transA ? i : i * k);
        int step = transA ? m : 0;
        int same = transA ? 0 : 1;
        DoubleVector s = DoubleVector.fromArray(S, c, co + i * n, add ? mc : NONE);
        for (int p = 0; p < k; p++) {
            DoubleVector y = DoubleVector.fromArray(S, b, bo + p * n, mb).rearrange(right[0]);
            s = DoubleVector.fromArray(S, a, from + p * step, ma)
                    .rearrange(left[p * same])
                    .fma(y, s);
        }
        s.intoArray(c, co + i * n, mc);
    }

    /** Four vectors of rows from row i on; what lies beyond the last row is read and written nowhere. */
    private void fourInOrder(int i, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        VectorShuffle<Double> r = right[0];
        int from = ao + i * k;
        int at = co + i * n;
        int step = rows * n;
        DoubleVector x0 = DoubleVector.fromArray(S, a, from);
        DoubleVector x1 = DoubleVector.fromArray(S, a, from + rows * k);
        DoubleVector x2 = DoubleVector.fromArray(S, a, from + 2 * rows * k);
        DoubleVector x3 = DoubleVector.fromArray(S, a, from + 3 * rows * k);
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        for (int p = 0; p < k; p++) {
            DoubleVector y = DoubleVector.fromArray(S, b, bo + p * n).rearrange(r);
            VectorShuffle<Double> l = left[p];
            s0 = x0.rearrange(l).fma(y, s0);
            s1 = x1.rearrange(l).fma(y, s1);
            s2 = x2.rearrange(l).fma(y, s2);
            s3 = x3.rearrange(l).fma(y, s3);
        }
        s0.intoArray(c, at, maskC[left(i)]);
        s1.intoArray(c, at + step, maskC[left(i + rows)]);
        s2.intoArray(c, at + 2 * step, maskC[left(i + 2 * rows)]);
        s3.intoArray(c, at + 3 * step, maskC[left(i + 3 * rows)]);
    }

    /** The same with the left factor stored transposed. */
    private void fourTransposed(int i, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        VectorShuffle<Double> l = left[0];
        VectorShuffle<Double> r = right[0];
        int at = co + i * n;
        int step = rows * n;
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        for (int p = 0; p < k; p++) {
            DoubleVector y = DoubleVector.fromArray(S, b, bo + p * n).rearrange(r);
            int from = ao + p * m + i;
            s0 = DoubleVector.fromArray(S, a, from).rearrange(l).fma(y, s0);
            s1 = DoubleVector.fromArray(S, a, from + rows).rearrange(l).fma(y, s1);
            s2 = DoubleVector.fromArray(S, a, from + 2 * rows).rearrange(l).fma(y, s2);
            s3 = DoubleVector.fromArray(S, a, from + 3 * rows).rearrange(l).fma(y, s3);
        }
        s0.intoArray(c, at, maskC[left(i)]);
        s1.intoArray(c, at + step, maskC[left(i + rows)]);
        s2.intoArray(c, at + 2 * step, maskC[left(i + 2 * rows)]);
        s3.intoArray(c, at + 3 * step, maskC[left(i + 3 * rows)]);
    }
}
