package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
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
    private final Loops loops;
    private final Scratch scratch;

    ArgMaxKernel(int axis, View x, View y, Memory memory, Loops loops, Scratch scratch) {
        Shape s = x.type().shape();
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = (int[]) memory.array(y);
        this.yo = memory.offset(y);
        this.outer = s.product(0, axis);
        this.n = s.dim(axis);
        this.inner = s.product(axis + 1, s.rank());
        this.per = (inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        this.loops = loops;
        this.scratch = scratch;
        scratch.reserve(x.type().dtype(), COLUMN_BLOCK);
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
            switch (x) {
                case float[] f when inner == 1 -> y[r] = line(f, at);
                case double[] f when inner == 1 -> y[r] = line(f, at);
                case float[] f -> floats(f, at, r, c, end, scratch.floats(worker));
                case double[] f -> doubles(f, at, r, c, end, scratch.doubles(worker));
                case int[] f -> ints(f, at, r, c, end, scratch.ints(worker));
                default -> throw new IllegalStateException();
            }
        }
    }

    /** The largest by vectors, then where it is. */
    private int line(float[] f, int at) {
        float best = loops.max(f, at, n);
        int k = 0;
        // NaN if there is one
        while (f[at + k] != best && !Float.isNaN(f[at + k])) {
            k++;
        }
        return k;
    }

    private int line(double[] f, int at) {
        double best = loops.max(f, at, n);
        int k = 0;
        while (f[at + k] != best && !Double.isNaN(f[at + k])) {
            k++;
        }
        return k;
    }

    private void floats(float[] f, int at, int r, int c, int end, float[] best) {
        for (int j = c; j < end; j++) {
            y[r + j] = 0;
            best[j - c] = f[at + j];
        }
        for (int k = 1; k < n; k++) {
            int row = at + k * inner;
            for (int j = c; j < end; j++) {
                float v = f[row + j];
                if (!(v <= best[j - c]) && !Float.isNaN(best[j - c])) {
                    best[j - c] = v;
                    y[r + j] = k;
                }
            }
        }
    }

    private void doubles(double[] f, int at, int r, int c, int end, double[] best) {
        for (int j = c; j < end; j++) {
            y[r + j] = 0;
            best[j - c] = f[at + j];
        }
        for (int k = 1; k < n; k++) {
            int row = at + k * inner;
            for (int j = c; j < end; j++) {
                double v = f[row + j];
                if (!(v <= best[j - c]) && !Double.isNaN(best[j - c])) {
                    best[j - c] = v;
                    y[r + j] = k;
                }
            }
        }
    }

    private void ints(int[] f, int at, int r, int c, int end, int[] best) {
        for (int j = c; j < end; j++) {
            y[r + j] = 0;
            best[j - c] = f[at + j];
        }
        for (int k = 1; k < n; k++) {
            int row = at + k * inner;
            for (int j = c; j < end; j++) {
                if (f[row + j] > best[j - c]) {
                    best[j - c] = f[row + j];
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
