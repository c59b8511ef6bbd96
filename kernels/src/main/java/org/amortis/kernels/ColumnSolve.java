package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One lower triangular system, lanes over its right-hand sides. Sums are kept negated, so that each step is a plain
 * multiply-add.
 */
final class ColumnSolve {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private ColumnSolve() {}

    /**
     * Solves in place. Element (i, k) of the triangle at to + i * rowT + k * columnT, row i of the m right-hand sides, a
     * multiple of the lanes, at xo + i * rowX.
     */
    static void solve(
            boolean unit, int n, int m, double[] t, int to, int rowT, int columnT, double[] x, int xo, int rowX) {
        int i = 0;
        for (; i + 3 < n; i += 4) {
            int corner = to + i * (rowT + columnT);
            int c = 0;
            for (; c + L < m; c += 2 * L) {
                fourByTwo(i, t, to + i * rowT, rowT, columnT, x, xo + c, rowX);
                corner(unit, t, corner, rowT, columnT, x, xo + c + i * rowX, rowX);
                corner(unit, t, corner, rowT, columnT, x, xo + c + L + i * rowX, rowX);
            }
            if (c < m) {
                four(i, t, to + i * rowT, rowT, columnT, x, xo + c, rowX);
                corner(unit, t, corner, rowT, columnT, x, xo + c + i * rowX, rowX);
            }
        }
        for (; i < n; i++) {
            for (int c = 0; c < m; c += L) {
                one(unit, i, t, to + i * rowT, columnT, x, xo + c, rowX);
            }
        }
    }

    /** Row i, all rows above being solved. */
    private static void one(boolean unit, int i, double[] t, int row, int columnT, double[] x, int at, int rowX) {
        DoubleVector s = DoubleVector.fromArray(S, x, at + i * rowX).neg();
        for (int k = 0; k < i; k++) {
            s = DoubleVector.broadcast(S, t[row + k * columnT]).fma(DoubleVector.fromArray(S, x, at + k * rowX), s);
        }
        s.div(unit ? -1 : -t[row + i * columnT]).intoArray(x, at + i * rowX);
    }

    /** Four rows of a vector of columns without what is solved above them, negated. */
    private static void four(int i, double[] t, int b, int rowT, int columnT, double[] x, int at, int rowX) {
        int a = at + i * rowX;
        DoubleVector s0 = DoubleVector.fromArray(S, x, a).neg();
        DoubleVector s1 = DoubleVector.fromArray(S, x, a + rowX).neg();
        DoubleVector s2 = DoubleVector.fromArray(S, x, a + 2 * rowX).neg();
        DoubleVector s3 = DoubleVector.fromArray(S, x, a + 3 * rowX).neg();
        for (int k = 0; k < i; k++) {
            DoubleVector v = DoubleVector.fromArray(S, x, at + k * rowX);
            int o = b + k * columnT;
            s0 = DoubleVector.broadcast(S, t[o]).fma(v, s0);
            s1 = DoubleVector.broadcast(S, t[o + rowT]).fma(v, s1);
            s2 = DoubleVector.broadcast(S, t[o + 2 * rowT]).fma(v, s2);
            s3 = DoubleVector.broadcast(S, t[o + 3 * rowT]).fma(v, s3);
        }
        s0.intoArray(x, a);
        s1.intoArray(x, a + rowX);
        s2.intoArray(x, a + 2 * rowX);
        s3.intoArray(x, a + 3 * rowX);
    }

    /** The same for two vectors of columns. */
    private static void fourByTwo(int i, double[] t, int b, int rowT, int columnT, double[] x, int at, int rowX) {
        int a = at + i * rowX;
        DoubleVector s0 = DoubleVector.fromArray(S, x, a).neg();
        DoubleVector s1 = DoubleVector.fromArray(S, x, a + rowX).neg();
        DoubleVector s2 = DoubleVector.fromArray(S, x, a + 2 * rowX).neg();
        DoubleVector s3 = DoubleVector.fromArray(S, x, a + 3 * rowX).neg();
        DoubleVector r0 = DoubleVector.fromArray(S, x, a + L).neg();
        DoubleVector r1 = DoubleVector.fromArray(S, x, a + L + rowX).neg();
        DoubleVector r2 = DoubleVector.fromArray(S, x, a + L + 2 * rowX).neg();
        DoubleVector r3 = DoubleVector.fromArray(S, x, a + L + 3 * rowX).neg();
        for (int k = 0; k < i; k++) {
            DoubleVector v = DoubleVector.fromArray(S, x, at + k * rowX);
            DoubleVector w = DoubleVector.fromArray(S, x, at + k * rowX + L);
            int o = b + k * columnT;
            DoubleVector e = DoubleVector.broadcast(S, t[o]);
            s0 = e.fma(v, s0);
            r0 = e.fma(w, r0);
            DoubleVector f = DoubleVector.broadcast(S, t[o + rowT]);
            s1 = f.fma(v, s1);
            r1 = f.fma(w, r1);
            DoubleVector g = DoubleVector.broadcast(S, t[o + 2 * rowT]);
            s2 = g.fma(v, s2);
            r2 = g.fma(w, r2);
            DoubleVector h = DoubleVector.broadcast(S, t[o + 3 * rowT]);
            s3 = h.fma(v, s3);
            r3 = h.fma(w, r3);
        }
        s0.intoArray(x, a);
        s1.intoArray(x, a + rowX);
        s2.intoArray(x, a + 2 * rowX);
        s3.intoArray(x, a + 3 * rowX);
        r0.intoArray(x, a + L);
        r1.intoArray(x, a + L + rowX);
        r2.intoArray(x, a + L + 2 * rowX);
        r3.intoArray(x, a + L + 3 * rowX);
    }

    /** The triangle at the diagonal of four rows that are negated. */
    private static void corner(boolean unit, double[] t, int to, int rowT, int columnT, double[] x, int a, int rowX) {
        int t1 = to + rowT;
        int t2 = t1 + rowT;
        int t3 = t2 + rowT;
        double d0 = unit ? -1 : -t[to];
        double d1 = unit ? -1 : -t[t1 + columnT];
        double d2 = unit ? -1 : -t[t2 + 2 * columnT];
        double d3 = unit ? -1 : -t[t3 + 3 * columnT];
        DoubleVector x0 = DoubleVector.fromArray(S, x, a).div(d0);
        x0.intoArray(x, a);
        DoubleVector s1 = DoubleVector.broadcast(S, t[t1]).fma(x0, DoubleVector.fromArray(S, x, a + rowX));
        DoubleVector s2 = DoubleVector.broadcast(S, t[t2]).fma(x0, DoubleVector.fromArray(S, x, a + 2 * rowX));
        DoubleVector s3 = DoubleVector.broadcast(S, t[t3]).fma(x0, DoubleVector.fromArray(S, x, a + 3 * rowX));
        DoubleVector x1 = s1.div(d1);
        x1.intoArray(x, a + rowX);
        s2 = DoubleVector.broadcast(S, t[t2 + columnT]).fma(x1, s2);
        s3 = DoubleVector.broadcast(S, t[t3 + columnT]).fma(x1, s3);
        DoubleVector x2 = s2.div(d2);
        x2.intoArray(x, a + 2 * rowX);
        s3 = DoubleVector.broadcast(S, t[t3 + 2 * columnT]).fma(x2, s3);
        s3.div(d3).intoArray(x, a + 3 * rowX);
    }
}
