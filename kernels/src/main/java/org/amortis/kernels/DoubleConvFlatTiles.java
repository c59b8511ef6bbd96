package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of convolutions, 4 vectors, for a single row 8, wide: c = a b, every element one chain of fused
 * multiply-adds over k. Element (i, p) of a lies at {@code ao + i + p * steps}: rows side by side, so that one check
 * of bounds serves them all. Row p of b lies at
 * {@code bo + rows[p]}, where the window says; row i of c at {@code co + i * cs}.
 *
 * <p>Written by src/generator; edit that. Each method is compiled alone and stays a call: its accumulators fill the
 * registers.
 */
final class DoubleConvFlatTiles {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleConvFlatTiles() {}

    /** The tile of the given height: one of 3, 2, 1. */
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
            case 3 -> rows3(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 2 -> rows2(a, ao, steps, b, bo, rows, k, c, co, cs);
            case 1 -> rows1(a, ao, steps, b, bo, rows, k, c, co, cs);
            default -> throw new IllegalArgumentException("tile height " + height);
        }
    }

    private static void rows3(
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c0z = DoubleVector.zero(S);
        DoubleVector c0u = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c1y = DoubleVector.zero(S);
        DoubleVector c1z = DoubleVector.zero(S);
        DoubleVector c1u = DoubleVector.zero(S);
        DoubleVector c2x = DoubleVector.zero(S);
        DoubleVector c2y = DoubleVector.zero(S);
        DoubleVector c2z = DoubleVector.zero(S);
        DoubleVector c2u = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, r + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, r + 3 * L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            c0z = a0.fma(b2, c0z);
            c0u = a0.fma(b3, c0u);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            c1z = a1.fma(b2, c1z);
            c1u = a1.fma(b3, c1u);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            c2z = a2.fma(b2, c2z);
            c2u = a2.fma(b3, c2u);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector b2n = DoubleVector.fromArray(S, b, rn + 2 * L);
            DoubleVector b3n = DoubleVector.fromArray(S, b, rn + 3 * L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            c0z = a0n.fma(b2n, c0z);
            c0u = a0n.fma(b3n, c0u);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            c1z = a1n.fma(b2n, c1z);
            c1u = a1n.fma(b3n, c1u);
            DoubleVector a2n = DoubleVector.broadcast(S, a[at + steps + 2]);
            c2x = a2n.fma(b0n, c2x);
            c2y = a2n.fma(b1n, c2y);
            c2z = a2n.fma(b2n, c2z);
            c2u = a2n.fma(b3n, c2u);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, r + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, r + 3 * L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            c0z = a0.fma(b2, c0z);
            c0u = a0.fma(b3, c0u);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            c1z = a1.fma(b2, c1z);
            c1u = a1.fma(b3, c1u);
            DoubleVector a2 = DoubleVector.broadcast(S, a[at + 2]);
            c2x = a2.fma(b0, c2x);
            c2y = a2.fma(b1, c2y);
            c2z = a2.fma(b2, c2z);
            c2u = a2.fma(b3, c2u);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c0z.intoArray(c, co + 2 * L);
        c0u.intoArray(c, co + 3 * L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c1z.intoArray(c, co + cs + 2 * L);
        c1u.intoArray(c, co + cs + 3 * L);
        c2x.intoArray(c, co + 2 * cs);
        c2y.intoArray(c, co + 2 * cs + L);
        c2z.intoArray(c, co + 2 * cs + 2 * L);
        c2u.intoArray(c, co + 2 * cs + 3 * L);
    }

    private static void rows2(
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c0z = DoubleVector.zero(S);
        DoubleVector c0u = DoubleVector.zero(S);
        DoubleVector c1x = DoubleVector.zero(S);
        DoubleVector c1y = DoubleVector.zero(S);
        DoubleVector c1z = DoubleVector.zero(S);
        DoubleVector c1u = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, r + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, r + 3 * L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            c0z = a0.fma(b2, c0z);
            c0u = a0.fma(b3, c0u);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            c1z = a1.fma(b2, c1z);
            c1u = a1.fma(b3, c1u);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector b2n = DoubleVector.fromArray(S, b, rn + 2 * L);
            DoubleVector b3n = DoubleVector.fromArray(S, b, rn + 3 * L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            c0z = a0n.fma(b2n, c0z);
            c0u = a0n.fma(b3n, c0u);
            DoubleVector a1n = DoubleVector.broadcast(S, a[at + steps + 1]);
            c1x = a1n.fma(b0n, c1x);
            c1y = a1n.fma(b1n, c1y);
            c1z = a1n.fma(b2n, c1z);
            c1u = a1n.fma(b3n, c1u);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, r + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, r + 3 * L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            c0z = a0.fma(b2, c0z);
            c0u = a0.fma(b3, c0u);
            DoubleVector a1 = DoubleVector.broadcast(S, a[at + 1]);
            c1x = a1.fma(b0, c1x);
            c1y = a1.fma(b1, c1y);
            c1z = a1.fma(b2, c1z);
            c1u = a1.fma(b3, c1u);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c0z.intoArray(c, co + 2 * L);
        c0u.intoArray(c, co + 3 * L);
        c1x.intoArray(c, co + cs);
        c1y.intoArray(c, co + cs + L);
        c1z.intoArray(c, co + cs + 2 * L);
        c1u.intoArray(c, co + cs + 3 * L);
    }

    @SuppressWarnings("UnusedVariable") // one signature for all: a single row has no strides
    private static void rows1(
            double[] a, int ao, int steps, double[] b, int bo, int[] rows, int k, double[] c, int co, int cs) {
        DoubleVector c0x = DoubleVector.zero(S);
        DoubleVector c0y = DoubleVector.zero(S);
        DoubleVector c0z = DoubleVector.zero(S);
        DoubleVector c0u = DoubleVector.zero(S);
        DoubleVector c0v = DoubleVector.zero(S);
        DoubleVector c0w = DoubleVector.zero(S);
        DoubleVector c0s = DoubleVector.zero(S);
        DoubleVector c0t = DoubleVector.zero(S);
        int at = ao;
        int p = 0;
        for (; p < k - 1; p += 2) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, r + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, r + 3 * L);
            DoubleVector b4 = DoubleVector.fromArray(S, b, r + 4 * L);
            DoubleVector b5 = DoubleVector.fromArray(S, b, r + 5 * L);
            DoubleVector b6 = DoubleVector.fromArray(S, b, r + 6 * L);
            DoubleVector b7 = DoubleVector.fromArray(S, b, r + 7 * L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            c0z = a0.fma(b2, c0z);
            c0u = a0.fma(b3, c0u);
            c0v = a0.fma(b4, c0v);
            c0w = a0.fma(b5, c0w);
            c0s = a0.fma(b6, c0s);
            c0t = a0.fma(b7, c0t);
            int rn = bo + rows[p + 1];
            DoubleVector b0n = DoubleVector.fromArray(S, b, rn);
            DoubleVector b1n = DoubleVector.fromArray(S, b, rn + L);
            DoubleVector b2n = DoubleVector.fromArray(S, b, rn + 2 * L);
            DoubleVector b3n = DoubleVector.fromArray(S, b, rn + 3 * L);
            DoubleVector b4n = DoubleVector.fromArray(S, b, rn + 4 * L);
            DoubleVector b5n = DoubleVector.fromArray(S, b, rn + 5 * L);
            DoubleVector b6n = DoubleVector.fromArray(S, b, rn + 6 * L);
            DoubleVector b7n = DoubleVector.fromArray(S, b, rn + 7 * L);
            DoubleVector a0n = DoubleVector.broadcast(S, a[at + steps]);
            c0x = a0n.fma(b0n, c0x);
            c0y = a0n.fma(b1n, c0y);
            c0z = a0n.fma(b2n, c0z);
            c0u = a0n.fma(b3n, c0u);
            c0v = a0n.fma(b4n, c0v);
            c0w = a0n.fma(b5n, c0w);
            c0s = a0n.fma(b6n, c0s);
            c0t = a0n.fma(b7n, c0t);
            at += 2 * steps;
        }
        if (p < k) {
            int r = bo + rows[p];
            DoubleVector b0 = DoubleVector.fromArray(S, b, r);
            DoubleVector b1 = DoubleVector.fromArray(S, b, r + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, r + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, r + 3 * L);
            DoubleVector b4 = DoubleVector.fromArray(S, b, r + 4 * L);
            DoubleVector b5 = DoubleVector.fromArray(S, b, r + 5 * L);
            DoubleVector b6 = DoubleVector.fromArray(S, b, r + 6 * L);
            DoubleVector b7 = DoubleVector.fromArray(S, b, r + 7 * L);
            DoubleVector a0 = DoubleVector.broadcast(S, a[at]);
            c0x = a0.fma(b0, c0x);
            c0y = a0.fma(b1, c0y);
            c0z = a0.fma(b2, c0z);
            c0u = a0.fma(b3, c0u);
            c0v = a0.fma(b4, c0v);
            c0w = a0.fma(b5, c0w);
            c0s = a0.fma(b6, c0s);
            c0t = a0.fma(b7, c0t);
        }
        c0x.intoArray(c, co);
        c0y.intoArray(c, co + L);
        c0z.intoArray(c, co + 2 * L);
        c0u.intoArray(c, co + 3 * L);
        c0v.intoArray(c, co + 4 * L);
        c0w.intoArray(c, co + 5 * L);
        c0s.intoArray(c, co + 6 * L);
        c0t.intoArray(c, co + 7 * L);
    }
}
