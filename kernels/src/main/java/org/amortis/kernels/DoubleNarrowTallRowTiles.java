package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the matrix product, 1 vector wide: c = a b, or base + a b, every element one chain of fused
 * multiply-adds over k. Element (i, p) of a lies at {@code ao + i * R + p} with a constant R: rows one after the other,
 * as a copy has them soonest, and still one index and one check of bounds for all. Row p of b lies at {@code bo + p * bs}, row i of c at {@code co + i * cs}, row i of base at
 * {@code so + i * ss} (stride 0 for a bias); c may be base.
 *
 * <p>Written by src/generator; edit that. Each method is compiled alone and stays a call: its accumulators fill the
 * registers.
 */
final class DoubleNarrowTallRowTiles {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int R = DoublePack.ROW_DISTANCE;

    private DoubleNarrowTallRowTiles() {}

    /** 12 rows. */
    static void rows12(
            double[] a,
            int ao,
            double[] b,
            int bo,
            int bs,
            int k,
            double[] c,
            int co,
            int cs,
            double[] base,
            int so,
            int ss,
            boolean add) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c3x = DoubleVector.zero(S);
        DoubleVector c4x = DoubleVector.zero(S);
        DoubleVector c5x = DoubleVector.zero(S);
        DoubleVector c6x = DoubleVector.zero(S);
        DoubleVector c7x = DoubleVector.zero(S);
        DoubleVector c8x = DoubleVector.zero(S);
        DoubleVector c9x = DoubleVector.zero(S);
        DoubleVector c10x = DoubleVector.zero(S);
        DoubleVector c11x = DoubleVector.zero(S);
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            DoubleVector a6 = DoubleVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            DoubleVector a7 = DoubleVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            DoubleVector a8 = DoubleVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            DoubleVector a9 = DoubleVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            DoubleVector a10 = DoubleVector.broadcast(S, a[at + 10 * R]);
            c10x = a10.fma(b0, c10x);
            DoubleVector a11 = DoubleVector.broadcast(S, a[at + 11 * R]);
            c11x = a11.fma(b0, c11x);
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            DoubleVector a3n = DoubleVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
            DoubleVector a4n = DoubleVector.broadcast(S, a[at + 4 * R + 1]);
            c4x = a4n.fma(b0n, c4x);
            DoubleVector a5n = DoubleVector.broadcast(S, a[at + 5 * R + 1]);
            c5x = a5n.fma(b0n, c5x);
            DoubleVector a6n = DoubleVector.broadcast(S, a[at + 6 * R + 1]);
            c6x = a6n.fma(b0n, c6x);
            DoubleVector a7n = DoubleVector.broadcast(S, a[at + 7 * R + 1]);
            c7x = a7n.fma(b0n, c7x);
            DoubleVector a8n = DoubleVector.broadcast(S, a[at + 8 * R + 1]);
            c8x = a8n.fma(b0n, c8x);
            DoubleVector a9n = DoubleVector.broadcast(S, a[at + 9 * R + 1]);
            c9x = a9n.fma(b0n, c9x);
            DoubleVector a10n = DoubleVector.broadcast(S, a[at + 10 * R + 1]);
            c10x = a10n.fma(b0n, c10x);
            DoubleVector a11n = DoubleVector.broadcast(S, a[at + 11 * R + 1]);
            c11x = a11n.fma(b0n, c11x);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            DoubleVector a6 = DoubleVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            DoubleVector a7 = DoubleVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            DoubleVector a8 = DoubleVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            DoubleVector a9 = DoubleVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            DoubleVector a10 = DoubleVector.broadcast(S, a[at + 10 * R]);
            c10x = a10.fma(b0, c10x);
            DoubleVector a11 = DoubleVector.broadcast(S, a[at + 11 * R]);
            c11x = a11.fma(b0, c11x);
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
            c2x = c2x.add(DoubleVector.fromArray(S, base, so + 2 * ss));
            c3x = c3x.add(DoubleVector.fromArray(S, base, so + 3 * ss));
            c4x = c4x.add(DoubleVector.fromArray(S, base, so + 4 * ss));
            c5x = c5x.add(DoubleVector.fromArray(S, base, so + 5 * ss));
            c6x = c6x.add(DoubleVector.fromArray(S, base, so + 6 * ss));
            c7x = c7x.add(DoubleVector.fromArray(S, base, so + 7 * ss));
            c8x = c8x.add(DoubleVector.fromArray(S, base, so + 8 * ss));
            c9x = c9x.add(DoubleVector.fromArray(S, base, so + 9 * ss));
            c10x = c10x.add(DoubleVector.fromArray(S, base, so + 10 * ss));
            c11x = c11x.add(DoubleVector.fromArray(S, base, so + 11 * ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
        c2x.intoArray(c, co + 2 * cs);
        c3x.intoArray(c, co + 3 * cs);
        c4x.intoArray(c, co + 4 * cs);
        c5x.intoArray(c, co + 5 * cs);
        c6x.intoArray(c, co + 6 * cs);
        c7x.intoArray(c, co + 7 * cs);
        c8x.intoArray(c, co + 8 * cs);
        c9x.intoArray(c, co + 9 * cs);
        c10x.intoArray(c, co + 10 * cs);
        c11x.intoArray(c, co + 11 * cs);
    }

    /** 10 rows. */
    static void rows10(
            double[] a,
            int ao,
            double[] b,
            int bo,
            int bs,
            int k,
            double[] c,
            int co,
            int cs,
            double[] base,
            int so,
            int ss,
            boolean add) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c3x = DoubleVector.zero(S);
        DoubleVector c4x = DoubleVector.zero(S);
        DoubleVector c5x = DoubleVector.zero(S);
        DoubleVector c6x = DoubleVector.zero(S);
        DoubleVector c7x = DoubleVector.zero(S);
        DoubleVector c8x = DoubleVector.zero(S);
        DoubleVector c9x = DoubleVector.zero(S);
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            DoubleVector a6 = DoubleVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            DoubleVector a7 = DoubleVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            DoubleVector a8 = DoubleVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            DoubleVector a9 = DoubleVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            DoubleVector a3n = DoubleVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
            DoubleVector a4n = DoubleVector.broadcast(S, a[at + 4 * R + 1]);
            c4x = a4n.fma(b0n, c4x);
            DoubleVector a5n = DoubleVector.broadcast(S, a[at + 5 * R + 1]);
            c5x = a5n.fma(b0n, c5x);
            DoubleVector a6n = DoubleVector.broadcast(S, a[at + 6 * R + 1]);
            c6x = a6n.fma(b0n, c6x);
            DoubleVector a7n = DoubleVector.broadcast(S, a[at + 7 * R + 1]);
            c7x = a7n.fma(b0n, c7x);
            DoubleVector a8n = DoubleVector.broadcast(S, a[at + 8 * R + 1]);
            c8x = a8n.fma(b0n, c8x);
            DoubleVector a9n = DoubleVector.broadcast(S, a[at + 9 * R + 1]);
            c9x = a9n.fma(b0n, c9x);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            DoubleVector a6 = DoubleVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            DoubleVector a7 = DoubleVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            DoubleVector a8 = DoubleVector.broadcast(S, a[at + 8 * R]);
            c8x = a8.fma(b0, c8x);
            DoubleVector a9 = DoubleVector.broadcast(S, a[at + 9 * R]);
            c9x = a9.fma(b0, c9x);
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
            c2x = c2x.add(DoubleVector.fromArray(S, base, so + 2 * ss));
            c3x = c3x.add(DoubleVector.fromArray(S, base, so + 3 * ss));
            c4x = c4x.add(DoubleVector.fromArray(S, base, so + 4 * ss));
            c5x = c5x.add(DoubleVector.fromArray(S, base, so + 5 * ss));
            c6x = c6x.add(DoubleVector.fromArray(S, base, so + 6 * ss));
            c7x = c7x.add(DoubleVector.fromArray(S, base, so + 7 * ss));
            c8x = c8x.add(DoubleVector.fromArray(S, base, so + 8 * ss));
            c9x = c9x.add(DoubleVector.fromArray(S, base, so + 9 * ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
        c2x.intoArray(c, co + 2 * cs);
        c3x.intoArray(c, co + 3 * cs);
        c4x.intoArray(c, co + 4 * cs);
        c5x.intoArray(c, co + 5 * cs);
        c6x.intoArray(c, co + 6 * cs);
        c7x.intoArray(c, co + 7 * cs);
        c8x.intoArray(c, co + 8 * cs);
        c9x.intoArray(c, co + 9 * cs);
    }

    /** 8 rows. */
    static void rows8(
            double[] a,
            int ao,
            double[] b,
            int bo,
            int bs,
            int k,
            double[] c,
            int co,
            int cs,
            double[] base,
            int so,
            int ss,
            boolean add) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c3x = DoubleVector.zero(S);
        DoubleVector c4x = DoubleVector.zero(S);
        DoubleVector c5x = DoubleVector.zero(S);
        DoubleVector c6x = DoubleVector.zero(S);
        DoubleVector c7x = DoubleVector.zero(S);
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            DoubleVector a6 = DoubleVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            DoubleVector a7 = DoubleVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            DoubleVector a3n = DoubleVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
            DoubleVector a4n = DoubleVector.broadcast(S, a[at + 4 * R + 1]);
            c4x = a4n.fma(b0n, c4x);
            DoubleVector a5n = DoubleVector.broadcast(S, a[at + 5 * R + 1]);
            c5x = a5n.fma(b0n, c5x);
            DoubleVector a6n = DoubleVector.broadcast(S, a[at + 6 * R + 1]);
            c6x = a6n.fma(b0n, c6x);
            DoubleVector a7n = DoubleVector.broadcast(S, a[at + 7 * R + 1]);
            c7x = a7n.fma(b0n, c7x);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2 * R]);
            c2x = a2.fma(b0, c2x);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3 * R]);
            c3x = a3.fma(b0, c3x);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4 * R]);
            c4x = a4.fma(b0, c4x);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5 * R]);
            c5x = a5.fma(b0, c5x);
            DoubleVector a6 = DoubleVector.broadcast(S, a[at + 6 * R]);
            c6x = a6.fma(b0, c6x);
            DoubleVector a7 = DoubleVector.broadcast(S, a[at + 7 * R]);
            c7x = a7.fma(b0, c7x);
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
            c2x = c2x.add(DoubleVector.fromArray(S, base, so + 2 * ss));
            c3x = c3x.add(DoubleVector.fromArray(S, base, so + 3 * ss));
            c4x = c4x.add(DoubleVector.fromArray(S, base, so + 4 * ss));
            c5x = c5x.add(DoubleVector.fromArray(S, base, so + 5 * ss));
            c6x = c6x.add(DoubleVector.fromArray(S, base, so + 6 * ss));
            c7x = c7x.add(DoubleVector.fromArray(S, base, so + 7 * ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
        c2x.intoArray(c, co + 2 * cs);
        c3x.intoArray(c, co + 3 * cs);
        c4x.intoArray(c, co + 4 * cs);
        c5x.intoArray(c, co + 5 * cs);
        c6x.intoArray(c, co + 6 * cs);
        c7x.intoArray(c, co + 7 * cs);
    }
}
