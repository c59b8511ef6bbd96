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
final class DoubleNarrowRowTiles {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int R = DoublePack.ROW_DISTANCE;

    private DoubleNarrowRowTiles() {}

    /** The tile of the given height: one of 12, 10, 8, 6, 4, 3, 2, 1. */
    static void run(
            int height,
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
        switch (height) {
            case 12 -> DoubleNarrowTallRowTiles.rows12(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 10 -> DoubleNarrowTallRowTiles.rows10(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 8 -> DoubleNarrowTallRowTiles.rows8(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 6 -> rows6(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 4 -> rows4(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 3 -> rows3(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 2 -> rows2(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 1 -> rows1(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            default -> throw new IllegalArgumentException("tile height " + height);
        }
    }

    private static void rows6(
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
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
            c2x = c2x.add(DoubleVector.fromArray(S, base, so + 2 * ss));
            c3x = c3x.add(DoubleVector.fromArray(S, base, so + 3 * ss));
            c4x = c4x.add(DoubleVector.fromArray(S, base, so + 4 * ss));
            c5x = c5x.add(DoubleVector.fromArray(S, base, so + 5 * ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
        c2x.intoArray(c, co + 2 * cs);
        c3x.intoArray(c, co + 3 * cs);
        c4x.intoArray(c, co + 4 * cs);
        c5x.intoArray(c, co + 5 * cs);
    }

    private static void rows4(
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
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
            DoubleVector a3n = DoubleVector.broadcast(S, a[at + 3 * R + 1]);
            c3x = a3n.fma(b0n, c3x);
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
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
            c2x = c2x.add(DoubleVector.fromArray(S, base, so + 2 * ss));
            c3x = c3x.add(DoubleVector.fromArray(S, base, so + 3 * ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
        c2x.intoArray(c, co + 2 * cs);
        c3x.intoArray(c, co + 3 * cs);
    }

    private static void rows3(
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
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + 2 * R + 1]);
            c2x = a2n.fma(b0n, c2x);
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
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
            c2x = c2x.add(DoubleVector.fromArray(S, base, so + 2 * ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
        c2x.intoArray(c, co + 2 * cs);
    }

    private static void rows2(
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
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + R]);
            c1x = a1.fma(b0, c1x);
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
            c1x = c1x.add(DoubleVector.fromArray(S, base, so + ss));
        }
        c0x.intoArray(c, co);
        c1x.intoArray(c, co + cs);
    }

    @SuppressWarnings("UnusedVariable") // one signature for all: a single row has no strides
    private static void rows1(
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
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            DoubleVector b0n = DoubleVector.fromArray(S, b, row + bs);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, row);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
        }
        if (add) {
            c0x = c0x.add(DoubleVector.fromArray(S, base, so));
        }
        c0x.intoArray(c, co);
    }
}
