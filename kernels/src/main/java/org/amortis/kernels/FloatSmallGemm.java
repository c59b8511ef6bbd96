package org.amortis.kernels;

import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.spi.SmallProducts;
import org.jspecify.annotations.Nullable;

/**
 * Products of small matrices. A vector holds whole results one after the other where they fit, else some rows of one; each
 * step of k spreads elements of the factors over its lanes by shuffles, which belong to the size and are made once. Four
 * vectors at a time share them. An element is one chain of multiply-adds, as in the large products.
 */
final class FloatSmallGemm implements SmallProducts {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** Most rows of a result: beyond, tiles are as good. */
    private static final int ROWS = 16;

    /** Multiply-adds from which on tiles are as good. */
    private static final int WORK = 4096;

    private static final VectorMask<Float> NONE = S.indexInRange(0, 0);

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
    private final VectorShuffle<Float>[] left;

    private final VectorShuffle<Float>[] right;

    /** Lanes of so many matrices or rows, in the left factor, the right factor and the result. */
    private final VectorMask<Float>[] maskA;

    private final VectorMask<Float>[] maskB;
    private final VectorMask<Float>[] maskC;

    private FloatSmallGemm(boolean transA, boolean transB, int m, int n, int k) {
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
    static @Nullable FloatSmallGemm of(boolean transA, boolean transB, int m, int n, int k) {
        if (m <= 0 || n <= 0 || m > ROWS || n > L || k > L || m * n * k >= WORK) {
            return null;
        }
        FloatSmallGemm kernel = new FloatSmallGemm(transA, transB, m, n, k);
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
    private static VectorShuffle<Float>[] shuffles(int steps, ByStep f) {
        VectorShuffle<Float>[] r = (VectorShuffle<Float>[]) new VectorShuffle<?>[steps];
        for (int p = 0; p < steps; p++) {
            IntUnaryOperator lane = f.of(p);
            // lanes beyond the result take any element
            r[p] = VectorShuffle.fromOp(S, i -> Math.min(L - 1, lane.applyAsInt(i)));
        }
        return r;
    }

    @SuppressWarnings("unchecked")
    private static VectorMask<Float>[] masks(int count, int size) {
        VectorMask<Float>[] r = (VectorMask<Float>[]) new VectorMask<?>[count + 1];
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
        float[] x = (float[]) a;
        float[] y = (float[]) b;
        float[] z = (float[]) c;
        if (whole == 0) {
            float[] s = (float[]) scratch;
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
    private void one(int count, float[] a, int ao, float[] b, int bo, boolean add, float[] c, int co) {
        VectorMask<Float> mc = maskC[count];
        FloatVector x = FloatVector.fromArray(S, a, ao, maskA[count]);
        FloatVector y = FloatVector.fromArray(S, b, bo, maskB[count]);
        FloatVector s = FloatVector.fromArray(S, c, co, add ? mc : NONE);
        for (int p = 0; p < k; p++) {
            s = x.rearrange(left[p]).fma(y.rearrange(right[p]), s);
        }
        s.intoArray(c, co, mc);
    }

    /** Results in four vectors. Factors are read in whole vectors: with masked loads of all C2 boxed. */
    private void four(int count, float[] a, int ao, int[] atA, float[] b, int bo, int[] atB, float[] c, int co, int q) {
        VectorMask<Float> mc = maskC[count];
        int q1 = q + count;
        int q2 = q1 + count;
        int q3 = q2 + count;
        int step = count * m * n;
        int at = co + q * m * n;
        FloatVector x0 = FloatVector.fromArray(S, a, ao + atA[q]);
        FloatVector x1 = FloatVector.fromArray(S, a, ao + atA[q1]);
        FloatVector x2 = FloatVector.fromArray(S, a, ao + atA[q2]);
        FloatVector x3 = FloatVector.fromArray(S, a, ao + atA[q3]);
        FloatVector y0 = FloatVector.fromArray(S, b, bo + atB[q]);
        FloatVector y1 = FloatVector.fromArray(S, b, bo + atB[q1]);
        FloatVector y2 = FloatVector.fromArray(S, b, bo + atB[q2]);
        FloatVector y3 = FloatVector.fromArray(S, b, bo + atB[q3]);
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        for (int p = 0; p < k; p++) {
            VectorShuffle<Float> l = left[p];
            VectorShuffle<Float> r = right[p];
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
    private void rowsOf(float[] a, int ao, float[] b, int bo, boolean add, float[] c, int co, float[] scratch) {
        float[] y = b;
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
    private void oneOf(int i, float[] a, int ao, float[] b, int bo, boolean add, float[] c, int co) {
        VectorMask<Float> mc = maskC[left(i)];
        VectorMask<Float> ma = maskA[left(i)];
        VectorMask<Float> mb = maskB[1];
        int from = ao + (transA ? i : i * k);
        int step = transA ? m : 0;
        int same = transA ? 0 : 1;
        FloatVector s = FloatVector.fromArray(S, c, co + i * n, add ? mc : NONE);
        for (int p = 0; p < k; p++) {
            FloatVector y = FloatVector.fromArray(S, b, bo + p * n, mb).rearrange(right[0]);
            s = FloatVector.fromArray(S, a, from + p * step, ma)
                    .rearrange(left[p * same])
                    .fma(y, s);
        }
        s.intoArray(c, co + i * n, mc);
    }

    /** Four vectors of rows from row i on; what lies beyond the last row is read and written nowhere. */
    private void fourInOrder(int i, float[] a, int ao, float[] b, int bo, float[] c, int co) {
        VectorShuffle<Float> r = right[0];
        int from = ao + i * k;
        int at = co + i * n;
        int step = rows * n;
        FloatVector x0 = FloatVector.fromArray(S, a, from);
        FloatVector x1 = FloatVector.fromArray(S, a, from + rows * k);
        FloatVector x2 = FloatVector.fromArray(S, a, from + 2 * rows * k);
        FloatVector x3 = FloatVector.fromArray(S, a, from + 3 * rows * k);
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        for (int p = 0; p < k; p++) {
            FloatVector y = FloatVector.fromArray(S, b, bo + p * n).rearrange(r);
            VectorShuffle<Float> l = left[p];
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
    private void fourTransposed(int i, float[] a, int ao, float[] b, int bo, float[] c, int co) {
        VectorShuffle<Float> l = left[0];
        VectorShuffle<Float> r = right[0];
        int at = co + i * n;
        int step = rows * n;
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        for (int p = 0; p < k; p++) {
            FloatVector y = FloatVector.fromArray(S, b, bo + p * n).rearrange(r);
            int from = ao + p * m + i;
            s0 = FloatVector.fromArray(S, a, from).rearrange(l).fma(y, s0);
            s1 = FloatVector.fromArray(S, a, from + rows).rearrange(l).fma(y, s1);
            s2 = FloatVector.fromArray(S, a, from + 2 * rows).rearrange(l).fma(y, s2);
            s3 = FloatVector.fromArray(S, a, from + 3 * rows).rearrange(l).fma(y, s3);
        }
        s0.intoArray(c, at, maskC[left(i)]);
        s1.intoArray(c, at + step, maskC[left(i + rows)]);
        s2.intoArray(c, at + 2 * step, maskC[left(i + 2 * rows)]);
        s3.intoArray(c, at + 3 * step, maskC[left(i + 3 * rows)]);
    }
}
