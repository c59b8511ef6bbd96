package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax, its logarithm and log-sum-exp of rows that lie one after the other. Each is a few passes over all rows of the
 * call, which should stay in the first cache: one pass that did everything to a row would be a chain of a hundred and fifty
 * cycles, of which the processor overlaps too few.
 */
final class FloatSoftmax {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatSoftmax() {}

    /** Rows of y = softmax of the rows of x. A row of -infinity gives NaN. The scratch holds as many elements. */
    static void softmax(float[] x, int xo, int rows, int cols, float[] y, int yo, float[] scratch) {
        FloatRowSteps.subtractMax(x, xo, rows, cols, scratch, 0, false, y, 0);
        expOfNegative(scratch, 0, scratch, 0, rows * cols);
        FloatRowSteps.divideBySums(scratch, 0, rows, cols, y, yo);
    }

    /** Rows of y = log of the softmax of the rows of x. The scratch holds as many elements and a number for each row. */
    static void logSoftmax(float[] x, int xo, int rows, int cols, float[] y, int yo, float[] scratch) {
        int n = rows * cols;
        FloatRowSteps.subtractMax(x, xo, rows, cols, scratch, 0, false, y, 0);
        expOfNegative(scratch, 0, y, yo, n);
        FloatRowSteps.sums(y, yo, rows, cols, scratch, n);
        FloatLog.log(scratch, n, scratch, n, rows);
        FloatRowSteps.subtract(scratch, 0, scratch, n, rows, cols, y, yo);
    }

    /**
     * y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. The scratch holds as many
     * elements and a number for each row.
     */
    static void logSumExp(float[] x, int xo, int rows, int cols, float[] y, int yo, float[] scratch) {
        int n = rows * cols;
        FloatRowSteps.subtractMax(x, xo, rows, cols, scratch, 0, true, scratch, n);
        expOfNegative(scratch, 0, scratch, 0, n);
        FloatRowSteps.sums(scratch, 0, rows, cols, y, yo);
        FloatLog.log(y, yo, y, yo, rows);
        FloatBinary.add(y, yo, scratch, n, y, yo, rows);
    }

    /** y = e^x for x at most 0; y may be x. */
    static void expOfNegative(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector e = FloatMath.expOfNegative(FloatVector.fromArray(S, x, xo + i));
            e.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector e = FloatMath.expOfNegative(FloatVector.fromArray(S, x, xo + i, m));
            e.intoArray(y, yo + i, m);
        }
    }
}
