package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/** One element of [outer, n, inner] for each index of [outer, m, inner]; parts are blocks of rows of the index. */
final class TakeAlongKernel implements Kernel {
    private static final int BLOCK = 2048;

    private final IndexOp.TakeAlong op;
    private final Object x;
    private final int xo;
    private final int[] index;
    private final int io;
    private final Object y;
    private final int yo;
    private final int n;
    private final int m;
    private final int inner;
    private final int rows;
    private final int rowsPerPart;

    TakeAlongKernel(IndexOp.TakeAlong op, View x, View index, View y, Memory memory) {
        Shape s = index.type().shape();
        this.op = op;
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.index = (int[]) memory.array(index);
        this.io = memory.offset(index);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.n = x.type().shape().dim(op.axis());
        this.m = s.dim(op.axis());
        this.inner = s.product(op.axis() + 1, s.rank());
        this.rows = s.product(0, op.axis() + 1);
        this.rowsPerPart = Math.max(1, BLOCK / Math.max(1, inner));
    }

    @Override
    public int parts() {
        return (rows + rowsPerPart - 1) / rowsPerPart;
    }

    @Override
    public void run(int from, int to, int worker) {
        int end = Math.min(rows, to * rowsPerPart);
        for (int r = from * rowsPerPart; r < end; r++) {
            int i = r * inner;
            int base = xo + r / m * n * inner;
            switch (y) {
                case float[] f -> {
                    float[] g = (float[]) x;
                    for (int j = 0; j < inner; j++) {
                        f[yo + i + j] = g[base + IndexOp.checkIndex(index[io + i + j], n, op) * inner + j];
                    }
                }
                case double[] f -> {
                    double[] g = (double[]) x;
                    for (int j = 0; j < inner; j++) {
                        f[yo + i + j] = g[base + IndexOp.checkIndex(index[io + i + j], n, op) * inner + j];
                    }
                }
                case int[] f -> {
                    int[] g = (int[]) x;
                    for (int j = 0; j < inner; j++) {
                        f[yo + i + j] = g[base + IndexOp.checkIndex(index[io + i + j], n, op) * inner + j];
                    }
                }
                default -> throw new IllegalStateException();
            }
        }
    }

    @Override
    public long cost() {
        return 2L * rows * inner;
    }
}
