package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Sine and cosine. The vector reduction holds up to 2^16; larger arguments, which no model of sound
 * scale produces, go through scalar code in double. Looking for them block by block keeps a call out of the vector loop.
 */
final class DoubleTrig {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();
    private static final int BLOCK = 1024;
    private static final double LIMIT = 0x1p16f;

    private DoubleTrig() {}

    /** Sine within 2 ulp; y may be x at the same offset. */
    static void sin(double[] x, int xo, double[] y, int yo, int n) {
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
    static void cos(double[] x, int xo, double[] y, int yo, int n) {
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
    private static void sinWithLarge(double[] x, int xo, double[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (Math.abs(x[xo + j]) > LIMIT) {
                sinBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = Math.sin(x[xo + j]);
                done = j + 1;
            }
        }
        sinBlock(x, xo + done, y, yo + done, n - done);
    }

    /** Scalar code for large arguments only: no element's bits depend on its neighbours. */
    private static void cosWithLarge(double[] x, int xo, double[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (Math.abs(x[xo + j]) > LIMIT) {
                cosBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = Math.cos(x[xo + j]);
                done = j + 1;
            }
        }
        cosBlock(x, xo + done, y, yo + done, n - done);
    }

    private static boolean hasLarge(double[] x, int xo, int n) {
        int end = S.loopBound(n);
        VectorMask<Double> large = S.maskAll(false);
        for (int i = 0; i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            large = large.or(v.abs().compare(VectorOperators.GT, LIMIT));
        }
        if (end < n) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + end, S.indexInRange(end, n));
            large = large.or(v.abs().compare(VectorOperators.GT, LIMIT));
        }
        return large.anyTrue();
    }

    private static void sinBlock(double[] x, int xo, double[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector k1 =
                    v.fma(DoubleVector.broadcast(S, 0x1.45f306dc9c883p-1), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n2 = k1.sub(0x1.8p52);
            DoubleVector r3 = n2.fma(DoubleVector.broadcast(S, -0x1.921fb54442d18p+0), v);
            r3 = n2.fma(DoubleVector.broadcast(S, -0x1.1a62633145c07p-54), r3);
            r3 = n2.fma(DoubleVector.broadcast(S, 0x1.f1976b7ed8fbcp-110), r3);
            LongVector quadrant4 = k1.reinterpretAsLongs().add(0);
            DoubleVector z5 = r3.mul(r3);
            DoubleVector s6 = z5.fma(
                    DoubleVector.broadcast(S, 0x1.5e10a2d5be699p-33),
                    DoubleVector.broadcast(S, -0x1.ae601e3804e51p-26));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.71de37aededf7p-19));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.a01a019e9ec67p-13));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.1111111110c79p-7));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.5555555555555p-3));
            DoubleVector sinReduced7 = r3.mul(z5).fma(s6, r3);
            DoubleVector z8 = r3.mul(r3);
            DoubleVector c9 = z8.fma(
                    DoubleVector.broadcast(S, -0x1.90734e7872416p-37),
                    DoubleVector.broadcast(S, 0x1.1eeb57845bf9dp-29));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.27e4fa02955eep-22));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.a01a019f37fa8p-16));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.6c16c16c168c9p-10));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.5555555555555p-5));
            DoubleVector half10 = z8.mul(0.5);
            DoubleVector one11 = DoubleVector.broadcast(S, 1).sub(half10);
            DoubleVector cosReduced12 = one11.add(
                    z8.mul(z8).fma(c9, DoubleVector.broadcast(S, 1).sub(one11).sub(half10)));
            LongVector odd13 = quadrant4.and(1).neg();
            LongVector sb14 = sinReduced7.reinterpretAsLongs();
            LongVector swapped15 = sb14.lanewise(
                    VectorOperators.XOR,
                    sb14.lanewise(VectorOperators.XOR, cosReduced12.reinterpretAsLongs())
                            .and(odd13));
            LongVector sign16 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 62);
            DoubleVector inQuadrant17 =
                    swapped15.lanewise(VectorOperators.XOR, sign16).reinterpretAsDoubles();
            DoubleVector trig18 = inQuadrant17;
            DoubleVector y19 = trig18;
            DoubleVector sin20 = y19.blend(v, v.abs().compare(VectorOperators.LT, 0x1p-27));
            sin20.intoArray(y, yo + i);
        }
        if (end < n) {
            sinTail(x, xo + end, y, yo + end, n - end);
        }
    }

    private static void sinTail(double[] x, int xo, double[] y, int yo, int n) {
        VectorMask<Double> m = S.indexInRange(0, n);
        DoubleVector v = DoubleVector.fromArray(S, x, xo, m);
        DoubleVector k1 = v.fma(DoubleVector.broadcast(S, 0x1.45f306dc9c883p-1), DoubleVector.broadcast(S, 0x1.8p52));
        DoubleVector n2 = k1.sub(0x1.8p52);
        DoubleVector r3 = n2.fma(DoubleVector.broadcast(S, -0x1.921fb54442d18p+0), v);
        r3 = n2.fma(DoubleVector.broadcast(S, -0x1.1a62633145c07p-54), r3);
        r3 = n2.fma(DoubleVector.broadcast(S, 0x1.f1976b7ed8fbcp-110), r3);
        LongVector quadrant4 = k1.reinterpretAsLongs().add(0);
        DoubleVector z5 = r3.mul(r3);
        DoubleVector s6 = z5.fma(
                DoubleVector.broadcast(S, 0x1.5e10a2d5be699p-33), DoubleVector.broadcast(S, -0x1.ae601e3804e51p-26));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.71de37aededf7p-19));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.a01a019e9ec67p-13));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.1111111110c79p-7));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.5555555555555p-3));
        DoubleVector sinReduced7 = r3.mul(z5).fma(s6, r3);
        DoubleVector z8 = r3.mul(r3);
        DoubleVector c9 = z8.fma(
                DoubleVector.broadcast(S, -0x1.90734e7872416p-37), DoubleVector.broadcast(S, 0x1.1eeb57845bf9dp-29));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.27e4fa02955eep-22));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.a01a019f37fa8p-16));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.6c16c16c168c9p-10));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.5555555555555p-5));
        DoubleVector half10 = z8.mul(0.5);
        DoubleVector one11 = DoubleVector.broadcast(S, 1).sub(half10);
        DoubleVector cosReduced12 = one11.add(
                z8.mul(z8).fma(c9, DoubleVector.broadcast(S, 1).sub(one11).sub(half10)));
        LongVector odd13 = quadrant4.and(1).neg();
        LongVector sb14 = sinReduced7.reinterpretAsLongs();
        LongVector swapped15 = sb14.lanewise(
                VectorOperators.XOR,
                sb14.lanewise(VectorOperators.XOR, cosReduced12.reinterpretAsLongs())
                        .and(odd13));
        LongVector sign16 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 62);
        DoubleVector inQuadrant17 =
                swapped15.lanewise(VectorOperators.XOR, sign16).reinterpretAsDoubles();
        DoubleVector trig18 = inQuadrant17;
        DoubleVector y19 = trig18;
        DoubleVector sin20 = y19.blend(v, v.abs().compare(VectorOperators.LT, 0x1p-27));
        sin20.intoArray(y, yo, m);
    }

    private static void cosBlock(double[] x, int xo, double[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector k1 =
                    v.fma(DoubleVector.broadcast(S, 0x1.45f306dc9c883p-1), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n2 = k1.sub(0x1.8p52);
            DoubleVector r3 = n2.fma(DoubleVector.broadcast(S, -0x1.921fb54442d18p+0), v);
            r3 = n2.fma(DoubleVector.broadcast(S, -0x1.1a62633145c07p-54), r3);
            r3 = n2.fma(DoubleVector.broadcast(S, 0x1.f1976b7ed8fbcp-110), r3);
            LongVector quadrant4 = k1.reinterpretAsLongs().add(1);
            DoubleVector z5 = r3.mul(r3);
            DoubleVector s6 = z5.fma(
                    DoubleVector.broadcast(S, 0x1.5e10a2d5be699p-33),
                    DoubleVector.broadcast(S, -0x1.ae601e3804e51p-26));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.71de37aededf7p-19));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.a01a019e9ec67p-13));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.1111111110c79p-7));
            s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.5555555555555p-3));
            DoubleVector sinReduced7 = r3.mul(z5).fma(s6, r3);
            DoubleVector z8 = r3.mul(r3);
            DoubleVector c9 = z8.fma(
                    DoubleVector.broadcast(S, -0x1.90734e7872416p-37),
                    DoubleVector.broadcast(S, 0x1.1eeb57845bf9dp-29));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.27e4fa02955eep-22));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.a01a019f37fa8p-16));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.6c16c16c168c9p-10));
            c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.5555555555555p-5));
            DoubleVector half10 = z8.mul(0.5);
            DoubleVector one11 = DoubleVector.broadcast(S, 1).sub(half10);
            DoubleVector cosReduced12 = one11.add(
                    z8.mul(z8).fma(c9, DoubleVector.broadcast(S, 1).sub(one11).sub(half10)));
            LongVector odd13 = quadrant4.and(1).neg();
            LongVector sb14 = sinReduced7.reinterpretAsLongs();
            LongVector swapped15 = sb14.lanewise(
                    VectorOperators.XOR,
                    sb14.lanewise(VectorOperators.XOR, cosReduced12.reinterpretAsLongs())
                            .and(odd13));
            LongVector sign16 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 62);
            DoubleVector inQuadrant17 =
                    swapped15.lanewise(VectorOperators.XOR, sign16).reinterpretAsDoubles();
            DoubleVector trig18 = inQuadrant17;
            trig18.intoArray(y, yo + i);
        }
        if (end < n) {
            cosTail(x, xo + end, y, yo + end, n - end);
        }
    }

    private static void cosTail(double[] x, int xo, double[] y, int yo, int n) {
        VectorMask<Double> m = S.indexInRange(0, n);
        DoubleVector v = DoubleVector.fromArray(S, x, xo, m);
        DoubleVector k1 = v.fma(DoubleVector.broadcast(S, 0x1.45f306dc9c883p-1), DoubleVector.broadcast(S, 0x1.8p52));
        DoubleVector n2 = k1.sub(0x1.8p52);
        DoubleVector r3 = n2.fma(DoubleVector.broadcast(S, -0x1.921fb54442d18p+0), v);
        r3 = n2.fma(DoubleVector.broadcast(S, -0x1.1a62633145c07p-54), r3);
        r3 = n2.fma(DoubleVector.broadcast(S, 0x1.f1976b7ed8fbcp-110), r3);
        LongVector quadrant4 = k1.reinterpretAsLongs().add(1);
        DoubleVector z5 = r3.mul(r3);
        DoubleVector s6 = z5.fma(
                DoubleVector.broadcast(S, 0x1.5e10a2d5be699p-33), DoubleVector.broadcast(S, -0x1.ae601e3804e51p-26));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.71de37aededf7p-19));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.a01a019e9ec67p-13));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, 0x1.1111111110c79p-7));
        s6 = s6.fma(z5, DoubleVector.broadcast(S, -0x1.5555555555555p-3));
        DoubleVector sinReduced7 = r3.mul(z5).fma(s6, r3);
        DoubleVector z8 = r3.mul(r3);
        DoubleVector c9 = z8.fma(
                DoubleVector.broadcast(S, -0x1.90734e7872416p-37), DoubleVector.broadcast(S, 0x1.1eeb57845bf9dp-29));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.27e4fa02955eep-22));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.a01a019f37fa8p-16));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, -0x1.6c16c16c168c9p-10));
        c9 = c9.fma(z8, DoubleVector.broadcast(S, 0x1.5555555555555p-5));
        DoubleVector half10 = z8.mul(0.5);
        DoubleVector one11 = DoubleVector.broadcast(S, 1).sub(half10);
        DoubleVector cosReduced12 = one11.add(
                z8.mul(z8).fma(c9, DoubleVector.broadcast(S, 1).sub(one11).sub(half10)));
        LongVector odd13 = quadrant4.and(1).neg();
        LongVector sb14 = sinReduced7.reinterpretAsLongs();
        LongVector swapped15 = sb14.lanewise(
                VectorOperators.XOR,
                sb14.lanewise(VectorOperators.XOR, cosReduced12.reinterpretAsLongs())
                        .and(odd13));
        LongVector sign16 = quadrant4.and(2).lanewise(VectorOperators.LSHL, 62);
        DoubleVector inQuadrant17 =
                swapped15.lanewise(VectorOperators.XOR, sign16).reinterpretAsDoubles();
        DoubleVector trig18 = inQuadrant17;
        trig18.intoArray(y, yo, m);
    }
}
