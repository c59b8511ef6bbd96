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
final class FloatErf {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatErf() {}

    /** x Phi(x), absolute error at most 2^-23 |x| and 3 ulp for x above -1/2; -0 far below. */
    static void gelu(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector t1 = v.blend(-128f, v.compare(VectorOperators.LT, -128f));
            FloatVector x2 = t1.mul(0x1.6a09e6p-1f);
            FloatVector a3 = x2.abs();
            FloatVector t4 = a3.blend(4f, a3.compare(VectorOperators.GT, 4f));
            FloatVector p5 =
                    t4.fma(FloatVector.broadcast(S, 0x1.c0c3a2p-13f), FloatVector.broadcast(S, -0x1.a564e2p-9f));
            p5 = p5.fma(t4, FloatVector.broadcast(S, 0x1.7707e2p-6f));
            p5 = p5.fma(t4, FloatVector.broadcast(S, -0x1.af273ap-4f));
            p5 = p5.fma(t4, FloatVector.broadcast(S, -0x1.457cdap-1f));
            p5 = p5.fma(t4, FloatVector.broadcast(S, -0x1.20e652p+0f));
            FloatVector x6 = t4.mul(p5);
            FloatVector t7 = x6.blend(89f, x6.compare(VectorOperators.GT, 89f));
            t7 = t7.blend(-104f, t7.compare(VectorOperators.LT, -104f));
            FloatVector k8 = t7.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n9 = k8.sub(0x1.8p23f);
            FloatVector r10 = n9.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n9.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t7));
            FloatVector p11 =
                    r10.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.555492p-3f));
            p11 = p11.fma(r10, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p11 = r10.mul(r10).fma(p11, r10).add(1f);
            IntVector e12 = k8.reinterpretAsInts().sub(0x4b400000);
            IntVector half13 = e12.lanewise(VectorOperators.ASHR, 1);
            IntVector e14 = e12.sub(half13);
            FloatVector exp15 = p11.mul(
                            half13.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e14.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector magnitude16 = FloatVector.broadcast(S, 1f).sub(exp15);
            IntVector s17 = x2.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf18 =
                    magnitude16.reinterpretAsInts().and(~0x80000000).or(s17).reinterpretAsFloats();
            FloatVector far19 = withSignOf18;
            FloatVector z20 = x2.mul(x2);
            FloatVector q21 =
                    z20.fma(FloatVector.broadcast(S, 0x1.4f6766p-14f), FloatVector.broadcast(S, -0x1.a60a2ep-11f));
            q21 = q21.fma(z20, FloatVector.broadcast(S, 0x1.544a1ap-8f));
            q21 = q21.fma(z20, FloatVector.broadcast(S, -0x1.b8011ap-6f));
            q21 = q21.fma(z20, FloatVector.broadcast(S, 0x1.ce2d64p-4f));
            q21 = q21.fma(z20, FloatVector.broadcast(S, -0x1.81274p-2f));
            q21 = q21.fma(z20, FloatVector.broadcast(S, 0x1.06eba8p-3f));
            FloatVector erf22 = far19.blend(x2.fma(q21, x2), a3.compare(VectorOperators.LT, 0.925f));
            FloatVector gelu23 = t1.mul(0.5f).mul(erf22.add(1f));
            gelu23.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector t24 = v.blend(-128f, v.compare(VectorOperators.LT, -128f));
            FloatVector x25 = t24.mul(0x1.6a09e6p-1f);
            FloatVector a26 = x25.abs();
            FloatVector t27 = a26.blend(4f, a26.compare(VectorOperators.GT, 4f));
            FloatVector p28 =
                    t27.fma(FloatVector.broadcast(S, 0x1.c0c3a2p-13f), FloatVector.broadcast(S, -0x1.a564e2p-9f));
            p28 = p28.fma(t27, FloatVector.broadcast(S, 0x1.7707e2p-6f));
            p28 = p28.fma(t27, FloatVector.broadcast(S, -0x1.af273ap-4f));
            p28 = p28.fma(t27, FloatVector.broadcast(S, -0x1.457cdap-1f));
            p28 = p28.fma(t27, FloatVector.broadcast(S, -0x1.20e652p+0f));
            FloatVector x29 = t27.mul(p28);
            FloatVector t30 = x29.blend(89f, x29.compare(VectorOperators.GT, 89f));
            t30 = t30.blend(-104f, t30.compare(VectorOperators.LT, -104f));
            FloatVector k31 = t30.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n32 = k31.sub(0x1.8p23f);
            FloatVector r33 = n32.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n32.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t30));
            FloatVector p34 =
                    r33.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p34 = p34.fma(r33, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p34 = p34.fma(r33, FloatVector.broadcast(S, 0x1.555492p-3f));
            p34 = p34.fma(r33, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p34 = r33.mul(r33).fma(p34, r33).add(1f);
            IntVector e35 = k31.reinterpretAsInts().sub(0x4b400000);
            IntVector half36 = e35.lanewise(VectorOperators.ASHR, 1);
            IntVector e37 = e35.sub(half36);
            FloatVector exp38 = p34.mul(
                            half36.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e37.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector magnitude39 = FloatVector.broadcast(S, 1f).sub(exp38);
            IntVector s40 = x25.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf41 =
                    magnitude39.reinterpretAsInts().and(~0x80000000).or(s40).reinterpretAsFloats();
            FloatVector far42 = withSignOf41;
            FloatVector z43 = x25.mul(x25);
            FloatVector q44 =
                    z43.fma(FloatVector.broadcast(S, 0x1.4f6766p-14f), FloatVector.broadcast(S, -0x1.a60a2ep-11f));
            q44 = q44.fma(z43, FloatVector.broadcast(S, 0x1.544a1ap-8f));
            q44 = q44.fma(z43, FloatVector.broadcast(S, -0x1.b8011ap-6f));
            q44 = q44.fma(z43, FloatVector.broadcast(S, 0x1.ce2d64p-4f));
            q44 = q44.fma(z43, FloatVector.broadcast(S, -0x1.81274p-2f));
            q44 = q44.fma(z43, FloatVector.broadcast(S, 0x1.06eba8p-3f));
            FloatVector erf45 = far42.blend(x25.fma(q44, x25), a26.compare(VectorOperators.LT, 0.925f));
            FloatVector gelu46 = t24.mul(0.5f).mul(erf45.add(1f));
            gelu46.intoArray(y, yo + i, m);
        }
    }

    /** The error function within 1.5 ulp: odd polynomial below 0.925, one minus an exponential above. */
    static void erf(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector a1 = v.abs();
            FloatVector t2 = a1.blend(4f, a1.compare(VectorOperators.GT, 4f));
            FloatVector p3 =
                    t2.fma(FloatVector.broadcast(S, 0x1.c0c3a2p-13f), FloatVector.broadcast(S, -0x1.a564e2p-9f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, 0x1.7707e2p-6f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, -0x1.af273ap-4f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, -0x1.457cdap-1f));
            p3 = p3.fma(t2, FloatVector.broadcast(S, -0x1.20e652p+0f));
            FloatVector x4 = t2.mul(p3);
            FloatVector t5 = x4.blend(89f, x4.compare(VectorOperators.GT, 89f));
            t5 = t5.blend(-104f, t5.compare(VectorOperators.LT, -104f));
            FloatVector k6 = t5.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n7 = k6.sub(0x1.8p23f);
            FloatVector r8 = n7.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n7.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t5));
            FloatVector p9 =
                    r8.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p9 = p9.fma(r8, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p9 = p9.fma(r8, FloatVector.broadcast(S, 0x1.555492p-3f));
            p9 = p9.fma(r8, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p9 = r8.mul(r8).fma(p9, r8).add(1f);
            IntVector e10 = k6.reinterpretAsInts().sub(0x4b400000);
            IntVector half11 = e10.lanewise(VectorOperators.ASHR, 1);
            IntVector e12 = e10.sub(half11);
            FloatVector exp13 = p9.mul(
                            half11.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e12.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector magnitude14 = FloatVector.broadcast(S, 1f).sub(exp13);
            IntVector s15 = v.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf16 =
                    magnitude14.reinterpretAsInts().and(~0x80000000).or(s15).reinterpretAsFloats();
            FloatVector far17 = withSignOf16;
            FloatVector z18 = v.mul(v);
            FloatVector q19 =
                    z18.fma(FloatVector.broadcast(S, 0x1.4f6766p-14f), FloatVector.broadcast(S, -0x1.a60a2ep-11f));
            q19 = q19.fma(z18, FloatVector.broadcast(S, 0x1.544a1ap-8f));
            q19 = q19.fma(z18, FloatVector.broadcast(S, -0x1.b8011ap-6f));
            q19 = q19.fma(z18, FloatVector.broadcast(S, 0x1.ce2d64p-4f));
            q19 = q19.fma(z18, FloatVector.broadcast(S, -0x1.81274p-2f));
            q19 = q19.fma(z18, FloatVector.broadcast(S, 0x1.06eba8p-3f));
            FloatVector erf20 = far17.blend(v.fma(q19, v), a1.compare(VectorOperators.LT, 0.925f));
            erf20.intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> m = S.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m);
            FloatVector a21 = v.abs();
            FloatVector t22 = a21.blend(4f, a21.compare(VectorOperators.GT, 4f));
            FloatVector p23 =
                    t22.fma(FloatVector.broadcast(S, 0x1.c0c3a2p-13f), FloatVector.broadcast(S, -0x1.a564e2p-9f));
            p23 = p23.fma(t22, FloatVector.broadcast(S, 0x1.7707e2p-6f));
            p23 = p23.fma(t22, FloatVector.broadcast(S, -0x1.af273ap-4f));
            p23 = p23.fma(t22, FloatVector.broadcast(S, -0x1.457cdap-1f));
            p23 = p23.fma(t22, FloatVector.broadcast(S, -0x1.20e652p+0f));
            FloatVector x24 = t22.mul(p23);
            FloatVector t25 = x24.blend(89f, x24.compare(VectorOperators.GT, 89f));
            t25 = t25.blend(-104f, t25.compare(VectorOperators.LT, -104f));
            FloatVector k26 = t25.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n27 = k26.sub(0x1.8p23f);
            FloatVector r28 = n27.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f), n27.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), t25));
            FloatVector p29 =
                    r28.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
            p29 = p29.fma(r28, FloatVector.broadcast(S, 0x1.5558b4p-5f));
            p29 = p29.fma(r28, FloatVector.broadcast(S, 0x1.555492p-3f));
            p29 = p29.fma(r28, FloatVector.broadcast(S, 0x1.fffffcp-2f));
            p29 = r28.mul(r28).fma(p29, r28).add(1f);
            IntVector e30 = k26.reinterpretAsInts().sub(0x4b400000);
            IntVector half31 = e30.lanewise(VectorOperators.ASHR, 1);
            IntVector e32 = e30.sub(half31);
            FloatVector exp33 = p29.mul(
                            half31.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                    .mul(e32.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector magnitude34 = FloatVector.broadcast(S, 1f).sub(exp33);
            IntVector s35 = v.reinterpretAsInts().and(0x80000000);
            FloatVector withSignOf36 =
                    magnitude34.reinterpretAsInts().and(~0x80000000).or(s35).reinterpretAsFloats();
            FloatVector far37 = withSignOf36;
            FloatVector z38 = v.mul(v);
            FloatVector q39 =
                    z38.fma(FloatVector.broadcast(S, 0x1.4f6766p-14f), FloatVector.broadcast(S, -0x1.a60a2ep-11f));
            q39 = q39.fma(z38, FloatVector.broadcast(S, 0x1.544a1ap-8f));
            q39 = q39.fma(z38, FloatVector.broadcast(S, -0x1.b8011ap-6f));
            q39 = q39.fma(z38, FloatVector.broadcast(S, 0x1.ce2d64p-4f));
            q39 = q39.fma(z38, FloatVector.broadcast(S, -0x1.81274p-2f));
            q39 = q39.fma(z38, FloatVector.broadcast(S, 0x1.06eba8p-3f));
            FloatVector erf40 = far37.blend(v.fma(q39, v), a21.compare(VectorOperators.LT, 0.925f));
            erf40.intoArray(y, yo + i, m);
        }
    }
}
