package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.math.SpecialFunctions;

/**
 * Special functions. Where a vector formula holds for positive arguments only, blocks with others send these to the
 * portable function: no element's bits depend on its neighbours.
 *
 * <p>Written by src/generator; edit that. y may be x at the same offset.
 */
final class DoubleSpecial {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();
    private static final int BLOCK = 1024;

    private DoubleSpecial() {}

    private static boolean allPositive(double[] x, int xo, int n) {
        int other = 0;
        for (int i = 0; i < n; i++) {
            other |= x[xo + i] <= 0 ? 1 : 0;
        }
        return other == 0;
    }

    /** Inverse of the normal distribution function within 6 ulp: a rational function of (p - 1/2)^2 in the middle, one of the root of -log p outside. */
    static void normalQuantile(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector q1 = s.sub(0.5);
            DoubleVector w2 = q1.fma(q1.neg(), DoubleVector.broadcast(S, 0.180625));
            DoubleVector a3 = w2.fma(
                    DoubleVector.broadcast(S, -0x1.204beb209d45fp+9), DoubleVector.broadcast(S, 0x1.a47d4a364559ep+13));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.635b65bba4b73p+16));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.f6ddd6e542101p+16));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.1233dd3d7fe34p+16));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.18875a4d30d8ep+14));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.1f72d06da2363p+11));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.1cd843f581e22p+7));
            a3 = a3.fma(w2, DoubleVector.broadcast(S, 0x1.b18d91e9eef76p+1));
            DoubleVector b4 = w2.fma(
                    DoubleVector.broadcast(S, 0x1.393538f8af665p+14), DoubleVector.broadcast(S, 0x1.0a3bcf6f881dcp+16));
            b4 = b4.fma(w2, DoubleVector.broadcast(S, 0x1.11779213f049p+16));
            b4 = b4.fma(w2, DoubleVector.broadcast(S, 0x1.e6ab4b577dbbbp+14));
            b4 = b4.fma(w2, DoubleVector.broadcast(S, 0x1.af00bc11d9bedp+12));
            b4 = b4.fma(w2, DoubleVector.broadcast(S, 0x1.8c20f81753aacp+9));
            b4 = b4.fma(w2, DoubleVector.broadcast(S, 0x1.686d35c96e723p+5));
            b4 = b4.fma(w2, DoubleVector.broadcast(S, 0x1p+0));
            VectorMask<Double> upper5 = s.compare(VectorOperators.GT, 0.5);
            DoubleVector t6 = s.blend(DoubleVector.broadcast(S, 1).sub(s), upper5);
            VectorMask<Double> tiny7 = t6.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w8 = t6.blend(t6.mul(0x1p54), tiny7);
            DoubleVector lost9 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift10 = DoubleVector.broadcast(S, 0).blend(54, tiny7);
            LongVector bits11 = w8.reinterpretAsLongs();
            LongVector e12 = bits11.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m13 =
                    bits11.sub(e12.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e14 = e12.min(1022).neg();
            DoubleVector z15 =
                    lost9.fma(e14.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m13.sub(1));
            DoubleVector n16 =
                    e12.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n17 = n16.sub(exponentShift10);
            DoubleVector s18 = z15.div(z15.add(2));
            DoubleVector s219 = s18.mul(s18);
            DoubleVector q20 = s219.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q20 = q20.fma(s219, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q20 = q20.fma(s219, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q20 = q20.fma(s219, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q20 = q20.fma(s219, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q20 = q20.fma(s219, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half21 = z15.mul(z15).mul(0.5);
            DoubleVector small22 = s18.fma(s219.fma(q20, half21), n17.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced23 =
                    n17.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z15.sub(half21.sub(small22)));
            DoubleVector logOfSum24 = logReduced23;
            DoubleVector y25 = logOfSum24;
            VectorMask<Double> ordinary26 =
                    t6.compare(VectorOperators.GT, 0).and(t6.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special27 = t6.blend(Double.NaN, t6.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, t6.compare(VectorOperators.EQ, 0));
            DoubleVector log28 = special27.blend(y25, ordinary26);
            DoubleVector v29 = log28.neg().sqrt().sub(1.6);
            DoubleVector c30 = v29.fma(
                    DoubleVector.broadcast(S, 0x1.1d8832fbcc97cp-24), DoubleVector.broadcast(S, 0x1.2497b1dcc912ap-17));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.8820e48aca2c2p-12));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.e331327b38755p-8));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.411542babbda5p-4));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.f805330ad901ep-2));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.e7ff777a7683ep+0));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.23be775f1a95cp+2));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.9ca13f2fbb04ap+2));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.3501c54e3f018p+2));
            c30 = c30.fma(v29, DoubleVector.broadcast(S, 0x1.6c665fde9526bp+0));
            DoubleVector d31 = v29.fma(
                    DoubleVector.broadcast(S, 0x1.4284dcee75984p-51), DoubleVector.broadcast(S, 0x1.93cd07295f59bp-25));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.98bf8c4be8b79p-18));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.0b3a9fa8612c7p-12));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.3c0646862eb34p-8));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.8b7829ba06b74p-5));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.1e2754e1ae2bbp-2));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.f0cfc40c4ecfp-1));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.fc5ce71d54104p+0));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1.189a990bed85p+1));
            d31 = d31.fma(v29, DoubleVector.broadcast(S, 0x1p+0));
            DoubleVector outer32 = c30.neg().blend(c30, upper5);
            VectorMask<Double> middle33 = q1.abs().compare(VectorOperators.LE, 0.425);
            DoubleVector y34 = outer32.blend(q1.mul(a3), middle33).div(d31.blend(b4, middle33));
            y34 = y34.blend(Double.NEGATIVE_INFINITY, s.compare(VectorOperators.EQ, 0));
            DoubleVector normalQuantile35 = y34.blend(Double.POSITIVE_INFINITY, s.compare(VectorOperators.EQ, 1));
            DoubleVector sy = normalQuantile35;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            normalQuantile(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** log gamma(x) for x above 0 within 6 ulp, also beside its zeros 1 and 2: Stirling's series from 8 on; below, factors are split off until the rest is within 1/2 of 2, where a polynomial with that zero serves. */
    static void lgamma(double[] x, int xo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            int len = Math.min(BLOCK, n - i);
            if (allPositive(x, xo + i, len)) {
                lgammaBlock(x, xo + i, y, yo + i, len);
            } else {
                lgammaMixed(x, xo + i, y, yo + i, len);
            }
        }
    }

    private static void lgammaMixed(double[] x, int xo, double[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (x[xo + j] <= 0) {
                lgammaBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = SpecialFunctions.lgamma(x[xo + j]);
                done = j + 1;
            }
        }
        lgammaBlock(x, xo + done, y, yo + done, n - done);
    }

    private static void lgammaBlock(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector product1 = DoubleVector.broadcast(S, 1).blend(s, s.compare(VectorOperators.LT, 1.5));
            product1 = product1.mul(s.add(1), s.compare(VectorOperators.LT, 0.5));
            DoubleVector d2 = s.sub(2);
            d2 = d2.blend(s.sub(1), s.compare(VectorOperators.LT, 1.5));
            d2 = d2.blend(s, s.compare(VectorOperators.LT, 0.5));
            VectorMask<Double> m13 = s.compare(VectorOperators.GE, 2.5);
            product1 = product1.mul(s.sub(1), m13);
            d2 = d2.sub(1, m13);
            VectorMask<Double> m24 = s.compare(VectorOperators.GE, 3.5);
            product1 = product1.mul(s.sub(2), m24);
            d2 = d2.sub(1, m24);
            VectorMask<Double> m35 = s.compare(VectorOperators.GE, 4.5);
            product1 = product1.mul(s.sub(3), m35);
            d2 = d2.sub(1, m35);
            VectorMask<Double> m46 = s.compare(VectorOperators.GE, 5.5);
            product1 = product1.mul(s.sub(4), m46);
            d2 = d2.sub(1, m46);
            VectorMask<Double> m57 = s.compare(VectorOperators.GE, 6.5);
            product1 = product1.mul(s.sub(5), m57);
            d2 = d2.sub(1, m57);
            VectorMask<Double> m68 = s.compare(VectorOperators.GE, 7.5);
            product1 = product1.mul(s.sub(6), m68);
            d2 = d2.sub(1, m68);
            VectorMask<Double> large9 = s.compare(VectorOperators.GE, 8);
            DoubleVector x10 = product1.blend(s, large9);
            VectorMask<Double> tiny11 = x10.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w12 = x10.blend(x10.mul(0x1p54), tiny11);
            DoubleVector lost13 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift14 = DoubleVector.broadcast(S, 0).blend(54, tiny11);
            LongVector bits15 = w12.reinterpretAsLongs();
            LongVector e16 = bits15.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m17 =
                    bits15.sub(e16.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e18 = e16.min(1022).neg();
            DoubleVector z19 =
                    lost13.fma(e18.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m17.sub(1));
            DoubleVector n20 =
                    e16.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n21 = n20.sub(exponentShift14);
            DoubleVector s22 = z19.div(z19.add(2));
            DoubleVector s223 = s22.mul(s22);
            DoubleVector q24 = s223.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q24 = q24.fma(s223, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q24 = q24.fma(s223, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q24 = q24.fma(s223, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q24 = q24.fma(s223, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q24 = q24.fma(s223, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half25 = z19.mul(z19).mul(0.5);
            DoubleVector small26 = s22.fma(s223.fma(q24, half25), n21.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced27 =
                    n21.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z19.sub(half25.sub(small26)));
            DoubleVector logOfSum28 = logReduced27;
            DoubleVector y29 = logOfSum28;
            VectorMask<Double> ordinary30 =
                    x10.compare(VectorOperators.GT, 0).and(x10.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special31 = x10.blend(Double.NaN, x10.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, x10.compare(VectorOperators.EQ, 0));
            DoubleVector log32 = special31.blend(y29, ordinary30);
            DoubleVector ln33 = log32;
            DoubleVector d234 = d2.mul(d2);
            DoubleVector even35 = d234.fma(
                    DoubleVector.broadcast(S, -0x1.381f9c81e24a4p-21),
                    DoubleVector.broadcast(S, -0x1.08f3a50ceeacap-19));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, -0x1.3d4dea6ab3aadp-17));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, -0x1.78d8e91186e2cp-15));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, -0x1.d3fd6b14c42b3p-13));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, -0x1.38ac5bfba010ep-10));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, -0x1.e404fc21dc4b6p-8));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, -0x1.13e001a557546p-4));
            even35 = even35.fma(d234, DoubleVector.broadcast(S, 0x1.b0ee6072093cep-2));
            DoubleVector odd36 = d234.fma(
                    DoubleVector.broadcast(S, 0x1.3c1cb627b2b55p-22), DoubleVector.broadcast(S, 0x1.e4f61a7fbd59ep-21));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.26bf71989bc21p-18));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.57ff691cbd46cp-16));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.a1281cd862ac2p-14));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.0b36ae9863dc7p-11));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.7add6eaff3597p-9));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.51322ac7d7089p-6));
            odd36 = odd36.fma(d234, DoubleVector.broadcast(S, 0x1.4a34cc4a60fa8p-2));
            DoubleVector small37 =
                    d2.mul(d2.fma(odd36, even35)).add(ln33.blend(ln33.neg(), s.compare(VectorOperators.LT, 1.5)));
            DoubleVector r38 = DoubleVector.broadcast(S, 1).div(s);
            DoubleVector w39 = r38.mul(r38);
            DoubleVector s40 = w39.fma(
                    DoubleVector.broadcast(S, 0x1.466275526a04fp-8), DoubleVector.broadcast(S, -0x1.ee6911554dc7dp-10));
            s40 = s40.fma(w39, DoubleVector.broadcast(S, 0x1.b920c2eb0207fp-11));
            s40 = s40.fma(w39, DoubleVector.broadcast(S, -0x1.381331ca859ap-11));
            s40 = s40.fma(w39, DoubleVector.broadcast(S, 0x1.a01a015d9dffep-11));
            s40 = s40.fma(w39, DoubleVector.broadcast(S, -0x1.6c16c16c10957p-9));
            s40 = s40.fma(w39, DoubleVector.broadcast(S, 0x1.5555555555555p-4));
            DoubleVector stirling41 =
                    s.sub(0.5).mul(ln33.sub(1)).add(r38.fma(s40, DoubleVector.broadcast(S, 0x1.acfe390c97d69p-2)));
            DoubleVector lgamma42 = small37.blend(stirling41, large9);
            DoubleVector sy = lgamma42;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            lgammaBlock(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** Derivative of log gamma for x above 0; absolute error 4 ulp of the largest term. */
    static void digamma(double[] x, int xo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            int len = Math.min(BLOCK, n - i);
            if (allPositive(x, xo + i, len)) {
                digammaBlock(x, xo + i, y, yo + i, len);
            } else {
                digammaMixed(x, xo + i, y, yo + i, len);
            }
        }
    }

    private static void digammaMixed(double[] x, int xo, double[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (x[xo + j] <= 0) {
                digammaBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = SpecialFunctions.digamma(x[xo + j]);
                done = j + 1;
            }
        }
        digammaBlock(x, xo + done, y, yo + done, n - done);
    }

    private static void digammaBlock(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> low1 = s.compare(VectorOperators.LT, 8);
            DoubleVector b2 = DoubleVector.broadcast(S, 1).blend(s, low1);
            DoubleVector v03 = b2.mul(b2.add(7));
            DoubleVector v14 = v03.add(6);
            DoubleVector v25 = v03.add(10);
            DoubleVector v36 = v03.add(12);
            DoubleVector p7 = v03.mul(v14);
            DoubleVector q8 = v25.mul(v36);
            DoubleVector sum9 = v03.add(v14).mul(q8).add(v25.add(v36).mul(p7)).div(p7.mul(q8));
            sum9 = sum9.mul(b2.add(b2).add(7));
            DoubleVector y10 = s.add(8, low1);
            DoubleVector r11 = DoubleVector.broadcast(S, 1).div(y10);
            DoubleVector w12 = r11.mul(r11);
            DoubleVector s13 = w12.fma(
                    DoubleVector.broadcast(S, 0x1.050bcae5e07acp-4), DoubleVector.broadcast(S, -0x1.5334c277c909ap-6));
            s13 = s13.fma(w12, DoubleVector.broadcast(S, 0x1.f039a3733caafp-8));
            s13 = s13.fma(w12, DoubleVector.broadcast(S, -0x1.1110b75f60feap-8));
            s13 = s13.fma(w12, DoubleVector.broadcast(S, 0x1.041040cacd439p-8));
            s13 = s13.fma(w12, DoubleVector.broadcast(S, -0x1.111111110a795p-7));
            s13 = s13.fma(w12, DoubleVector.broadcast(S, 0x1.5555555555555p-4));
            DoubleVector series14 = w12.fma(s13, r11.mul(0.5));
            VectorMask<Double> tiny15 = y10.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w16 = y10.blend(y10.mul(0x1p54), tiny15);
            DoubleVector lost17 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift18 = DoubleVector.broadcast(S, 0).blend(54, tiny15);
            LongVector bits19 = w16.reinterpretAsLongs();
            LongVector e20 = bits19.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m21 =
                    bits19.sub(e20.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e22 = e20.min(1022).neg();
            DoubleVector z23 =
                    lost17.fma(e22.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m21.sub(1));
            DoubleVector n24 =
                    e20.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n25 = n24.sub(exponentShift18);
            DoubleVector s26 = z23.div(z23.add(2));
            DoubleVector s227 = s26.mul(s26);
            DoubleVector q28 = s227.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q28 = q28.fma(s227, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q28 = q28.fma(s227, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q28 = q28.fma(s227, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q28 = q28.fma(s227, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q28 = q28.fma(s227, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half29 = z23.mul(z23).mul(0.5);
            DoubleVector small30 = s26.fma(s227.fma(q28, half29), n25.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced31 =
                    n25.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z23.sub(half29.sub(small30)));
            DoubleVector logOfSum32 = logReduced31;
            DoubleVector y33 = logOfSum32;
            VectorMask<Double> ordinary34 =
                    y10.compare(VectorOperators.GT, 0).and(y10.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special35 = y10.blend(Double.NaN, y10.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, y10.compare(VectorOperators.EQ, 0));
            DoubleVector log36 = special35.blend(y33, ordinary34);
            DoubleVector digamma37 =
                    log36.sub(series14.add(DoubleVector.broadcast(S, 0).blend(sum9, low1)));
            DoubleVector sy = digamma37;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            digammaBlock(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** Second derivative of log gamma for x above 0, within 8 ulp. */
    static void trigamma(double[] x, int xo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            int len = Math.min(BLOCK, n - i);
            if (allPositive(x, xo + i, len)) {
                trigammaBlock(x, xo + i, y, yo + i, len);
            } else {
                trigammaMixed(x, xo + i, y, yo + i, len);
            }
        }
    }

    private static void trigammaMixed(double[] x, int xo, double[] y, int yo, int n) {
        int done = 0;
        for (int j = 0; j < n; j++) {
            if (x[xo + j] <= 0) {
                trigammaBlock(x, xo + done, y, yo + done, j - done);
                y[yo + j] = SpecialFunctions.trigamma(x[xo + j]);
                done = j + 1;
            }
        }
        trigammaBlock(x, xo + done, y, yo + done, n - done);
    }

    private static void trigammaBlock(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> low1 = s.compare(VectorOperators.LT, 8);
            DoubleVector b2 = DoubleVector.broadcast(S, 1).blend(s, low1);
            DoubleVector v03 = b2.mul(b2.add(7));
            DoubleVector v14 = v03.add(6);
            DoubleVector v25 = v03.add(10);
            DoubleVector v36 = v03.add(12);
            DoubleVector p7 = v03.mul(v14);
            DoubleVector q8 = v25.mul(v36);
            DoubleVector i9 = DoubleVector.broadcast(S, 1).div(p7.mul(q8));
            DoubleVector ip10 = q8.mul(i9);
            DoubleVector iq11 = p7.mul(i9);
            DoubleVector i012 = v14.mul(ip10);
            DoubleVector i113 = v03.mul(ip10);
            DoubleVector i214 = v36.mul(iq11);
            DoubleVector i315 = v25.mul(iq11);
            DoubleVector h16 = b2.add(b2).add(7);
            DoubleVector h217 = h16.mul(h16);
            DoubleVector sum18 = h217.fma(i012, DoubleVector.broadcast(S, -2)).mul(i012);
            sum18 = h217.fma(i113, DoubleVector.broadcast(S, -2)).fma(i113, sum18);
            sum18 = h217.fma(i214, DoubleVector.broadcast(S, -2)).fma(i214, sum18);
            sum18 = h217.fma(i315, DoubleVector.broadcast(S, -2)).fma(i315, sum18);
            DoubleVector y19 = s.add(8, low1);
            DoubleVector r20 = DoubleVector.broadcast(S, 1).div(y19);
            DoubleVector w21 = r20.mul(r20);
            DoubleVector s22 = w21.fma(
                    DoubleVector.broadcast(S, -0x1.233d97a2368d8p+2), DoubleVector.broadcast(S, 0x1.1b9f6e424b5d3p+0));
            s22 = s22.fma(w21, DoubleVector.broadcast(S, -0x1.026ab1e3a7b3cp-2));
            s22 = s22.fma(w21, DoubleVector.broadcast(S, 0x1.3647c6fc57b5fp-4));
            s22 = s22.fma(w21, DoubleVector.broadcast(S, -0x1.111104e30ae5fp-5));
            s22 = s22.fma(w21, DoubleVector.broadcast(S, 0x1.86186178fe5ccp-6));
            s22 = s22.fma(w21, DoubleVector.broadcast(S, -0x1.111111110f971p-5));
            s22 = s22.fma(w21, DoubleVector.broadcast(S, 0x1.5555555555555p-3));
            DoubleVector series23 = w21.fma(r20.fma(s22, DoubleVector.broadcast(S, 0.5)), r20);
            DoubleVector trigamma24 = series23.add(DoubleVector.broadcast(S, 0).blend(sum18, low1));
            DoubleVector sy = trigamma24;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            trigammaBlock(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
