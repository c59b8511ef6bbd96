package org.amortis.bench.targets;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.Target;
import org.amortis.mc.target.HostData;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Log-Gaussian Cox process of pine saplings on 40 x 40 bins, covariance 1.91 exp(-33 distance / 40), distances in bins.
 * Whitened and not: both have the same evidence. Factor and inverse are made once, at the first use.
 */
final class CoxProcess {
    private static final int GRID = 40;
    private static final int D = GRID * GRID;
    private static final double VARIANCE = 1.91;
    private static final double MEAN = Math.log(126) - VARIANCE / 2;

    /** Published value of log det K, a check of the factor. */
    static final double LOG_DET = 451.41095778890053;

    private CoxProcess() {}

    /** What both versions share. */
    private static final class Prior {
        static final double[] LOWER = factor();
        static final HostData L = HostData.of(Shape.of(D, D), LOWER);
    }

    /** What only the form that is not whitened needs. */
    private static final class Whitening {
        static final HostData W = HostData.of(Shape.of(D, D), inverse(Prior.LOWER));
    }

    private static double[] factor() {
        DMatrixRMaj k = new DMatrixRMaj(D, D);
        for (int i = 0; i < D; i++) {
            for (int j = 0; j < D; j++) {
                double distance = Math.hypot(i / GRID - j / GRID, i % GRID - j % GRID);
                k.set(i, j, VARIANCE * Math.exp(-distance * 33 / GRID));
            }
        }
        var cholesky = DecompositionFactory_DDRM.chol(D, true);
        if (!cholesky.decompose(k)) {
            throw new IllegalStateException("the covariance of the Cox process has no Cholesky factor");
        }
        return cholesky.getT(null).data;
    }

    /** Of a lower triangular matrix, by rows. */
    private static double[] inverse(double[] l) {
        double[] w = new double[D * D];
        for (int i = 0; i < D; i++) {
            w[i * D + i] = 1;
            for (int k = 0; k < i; k++) {
                double f = l[i * D + k];
                for (int c = 0; c <= k; c++) {
                    w[i * D + c] -= f * w[k * D + c];
                }
            }
            for (int c = 0; c <= i; c++) {
                w[i * D + c] /= l[i * D + i];
            }
        }
        return w;
    }

    static double logDet() {
        double s = 0;
        for (int i = 0; i < D; i++) {
            s += 2 * Math.log(Prior.LOWER[i * D + i]);
        }
        return s;
    }

    /** Noise e with f = mean + L e. */
    static Target whitened(String name, TargetData pines) {
        HostData counts = counts(pines);
        double constant = D * Math.log(2 * Math.PI) / 2;
        return Target.of(name, D, z -> {
            Tensor e = z.shape().rank() == 2 ? z : z.reshape(-1, D);
            Tensor f = Tensors.matmul(e, Prior.L.like(z), false, true).add(MEAN);
            return likelihood(f, counts)
                    .sub(e.square().sum(-1).mul(0.5))
                    .sub(constant)
                    .reshape(z.shape().drop(-1));
        });
    }

    /** The field itself. */
    static Target field(String name, TargetData pines) {
        HostData counts = counts(pines);
        double constant = (D * Math.log(2 * Math.PI) + LOG_DET) / 2;
        return Target.of(name, D, z -> {
            Tensor f = z.shape().rank() == 2 ? z : z.reshape(-1, D);
            Tensor e = Tensors.matmul(f.sub(MEAN), Whitening.W.like(z), false, true);
            return likelihood(f, counts)
                    .sub(e.square().sum(-1).mul(0.5))
                    .sub(constant)
                    .reshape(z.shape().drop(-1));
        });
    }

    private static Tensor likelihood(Tensor f, HostData counts) {
        return counts.like(f).mul(f).sub(f.exp().mul(1.0 / D)).sum(-1);
    }

    private static HostData counts(TargetData pines) {
        HostArray points = pines.read();
        double[] y = new double[D];
        for (int i = 0; i < points.shape().dim(0); i++) {
            int row = Math.min((int) Math.floor(GRID * points.at(i, 0)), GRID - 1);
            int column = Math.min((int) Math.floor(GRID * points.at(i, 1)), GRID - 1);
            y[GRID * row + column]++;
        }
        return HostData.of(Shape.of(D), y);
    }
}
