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
            DoubleVector r25 = r4.mul(r4);
            DoubleVector a6 = r4.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b7 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c8 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d9 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e10 = r4.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail11 = r25.fma(r25.fma(r25.fma(r25.fma(e10, d9), c8), b7), a6);
            DoubleVector p12 = r4.mul(r4).fma(expTail11, r4).add(1);
            LongVector scaled13 =
                    p12.reinterpretAsLongs().add(k2.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
            VectorMask<Double> ordinary14 = x1.compare(VectorOperators.GE, -708).and(x1.compare(VectorOperators.LE, 0));
            DoubleVector special15 = x1.blend(0, x1.compare(VectorOperators.LT, -708));
            DoubleVector expOfNegative16 = special15.blend(scaled13.reinterpretAsDoubles(), ordinary14);
            DoubleVector e = expOfNegative16;
            e.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector x17 = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector k18 =
                    x17.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n19 = k18.sub(0x1.8p52);
            DoubleVector r20 = n19.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n19.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x17));
            DoubleVector r221 = r20.mul(r20);
            DoubleVector a22 = r20.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b23 = r20.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c24 = r20.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d25 = r20.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e26 = r20.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail27 = r221.fma(r221.fma(r221.fma(r221.fma(e26, d25), c24), b23), a22);
            DoubleVector p28 = r20.mul(r20).fma(expTail27, r20).add(1);
            LongVector scaled29 =
                    p28.reinterpretAsLongs().add(k18.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
            VectorMask<Double> ordinary30 =
                    x17.compare(VectorOperators.GE, -708).and(x17.compare(VectorOperators.LE, 0));
            DoubleVector special31 = x17.blend(0, x17.compare(VectorOperators.LT, -708));
            DoubleVector expOfNegative32 = special31.blend(scaled29.reinterpretAsDoubles(), ordinary30);
            DoubleVector e = expOfNegative32;
            e.intoArray(y, yo + i, m);
        }
    }
}
