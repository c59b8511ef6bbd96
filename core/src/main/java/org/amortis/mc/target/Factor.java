package org.amortis.mc.target;

import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;

/** Cholesky factor of a covariance and its inverse, in double on the host. */
final class Factor {
    private final int d;
    private final double[] lower;
    private final double[] inverse;

    private Factor(int d, double[] lower, double[] inverse) {
        this.d = d;
        this.lower = lower;
        this.inverse = inverse;
    }

    /** Of a symmetric positive definite matrix [d, d]. */
    static Factor of(String what, HostArray covariance) {
        if (covariance.shape().rank() != 2
                || covariance.shape().dim(0) != covariance.shape().dim(1)) {
            throw new ShapeException(what + "(covariance=" + covariance.shape() + "): needs [d, d]");
        }
        int d = covariance.shape().dim(0);
        double[] a = covariance.toDoubles();
        double[] l = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double gap = Math.abs(a[i * d + j] - a[j * d + i]);
                double s = a[i * d + j];
                for (int k = 0; k < j; k++) {
                    s -= l[i * d + k] * l[j * d + k];
                }
                if (!(gap <= 1e-9 * Math.sqrt(Math.abs(a[i * d + i] * a[j * d + j]))) || i == j && !(s > 0)) {
                    throw new PlanException(
                            what + "(covariance): not symmetric and positive definite at row " + i + ", column " + j);
                }
                l[i * d + j] = i == j ? Math.sqrt(s) : s / l[j * d + j];
            }
        }
        double[] w = new double[d * d];
        for (int i = 0; i < d; i++) {
            w[i * d + i] = 1;
            for (int k = 0; k < i; k++) {
                double f = l[i * d + k];
                for (int c = 0; c <= k; c++) {
                    w[i * d + c] -= f * w[k * d + c];
                }
            }
            for (int c = 0; c <= i; c++) {
                w[i * d + c] /= l[i * d + i];
            }
        }
        return new Factor(d, l, w);
    }

    /** L, row-major. */
    double[] lower() {
        return lower;
    }

    /** The inverse of L, row-major: what whitens. */
    double[] inverse() {
        return inverse;
    }

    /** Sum of the logarithms of the diagonal: half the log determinant of the covariance. */
    double logDet() {
        double s = 0;
        for (int i = 0; i < d; i++) {
            s += Math.log(lower[i * d + i]);
        }
        return s;
    }

    /** mean + L noise, the noise overwritten. */
    void place(double[] mean, int meanAt, double[] x, int at) {
        for (int i = d - 1; i >= 0; i--) {
            double s = 0;
            for (int k = 0; k <= i; k++) {
                s += lower[i * d + k] * x[at + k];
            }
            x[at + i] = mean[meanAt + i] + s;
        }
    }
}
