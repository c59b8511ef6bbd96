package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the matrix product, 2 vectors wide: c = a b, or base + a b, every element one chain of fused
 * multiply-adds over k. Element (i, p) of a lies at {@code ao + i * R + p} with a constant R: rows one after the other,
 * as a copy has them soonest, and still one index and one check of bounds for all. Row p of b lies at {@code bo + p * bs}, row i of c at {@code co + i * cs}, row i of base at
 * {@code so + i * ss} (stride 0 for a bias); c may be base.
 *
 * <p>Written by src/generator; edit that. Each method is compiled alone and stays a call: its accumulators fill the
 * registers.
 */
final class FloatWideTallRowTiles {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final int R = FloatPack.ROW_DISTANCE;

    private FloatWideTallRowTiles() {}

    /** 12 rows. */
    static void rows12(
            float[] a,
            int ao,
            float[] b,
            int bo,
            int bs,
            int k,
            float[] c,
            int co,
            int cs,
            float[] base,
            int so,
            int ss,
            boolean add) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        FloatVector c1x = FloatVector.zero(S);
        FloatVector c1y = FloatVector.zero(S);
        FloatVector c2x = FloatVector.zero(S);
        FloatVector c2y = FloatVector.zero(S);
        FloatVector c3x = FloatVector.zero(S);
        FloatVector c3y = FloatVector.zero(S);
        FloatVector c4x = FloatVector.zero(S);
        FloatVector c4y = FloatVector.zero(S);
        FloatVector c5x = FloatVector.zero(S);
        FloatVector c5y = FloatVector.zero(S);
        FloatVector c6x = FloatVector.zero(S);
        FloatVector c6y = FloatVector.zero(S);
        FloatVector c7x = FloatVector.zero(S);
        FloatVector c7y = FloatVector.zero(S);
        FloatVector c8x = FloatVector.zero(S);
        FloatVector c8y = FloatVector.zero(S);
        FloatVector c9x = FloatVector.zero(S);
        FloatVector c9y = FloatVector.zero(S);
        FloatVector c10x = FloatVector.zero(S);
        FloatVector c10y = FloatVector.zero(S);
        FloatVector c11x = FloatVector.zero(S);
        FloatVector c11y = FloatVector.zero(S);
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            c6y = a6.fma(b1, c6y);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            c7y = a7.fma(b1, c7y);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            c8y = a8.fma(b1, c8y);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            c9y = a9.fma(b1, c9y);
            FloatVector a10 = FloatVector.broadcast(S, a[at + 10 * R]);
            c10x = a10.fma(b0, c10x);
            c10y = a10.fma(b1, c10y);
            FloatVector a11 = FloatVector.broadcast(S, a[at + 11 * R]);
            c11x = a11.fma(b0, c11x);
            c11y = a11.fma(b1, c11y);
            FloatVector b0n = FloatVector.fromArray(S, b, row + bs);
            FloatVector b1n = FloatVector.fromArray(S, b, row + bs + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            FloatVector a2n = FloatVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            FloatVector a3n = FloatVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            FloatVector a4n = FloatVector.broadcast(S, a[at + 4 * R + 1]);
            c4x = a4n.fma(b0n, c4x);
            c4y = a4n.fma(b1n, c4y);
            FloatVector a5n = FloatVector.broadcast(S, a[at + 5 * R + 1]);
            c5x = a5n.fma(b0n, c5x);
            c5y = a5n.fma(b1n, c5y);
            FloatVector a6n = FloatVector.broadcast(S, a[at + 6 * R + 1]);
            c6x = a6n.fma(b0n, c6x);
            c6y = a6n.fma(b1n, c6y);
            FloatVector a7n = FloatVector.broadcast(S, a[at + 7 * R + 1]);
            c7x = a7n.fma(b0n, c7x);
            c7y = a7n.fma(b1n, c7y);
            FloatVector a8n = FloatVector.broadcast(S, a[at + 8 * R + 1]);
            c8x = a8n.fma(b0n, c8x);
            c8y = a8n.fma(b1n, c8y);
            FloatVector a9n = FloatVector.broadcast(S, a[at + 9 * R + 1]);
            c9x = a9n.fma(b0n, c9x);
            c9y = a9n.fma(b1n, c9y);
            FloatVector a10n = FloatVector.broadcast(S, a[at + 10 * R + 1]);
            c10x = a10n.fma(b0n, c10x);
            c10y = a10n.fma(b1n, c10y);
            FloatVector a11n = FloatVector.broadcast(S, a[at + 11 * R + 1]);
            c11x = a11n.fma(b0n, c11x);
            c11y = a11n.fma(b1n, c11y);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            c6y = a6.fma(b1, c6y);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            c7y = a7.fma(b1, c7y);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            c8y = a8.fma(b1, c8y);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            c9y = a9.fma(b1, c9y);
            FloatVector a10 = FloatVector.broadcast(S, a[at + 10 * R]);
            c10x = a10.fma(b0, c10x);
            c10y = a10.fma(b1, c10y);
            FloatVector a11 = FloatVector.broadcast(S, a[at + 11 * R]);
            c11x = a11.fma(b0, c11x);
            c11y = a11.fma(b1, c11y);
        }
        if (add) {
            c0x = c0x.add(FloatVector.fromArray(S, base, so));
            c0y = c0y.add(FloatVector.fromArray(S, base, so + L));
            c1x = c1x.add(FloatVector.fromArray(S, base, so + ss));
            c1y = c1y.add(FloatVector.fromArray(S, base, so + ss + L));
            c2x = c2x.add(FloatVector.fromArray(S, base, so + 2 * ss));
            c2y = c2y.add(FloatVector.fromArray(S, base, so + 2 * ss + L));
            c3x = c3x.add(FloatVector.fromArray(S, base, so + 3 * ss));
            c3y = c3y.add(FloatVector.fromArray(S, base, so + 3 * ss + L));
            c4x = c4x.add(FloatVector.fromArray(S, base, so + 4 * ss));
            c4y = c4y.add(FloatVector.fromArray(S, base, so + 4 * ss + L));
            c5x = c5x.add(FloatVector.fromArray(S, base, so + 5 * ss));
            c5y = c5y.add(FloatVector.fromArray(S, base, so + 5 * ss + L));
            c6x = c6x.add(FloatVector.fromArray(S, base, so + 6 * ss));
            c6y = c6y.add(FloatVector.fromArray(S, base, so + 6 * ss + L));
            c7x = c7x.add(FloatVector.fromArray(S, base, so + 7 * ss));
            c7y = c7y.add(FloatVector.fromArray(S, base, so + 7 * ss + L));
            c8x = c8x.add(FloatVector.fromArray(S, base, so + 8 * ss));
            c8y = c8y.add(FloatVector.fromArray(S, base, so + 8 * ss + L));
            c9x = c9x.add(FloatVector.fromArray(S, base, so + 9 * ss));
            c9y = c9y.add(FloatVector.fromArray(S, base, so + 9 * ss + L));
            c10x = c10x.add(FloatVector.fromArray(S, base, so + 10 * ss));
            c10y = c10y.add(FloatVector.fromArray(S, base, so + 10 * ss + L));
            c11x = c11x.add(FloatVector.fromArray(S, base, so + 11 * ss));
            c11y = c11y.add(FloatVector.fromArray(S, base, so + 11 * ss + L));
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
        c3x.intoArray(c, co + 3 * cs);
        c3y.intoArray(c, co + 3 * cs + L);
        c4x.intoArray(c, co + 4 * cs);
        c4y.intoArray(c, co + 4 * cs + L);
        c5x.intoArray(c, co + 5 * cs);
        c5y.intoArray(c, co + 5 * cs + L);
        c6x.intoArray(c, co + 6 * cs);
        c6y.intoArray(c, co + 6 * cs + L);
        c7x.intoArray(c, co + 7 * cs);
        c7y.intoArray(c, co + 7 * cs + L);
        c8x.intoArray(c, co + 8 * cs);
        c8y.intoArray(c, co + 8 * cs + L);
        c9x.intoArray(c, co + 9 * cs);
        c9y.intoArray(c, co + 9 * cs + L);
        c10x.intoArray(c, co + 10 * cs);
        c10y.intoArray(c, co + 10 * cs + L);
        c11x.intoArray(c, co + 11 * cs);
        c11y.intoArray(c, co + 11 * cs + L);
    }

    /** 10 rows. */
    static void rows10(
            float[] a,
            int ao,
            float[] b,
            int bo,
            int bs,
            int k,
            float[] c,
            int co,
            int cs,
            float[] base,
            int so,
            int ss,
            boolean add) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        FloatVector c1x = FloatVector.zero(S);
        FloatVector c1y = FloatVector.zero(S);
        FloatVector c2x = FloatVector.zero(S);
        FloatVector c2y = FloatVector.zero(S);
        FloatVector c3x = FloatVector.zero(S);
        FloatVector c3y = FloatVector.zero(S);
        FloatVector c4x = FloatVector.zero(S);
        FloatVector c4y = FloatVector.zero(S);
        FloatVector c5x = FloatVector.zero(S);
        FloatVector c5y = FloatVector.zero(S);
        FloatVector c6x = FloatVector.zero(S);
        FloatVector c6y = FloatVector.zero(S);
        FloatVector c7x = FloatVector.zero(S);
        FloatVector c7y = FloatVector.zero(S);
        FloatVector c8x = FloatVector.zero(S);
        FloatVector c8y = FloatVector.zero(S);
        FloatVector c9x = FloatVector.zero(S);
        FloatVector c9y = FloatVector.zero(S);
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            c6y = a6.fma(b1, c6y);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            c7y = a7.fma(b1, c7y);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            c8y = a8.fma(b1, c8y);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            c9y = a9.fma(b1, c9y);
            FloatVector b0n = FloatVector.fromArray(S, b, row + bs);
            FloatVector b1n = FloatVector.fromArray(S, b, row + bs + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            FloatVector a2n = FloatVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            FloatVector a3n = FloatVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            FloatVector a4n = FloatVector.broadcast(S, a[at + 4 * R + 1]);
            c4x = a4n.fma(b0n, c4x);
            c4y = a4n.fma(b1n, c4y);
            FloatVector a5n = FloatVector.broadcast(S, a[at + 5 * R + 1]);
            c5x = a5n.fma(b0n, c5x);
            c5y = a5n.fma(b1n, c5y);
            FloatVector a6n = FloatVector.broadcast(S, a[at + 6 * R + 1]);
            c6x = a6n.fma(b0n, c6x);
            c6y = a6n.fma(b1n, c6y);
            FloatVector a7n = FloatVector.broadcast(S, a[at + 7 * R + 1]);
            c7x = a7n.fma(b0n, c7x);
            c7y = a7n.fma(b1n, c7y);
            FloatVector a8n = FloatVector.broadcast(S, a[at + 8 * R + 1]);
            c8x = a8n.fma(b0n, c8x);
            c8y = a8n.fma(b1n, c8y);
            FloatVector a9n = FloatVector.broadcast(S, a[at + 9 * R + 1]);
            c9x = a9n.fma(b0n, c9x);
            c9y = a9n.fma(b1n, c9y);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            c6y = a6.fma(b1, c6y);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            c7y = a7.fma(b1, c7y);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            c8y = a8.fma(b1, c8y);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            c9y = a9.fma(b1, c9y);
        }
        if (add) {
            c0x = c0x.add(FloatVector.fromArray(S, base, so));
            c0y = c0y.add(FloatVector.fromArray(S, base, so + L));
            c1x = c1x.add(FloatVector.fromArray(S, base, so + ss));
            c1y = c1y.add(FloatVector.fromArray(S, base, so + ss + L));
            c2x = c2x.add(FloatVector.fromArray(S, base, so + 2 * ss));
            c2y = c2y.add(FloatVector.fromArray(S, base, so + 2 * ss + L));
            c3x = c3x.add(FloatVector.fromArray(S, base, so + 3 * ss));
            c3y = c3y.add(FloatVector.fromArray(S, base, so + 3 * ss + L));
            c4x = c4x.add(FloatVector.fromArray(S, base, so + 4 * ss));
            c4y = c4y.add(FloatVector.fromArray(S, base, so + 4 * ss + L));
            c5x = c5x.add(FloatVector.fromArray(S, base, so + 5 * ss));
            c5y = c5y.add(FloatVector.fromArray(S, base, so + 5 * ss + L));
            c6x = c6x.add(FloatVector.fromArray(S, base, so + 6 * ss));
            c6y = c6y.add(FloatVector.fromArray(S, base, so + 6 * ss + L));
            c7x = c7x.add(FloatVector.fromArray(S, base, so + 7 * ss));
            c7y = c7y.add(FloatVector.fromArray(S, base, so + 7 * ss + L));
            c8x = c8x.add(FloatVector.fromArray(S, base, so + 8 * ss));
            c8y = c8y.add(FloatVector.fromArray(S, base, so + 8 * ss + L));
            c9x = c9x.add(FloatVector.fromArray(S, base, so + 9 * ss));
            c9y = c9y.add(FloatVector.fromArray(S, base, so + 9 * ss + L));
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
        c3x.intoArray(c, co + 3 * cs);
        c3y.intoArray(c, co + 3 * cs + L);
        c4x.intoArray(c, co + 4 * cs);
        c4y.intoArray(c, co + 4 * cs + L);
        c5x.intoArray(c, co + 5 * cs);
        c5y.intoArray(c, co + 5 * cs + L);
        c6x.intoArray(c, co + 6 * cs);
        c6y.intoArray(c, co + 6 * cs + L);
        c7x.intoArray(c, co + 7 * cs);
        c7y.intoArray(c, co + 7 * cs + L);
        c8x.intoArray(c, co + 8 * cs);
        c8y.intoArray(c, co + 8 * cs + L);
        c9x.intoArray(c, co + 9 * cs);
        c9y.intoArray(c, co + 9 * cs + L);
    }

    /** 8 rows. */
    static void rows8(
            float[] a,
            int ao,
            float[] b,
            int bo,
            int bs,
            int k,
            float[] c,
            int co,
            int cs,
            float[] base,
            int so,
            int ss,
            boolean add) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        FloatVector c1x = FloatVector.zero(S);
        FloatVector c1y = FloatVector.zero(S);
        FloatVector c2x = FloatVector.zero(S);
        FloatVector c2y = FloatVector.zero(S);
        FloatVector c3x = FloatVector.zero(S);
        FloatVector c3y = FloatVector.zero(S);
        FloatVector c4x = FloatVector.zero(S);
        FloatVector c4y = FloatVector.zero(S);
        FloatVector c5x = FloatVector.zero(S);
        FloatVector c5y = FloatVector.zero(S);
        FloatVector c6x = FloatVector.zero(S);
        FloatVector c6y = FloatVector.zero(S);
        FloatVector c7x = FloatVector.zero(S);
        FloatVector c7y = FloatVector.zero(S);
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            c6y = a6.fma(b1, c6y);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            c7y = a7.fma(b1, c7y);
            FloatVector b0n = FloatVector.fromArray(S, b, row + bs);
            FloatVector b1n = FloatVector.fromArray(S, b, row + bs + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            FloatVector a2n = FloatVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            FloatVector a3n = FloatVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            FloatVector a4n = FloatVector.broadcast(S, a[at + 4 * R + 1]);
            c4x = a4n.fma(b0n, c4x);
            c4y = a4n.fma(b1n, c4y);
            FloatVector a5n = FloatVector.broadcast(S, a[at + 5 * R + 1]);
            c5x = a5n.fma(b0n, c5x);
            c5y = a5n.fma(b1n, c5y);
            FloatVector a6n = FloatVector.broadcast(S, a[at + 6 * R + 1]);
            c6x = a6n.fma(b0n, c6x);
            c6y = a6n.fma(b1n, c6y);
            FloatVector a7n = FloatVector.broadcast(S, a[at + 7 * R + 1]);
            c7x = a7n.fma(b0n, c7x);
            c7y = a7n.fma(b1n, c7y);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            c6y = a6.fma(b1, c6y);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            c7y = a7.fma(b1, c7y);
        }
        if (add) {
            c0x = c0x.add(FloatVector.fromArray(S, base, so));
            c0y = c0y.add(FloatVector.fromArray(S, base, so + L));
            c1x = c1x.add(FloatVector.fromArray(S, base, so + ss));
            c1y = c1y.add(FloatVector.fromArray(S, base, so + ss + L));
            c2x = c2x.add(FloatVector.fromArray(S, base, so + 2 * ss));
            c2y = c2y.add(FloatVector.fromArray(S, base, so + 2 * ss + L));
            c3x = c3x.add(FloatVector.fromArray(S, base, so + 3 * ss));
            c3y = c3y.add(FloatVector.fromArray(S, base, so + 3 * ss + L));
            c4x = c4x.add(FloatVector.fromArray(S, base, so + 4 * ss));
            c4y = c4y.add(FloatVector.fromArray(S, base, so + 4 * ss + L));
            c5x = c5x.add(FloatVector.fromArray(S, base, so + 5 * ss));
            c5y = c5y.add(FloatVector.fromArray(S, base, so + 5 * ss + L));
            c6x = c6x.add(FloatVector.fromArray(S, base, so + 6 * ss));
            c6y = c6y.add(FloatVector.fromArray(S, base, so + 6 * ss + L));
            c7x = c7x.add(FloatVector.fromArray(S, base, so + 7 * ss));
            c7y = c7y.add(FloatVector.fromArray(S, base, so + 7 * ss + L));
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
        c3x.intoArray(c, co + 3 * cs);
        c3y.intoArray(c, co + 3 * cs + L);
        c4x.intoArray(c, co + 4 * cs);
        c4y.intoArray(c, co + 4 * cs + L);
        c5x.intoArray(c, co + 5 * cs);
        c5y.intoArray(c, co + 5 * cs + L);
        c6x.intoArray(c, co + 6 * cs);
        c6y.intoArray(c, co + 6 * cs + L);
        c7x.intoArray(c, co + 7 * cs);
        c7y.intoArray(c, co + 7 * cs + L);
    }
}
