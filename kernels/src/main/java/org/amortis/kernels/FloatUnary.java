package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * y[i] = f(x[i]) over n elements.
 *
 * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
 * offset, any other overlap gives undefined numbers.
 */
final class FloatUnary {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatUnary() {}

    /** -x. */
    static void neg(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.neg().intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.neg().intoArray(y, yo + i, m);
        }
    }

    /** |x|. */
    static void abs(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.abs().intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.abs().intoArray(y, yo + i, m);
        }
    }

    /** -1, 0 or 1; zeros and NaN unchanged. */
    static void sign(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.blend(1f, v.compare(VectorOperators.GT, 0f))
                    .blend(-1f, v.compare(VectorOperators.LT, 0f))
                    .intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.blend(1f, v.compare(VectorOperators.GT, 0f))
                    .blend(-1f, v.compare(VectorOperators.LT, 0f))
                    .intoArray(y, yo + i, m);
        }
    }

    /** x squared. */
    static void square(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.mul(v).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.mul(v).intoArray(y, yo + i, m);
        }
    }

    /** Square root, correctly rounded. */
    static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.sqrt().intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.sqrt().intoArray(y, yo + i, m);
        }
    }

    /** 1 / sqrt(x), two roundings: 1.5 ulp. */
    static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector.broadcast(S, 1).div(v.sqrt()).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector.broadcast(S, 1).div(v.sqrt()).intoArray(y, yo + i, m);
        }
    }

    /** 1 / x, correctly rounded. */
    static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector.broadcast(S, 1).div(v).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector.broadcast(S, 1).div(v).intoArray(y, yo + i, m);
        }
    }

    /** Max(x, 0); NaN stays. */
    static void relu(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.max(FloatVector.zero(S)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.max(FloatVector.zero(S)).intoArray(y, yo + i, m);
        }
    }

    /** x above zero, a x below. */
    static void leakyRelu(float[] x, int xo, float a, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            v.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, yo + i, m);
        }
    }

    /** Largest integer not above x; the sign of zero is kept. */
    static void floor(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector a1 = v.abs();
            FloatVector magnitude2 = a1.add(0x1p23f).sub(0x1p23f);
            IntVector s3 = v.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf4 =
                    magnitude2.reinterpretAsInts().and(~0x80000000).or(s3).reinterpretAsFloats();
            FloatVector rounded5 = withSignOf4;
            FloatVector down6 = rounded5.blend(rounded5.sub(1f), rounded5.compare(VectorOperators.GT, v));
            FloatVector floor7 = v.blend(down6, a1.compare(VectorOperators.LT, 0x1p23f));
            floor7.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector a8 = v.abs();
            FloatVector magnitude9 = a8.add(0x1p23f).sub(0x1p23f);
            IntVector s10 = v.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf11 =
                    magnitude9.reinterpretAsInts().and(~0x80000000).or(s10).reinterpretAsFloats();
            FloatVector rounded12 = withSignOf11;
            FloatVector down13 = rounded12.blend(rounded12.sub(1f), rounded12.compare(VectorOperators.GT, v));
            FloatVector floor14 = v.blend(down13, a8.compare(VectorOperators.LT, 0x1p23f));
            floor14.intoArray(y, yo + i, m);
        }
    }
}
