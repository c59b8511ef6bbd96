package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Softmax, its logarithm and log-sum-exp of rows that lie one after the other. Each is a few passes over all rows of the
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
            FloatVector x1 = FloatVector.fromArray(S, x, xo + i);
            FloatVector k2 = x1.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n3 = k2.sub(0x1.8p23f);
            FloatVector r4 = n3.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n3.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x1));
            FloatVector p5 =
                    r4.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.555492p-3f));
            p5 = p5.fma(r4, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p5 = r4.mul(r4).fma(p5, r4).add(1f);
            IntVector scaled6 =
                    p5.reinterpretAsInts().add(k2.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            VectorMask<Float> ordinary7 = x1.compare(VectorOperators.GE, -87f).and(x1.compare(VectorOperators.LE, 0f));
            FloatVector special8 = x1.blend(0f, x1.compare(VectorOperators.LT, -87f));
            FloatVector expOfNegative9 = special8.blend(scaled6.reinterpretAsFloats(), ordinary7);
            FloatVector e = expOfNegative9;
            e.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector x10 = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector k11 = x10.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n12 = k11.sub(0x1.8p23f);
            FloatVector r13 = n12.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n12.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x10));
            FloatVector p14 =
                    r13.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.555492p-3f));
            p14 = p14.fma(r13, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p14 = r13.mul(r13).fma(p14, r13).add(1f);
            IntVector scaled15 =
                    p14.reinterpretAsInts().add(k11.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            VectorMask<Float> ordinary16 =
                    x10.compare(VectorOperators.GE, -87f).and(x10.compare(VectorOperators.LE, 0f));
            FloatVector special17 = x10.blend(0f, x10.compare(VectorOperators.LT, -87f));
            FloatVector expOfNegative18 = special17.blend(scaled15.reinterpretAsFloats(), ordinary16);
            FloatVector e = expOfNegative18;
            e.intoArray(y, yo + i, m);
        }
    }
}
