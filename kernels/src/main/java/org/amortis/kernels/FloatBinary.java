package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * y[i] = f(a[i], b[i]) over n elements, and the same with a scalar on the right or on the left.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class FloatBinary {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatBinary() {}

    /** a + b. */
    static void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.add(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.add(w).intoArray(y, yo + i, m);
        }
    }

    /** a + b. */
    static void addScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        FloatVector w = FloatVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            v.add(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            v.add(w).intoArray(y, yo + i, m);
        }
    }

    /** a - b. */
    static void sub(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.sub(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.sub(w).intoArray(y, yo + i, m);
        }
    }

    /** a - b. */
    static void subScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        FloatVector w = FloatVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            v.sub(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            v.sub(w).intoArray(y, yo + i, m);
        }
    }

    /** a - b. */
    static void scalarSub(float a, float[] b, int bo, float[] y, int yo, int n) {
        FloatVector v = FloatVector.broadcast(S, a);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.sub(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.sub(w).intoArray(y, yo + i, m);
        }
    }

    /** a b. */
    static void mul(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.mul(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.mul(w).intoArray(y, yo + i, m);
        }
    }

    /** a b. */
    static void mulScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        FloatVector w = FloatVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            v.mul(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            v.mul(w).intoArray(y, yo + i, m);
        }
    }

    /** a / b. */
    static void div(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.div(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.div(w).intoArray(y, yo + i, m);
        }
    }

    /** a / b. */
    static void divScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        FloatVector w = FloatVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            v.div(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            v.div(w).intoArray(y, yo + i, m);
        }
    }

    /** a / b. */
    static void scalarDiv(float a, float[] b, int bo, float[] y, int yo, int n) {
        FloatVector v = FloatVector.broadcast(S, a);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.div(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.div(w).intoArray(y, yo + i, m);
        }
    }

    /** The smaller; NaN wins, -0 below 0. */
    static void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.min(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.min(w).intoArray(y, yo + i, m);
        }
    }

    /** The smaller; NaN wins, -0 below 0. */
    static void minScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        FloatVector w = FloatVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            v.min(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            v.min(w).intoArray(y, yo + i, m);
        }
    }

    /** The larger; NaN wins, -0 below 0. */
    static void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            FloatVector w = FloatVector.fromArray(S, b, bo + i);
            v.max(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            FloatVector w = FloatVector.fromArray(S, b, bo + i, m);
            v.max(w).intoArray(y, yo + i, m);
        }
    }

    /** The larger; NaN wins, -0 below 0. */
    static void maxScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        FloatVector w = FloatVector.broadcast(S, b);
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            v.max(w).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, a, ao + i, m);
            v.max(w).intoArray(y, yo + i, m);
        }
    }

    /** a to the power b: Math.pow of each element. */
    static void pow(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = (float) Math.pow(a[ao + i], b[bo + i]);
        }
    }

    /** a to the power b: Math.pow of each element. */
    static void powScalar(float[] a, int ao, float b, float[] y, int yo, int n) {
        if (b == 2) {
            FloatUnary.square(a, ao, y, yo, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[yo + i] = (float) Math.pow(a[ao + i], b);
        }
    }

    /** a to the power b: Math.pow of each element. */
    static void scalarPow(float a, float[] b, int bo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = (float) Math.pow(a, b[bo + i]);
        }
    }
}
