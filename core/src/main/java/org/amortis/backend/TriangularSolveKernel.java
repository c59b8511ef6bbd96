package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.spi.Kernel;

/**
 * Triangular systems of a batch; parts are blocks of right-hand sides. Rows of the triangle are read along memory
 * whether it is transposed or not: as a sum of what is known, or by taking a solved row from all that follow. F32 is
 * solved in double and rounded once.
 */
final class TriangularSolveKernel implements Kernel {
    private static final int COLUMN_BLOCK = 32;

    private final boolean transpose;
    private final boolean forward;
    private final boolean unit;
    private final Object t;
    private final int to;
    private final Object b;
    private final int bo;
    private final Object x;
    private final int xo;
    private final int n;
    private final int m;
    private final int per;
    private final int[] offsetT;
    private final int[] offsetB;
    private final Scratch scratch;
    // an array of its own: the compiler vectorizes what cannot overlap
    private final double[][] sums;

    TriangularSolveKernel(TriangularSystem system, Scratch scratch) {
        this.transpose = system.transpose();
        this.forward = system.forward();
        this.unit = system.unit();
        this.t = system.t();
        this.to = system.to();
        this.b = system.b();
        this.bo = system.bo();
        this.x = system.x();
        this.xo = system.xo();
        this.n = system.n();
        this.m = system.m();
        this.per = (m + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        this.offsetT = system.offsetT();
        this.offsetB = system.offsetB();
        this.scratch = scratch;
        this.sums = new double[scratch.workers()][COLUMN_BLOCK];
        scratch.reserve(DType.F64, n * (COLUMN_BLOCK + 1));
    }

    @Override
    public int parts() {
        return offsetT.length * per;
    }

    @Override
    public void run(int from, int end, int worker) {
        double[] s = scratch.doubles(worker);
        for (int p = from; p < end; p++) {
            int q = p / per;
            int c = p % per * COLUMN_BLOCK;
            int w = Math.min(COLUMN_BLOCK, m - c);
            load(s, bo + offsetB[q] + c, w);
            solve(s, sums[worker], to + offsetT[q], w);
            store(s, xo + q * n * m + c, w);
        }
    }

    private void load(double[] s, int at, int w) {
        for (int i = 0; i < n; i++) {
            if (b instanceof float[] f) {
                for (int j = 0; j < w; j++) {
                    s[i * w + j] = f[at + i * m + j];
                }
            } else {
                System.arraycopy(b, at + i * m, s, i * w, w);
            }
        }
    }

    private void store(double[] s, int at, int w) {
        for (int i = 0; i < n; i++) {
            if (x instanceof float[] f) {
                for (int j = 0; j < w; j++) {
                    f[at + i * m + j] = (float) s[i * w + j];
                }
            } else {
                System.arraycopy(s, i * w, x, at + i * m, w);
            }
        }
    }

    private void solve(double[] s, double[] sum, int at, int w) {
        int row = n * COLUMN_BLOCK;
        for (int r = 0; r < n; r++) {
            int i = forward ? r : n - 1 - r;
            // what row i of the triangle holds beside the diagonal
            int first = forward != transpose ? 0 : i + 1;
            int last = forward != transpose ? i : n;
            double[] a = s;
            int ao = row;
            if (t instanceof float[] f) {
                for (int k = first; k < last; k++) {
                    s[row + k] = f[at + i * n + k];
                }
            } else {
                a = (double[]) t;
                ao = at + i * n;
            }
            if (!transpose) {
                known(s, sum, a, ao, i, w, first, last);
            }
            if (!unit) {
                double d = t instanceof float[] f ? f[at + i * n + i] : ((double[]) t)[at + i * n + i];
                for (int j = 0; j < w; j++) {
                    s[i * w + j] /= d;
                }
            }
            if (transpose) {
                following(s, sum, a, ao, i, w, first, last);
            }
        }
    }

    /** Takes what is solved from row i. */
    private void known(double[] s, double[] sum, double[] a, int ao, int i, int w, int first, int last) {
        if (w == 1) {
            double r = s[i];
            for (int k = first; k < last; k++) {
                r -= a[ao + k] * s[k];
            }
            s[i] = r;
            return;
        }
        System.arraycopy(s, i * w, sum, 0, w);
        int k = first;
        for (; k + 3 < last; k += 4) {
            double f = a[ao + k];
            double g = a[ao + k + 1];
            double h = a[ao + k + 2];
            double e = a[ao + k + 3];
            int p = k * w;
            for (int j = 0; j < w; j++) {
                double v = f * s[p + j] + g * s[p + w + j];
                sum[j] -= v + (h * s[p + 2 * w + j] + e * s[p + 3 * w + j]);
            }
        }
        for (; k < last; k++) {
            double f = a[ao + k];
            for (int j = 0; j < w; j++) {
                sum[j] -= f * s[k * w + j];
            }
        }
        System.arraycopy(sum, 0, s, i * w, w);
    }

    /** Takes row i, now solved, from the rows that need it. */
    private void following(double[] s, double[] sum, double[] a, int ao, int i, int w, int first, int last) {
        if (w == 1) {
            double v = s[i];
            for (int k = first; k < last; k++) {
                s[k] -= a[ao + k] * v;
            }
            return;
        }
        System.arraycopy(s, i * w, sum, 0, w);
        for (int k = first; k < last; k++) {
            double f = a[ao + k];
            for (int j = 0; j < w; j++) {
                s[k * w + j] -= f * sum[j];
            }
        }
    }

    @Override
    public long cost() {
        return offsetT.length * (20L + (long) n * n * m / 4);
    }
}
