package org.amortis.backend;

import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/** Copies slices of [outer, n, inner] picked by an index; parts are blocks of slices. */
final class GatherKernel implements Kernel {
    /** Slots of one part, about. */
    private static final int BLOCK = 4096;

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
    private final int perPart;
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
        this.inner = outer == 0 || count == 0 ? 0 : y.slots() / (outer * count);
        this.perPart = Math.max(1, BLOCK / Math.max(1, inner));
        this.op = op;
    }

    @Override
    public int parts() {
        return (outer * count + perPart - 1) / perPart;
    }

    @Override
    public void run(int from, int to, int worker) {
        int end = Math.min(outer * count, to * perPart);
        for (int q = from * perPart; q < end; q++) {
            int k = IndexOp.checkIndex(index[io + q % count], n, op);
            copy(xo + (q / count * n + k) * inner, yo + q * inner);
        }
    }

    private void copy(int from, int to) {
        if (inner > 8) {
            System.arraycopy(x, from, y, to, inner);
            return;
        }
        // a call costs more than a few elements
        switch (y) {
            case float[] f -> {
                for (int i = 0; i < inner; i++) {
                    f[to + i] = ((float[]) x)[from + i];
                }
            }
            case double[] f -> {
                for (int i = 0; i < inner; i++) {
                    f[to + i] = ((double[]) x)[from + i];
                }
            }
            case int[] f -> {
                for (int i = 0; i < inner; i++) {
                    f[to + i] = ((int[]) x)[from + i];
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    @Override
    public long cost() {
        return (long) outer * count * (5 + inner / 4);
    }
}
