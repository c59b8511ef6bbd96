package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Uniforms and normals in double from the words of {@link PhiloxKernel}, as {@link org.amortis.math.Philox} defines them.
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
            DoubleVector u = DoubleMath.uniform(a, b);
            DoubleVector v = DoubleMath.uniform(c, d);
            u.intoArray(out, off + i);
            v.intoArray(out, off + i + L);
        }
    }

    /** The first uniforms of what {@link #toPairs} wrote become -2 log of themselves, in place. */
    private static void toSquares(double[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            DoubleVector u = DoubleVector.fromArray(S, out, off + i);
            DoubleVector square = DoubleMath.squaredRadius(u);
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
            DoubleVector lost = DoubleMath.radiusLost(square, r);
            // what is left beyond the nearest quarter turn is exact
            DoubleVector k = turn.fma(four, magic);
            DoubleVector t = k.sub(MAGIC).fma(quarterTurn, turn).mul(2 * Math.PI);
            LongVector quarter = k.reinterpretAsLongs();
            DoubleVector sin = DoubleMath.sinReduced(t);
            DoubleVector cos = DoubleMath.cosReduced(t);
            LongVector next = quarter.add(1);
            DoubleVector x = DoubleMath.inQuadrant(sin, cos, next);
            DoubleVector y = DoubleMath.inQuadrant(sin, cos, quarter);
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
