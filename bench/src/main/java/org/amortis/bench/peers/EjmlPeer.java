package org.amortis.bench.peers;

import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;
import org.jspecify.annotations.Nullable;

/** EJML: scalar Java, the rows that it has. */
final class EjmlPeer implements Peer {
    private int threads = 1;

    EjmlPeer() {}

    @Override
    public String version() {
        return "EJML 0.46.1";
    }

    @Override
    public void start(int n) {
        threads = n;
        EjmlConcurrency.USE_CONCURRENT = n > 1;
        EjmlConcurrency.setMaxThreads(n);
    }

    @Override
    public @Nullable Work work(Row row) {
        boolean ta = row.op() == Row.Op.GEMM_TN;
        boolean tb = row.op() == Row.Op.GEMM_NT;
        if (row.op().isGemm()) {
            FMatrixRMaj a = FMatrixRMaj.wrap(ta ? row.k() : row.m(), ta ? row.m() : row.k(), Inputs.a(row));
            FMatrixRMaj b = FMatrixRMaj.wrap(tb ? row.n() : row.k(), tb ? row.k() : row.n(), Inputs.b(row));
            FMatrixRMaj c = new FMatrixRMaj(row.m(), row.n());
            return Work.of(row, product(ta, tb, a, b, c), c.data::clone);
        }
        FMatrixRMaj y = new FMatrixRMaj(1, row.m());
        if (threads > 1) {
            return null;
        }
        return switch (row.op()) {
            case EXP -> {
                FMatrixRMaj x = FMatrixRMaj.wrap(1, row.m(), Inputs.x(row));
                yield Work.of(row, () -> CommonOps_FDRM.elementExp(x, y), y.data::clone);
            }
            case LOG -> {
                FMatrixRMaj x = FMatrixRMaj.wrap(1, row.m(), Inputs.x(row));
                yield Work.of(row, () -> CommonOps_FDRM.elementLog(x, y), y.data::clone);
            }
            case ADD -> {
                FMatrixRMaj x = FMatrixRMaj.wrap(1, row.m(), Inputs.x(row));
                FMatrixRMaj z = FMatrixRMaj.wrap(1, row.m(), Inputs.y(row));
                yield Work.of(row, () -> CommonOps_FDRM.add(x, z, y), y.data::clone);
            }
            default -> null;
        };
    }

    private Runnable product(boolean ta, boolean tb, FMatrixRMaj a, FMatrixRMaj b, FMatrixRMaj c) {
        if (threads > 1) {
            return ta
                    ? () -> CommonOps_MT_FDRM.multTransA(a, b, c)
                    : tb ? () -> CommonOps_MT_FDRM.multTransB(a, b, c) : () -> CommonOps_MT_FDRM.mult(a, b, c);
        }
        return ta
                ? () -> CommonOps_FDRM.multTransA(a, b, c)
                : tb ? () -> CommonOps_FDRM.multTransB(a, b, c) : () -> CommonOps_FDRM.mult(a, b, c);
    }
}
