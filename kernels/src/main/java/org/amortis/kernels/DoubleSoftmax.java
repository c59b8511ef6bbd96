package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
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
final class DoubleSoftmax {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleSoftmax() {}

    /** Rows of y = softmax of the rows of x. A row of -infinity gives NaN. The scratch holds as many elements. */
    static void softmax(double[] x, int xo, int rows, int cols, double[] y, int yo, double[] scratch) {
        DoubleRowSteps.subtractMax(x, xo, rows, cols, scratch, 0, false, y, 0);
        expOfNegative(scratch, 0, scratch, 0, rows * cols);
        DoubleRowSteps.divideBySums(scratch, 0, rows, cols, y, yo);
    }

    /** Rows of y = log of the softmax of the rows of x. The scratch holds as many elements and a number for each row. */
    static void logSoftmax(double[] x, int xo, int rows, int cols, double[] y, int yo, double[] scratch) {
        int n = rows * cols;
        DoubleRowSteps.subtractMax(x, xo, rows, cols, scratch, 0, false, y, 0);
        expOfNegative(scratch, 0, y, yo, n);
        DoubleRowSteps.sums(y, yo, rows, cols, scratch, n);
        DoubleLog.log(scratch, n, scratch, n, rows);
        DoubleRowSteps.subtract(scratch, 0, scratch, n, rows, cols, y, yo);
    }

    /**
     * y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. The scratch holds as many
     * elements and a number for each row.
     */
    static void logSumExp(double[] x, int xo, int rows, int cols, double[] y, int yo, double[] scratch) {
        int n = rows * cols;
        DoubleRowSteps.subtractMax(x, xo, rows, cols, scratch, 0, true, scratch, n);
        expOfNegative(scratch, 0, scratch, 0, n);
        DoubleRowSteps.sums(scratch, 0, rows, cols, y, yo);
        DoubleLog.log(y, yo, y, yo, rows);
        DoubleBinary.add(y, yo, scratch, n, y, yo, rows);
    }

    /** y = e^x for x at most 0; y may be x. */
    static void expOfNegative(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector x1 = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector k2 =
                    x1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x1));
            DoubleVector p5 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p5 = p5.fma(r4, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail6 = p5.fma(r4, DoubleVector.broadcast(S, 0.5));
            DoubleVector p7 = r4.mul(r4).fma(expTail6, r4).add(1);
            LongVector scaled8 =
                    p7.reinterpretAsLongs().add(k2.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
            VectorMask<Double> ordinary9 = x1.compare(VectorOperators.GE, -708).and(x1.compare(VectorOperators.LE, 0));
            DoubleVector special10 = x1.blend(0, x1.compare(VectorOperators.LT, -708));
            DoubleVector expOfNegative11 = special10.blend(scaled8.reinterpretAsDoubles(), ordinary9);
            DoubleVector e = expOfNegative11;
            e.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector x12 = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector k13 =
                    x12.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x12));
            DoubleVector p16 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p16 = p16.fma(r15, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail17 = p16.fma(r15, DoubleVector.broadcast(S, 0.5));
            DoubleVector p18 = r15.mul(r15).fma(expTail17, r15).add(1);
            LongVector scaled19 =
                    p18.reinterpretAsLongs().add(k13.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
            VectorMask<Double> ordinary20 =
                    x12.compare(VectorOperators.GE, -708).and(x12.compare(VectorOperators.LE, 0));
            DoubleVector special21 = x12.blend(0, x12.compare(VectorOperators.LT, -708));
            DoubleVector expOfNegative22 = special21.blend(scaled19.reinterpretAsDoubles(), ordinary20);
            DoubleVector e = expOfNegative22;
            e.intoArray(y, yo + i, m);
        }
    }
}
