package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lower triangular systems of as many matrices as a vector has lanes, element e of matrix q at e * LANES + q. Sums are kept
 * negated, so that each step is a plain multiply-add.
 */
final class BatchedSolve {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private BatchedSolve() {}

    /**
     * Solves in place. Element (i, k) of the triangles at to + i * rowT + k * columnT, right-hand side c of row i at
     * xo + i * rowX + c * LANES.
     */
    static void solve(int n, int m, double[] t, int to, int rowT, int columnT, double[] x, int xo, int rowX) {
        for (int c = 0; c < m; c++) {
            int at = xo + c * L;
            int i = 0;
            for (; i + 3 < n; i += 4) {
                four(i, t, to, rowT, columnT, x, at, rowX);
                corner(t, to + i * (rowT + columnT), rowT, columnT, x, at + i * rowX, rowX);
            }
            for (; i < n; i++) {
                one(i, t, to, rowT, columnT, x, at, rowX);
            }
        }
    }

    /** Row i, all rows above being solved. */
    private static void one(int i, double[] t, int to, int rowT, int columnT, double[] x, int at, int rowX) {
        DoubleVector s = DoubleVector.fromArray(S, x, at + i * rowX).neg();
        int row = to + i * rowT;
        for (int k = 0; k < i; k++) {
            s = DoubleVector.fromArray(S, t, row + k * columnT).fma(DoubleVector.fromArray(S, x, at + k * rowX), s);
        }
        s.div(DoubleVector.fromArray(S, t, row + i * columnT).neg()).intoArray(x, at + i * rowX);
    }

    /** Four rows without what is solved above them, negated. */
    private static void four(int i, double[] t, int to, int rowT, int columnT, double[] x, int at, int rowX) {
        int a = at + i * rowX;
        int b = to + i * rowT;
        DoubleVector s0 = DoubleVector.fromArray(S, x, a).neg();
        DoubleVector s1 = DoubleVector.fromArray(S, x, a + rowX).neg();
        DoubleVector s2 = DoubleVector.fromArray(S, x, a + 2 * rowX).neg();
        DoubleVector s3 = DoubleVector.fromArray(S, x, a + 3 * rowX).neg();
        for (int k = 0; k < i; k++) {
            DoubleVector v = DoubleVector.fromArray(S, x, at + k * rowX);
            int o = b + k * columnT;
            s0 = DoubleVector.fromArray(S, t, o).fma(v, s0);
            s1 = DoubleVector.fromArray(S, t, o + rowT).fma(v, s1);
            s2 = DoubleVector.fromArray(S, t, o + 2 * rowT).fma(v, s2);
            s3 = DoubleVector.fromArray(S, t, o + 3 * rowT).fma(v, s3);
        }
        s0.intoArray(x, a);
        s1.intoArray(x, a + rowX);
        s2.intoArray(x, a + 2 * rowX);
        s3.intoArray(x, a + 3 * rowX);
    }

    /** The triangle at the diagonal of four rows that are negated. */
    private static void corner(double[] t, int to, int rowT, int columnT, double[] x, int a, int rowX) {
        int t1 = to + rowT;
        int t2 = t1 + rowT;
        int t3 = t2 + rowT;
        DoubleVector x0 = DoubleVector.fromArray(S, x, a)
                .div(DoubleVector.fromArray(S, t, to).neg());
        x0.intoArray(x, a);
        DoubleVector s1 = DoubleVector.fromArray(S, t, t1).fma(x0, DoubleVector.fromArray(S, x, a + rowX));
        DoubleVector s2 = DoubleVector.fromArray(S, t, t2).fma(x0, DoubleVector.fromArray(S, x, a + 2 * rowX));
        DoubleVector s3 = DoubleVector.fromArray(S, t, t3).fma(x0, DoubleVector.fromArray(S, x, a + 3 * rowX));
        DoubleVector x1 = s1.div(DoubleVector.fromArray(S, t, t1 + columnT).neg());
        x1.intoArray(x, a + rowX);
        s2 = DoubleVector.fromArray(S, t, t2 + columnT).fma(x1, s2);
        s3 = DoubleVector.fromArray(S, t, t3 + columnT).fma(x1, s3);
        DoubleVector x2 = s2.div(DoubleVector.fromArray(S, t, t2 + 2 * columnT).neg());
        x2.intoArray(x, a + 2 * rowX);
        s3 = DoubleVector.fromArray(S, t, t3 + 2 * columnT).fma(x2, s3);
        s3.div(DoubleVector.fromArray(S, t, t3 + 3 * columnT).neg()).intoArray(x, a + 3 * rowX);
    }
}
