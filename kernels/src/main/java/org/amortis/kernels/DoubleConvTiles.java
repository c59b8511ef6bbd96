package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
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
final class DoubleConvTiles {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleConvTiles() {}

    /** The tile of the given height: one of 12, 10, 8, 6, 4, 3, 2, 1. */
    static void run(
            int height,
            double[] a,
            int ao,
            int steps,
            double[] b,
            int bo,
            int[] rows,
            int k,
            double[] c,
            int co,
            int cs) {
        switch (height) {
            case 12 -> DoubleConvTallTiles.rows12(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 10 -> DoubleConvTallTiles.rows10(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 8 -> DoubleConvTallTiles.rows8(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 6 -> rows6(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 4 -> rows4(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 3 -> rows3(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 2 -> rows2(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 1 -> rows1(a, ao, steps, b, bo, rows, k, c, co, cs);
            default -> throw new IllegalArgumentException("tile height " + height);
        }
    }

    private static void rows6(
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c1y = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c2y = DoubleVector.zero(S);
        DoubleVector c3x = DoubleVector.zero(S);
        DoubleVector c3y = DoubleVector.zero(S);
        DoubleVector c4x = DoubleVector.zero(S);
        DoubleVector c4y = DoubleVector.zero(S);
        DoubleVector c5x = DoubleVector.zero(S);
        DoubleVector c5y = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5]);
            c5x = a5.fma(b0, c5x);
            c5y = a5.fma(b1, c5y);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            DoubleVector a3n = DoubleVector.broadcast(S, a[at + steps + 3]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            DoubleVector a4n = DoubleVector.broadcast(S, a[at + steps + 4]);
            c4x = a4n.fma(b0n, c4x);
            c4y = a4n.fma(b1n, c4y);
            DoubleVector a5n = DoubleVector.broadcast(S, a[at + steps + 5]);
            c5x = a5n.fma(b0n, c5x);
            c5y = a5n.fma(b1n, c5y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            DoubleVector a4 = DoubleVector.broadcast(S, a[at + 4]);
            c4x = a4.fma(b0, c4x);
            c4y = a4.fma(b1, c4y);
            DoubleVector a5 = DoubleVector.broadcast(S, a[at + 5]);
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
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c1y = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c2y = DoubleVector.zero(S);
        DoubleVector c3x = DoubleVector.zero(S);
        DoubleVector c3y = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3]);
            c3x = a3.fma(b0, c3x);
            c3y = a3.fma(b1, c3y);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            DoubleVector a3n = DoubleVector.broadcast(S, a[at + steps + 3]);
            c3x = a3n.fma(b0n, c3x);
            c3y = a3n.fma(b1n, c3y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            DoubleVector a3 = DoubleVector.broadcast(S, a[at + 3]);
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
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c1y = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c2y = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
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
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c1y = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
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
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
    }
}
