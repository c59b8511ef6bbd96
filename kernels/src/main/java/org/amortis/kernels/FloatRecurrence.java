package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.spi.RecurrenceLoop;
import org.jspecify.annotations.Nullable;

/**
 * Running products and linear recurrences down the columns of float lines, in double: the values of a few columns stay in
 * registers from the first line to the last. Each is rounded after the product and after the sum, as in the portable loop.
 */
final class FloatRecurrence implements RecurrenceLoop {
    private static final VectorSpecies<Double> D = Species.F64;

    /** As many floats as there are double lanes. */
    private static final VectorSpecies<Float> F = Species.F32.withShape(Species.half());

    private static final int L = D.length();

    /** Rows that lie side by side as columns: those of four vectors of doubles, and whole squares of a transpose. */
    private static final int ROWS = 32;

    /** Steps of a block of rows, up to a vector more for the last: for the first cache. */
    private static final int STEPS = 64;

    private static final int BLOCK = (STEPS + Species.F32.length()) * ROWS;

    @Override
    public int rowsAtOnce() {
        return ROWS;
    }

    @Override
    public int leastSteps() {
        return Species.F32.length();
    }

    @Override
    public int scratch() {
        return 2 * BLOCK + Species.F32.length() * Species.F32.length();
    }

    @Override
    public void lines(
            float[] a,
            int ao,
            float @Nullable [] b,
            int bo,
            double[] value,
            float[] y,
            int yo,
            int lines,
            int stride,
            int width) {
        if (b == null) {
            products(a, ao, value, y, yo, lines, stride, width);
        } else {
            linear(a, ao, b, bo, value, y, yo, lines, stride, width);
        }
    }

    /** The two kinds stand in methods that are too large to be inlined: together in one they box. */
    private static void products(
            float[] a, int ao, double[] value, float[] y, int yo, int lines, int stride, int width) {
        int j = 0;
        for (; j <= width - 4 * L; j += 4 * L) {
            DoubleVector v = DoubleVector.fromArray(D, value, j);
            DoubleVector w = DoubleVector.fromArray(D, value, j + L);
            DoubleVector s = DoubleVector.fromArray(D, value, j + 2 * L);
            DoubleVector t = DoubleVector.fromArray(D, value, j + 3 * L);
            for (int k = 0; k < lines; k++) {
                int at = ao + j + k * stride;
                int to = yo + j + k * stride;
                v = v.mul(wide(a, at));
                w = w.mul(wide(a, at + L));
                s = s.mul(wide(a, at + 2 * L));
                t = t.mul(wide(a, at + 3 * L));
                store(v, y, to);
                store(w, y, to + L);
                store(s, y, to + 2 * L);
                store(t, y, to + 3 * L);
            }
            v.intoArray(value, j);
            w.intoArray(value, j + L);
            s.intoArray(value, j + 2 * L);
            t.intoArray(value, j + 3 * L);
        }
        for (; j <= width - L; j += L) {
            DoubleVector v = DoubleVector.fromArray(D, value, j);
            for (int k = 0; k < lines; k++) {
                v = v.mul(wide(a, ao + j + k * stride));
                store(v, y, yo + j + k * stride);
            }
            v.intoArray(value, j);
        }
        for (; j < width; j++) {
            double v = value[j];
            for (int k = 0; k < lines; k++) {
                v *= a[ao + j + k * stride];
                y[yo + j + k * stride] = (float) v;
            }
            value[j] = v;
        }
    }

    private static void linear(
            float[] a, int ao, float[] b, int bo, double[] value, float[] y, int yo, int lines, int stride, int width) {
        int j = 0;
        for (; j <= width - 4 * L; j += 4 * L) {
            DoubleVector v = DoubleVector.fromArray(D, value, j);
            DoubleVector w = DoubleVector.fromArray(D, value, j + L);
            DoubleVector s = DoubleVector.fromArray(D, value, j + 2 * L);
            DoubleVector t = DoubleVector.fromArray(D, value, j + 3 * L);
            for (int k = 0; k < lines; k++) {
                int at = ao + j + k * stride;
                int plus = bo + j + k * stride;
                int to = yo + j + k * stride;
                v = v.mul(wide(a, at)).add(wide(b, plus));
                w = w.mul(wide(a, at + L)).add(wide(b, plus + L));
                s = s.mul(wide(a, at + 2 * L)).add(wide(b, plus + 2 * L));
                t = t.mul(wide(a, at + 3 * L)).add(wide(b, plus + 3 * L));
                store(v, y, to);
                store(w, y, to + L);
                store(s, y, to + 2 * L);
                store(t, y, to + 3 * L);
            }
            v.intoArray(value, j);
            w.intoArray(value, j + L);
            s.intoArray(value, j + 2 * L);
            t.intoArray(value, j + 3 * L);
        }
        for (; j <= width - L; j += L) {
            DoubleVector v = DoubleVector.fromArray(D, value, j);
            for (int k = 0; k < lines; k++) {
                v = v.mul(wide(a, ao + j + k * stride)).add(wide(b, bo + j + k * stride));
                store(v, y, yo + j + k * stride);
            }
            v.intoArray(value, j);
        }
        for (; j < width; j++) {
            double v = value[j];
            for (int k = 0; k < lines; k++) {
                v = v * a[ao + j + k * stride] + b[bo + j + k * stride];
                y[yo + j + k * stride] = (float) v;
            }
            value[j] = v;
        }
    }

    /** Blocks of steps are transposed, run as lines, and transposed back. */
    @Override
    public void rows(
            float[] a,
            int ao,
            float @Nullable [] b,
            int bo,
            double[] value,
            float[] y,
            int yo,
            int distance,
            int steps,
            boolean reverse,
            float[] scratch) {
        int done = 0;
        while (done < steps) {
            int left = steps - done;
            // no block is shorter than a vector
            int count = left < STEPS + Species.F32.length() ? left : STEPS;
            int from = reverse ? left - count : done;
            int first = reverse ? (count - 1) * ROWS : 0;
            int stride = reverse ? -ROWS : ROWS;
            columns(a, ao + from, distance, count, scratch, 0, scratch);
            if (b == null) {
                products(scratch, first, value, scratch, first, count, stride, ROWS);
            } else {
                columns(b, bo + from, distance, count, scratch, BLOCK, scratch);
                linear(scratch, first, scratch, BLOCK + first, value, scratch, first, count, stride, ROWS);
            }
            back(scratch, count, y, yo + from, distance);
            done += count;
        }
    }

    private static void columns(float[] x, int xo, int distance, int count, float[] out, int to, float[] scratch) {
        int l = Species.F32.length();
        for (int r = 0; r < ROWS; r += l) {
            for (int k = 0; k < count; k += l) {
                // the last square ends with the last step and does a few again
                int q = Math.min(k, count - l);
                FloatPack.square(x, xo + r * distance + q, distance, out, to + q * ROWS + r, ROWS, scratch, 2 * BLOCK);
            }
        }
    }

    private static void back(float[] lines, int count, float[] y, int yo, int distance) {
        int l = Species.F32.length();
        for (int r = 0; r < ROWS; r += l) {
            for (int k = 0; k < count; k += l) {
                int q = Math.min(k, count - l);
                FloatPack.square(lines, q * ROWS + r, ROWS, y, yo + r * distance + q, distance, lines, 2 * BLOCK);
            }
        }
    }

    private static DoubleVector wide(float[] x, int at) {
        return (DoubleVector) FloatVector.fromArray(F, x, at).convertShape(VectorOperators.F2D, D, 0);
    }

    private static void store(DoubleVector v, float[] y, int at) {
        ((FloatVector) v.convertShape(VectorOperators.D2F, F, 0)).intoArray(y, at);
    }
}
