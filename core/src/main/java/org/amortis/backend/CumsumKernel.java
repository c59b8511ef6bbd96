package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/** Running sums along the middle axis of [outer, n, inner], in double for floats; parts are blocks of columns. */
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
    private final Scratch scratch;

    CumsumKernel(IndexOp.Cumsum op, View x, View y, Memory memory, Scratch scratch) {
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
        this.scratch = scratch;
        scratch.reserve(x.type().dtype() == DType.I32 ? DType.I32 : DType.F64, COLUMN_BLOCK);
    }

    @Override
    public int parts() {
        return outer * per;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int p = from; p < to; p++) {
            int c = p % per * COLUMN_BLOCK;
            int at = p / per * n * inner + c;
            int width = Math.min(COLUMN_BLOCK, inner - c);
            switch (x) {
                case float[] f -> floats(f, (float[]) y, at, width, scratch.doubles(worker));
                case double[] f -> doubles(f, (double[]) y, at, width, scratch.doubles(worker));
                case int[] f -> ints(f, (int[]) y, at, width, scratch.ints(worker));
                default -> throw new IllegalStateException();
            }
        }
    }

    private int line(int k) {
        return (reverse ? n - 1 - k : k) * inner;
    }

    private void floats(float[] f, float[] g, int at, int width, double[] sum) {
        if (inner == 1) {
            double s = 0;
            for (int k = 0; k < n; k++) {
                int i = at + line(k);
                s += f[xo + i];
                g[yo + i] = (float) s;
            }
            return;
        }
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0; k < n; k++) {
            int i = xo + at + line(k);
            int o = yo + at + line(k);
            for (int j = 0; j < width; j++) {
                sum[j] += f[i + j];
                g[o + j] = (float) sum[j];
            }
        }
    }

    private void doubles(double[] f, double[] g, int at, int width, double[] sum) {
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0; k < n; k++) {
            int i = xo + at + line(k);
            int o = yo + at + line(k);
            for (int j = 0; j < width; j++) {
                sum[j] += f[i + j];
                g[o + j] = sum[j];
            }
        }
    }

    private void ints(int[] f, int[] g, int at, int width, int[] sum) {
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0; k < n; k++) {
            int i = xo + at + line(k);
            int o = yo + at + line(k);
            for (int j = 0; j < width; j++) {
                sum[j] += f[i + j];
                g[o + j] = sum[j];
            }
        }
    }

    @Override
    public long cost() {
        return (long) outer * n * inner;
    }
}
