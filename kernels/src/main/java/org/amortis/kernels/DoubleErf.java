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
        for (int i = 0; i < n; i += L) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector z1 = v.abs();
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
            DoubleVector p8 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail9 = p8.fma(r7, DoubleVector.broadcast(S, 0.5));
            DoubleVector p10 = r7.mul(r7).fma(expTail9, r7).add(1);
            VectorMask<Double> low11 = x3.compare(VectorOperators.LT, -707);
            DoubleVector k12 = k5.add(128, low11);
            LongVector n13 = k12.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled14 = p10.reinterpretAsLongs().add(n13).reinterpretAsDoubles();
            DoubleVector expNegative15 = scaled14.mul(0x1p-128, low11);
            DoubleVector e16 = expNegative15;
            DoubleVector t17 = z1.sub(4).div(z1.add(4));
            DoubleVector t218 = t17.mul(t17);
            DoubleVector even19 = t218.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even19 = even19.fma(t218, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd20 = t218.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd20 = odd20.fma(t218, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail21 = t17.fma(t17.fma(odd20, even19), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector q22 = tail21.div(z1.add(1)).mul(e16);
            DoubleVector gelu23 =
                    v.mul(DoubleVector.broadcast(S, 1).sub(q22).blend(q22, v.compare(VectorOperators.LT, 0)));
            gelu23.intoArray(y, yo + i, m);
        }
    }

    /** The error function within 2 ulp: odd polynomial below 0.84375, one minus its complement above. */
    static void erf(double[] x, int xo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector a1 = v.abs();
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
            DoubleVector p9 = r8.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p9 = p9.fma(r8, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail10 = p9.fma(r8, DoubleVector.broadcast(S, 0.5));
            DoubleVector p11 = r8.mul(r8).fma(expTail10, r8).add(1);
            VectorMask<Double> low12 = x4.compare(VectorOperators.LT, -707);
            DoubleVector k13 = k6.add(128, low12);
            LongVector n14 = k13.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled15 = p11.reinterpretAsLongs().add(n14).reinterpretAsDoubles();
            DoubleVector expNegative16 = scaled15.mul(0x1p-128, low12);
            DoubleVector e17 = expNegative16;
            DoubleVector z18 = a1.mul(0x1.6a09e667f3bcdp+0);
            DoubleVector t19 = z18.sub(4).div(z18.add(4));
            DoubleVector t220 = t19.mul(t19);
            DoubleVector even21 = t220.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even21 = even21.fma(t220, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd22 = t220.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd22 = odd22.fma(t220, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail23 = t19.fma(t19.fma(odd22, even21), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector y24 = tail23.div(z18.add(1)).mul(e17);
            DoubleVector magnitude25 = y24.fma(DoubleVector.broadcast(S, -2), DoubleVector.broadcast(S, 1));
            LongVector s26 = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector withSignOf27 = magnitude25
                    .reinterpretAsLongs()
                    .and(~Long.MIN_VALUE)
                    .or(s26)
                    .reinterpretAsDoubles();
            y24 = withSignOf27;
            DoubleVector z28 = v.mul(v);
            DoubleVector q29 = z28.fma(
                    DoubleVector.broadcast(S, 0x1.706724e37d57dp-27),
                    DoubleVector.broadcast(S, -0x1.516d673b073a1p-23));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, 0x1.b8452281814ecp-20));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, -0x1.f4b3d11ce1689p-17));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, 0x1.f9a1b5126fdc7p-14));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, -0x1.c02da8b4af88ep-11));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, 0x1.565bccd718c55p-8));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, -0x1.b82ce3114a775p-6));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, 0x1.ce2f21a03f072p-4));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, -0x1.812746b03799fp-2));
            q29 = q29.fma(z28, DoubleVector.broadcast(S, 0x1.06eba8214db68p-3));
            DoubleVector erf30 = v.fma(q29, v).blend(y24, far2);
            erf30.intoArray(y, yo + i, m);
        }
    }

    /** Complement of the error function within 5 ulp, also where it is tiny. */
    static void erfc(double[] x, int xo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector a1 = v.abs();
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
            DoubleVector p8 = r7.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p8 = p8.fma(r7, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail9 = p8.fma(r7, DoubleVector.broadcast(S, 0.5));
            DoubleVector p10 = r7.mul(r7).fma(expTail9, r7).add(1);
            VectorMask<Double> low11 = x3.compare(VectorOperators.LT, -707);
            DoubleVector k12 = k5.add(128, low11);
            LongVector n13 = k12.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled14 = p10.reinterpretAsLongs().add(n13).reinterpretAsDoubles();
            DoubleVector expNegative15 = scaled14.mul(0x1p-128, low11);
            DoubleVector e16 = expNegative15;
            DoubleVector z17 = a1.mul(0x1.6a09e667f3bcdp+0);
            DoubleVector t18 = z17.sub(4).div(z17.add(4));
            DoubleVector t219 = t18.mul(t18);
            DoubleVector even20 = t219.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even20 = even20.fma(t219, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd21 = t219.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd21 = odd21.fma(t219, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail22 = t18.fma(t18.fma(odd21, even20), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector y23 = tail22.div(z17.add(1)).mul(e16);
            y23 = y23.add(y23);
            DoubleVector erfc24 = y23.blend(DoubleVector.broadcast(S, 2).sub(y23), v.compare(VectorOperators.LT, 0));
            erfc24.intoArray(y, yo + i, m);
        }
    }
}
