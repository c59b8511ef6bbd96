package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.spi.Kernel;
import org.amortis.spi.LaneAlgebra;

/**
 * Small triangular systems with few right-hand sides, as many at once as a vector has lanes; parts are such groups. The last
 * systems that fill no group are left to the portable kernel.
 */
final class BatchedSolveKernel implements Kernel {
    /** Largest triangles that are solved together: beyond, a group leaves the cache. */
    private static final int LARGEST = 32;

    private final TriangularSystem system;
    private final LaneAlgebra algebra;
    private final Kernel rest;
    private final Scratch scratch;

    BatchedSolveKernel(TriangularSystem system, LaneAlgebra algebra, Kernel rest, Scratch scratch) {
        int n = system.n();
        this.system = system;
        this.algebra = algebra;
        this.rest = rest;
        this.scratch = scratch;
        scratch.reserve(DType.F64, n * (n + system.m()) * algebra.lanes() + algebra.scratch());
    }

    static boolean takes(TriangularSystem system, LaneAlgebra algebra) {
        return system.n() <= LARGEST && system.m() <= algebra.lanes() && system.count() >= algebra.lanes();
    }

    @Override
    public int parts() {
        return (system.count() + algebra.lanes() - 1) / algebra.lanes();
    }

    @Override
    public void run(int from, int to, int worker) {
        int lanes = algebra.lanes();
        for (int p = from; p < to; p++) {
            if ((p + 1) * lanes <= system.count()) {
                together(p * lanes, scratch.doubles(worker));
            } else {
                rest.run(p * lanes, system.count(), worker);
            }
        }
    }

    private void together(int first, double[] s) {
        int lanes = algebra.lanes();
        int n = system.n();
        int m = system.m();
        int x = n * n * lanes;
        int end = x + n * m * lanes;
        loadTriangles(first, s, end);
        algebra.load(system.b(), system.bo(), system.offsetB(), first, n * m, s, x, s, end);
        if (system.unit()) {
            for (int i = 0; i < n; i++) {
                Arrays.fill(s, i * (n + 1) * lanes, (i * (n + 1) + 1) * lanes, 1);
            }
        }
        int rows = system.rowT() * lanes;
        int columns = system.columnT() * lanes;
        if (system.forward()) {
            algebra.solve(n, m, s, 0, rows, columns, s, x, m * lanes);
        } else {
            int last = n - 1;
            algebra.solve(n, m, s, last * (rows + columns), -rows, -columns, s, x + last * m * lanes, -m * lanes);
        }
        algebra.store(s, x, n * m, system.x(), system.xo() + first * n * m, n * m, s, end);
    }

    private void loadTriangles(int first, double[] s, int end) {
        int lanes = algebra.lanes();
        int n = system.n();
        if (n < 2 * lanes) {
            algebra.load(system.t(), system.to(), system.offsetT(), first, n * n, s, 0, s, end);
            return;
        }
        // only what is read, in whole vectors
        boolean lower = system.forward() != system.transpose();
        for (int i = 0; i < n; i++) {
            int from = lower ? 0 : i / lanes * lanes;
            int count = lower ? Math.min(n, (i / lanes + 1) * lanes) : n - from;
            int at = i * n + from;
            algebra.load(system.t(), system.to() + at, system.offsetT(), first, count, s, at * lanes, s, end);
        }
    }

    @Override
    public long cost() {
        return rest.cost() / 4;
    }
}
