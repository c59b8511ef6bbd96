package org.amortis.langevin;

/**
 * Exact bounds of paths from N(0, 1) to exp(-((x - 2) / .5)^2 / 2) with temperatures k / (K + 1) and affine controls, by the
 * recursion of means and covariances: all states are Gaussian, all increments quadratic. Written without the engine.
 */
final class GaussianChain {
    static final double LOG_Z = .5 * Math.log(2 * Math.PI * .25);
    private static final double HALF_LOG_TWO_PI = .5 * Math.log(2 * Math.PI);

    private GaussianChain() {}

    /** f(x) = slope x + 8 beta. */
    private static double slope(double beta) {
        return -4 * beta - (1 - beta);
    }

    private static double start() {
        return .5 + HALF_LOG_TWO_PI;
    }

    private static double end(double mean, double variance) {
        return -2 * ((mean - 2) * (mean - 2) + variance);
    }

    /**
     * Without momentum.
     *
     * @param d step size
     * @param r backward control of each time 0 to K, slope and constant
     * @param best whether r is to be filled with the best one instead of read
     * @return the bound
     */
    static double overdamped(double d, double[][] r, boolean best) {
        int steps = r.length - 1;
        double m = 0;
        double c = 1;
        double sum = start();
        for (int k = 0; k < steps; k++) {
            double beta = (k + 1.0) / (steps + 1);
            double p = slope(beta);
            double q = 8 * beta;
            double to = (1 + d * p) * m + d * q;
            double variance = (1 + d * p) * (1 + d * p) * c + 2 * d;
            double both = (1 + d * p) * c;
            // what the control has to be: x / d - (1 / d + p) x' - q, a regression on x'
            double w = 1 / d + p;
            if (best) {
                r[k + 1][0] = both / (d * variance) - w;
                r[k + 1][1] = m / d - w * to - q - r[k + 1][0] * to;
            }
            w += r[k + 1][0];
            double mean = m / d - w * to - q - r[k + 1][1];
            double spread = c / (d * d) - 2 * w * both / d + w * w * variance;
            sum += .5 - d / 4 * (mean * mean + spread);
            m = to;
            c = variance;
        }
        return sum + end(m, c);
    }

    /**
     * With momentum: refreshment, then leapfrog.
     *
     * @param d step size
     * @param damping friction
     * @param r backward control of each time 0 to K: multiples of x and of the refreshed momentum, constant
     * @param best whether r is to be filled with the best one instead of read
     * @return the bound
     */
    static double underdamped(double d, double damping, double[][] r, boolean best) {
        int steps = r.length - 1;
        double eta = damping * d;
        double a = 1 - eta;
        double mx = 0;
        double mv = 0;
        double xx = 1;
        double xv = 0;
        double vv = 1;
        double sum = start();
        for (int k = 0; k < steps; k++) {
            double beta = (k + 1.0) / (steps + 1);
            double p = slope(beta);
            double q = 8 * beta;
            double mw = a * mv;
            double xw = a * xv;
            double ww = a * a * vv + 2 * eta;
            // what the control has to be: (v - a w) / (2 eta), a regression on x and w
            double mean = (mv - a * mw) / (2 * eta);
            double tx = (xv - a * xw) / (2 * eta);
            double tw = (a * vv - a * ww) / (2 * eta);
            double tt = (vv - 2 * a * a * vv + a * a * ww) / (4 * eta * eta);
            if (best) {
                double det = xx * ww - xw * xw;
                r[k][0] = (tx * ww - tw * xw) / det;
                r[k][1] = (tw * xx - tx * xw) / det;
                r[k][2] = mean - r[k][0] * mx - r[k][1] * mw;
            }
            double b = r[k][0];
            double c = r[k][1];
            double off = mean - b * mx - c * mw - r[k][2];
            double spread = tt - 2 * b * tx - 2 * c * tw + b * b * xx + 2 * b * c * xw + c * c * ww;
            sum += .5 - eta * (off * off + spread);
            // leapfrog is affine in x and w
            double x1 = 1 + d * d * p / 2;
            double x2 = d;
            double v1 = d * p / 2 * (1 + x1);
            double v2 = x1;
            double nx = x1 * mx + x2 * mw + d * d * q / 2;
            mv = v1 * mx + v2 * mw + d * q / 2 * (2 + d * d * p / 2);
            mx = nx;
            double nxx = x1 * x1 * xx + 2 * x1 * x2 * xw + x2 * x2 * ww;
            double nxv = x1 * v1 * xx + (x1 * v2 + x2 * v1) * xw + x2 * v2 * ww;
            vv = v1 * v1 * xx + 2 * v1 * v2 * xw + v2 * v2 * ww;
            xx = nxx;
            xv = nxv;
        }
        return sum + end(mx, xx) - .5 * (mv * mv + vv) + .5;
    }
}
