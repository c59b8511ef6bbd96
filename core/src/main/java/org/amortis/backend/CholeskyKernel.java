package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.spi.Kernel;
import org.amortis.spi.LaneAlgebra;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.jspecify.annotations.Nullable;

/**
 * Cholesky factors of a batch of matrices; parts are matrices, or groups of as many as the loops have lanes. F32 is factored in double and rounded once:
 * without vectors that costs no more, and covariances of filters lose half their digits otherwise.
 */
final class CholeskyKernel implements Kernel {
    /** Largest matrices that are factored together: beyond, a group leaves the cache. */
    private static final int LARGEST = 32;

    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final int n;
    private final int batch;
    private final @Nullable LaneAlgebra algebra;
    private final int lanes;
    private final int[] offsets;
    private final Scratch scratch;

    CholeskyKernel(View x, View y, Memory memory, Loops loops, Scratch scratch) {
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.n = y.type().shape().dim(-1);
        this.batch = n == 0 ? 0 : y.size() / (n * n);
        this.scratch = scratch;
        // whole groups of matrices only: what a matrix goes through depends on its place in the batch alone
        LaneAlgebra a = loops.algebra();
        this.algebra = a != null && n <= LARGEST && batch >= a.lanes() ? a : null;
        this.lanes = algebra == null ? 1 : algebra.lanes();
        this.offsets = new int[algebra == null ? 0 : batch];
        for (int q = 0; q < offsets.length; q++) {
            offsets[q] = q * n * n;
        }
        if (algebra != null) {
            scratch.reserve(DType.F64, n * n * lanes + algebra.scratch());
        } else if (y.type().dtype() == DType.F32) {
            scratch.reserve(DType.F64, n * n);
        }
    }

    @Override
    public int parts() {
        return (batch + lanes - 1) / lanes;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int p = from; p < to; p++) {
            if (algebra != null && (p + 1) * lanes <= batch) {
                together(algebra, p * lanes, scratch.doubles(worker));
            } else {
                single(p * lanes, Math.min(batch, (p + 1) * lanes), worker);
            }
        }
    }

    /** As many matrices as there are lanes, their elements side by side. */
    private void together(LaneAlgebra a, int first, double[] s) {
        int all = n * n * lanes;
        if (n < 2 * lanes) {
            a.load(x, xo, offsets, first, n * n, s, 0, s, all);
        } else {
            // only what is read, in whole vectors
            for (int i = 0; i < n; i++) {
                a.load(x, xo + i * n, offsets, first, Math.min(n, (i / lanes + 1) * lanes), s, i * n * lanes, s, all);
            }
        }
        a.cholesky(n, s);
        for (int i = 0; i < n; i++) {
            Arrays.fill(s, (i * n + i + 1) * lanes, (i + 1) * n * lanes, 0);
        }
        a.store(s, 0, n * n, y, yo + offsets[first], n * n, s, all);
    }

    private void single(int from, int to, int worker) {
        for (int q = from; q < to; q++) {
            int base = q * n * n;
            if (y instanceof float[] f) {
                double[] l = scratch.doubles(worker);
                float[] a = (float[]) x;
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j <= i; j++) {
                        l[i * n + j] = a[xo + base + i * n + j];
                    }
                }
                factor(l, 0);
                for (int i = 0; i < n; i++) {
                    int row = yo + base + i * n;
                    for (int j = 0; j <= i; j++) {
                        f[row + j] = (float) l[i * n + j];
                    }
                    Arrays.fill(f, row + i + 1, row + n, 0);
                }
            } else {
                double[] l = (double[]) y;
                for (int i = 0; i < n; i++) {
                    int row = base + i * n;
                    System.arraycopy(x, xo + row, l, yo + row, i + 1);
                    Arrays.fill(l, yo + row + i + 1, yo + row + n, 0);
                }
                factor(l, yo + base);
            }
        }
    }

    /**
     * Replaces a lower triangle by its factor, column by column: the sums of a column do not wait for each other, as
     * those of a row would.
     */
    private void factor(double[] l, int base) {
        for (int j = 0; j < n; j++) {
            int row = base + j * n;
            double pivot = l[row + j];
            for (int k = 0; k < j; k++) {
                pivot -= l[row + k] * l[row + k];
            }
            double d = pivot > 0 ? Math.sqrt(pivot) : Double.NaN;
            l[row + j] = d;
            int i = j + 1;
            for (; i + 3 < n; i += 4) {
                four(l, row, base + i * n, j, d);
            }
            for (; i < n; i++) {
                int other = base + i * n;
                double s = l[other + j];
                for (int k = 0; k < j; k++) {
                    s -= l[other + k] * l[row + k];
                }
                l[other + j] = s / d;
            }
        }
    }

    /** Element j of four rows that follow each other. */
    private void four(double[] l, int row, int first, int j, double d) {
        int p = first;
        int q = p + n;
        int r = q + n;
        int t = r + n;
        double sp = l[p + j];
        double sq = l[q + j];
        double sr = l[r + j];
        double st = l[t + j];
        for (int k = 0; k < j; k++) {
            double v = l[row + k];
            sp -= l[p + k] * v;
            sq -= l[q + k] * v;
            sr -= l[r + k] * v;
            st -= l[t + k] * v;
        }
        l[p + j] = sp / d;
        l[q + j] = sq / d;
        l[r + j] = sr / d;
        l[t + j] = st / d;
    }

    @Override
    public long cost() {
        return batch * (20L + (long) n * n * n / 6);
    }
}
