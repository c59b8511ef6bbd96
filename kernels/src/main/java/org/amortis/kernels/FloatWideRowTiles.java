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
final class FloatWideRowTiles {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final int R = FloatPack.ROW_DISTANCE;

    private FloatWideRowTiles() {}

    /** The tile of the given height: one of 12, 10, 8, 6, 4, 3, 2, 1. */
    static void run(
            int height,
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
        switch (height) {
            case 12 -> FloatWideTallRowTiles.rows12(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 10 -> FloatWideTallRowTiles.rows10(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 8 -> FloatWideTallRowTiles.rows8(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 6 -> rows6(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 4 -> rows4(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 3 -> rows3(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 2 -> rows2(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            case 1 -> rows1(a, ao, b, bo, bs, k, c, co, cs, base, so, ss, add);
            default -> throw new IllegalArgumentException("tile height " + height);
        }
    }

    private static void rows6(
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
    }

    private static void rows4(
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
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
        c3x.intoArray(c, co + 3 * cs);
        c3y.intoArray(c, co + 3 * cs + L);
    }

    private static void rows3(
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
        }
        if (add) {
            c0x = c0x.add(FloatVector.fromArray(S, base, so));
            c0y = c0y.add(FloatVector.fromArray(S, base, so + L));
            c1x = c1x.add(FloatVector.fromArray(S, base, so + ss));
            c1y = c1y.add(FloatVector.fromArray(S, base, so + ss + L));
            c2x = c2x.add(FloatVector.fromArray(S, base, so + 2 * ss));
            c2y = c2y.add(FloatVector.fromArray(S, base, so + 2 * ss + L));
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
    }

    private static void rows2(
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
            FloatVector b0n = FloatVector.fromArray(S, b, row + bs);
            FloatVector b1n = FloatVector.fromArray(S, b, row + bs + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + R + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
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
        }
        if (add) {
            c0x = c0x.add(FloatVector.fromArray(S, base, so));
            c0y = c0y.add(FloatVector.fromArray(S, base, so + L));
            c1x = c1x.add(FloatVector.fromArray(S, base, so + ss));
            c1y = c1y.add(FloatVector.fromArray(S, base, so + ss + L));
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
    }

    @SuppressWarnings("UnusedVariable") // one signature for all: a single row has no strides
    private static void rows1(
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
        int at = ao;
        int row = bo;
        int end = ao + (k & -2);
        for (; at < end; at += 2) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector b0n = FloatVector.fromArray(S, b, row + bs);
            FloatVector b1n = FloatVector.fromArray(S, b, row + bs + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + 1]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            row += 2 * bs;
        }
        if ((k & 1) != 0) {
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
        }
        if (add) {
            c0x = c0x.add(FloatVector.fromArray(S, base, so));
            c0y = c0y.add(FloatVector.fromArray(S, base, so + L));
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
    }
}
