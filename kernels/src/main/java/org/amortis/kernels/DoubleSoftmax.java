package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Softmax and log-sum-exp of the rows of a matrix, each row shifted by its largest element.
 */
final class DoubleSoftmax {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleSoftmax() {}

    /** y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. */
    static void logSumExpRows(double[] x, int xo, int stride, int rows, int cols, double[] y, int yo) {
        for (int i = 0; i < rows; i++) {
            double max = DoubleReduce.max(x, xo + i * stride, cols);
            // an infinite maximum would meet itself as infinity minus infinity
            y[yo + i] = Double.isInfinite(max) ? max : max + Math.log(sumOfExponentials(x, xo + i * stride, max, cols));
        }
    }

    /** Row i of y = softmax of row i of x: both with their own row stride; y may be x. A row of -infinity gives NaN. */
    static void softmaxRows(double[] x, int xo, int xStride, int rows, int cols, double[] y, int yo, int yStride) {
        for (int i = 0; i < rows; i++) {
            int from = xo + i * xStride;
            int to = yo + i * yStride;
            double sum = exponentials(x, from, DoubleReduce.max(x, from, cols), y, to, cols);
            DoubleBinary.mulScalar(y, to, 1 / sum, y, to, cols);
        }
    }

    /** Row i of y = log of the softmax of row i of x; y may be x. */
    static void logSoftmaxRows(double[] x, int xo, int xStride, int rows, int cols, double[] y, int yo, int yStride) {
        for (int i = 0; i < rows; i++) {
            int from = xo + i * xStride;
            int to = yo + i * yStride;
            double max = DoubleReduce.max(x, from, cols);
            double logSum = Math.log(sumOfExponentials(x, from, max, cols));
            DoubleBinary.addScalar(x, from, -max, y, to, cols);
            DoubleBinary.addScalar(y, to, -logSum, y, to, cols);
        }
    }

    /** Sum of exp(x - shift), blocks joined as in {@link DoubleReduce#sum}. */
    static double sumOfExponentials(double[] x, int xo, double shift, int n) {
        if (n <= DoubleReduce.BLOCK) {
            return sumBlock(x, xo, shift, n);
        }
        int half = DoubleReduce.firstPart((n + DoubleReduce.BLOCK - 1) / DoubleReduce.BLOCK) * DoubleReduce.BLOCK;
        return sumOfExponentials(x, xo, shift, half) + sumOfExponentials(x, xo + half, shift, n - half);
    }

    private static double sumBlock(double[] x, int xo, double shift, int n) {
        DoubleVector s = DoubleVector.zero(S);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i).sub(shift);
            DoubleVector t1 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-746, t1.compare(VectorOperators.LT, -746));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
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
            LongVector e8 = k2.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half9 = e8.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e10 = e8.sub(half9);
            DoubleVector exp11 = p7.mul(
                            half9.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e10.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            s = s.add(exp11);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m).sub(shift);
            DoubleVector t12 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t12 = t12.blend(-746, t12.compare(VectorOperators.LT, -746));
            DoubleVector k13 =
                    t12.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t12));
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
            LongVector e19 = k13.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half20 = e19.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e21 = e19.sub(half20);
            DoubleVector exp22 = p18.mul(
                            half20.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e21.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp22;
            s = s.blend(s.add(e), m);
        }
        DoubleVector part23 = s.add(s.rearrange(DoubleLanes.HALVES));
        part23 = L >= 4 ? part23.add(part23.rearrange(DoubleLanes.QUARTERS)) : part23;
        part23 = L >= 8 ? part23.add(part23.rearrange(DoubleLanes.EIGHTHS)) : part23;
        part23 = L >= 16 ? part23.add(part23.rearrange(DoubleLanes.SIXTEENTHS)) : part23;
        double addLanes24 = part23.lane(0);
        return addLanes24;
    }

    /** y = exp(x - shift); returns the sum. */
    private static double exponentials(double[] x, int xo, double shift, double[] y, int yo, int n) {
        if (n <= DoubleReduce.BLOCK) {
            return exponentialsBlock(x, xo, shift, y, yo, n);
        }
        int half = DoubleReduce.firstPart((n + DoubleReduce.BLOCK - 1) / DoubleReduce.BLOCK) * DoubleReduce.BLOCK;
        return exponentials(x, xo, shift, y, yo, half) + exponentials(x, xo + half, shift, y, yo + half, n - half);
    }

    private static double exponentialsBlock(double[] x, int xo, double shift, double[] y, int yo, int n) {
        DoubleVector s = DoubleVector.zero(S);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i).sub(shift);
            DoubleVector t1 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t1 = t1.blend(-746, t1.compare(VectorOperators.LT, -746));
            DoubleVector k2 =
                    t1.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n3 = k2.sub(0x1.8p52);
            DoubleVector r4 = n3.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n3.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t1));
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
            LongVector e8 = k2.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half9 = e8.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e10 = e8.sub(half9);
            DoubleVector exp11 = p7.mul(
                            half9.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e10.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp11;
            e.intoArray(y, yo + i);
            s = s.add(e);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m).sub(shift);
            DoubleVector t12 = v.blend(710, v.compare(VectorOperators.GT, 710));
            t12 = t12.blend(-746, t12.compare(VectorOperators.LT, -746));
            DoubleVector k13 =
                    t12.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t12));
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
            LongVector e19 = k13.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half20 = e19.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e21 = e19.sub(half20);
            DoubleVector exp22 = p18.mul(
                            half20.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e21.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector e = exp22;
            e.intoArray(y, yo + i, m);
            s = s.blend(s.add(e), m);
        }
        DoubleVector part23 = s.add(s.rearrange(DoubleLanes.HALVES));
        part23 = L >= 4 ? part23.add(part23.rearrange(DoubleLanes.QUARTERS)) : part23;
        part23 = L >= 8 ? part23.add(part23.rearrange(DoubleLanes.EIGHTHS)) : part23;
        part23 = L >= 16 ? part23.add(part23.rearrange(DoubleLanes.SIXTEENTHS)) : part23;
        double addLanes24 = part23.lane(0);
        return addLanes24;
    }
}
