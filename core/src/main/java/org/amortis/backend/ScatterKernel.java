package org.amortis.backend;

import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/** Adds slices into zeros of [outer, n, inner], in the order of the index. */
final class ScatterKernel implements Kernel {
    private final Object x;
    private final int xo;
    private final int[] index;
    private final int io;
    private final int count;
    private final Object y;
    private final int yo;
    private final int outer;
    private final int n;
    private final int inner;
    private final IndexOp op;

    ScatterKernel(Memory memory, View x, View index, View y, int outer, int n, IndexOp op) {
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.index = (int[]) memory.array(index);
        this.io = memory.offset(index);
        this.count = index.size();
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.outer = outer;
        this.n = n;
        this.inner = outer == 0 || n == 0 ? 0 : y.size() / (outer * n);
        this.op = op;
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (y instanceof float[] f) {
            java.util.Arrays.fill(f, yo, yo + outer * n * inner, 0);
        } else {
            java.util.Arrays.fill((double[]) y, yo, yo + outer * n * inner, 0);
        }
        for (int o = 0; o < outer; o++) {
            for (int j = 0; j < count; j++) {
                int at = yo + (o * n + IndexOp.checkIndex(index[io + j], n, op)) * inner;
                add(xo + (o * count + j) * inner, at);
            }
        }
    }

    private void add(int from, int to) {
        if (y instanceof float[] f) {
            float[] g = (float[]) x;
            for (int i = 0; i < inner; i++) {
                f[to + i] += g[from + i];
            }
        } else {
            double[] f = (double[]) y;
            double[] g = (double[]) x;
            for (int i = 0; i < inner; i++) {
                f[to + i] += g[from + i];
            }
        }
    }

    @Override
    public long cost() {
        return (long) outer * count * (5 + inner / 4);
    }
}
