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
            FloatVector t1 =
                    (FloatVector) even.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
            FloatVector w2 = t1.add(0.5f);
            FloatVector lost3 = w2.sub(t1).neg().add(0.5f);
            FloatVector w4 = w2.mul(0x1p-24f);
            FloatVector lost5 = lost3.mul(0x1p-24f);
            IntVector bits6 = w4.reinterpretAsInts();
            IntVector e7 = bits6.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector m8 = bits6.sub(e7.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            IntVector e9 = e7.min(126).neg();
            FloatVector z10 =
                    lost5.fma(e9.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats(), m8.sub(1f));
            FloatVector n11 = (FloatVector) e7.convert(VectorOperators.I2F, 0);
            FloatVector p12 =
                    z10.fma(FloatVector.broadcast(S, -0x1.38c908p-4f), FloatVector.broadcast(S, 0x1.055e6p-3f));
            p12 = p12.fma(z10, FloatVector.broadcast(S, -0x1.0d8232p-3f));
            p12 = p12.fma(z10, FloatVector.broadcast(S, 0x1.22d936p-3f));
            p12 = p12.fma(z10, FloatVector.broadcast(S, -0x1.54728cp-3f));
            p12 = p12.fma(z10, FloatVector.broadcast(S, 0x1.99a01cp-3f));
            p12 = p12.fma(z10, FloatVector.broadcast(S, -0x1.000226p-2f));
            p12 = p12.fma(z10, FloatVector.broadcast(S, 0x1.555554p-2f));
            FloatVector z213 = z10.mul(z10);
            FloatVector tail14 = n11.fma(
                    FloatVector.broadcast(S, -0x1.05c61p-29f), z213.mul(z10.fma(p12, FloatVector.broadcast(S, -0.5f))));
            FloatVector logReduced15 = n11.fma(FloatVector.broadcast(S, 0x1.62e43p-1f), tail14.add(z10));
            FloatVector logOfSum16 = logReduced15;
            FloatVector squaredRadius17 = logOfSum16.mul(-2f);
            FloatVector square = squaredRadius17;
            FloatVector r = square.sqrt();
            // what the root's rounding lost: without it the products below reach 2.4 ulp
            FloatVector lost = r.neg().fma(r, square).div(r.add(r));
            IntVector j = odd.lanewise(VectorOperators.LSHR, 7).or(1);
            IntVector quarter = j.add(1 << 22).lanewise(VectorOperators.LSHR, 23);
            IntVector rest = j.sub(quarter.lanewise(VectorOperators.LSHL, 23));
            FloatVector t = ((FloatVector) rest.convert(VectorOperators.I2F, 0)).mul(0x1p-23f);
            FloatVector z18 = t.mul(t);
            FloatVector p19 =
                    z18.fma(FloatVector.broadcast(S, 0x1.44510cp-13f), FloatVector.broadcast(S, -0x1.32adccp-8f));
            p19 = p19.fma(z18, FloatVector.broadcast(S, 0x1.466b78p-4f));
            p19 = p19.fma(z18, FloatVector.broadcast(S, -0x1.4abbcep-1f));
            FloatVector sinQuarter20 = t.fma(
                    FloatVector.broadcast(S, 0x1.921fb6p+0f),
                    t.mul(z18.fma(p19, FloatVector.broadcast(S, -0x1.777a5cp-25f))));
            FloatVector sin = sinQuarter20;
            FloatVector z21 = t.mul(t);
            FloatVector p22 =
                    z21.fma(FloatVector.broadcast(S, 0x1.d4f7eep-11f), FloatVector.broadcast(S, -0x1.55b2b6p-6f));
            p22 = p22.fma(z21, FloatVector.broadcast(S, 0x1.03c1bp-2f));
            p22 = p22.fma(z21, FloatVector.broadcast(S, -0x1.3bd3ccp+0f));
            FloatVector cosQuarter23 = z21.fma(p22, FloatVector.broadcast(S, 1f));
            FloatVector cos = cosQuarter23;
            IntVector quadrant24 = quarter.add(1);
            IntVector odd25 = quadrant24.and(1).neg();
            IntVector sb26 = sin.reinterpretAsInts();
            IntVector swapped27 = sb26.lanewise(
                    VectorOperators.XOR,
                    sb26.lanewise(VectorOperators.XOR, cos.reinterpretAsInts()).and(odd25));
            IntVector sign28 = quadrant24.and(2).lanewise(VectorOperators.LSHL, 30);
            FloatVector inQuadrant29 =
                    swapped27.lanewise(VectorOperators.XOR, sign28).reinterpretAsFloats();
            FloatVector x = inQuadrant29;
            IntVector odd30 = quarter.and(1).neg();
            IntVector sb31 = sin.reinterpretAsInts();
            IntVector swapped32 = sb31.lanewise(
                    VectorOperators.XOR,
                    sb31.lanewise(VectorOperators.XOR, cos.reinterpretAsInts()).and(odd30));
            IntVector sign33 = quarter.and(2).lanewise(VectorOperators.LSHL, 30);
            FloatVector inQuadrant34 =
                    swapped32.lanewise(VectorOperators.XOR, sign33).reinterpretAsFloats();
            FloatVector y = inQuadrant34;
            e = r.fma(x, lost.mul(x));
            o = r.fma(y, lost.mul(y));
        } else {
            FloatVector t35 =
                    (FloatVector) even.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
            FloatVector u36 = t35.add(0.5f).mul(0x1p-24f);
            FloatVector uniform37 = u36.blend(0x1.fffffep-1f, u36.compare(VectorOperators.GT, 0x1.fffffep-1f));
            e = uniform37;
            FloatVector t38 =
                    (FloatVector) odd.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
            FloatVector u39 = t38.add(0.5f).mul(0x1p-24f);
            FloatVector uniform40 = u39.blend(0x1.fffffep-1f, u39.compare(VectorOperators.GT, 0x1.fffffep-1f));
            o = uniform40;
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
