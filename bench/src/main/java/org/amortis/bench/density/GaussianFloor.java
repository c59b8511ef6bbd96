package org.amortis.bench.density;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/**
 * The normal density of mean and covariance of the training rows: what a flow must beat. By EJML, so that the engine does
 * not measure itself with itself.
 */
final class GaussianFloor {
    private static final int BLOCK = 2_000;

    private GaussianFloor() {}

    /**
     * Log-likelihood of each test row, in the units of the rows.
     *
     * @param train rows [n, D]
     * @param test rows [m, D]
     * @return m numbers; all NaN if the covariance is singular
     */
    static double[] of(HostArray train, HostArray test) {
        int n = train.shape().dim(0);
        int m = test.shape().dim(0);
        int d = train.shape().dim(1);
        double[] mean = new double[d];
        for (int i = 0; i < n * d; i++) {
            mean[i % d] += train.get(i) / n;
        }
        DMatrixRMaj covariance = new DMatrixRMaj(d, d);
        for (int from = 0; from < n; from += BLOCK) {
            DMatrixRMaj x = centred(train, from, Math.min(n, from + BLOCK), mean);
            CommonOps_DDRM.multAddTransA(1.0 / n, x, x, covariance);
        }
        double[] log = new double[m];
        CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(d, true);
        if (n <= d || !cholesky.decompose(covariance)) {
            Arrays.fill(log, Double.NaN);
            return log;
        }
        DMatrixRMaj factor = cholesky.getT(null);
        double constant = -0.5 * d * Math.log(2 * Math.PI);
        for (int j = 0; j < d; j++) {
            constant -= Math.log(factor.get(j, j));
        }
        double[] y = new double[d];
        for (int i = 0; i < m; i++) {
            double square = 0;
            for (int j = 0; j < d; j++) {
                double v = test.get(i * d + j) - mean[j];
                for (int k = 0; k < j; k++) {
                    v -= factor.get(j, k) * y[k];
                }
                y[j] = v / factor.get(j, j);
                square += y[j] * y[j];
            }
            log[i] = constant - 0.5 * square;
        }
        return log;
    }

    private static DMatrixRMaj centred(HostArray rows, int from, int to, double[] mean) {
        int d = mean.length;
        DMatrixRMaj x = new DMatrixRMaj(to - from, d);
        for (int i = 0; i < (to - from) * d; i++) {
            x.data[i] = rows.get(from * d + i) - mean[i % d];
        }
        return x;
    }
}
