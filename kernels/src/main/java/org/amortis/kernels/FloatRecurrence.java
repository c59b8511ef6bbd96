package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Running products and linear recurrences down the columns of float lines, in double: the values of a few columns stay in
 * registers from the first line to the last. Each is rounded after the product and after the sum, as in the portable loop.
 */
final class FloatRecurrence {
    private static final VectorSpecies<Double> D = Species.F64;

    /** As many floats as there are double lanes. */
    private static final VectorSpecies<Float> F = Species.F32.withShape(Species.half());

    private static final int L = D.length();

    private FloatRecurrence() {}

    /**
     * value = a value line after line, and its float to y. The loops stand in one method, which is too large to be inlined into
     * what has the other one too: together they box.
     *
     * @param a factors, that of column 0 of the first line at ao; read
     * @param value of each column before the first line; read
     * @param y results at yo; written, may be part of the same array as the factors but does not overlap them
     * @param lines number of lines
     * @param stride from a line to the next, negative if the product runs backwards
     * @param width columns
     */
    static void products(float[] a, int ao, double[] value, float[] y, int yo, int lines, int stride, int width) {
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
        }
        for (; j <= width - L; j += L) {
            DoubleVector v = DoubleVector.fromArray(D, value, j);
            for (int k = 0; k < lines; k++) {
                v = v.mul(wide(a, ao + j + k * stride));
                store(v, y, yo + j + k * stride);
            }
        }
        for (; j < width; j++) {
            double v = value[j];
            for (int k = 0; k < lines; k++) {
                v *= a[ao + j + k * stride];
                y[yo + j + k * stride] = (float) v;
            }
        }
    }

    /**
     * value = a value + b line after line, and its float to y.
     *
     * @param a factors, that of column 0 of the first line at ao; read
     * @param b terms at bo; read
     * @param value of each column before the first line; read
     * @param y results at yo; written, may be part of the same array as the operands but does not overlap them
     * @param lines number of lines
     * @param stride from a line to the next, negative if the recurrence runs backwards
     * @param width columns
     */
    static void linear(
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
        }
        for (; j <= width - L; j += L) {
            DoubleVector v = DoubleVector.fromArray(D, value, j);
            for (int k = 0; k < lines; k++) {
                v = v.mul(wide(a, ao + j + k * stride)).add(wide(b, bo + j + k * stride));
                store(v, y, yo + j + k * stride);
            }
        }
        for (; j < width; j++) {
            double v = value[j];
            for (int k = 0; k < lines; k++) {
                v = v * a[ao + j + k * stride] + b[bo + j + k * stride];
                y[yo + j + k * stride] = (float) v;
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
