package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.spi.Kernel;
import org.amortis.spi.LaneAlgebra;

/** Triangular systems with lanes over their right-hand sides; parts are blocks of right-hand sides of one system. */
final class ColumnSolveKernel implements Kernel {
    private static final int COLUMN_BLOCK = 32;

    /** Largest float triangle that is copied to doubles as a whole. */
    private static final int LARGEST = 512;

    private final TriangularSystem system;
    private final LaneAlgebra algebra;
    private final int per;
    private final int copied;
    private final Scratch scratch;

    ColumnSolveKernel(TriangularSystem system, LaneAlgebra algebra, Scratch scratch) {
        this.system = system;
        this.algebra = algebra;
        this.per = (system.m() + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        this.copied = system.t() instanceof float[] ? system.n() * system.n() : 0;
        this.scratch = scratch;
        scratch.reserve(DType.F64, copied + system.n() * COLUMN_BLOCK);
    }

    static boolean takes(TriangularSystem system, LaneAlgebra algebra) {
        boolean copy = system.t() instanceof float[];
        return 2 * system.m() >= algebra.lanes() && (!copy || system.n() <= LARGEST);
    }

    @Override
    public int parts() {
        return system.count() * per;
    }

    @Override
    public void run(int from, int to, int worker) {
        double[] s = scratch.doubles(worker);
        for (int p = from; p < to; p++) {
            int q = p / per;
            if (system.t() instanceof float[] f && (p == from || p % per == 0)) {
                int at = system.to() + system.offsetT()[q];
                for (int e = 0; e < copied; e++) {
                    s[e] = f[at + e];
                }
            }
            block(q, p % per * COLUMN_BLOCK, s);
        }
    }

    private void block(int q, int c, double[] s) {
        int n = system.n();
        int m = system.m();
        int lanes = algebra.lanes();
        int w = Math.min(COLUMN_BLOCK, m - c);
        int wide = (w + lanes - 1) / lanes * lanes;
        int at = system.bo() + system.offsetB()[q] + c;
        for (int i = 0; i < n; i++) {
            int row = copied + i * wide;
            if (system.b() instanceof float[] f) {
                for (int j = 0; j < w; j++) {
                    s[row + j] = f[at + i * m + j];
                }
            } else {
                System.arraycopy(system.b(), at + i * m, s, row, w);
            }
            for (int j = w; j < wide; j++) {
                s[row + j] = 0;
            }
        }
        solve(wide, system.t() instanceof double[] d ? d : s, copied > 0 ? 0 : system.to() + system.offsetT()[q], s);
        int out = system.xo() + q * n * m + c;
        for (int i = 0; i < n; i++) {
            int row = copied + i * wide;
            if (system.x() instanceof float[] f) {
                for (int j = 0; j < w; j++) {
                    f[out + i * m + j] = (float) s[row + j];
                }
            } else {
                System.arraycopy(s, row, system.x(), out + i * m, w);
            }
        }
    }

    private void solve(int wide, double[] t, int to, double[] s) {
        int n = system.n();
        int rows = system.rowT();
        int columns = system.columnT();
        if (system.forward()) {
            algebra.solveColumns(system.unit(), n, wide, t, to, rows, columns, s, copied, wide);
        } else {
            int last = n - 1;
            algebra.solveColumns(
                    system.unit(),
                    n,
                    wide,
                    t,
                    to + last * (rows + columns),
                    -rows,
                    -columns,
                    s,
                    copied + last * wide,
                    -wide);
        }
    }

    @Override
    public long cost() {
        return system.count() * (20L + (long) system.n() * system.n() * system.m() / 30);
    }
}
