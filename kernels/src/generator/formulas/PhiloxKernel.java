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

    /** Uniforms in (0, 1) of the stream (key, c2, c3) from block start on. */
    static void uniforms(float[] out, int off, int n, long key, long start, int c2, int c3) {
        for (int i = 0; i < n; i += STEP) {
            floatsStep(out, off + i, n - i, key, start + (i >> 2), c2, c3, false);
        }
    }

    /** Normals of the stream (key, c2, c3) from block start on. */
    static void normals(float[] out, int off, int n, long key, long start, int c2, int c3) {
        for (int i = 0; i < n; i += STEP) {
            floatsStep(out, off + i, n - i, key, start + (i >> 2), c2, c3, true);
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

    /** The rounds again, because vectors handed back through an object would be boxed. */
    private static void floatsStep(float[] out, int off, int n, long key, long start, int c2, int c3, boolean normal) {
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
        // lane pairs: word 0 beside word 2, word 1 beside word 3, so that radius and angle words stand in the same
        // lanes
        IntVector even = a.or(c.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts();
        IntVector odd = b.or(d.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts();
        FloatVector e;
        FloatVector o;
        if (normal) {
            FloatVector square = FloatMath.squaredRadius(even);
            FloatVector r = square.sqrt();
            // what the root's rounding lost: without it the products below reach 2.4 ulp
            FloatVector lost = r.neg().fma(r, square).div(r.add(r));
            IntVector j = odd.lanewise(VectorOperators.LSHR, 7).or(1);
            IntVector quarter = j.add(1 << 22).lanewise(VectorOperators.LSHR, 23);
            IntVector rest = j.sub(quarter.lanewise(VectorOperators.LSHL, 23));
            FloatVector t = ((FloatVector) rest.convert(VectorOperators.I2F, 0)).mul(0x1p-23f);
            FloatVector sin = FloatMath.sinQuarter(t);
            FloatVector cos = FloatMath.cosQuarter(t);
            FloatVector x = FloatMath.inQuadrant(sin, cos, quarter.add(1));
            FloatVector y = FloatMath.inQuadrant(sin, cos, quarter);
            e = r.fma(x, lost.mul(x));
            o = r.fma(y, lost.mul(y));
        } else {
            e = FloatMath.uniform(even);
            o = FloatMath.uniform(odd);
        }
        IntVector ei = e.reinterpretAsInts();
        IntVector oi = o.reinterpretAsInts();
        FloatVector first =
                ei.rearrange(LOWER_TWICE).blend(oi.rearrange(LOWER_TWICE), ODD).reinterpretAsFloats();
        FloatVector second =
                ei.rearrange(UPPER_TWICE).blend(oi.rearrange(UPPER_TWICE), ODD).reinterpretAsFloats();
        if (n >= STEP) {
            first.intoArray(out, off);
            second.intoArray(out, off + L);
        } else {
            first.intoArray(out, off, S.indexInRange(0, n));
            if (n > L) {
                second.intoArray(out, off + L, S.indexInRange(L, n));
            }
        }
    }
}
