package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/** Index of the largest along the middle axis of [outer, n, inner]: the first on a tie, the first NaN if there is one. */
final class ArgMaxKernel implements Kernel {
    private static final int COLUMN_BLOCK = 256;

    private final Object x;
    private final int xo;
    private final int[] y;
    private final int yo;
    private final int outer;
    private final int n;
    private final int inner;
    private final int per;

    ArgMaxKernel(int axis, View x, View y, Memory memory) {
        Shape s = x.type().shape();
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = (int[]) memory.array(y);
        this.yo = memory.offset(y);
        this.outer = s.product(0, axis);
        this.n = s.dim(axis);
        this.inner = s.product(axis + 1, s.rank());
        this.per = (inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
    }

    @Override
    public int parts() {
        return outer * per;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int p = from; p < to; p++) {
            int o = p / per;
            int c = p % per * COLUMN_BLOCK;
            int at = xo + o * n * inner;
            int r = yo + o * inner;
            int end = Math.min(inner, c + COLUMN_BLOCK);
            for (int j = c; j < end; j++) {
                y[r + j] = 0;
            }
            switch (x) {
                case float[] f -> floats(f, at, r, c, end);
                case double[] f -> doubles(f, at, r, c, end);
                case int[] f -> ints(f, at, r, c, end);
                default -> throw new IllegalStateException();
            }
        }
    }

    private void floats(float[] f, int at, int r, int c, int end) {
        for (int k = 1; k < n; k++) {
            for (int j = c; j < end; j++) {
                float v = f[at + k * inner + j];
                float b = f[at + y[r + j] * inner + j];
                // a NaN is never below, and nothing replaces one
                if (!(v <= b) && !Float.isNaN(b)) {
                    y[r + j] = k;
                }
            }
        }
    }

    private void doubles(double[] f, int at, int r, int c, int end) {
        for (int k = 1; k < n; k++) {
            for (int j = c; j < end; j++) {
                double v = f[at + k * inner + j];
                double b = f[at + y[r + j] * inner + j];
                if (!(v <= b) && !Double.isNaN(b)) {
                    y[r + j] = k;
                }
            }
        }
    }

    private void ints(int[] f, int at, int r, int c, int end) {
        for (int k = 1; k < n; k++) {
            for (int j = c; j < end; j++) {
                if (f[at + k * inner + j] > f[at + y[r + j] * inner + j]) {
                    y[r + j] = k;
                }
            }
        }
    }

    @Override
    public long cost() {
        return (long) outer * n * inner;
    }
}
