package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/**
 * Stable ascending sort along the middle axis of [outer, n, inner], with the index each element had; parts are lines.
 * Elements become longs of the same order, -0 below 0 and NaN above all. A bottom-up merge sort in working memory: the
 * sort of the library allocates.
 */
final class SortKernel implements Kernel {
    /** Runs of this length are sorted by insertion. */
    private static final int RUN = 8;

    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final int[] order;
    private final int oo;
    private final int lines;
    private final int n;
    private final int inner;
    private final Scratch scratch;

    SortKernel(int axis, Instruction.Compute c, Memory memory, Scratch scratch) {
        View in = c.in().get(0);
        View values = c.out().get(0);
        View indices = c.out().get(1);
        Shape s = in.type().shape();
        this.x = memory.array(in);
        this.xo = memory.offset(in);
        this.y = memory.array(values);
        this.yo = memory.offset(values);
        this.order = (int[]) memory.array(indices);
        this.oo = memory.offset(indices);
        this.n = s.dim(axis);
        this.inner = s.product(axis + 1, s.rank());
        this.lines = n == 0 ? 0 : s.size() / n;
        this.scratch = scratch;
        scratch.reserve(DType.I32, 2 * n);
        scratch.reserveLongs(2 * n);
    }

    @Override
    public int parts() {
        return lines;
    }

    @Override
    public void run(int from, int to, int worker) {
        long[] keys = scratch.longs(worker);
        int[] at = scratch.ints(worker);
        for (int l = from; l < to; l++) {
            int base = l / inner * n * inner + l % inner;
            load(base, keys);
            for (int i = 0; i < n; i++) {
                at[i] = i;
            }
            int half = sort(keys, at);
            for (int i = 0; i < n; i++) {
                order[oo + base + i * inner] = at[half + i];
            }
            move(base, at, half);
        }
    }

    private void load(int base, long[] keys) {
        int from = xo + base;
        switch (x) {
            case float[] f -> {
                for (int i = 0; i < n; i++) {
                    int b = Float.floatToIntBits(f[from + i * inner]);
                    keys[i] = b ^ b >> 31 & Integer.MAX_VALUE;
                }
            }
            case double[] f -> {
                for (int i = 0; i < n; i++) {
                    long b = Double.doubleToLongBits(f[from + i * inner]);
                    keys[i] = b ^ b >> 63 & Long.MAX_VALUE;
                }
            }
            case int[] f -> {
                for (int i = 0; i < n; i++) {
                    keys[i] = f[from + i * inner];
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private void move(int base, int[] at, int half) {
        int from = xo + base;
        int to = yo + base;
        switch (y) {
            case float[] f -> {
                float[] g = (float[]) x;
                for (int i = 0; i < n; i++) {
                    f[to + i * inner] = g[from + at[half + i] * inner];
                }
            }
            case double[] f -> {
                double[] g = (double[]) x;
                for (int i = 0; i < n; i++) {
                    f[to + i * inner] = g[from + at[half + i] * inner];
                }
            }
            case int[] f -> {
                int[] g = (int[]) x;
                for (int i = 0; i < n; i++) {
                    f[to + i * inner] = g[from + at[half + i] * inner];
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    /** Sorts the first n keys and what goes with them; both arrays have 2 n. Returns where the result begins. */
    private int sort(long[] keys, int[] at) {
        for (int first = 0; first < n; first += RUN) {
            insertion(keys, at, first, Math.min(n, first + RUN));
        }
        int from = 0;
        for (int width = RUN; width < n && width > 0; width *= 2) {
            int to = n - from;
            for (int low = 0; low < n; low += 2 * width) {
                int mid = Math.min(n, low + width);
                merge(keys, at, from + low, from + mid, from + Math.min(n, mid + width), to + low);
            }
            from = to;
        }
        return from;
    }

    private static void insertion(long[] keys, int[] at, int first, int end) {
        for (int i = first + 1; i < end; i++) {
            long k = keys[i];
            int v = at[i];
            int j = i;
            while (j > first && keys[j - 1] > k) {
                keys[j] = keys[j - 1];
                at[j] = at[j - 1];
                j--;
            }
            keys[j] = k;
            at[j] = v;
        }
    }

    private static void merge(long[] keys, int[] at, int low, int mid, int high, int to) {
        if (mid >= high || keys[mid - 1] <= keys[mid]) {
            System.arraycopy(keys, low, keys, to, high - low);
            System.arraycopy(at, low, at, to, high - low);
            return;
        }
        int i = low;
        int j = mid;
        for (int o = to; o < to + high - low; o++) {
            // the left one on a tie: stable
            int pick = j >= high || i < mid && keys[i] <= keys[j] ? i++ : j++;
            keys[o] = keys[pick];
            at[o] = at[pick];
        }
    }

    @Override
    public long cost() {
        return 4L * lines * n * (33 - Integer.numberOfLeadingZeros(n));
    }
}
