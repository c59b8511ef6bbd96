package org.amortis.vi;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/** Rows of host arrays, the first axis being the row. */
final class HostRows {
    private HostRows() {}

    /**
     * Rows of a block, near a wanted number, so that blocks of n rows are of equal size: 40 rows in blocks of 64 would
     * compute 24 for nothing.
     */
    static int even(int n, int wanted) {
        if (n == 0) {
            return wanted;
        }
        int rounds = Math.max(1, Math.round(n / (float) wanted));
        return (n + rounds - 1) / rounds;
    }

    static int width(HostArray a) {
        return a.shape().dim(0) == 0 ? 0 : a.shape().size() / a.shape().dim(0);
    }

    static HostArray zeros(HostArray like, int rows) {
        return HostArray.zeros(like.dtype(), like.shape().with(0, rows));
    }

    /** Copies a row; element types agree. */
    static void copy(HostArray from, int i, HostArray to, int j) {
        int w = width(from);
        switch (from.dtype()) {
            case F32 -> System.arraycopy(from.floats(), i * w, to.floats(), j * w, w);
            case F64 -> System.arraycopy(from.doubles(), i * w, to.doubles(), j * w, w);
            case I32, BOOL, KEY -> {
                int s = from.dtype().slots();
                System.arraycopy(from.ints(), i * w * s, to.ints(), j * w * s, w * s);
            }
        }
    }

    /** A block of rows; past the end the last row is repeated, so that every block is of one size. */
    static HostArray block(HostArray a, int from, int rows) {
        HostArray b = zeros(a, rows);
        int last = a.shape().dim(0) - 1;
        for (int i = 0; i < rows; i++) {
            copy(a, Math.min(from + i, last), b, i);
        }
        return b;
    }

    /** Numbers from, from + 1, .. */
    static HostArray numbers(int from, int rows) {
        int[] n = new int[rows];
        for (int i = 0; i < rows; i++) {
            n[i] = from + i;
        }
        return HostArray.wrap(n, Shape.of(rows));
    }

    static HostArray scalar(int n) {
        return HostArray.wrap(new int[] {n}, Shape.SCALAR);
    }

    static void put(HostArray a, int i, double value) {
        switch (a.dtype()) {
            case F32 -> a.floats()[i] = (float) value;
            case F64 -> a.doubles()[i] = value;
            case I32, BOOL, KEY -> a.ints()[i] = (int) value;
        }
    }
}
