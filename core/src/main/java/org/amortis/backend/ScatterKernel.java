package org.amortis.backend;

import java.util.Arrays;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/**
 * Adds slices into zeros of [outer, n, inner], in the order of the index. Parts are ranges of target slices: each reads
 * the whole index and takes what is its own, so the order of addition does not depend on the workers.
 */
final class ScatterKernel implements Kernel {
    private static final int MAX_BLOCKS = 16;

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
    private final int blocks;
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
        this.blocks = Math.clamp((long) n * inner / 4096, 1, MAX_BLOCKS);
        this.op = op;
    }

    @Override
    public int parts() {
        return outer * blocks;
    }

    @Override
    public void run(int from, int to, int worker) {
        int at = from;
        while (at < to) {
            int o = at / blocks;
            int first = at % blocks;
            int last = Math.min(blocks, first + to - at);
            slices(o, (int) ((long) n * first / blocks), (int) ((long) n * last / blocks));
            at += last - first;
        }
    }

    /** Everything that goes to slices {@code low} to {@code high}, in the order of the index. */
    private void slices(int o, int low, int high) {
        int base = yo + o * n * inner;
        switch (y) {
            case float[] f -> Arrays.fill(f, base + low * inner, base + high * inner, 0);
            case double[] f -> Arrays.fill(f, base + low * inner, base + high * inner, 0);
            case int[] f -> Arrays.fill(f, base + low * inner, base + high * inner, 0);
            default -> throw new IllegalStateException();
        }
        for (int j = 0; j < count; j++) {
            int k = IndexOp.checkIndex(index[io + j], n, op);
            if (k >= low && k < high) {
                add(xo + (o * count + j) * inner, base + k * inner);
            }
        }
    }

    private void add(int from, int to) {
        switch (y) {
            case float[] f -> {
                float[] g = (float[]) x;
                for (int i = 0; i < inner; i++) {
                    f[to + i] += g[from + i];
                }
            }
            case double[] f -> {
                double[] g = (double[]) x;
                for (int i = 0; i < inner; i++) {
                    f[to + i] += g[from + i];
                }
            }
            case int[] f -> {
                int[] g = (int[]) x;
                for (int i = 0; i < inner; i++) {
                    f[to + i] += g[from + i];
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
