package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.LayoutOp;
import org.jspecify.annotations.Nullable;

/** Moves elements between two strided walks of one shape: transpose, broadcast, slice, pad, flip. */
final class StridedKernel implements Kernel {
    private final Object x;
    private final Object y;
    private final int base;
    private final int toBase;
    private final int[] dims;
    private final int[] strides;
    private final int[] toStrides;
    private final int inner;
    private final int rows;
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
            Shape walk,
            @Nullable View clear,
            int clearAt) {
        this.x = x;
        this.y = y;
        this.base = base;
        this.toBase = toBase;
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
            if (n > 0 && s[n - 1] == strides[a] * k && t[n - 1] == toStrides[a] * k) {
                d[n - 1] *= k;
                s[n - 1] = strides[a];
                t[n - 1] = toStrides[a];
            } else {
                d[n] = k;
                s[n] = strides[a];
                t[n] = toStrides[a];
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
        this.clears = clear != null;
        this.clearFrom = clearAt;
        this.clearSize = clear == null ? 0 : clear.slots();
    }

    static @Nullable Kernel of(LayoutOp op, Instruction.Compute c, Memory memory) {
        View x = c.in().get(0);
        View y = c.out().get(0);
        if (x.type().dtype() == DType.KEY || op instanceof LayoutOp.Concat && c.in().size() > 64) {
            return null;
        }
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
                    base += own[a] * l.starts().get(a);
                }
            }
            case LayoutOp.Flip f -> {
                for (int a = 0; a < r; a++) {
                    boolean flipped = f.axes().contains(a);
                    s[a] = flipped ? -own[a] : own[a];
                    base += flipped ? own[a] * (sx.dim(a) - 1) : 0;
                }
            }
            case LayoutOp.Pad p -> {
                int[] t = new int[r];
                int at = toBase;
                for (int a = 0; a < r; a++) {
                    t[a] = to[a] * p.steps().get(a);
                    at += to[a] * p.low().get(a);
                }
                return new StridedKernel(ax, base, own, ay, at, t, sx, y, toBase);
            }
            default -> {
                return null;
            }
        }
        return new StridedKernel(ax, base, s, ay, toBase, to, sy, null, 0);
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (clears) {
            clear();
        }
        int last = dims.length - 1;
        for (int row = 0; row < rows; row++) {
            int i = base;
            int o = toBase;
            int rest = row;
            for (int a = last - 1; a >= 0; a--) {
                int k = rest % dims[a];
                i += k * strides[a];
                o += k * toStrides[a];
                rest /= dims[a];
            }
            move(i, strides[last], o, toStrides[last]);
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

    private void move(int i, int si, int o, int so) {
        if (si == 1 && so == 1) {
            System.arraycopy(x, i, y, o, inner);
            return;
        }
        switch (y) {
            case float[] f -> {
                float[] g = (float[]) x;
                for (int k = 0; k < inner; k++) {
                    f[o + k * so] = g[i + k * si];
                }
            }
            case double[] f -> {
                double[] g = (double[]) x;
                for (int k = 0; k < inner; k++) {
                    f[o + k * so] = g[i + k * si];
                }
            }
            case int[] f -> {
                int[] g = (int[]) x;
                for (int k = 0; k < inner; k++) {
                    f[o + k * so] = g[i + k * si];
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
