package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Philox4x32-10 with one counter in each 64-bit lane: words, uniforms and normals as {@link org.amortis.math.Philox} defines
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
            FloatVector t1 =
                    (FloatVector) even.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
            FloatVector u2 = t1.add(0.5f).mul(0x1p-24f);
            FloatVector uniform3 = u2.blend(0x1.fffffep-1f, u2.compare(VectorOperators.GT, 0x1.fffffep-1f));
            FloatVector e = uniform3;
            FloatVector t4 = (FloatVector) odd.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
            FloatVector u5 = t4.add(0.5f).mul(0x1p-24f);
            FloatVector uniform6 = u5.blend(0x1.fffffep-1f, u5.compare(VectorOperators.GT, 0x1.fffffep-1f));
            FloatVector o = uniform6;
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
            FloatVector t1 =
                    (FloatVector) even.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
            FloatVector w2 = t1.add(0.5f);
            FloatVector lost3 = FloatVector.broadcast(S, 0.5f).sub(w2.sub(t1));
            IntVector bits4 = w2.reinterpretAsInts();
            IntVector e5 = bits4.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            IntVector shift6 = e5.lanewise(VectorOperators.LSHL, 23);
            FloatVector m7 = bits4.sub(shift6).reinterpretAsFloats();
            FloatVector inverse8 = shift6.neg().add(0x3f800000).reinterpretAsFloats();
            FloatVector n9 = (FloatVector) e5.sub(24).convert(VectorOperators.I2F, 0);
            FloatVector z10 = lost3.fma(inverse8, m7.sub(1f));
            FloatVector z211 = z10.mul(z10);
            FloatVector low12 =
                    z10.fma(FloatVector.broadcast(S, -0x1.000226p-2f), FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector middle13 =
                    z10.fma(FloatVector.broadcast(S, -0x1.54728cp-3f), FloatVector.broadcast(S, 0x1.99a01cp-3f));
            FloatVector high14 =
                    z10.fma(FloatVector.broadcast(S, -0x1.0d8232p-3f), FloatVector.broadcast(S, 0x1.22d936p-3f));
            FloatVector top15 =
                    z10.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            FloatVector p16 = z211.fma(z211.fma(z211.fma(top15, high14), middle13), low12);
            FloatVector tail17 = n9.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z211.mul(z10.fma(p16, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced18 = n9.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail17.add(z10));
            FloatVector squaredRadius19 = logReduced18.mul(-2f);
            FloatVector square = squaredRadius19;
            square.intoArray(out, off + i);
        }
    }

    /** In place, from what {@link #toSquares} wrote. */
    private static void toNormals(float[] out, int off, int n) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector square = FloatVector.fromArray(S, out, off + i);
            IntVector odd = FloatVector.fromArray(S, out, off + i + L).reinterpretAsInts();
            FloatVector r = square.sqrt();
            FloatVector half1 = r.reinterpretAsInts().neg().add(0x7e7311c7).reinterpretAsFloats();
            FloatVector radiusLost2 = r.neg().fma(r, square).mul(half1);
            FloatVector lost = radiusLost2;
            IntVector quarter =
                    odd.lanewise(VectorOperators.LSHR, 7).or(1).add(1 << 22).lanewise(VectorOperators.LSHR, 23);
            IntVector rest3 =
                    odd.lanewise(VectorOperators.LSHR, 7).or(1).sub(quarter.lanewise(VectorOperators.LSHL, 23));
            FloatVector restOf4 = ((FloatVector) rest3.convert(VectorOperators.I2F, 0)).mul(0x1p-23f);
            FloatVector t = restOf4;
            FloatVector z5 = t.mul(t);
            FloatVector p6 =
                    z5.fma(FloatVector.broadcast(S, 0x1.44510cp-13f), FloatVector.broadcast(S, -0x1.32adccp-8f));
            p6 = p6.fma(z5, FloatVector.broadcast(S, 0x1.466b78p-4f));
            p6 = p6.fma(z5, FloatVector.broadcast(S, -0x1.4abbcep-1f));
            FloatVector sinQuarter7 = t.fma(
                    FloatVector.broadcast(S, 0x1.921fb6p+0f),
                    t.mul(z5.fma(p6, FloatVector.broadcast(S, -0x1.777a5cp-25f))));
            FloatVector sin = sinQuarter7;
            FloatVector z8 = t.mul(t);
            FloatVector p9 =
                    z8.fma(FloatVector.broadcast(S, 0x1.d4f7eep-11f), FloatVector.broadcast(S, -0x1.55b2b6p-6f));
            p9 = p9.fma(z8, FloatVector.broadcast(S, 0x1.03c1bp-2f));
            p9 = p9.fma(z8, FloatVector.broadcast(S, -0x1.3bd3ccp+0f));
            FloatVector cosQuarter10 = z8.fma(p9, FloatVector.broadcast(S, 1f));
            FloatVector cos = cosQuarter10;
            IntVector quadrant11 = quarter.add(1);
            IntVector odd12 = quadrant11.and(1).neg();
            IntVector sb13 = sin.reinterpretAsInts();
            IntVector swapped14 = sb13.lanewise(
                    VectorOperators.XOR,
                    sb13.lanewise(VectorOperators.XOR, cos.reinterpretAsInts()).and(odd12));
            IntVector sign15 = quadrant11.and(2).lanewise(VectorOperators.LSHL, 30);
            FloatVector inQuadrant16 =
                    swapped14.lanewise(VectorOperators.XOR, sign15).reinterpretAsFloats();
            FloatVector x = inQuadrant16;
            IntVector odd17 = quarter.and(1).neg();
            IntVector sb18 = sin.reinterpretAsInts();
            IntVector swapped19 = sb18.lanewise(
                    VectorOperators.XOR,
                    sb18.lanewise(VectorOperators.XOR, cos.reinterpretAsInts()).and(odd17));
            IntVector sign20 = quarter.and(2).lanewise(VectorOperators.LSHL, 30);
            FloatVector inQuadrant21 =
                    swapped19.lanewise(VectorOperators.XOR, sign20).reinterpretAsFloats();
            FloatVector y = inQuadrant21;
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
