package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of convolutions, 2 vectors wide: c = a b, every element one chain of fused
 * multiply-adds over k. Element (i, p) of a lies at {@code ao + i + p * steps}: rows side by side, so that one check
 * of bounds serves them all. Row p of b lies at
 * {@code bo + rows[p]}, where the window says; row i of c at {@code co + i * cs}.
 *
 * <p>Written by src/generator; edit that. Each method is compiled alone and stays a call: its accumulators fill the
 * registers.
 */
final class FloatConvTiles {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatConvTiles() {}

    /** The tile of the given height: one of 12, 10, 8, 6, 4, 3, 2, 1. */
    static void run(
            int height, float[] a, int ao, int steps, float[] b, int bo, int[] rows, int k, float[] c, int co, int cs) {
        switch (height) {
            case 12 -> FloatConvTallTiles.rows12(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 10 -> FloatConvTallTiles.rows10(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 8 -> FloatConvTallTiles.rows8(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 6 -> rows6(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 4 -> rows4(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 3 -> rows3(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 2 -> rows2(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 1 -> rows1(a, ao, steps, b, bo, rows, k, c, co, cs);
            default -> throw new IllegalArgumentException("tile height " + height);
        }
    }

    private static void rows6(
            float[] a, int ao, int steps, float[] b, int bo, int[] rows, int k, float[] c, int co, int cs) {
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
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            int rn = bo + rows[p + 1];
            FloatVector b0n = FloatVector.fromArray(S, b, rn);
            FloatVector b1n = FloatVector.fromArray(S, b, rn + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            FloatVector a2n = FloatVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            FloatVector a3n = FloatVector.broadcast(S, a[at + steps + 3]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            FloatVector a4n = FloatVector.broadcast(S, a[at + steps + 4]);
            c4x = a4n.fma(b0n, c4x);
            c4y = a4n.fma(b1n, c4y);
            FloatVector a5n = FloatVector.broadcast(S, a[at + steps + 5]);
            c5x = a5n.fma(b0n, c5x);
            c5y = a5n.fma(b1n, c5y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
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
            float[] a, int ao, int steps, float[] b, int bo, int[] rows, int k, float[] c, int co, int cs) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        FloatVector c1x = FloatVector.zero(S);
        FloatVector c1y = FloatVector.zero(S);
        FloatVector c2x = FloatVector.zero(S);
        FloatVector c2y = FloatVector.zero(S);
        FloatVector c3x = FloatVector.zero(S);
        FloatVector c3y = FloatVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            int rn = bo + rows[p + 1];
            FloatVector b0n = FloatVector.fromArray(S, b, rn);
            FloatVector b1n = FloatVector.fromArray(S, b, rn + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            FloatVector a2n = FloatVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            FloatVector a3n = FloatVector.broadcast(S, a[at + steps + 3]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
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
            float[] a, int ao, int steps, float[] b, int bo, int[] rows, int k, float[] c, int co, int cs) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        FloatVector c1x = FloatVector.zero(S);
        FloatVector c1y = FloatVector.zero(S);
        FloatVector c2x = FloatVector.zero(S);
        FloatVector c2y = FloatVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            int rn = bo + rows[p + 1];
            FloatVector b0n = FloatVector.fromArray(S, b, rn);
            FloatVector b1n = FloatVector.fromArray(S, b, rn + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            FloatVector a2n = FloatVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
    }

    private static void rows2(
            float[] a, int ao, int steps, float[] b, int bo, int[] rows, int k, float[] c, int co, int cs) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        FloatVector c1x = FloatVector.zero(S);
        FloatVector c1y = FloatVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            int rn = bo + rows[p + 1];
            FloatVector b0n = FloatVector.fromArray(S, b, rn);
            FloatVector b1n = FloatVector.fromArray(S, b, rn + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            FloatVector a1n = FloatVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
    }

    @SuppressWarnings("UnusedVariable") // one signature for all: a single row has no strides
    private static void rows1(
            float[] a, int ao, int steps, float[] b, int bo, int[] rows, int k, float[] c, int co, int cs) {
        FloatVector c0x = FloatVector.zero(S);
        FloatVector c0y = FloatVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            int rn = bo + rows[p + 1];
            FloatVector b0n = FloatVector.fromArray(S, b, rn);
            FloatVector b1n = FloatVector.fromArray(S, b, rn + L);
            FloatVector a0n = FloatVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + L);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
    }
}
