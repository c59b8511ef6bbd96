package org.amortis.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies images to the planes of a {@link ConvPlan} and results from their places to where they belong. Rows go in whole
 * vectors: what these write behind a row is zero there, or is written again with the next row.
 */
final class FloatPlanes {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    /** The first 0, 1, 2, .. lanes. */
    private static final VectorMask<Float>[] FIRST = first();

    /** Every lane, every second, every third, .. */
    private static final VectorShuffle<Float>[] EVERY = every();

    private static final VectorShuffle<Float> TWICE = VectorShuffle.fromOp(S, lane -> lane / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(S, 0xaaaa_aaaa_aaaa_aaaaL);

    private final ConvPlan plan;

    FloatPlanes(ConvPlan plan) {
        this.plan = plan;
    }

    @SuppressWarnings("unchecked")
    private static VectorMask<Float>[] first() {
        VectorMask<Float>[] r = (VectorMask<Float>[]) new VectorMask<?>[L + 1];
        for (int n = 0; n <= L; n++) {
            r[n] = S.indexInRange(0, n);
        }
        return r;
    }

    @SuppressWarnings("unchecked")
    private static VectorShuffle<Float>[] every() {
        VectorShuffle<Float>[] r = (VectorShuffle<Float>[]) new VectorShuffle<?>[L];
        for (int n = 0; n < L; n++) {
            int step = n + 1;
            r[n] = VectorShuffle.fromOp(S, lane -> Math.min(L - 1, lane * step));
        }
        return r;
    }

    /** Fills the planes with what lines [first, end) of the result read of an image. */
    void load(float[] x, int xo, int image, int first, int end, float[] s, int at) {
        ConvAxis rows = plan.rows;
        ConvAxis cols = plan.cols;
        Arrays.fill(s, at, at + plan.size, 0);
        int size = rows.source * cols.source;
        for (int r = 0; r < rows.split; r++) {
            int begin = Math.max(first, rows.firstIn[r]);
            int n = Math.min(end + rows.reach, rows.endIn[r]) - begin;
            int row = rows.split * begin + r - rows.lead;
            for (int c = 0; c < cols.split; c++) {
                int skip = cols.firstIn[c];
                int count = cols.endIn[c] - skip;
                int from = xo + image * plan.channels * size + row * cols.source + cols.split * skip + c - cols.lead;
                int to = at + plan.plane(0, r, c) * plan.planeSize + (begin - first) * plan.pitch + skip;
                for (int i = 0; n > 0 && count > 0 && i < plan.channels; i++) {
                    loadRows(x, from, rows.split * cols.source, cols.split, n, count, s, to, plan.pitch);
                    from += size;
                    to += rows.split * cols.split * plan.planeSize;
                }
            }
        }
    }

    /** Every so many columns of some rows. */
    private static void loadRows(
            float[] x, int from, int fromRow, int step, int rows, int cols, float[] y, int to, int toRow) {
        // a vector holds so many of them
        int chunk = Math.ceilDiv(L, step);
        int last = (cols - 1) / chunk * chunk;
        int fit = fitting(x.length, from + last * step + L, fromRow, rows);
        if (step == 1) {
            // the last columns first: what they write behind their rows, the others write again
            copyRest(x, from + last, fromRow, fit, cols - last, y, to + last, toRow);
            copyWhole(x, from, fromRow, fit, last, y, to, toRow);
        } else {
            copyEvery(x, from, fromRow, step, fit, last, cols - last, y, to, toRow);
        }
        for (int r = fit; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                y[to + r * toRow + c] = x[from + r * fromRow + c * step];
            }
        }
    }

    /** Rows whose vectors end inside of an array, where those of row 0 end at {@code end}. */
    private static int fitting(int length, int end, int distance, int rows) {
        return end > length ? 0 : Math.min(rows, (length - end) / distance + 1);
    }

    private static void copyWhole(float[] x, int from, int fromRow, int rows, int cols, float[] y, int to, int toRow) {
        for (int c = 0; c < cols; c += L) {
            for (int r = 0; r < rows; r++) {
                FloatVector.fromArray(S, x, from + r * fromRow + c).intoArray(y, to + r * toRow + c);
            }
        }
    }

    private static void copyRest(float[] x, int from, int fromRow, int rows, int cols, float[] y, int to, int toRow) {
        VectorMask<Float> in = FIRST[cols];
        for (int r = 0; r < rows; r++) {
            FloatVector v = FloatVector.fromArray(S, x, from + r * fromRow);
            FloatVector.zero(S).blend(v, in).intoArray(y, to + r * toRow);
        }
    }

    private static void copyEvery(
            float[] x, int from, int fromRow, int step, int rows, int last, int rest, float[] y, int to, int toRow) {
        VectorShuffle<Float> every = EVERY[Math.min(step, L) - 1];
        VectorMask<Float> in = FIRST[rest];
        int chunk = (L + step - 1) / step;
        for (int r = 0; r < rows; r++) {
            int a = from + r * fromRow;
            int b = to + r * toRow;
            for (int c = 0; c < last; c += chunk, a += chunk * step, b += chunk) {
                FloatVector.fromArray(S, x, a).rearrange(every).intoArray(y, b);
            }
            FloatVector v = FloatVector.fromArray(S, x, a).rearrange(every);
            FloatVector.zero(S).blend(v, in).intoArray(y, b);
        }
    }

    /**
     * Writes lines [first, end) of outputs [o, oEnd) of an image from their places.
     *
     * @param s results, those of each phase from {@code at[phase]} on
     */
    void store(int first, int end, float[] s, int[] at, int stride, int o, int oEnd, float[] y, int yo, int image) {
        int row = plan.rows.firstAt(first);
        int rows = plan.rows.firstAt(end) - row;
        int width = plan.outWidth;
        int size = plan.outHeight * width;
        int to = yo + (image * plan.outputs + o) * size + row * width;
        // behind the rows of an image that is one block lies what is written later
        int limit = plan.blocks == 1 ? yo + (image + 1) * plan.outputs * size : 0;
        for (int q = o; q < oEnd; q++, to += size) {
            int endOfRows = Math.max(limit, to + rows * width);
            int from = (q - o) * stride;
            if (plan.cols.step == 1 && plan.rows.step == 1) {
                storeRows(s, at[0] + from, plan.pitch, rows, width, y, to, endOfRows);
            } else {
                for (int r = 0; r < rows; r++) {
                    merge(s, at, from, first, row + r, y, to + r * width, endOfRows);
                }
            }
        }
    }

    private static void storeRows(float[] s, int from, int fromRow, int rows, int cols, float[] y, int to, int limit) {
        int fit = fitting(limit, to + (cols + L - 1) / L * L, cols, rows);
        for (int r = 0; r < fit; r++) {
            int a = from + r * fromRow;
            int b = to + r * cols;
            for (int c = 0; c < cols; c += L) {
                FloatVector.fromArray(S, s, a + c).intoArray(y, b + c);
            }
        }
        for (int r = fit; r < rows; r++) {
            System.arraycopy(s, from + r * fromRow, y, to + r * cols, cols);
        }
    }

    /** One row from the places of its phases of columns. */
    private void merge(float[] s, int[] at, int from, int first, int row, float[] y, int to, int limit) {
        int step = plan.rows.step;
        int phase = row % step * plan.cols.phases.size();
        int width = plan.outWidth;
        int firstLine = plan.phases[phase].rows.first();
        int a = from + (firstLine + row / step - Math.max(first, firstLine)) * plan.pitch;
        if (plan.cols.step == 2 && width > 1 && to + (width + L - 1) / L * L <= limit) {
            zip(s, a + at[phase], a + at[phase + 1], y, to, width);
            return;
        }
        for (int c = 0; c < plan.cols.phases.size(); c++) {
            ConvAxis.Phase cols = plan.phases[phase + c].cols;
            spread(s, a + at[phase + c], y, to + cols.start(), plan.cols.step, cols.count());
        }
    }

    private static void zip(float[] s, int even, int odd, float[] y, int to, int n) {
        for (int c = 0; c < n; c += L) {
            FloatVector a = FloatVector.fromArray(S, s, even + c / 2).rearrange(TWICE);
            FloatVector b = FloatVector.fromArray(S, s, odd + c / 2).rearrange(TWICE);
            a.blend(b, ODD).intoArray(y, to + c);
        }
    }

    private static void spread(float[] s, int from, float[] y, int to, int step, int n) {
        for (int c = 0; c < n; c++) {
            y[to + c * step] = s[from + c];
        }
    }
}
