package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
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
final class DoubleSelect {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();
    private static final VectorSpecies<Integer> I = Species.I32_HALF;

    private DoubleSelect() {}

    /** a < b. */
    static void less(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.LT, DoubleVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.LT, DoubleVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a < b. */
    static void lessScalar(double[] a, int ao, double b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i).compare(VectorOperators.LT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m).compare(VectorOperators.LT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a <= b. */
    static void lessEqual(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.LE, DoubleVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.LE, DoubleVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a <= b. */
    static void lessEqualScalar(double[] a, int ao, double b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i).compare(VectorOperators.LE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m).compare(VectorOperators.LE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a > b. */
    static void greater(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.GT, DoubleVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.GT, DoubleVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a > b. */
    static void greaterScalar(double[] a, int ao, double b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i).compare(VectorOperators.GT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m).compare(VectorOperators.GT, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a >= b. */
    static void greaterEqual(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.GE, DoubleVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.GE, DoubleVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a >= b. */
    static void greaterEqualScalar(double[] a, int ao, double b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i).compare(VectorOperators.GE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m).compare(VectorOperators.GE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a == b. */
    static void equal(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.EQ, DoubleVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.EQ, DoubleVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a == b. */
    static void equalScalar(double[] a, int ao, double b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i).compare(VectorOperators.EQ, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m).compare(VectorOperators.EQ, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a != b, true for NaN. */
    static void notEqual(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i)
                    .compare(VectorOperators.NE, DoubleVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m)
                    .compare(VectorOperators.NE, DoubleVector.fromArray(S, b, bo + i, m));
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a != b, true for NaN. */
    static void notEqualScalar(double[] a, int ao, double b, int[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i).compare(VectorOperators.NE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = DoubleVector.fromArray(S, a, ao + i, m).compare(VectorOperators.NE, b);
            IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
        }
    }

    /** a where c, otherwise b. */
    static void where(int[] c, int co, double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = IntVector.fromArray(I, c, co + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            DoubleVector.fromArray(S, b, bo + i)
                    .blend(DoubleVector.fromArray(S, a, ao + i), t)
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            DoubleVector.fromArray(S, b, bo + i, m)
                    .blend(DoubleVector.fromArray(S, a, ao + i, m), t)
                    .intoArray(y, yo + i, m);
        }
    }

    /** a where c, otherwise the scalar b. */
    static void whereScalar(int[] c, int co, double[] a, int ao, double b, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = IntVector.fromArray(I, c, co + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            DoubleVector.broadcast(S, b)
                    .blend(DoubleVector.fromArray(S, a, ao + i), t)
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            DoubleVector.broadcast(S, b)
                    .blend(DoubleVector.fromArray(S, a, ao + i, m), t)
                    .intoArray(y, yo + i, m);
        }
    }

    /** The scalar a where c, otherwise b. */
    static void scalarWhere(int[] c, int co, double a, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            VectorMask<Double> t = IntVector.fromArray(I, c, co + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            DoubleVector.fromArray(S, b, bo + i)
                    .blend(DoubleVector.broadcast(S, a), t)
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            VectorMask<Double> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            DoubleVector.fromArray(S, b, bo + i, m)
                    .blend(DoubleVector.broadcast(S, a), t)
                    .intoArray(y, yo + i, m);
        }
    }

    /** x between lo and hi; NaN stays. */
    static void clamp(double[] x, int xo, double lo, double hi, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector.fromArray(S, x, xo + i).max(lo).min(hi).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector.fromArray(S, x, xo + i, m).max(lo).min(hi).intoArray(y, yo + i, m);
        }
    }

    /** y + a x into y, fused. */
    static void axpy(double a, double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector.fromArray(S, x, xo + i)
                    .fma(DoubleVector.broadcast(S, a), DoubleVector.fromArray(S, y, yo + i))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector.fromArray(S, x, xo + i, m)
                    .fma(DoubleVector.broadcast(S, a), DoubleVector.fromArray(S, y, yo + i, m))
                    .intoArray(y, yo + i, m);
        }
    }

    /** a b + c, fused. */
    static void fma(double[] a, int ao, double[] b, int bo, double[] c, int co, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector.fromArray(S, a, ao + i)
                    .fma(DoubleVector.fromArray(S, b, bo + i), DoubleVector.fromArray(S, c, co + i))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector.fromArray(S, a, ao + i, m)
                    .fma(DoubleVector.fromArray(S, b, bo + i, m), DoubleVector.fromArray(S, c, co + i, m))
                    .intoArray(y, yo + i, m);
        }
    }

    /** a x + b, fused, with scalars a and b. */
    static void scale(double a, double[] x, int xo, double b, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector.fromArray(S, x, xo + i)
                    .fma(DoubleVector.broadcast(S, a), DoubleVector.broadcast(S, b))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector.fromArray(S, x, xo + i, m)
                    .fma(DoubleVector.broadcast(S, a), DoubleVector.broadcast(S, b))
                    .intoArray(y, yo + i, m);
        }
    }
}
