package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.Axes;
import org.amortis.tensor.ReduceOp;
import org.jspecify.annotations.Nullable;

/**
 * Sums and extremes of [outer, n, inner] over the middle axis. Blocks and their order are fixed by the shape, so results
 * do not depend on threads.
 */
final class ReduceKernel implements Kernel {
    private static final int BLOCK = 4096;

    /** Rows whose columns are summed into one partial: bounds both the error and what a worker touches. */
    private static final int ROW_BLOCK = 64;

    private static final int COLUMN_BLOCK = 256;

    private final ReduceOp.Kind kind;
    private final int outer;
    private final int n;
    private final int inner;
    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final Loops loops;
    private final Object partial;
    private final int blocks;

    private ReduceKernel(ReduceOp.Kind kind, int outer, int n, int inner, View x, View y, Memory memory, Loops loops) {
        this.kind = kind;
        this.outer = outer;
        this.n = n;
        this.inner = inner;
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.loops = loops;
        // one long row is cut into blocks
        this.blocks = inner == 1 && outer == 1 ? Math.max(1, (n + BLOCK - 1) / BLOCK) : 0;
        boolean f = x.type().dtype() == DType.F32;
        int scratch = Math.max(blocks, inner > 1 ? 2 * outer * inner : 0);
        this.partial = f ? new float[scratch] : new double[scratch];
    }

    /** A kernel if the reduced axes are neighbours and the type is a float type. */
    static @Nullable Kernel of(ReduceOp.Reduction r, View x, View y, Memory memory, Loops loops) {
        Axes axes = r.axes();
        Shape s = x.type().shape();
        boolean kinds = r.kind() == ReduceOp.Kind.SUM || r.kind() == ReduceOp.Kind.MAX || r.kind() == ReduceOp.Kind.MIN;
        if (!x.type().dtype().isFloat() || !kinds) {
            return null;
        }
        int first = axes.count() == 0 ? 0 : axes.get(0);
        int last = axes.count() == 0 ? -1 : axes.get(axes.count() - 1);
        for (int a = first; a <= last; a++) {
            // axes of size 1 between reduced ones do not matter
            if (!axes.contains(a) && s.dim(a) != 1) {
                return null;
            }
        }
        int outer = s.product(0, first);
        int n = s.product(first, last + 1);
        int inner = s.product(last + 1, s.rank());
        return new ReduceKernel(r.kind(), outer, n, inner, x, y, memory, loops);
    }

    @Override
    public int parts() {
        if (blocks > 0) {
            return blocks;
        }
        return inner == 1 ? (outer + 63) / 64 : outer * ((inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK);
    }

    @Override
    public void run(int from, int to, int worker) {
        if (x instanceof float[] f) {
            run(f, (float[]) y, (float[]) partial, from, to);
        } else {
            run((double[]) x, (double[]) y, (double[]) partial, from, to);
        }
    }

    private void run(float[] f, float[] r, float[] p, int from, int to) {
        if (blocks > 0) {
            for (int b = from; b < to; b++) {
                int len = Math.min(BLOCK, n - b * BLOCK);
                p[b] = row(f, xo + b * BLOCK, len);
            }
        } else if (inner == 1) {
            for (int o = from * 64; o < Math.min(outer, to * 64); o++) {
                r[yo + o] = row(f, xo + o * n, n);
            }
        } else {
            int per = (inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
            for (int q = from; q < to; q++) {
                int o = q / per;
                int c = q % per * COLUMN_BLOCK;
                columns(f, r, p, o, c, Math.min(inner, c + COLUMN_BLOCK));
            }
        }
    }

    private float row(float[] f, int at, int len) {
        if (kind == ReduceOp.Kind.SUM) {
            return len == 0 ? 0 : loops.sum(f, at, len);
        }
        if (kind == ReduceOp.Kind.MAX) {
            return loops.max(f, at, len);
        }
        float m = f[at];
        for (int i = 1; i < len; i++) {
            m = Math.min(m, f[at + i]);
        }
        return m;
    }

    private void columns(float[] f, float[] r, float[] p, int o, int c0, int c1) {
        int to = yo + o * inner;
        if (kind != ReduceOp.Kind.SUM) {
            for (int j = c0; j < c1; j++) {
                r[to + j] = f[xo + o * n * inner + j];
            }
            for (int i = 1; i < n; i++) {
                int at = xo + (o * n + i) * inner;
                for (int j = c0; j < c1; j++) {
                    float v = f[at + j];
                    r[to + j] = kind == ReduceOp.Kind.MAX ? Math.max(r[to + j], v) : Math.min(r[to + j], v);
                }
            }
            return;
        }
        if (loops.columnSums(f, xo + o * n * inner, inner, n, c0, c1, r, to)) {
            return;
        }
        int s = 2 * o * inner;
        java.util.Arrays.fill(r, to + c0, to + c1, 0);
        for (int i0 = 0; i0 < n; i0 += ROW_BLOCK) {
            java.util.Arrays.fill(p, s + c0, s + c1, 0);
            for (int i = i0; i < Math.min(n, i0 + ROW_BLOCK); i++) {
                int at = xo + (o * n + i) * inner;
                for (int j = c0; j < c1; j++) {
                    p[s + j] += f[at + j];
                }
            }
            for (int j = c0; j < c1; j++) {
                r[to + j] += p[s + j];
            }
        }
    }

    private void run(double[] f, double[] r, double[] p, int from, int to) {
        if (blocks > 0) {
            for (int b = from; b < to; b++) {
                int len = Math.min(BLOCK, n - b * BLOCK);
                p[b] = row(f, xo + b * BLOCK, len);
            }
        } else if (inner == 1) {
            for (int o = from * 64; o < Math.min(outer, to * 64); o++) {
                r[yo + o] = row(f, xo + o * n, n);
            }
        } else {
            int per = (inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
            for (int q = from; q < to; q++) {
                int o = q / per;
                int c = q % per * COLUMN_BLOCK;
                columns(f, r, o, c, Math.min(inner, c + COLUMN_BLOCK));
            }
        }
    }

    private double row(double[] f, int at, int len) {
        if (kind == ReduceOp.Kind.SUM) {
            return len == 0 ? 0 : loops.sum(f, at, len);
        }
        if (kind == ReduceOp.Kind.MAX) {
            return loops.max(f, at, len);
        }
        double m = f[at];
        for (int i = 1; i < len; i++) {
            m = Math.min(m, f[at + i]);
        }
        return m;
    }

    private void columns(double[] f, double[] r, int o, int c0, int c1) {
        int to = yo + o * inner;
        if (kind == ReduceOp.Kind.SUM && loops.columnSums(f, xo + o * n * inner, inner, n, c0, c1, r, to)) {
            return;
        }
        for (int j = c0; j < c1; j++) {
            int at = xo + o * n * inner + j;
            double m = n == 0 ? 0 : f[at];
            for (int i = 1; i < n; i++) {
                double v = f[at + i * inner];
                m = switch (kind) {
                    case MAX -> Math.max(m, v);
                    case MIN -> Math.min(m, v);
                    default -> m + v;
                };
            }
            r[to + j] = m;
        }
    }

    /** Adds the blocks of one long row pairwise. */
    @Override
    public void finish() {
        if (blocks == 0) {
            return;
        }
        if (x instanceof float[]) {
            ((float[]) y)[yo] = row((float[]) partial, 0, blocks);
        } else {
            ((double[]) y)[yo] = row((double[]) partial, 0, blocks);
        }
    }

    @Override
    public long cost() {
        return (long) outer * n * inner / 6;
    }
}
