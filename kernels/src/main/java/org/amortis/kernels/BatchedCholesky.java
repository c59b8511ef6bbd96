package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Cholesky factors of as many matrices as a vector has lanes: element e of matrix q at e * LANES + q. */
final class BatchedCholesky {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    static final int LANES = L;

    private BatchedCholesky() {}

    /** Replaces lower triangles by their factors, column by column; the rest is not touched. */
    static void factor(int n, double[] x) {
        for (int j = 0; j < n; j++) {
            pivot(n, j, x);
            int i = j + 1;
            for (; i + 3 < n; i += 4) {
                four(n, i, j, x);
            }
            for (; i < n; i++) {
                one(n, i, j, x);
            }
        }
    }

    /** The diagonal element becomes its root, NaN where it is not positive. */
    private static void pivot(int n, int j, double[] x) {
        int row = j * n * L;
        DoubleVector p = DoubleVector.fromArray(S, x, row + j * L);
        for (int k = 0; k < j; k++) {
            DoubleVector v = DoubleVector.fromArray(S, x, row + k * L).neg();
            p = v.fma(v.neg(), p);
        }
        // plus 0 / p, which is NaN for zero: x86 has no compiled comparison of two doubles
        p.sqrt().add(DoubleVector.zero(S).div(p)).intoArray(x, row + j * L);
    }

    /** Element j of a row below the pivot. */
    private static void one(int n, int i, int j, double[] x) {
        int row = j * n * L;
        int other = i * n * L;
        DoubleVector s = DoubleVector.fromArray(S, x, other + j * L);
        for (int k = 0; k < j; k++) {
            DoubleVector v = DoubleVector.fromArray(S, x, row + k * L).neg();
            s = DoubleVector.fromArray(S, x, other + k * L).fma(v, s);
        }
        s.div(DoubleVector.fromArray(S, x, row + j * L)).intoArray(x, other + j * L);
    }

    /** Element j of four rows below the pivot. */
    private static void four(int n, int i, int j, double[] x) {
        int row = j * n * L;
        int step = n * L;
        int a = i * step;
        int at = a + j * L;
        DoubleVector s0 = DoubleVector.fromArray(S, x, at);
        DoubleVector s1 = DoubleVector.fromArray(S, x, at + step);
        DoubleVector s2 = DoubleVector.fromArray(S, x, at + 2 * step);
        DoubleVector s3 = DoubleVector.fromArray(S, x, at + 3 * step);
        for (int k = 0; k < j; k++) {
            DoubleVector v = DoubleVector.fromArray(S, x, row + k * L).neg();
            int o = a + k * L;
            s0 = DoubleVector.fromArray(S, x, o).fma(v, s0);
            s1 = DoubleVector.fromArray(S, x, o + step).fma(v, s1);
            s2 = DoubleVector.fromArray(S, x, o + 2 * step).fma(v, s2);
            s3 = DoubleVector.fromArray(S, x, o + 3 * step).fma(v, s3);
        }
        DoubleVector d = DoubleVector.fromArray(S, x, row + j * L);
        s0.div(d).intoArray(x, at);
        s1.div(d).intoArray(x, at + step);
        s2.div(d).intoArray(x, at + 2 * step);
        s3.div(d).intoArray(x, at + 3 * step);
    }
}
