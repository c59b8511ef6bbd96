package org.amortis.backend;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.RecurrenceLoop;
import org.amortis.spi.View;
import org.amortis.tensor.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Linear recurrences and running products along the middle axis of [outer, n, inner], in double for floats; parts are
 * blocks of columns, or rows if the axis is the last. Four rows at a time: a value waits for the one before it, four do not
 * wait for each other.
 */
final class RecurrenceKernel implements Kernel {
    private static final int COLUMN_BLOCK = 256;

    private final Object a;
    private final int ao;
    /** Terms; null for products. */
    private final @Nullable Object b;

    private final int bo;
    private final @Nullable Object initial;
    private final int io;
    private final Object y;
    private final int yo;
    private final int outer;
    private final int n;
    private final int inner;
    private final int per;
    private final boolean reverse;
    /** Distance from an element to its factor: 0, or that to the element before. */
    private final int lag;

    private final @Nullable RecurrenceLoop loop;
    private final ElementwiseLoop multiply;
    private final ElementwiseLoop add;
    private final Scratch scratch;

    RecurrenceKernel(
            int axis,
            boolean reverse,
            boolean late,
            List<View> in,
            View y,
            Memory memory,
            LoopTable loops,
            Scratch scratch) {
        Shape s = y.type().shape();
        DType type = y.type().dtype();
        View b = in.size() > 1 ? in.get(1) : null;
        View initial = in.size() > 2 ? in.get(2) : null;
        this.a = memory.array(in.get(0));
        this.ao = memory.offset(in.get(0));
        this.b = b == null ? null : memory.array(b);
        this.bo = b == null ? 0 : memory.offset(b);
        this.initial = initial == null ? null : memory.array(initial);
        this.io = initial == null ? 0 : memory.offset(initial);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.outer = s.product(0, axis);
        this.n = s.dim(axis);
        this.inner = s.product(axis + 1, s.rank());
        this.per = (inner + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        this.reverse = reverse;
        this.lag = !late ? 0 : reverse ? inner : -inner;
        this.loop = type == DType.F32 ? loops.loops().recurrence() : null;
        this.multiply = loops.elementwise(Binary.MUL, type);
        this.add = loops.elementwise(Binary.ADD, type);
        this.scratch = scratch;
        if (type == DType.F32) {
            scratch.reserve(DType.F64, COLUMN_BLOCK);
            if (loop != null) {
                scratch.reserve(DType.F32, loop.scratch());
            }
        }
    }

    @Override
    public int parts() {
        return outer * per;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (inner == 1) {
            rows(from, to, worker);
            return;
        }
        for (int p = from; p < to; p++) {
            int o = p / per;
            int c = p % per * COLUMN_BLOCK;
            int width = Math.min(COLUMN_BLOCK, inner - c);
            int at = o * n * inner + c;
            if (y instanceof float[] g) {
                floats(g, at, o * inner + c, width, scratch.doubles(worker));
            } else {
                lines(at, o * inner + c, width);
            }
        }
    }

    private int line(int k) {
        return (reverse ? n - 1 - k : k) * inner;
    }

    private void floats(float[] g, int at, int column, int width, double[] value) {
        float[] f = (float[]) a;
        float @Nullable [] h = (float[]) b;
        int first = 0;
        if (initial != null) {
            float[] i = (float[]) initial;
            for (int j = 0; j < width; j++) {
                value[j] = i[io + column + j];
            }
        } else {
            float[] x = h == null ? f : h;
            int i = (h == null ? ao : bo) + at + line(0);
            for (int j = 0; j < width; j++) {
                value[j] = x[i + j];
            }
            System.arraycopy(x, i, g, yo + at + line(0), width);
            first = 1;
        }
        if (loop != null) {
            int start = at + line(first);
            int stride = reverse ? -inner : inner;
            loop.lines(f, ao + start + lag, h, bo + start, value, g, yo + start, n - first, stride, width);
            return;
        }
        for (int k = first; k < n; k++) {
            int l = at + line(k);
            int i = ao + l + lag;
            int t = bo + l;
            int o = yo + l;
            // loops apart, since what is read and what is written are parts of one array as far as the compiler knows
            if (h == null) {
                for (int j = 0; j < width; j++) {
                    value[j] *= f[i + j];
                }
            } else {
                for (int j = 0; j < width; j++) {
                    value[j] = f[i + j] * value[j] + h[t + j];
                }
            }
            for (int j = 0; j < width; j++) {
                g[o + j] = (float) value[j];
            }
        }
    }

    /** Line by line: the loops of a backend know that lines do not overlap. */
    private void lines(int at, int column, int width) {
        int here = at + line(0);
        int first = 0;
        Object before = initial == null ? y : initial;
        int from = io + column;
        if (initial == null) {
            System.arraycopy(b == null ? a : b, (b == null ? ao : bo) + here, y, yo + here, width);
            from = yo + here;
            first = 1;
        }
        for (int k = first; k < n; k++) {
            here = at + line(k);
            multiply.run(a, ao + here + lag, before, from, y, 0, y, yo + here, width);
            if (b != null) {
                add.run(y, yo + here, b, bo + here, y, 0, y, yo + here, width);
            }
            before = y;
            from = yo + here;
        }
    }

    private void rows(int from, int to, int worker) {
        int first = from;
        if (loop != null && n - 1 >= loop.leastSteps()) {
            for (; first <= to - loop.rowsAtOnce(); first += loop.rowsAtOnce()) {
                many(loop, first, scratch.doubles(worker), scratch.floats(worker));
            }
        }
        for (int p = first; p < to; p += 4) {
            switch (y) {
                case float[] g -> four((float[]) a, (float[]) b, (float[]) initial, g, p, to - 1);
                case double[] g -> four((double[]) a, (double[]) b, (double[]) initial, g, p, to - 1);
                case int[] g -> {
                    for (int q = p; q < Math.min(p + 4, to); q++) {
                        one((int[]) a, (int[]) b, (int[]) initial, g, q);
                    }
                }
                default -> throw new IllegalStateException();
            }
        }
    }

    /** As many rows as the loop takes. */
    private void many(RecurrenceLoop loop, int row, double[] value, float[] work) {
        float[] f = (float[]) a;
        float @Nullable [] h = (float[]) b;
        float[] g = (float[]) y;
        int skip = initial == null ? 1 : 0;
        for (int r = 0; r < loop.rowsAtOnce(); r++) {
            if (initial != null) {
                value[r] = ((float[]) initial)[io + row + r];
            } else {
                int at = (row + r) * n + line(0);
                float start = h == null ? f[ao + at] : h[bo + at];
                g[yo + at] = start;
                value[r] = start;
            }
        }
        // without its first step, which is the last element if it runs backwards
        int at = row * n + (reverse ? 0 : skip);
        loop.rows(f, ao + at + lag, h, bo + at, value, g, yo + at, n, n - skip, reverse, work);
    }

    private void four(float[] f, float @Nullable [] h, float @Nullable [] i, float[] g, int row, int last) {
        // rows beyond the last are the last once more
        int p = row * n;
        int q = Math.min(row + 1, last) * n;
        int r = Math.min(row + 2, last) * n;
        int w = Math.min(row + 3, last) * n;
        int k = 0;
        double s;
        double t;
        double u;
        double v;
        if (i != null) {
            s = i[io + row];
            t = i[io + Math.min(row + 1, last)];
            u = i[io + Math.min(row + 2, last)];
            v = i[io + Math.min(row + 3, last)];
        } else {
            float[] x = h == null ? f : h;
            int from = (h == null ? ao : bo) + line(0);
            int o = yo + line(0);
            s = x[from + p];
            g[o + p] = (float) s;
            t = x[from + q];
            g[o + q] = (float) t;
            u = x[from + r];
            g[o + r] = (float) u;
            v = x[from + w];
            g[o + w] = (float) v;
            k = 1;
        }
        for (; k < n; k++) {
            int l = line(k);
            int e = ao + l + lag;
            s *= f[e + p];
            t *= f[e + q];
            u *= f[e + r];
            v *= f[e + w];
            if (h != null) {
                int c = bo + l;
                s += h[c + p];
                t += h[c + q];
                u += h[c + r];
                v += h[c + w];
            }
            int o = yo + l;
            g[o + p] = (float) s;
            g[o + q] = (float) t;
            g[o + r] = (float) u;
            g[o + w] = (float) v;
        }
    }

    private void four(double[] f, double @Nullable [] h, double @Nullable [] i, double[] g, int row, int last) {
        // rows beyond the last are the last once more
        int p = row * n;
        int q = Math.min(row + 1, last) * n;
        int r = Math.min(row + 2, last) * n;
        int w = Math.min(row + 3, last) * n;
        int k = 0;
        double s;
        double t;
        double u;
        double v;
        if (i != null) {
            s = i[io + row];
            t = i[io + Math.min(row + 1, last)];
            u = i[io + Math.min(row + 2, last)];
            v = i[io + Math.min(row + 3, last)];
        } else {
            double[] x = h == null ? f : h;
            int from = (h == null ? ao : bo) + line(0);
            int o = yo + line(0);
            s = x[from + p];
            g[o + p] = s;
            t = x[from + q];
            g[o + q] = t;
            u = x[from + r];
            g[o + r] = u;
            v = x[from + w];
            g[o + w] = v;
            k = 1;
        }
        for (; k < n; k++) {
            int l = line(k);
            int e = ao + l + lag;
            s *= f[e + p];
            t *= f[e + q];
            u *= f[e + r];
            v *= f[e + w];
            if (h != null) {
                int c = bo + l;
                s += h[c + p];
                t += h[c + q];
                u += h[c + r];
                v += h[c + w];
            }
            int o = yo + l;
            g[o + p] = s;
            g[o + q] = t;
            g[o + r] = u;
            g[o + w] = v;
        }
    }

    private void one(int[] f, int @Nullable [] h, int @Nullable [] i, int[] g, int row) {
        int at = row * n;
        int k = 0;
        int v;
        if (i != null) {
            v = i[io + row];
        } else {
            v = h == null ? f[ao + at + line(0)] : h[bo + at + line(0)];
            g[yo + at + line(0)] = v;
            k = 1;
        }
        for (; k < n; k++) {
            int l = at + line(k);
            v = f[ao + l + lag] * v + (h == null ? 0 : h[bo + l]);
            g[yo + l] = v;
        }
    }

    @Override
    public long cost() {
        return 2L * outer * n * inner;
    }
}
