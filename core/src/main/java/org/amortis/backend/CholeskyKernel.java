package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/**
 * Cholesky factors of a batch of matrices, row by row; parts are matrices. F32 is factored in double and rounded once:
 * without vectors that costs no more, and covariances of filters lose half their digits otherwise.
 */
final class CholeskyKernel implements Kernel {
    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final int n;
    private final int batch;
    private final Scratch scratch;

    CholeskyKernel(View x, View y, Memory memory, Scratch scratch) {
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.n = y.type().shape().dim(-1);
        this.batch = n == 0 ? 0 : y.size() / (n * n);
        this.scratch = scratch;
        if (y.type().dtype() == DType.F32) {
            scratch.reserve(DType.F64, n * n);
        }
    }

    @Override
    public int parts() {
        return batch;
    }

    @Override
    public void run(int from, int to, int worker) {
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

    /** Replaces a lower triangle by its factor. */
    private void factor(double[] l, int base) {
        for (int i = 0; i < n; i++) {
            int row = base + i * n;
            for (int j = 0; j < i; j++) {
                int other = base + j * n;
                l[row + j] = (l[row + j] - dot(l, row, other, j)) / l[other + j];
            }
            double pivot = l[row + i] - dot(l, row, row, i);
            l[row + i] = pivot > 0 ? Math.sqrt(pivot) : Double.NaN;
        }
    }

    private static double dot(double[] l, int a, int b, int len) {
        double s = 0;
        double t = 0;
        double u = 0;
        double v = 0;
        int k = 0;
        for (; k + 3 < len; k += 4) {
            s += l[a + k] * l[b + k];
            t += l[a + k + 1] * l[b + k + 1];
            u += l[a + k + 2] * l[b + k + 2];
            v += l[a + k + 3] * l[b + k + 3];
        }
        for (; k < len; k++) {
            s += l[a + k] * l[b + k];
        }
        return (s + t) + (u + v);
    }

    @Override
    public long cost() {
        return batch * (20L + (long) n * n * n / 6);
    }
}
