package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Uniforms and normals in double from the words of {@link PhiloxKernel}, as {@link org.amortis.math.Philox} defines them.
 * Uniforms are the same bits; normals are within 3 ulp. From four lanes on: comparisons of two doubles are not compiled.
 *
 * <p>All methods write n elements from out[off] on; the first is element 0 of block {@code start}.
 */
final class PhiloxDoubles {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final VectorSpecies<Float> WORDS = Species.F32;
    private static final int L = S.length();

    /** Elements that one step makes: two for each lane. */
    private static final int STEP = 2 * L;

    /** Elements of the two steps that {@link PhiloxKernel#raw} takes at once. */
    private static final int GROUP = 2 * STEP;

    /** Elements between the passes. */
    private static final int CHUNK = PhiloxKernel.CHUNK / 2;

    private static final long LOW = 0xffffffffL;

    /** 1.5 * 2^52: adding it rounds to an integer that then sits in the low mantissa bits. */
    private static final double MAGIC = 0x1.8p52;

    private static final VectorShuffle<Double> LOWER_TWICE = VectorShuffle.fromOp(S, i -> i / 2);
    private static final VectorShuffle<Double> UPPER_TWICE = VectorShuffle.fromOp(S, i -> L / 2 + i / 2);
    private static final VectorMask<Double> ODD = VectorMask.fromLong(S, 0xaaaaL);

    private PhiloxDoubles() {}

    /** Slots of words and of ends that {@link #uniforms} and {@link #normals} need. */
    static final int SCRATCH = PhiloxKernel.CHUNK;

    /** Uniforms in (0, 1] of the stream (key, c2, c3) from block start on. */
    static void uniforms(
            double[] out, int off, int n, long key, long start, int c2, int c3, float[] words, double[] end) {
        int whole = n - n % GROUP;
        for (int i = 0; i < whole; i += CHUNK) {
            int len = Math.min(CHUNK, whole - i);
            PhiloxKernel.raw(words, 0, 2 * len, key, start + (i >> 1), c2, c3);
            toPairs(words, out, off + i, len);
            interleave(out, off + i, len);
        }
        if (whole < n) {
            PhiloxKernel.raw(words, 0, 2 * GROUP, key, start + (whole >> 1), c2, c3);
            toPairs(words, end, 0, GROUP);
            interleave(end, 0, GROUP);
            System.arraycopy(end, 0, out, off + whole, n - whole);
        }
    }

    /** Normals of the stream (key, c2, c3) from block start on. */
    static void normals(
            double[] out, int off, int n, long key, long start, int c2, int c3, float[] words, double[] end) {
        int whole = n - n % GROUP;
        for (int i = 0; i < whole; i += CHUNK) {
            int len = Math.min(CHUNK, whole - i);
            PhiloxKernel.raw(words, 0, 2 * len, key, start + (i >> 1), c2, c3);
            toPairs(words, out, off + i, len);
            toSquares(out, off + i, len);
            toNormals(out, off + i, len);
            interleave(out, off + i, len);
        }
        if (whole < n) {
            PhiloxKernel.raw(words, 0, 2 * GROUP, key, start + (whole >> 1), c2, c3);
            toPairs(words, end, 0, GROUP);
            toSquares(end, 0, GROUP);
            toNormals(end, 0, GROUP);
            interleave(end, 0, GROUP);
            System.arraycopy(end, 0, out, off + whole, n - whole);
        }
    }

    /** Words into uniforms: a vector of the first of each pair, one of the second, and so on. */
    private static void toPairs(float[] words, double[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            LongVector even = FloatVector.fromArray(WORDS, words, 2 * i).reinterpretAsLongs();
            LongVector odd = FloatVector.fromArray(WORDS, words, 2 * i + STEP).reinterpretAsLongs();
            LongVector a = even.and(LOW);
            LongVector b = odd.and(LOW);
            LongVector c = even.lanewise(VectorOperators.LSHR, 32);
            LongVector d = odd.lanewise(VectorOperators.LSHR, 32);
            LongVector bits1 = a.lanewise(VectorOperators.LSHL, 20).or(b.lanewise(VectorOperators.LSHR, 12));
            DoubleVector half2 =
                    bits1.or(0x4330000000000000L).reinterpretAsDoubles().sub(0x1p52);
            LongVector last3 = b.lanewise(VectorOperators.LSHR, 11).and(1);
            LongVector rest4 = last3.lanewise(VectorOperators.LSHL, 51)
                    .add(last3.lanewise(VectorOperators.LSHL, 52))
                    .add(0x3fe0000000000000L);
            DoubleVector uniform5 = half2.fma(DoubleVector.broadcast(S, 2), rest4.reinterpretAsDoubles())
                    .mul(0x1p-53);
            DoubleVector u = uniform5;
            LongVector bits6 = c.lanewise(VectorOperators.LSHL, 20).or(d.lanewise(VectorOperators.LSHR, 12));
            DoubleVector half7 =
                    bits6.or(0x4330000000000000L).reinterpretAsDoubles().sub(0x1p52);
            LongVector last8 = d.lanewise(VectorOperators.LSHR, 11).and(1);
            LongVector rest9 = last8.lanewise(VectorOperators.LSHL, 51)
                    .add(last8.lanewise(VectorOperators.LSHL, 52))
                    .add(0x3fe0000000000000L);
            DoubleVector uniform10 = half7.fma(DoubleVector.broadcast(S, 2), rest9.reinterpretAsDoubles())
                    .mul(0x1p-53);
            DoubleVector v = uniform10;
            u.intoArray(out, off + i);
            v.intoArray(out, off + i + L);
        }
    }

    /** The first uniforms of what {@link #toPairs} wrote become -2 log of themselves, in place. */
    private static void toSquares(double[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            DoubleVector u = DoubleVector.fromArray(S, out, off + i);
            DoubleVector lost1 = DoubleVector.broadcast(S, 0);
            DoubleVector exponentShift2 = DoubleVector.broadcast(S, 0);
            LongVector bits3 = u.reinterpretAsLongs();
            LongVector e4 = bits3.add(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL)
                    .lanewise(VectorOperators.LSHR, 52)
                    .sub(1023);
            DoubleVector m5 = bits3.sub(e4.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
            LongVector e6 = e4.min(1022).neg();
            DoubleVector z7 =
                    lost1.fma(e6.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles(), m5.sub(1));
            DoubleVector n8 = e4.add(0x4338000000000000L).reinterpretAsDoubles().sub(0x1.8p52);
            DoubleVector n9 = n8.sub(exponentShift2);
            DoubleVector s10 = z7.div(z7.add(2));
            DoubleVector s211 = s10.mul(s10);
            DoubleVector q12 = s211.fma(
                    DoubleVector.broadcast(S, 0x1.2b5f68a51190dp-3), DoubleVector.broadcast(S, 0x1.39fdcceb4b524p-3));
            q12 = q12.fma(s211, DoubleVector.broadcast(S, 0x1.7462b91b8df9fp-3));
            q12 = q12.fma(s211, DoubleVector.broadcast(S, 0x1.c71c62d5e53dfp-3));
            q12 = q12.fma(s211, DoubleVector.broadcast(S, 0x1.2492492dfd86cp-2));
            q12 = q12.fma(s211, DoubleVector.broadcast(S, 0x1.9999999995273p-2));
            q12 = q12.fma(s211, DoubleVector.broadcast(S, 0x1.5555555555558p-1));
            DoubleVector half13 = z7.mul(z7).mul(0.5);
            DoubleVector small14 = s10.fma(s211.fma(q12, half13), n9.mul(0x1.a39ef35793c76p-33));
            DoubleVector logReduced15 =
                    n9.fma(DoubleVector.broadcast(S, 0x1.62e42fee00000p-1), z7.sub(half13.sub(small14)));
            DoubleVector logOfSum16 = logReduced15;
            DoubleVector square = logOfSum16.mul(-2);
            square.intoArray(out, off + i);
        }
    }

    /** In place, from what {@link #toSquares} wrote. */
    private static void toNormals(double[] out, int off, int n) {
        DoubleVector four = DoubleVector.broadcast(S, 4);
        DoubleVector magic = DoubleVector.broadcast(S, MAGIC);
        DoubleVector quarterTurn = DoubleVector.broadcast(S, -0.25);
        for (int i = 0; i < n; i += STEP) {
            DoubleVector square = DoubleVector.fromArray(S, out, off + i);
            DoubleVector turn = DoubleVector.fromArray(S, out, off + i + L);
            DoubleVector r = square.sqrt();
            LongVector bits1 = r.reinterpretAsLongs().neg().add(0x7fce6238502484baL);
            DoubleVector radiusLost2 = r.neg().fma(r, square).mul(bits1.reinterpretAsDoubles());
            DoubleVector lost = radiusLost2;
            // what is left beyond the nearest quarter turn is exact
            DoubleVector k = turn.fma(four, magic);
            DoubleVector t = k.sub(MAGIC).fma(quarterTurn, turn).mul(2 * Math.PI);
            LongVector quarter = k.reinterpretAsLongs();
            DoubleVector z3 = t.mul(t);
            DoubleVector s4 = z3.fma(
                    DoubleVector.broadcast(S, 0x1.5e10a2d5be699p-33),
                    DoubleVector.broadcast(S, -0x1.ae601e3804e51p-26));
            s4 = s4.fma(z3, DoubleVector.broadcast(S, 0x1.71de37aededf7p-19));
            s4 = s4.fma(z3, DoubleVector.broadcast(S, -0x1.a01a019e9ec67p-13));
            s4 = s4.fma(z3, DoubleVector.broadcast(S, 0x1.1111111110c79p-7));
            s4 = s4.fma(z3, DoubleVector.broadcast(S, -0x1.5555555555555p-3));
            DoubleVector sinReduced5 = t.mul(z3).fma(s4, t);
            DoubleVector sin = sinReduced5;
            DoubleVector z6 = t.mul(t);
            DoubleVector c7 = z6.fma(
                    DoubleVector.broadcast(S, -0x1.90734e7872416p-37),
                    DoubleVector.broadcast(S, 0x1.1eeb57845bf9dp-29));
            c7 = c7.fma(z6, DoubleVector.broadcast(S, -0x1.27e4fa02955eep-22));
            c7 = c7.fma(z6, DoubleVector.broadcast(S, 0x1.a01a019f37fa8p-16));
            c7 = c7.fma(z6, DoubleVector.broadcast(S, -0x1.6c16c16c168c9p-10));
            c7 = c7.fma(z6, DoubleVector.broadcast(S, 0x1.5555555555555p-5));
            DoubleVector half8 = z6.mul(0.5);
            DoubleVector one9 = DoubleVector.broadcast(S, 1).sub(half8);
            DoubleVector cosReduced10 = one9.add(
                    z6.mul(z6).fma(c7, DoubleVector.broadcast(S, 1).sub(one9).sub(half8)));
            DoubleVector cos = cosReduced10;
            LongVector next = quarter.add(1);
            LongVector odd11 = next.and(1).neg();
            LongVector sb12 = sin.reinterpretAsLongs();
            LongVector swapped13 = sb12.lanewise(
                    VectorOperators.XOR,
                    sb12.lanewise(VectorOperators.XOR, cos.reinterpretAsLongs()).and(odd11));
            LongVector sign14 = next.and(2).lanewise(VectorOperators.LSHL, 62);
            DoubleVector inQuadrant15 =
                    swapped13.lanewise(VectorOperators.XOR, sign14).reinterpretAsDoubles();
            DoubleVector x = inQuadrant15;
            LongVector odd16 = quarter.and(1).neg();
            LongVector sb17 = sin.reinterpretAsLongs();
            LongVector swapped18 = sb17.lanewise(
                    VectorOperators.XOR,
                    sb17.lanewise(VectorOperators.XOR, cos.reinterpretAsLongs()).and(odd16));
            LongVector sign19 = quarter.and(2).lanewise(VectorOperators.LSHL, 62);
            DoubleVector inQuadrant20 =
                    swapped18.lanewise(VectorOperators.XOR, sign19).reinterpretAsDoubles();
            DoubleVector y = inQuadrant20;
            r.fma(x, lost.mul(x)).intoArray(out, off + i);
            r.fma(y, lost.mul(y)).intoArray(out, off + i + L);
        }
    }

    /** A vector of first and one of second elements of pairs become pairs, in place. */
    private static void interleave(double[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            DoubleVector even = DoubleVector.fromArray(S, out, off + i);
            DoubleVector odd = DoubleVector.fromArray(S, out, off + i + L);
            DoubleVector first = even.rearrange(LOWER_TWICE).blend(odd.rearrange(LOWER_TWICE), ODD);
            DoubleVector second = even.rearrange(UPPER_TWICE).blend(odd.rearrange(UPPER_TWICE), ODD);
            first.intoArray(out, off + i);
            second.intoArray(out, off + i + L);
        }
    }
}
