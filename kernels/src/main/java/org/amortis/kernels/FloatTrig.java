package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Sine and cosine. The vector reduction holds up to 2^16; larger arguments, which no model of sound
 * scale produces, go through scalar code in double. Looking for them block by block keeps a call out of the vector loop.
 */
final class FloatTrig {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final int BLOCK = 1024;
    private static final float LIMIT = 0x1p16f;

    private FloatTrig() {}

    /** Sine within 2 ulp; y may be x at the same offset. */
    static void sin(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            int len = Math.min(BLOCK, n - i);
            if (hasLarge(x, xo + i, len)) {
                sinWithLarge(x, xo + i, y, yo + i, len);
            } else {
                sinBlock(x, xo + i, y, yo + i, len);
            }
        }
    }

    /** Cosine within 2 ulp; y may be x at the same offset. */
    static void cos(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            int len = Math.min(BLOCK, n - i);
            if (hasLarge(x, xo + i, len)) {
                cosWithLarge(x, xo + i, y, yo + i, len);
            } else {
                cosBlock(x, xo + i, y, yo + i, len);
            }
        }
    }

    /** Scalar code for large arguments only: no element's bits depend on its neighbours. */
    private static void sinWithLarge(float[] x, int xo, float[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (Math.abs(x[xo + j]) > LIMIT) {
                sinBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = (float) Math.sin(x[xo + j]);
                done = j + 1;
            }
        }
        sinBlock(x, xo + done, y, yo + done, n - done);
    }

    /** Scalar code for large arguments only: no element's bits depend on its neighbours. */
    private static void cosWithLarge(float[] x, int xo, float[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (Math.abs(x[xo + j]) > LIMIT) {
                cosBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = (float) Math.cos(x[xo + j]);
                done = j + 1;
            }
        }
        cosBlock(x, xo + done, y, yo + done, n - done);
    }

    private static boolean hasLarge(float[] x, int xo, int n) {
        int end = S.loopBound(n);
        VectorMask<Float> large = S.maskAll(false);
        for (int i = 0; i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            large = large.or(v.abs().compare(VectorOperators.GT, LIMIT));
        }
        if (end < n) {
            FloatVector v = FloatVector.fromArray(S, x, xo + end, S.indexInRange(end, n));
            large = large.or(v.abs().compare(VectorOperators.GT, LIMIT));
        }
        return large.anyTrue();
    }

    private static void sinBlock(float[] x, int xo, float[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector k1 = v.fma(FloatVector.broadcast(S, 0x1.45f306p-1f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n2 = k1.sub(0x1.8p23f);
            FloatVector r3 = n2.fma(FloatVector.broadcast(S, -0x1.921fb6p+0f), v);
            r3 = n2.fma(FloatVector.broadcast(S, 0x1.777a5cp-25f), r3);
            r3 = n2.fma(FloatVector.broadcast(S, 0x1.ee59dap-50f), r3);
            IntVector quadrant4 = k1.reinterpretAsInts().add(0);
            FloatVector z5 = r3.mul(r3);
            FloatVector s6 = z5.fma(
                            FloatVector.broadcast(S, -0x1.9954a4p-13f), FloatVector.broadcast(S, 0x1.11077ap-7f))
                    .fma(z5, FloatVector.broadcast(S, -0x1.555546p-3f));
            s6 = r3.mul(z5).fma(s6, r3);
            FloatVector c7 = z5.fma(
                            FloatVector.broadcast(S, 0x1.99e80cp-16f), FloatVector.broadcast(S, -0x1.6c0c28p-10f))
                    .fma(z5, FloatVector.broadcast(S, 0x1.55554ap-5f));
            c7 = z5.mul(z5).fma(c7, z5.fma(FloatVector.broadcast(S, -0.5f), FloatVector.broadcast(S, 1f)));
            IntVector odd8 = quadrant4.and(1).neg();
            IntVector sb9 = s6.reinterpretAsInts();
            IntVector swapped10 = sb9.lanewise(
                    VectorOperators.XOR,
                    sb9.lanewise(VectorOperators.XOR, c7.reinterpretAsInts()).and(odd8));
            IntVector sign11 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 30);
            FloatVector inQuadrant12 =
                    swapped10.lanewise(VectorOperators.XOR, sign11).reinterpretAsFloats();
            FloatVector trig13 = inQuadrant12;
            FloatVector y14 = trig13;
            FloatVector sin15 = y14.blend(v, v.abs().compare(VectorOperators.LT, 0x1p-12f));
            sin15.intoArray(y, yo + i);
        }
        if (end < n) {
            sinTail(x, xo + end, y, yo + end, n - end);
        }
    }

    private static void sinTail(float[] x, int xo, float[] y, int yo, int n) {
        VectorMask<Float> m = S.indexInRange(0, n);
        FloatVector v = FloatVector.fromArray(S, x, xo, m);
        FloatVector k1 = v.fma(FloatVector.broadcast(S, 0x1.45f306p-1f), FloatVector.broadcast(S, 0x1.8p23f));
        FloatVector n2 = k1.sub(0x1.8p23f);
        FloatVector r3 = n2.fma(FloatVector.broadcast(S, -0x1.921fb6p+0f), v);
        r3 = n2.fma(FloatVector.broadcast(S, 0x1.777a5cp-25f), r3);
        r3 = n2.fma(FloatVector.broadcast(S, 0x1.ee59dap-50f), r3);
        IntVector quadrant4 = k1.reinterpretAsInts().add(0);
        FloatVector z5 = r3.mul(r3);
        FloatVector s6 = z5.fma(FloatVector.broadcast(S, -0x1.9954a4p-13f), FloatVector.broadcast(S, 0x1.11077ap-7f))
                .fma(z5, FloatVector.broadcast(S, -0x1.555546p-3f));
        s6 = r3.mul(z5).fma(s6, r3);
        FloatVector c7 = z5.fma(FloatVector.broadcast(S, 0x1.99e80cp-16f), FloatVector.broadcast(S, -0x1.6c0c28p-10f))
                .fma(z5, FloatVector.broadcast(S, 0x1.55554ap-5f));
        c7 = z5.mul(z5).fma(c7, z5.fma(FloatVector.broadcast(S, -0.5f), FloatVector.broadcast(S, 1f)));
        IntVector odd8 = quadrant4.and(1).neg();
        IntVector sb9 = s6.reinterpretAsInts();
        IntVector swapped10 = sb9.lanewise(
                VectorOperators.XOR,
                sb9.lanewise(VectorOperators.XOR, c7.reinterpretAsInts()).and(odd8));
        IntVector sign11 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 30);
        FloatVector inQuadrant12 =
                swapped10.lanewise(VectorOperators.XOR, sign11).reinterpretAsFloats();
        FloatVector trig13 = inQuadrant12;
        FloatVector y14 = trig13;
        FloatVector sin15 = y14.blend(v, v.abs().compare(VectorOperators.LT, 0x1p-12f));
        sin15.intoArray(y, yo, m);
    }

    private static void cosBlock(float[] x, int xo, float[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector k1 = v.fma(FloatVector.broadcast(S, 0x1.45f306p-1f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n2 = k1.sub(0x1.8p23f);
            FloatVector r3 = n2.fma(FloatVector.broadcast(S, -0x1.921fb6p+0f), v);
            r3 = n2.fma(FloatVector.broadcast(S, 0x1.777a5cp-25f), r3);
            r3 = n2.fma(FloatVector.broadcast(S, 0x1.ee59dap-50f), r3);
            IntVector quadrant4 = k1.reinterpretAsInts().add(1);
            FloatVector z5 = r3.mul(r3);
            FloatVector s6 = z5.fma(
                            FloatVector.broadcast(S, -0x1.9954a4p-13f), FloatVector.broadcast(S, 0x1.11077ap-7f))
                    .fma(z5, FloatVector.broadcast(S, -0x1.555546p-3f));
            s6 = r3.mul(z5).fma(s6, r3);
            FloatVector c7 = z5.fma(
                            FloatVector.broadcast(S, 0x1.99e80cp-16f), FloatVector.broadcast(S, -0x1.6c0c28p-10f))
                    .fma(z5, FloatVector.broadcast(S, 0x1.55554ap-5f));
            c7 = z5.mul(z5).fma(c7, z5.fma(FloatVector.broadcast(S, -0.5f), FloatVector.broadcast(S, 1f)));
            IntVector odd8 = quadrant4.and(1).neg();
            IntVector sb9 = s6.reinterpretAsInts();
            IntVector swapped10 = sb9.lanewise(
                    VectorOperators.XOR,
                    sb9.lanewise(VectorOperators.XOR, c7.reinterpretAsInts()).and(odd8));
            IntVector sign11 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 30);
            FloatVector inQuadrant12 =
                    swapped10.lanewise(VectorOperators.XOR, sign11).reinterpretAsFloats();
            FloatVector trig13 = inQuadrant12;
            trig13.intoArray(y, yo + i);
        }
        if (end < n) {
            cosTail(x, xo + end, y, yo + end, n - end);
        }
    }

    private static void cosTail(float[] x, int xo, float[] y, int yo, int n) {
        VectorMask<Float> m = S.indexInRange(0, n);
        FloatVector v = FloatVector.fromArray(S, x, xo, m);
        FloatVector k1 = v.fma(FloatVector.broadcast(S, 0x1.45f306p-1f), FloatVector.broadcast(S, 0x1.8p23f));
        FloatVector n2 = k1.sub(0x1.8p23f);
        FloatVector r3 = n2.fma(FloatVector.broadcast(S, -0x1.921fb6p+0f), v);
        r3 = n2.fma(FloatVector.broadcast(S, 0x1.777a5cp-25f), r3);
        r3 = n2.fma(FloatVector.broadcast(S, 0x1.ee59dap-50f), r3);
        IntVector quadrant4 = k1.reinterpretAsInts().add(1);
        FloatVector z5 = r3.mul(r3);
        FloatVector s6 = z5.fma(FloatVector.broadcast(S, -0x1.9954a4p-13f), FloatVector.broadcast(S, 0x1.11077ap-7f))
                .fma(z5, FloatVector.broadcast(S, -0x1.555546p-3f));
        s6 = r3.mul(z5).fma(s6, r3);
        FloatVector c7 = z5.fma(FloatVector.broadcast(S, 0x1.99e80cp-16f), FloatVector.broadcast(S, -0x1.6c0c28p-10f))
                .fma(z5, FloatVector.broadcast(S, 0x1.55554ap-5f));
        c7 = z5.mul(z5).fma(c7, z5.fma(FloatVector.broadcast(S, -0.5f), FloatVector.broadcast(S, 1f)));
        IntVector odd8 = quadrant4.and(1).neg();
        IntVector sb9 = s6.reinterpretAsInts();
        IntVector swapped10 = sb9.lanewise(
                VectorOperators.XOR,
                sb9.lanewise(VectorOperators.XOR, c7.reinterpretAsInts()).and(odd8));
        IntVector sign11 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 30);
        FloatVector inQuadrant12 =
                swapped10.lanewise(VectorOperators.XOR, sign11).reinterpretAsFloats();
        FloatVector trig13 = inQuadrant12;
        trig13.intoArray(y, yo, m);
    }
}
