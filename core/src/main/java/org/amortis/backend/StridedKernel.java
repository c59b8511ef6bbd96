package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.LayoutOp;
import org.jspecify.annotations.Nullable;

/**
 * Moves elements between two strided walks of one shape: transpose, broadcast, slice, pad, flip. Parts are blocks of
 * rows; what is cleared first is one part.
 */
final class StridedKernel implements Kernel {
    /** Elements of one part, about. */
    private static final int BLOCK = 4096;

    /** Rows up to this length are copied element by element: a library call costs as much. */
    private static final int SHORT = 16;

    private final Object x;
    private final Object y;
    private final int base;
    private final int toBase;
    private final int[] dims;
    private final int[] strides;
    private final int[] toStrides;
    private final int inner;
    private final int rows;
    private final int rowsPerPart;
    private final boolean clears;
    private final int clearFrom;
    private final int clearSize;

    private StridedKernel(
            Object x,
            int base,
            int[] strides,
            Object y,
            int toBase,
            int[] toStrides,
            Shape elements,
            int words,
            @Nullable View clear,
            int clearAt) {
        this.x = x;
        this.y = y;
        this.base = base;
        this.toBase = toBase;
        // the words of an element are one more axis, walked with stride 1 on both sides
        Shape walk = elements.concat(Shape.of(words));
        int r = walk.rank();
        // merge axes that both sides walk with one stride
        int[] d = new int[r + 1];
        int[] s = new int[r + 1];
        int[] t = new int[r + 1];
        int n = 0;
        for (int a = 0; a < r; a++) {
            if (walk.dim(a) == 1) {
                continue;
            }
            int k = walk.dim(a);
            boolean word = a == r - 1;
            int from = word ? 1 : words * strides[a];
            int to = word ? 1 : words * toStrides[a];
            if (n > 0 && s[n - 1] == from * k && t[n - 1] == to * k) {
                d[n - 1] *= k;
                s[n - 1] = from;
                t[n - 1] = to;
            } else {
                d[n] = k;
                s[n] = from;
                t[n] = to;
                n++;
            }
        }
        if (n == 0) {
            d[n] = 1;
            n++;
        }
        this.dims = java.util.Arrays.copyOf(d, n);
        this.strides = java.util.Arrays.copyOf(s, n);
        this.toStrides = java.util.Arrays.copyOf(t, n);
        this.inner = dims[n - 1];
        this.rows = walk.size() == 0 ? 0 : walk.size() / inner;
        this.rowsPerPart = clear != null ? Math.max(1, rows) : Math.max(1, BLOCK / Math.max(1, inner));
        this.clears = clear != null;
        this.clearFrom = clearAt;
        this.clearSize = clear == null ? 0 : clear.slots();
    }

    static Kernel of(LayoutOp op, Instruction.Compute c, Memory memory) {
        View x = c.in().get(0);
        View y = c.out().get(0);
        int words = x.type().dtype().slots();
        Shape sx = x.type().shape();
        Shape sy = y.type().shape();
        int[] own = sx.strides();
        int[] to = sy.strides();
        int r = sy.rank();
        int[] s = new int[r];
        int base = memory.offset(x);
        int toBase = memory.offset(y);
        Object ax = memory.array(x);
        Object ay = memory.array(y);
        switch (op) {
            case LayoutOp.Transpose t -> {
                for (int a = 0; a < r; a++) {
                    s[a] = own[t.permutation().get(a)];
                }
            }
            case LayoutOp.Broadcast b -> {
                int lead = r - sx.rank();
                for (int a = lead; a < r; a++) {
                    s[a] = sx.dim(a - lead) == 1 ? 0 : own[a - lead];
                }
            }
            case LayoutOp.Slice l -> {
                for (int a = 0; a < r; a++) {
                    s[a] = own[a] * l.steps().get(a);
                    base += words * own[a] * l.starts().get(a);
                }
            }
            case LayoutOp.Flip f -> {
                for (int a = 0; a < r; a++) {
                    boolean flipped = f.axes().contains(a);
                    s[a] = flipped ? -own[a] : own[a];
                    base += flipped ? words * own[a] * (sx.dim(a) - 1) : 0;
                }
            }
            case LayoutOp.Pad p -> {
                int[] t = new int[r];
                int at = toBase;
                for (int a = 0; a < r; a++) {
                    t[a] = to[a] * p.steps().get(a);
                    at += words * to[a] * p.low().get(a);
                }
                return new StridedKernel(ax, base, own, ay, at, t, sx, words, y, toBase);
            }
            default -> throw new IllegalStateException(op.name());
        }
        return new StridedKernel(ax, base, s, ay, toBase, to, sy, words, null, 0);
    }

    @Override
    public int parts() {
        return clears ? 1 : (rows + rowsPerPart - 1) / rowsPerPart;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (clears) {
            clear();
        }
        int last = dims.length - 1;
        int end = Math.min(rows, to * rowsPerPart);
        for (int row = from * rowsPerPart; row < end; ) {
            int i = base;
            int o = toBase;
            int rest = row;
            int n = 1;
            for (int a = last - 1; a >= 0; a--) {
                int k = rest % dims[a];
                i += k * strides[a];
                o += k * toStrides[a];
                rest /= dims[a];
                // rows of one stride follow up to the end of the axis: the place is computed once for all of them
                n = a == last - 1 ? Math.min(end - row, dims[a] - k) : n;
            }
            move(n, i, o);
            row += n;
        }
    }

    private void clear() {
        switch (y) {
            case float[] f -> java.util.Arrays.fill(f, clearFrom, clearFrom + clearSize, 0);
            case double[] f -> java.util.Arrays.fill(f, clearFrom, clearFrom + clearSize, 0);
            case int[] f -> java.util.Arrays.fill(f, clearFrom, clearFrom + clearSize, 0);
            default -> throw new IllegalStateException();
        }
    }

    /** Moves n rows, the first from i to o. */
    private void move(int n, int i, int o) {
        int last = dims.length - 1;
        int si = strides[last];
        int so = toStrides[last];
        int di = last == 0 ? 0 : strides[last - 1];
        int to = last == 0 ? 0 : toStrides[last - 1];
        if (si == 1 && so == 1 && inner > SHORT) {
            for (int r = 0; r < n; r++) {
                System.arraycopy(x, i + r * di, y, o + r * to, inner);
            }
            return;
        }
        switch (y) {
            case float[] f -> {
                float[] g = (float[]) x;
                for (int r = 0; r < n; r++) {
                    int p = i + r * di;
                    int q = o + r * to;
                    for (int k = 0; k < inner; k++) {
                        f[q + k * so] = g[p + k * si];
                    }
                }
            }
            case double[] f -> {
                double[] g = (double[]) x;
                for (int r = 0; r < n; r++) {
                    int p = i + r * di;
                    int q = o + r * to;
                    for (int k = 0; k < inner; k++) {
                        f[q + k * so] = g[p + k * si];
                    }
                }
            }
            case int[] f -> {
                int[] g = (int[]) x;
                for (int r = 0; r < n; r++) {
                    int p = i + r * di;
                    int q = o + r * to;
                    for (int k = 0; k < inner; k++) {
                        f[q + k * so] = g[p + k * si];
                    }
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    @Override
    public long cost() {
        return (long) rows * inner / 2;
    }
}
