package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.Binary;
import org.amortis.tensor.IndexOp;

/**
 * Running sums along the middle axis of [outer, n, inner], in double for floats; parts are blocks of columns, or rows if the
 * axis is the last. Four rows at a time: a sum waits for the one before it, four do not wait for each other.
 */
final class CumsumKernel implements Kernel {
    private static final int COLUMN_BLOCK = 256;

    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final int outer;
    private final int n;
    private final int inner;
    private final int per;
    private final boolean reverse;
    private final ElementwiseLoop add;
    private final Scratch scratch;

    CumsumKernel(IndexOp.Cumsum op, View x, View y, Memory memory, LoopTable loops, Scratch scratch) {
        Shape s = x.type().shape();
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.outer = s.product(0, op.axis());
        this.n = s.dim(op.axis());
        this.inner = s.product(op.axis() + 1, s.rank());
        this.per = (inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        this.reverse = op.reverse();
        this.add = loops.elementwise(Binary.ADD, x.type().dtype());
        this.scratch = scratch;
        scratch.reserve(x.type().dtype() == DType.I32 ? DType.I32 : DType.F64, COLUMN_BLOCK);
    }

    @Override
    public int parts() {
        return outer * per;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (inner == 1) {
            rows(from, to);
            return;
        }
        for (int p = from; p < to; p++) {
            int c = p % per * COLUMN_BLOCK;
            int at = p / per * n * inner + c;
            int width = Math.min(COLUMN_BLOCK, inner - c);
            switch (x) {
                case float[] f -> floats(f, (float[]) y, at, width, scratch.doubles(worker));
                case double[] f -> doubles(at, width);
                case int[] f -> ints(f, (int[]) y, at, width, scratch.ints(worker));
                default -> throw new IllegalStateException();
            }
        }
    }

    private void rows(int from, int to) {
        int p = from;
        for (; p + 4 <= to; p += 4) {
            switch (x) {
                case float[] f -> four(f, (float[]) y, p * n);
                case double[] f -> four(f, (double[]) y, p * n);
                default -> {
                    for (int q = p; q < p + 4; q++) {
                        one((int[]) x, (int[]) y, q * n);
                    }
                }
            }
        }
        for (; p < to; p++) {
            switch (x) {
                case float[] f -> one(f, (float[]) y, p * n);
                case double[] f -> one(f, (double[]) y, p * n);
                default -> one((int[]) x, (int[]) y, p * n);
            }
        }
    }

    private void one(float[] f, float[] g, int row) {
        int step = reverse ? -1 : 1;
        int at = row + (reverse ? n - 1 : 0);
        double s = 0;
        for (int k = 0; k < n; k++, at += step) {
            s += f[xo + at];
            g[yo + at] = (float) s;
        }
    }

    private void one(double[] f, double[] g, int row) {
        int step = reverse ? -1 : 1;
        int at = row + (reverse ? n - 1 : 0);
        double s = 0;
        for (int k = 0; k < n; k++, at += step) {
            s += f[xo + at];
            g[yo + at] = s;
        }
    }

    private void one(int[] f, int[] g, int row) {
        int step = reverse ? -1 : 1;
        int at = row + (reverse ? n - 1 : 0);
        int s = 0;
        for (int k = 0; k < n; k++, at += step) {
            s += f[xo + at];
            g[yo + at] = s;
        }
    }

    private void four(float[] f, float[] g, int row) {
        int step = reverse ? -1 : 1;
        int at = row + (reverse ? n - 1 : 0);
        double s = 0;
        double t = 0;
        double u = 0;
        double v = 0;
        for (int k = 0; k < n; k++, at += step) {
            int i = xo + at;
            int o = yo + at;
            s += f[i];
            t += f[i + n];
            u += f[i + 2 * n];
            v += f[i + 3 * n];
            g[o] = (float) s;
            g[o + n] = (float) t;
            g[o + 2 * n] = (float) u;
            g[o + 3 * n] = (float) v;
        }
    }

    private void four(double[] f, double[] g, int row) {
        int step = reverse ? -1 : 1;
        int at = row + (reverse ? n - 1 : 0);
        double s = 0;
        double t = 0;
        double u = 0;
        double v = 0;
        for (int k = 0; k < n; k++, at += step) {
            int i = xo + at;
            int o = yo + at;
            s += f[i];
            t += f[i + n];
            u += f[i + 2 * n];
            v += f[i + 3 * n];
            g[o] = s;
            g[o + n] = t;
            g[o + 2 * n] = u;
            g[o + 3 * n] = v;
        }
    }

    private int line(int k) {
        return (reverse ? n - 1 - k : k) * inner;
    }

    private void floats(float[] f, float[] g, int at, int width, double[] sum) {
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0; k < n; k++) {
            int i = xo + at + line(k);
            int o = yo + at + line(k);
            // two loops, since f and g are parts of one array as far as the compiler knows
            for (int j = 0; j < width; j++) {
                sum[j] += f[i + j];
            }
            for (int j = 0; j < width; j++) {
                g[o + j] = (float) sum[j];
            }
        }
    }

    /** Adds a line of x to the line before it in y: the loops of a backend know that they do not overlap. */
    private void doubles(int at, int width) {
        int before = at + line(0);
        System.arraycopy(x, xo + before, y, yo + before, width);
        for (int k = 1; k < n; k++) {
            int here = at + line(k);
            add.run(x, xo + here, y, yo + before, y, yo + before, y, yo + here, width);
            before = here;
        }
    }

    private void ints(int[] f, int[] g, int at, int width, int[] sum) {
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0; k < n; k++) {
            int i = xo + at + line(k);
            int o = yo + at + line(k);
            for (int j = 0; j < width; j++) {
                sum[j] += f[i + j];
            }
            System.arraycopy(sum, 0, g, o, width);
        }
    }

    @Override
    public long cost() {
        return (long) outer * n * inner;
    }
}
