package org.amortis.diagnose;

/** Eigenvalues of small symmetric matrices on the host. */
final class Symmetric {
    private static final int SWEEPS = 60;

    private Symmetric() {}

    /**
     * Jacobi's method: rotates a to diagonal form.
     *
     * @param a n x n symmetric, row-major; written: its diagonal becomes the eigenvalues
     * @param n size
     * @return eigenvectors as columns, row-major
     */
    static double[] eigen(double[] a, int n) {
        double[] v = new double[n * n];
        double norm = 0;
        for (int i = 0; i < n; i++) {
            v[i * n + i] = 1;
        }
        for (double x : a) {
            norm += x * x;
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double off = 0;
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    off += a[i * n + j] * a[i * n + j];
                }
            }
            if (!(off > 1e-26 * norm)) {
                break;
            }
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, v, n, p, q);
                }
            }
        }
        return v;
    }

    private static void rotate(double[] a, double[] v, int n, int p, int q) {
        double apq = a[p * n + q];
        if (apq == 0) {
            return;
        }
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < n; k++) {
            double akp = a[k * n + p];
            double akq = a[k * n + q];
            a[k * n + p] = c * akp - s * akq;
            a[k * n + q] = s * akp + c * akq;
        }
        for (int k = 0; k < n; k++) {
            double apk = a[p * n + k];
            double aqk = a[q * n + k];
            a[p * n + k] = c * apk - s * aqk;
            a[q * n + k] = s * apk + c * aqk;
            double vkp = v[k * n + p];
            double vkq = v[k * n + q];
            v[k * n + p] = c * vkp - s * vkq;
            v[k * n + q] = s * vkp + c * vkq;
        }
    }
}
