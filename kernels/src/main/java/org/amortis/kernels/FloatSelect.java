package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Comparisons and choices; a truth value is an int, 0 or 1, and any other int counts as 1.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class FloatSelect {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final VectorSpecies<Integer> I = Species.I32;

    private FloatSelect() {}

    /** a < b. */
    static void less(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.LT, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.LT, FloatVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a < b. */
    static void lessScalar(float[] a, int ao, float b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i).compare(VectorOperators.LT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m).compare(VectorOperators.LT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a <= b. */
    static void lessEqual(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.LE, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.LE, FloatVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a <= b. */
    static void lessEqualScalar(float[] a, int ao, float b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i).compare(VectorOperators.LE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m).compare(VectorOperators.LE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a > b. */
    static void greater(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.GT, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.GT, FloatVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a > b. */
    static void greaterScalar(float[] a, int ao, float b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i).compare(VectorOperators.GT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m).compare(VectorOperators.GT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a >= b. */
    static void greaterEqual(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.GE, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.GE, FloatVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a >= b. */
    static void greaterEqualScalar(float[] a, int ao, float b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i).compare(VectorOperators.GE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m).compare(VectorOperators.GE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a == b. */
    static void equal(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.EQ, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.EQ, FloatVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a == b. */
    static void equalScalar(float[] a, int ao, float b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i).compare(VectorOperators.EQ, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m).compare(VectorOperators.EQ, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a != b, true for NaN. */
    static void notEqual(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.NE, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.NE, FloatVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a != b, true for NaN. */
    static void notEqualScalar(float[] a, int ao, float b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i).compare(VectorOperators.NE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = FloatVector.fromArray(S, a, ao + i, m).compare(VectorOperators.NE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a where c, otherwise b. */
    static void where(int[] c, int co, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = IntVector.fromArray(I, c, co + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.fromArray(S, b, bo + i)
                    .blend(FloatVector.fromArray(S, a, ao + i), t)
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.fromArray(S, b, bo + i, m)
                    .blend(FloatVector.fromArray(S, a, ao + i, m), t)
                    .intoArray(y, yo + i, m);
        }
    }

    /** a where c, otherwise the scalar b. */
    static void whereScalar(int[] c, int co, float[] a, int ao, float b, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = IntVector.fromArray(I, c, co + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.broadcast(S, b)
                    .blend(FloatVector.fromArray(S, a, ao + i), t)
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.broadcast(S, b)
                    .blend(FloatVector.fromArray(S, a, ao + i, m), t)
                    .intoArray(y, yo + i, m);
        }
    }

    /** The scalar a where c, otherwise b. */
    static void scalarWhere(int[] c, int co, float a, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Float> t = IntVector.fromArray(I, c, co + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.fromArray(S, b, bo + i)
                    .blend(FloatVector.broadcast(S, a), t)
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            VectorMask<Float> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.fromArray(S, b, bo + i, m)
                    .blend(FloatVector.broadcast(S, a), t)
                    .intoArray(y, yo + i, m);
        }
    }

    /** x between lo and hi; NaN stays. */
    static void clamp(float[] x, int xo, float lo, float hi, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector.fromArray(S, x, xo + i).max(lo).min(hi).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector.fromArray(S, x, xo + i, m).max(lo).min(hi).intoArray(y, yo + i, m);
        }
    }

    /** y + a x into y, fused. */
    static void axpy(float a, float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector.fromArray(S, x, xo + i)
                    .fma(FloatVector.broadcast(S, a), FloatVector.fromArray(S, y, yo + i))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector.fromArray(S, x, xo + i, m)
                    .fma(FloatVector.broadcast(S, a), FloatVector.fromArray(S, y, yo + i, m))
                    .intoArray(y, yo + i, m);
        }
    }

    /** a b + c, fused. */
    static void fma(float[] a, int ao, float[] b, int bo, float[] c, int co, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector.fromArray(S, a, ao + i)
                    .fma(FloatVector.fromArray(S, b, bo + i), FloatVector.fromArray(S, c, co + i))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector.fromArray(S, a, ao + i, m)
                    .fma(FloatVector.fromArray(S, b, bo + i, m), FloatVector.fromArray(S, c, co + i, m))
                    .intoArray(y, yo + i, m);
        }
    }

    /** a x + b, fused, with scalars a and b. */
    static void scale(float a, float[] x, int xo, float b, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector.fromArray(S, x, xo + i)
                    .fma(FloatVector.broadcast(S, a), FloatVector.broadcast(S, b))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector.fromArray(S, x, xo + i, m)
                    .fma(FloatVector.broadcast(S, a), FloatVector.broadcast(S, b))
                    .intoArray(y, yo + i, m);
        }
    }
}
