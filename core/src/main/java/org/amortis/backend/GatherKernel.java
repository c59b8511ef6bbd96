package org.amortis.backend;

import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/** Copies slices of [outer, n, inner] picked by an index. */
final class GatherKernel implements Kernel {
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

    GatherKernel(Memory memory, View x, View index, View y, int outer, int n, IndexOp op) {
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.index = (int[]) memory.array(index);
        this.io = memory.offset(index);
        this.count = index.size();
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.outer = outer;
        this.n = n;
        this.inner = outer == 0 || count == 0 ? 0 : y.size() / (outer * count);
        this.op = op;
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int o = 0; o < outer; o++) {
            for (int j = 0; j < count; j++) {
                int k = IndexOp.checkIndex(index[io + j], n, op);
                System.arraycopy(x, xo + (o * n + k) * inner, y, yo + (o * count + j) * inner, inner);
            }
        }
    }

    @Override
    public long cost() {
        return (long) outer * count * (5 + inner / 4);
    }
}
