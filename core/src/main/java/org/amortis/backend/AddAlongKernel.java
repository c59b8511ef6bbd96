package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/**
 * Adds the elements of [outer, m, inner] into zeros of [outer, n, inner], in the order of the index; parts are blocks of
 * columns.
 */
final class AddAlongKernel implements Kernel {
    private static final int COLUMN_BLOCK = 256;

    private final IndexOp.AddAlong op;
    private final Object x;
    private final int xo;
    private final int[] index;
    private final int io;
    private final Object y;
    private final int yo;
    private final int n;
    private final int m;
    private final int inner;
    private final int outer;
    private final int per;

    AddAlongKernel(IndexOp.AddAlong op, View x, View index, View y, Memory memory) {
        Shape s = index.type().shape();
        this.op = op;
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.index = (int[]) memory.array(index);
        this.io = memory.offset(index);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.n = op.n();
        this.m = s.dim(op.axis());
        this.inner = s.product(op.axis() + 1, s.rank());
        this.outer = s.product(0, op.axis());
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
            int width = Math.min(COLUMN_BLOCK, inner - c);
            int base = yo + o * n * inner + c;
            for (int k = 0; k < n; k++) {
                clear(base + k * inner, width);
            }
            for (int j = 0; j < m; j++) {
                add((o * m + j) * inner + c, base, width);
            }
        }
    }

    private void clear(int at, int width) {
        switch (y) {
            case float[] f -> java.util.Arrays.fill(f, at, at + width, 0);
            case double[] f -> java.util.Arrays.fill(f, at, at + width, 0);
            case int[] f -> java.util.Arrays.fill(f, at, at + width, 0);
            default -> throw new IllegalStateException();
        }
    }

    private void add(int i, int base, int width) {
        switch (y) {
            case float[] f -> {
                float[] g = (float[]) x;
                for (int j = 0; j < width; j++) {
                    f[base + IndexOp.checkIndex(index[io + i + j], n, op) * inner + j] += g[xo + i + j];
                }
            }
            case double[] f -> {
                double[] g = (double[]) x;
                for (int j = 0; j < width; j++) {
                    f[base + IndexOp.checkIndex(index[io + i + j], n, op) * inner + j] += g[xo + i + j];
                }
            }
            case int[] f -> {
                int[] g = (int[]) x;
                for (int j = 0; j < width; j++) {
                    f[base + IndexOp.checkIndex(index[io + i + j], n, op) * inner + j] += g[xo + i + j];
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    @Override
    public long cost() {
        return (2L * m + n / 4) * outer * inner;
    }
}
