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
final class DoubleNormal {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleNormal() {}

    /** Logarithm of the normal distribution function within 5 ulp. */
    static void logNormalCdf(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> below1 = s.compare(VectorOperators.LT, 0);
            DoubleVector z2 = s.abs();
            z2 = z2.blend(0x1p100, z2.compare(VectorOperators.GT, 0x1p100));
            DoubleVector t3 = z2.sub(4).div(z2.add(4));
            DoubleVector t24 = t3.mul(t3);
            DoubleVector even5 = t24.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd6 = t24.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail7 = t3.fma(t3.fma(odd6, even5), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector m8 = tail7.div(z2.add(1));
            DoubleVector u9 = z2.blend(39, z2.compare(VectorOperators.GT, 39));
            DoubleVector s10 = u9.mul(u9);
            DoubleVector x11 = s10.mul(-0.5);
            DoubleVector lost12 = u9.fma(u9, s10.neg()).mul(0.5);
            DoubleVector k13 =
                    x11.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x11)
                            .sub(lost12));
            DoubleVector r216 = r15.mul(r15);
            DoubleVector a17 = r15.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b18 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c19 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d20 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e21 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail22 = r216.fma(r216.fma(r216.fma(r216.fma(e21, d20), c19), b18), a17);
            DoubleVector p23 = r15.mul(r15).fma(expTail22, r15).add(1);
            VectorMask<Double> low24 = x11.compare(VectorOperators.LT, -707);
            DoubleVector k25 = k13.add(128, low24);
            LongVector n26 = k25.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled27 = p23.reinterpretAsLongs().add(n26).reinterpretAsDoubles();
            DoubleVector expNegative28 = scaled27.mul(0x1p-128, low24);
            DoubleVector q29 = m8.mul(expNegative28);
            DoubleVector one30 = DoubleVector.broadcast(S, 1).sub(q29);
            DoubleVector lost31 =
                    DoubleVector.broadcast(S, 1).sub(one30).sub(q29).blend(0, below1);
            DoubleVector square32 = s.mul(s.mul(-0.5));
            DoubleVector w33 = one30.blend(m8, below1);
            DoubleVector exponentShift34 = DoubleVector.broadcast(S, 0);
            LongVector bits35 = w33.reinterpretAsLongs();
            LongVector e36 = bits35.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m37 =
                    bits35.sub(e36.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e38 = e36.min(1022).neg();
            DoubleVector z39 =
                    lost31.fma(e38.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m37.sub(1));
            DoubleVector n40 =
                    e36.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n41 = n40.sub(exponentShift34);
            DoubleVector s42 = z39.div(z39.add(2));
            DoubleVector s243 = s42.mul(s42);
            DoubleVector q44 = s243.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q44 = q44.fma(s243, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half45 = z39.mul(z39).mul(0.5);
            DoubleVector small46 = s42.fma(s243.fma(q44, half45), n41.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced47 =
                    n41.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z39.sub(half45.sub(small46)));
            DoubleVector logOfSum48 = logReduced47;
            DoubleVector y49 = logOfSum48.add(DoubleVector.broadcast(S, 0).blend(square32, below1));
            y49 = y49.blend(s, s.compare(VectorOperators.NE, s));
            DoubleVector logNormalCdf50 =
                    y49.reinterpretAsLongs().or(Long.MIN_VALUE).reinterpretAsDoubles();
            DoubleVector sy = logNormalCdf50;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            logNormalCdf(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }

    /** Normal density over distribution function within 6 ulp; -x far below. */
    static void inverseMills(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = n - n % L; i < end; i += L) {
            DoubleVector s = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> below1 = s.compare(VectorOperators.LT, 0);
            DoubleVector z2 = s.abs();
            z2 = z2.blend(0x1p100, z2.compare(VectorOperators.GT, 0x1p100));
            DoubleVector t3 = z2.sub(4).div(z2.add(4));
            DoubleVector t24 = t3.mul(t3);
            DoubleVector even5 = t24.fma(
                    DoubleVector.broadcast(S, -0x1.738216f8e2c9ep-31),
                    DoubleVector.broadcast(S, 0x1.7802bfa1c171bp-28));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.33f312aa14f47p-26));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.56a336f5fb2ddp-30));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.b4b7b03edba7fp-22));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.ccd1e7d507d61p-19));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.6485facebb4ccp-16));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.8c11ce1ffb80ap-14));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.2b7f5d114ce39p-12));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.25dd7205bc189p-6));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, 0x1.d4969f10e23fbp-6));
            even5 = even5.fma(t24, DoubleVector.broadcast(S, -0x1.8c18f2086e36p-4));
            DoubleVector odd6 = t24.fma(
                    DoubleVector.broadcast(S, 0x1.9075821e4b248p-33),
                    DoubleVector.broadcast(S, -0x1.6a50853856da3p-29));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.5cba450389033p-26));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.ebd98984d209fp-24));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.29e42d5179a87p-21));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.5ee6b50de5244p-19));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.c94266721161cp-17));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.707bc33ed5857p-14));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.6c538340d8569p-11));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.47d5fc74b6463p-8));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, -0x1.07c3c2582c2adp-5));
            odd6 = odd6.fma(t24, DoubleVector.broadcast(S, 0x1.cabd72a60facfp-7));
            DoubleVector tail7 = t3.fma(t3.fma(odd6, even5), DoubleVector.broadcast(S, 0x1.e361ea6fba141p-2));
            DoubleVector m8 = tail7.div(z2.add(1));
            DoubleVector u9 = z2.blend(39, z2.compare(VectorOperators.GT, 39));
            DoubleVector s10 = u9.mul(u9);
            DoubleVector x11 = s10.mul(-0.5);
            DoubleVector lost12 = u9.fma(u9, s10.neg()).mul(0.5);
            DoubleVector k13 =
                    x11.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n14 = k13.sub(0x1.8p52);
            DoubleVector r15 = n14.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n14.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), x11)
                            .sub(lost12));
            DoubleVector r216 = r15.mul(r15);
            DoubleVector a17 = r15.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
            DoubleVector b18 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.11111111109a6p-7), DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            DoubleVector c19 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13), DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            DoubleVector d20 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19), DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            DoubleVector e21 = r15.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            DoubleVector expTail22 = r216.fma(r216.fma(r216.fma(r216.fma(e21, d20), c19), b18), a17);
            DoubleVector p23 = r15.mul(r15).fma(expTail22, r15).add(1);
            VectorMask<Double> low24 = x11.compare(VectorOperators.LT, -707);
            DoubleVector k25 = k13.add(128, low24);
            LongVector n26 = k25.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            DoubleVector scaled27 = p23.reinterpretAsLongs().add(n26).reinterpretAsDoubles();
            DoubleVector expNegative28 = scaled27.mul(0x1p-128, low24);
            DoubleVector e29 = expNegative28;
            DoubleVector top30 = e29.blend(1, below1).mul(0x1.9884533d43651p-2);
            DoubleVector y31 =
                    top30.div(DoubleVector.broadcast(S, 1).sub(m8.mul(e29)).blend(m8, below1));
            y31 = y31.blend(s.neg(), s.compare(VectorOperators.LT, -0x1p28));
            DoubleVector inverseMills32 = y31.blend(s, s.compare(VectorOperators.NE, s));
            DoubleVector sy = inverseMills32;
            sy.intoArray(y, yo + i);
        }
        if (i < n) {
            double[] pad = Pads.doubles();
            System.arraycopy(x, xo + i, pad, 0, n - i);
            inverseMills(pad, 0, pad, 0, L);
            System.arraycopy(pad, 0, y, yo + i, n - i);
        }
    }
}
