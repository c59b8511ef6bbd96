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
final class DoubleLog {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleLog() {}

    /** log x within 1 ulp: -infinity at zero, NaN below, subnormals included. */
    static void log(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            VectorMask<Double> tiny1 = v.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w2 = v.blend(v.mul(0x1p54), tiny1);
            DoubleVector lost3 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift4 = DoubleVector.broadcast(S, 0).blend(54, tiny1);
            LongVector bits5 = w2.reinterpretAsLongs();
            LongVector e6 = bits5.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m7 = bits5.sub(e6.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e8 = e6.min(1022).neg();
            DoubleVector z9 =
                    lost3.fma(e8.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m7.sub(1));
            DoubleVector n10 =
                    e6.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n11 = n10.sub(exponentShift4);
            DoubleVector s12 = z9.div(z9.add(2));
            DoubleVector s213 = s12.mul(s12);
            DoubleVector q14 = s213.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half15 = z9.mul(z9).mul(0.5);
            DoubleVector small16 = s12.fma(s213.fma(q14, half15), n11.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced17 =
                    n11.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z9.sub(half15.sub(small16)));
            DoubleVector logOfSum18 = logReduced17;
            DoubleVector y19 = logOfSum18;
            VectorMask<Double> ordinary20 =
                    v.compare(VectorOperators.GT, 0).and(v.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special21 = v.blend(Double.NaN, v.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0));
            DoubleVector log22 = special21.blend(y19, ordinary20);
            log22.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            VectorMask<Double> tiny23 = v.compare(VectorOperators.LT, Double.MIN_NORMAL);
            DoubleVector w24 = v.blend(v.mul(0x1p54), tiny23);
            DoubleVector lost25 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift26 = DoubleVector.broadcast(S, 0).blend(54, tiny23);
            LongVector bits27 = w24.reinterpretAsLongs();
            LongVector e28 = bits27.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m29 =
                    bits27.sub(e28.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e30 = e28.min(1022).neg();
            DoubleVector z31 =
                    lost25.fma(e30.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m29.sub(1));
            DoubleVector n32 =
                    e28.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n33 = n32.sub(exponentShift26);
            DoubleVector s34 = z31.div(z31.add(2));
            DoubleVector s235 = s34.mul(s34);
            DoubleVector q36 = s235.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half37 = z31.mul(z31).mul(0.5);
            DoubleVector small38 = s34.fma(s235.fma(q36, half37), n33.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced39 =
                    n33.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z31.sub(half37.sub(small38)));
            DoubleVector logOfSum40 = logReduced39;
            DoubleVector y41 = logOfSum40;
            VectorMask<Double> ordinary42 =
                    v.compare(VectorOperators.GT, 0).and(v.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
            DoubleVector special43 = v.blend(Double.NaN, v.compare(VectorOperators.LT, 0))
                    .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0));
            DoubleVector log44 = special43.blend(y41, ordinary42);
            log44.intoArray(y, yo + i, m);
        }
    }

    /** log(1 + x) within 1.5 ulp. */
    static void log1p(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w1 = v.add(1);
            DoubleVector back2 = w1.sub(v);
            DoubleVector lost3 =
                    v.sub(w1.sub(back2)).add(DoubleVector.broadcast(S, 1).sub(back2));
            DoubleVector exponentShift4 = DoubleVector.broadcast(S, 0);
            LongVector bits5 = w1.reinterpretAsLongs();
            LongVector e6 = bits5.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m7 = bits5.sub(e6.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e8 = e6.min(1022).neg();
            DoubleVector z9 =
                    lost3.fma(e8.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m7.sub(1));
            DoubleVector n10 =
                    e6.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n11 = n10.sub(exponentShift4);
            DoubleVector s12 = z9.div(z9.add(2));
            DoubleVector s213 = s12.mul(s12);
            DoubleVector q14 = s213.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q14 = q14.fma(s213, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half15 = z9.mul(z9).mul(0.5);
            DoubleVector small16 = s12.fma(s213.fma(q14, half15), n11.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced17 =
                    n11.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z9.sub(half15.sub(small16)));
            DoubleVector logOfSum18 = logReduced17;
            DoubleVector y19 = logOfSum18;
            VectorMask<Double> ordinary20 = v.compare(VectorOperators.GT, -1)
                    .and(v.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .and(v.compare(VectorOperators.NE, 0));
            DoubleVector special21 = v.blend(Double.NaN, v.compare(VectorOperators.LT, -1))
                    .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, -1));
            DoubleVector log1p22 = special21.blend(y19, ordinary20);
            log1p22.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector w23 = v.add(1);
            DoubleVector back24 = w23.sub(v);
            DoubleVector lost25 =
                    v.sub(w23.sub(back24)).add(DoubleVector.broadcast(S, 1).sub(back24));
            DoubleVector exponentShift26 = DoubleVector.broadcast(S, 0);
            LongVector bits27 = w23.reinterpretAsLongs();
            LongVector e28 = bits27.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m29 =
                    bits27.sub(e28.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e30 = e28.min(1022).neg();
            DoubleVector z31 =
                    lost25.fma(e30.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m29.sub(1));
            DoubleVector n32 =
                    e28.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n33 = n32.sub(exponentShift26);
            DoubleVector s34 = z31.div(z31.add(2));
            DoubleVector s235 = s34.mul(s34);
            DoubleVector q36 = s235.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q36 = q36.fma(s235, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half37 = z31.mul(z31).mul(0.5);
            DoubleVector small38 = s34.fma(s235.fma(q36, half37), n33.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced39 =
                    n33.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z31.sub(half37.sub(small38)));
            DoubleVector logOfSum40 = logReduced39;
            DoubleVector y41 = logOfSum40;
            VectorMask<Double> ordinary42 = v.compare(VectorOperators.GT, -1)
                    .and(v.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .and(v.compare(VectorOperators.NE, 0));
            DoubleVector special43 = v.blend(Double.NaN, v.compare(VectorOperators.LT, -1))
                    .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, -1));
            DoubleVector log1p44 = special43.blend(y41, ordinary42);
            log1p44.intoArray(y, yo + i, m);
        }
    }

    /** log(1 + e^x) within 2.5 ulp, also where it is close to zero. */
    static void softplus(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector positive1 = v.blend(0, v.compare(VectorOperators.LT, 0));
            DoubleVector x2 = v.abs().neg();
            DoubleVector t3 = x2.blend(710, x2.compare(VectorOperators.GT, 710));
            t3 = t3.blend(-746, t3.compare(VectorOperators.LT, -746));
            DoubleVector k4 =
                    t3.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n5 = k4.sub(0x1.8p52);
            DoubleVector r6 = n5.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n5.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t3));
            DoubleVector p7 = r6.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail8 = p7.fma(r6, DoubleVector.broadcast(S, 0.5));
            DoubleVector p9 = r6.mul(r6).fma(expTail8, r6).add(1);
            LongVector e10 = k4.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half11 = e10.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e12 = e10.sub(half11);
            DoubleVector exp13 = p9.mul(
                            half11.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e12.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector w14 = exp13.add(1);
            DoubleVector lost15 = exp13.sub(w14.sub(1));
            DoubleVector exponentShift16 = DoubleVector.broadcast(S, 0);
            LongVector bits17 = w14.reinterpretAsLongs();
            LongVector e18 = bits17.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m19 =
                    bits17.sub(e18.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e20 = e18.min(1022).neg();
            DoubleVector z21 =
                    lost15.fma(e20.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m19.sub(1));
            DoubleVector n22 =
                    e18.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n23 = n22.sub(exponentShift16);
            DoubleVector s24 = z21.div(z21.add(2));
            DoubleVector s225 = s24.mul(s24);
            DoubleVector q26 = s225.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half27 = z21.mul(z21).mul(0.5);
            DoubleVector small28 = s24.fma(s225.fma(q26, half27), n23.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced29 =
                    n23.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z21.sub(half27.sub(small28)));
            DoubleVector logOfSum30 = logReduced29;
            DoubleVector log1pUnit31 = logOfSum30;
            DoubleVector softplus32 = positive1.add(log1pUnit31);
            softplus32.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector positive33 = v.blend(0, v.compare(VectorOperators.LT, 0));
            DoubleVector x34 = v.abs().neg();
            DoubleVector t35 = x34.blend(710, x34.compare(VectorOperators.GT, 710));
            t35 = t35.blend(-746, t35.compare(VectorOperators.LT, -746));
            DoubleVector k36 =
                    t35.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n37 = k36.sub(0x1.8p52);
            DoubleVector r38 = n37.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n37.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t35));
            DoubleVector p39 = r38.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail40 = p39.fma(r38, DoubleVector.broadcast(S, 0.5));
            DoubleVector p41 = r38.mul(r38).fma(expTail40, r38).add(1);
            LongVector e42 = k36.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half43 = e42.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e44 = e42.sub(half43);
            DoubleVector exp45 = p41.mul(
                            half43.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e44.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector w46 = exp45.add(1);
            DoubleVector lost47 = exp45.sub(w46.sub(1));
            DoubleVector exponentShift48 = DoubleVector.broadcast(S, 0);
            LongVector bits49 = w46.reinterpretAsLongs();
            LongVector e50 = bits49.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m51 =
                    bits49.sub(e50.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e52 = e50.min(1022).neg();
            DoubleVector z53 =
                    lost47.fma(e52.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m51.sub(1));
            DoubleVector n54 =
                    e50.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n55 = n54.sub(exponentShift48);
            DoubleVector s56 = z53.div(z53.add(2));
            DoubleVector s257 = s56.mul(s56);
            DoubleVector q58 = s257.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half59 = z53.mul(z53).mul(0.5);
            DoubleVector small60 = s56.fma(s257.fma(q58, half59), n55.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced61 =
                    n55.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z53.sub(half59.sub(small60)));
            DoubleVector logOfSum62 = logReduced61;
            DoubleVector log1pUnit63 = logOfSum62;
            DoubleVector softplus64 = positive33.add(log1pUnit63);
            softplus64.intoArray(y, yo + i, m);
        }
    }

    /** -log(1 + e^-x) within 2.5 ulp. */
    static void logSigmoid(double[] x, int xo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector negative1 = v.blend(0, v.compare(VectorOperators.GT, 0));
            DoubleVector x2 = v.abs().neg();
            DoubleVector t3 = x2.blend(710, x2.compare(VectorOperators.GT, 710));
            t3 = t3.blend(-746, t3.compare(VectorOperators.LT, -746));
            DoubleVector k4 =
                    t3.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n5 = k4.sub(0x1.8p52);
            DoubleVector r6 = n5.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n5.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t3));
            DoubleVector p7 = r6.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p7 = p7.fma(r6, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail8 = p7.fma(r6, DoubleVector.broadcast(S, 0.5));
            DoubleVector p9 = r6.mul(r6).fma(expTail8, r6).add(1);
            LongVector e10 = k4.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half11 = e10.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e12 = e10.sub(half11);
            DoubleVector exp13 = p9.mul(
                            half11.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e12.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector w14 = exp13.add(1);
            DoubleVector lost15 = exp13.sub(w14.sub(1));
            DoubleVector exponentShift16 = DoubleVector.broadcast(S, 0);
            LongVector bits17 = w14.reinterpretAsLongs();
            LongVector e18 = bits17.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m19 =
                    bits17.sub(e18.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e20 = e18.min(1022).neg();
            DoubleVector z21 =
                    lost15.fma(e20.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m19.sub(1));
            DoubleVector n22 =
                    e18.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n23 = n22.sub(exponentShift16);
            DoubleVector s24 = z21.div(z21.add(2));
            DoubleVector s225 = s24.mul(s24);
            DoubleVector q26 = s225.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q26 = q26.fma(s225, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half27 = z21.mul(z21).mul(0.5);
            DoubleVector small28 = s24.fma(s225.fma(q26, half27), n23.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced29 =
                    n23.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z21.sub(half27.sub(small28)));
            DoubleVector logOfSum30 = logReduced29;
            DoubleVector log1pUnit31 = logOfSum30;
            DoubleVector logSigmoid32 = negative1.sub(log1pUnit31);
            logSigmoid32.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m);
            DoubleVector negative33 = v.blend(0, v.compare(VectorOperators.GT, 0));
            DoubleVector x34 = v.abs().neg();
            DoubleVector t35 = x34.blend(710, x34.compare(VectorOperators.GT, 710));
            t35 = t35.blend(-746, t35.compare(VectorOperators.LT, -746));
            DoubleVector k36 =
                    t35.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
            DoubleVector n37 = k36.sub(0x1.8p52);
            DoubleVector r38 = n37.fma(
                    DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                    n37.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), t35));
            DoubleVector p39 = r38.fma(
                    DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26), DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.11111111109a6p-7));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
            p39 = p39.fma(r38, DoubleVector.broadcast(S, 0x1.5555555555556p-3));
            DoubleVector expTail40 = p39.fma(r38, DoubleVector.broadcast(S, 0.5));
            DoubleVector p41 = r38.mul(r38).fma(expTail40, r38).add(1);
            LongVector e42 = k36.reinterpretAsLongs().sub(0x4338000000000000L);
            LongVector half43 = e42.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
            LongVector e44 = e42.sub(half43);
            DoubleVector exp45 = p41.mul(
                            half43.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles())
                    .mul(e44.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles());
            DoubleVector w46 = exp45.add(1);
            DoubleVector lost47 = exp45.sub(w46.sub(1));
            DoubleVector exponentShift48 = DoubleVector.broadcast(S, 0);
            LongVector bits49 = w46.reinterpretAsLongs();
            LongVector e50 = bits49.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m51 =
                    bits49.sub(e50.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e52 = e50.min(1022).neg();
            DoubleVector z53 =
                    lost47.fma(e52.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m51.sub(1));
            DoubleVector n54 =
                    e50.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n55 = n54.sub(exponentShift48);
            DoubleVector s56 = z53.div(z53.add(2));
            DoubleVector s257 = s56.mul(s56);
            DoubleVector q58 = s257.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q58 = q58.fma(s257, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half59 = z53.mul(z53).mul(0.5);
            DoubleVector small60 = s56.fma(s257.fma(q58, half59), n55.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced61 =
                    n55.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z53.sub(half59.sub(small60)));
            DoubleVector logOfSum62 = logReduced61;
            DoubleVector log1pUnit63 = logOfSum62;
            DoubleVector logSigmoid64 = negative33.sub(log1pUnit63);
            logSigmoid64.intoArray(y, yo + i, m);
        }
    }
}
