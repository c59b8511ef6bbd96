package org.amortis.bench.natives;

import org.amortis.bench.peers.Inputs;
import org.amortis.bench.peers.Peer;
import org.amortis.bench.peers.Row;
import org.amortis.bench.peers.Work;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/** OpenBLAS through JavaCPP: products only. */
public final class OpenBlasPeer implements Peer {
    private static final int ROW_MAJOR = openblas_nolapack.CblasRowMajor;
    private static final int AS_STORED = openblas_nolapack.CblasNoTrans;
    private static final int TRANSPOSED = openblas_nolapack.CblasTrans;

    /** For the class loader. */
    public OpenBlasPeer() {}

    @Override
    public String version() {
        return "OpenBLAS " + openblas_nolapack.class.getPackage().getImplementationVersion();
    }

    @Override
    public void start(int threads) {
        openblas_nolapack.blas_set_num_threads(threads);
    }

    @Override
    public @Nullable Work work(Row row) {
        if (!row.op().isGemm()) {
            return null;
        }
        boolean ta = row.op() == Row.Op.GEMM_TN;
        boolean tb = row.op() == Row.Op.GEMM_NT;
        int m = row.m();
        int n = row.n();
        int k = row.k();
        int lda = ta ? m : k;
        int ldb = tb ? k : n;
        FloatPointer a = new FloatPointer(Inputs.a(row));
        FloatPointer b = new FloatPointer(Inputs.b(row));
        FloatPointer c = new FloatPointer((long) m * n);
        return Work.of(
                row,
                () -> openblas_nolapack.cblas_sgemm(
                        ROW_MAJOR,
                        ta ? TRANSPOSED : AS_STORED,
                        tb ? TRANSPOSED : AS_STORED,
                        m,
                        n,
                        k,
                        1,
                        a,
                        lda,
                        b,
                        ldb,
                        0,
                        c,
                        n),
                () -> {
                    float[] copy = new float[m * n];
                    c.get(copy);
                    return copy;
                });
    }
}
