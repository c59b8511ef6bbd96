package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Philox4x32-10 with one counter in each 64-bit lane: words, uniforms and normals as {@link org.amortis.math.Philox} defines
 * them. Words and uniforms are the same bits. Float normals are within 2 ulp of its doubles, also where the logarithm, the
 * sine or the cosine is close to zero: the angle is reduced in exact integers and the half that 24 bits cannot hold
 * next to the uniform is carried along.
 *
 * <p>All methods write n elements from out[off] on; the first is element 0 of block {@code start}.
 */
final class PhiloxKernel {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final VectorSpecies<Long> LONGS = Species.I64;
    private static final VectorSpecies<Integer> I = Species.I32;
    private static final int L = I.length();

    /** Words that one step makes: four for each 64-bit lane. */
    private static final int STEP = 2 * L;

    /** Elements between the passes: 8 KB stay in the first cache. */
    static final int CHUNK = 2048;

    private static final long LOW = 0xffffffffL;
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private static final LongVector LANES = LongVector.zero(LONGS).addIndex(1);
    private static final VectorShuffle<Integer> LOWER_TWICE = VectorShuffle.fromOp(I, i -> i / 2);
    private static final VectorShuffle<Integer> UPPER_TWICE = VectorShuffle.fromOp(I, i -> L / 2 + i / 2);
    private static final VectorMask<Integer> ODD = VectorMask.fromLong(I, 0xaaaaaaaaL);

    private PhiloxKernel() {}

    /** Words of the stream (key, c2, c3) from block start on. */
    static void words(int[] out, int off, int n, long key, long start, int c2, int c3) {
        for (int i = 0; i < n; i += STEP) {
            wordsStep(out, off + i, n - i, key, start + (i >> 2), c2, c3);
        }
    }

    /** Slots of scratch that {@link #uniforms} and {@link #normals} need. */
    static final int SCRATCH = 2 * STEP;

    /** Uniforms in (0, 1) of the stream (key, c2, c3) from block start on. */
    static void uniforms(float[] out, int off, int n, long key, long start, int c2, int c3, float[] scratch) {
        int whole = n - n % SCRATCH;
        for (int i = 0; i < whole; i += CHUNK) {
            int len = Math.min(CHUNK, whole - i);
            raw(out, off + i, len, key, start + (i >> 2), c2, c3);
            toUniforms(out, off + i, len);
        }
        if (whole < n) {
            raw(scratch, 0, SCRATCH, key, start + (whole >> 2), c2, c3);
            toUniforms(scratch, 0, SCRATCH);
            System.arraycopy(scratch, 0, out, off + whole, n - whole);
        }
    }

    /** Normals of the stream (key, c2, c3) from block start on. */
    static void normals(float[] out, int off, int n, long key, long start, int c2, int c3, float[] scratch) {
        int whole = n - n % SCRATCH;
        for (int i = 0; i < whole; i += CHUNK) {
            int len = Math.min(CHUNK, whole - i);
            raw(out, off + i, len, key, start + (i >> 2), c2, c3);
            toSquares(out, off + i, len);
            toNormals(out, off + i, len);
        }
        if (whole < n) {
            raw(scratch, 0, SCRATCH, key, start + (whole >> 2), c2, c3);
            toSquares(scratch, 0, SCRATCH);
            toNormals(scratch, 0, SCRATCH);
            System.arraycopy(scratch, 0, out, off + whole, n - whole);
        }
    }

    private static void wordsStep(int[] out, int off, int n, long key, long start, int c2, int c3) {
        LongVector counter = LANES.add(start);
        LongVector a = counter.and(LOW);
        LongVector b = counter.lanewise(VectorOperators.LSHR, 32);
        LongVector c = LongVector.broadcast(LONGS, c2 & LOW);
        LongVector d = LongVector.broadcast(LONGS, c3 & LOW);
        int p = (int) key;
        int q = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            LongVector x = a.mul(M0);
            LongVector y = c.mul(M1);
            a = y.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, b)
                    .lanewise(VectorOperators.XOR, p & LOW);
            b = y.and(LOW);
            c = x.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, d)
                    .lanewise(VectorOperators.XOR, q & LOW);
            d = x.and(LOW);
            p += W0;
            q += W1;
        }
        IntVector even = a.or(c.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts();
        IntVector odd = b.or(d.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts();
        IntVector first = even.rearrange(LOWER_TWICE).blend(odd.rearrange(LOWER_TWICE), ODD);
        IntVector second = even.rearrange(UPPER_TWICE).blend(odd.rearrange(UPPER_TWICE), ODD);
        if (n >= STEP) {
            first.intoArray(out, off);
            second.intoArray(out, off + L);
        } else {
            first.intoArray(out, off, I.indexInRange(0, n));
            if (n > L) {
                second.intoArray(out, off + L, I.indexInRange(L, n));
            }
        }
    }

    /**
     * Words into floats, bit for bit: a vector of words 0 and 2 of the blocks, one of words 1 and 3, and so on. Two vectors of
     * blocks at a time, because the rounds are one long chain.
     */
    static void raw(float[] out, int off, int n, long key, long start, int c2, int c3) {
        for (int i = 0; i < n; i += 2 * STEP) {
            LongVector counter = LANES.add(start + (i >> 2));
            LongVector a = counter.and(LOW);
            LongVector b = counter.lanewise(VectorOperators.LSHR, 32);
            LongVector c = LongVector.broadcast(LONGS, c2 & LOW);
            LongVector d = LongVector.broadcast(LONGS, c3 & LOW);
            LongVector next = counter.add(L / 2);
            LongVector e = next.and(LOW);
            LongVector f = next.lanewise(VectorOperators.LSHR, 32);
            LongVector g = c;
            LongVector h = d;
            int p = (int) key;
            int q = (int) (key >>> 32);
            for (int round = 0; round < ROUNDS; round++) {
                LongVector x = a.mul(M0);
                LongVector y = c.mul(M1);
                LongVector u = e.mul(M0);
                LongVector v = g.mul(M1);
                LongVector pv = LongVector.broadcast(LONGS, p & LOW);
                LongVector qv = LongVector.broadcast(LONGS, q & LOW);
                a = y.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, b)
                        .lanewise(VectorOperators.XOR, pv);
                e = v.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, f)
                        .lanewise(VectorOperators.XOR, pv);
                c = x.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, d)
                        .lanewise(VectorOperators.XOR, qv);
                g = u.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, h)
                        .lanewise(VectorOperators.XOR, qv);
                b = y.and(LOW);
                d = x.and(LOW);
                f = v.and(LOW);
                h = u.and(LOW);
                p += W0;
                q += W1;
            }
            a.or(c.lanewise(VectorOperators.LSHL, 32)).reinterpretAsFloats().intoArray(out, off + i);
            b.or(d.lanewise(VectorOperators.LSHL, 32)).reinterpretAsFloats().intoArray(out, off + i + L);
            e.or(g.lanewise(VectorOperators.LSHL, 32)).reinterpretAsFloats().intoArray(out, off + i + STEP);
            f.or(h.lanewise(VectorOperators.LSHL, 32)).reinterpretAsFloats().intoArray(out, off + i + STEP + L);
        }
    }

    /** In place, from what {@link #raw} wrote. */
    private static void toUniforms(float[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            IntVector even = FloatVector.fromArray(S, out, off + i).reinterpretAsInts();
            IntVector odd = FloatVector.fromArray(S, out, off + i + L).reinterpretAsInts();
            FloatVector e = FloatMath.uniform(even);
            FloatVector o = FloatMath.uniform(odd);
            IntVector ei = e.reinterpretAsInts();
            IntVector oi = o.reinterpretAsInts();
            FloatVector first = ei.rearrange(LOWER_TWICE)
                    .blend(oi.rearrange(LOWER_TWICE), ODD)
                    .reinterpretAsFloats();
            FloatVector second = ei.rearrange(UPPER_TWICE)
                    .blend(oi.rearrange(UPPER_TWICE), ODD)
                    .reinterpretAsFloats();
            first.intoArray(out, off + i);
            second.intoArray(out, off + i + L);
        }
    }

    /** The radius words of what {@link #raw} wrote become -2 log of their uniforms, in place. */
    private static void toSquares(float[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            IntVector even = FloatVector.fromArray(S, out, off + i).reinterpretAsInts();
            FloatVector square = FloatMath.squaredRadius(even);
            square.intoArray(out, off + i);
        }
    }

    /** In place, from what {@link #toSquares} wrote. */
    private static void toNormals(float[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector square = FloatVector.fromArray(S, out, off + i);
            IntVector odd = FloatVector.fromArray(S, out, off + i + L).reinterpretAsInts();
            FloatVector r = square.sqrt();
            FloatVector lost = FloatMath.radiusLost(square, r);
            IntVector quarter = FloatMath.quarterOf(odd);
            FloatVector t = FloatMath.restOf(odd, quarter);
            FloatVector sin = FloatMath.sinQuarter(t);
            FloatVector cos = FloatMath.cosQuarter(t);
            FloatVector x = FloatMath.inQuadrant(sin, cos, quarter.add(1));
            FloatVector y = FloatMath.inQuadrant(sin, cos, quarter);
            IntVector ei = r.fma(x, lost.mul(x)).reinterpretAsInts();
            IntVector oi = r.fma(y, lost.mul(y)).reinterpretAsInts();
            FloatVector first = ei.rearrange(LOWER_TWICE)
                    .blend(oi.rearrange(LOWER_TWICE), ODD)
                    .reinterpretAsFloats();
            FloatVector second = ei.rearrange(UPPER_TWICE)
                    .blend(oi.rearrange(UPPER_TWICE), ODD)
                    .reinterpretAsFloats();
            first.intoArray(out, off + i);
            second.intoArray(out, off + i + L);
        }
    }
}
