package org.amortis.math;

import java.util.Arrays;

/**
 * Generalised Pareto distribution of what exceeds a threshold, density (1 + k x / s)^(-1/k - 1) / s.
 *
 * @param shape k; moments of order 1/k and above are infinite for positive k
 * @param scale s
 */
public record GeneralisedPareto(double shape, double scale) {
    private static final int POINTS = 30;
    private static final double PRIOR = 3;

    /**
     * The estimate of Zhang and Stephens 2009: the mean of theta = -k / s over a grid, weighted by its profile likelihood.
     *
     * @param x exceedances in increasing order, the lower quartile and all above it positive
     * @return the distribution; its shape is not finite where the fit fails
     */
    public static GeneralisedPareto fit(double... x) {
        int n = x.length;
        int m = POINTS + (int) Math.sqrt(n);
        double quartile = x[(int) Math.floor(n / 4.0 + 0.5) - 1];
        double[] theta = new double[m];
        double[] log = new double[m];
        double top = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < m; j++) {
            theta[j] = 1 / x[n - 1] + (1 - Math.sqrt(m / (j + 0.5))) / (PRIOR * quartile);
            double k = shape(theta[j], x);
            // theta / k has a limit at 0, minus the mean of x
            double ratio = theta[j] == 0 ? 1 / mean(x) : -theta[j] / k;
            log[j] = n * (Math.log(ratio) - k - 1);
            top = Math.max(top, log[j]);
        }
        double weight = 0;
        double sum = 0;
        for (int j = 0; j < m; j++) {
            double w = Math.exp(log[j] - top);
            weight += w;
            sum += w * theta[j];
        }
        double t = sum / weight;
        double k = shape(t, x);
        return new GeneralisedPareto(k, t == 0 ? mean(x) : -k / t);
    }

    private static double mean(double... x) {
        return Arrays.stream(x).sum() / x.length;
    }

    private static double shape(double theta, double... x) {
        double s = 0;
        for (double v : x) {
            s += Math.log1p(-theta * v);
        }
        return s / x.length;
    }

    /**
     * The value that is exceeded with probability 1 - p.
     *
     * @param p from 0 to below 1
     * @return at least 0
     */
    public double quantile(double p) {
        double e = -Math.log1p(-p);
        return shape == 0 ? scale * e : scale * Math.expm1(shape * e) / shape;
    }
}
