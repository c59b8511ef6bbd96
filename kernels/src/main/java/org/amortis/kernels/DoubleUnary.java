package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * y[i] = f(x[i]) over n elements.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class DoubleUnary {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleUnary() {}

    /** -x. */
    static void neg(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.neg().intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            v.neg().intoArray(y, yo + i, m);
        }
    }

    /** |x|. */
    static void abs(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.abs().intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            v.abs().intoArray(y, yo + i, m);
        }
    }

    /** -1, 0 or 1; zeros and NaN unchanged. */
    static void sign(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> positive1 = v.compare(VectorOperators.GT, 0);
            DoubleVector sign2 = v.blend(1, positive1).blend(-1, v.compare(VectorOperators.LT, 0));
            sign2.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            VectorMask<Double> positive3 = v.compare(VectorOperators.GT, 0);
            DoubleVector sign4 = v.blend(1, positive3).blend(-1, v.compare(VectorOperators.LT, 0));
            sign4.intoArray(y, yo + i, m);
        }
    }

    /** x squared. */
    static void square(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.mul(v).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            v.mul(v).intoArray(y, yo + i, m);
        }
    }

    /** Square root, correctly rounded. */
    static void sqrt(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.sqrt().intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            v.sqrt().intoArray(y, yo + i, m);
        }
    }

    /** 1 / sqrt(x), two roundings: 1.5 ulp. */
    static void rsqrt(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector.broadcast(S, 1).div(v.sqrt()).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector.broadcast(S, 1).div(v.sqrt()).intoArray(y, yo + i, m);
        }
    }

    /** 1 / x, correctly rounded. */
    static void reciprocal(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector.broadcast(S, 1).div(v).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector.broadcast(S, 1).div(v).intoArray(y, yo + i, m);
        }
    }

    /** Max(x, 0); NaN stays. */
    static void relu(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.max(DoubleVector.zero(S)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            v.max(DoubleVector.zero(S)).intoArray(y, yo + i, m);
        }
    }

    /** x above zero, a x below. */
    static void leakyRelu(double[] x, int xo, double a, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            v.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, yo + i, m);
        }
    }

    /** Largest integer not above x; the sign of zero is kept. */
    static void floor(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector a1 = v.abs();
            DoubleVector magnitude2 = a1.add(0x1p52).sub(0x1p52);
            LongVector s3 = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf4 =
                    magnitude2.reinterpretAsLongs().and(~Long.MIN_VALUE).or(s3).reinterpretAsDoubles();
            DoubleVector rounded5 = withSignOf4;
            DoubleVector down6 = rounded5.blend(rounded5.sub(1), rounded5.compare(VectorOperators.GT, v));
            DoubleVector floor7 = v.blend(down6, a1.compare(VectorOperators.LT, 0x1p52));
            floor7.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector a8 = v.abs();
            DoubleVector magnitude9 = a8.add(0x1p52).sub(0x1p52);
            LongVector s10 = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf11 =
                    magnitude9.reinterpretAsLongs().and(~Long.MIN_VALUE).or(s10).reinterpretAsDoubles();
            DoubleVector rounded12 = withSignOf11;
            DoubleVector down13 = rounded12.blend(rounded12.sub(1), rounded12.compare(VectorOperators.GT, v));
            DoubleVector floor14 = v.blend(down13, a8.compare(VectorOperators.LT, 0x1p52));
            floor14.intoArray(y, yo + i, m);
        }
    }
}
