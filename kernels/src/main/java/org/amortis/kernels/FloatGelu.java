package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>x times the normal distribution function of x, by polynomials whose coefficients lie in registers: 32 intervals of z = |x| up
 * to 5.54, each with Phi(-z) as a polynomial of degree 6 in the distance from its middle. No exponential and no division, but
 * two registers of 16 numbers for each coefficient: for vectors of 512 bits. Left of -5.54 the general formula takes over;
 * right of 5.54 the distribution function is 1.
 *
 * <p>Polynomials: minimax fits in relative error (linear programming), coefficients rounded to float one after the other
 * with the rest fitted again.
 */
final class FloatGelu {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final VectorSpecies<Integer> I = Species.I32;
    private static final int L = S.length();

    /** Intervals, and the numbers in two registers. */
    private static final int INTERVALS = 32;

    /** Elements between two looks for numbers far left: a bit of a long for each vector. */
    private static final int BLOCK = 64 * L;

    private static final long ALL = (1L << L) - 1;

    /** Adding it rounds to an integer that then sits in the low mantissa bits. */
    private static final float MAGIC = 0x1.8p23f;

    /** Width of an interval. */
    private static final float WIDTH = 45f / 256;

    /** The last number of the last interval, whose middle is 31 widths from 0: the next one would be rounded to the 32nd. */
    private static final float END = Math.nextDown(31.5f * WIDTH);

    private static final int END_BITS = Float.floatToIntBits(END);

    /** Coefficients, the constant first: for each those of all intervals. */
    private static final float[] TABLE = {
        // t^0
        0x1p-1f,
        0x1.b88efap-2f,
        0x1.734902p-2f,
        0x1.322724p-2f,
        0x1.ed8b9ap-3f,
        0x1.848f18p-3f,
        0x1.2a90ep-3f,
        0x1.bf8844p-4f,
        0x1.46f688p-4f,
        0x1.d17abcp-5f,
        0x1.42ae34p-5f,
        0x1.b38318p-6f,
        0x1.1e003ep-6f,
        0x1.6d6c5cp-7f,
        0x1.c614b8p-8f,
        0x1.124ee4p-8f,
        0x1.42297ap-9f,
        0x1.6fb962p-10f,
        0x1.97da3ep-11f,
        0x1.b77cbcp-12f,
        0x1.cc080ep-13f,
        0x1.d3b3aap-14f,
        0x1.cdc896p-15f,
        0x1.babd4ep-16f,
        0x1.9c266p-17f,
        0x1.747e9cp-18f,
        0x1.46d188p-19f,
        0x1.16582p-20f,
        0x1.cc333ep-22f,
        0x1.713e44p-23f,
        0x1.1f87d4p-24f,
        0x1.b29404p-26f,
        // t^1
        -0x1.988454p-2f,
        -0x1.924108p-2f,
        -0x1.80091ap-2f,
        -0x1.637c9p-2f,
        -0x1.3f0c3cp-2f,
        -0x1.15a1b2p-2f,
        -0x1.d47b62p-3f,
        -0x1.7f3cbp-3f,
        -0x1.2ff6eap-3f,
        -0x1.d38204p-4f,
        -0x1.5c9524p-4f,
        -0x1.f800ccp-5f,
        -0x1.614616p-5f,
        -0x1.e02d06p-6f,
        -0x1.3c670ep-6f,
        -0x1.94499cp-7f,
        -0x1.f4dda6p-8f,
        -0x1.2cd14cp-8f,
        -0x1.5e5844p-9f,
        -0x1.8b9c8ap-10f,
        -0x1.b1227p-11f,
        -0x1.cbc9acp-12f,
        -0x1.d93b04p-13f,
        -0x1.d83f2p-14f,
        -0x1.c8ecfcp-15f,
        -0x1.aca678p-16f,
        -0x1.85e3a8p-17f,
        -0x1.57d7dp-18f,
        -0x1.26022cp-19f,
        -0x1.e77ebap-21f,
        -0x1.87dc3ap-22f,
        -0x1.31671ep-23f,
        // t^2
        0x1.e70674p-20f,
        0x1.1a9ce8p-5f,
        0x1.0e14cp-4f,
        0x1.770ef6p-4f,
        0x1.c0ad34p-4f,
        0x1.e8067ap-4f,
        0x1.ee0fe6p-4f,
        0x1.d78c9ep-4f,
        0x1.ab6b36p-4f,
        0x1.71cb62p-4f,
        0x1.3263p-4f,
        0x1.e744ccp-5f,
        0x1.7499b4p-5f,
        0x1.12530ap-5f,
        0x1.855308p-6f,
        0x1.0a7e6p-6f,
        0x1.602c8ap-7f,
        0x1.c174c6p-8f,
        0x1.15201p-8f,
        0x1.4a518ep-9f,
        0x1.7cae72p-10f,
        0x1.a85042p-11f,
        0x1.c9850cp-12f,
        0x1.dd516ep-13f,
        0x1.e1e93p-14f,
        0x1.d6ee5cp-15f,
        0x1.bd79d4p-16f,
        0x1.97fa8p-17f,
        0x1.69c4a8p-18f,
        0x1.36a252p-19f,
        0x1.024eb8p-20f,
        0x1.a00ca8p-22f,
        // t^3
        0x1.0ff522p-4f,
        0x1.03f9fap-4f,
        0x1.c0a16ap-5f,
        0x1.55e87p-5f,
        0x1.ae32ecp-6f,
        0x1.50b50ep-7f,
        -0x1.1842f6p-8f,
        -0x1.06b202p-6f,
        -0x1.8c0f76p-6f,
        -0x1.d45c18p-6f,
        -0x1.e5ca18p-6f,
        -0x1.cc1af8p-6f,
        -0x1.963cb6p-6f,
        -0x1.51e494p-6f,
        -0x1.0aa196p-6f,
        -0x1.910c62p-7f,
        -0x1.206ccap-7f,
        -0x1.8d8dc6p-8f,
        -0x1.0715f6p-8f,
        -0x1.4ec3cp-9f,
        -0x1.9a033cp-10f,
        -0x1.e3c976p-11f,
        -0x1.132b84p-11f,
        -0x1.2df43ap-12f,
        -0x1.3fcde6p-13f,
        -0x1.470ee2p-14f,
        -0x1.4314b6p-15f,
        -0x1.3463a8p-16f,
        -0x1.1c823p-17f,
        -0x1.fb851p-19f,
        -0x1.b5ba2cp-20f,
        -0x1.6d213p-21f,
        // t^4
        0x1.19eaeap-9f,
        0x1.11054ep-11f,
        -0x1.4d56cp-6f,
        -0x1.0131f8p-5f,
        -0x1.8bef8ep-6f,
        -0x1.6b5f32p-6f,
        -0x1.020206p-6f,
        -0x1.b2e0f8p-7f,
        -0x1.a2a08cp-8f,
        -0x1.707028p-9f,
        -0x1.4ce712p-11f,
        0x1.df562ep-9f,
        0x1.5681f8p-8f,
        0x1.8922fcp-8f,
        0x1.8b654p-8f,
        0x1.64a4c6p-8f,
        0x1.1e789cp-8f,
        0x1.c0ea0ap-9f,
        0x1.45bab2p-9f,
        0x1.c1db38p-10f,
        0x1.29e99ep-10f,
        0x1.787c7ep-11f,
        0x1.c7405p-12f,
        0x1.09a9fep-12f,
        0x1.299b96p-13f,
        0x1.3fccdp-14f,
        0x1.4c8562p-15f,
        0x1.4bd3ep-16f,
        0x1.3ff31p-17f,
        0x1.29b686p-18f,
        0x1.0ae082p-19f,
        0x1.cf1f4ep-21f,
        // t^5
        -0x1.07fdcep-5f,
        -0x1.a2135ap-7f,
        -0x1.365f2p-8f,
        0x1.fac2e6p-11f,
        -0x1.967c32p-11f,
        0x1.8292f4p-9f,
        0x1.aedc4ap-9f,
        0x1.859394p-8f,
        0x1.3bba42p-8f,
        0x1.4e789ap-8f,
        0x1.5e3caep-8f,
        0x1.63742ep-9f,
        0x1.c1831p-10f,
        0x1.ac721p-12f,
        -0x1.1ea8a6p-11f,
        -0x1.1ee73cp-10f,
        -0x1.2942b4p-10f,
        -0x1.2f3d5ap-10f,
        -0x1.fc4a14p-11f,
        -0x1.92912cp-11f,
        -0x1.28fe18p-11f,
        -0x1.9b7d14p-12f,
        -0x1.0d44e8p-12f,
        -0x1.533fc2p-13f,
        -0x1.96ff5ap-14f,
        -0x1.d127bcp-15f,
        -0x1.0015c4p-15f,
        -0x1.0d7f2cp-16f,
        -0x1.1175d8p-17f,
        -0x1.0a57f8p-18f,
        -0x1.f31842p-20f,
        -0x1.c3bd36p-21f,
        // t^6
        0x1.5f8ae6p-4f,
        -0x1.83ac4ep-1f,
        0x1.853ab4p-2f,
        0x1.c6056ap-1f,
        0x1.ce9af6p-4f,
        0x1.c808a4p-8f,
        -0x1.0fe224p-2f,
        -0x1.512fe8p-4f,
        -0x1.a55b52p-3f,
        -0x1.3d601p-4f,
        0x1.8413f4p-4f,
        -0x1.f90d0ep-11f,
        0x1.474ba6p-6f,
        0x1.f4ea12p-7f,
        0x1.0a14d8p-10f,
        -0x1.c4d04ap-8f,
        0x1.0f8be2p-9f,
        -0x1.62370cp-9f,
        -0x1.00136p-10f,
        -0x1.28389ap-14f,
        -0x1.e61ed4p-14f,
        0x1.21c496p-15f,
        0x1.356ba2p-13f,
        0x1.d5d872p-15f,
        0x1.063348p-15f,
        0x1.27fa3ap-15f,
        0x1.b96a96p-17f,
        0x1.5c2c3p-17f,
        0x1.6766e2p-18f,
        0x1.52472cp-19f,
        0x1.800f0ep-20f,
        0x1.3cb9a2p-21f,
    };

    /** The same as ints, since an index into floats would be a float. */
    private static final int[] BITS = new int[TABLE.length];

    static {
        for (int i = 0; i < BITS.length; i++) {
            BITS[i] = Float.floatToRawIntBits(TABLE[i]);
        }
    }

    private FloatGelu() {}

    /** Whether vectors are wide enough for the tables. */
    static boolean applies() {
        return 2 * L == INTERVALS;
    }

    /** x times the normal distribution function of x, within 4.5 ulp, right of -5.54 within 2.5; special values as in FloatErf. */
    static void gelu(float[] x, int xo, float[] y, int yo, int n) {
        int whole = n - n % L;
        for (int i = 0; i < whole; i += BLOCK) {
            int count = Math.min(BLOCK, whole - i);
            far(near(x, xo + i, y, yo + i, count), y, yo + i);
        }
        if (whole < n) {
            float[] pad = Pads.floats();
            System.arraycopy(x, xo + whole, pad, 0, n - whole);
            far(near(pad, 0, pad, 0, L), pad, 0);
            System.arraycopy(pad, 0, y, yo + whole, n - whole);
        }
    }

    /** Whole vectors. Numbers left of the intervals are copied, as are NaNs; returned are the vectors that have such. */
    private static long near(float[] x, int xo, float[] y, int yo, int n) {
        IntVector low0 = IntVector.fromArray(I, BITS, 0 * L);
        IntVector high0 = IntVector.fromArray(I, BITS, 1 * L);
        IntVector low1 = IntVector.fromArray(I, BITS, 2 * L);
        IntVector high1 = IntVector.fromArray(I, BITS, 3 * L);
        IntVector low2 = IntVector.fromArray(I, BITS, 4 * L);
        IntVector high2 = IntVector.fromArray(I, BITS, 5 * L);
        IntVector low3 = IntVector.fromArray(I, BITS, 6 * L);
        IntVector high3 = IntVector.fromArray(I, BITS, 7 * L);
        IntVector low4 = IntVector.fromArray(I, BITS, 8 * L);
        IntVector high4 = IntVector.fromArray(I, BITS, 9 * L);
        IntVector low5 = IntVector.fromArray(I, BITS, 10 * L);
        IntVector high5 = IntVector.fromArray(I, BITS, 11 * L);
        IntVector low6 = IntVector.fromArray(I, BITS, 12 * L);
        IntVector high6 = IntVector.fromArray(I, BITS, 13 * L);
        long copied = 0;
        for (int i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            VectorMask<Float> takes = v.compare(VectorOperators.GE, -END);
            // bits of positive floats are ordered like ints, whose minimum is cheaper
            IntVector bits = v.reinterpretAsInts().and(0x7fffffff).min(END_BITS);
            FloatVector z = bits.reinterpretAsFloats();
            FloatVector k = z.fma(FloatVector.broadcast(S, 1 / WIDTH), FloatVector.broadcast(S, MAGIC));
            FloatVector t = k.sub(MAGIC).fma(FloatVector.broadcast(S, -WIDTH), z);
            // the low five bits count
            IntVector j = k.reinterpretAsInts();
            FloatVector q = j.selectFrom(low6, high6).reinterpretAsFloats();
            q = q.fma(t, j.selectFrom(low5, high5).reinterpretAsFloats());
            q = q.fma(t, j.selectFrom(low4, high4).reinterpretAsFloats());
            q = q.fma(t, j.selectFrom(low3, high3).reinterpretAsFloats());
            q = q.fma(t, j.selectFrom(low2, high2).reinterpretAsFloats());
            q = q.fma(t, j.selectFrom(low1, high1).reinterpretAsFloats());
            q = q.fma(t, j.selectFrom(low0, high0).reinterpretAsFloats());
            // Phi(x): 1 - q on the right
            VectorMask<Float> right = v.compare(VectorOperators.GE, 0f);
            q = q.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, -1f), FloatVector.broadcast(S, 1f), right);
            v.lanewise(VectorOperators.MUL, q, takes).intoArray(y, yo + i);
            // no branch: 1 if any bit was missing
            copied |= ((takes.toLong() ^ ALL) + ALL >>> L) << (i / L);
        }
        return copied;
    }

    /** In place, in the given vectors, the numbers that are still below all results: -0.17 is the least. */
    private static void far(long vectors, float[] y, int yo) {
        for (long left = vectors; left != 0; left &= left - 1) {
            int at = yo + Long.numberOfTrailingZeros(left) * L;
            FloatVector v = FloatVector.fromArray(S, y, at);
            FloatVector z1 = v.abs();
            z1 = z1.blend(15f, z1.compare(VectorOperators.GT, 15f));
            FloatVector s2 = z1.mul(z1);
            FloatVector lost3 = z1.fma(z1, s2.neg());
            FloatVector t4 = z1.sub(3f).div(z1.add(3f));
            FloatVector t25 = t4.mul(t4);
            FloatVector t46 = t25.mul(t25);
            FloatVector a7 =
                    t4.fma(FloatVector.broadcast(S, -0x1.0d3abcp-6f), FloatVector.broadcast(S, -0x1.8b5f9ep-4f));
            FloatVector b8 =
                    t4.fma(FloatVector.broadcast(S, -0x1.7454aep-6f), FloatVector.broadcast(S, 0x1.71fa7cp-5f));
            FloatVector c9 =
                    t4.fma(FloatVector.broadcast(S, 0x1.87b584p-9f), FloatVector.broadcast(S, 0x1.3132ecp-10f));
            FloatVector d10 =
                    t4.fma(FloatVector.broadcast(S, -0x1.f2dffep-12f), FloatVector.broadcast(S, -0x1.7f6384p-12f));
            FloatVector e11 =
                    t4.fma(FloatVector.broadcast(S, 0x1.fa3362p-15f), FloatVector.broadcast(S, 0x1.2cf27ep-15f));
            FloatVector r12 = t46.fma(t25.fma(t25.fma(e11, d10), c9), t25.fma(b8, a7));
            FloatVector tail13 = t4.fma(r12, FloatVector.broadcast(S, 0x1.f1b89cp-2f));
            FloatVector x14 = s2.mul(-0.5f);
            FloatVector lost15 = lost3.mul(0.5f);
            FloatVector k16 = x14.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
            FloatVector n17 = k16.sub(0x1.8p23f);
            FloatVector r18 = n17.fma(
                    FloatVector.broadcast(S, 0x1.05c61p-29f),
                    n17.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), x14).sub(lost15));
            FloatVector r219 = r18.mul(r18);
            FloatVector low20 =
                    r18.fma(FloatVector.broadcast(S, 0x1.555492p-3f), FloatVector.broadcast(S, 0x1.fffffcp-2f));
            FloatVector high21 =
                    r18.fma(FloatVector.broadcast(S, 0x1.12399ap-7f), FloatVector.broadcast(S, 0x1.5558b4p-5f));
            high21 = r219.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), high21);
            FloatVector expReduced22 = r219.fma(r219.fma(high21, low20), r18).add(1f);
            FloatVector p23 = expReduced22;
            VectorMask<Float> low24 = x14.compare(VectorOperators.LT, -86f);
            FloatVector k25 = k16.add(64f, low24);
            IntVector n26 = k25.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled27 = p23.reinterpretAsInts().add(n26).reinterpretAsFloats();
            FloatVector expNegative28 = scaled27.mul(0x1p-64f, low24);
            FloatVector normalTail29 = tail13.div(z1.add(1f)).mul(expNegative28);
            FloatVector q30 = normalTail29;
            FloatVector gelu31 =
                    v.mul(FloatVector.broadcast(S, 1f).sub(q30).blend(q30, v.compare(VectorOperators.LT, 0f)));
            FloatVector g = gelu31;
            v.blend(g, v.compare(VectorOperators.LT, -END)).intoArray(y, at);
        }
    }
}
