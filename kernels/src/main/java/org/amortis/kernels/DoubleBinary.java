package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * y[i] = f(a[i], b[i]) over n elements, and the same with a scalar on the right or on the left.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class DoubleBinary {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleBinary() {}

    /** a + b. */
    static void add(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.add(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.add(w).intoArray(y, yo + i, m);
        }
    }

    /** a + b. */
    static void addScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        DoubleVector w = DoubleVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            v.add(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            v.add(w).intoArray(y, yo + i, m);
        }
    }

    /** a - b. */
    static void sub(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.sub(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.sub(w).intoArray(y, yo + i, m);
        }
    }

    /** a - b. */
    static void subScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        DoubleVector w = DoubleVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            v.sub(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            v.sub(w).intoArray(y, yo + i, m);
        }
    }

    /** a - b. */
    static void scalarSub(double a, double[] b, int bo, double[] y, int yo, int n) {
        DoubleVector v = DoubleVector.broadcast(S, a);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.sub(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.sub(w).intoArray(y, yo + i, m);
        }
    }

    /** a b. */
    static void mul(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.mul(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.mul(w).intoArray(y, yo + i, m);
        }
    }

    /** a b. */
    static void mulScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        DoubleVector w = DoubleVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            v.mul(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            v.mul(w).intoArray(y, yo + i, m);
        }
    }

    /** a / b. */
    static void div(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.div(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.div(w).intoArray(y, yo + i, m);
        }
    }

    /** a / b. */
    static void divScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        DoubleVector w = DoubleVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            v.div(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            v.div(w).intoArray(y, yo + i, m);
        }
    }

    /** a / b. */
    static void scalarDiv(double a, double[] b, int bo, double[] y, int yo, int n) {
        DoubleVector v = DoubleVector.broadcast(S, a);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.div(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.div(w).intoArray(y, yo + i, m);
        }
    }

    /** The smaller; NaN wins, -0 below 0. */
    static void min(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.min(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.min(w).intoArray(y, yo + i, m);
        }
    }

    /** The smaller; NaN wins, -0 below 0. */
    static void minScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        DoubleVector w = DoubleVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            v.min(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            v.min(w).intoArray(y, yo + i, m);
        }
    }

    /** The larger; NaN wins, -0 below 0. */
    static void max(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i);
            v.max(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            DoubleVector w = DoubleVector.fromArray(S, b, bo + i, m);
            v.max(w).intoArray(y, yo + i, m);
        }
    }

    /** The larger; NaN wins, -0 below 0. */
    static void maxScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        DoubleVector w = DoubleVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i);
            v.max(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, a, ao + i, m);
            v.max(w).intoArray(y, yo + i, m);
        }
    }

    /** a to the power b: Math.pow of each element. */
    static void pow(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.pow(a[ao + i], b[bo + i]);
        }
    }

    /** a to the power b: Math.pow of each element. */
    static void powScalar(double[] a, int ao, double b, double[] y, int yo, int n) {
        if (b == 2) {
            DoubleUnary.square(a, ao, y, yo, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.pow(a[ao + i], b);
        }
    }

    /** a to the power b: Math.pow of each element. */
    static void scalarPow(double a, double[] b, int bo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.pow(a, b[bo + i]);
        }
    }
}
