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
final class DoubleErf {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleErf() {}

    /** x times the normal distribution function of x, within 5 ulp; -0 far below, NaN at minus infinity. */
    static void gelu(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector z1 = s.abs();
            z1 = z1.blend(39, z1.compare(VectorOperators.GT, 39));
            DoubleVector s2 = z1.mul(z1);
            DoubleVector x3 = s2.mul(-0.5);
            DoubleVector lost4 = z1.fma(z1, s2.neg()).mul(0.5);
            DoubleVector k5 =
                    x3.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n6 = k5.sub(0x1.8p52);
            DoubleVector r7 = n6.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n6.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x3).sub(lost4));
            DoubleVector r28 = r7.mul(r7);
            DoubleVector a9 = r7.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b10 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c11 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d12 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e13 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail14 = r28.fma(r28.fma(r28.fma(r28.fma(e13, d12), c11), b10), a9);
            DoubleVector p15 = r7.mul(r7).fma(expTail14, r7).add(1);
            VectorMask<Double> low16 = x3.compare(VectorOperators.LT, -707);
            DoubleVector k17 = k5.add(128, low16);
            LongVector n18 = k17.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled19 = p15.reinterpretAsLongs().add(n18).reinterpretAsDoubles();
            DoubleVector expNegative20 = scaled19.mul(0x1p-128, low16);
            DoubleVector e21 = expNegative20;
            DoubleVector t22 = z1.sub(4).div(z1.add(4));
            DoubleVector t223 = t22.mul(t22);
            DoubleVector even24 = t223.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even24 = even24.fma(t223, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd25 = t223.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd25 = odd25.fma(t223, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail26 = t22.fma(t22.fma(odd25, even24), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector q27 = tail26.div(z1.add(1)).mul(e21);
            DoubleVector gelu28 =
                    s.mul(DoubleVector.broadcast(S, 1).sub(q27).blend(q27, s.compare(VectorOperators.LT, 0)));
            DoubleVector sy = gelu28;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            gelu(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** The error function within 2 ulp: odd polynomial below 0.84375, one minus its complement above. */
    static void erf(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector a1 = s.abs();
            VectorMask<Double> far2 = a1.compare(VectorOperators.GE, 0.84375);
            a1 = a1.blend(7, a1.compare(VectorOperators.GT, 7));
            DoubleVector s3 = a1.mul(a1);
            DoubleVector x4 = s3.neg();
            DoubleVector lost5 = a1.fma(a1, s3.neg());
            DoubleVector k6 =
                    x4.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n7 = k6.sub(0x1.8p52);
            DoubleVector r8 = n7.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n7.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x4).sub(lost5));
            DoubleVector r29 = r8.mul(r8);
            DoubleVector a10 = r8.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b11 = r8.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c12 = r8.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d13 = r8.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e14 = r8.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail15 = r29.fma(r29.fma(r29.fma(r29.fma(e14, d13), c12), b11), a10);
            DoubleVector p16 = r8.mul(r8).fma(expTail15, r8).add(1);
            VectorMask<Double> low17 = x4.compare(VectorOperators.LT, -707);
            DoubleVector k18 = k6.add(128, low17);
            LongVector n19 = k18.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled20 = p16.reinterpretAsLongs().add(n19).reinterpretAsDoubles();
            DoubleVector expNegative21 = scaled20.mul(0x1p-128, low17);
            DoubleVector e22 = expNegative21;
            DoubleVector z23 = a1.mul(0x1.6a09e667f3bcdp+0);
            DoubleVector t24 = z23.sub(4).div(z23.add(4));
            DoubleVector t225 = t24.mul(t24);
            DoubleVector even26 = t225.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even26 = even26.fma(t225, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd27 = t225.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd27 = odd27.fma(t225, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail28 = t24.fma(t24.fma(odd27, even26), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector y29 = tail28.div(z23.add(1)).mul(e22);
            DoubleVector magnitude30 = y29.fma(DoubleVector.broadcast(S, -2), DoubleVector.broadcast(S, 1));
            LongVector s31 = s.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf32 = magnitude30
                    .reinterpretAsLongs()
                    .and(~Long.MIN_VALUE)
                    .or(s31)
                    .reinterpretAsDoubles();
            y29 = withSignOf32;
            DoubleVector z33 = s.mul(s);
            DoubleVector q34 = z33.fma(
                    DoubleVector.broadcast(S, 0x1.706724e37d57dp-27),
                    DoubleVector.broadcast(S, -0x1.516d673b073a1p-23));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, 0x1.b8452281814ecp-20));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, -0x1.f4b3d11ce1689p-17));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, 0x1.f9a1b5126fdc7p-14));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, -0x1.c02da8b4af88ep-11));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, 0x1.565bccd718c55p-8));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, -0x1.b82ce3114a775p-6));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, 0x1.ce2f21a03f072p-4));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, -0x1.812746b03799fp-2));
            q34 = q34.fma(z33, DoubleVector.broadcast(S, 0x1.06eba8214db68p-3));
            DoubleVector erf35 = s.fma(q34, s).blend(y29, far2);
            DoubleVector sy = erf35;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            erf(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** Complement of the error function within 5 ulp, also where it is tiny. */
    static void erfc(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector a1 = s.abs();
            a1 = a1.blend(28, a1.compare(VectorOperators.GT, 28));
            DoubleVector s2 = a1.mul(a1);
            DoubleVector x3 = s2.neg();
            DoubleVector lost4 = a1.fma(a1, s2.neg());
            DoubleVector k5 =
                    x3.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n6 = k5.sub(0x1.8p52);
            DoubleVector r7 = n6.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n6.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x3).sub(lost4));
            DoubleVector r28 = r7.mul(r7);
            DoubleVector a9 = r7.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b10 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c11 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d12 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e13 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail14 = r28.fma(r28.fma(r28.fma(r28.fma(e13, d12), c11), b10), a9);
            DoubleVector p15 = r7.mul(r7).fma(expTail14, r7).add(1);
            VectorMask<Double> low16 = x3.compare(VectorOperators.LT, -707);
            DoubleVector k17 = k5.add(128, low16);
            LongVector n18 = k17.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled19 = p15.reinterpretAsLongs().add(n18).reinterpretAsDoubles();
            DoubleVector expNegative20 = scaled19.mul(0x1p-128, low16);
            DoubleVector e21 = expNegative20;
            DoubleVector z22 = a1.mul(0x1.6a09e667f3bcdp+0);
            DoubleVector t23 = z22.sub(4).div(z22.add(4));
            DoubleVector t224 = t23.mul(t23);
            DoubleVector even25 = t224.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even25 = even25.fma(t224, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd26 = t224.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd26 = odd26.fma(t224, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail27 = t23.fma(t23.fma(odd26, even25), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector y28 = tail27.div(z22.add(1)).mul(e21);
            y28 = y28.add(y28);
            DoubleVector erfc29 = y28.blend(DoubleVector.broadcast(S, 2).sub(y28), s.compare(VectorOperators.LT, 0));
            DoubleVector sy = erfc29;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            erfc(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
