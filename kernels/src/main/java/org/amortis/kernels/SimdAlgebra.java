package org.amortis.kernels;

import org.amortis.spi.LaneAlgebra;

/** The vector kernels of linear algebra. */
final class SimdAlgebra implements LaneAlgebra {
    SimdAlgebra() {}

    @Override
    public int lanes() {
        return BatchedCholesky.LANES;
    }

    @Override
    public int scratch() {
        return 2 * lanes() * lanes();
    }

    @Override
    public void load(Object x, int xo, int[] at, int first, int n, double[] y, int yo, double[] scratch, int so) {
        if (x instanceof float[] f) {
            SideBySide.load(f, xo, at, first, n, y, yo, scratch, so);
        } else {
            SideBySide.load((double[]) x, xo, at, first, n, y, yo, scratch, so);
        }
    }

    @Override
    public void store(double[] x, int xo, int n, Object y, int yo, int stride, double[] scratch, int so) {
        if (y instanceof float[] f) {
            SideBySide.store(x, xo, n, f, yo, stride, scratch, so);
        } else {
            SideBySide.store(x, xo, n, (double[]) y, yo, stride, scratch, so);
        }
    }

    @Override
    public void cholesky(int n, double[] x) {
        BatchedCholesky.factor(n, x);
    }

    @Override
    public void solve(int n, int m, double[] t, int to, int rowT, int columnT, double[] x, int xo, int rowX) {
        BatchedSolve.solve(n, m, t, to, rowT, columnT, x, xo, rowX);
    }

    @Override
    public void solveColumns(
            boolean unit, int n, int m, double[] t, int to, int rowT, int columnT, double[] x, int xo, int rowX) {
        ColumnSolve.solve(unit, n, m, t, to, rowT, columnT, x, xo, rowX);
    }
}
