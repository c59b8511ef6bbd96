package org.amortis.vi;

import java.util.Arrays;
import org.amortis.math.GeneralisedPareto;
import org.amortis.mc.LogSums;

/** Sums over the logarithms of importance weights, in float64. A weight that is not a number counts as zero. */
public final class LogWeights {
    private LogWeights() {}

    /**
     * Mean.
     *
     * @param a numbers
     * @return their mean
     */
    public static double mean(double... a) {
        double s = 0;
        for (double v : a) {
            s += v;
        }
        return s / a.length;
    }

    /** Standard error of the mean; with pairs, i and i + pair of each chunk are one observation. */
    static double standardError(double[] a, int pair, int chunk) {
        double m = mean(a);
        double s = 0;
        int n = 0;
        for (int from = 0; from < a.length; from += chunk) {
            for (int i = 0; i < (pair > 0 ? pair : chunk); i++) {
                double v = pair > 0 ? (a[from + i] + a[from + i + pair]) / 2 : a[from + i];
                s += (v - m) * (v - m);
                n++;
            }
        }
        return n < 2 ? Double.NaN : Math.sqrt(s / (n - 1.0) / n);
    }

    /**
     * Standard deviation.
     *
     * @param a numbers
     * @return square root of the unbiased variance; NaN for fewer than two
     */
    public static double standardDeviation(double... a) {
        double m = mean(a);
        double s = 0;
        for (double v : a) {
            s += (v - m) * (v - m);
        }
        return a.length < 2 ? Double.NaN : Math.sqrt(s / (a.length - 1));
    }

    /**
     * Logarithm of the mean of exponentials.
     *
     * @param a logarithms; minus infinity is the logarithm of zero
     * @return log mean exp; minus infinity if all are
     */
    public static double logMeanExp(double... a) {
        return LogSums.logMeanExp(a);
    }

    /**
     * Effective number of draws.
     *
     * @param a logarithms of weights
     * @return (sum w)^2 / sum w^2; 0 if all weights are zero
     */
    public static double effectiveSamples(double... a) {
        return LogSums.effectiveSamples(a);
    }

    /**
     * Shape k of a generalised Pareto distribution fitted to the largest weights (Zhang and Stephens 2009, with the prior
     * of Vehtari et al. 2024): weights have moments below 1/k. Above 0.7 a mean of weights is not to be trusted.
     *
     * @param a logarithms of weights, at least 25
     * @return k; NaN for fewer weights or when the largest are all equal
     */
    public static double paretoShape(double... a) {
        double[] sorted = a.clone();
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = Double.isNaN(sorted[i]) ? Double.NEGATIVE_INFINITY : sorted[i];
        }
        Arrays.sort(sorted);
        int n = sorted.length;
        int m = (int) Math.min(n / 5.0, Math.ceil(3 * Math.sqrt(n)));
        if (m < 5 || Double.isInfinite(sorted[n - 1])) {
            return Double.NaN;
        }
        double cut = Math.exp(sorted[n - m - 1] - sorted[n - 1]);
        double[] x = new double[m];
        for (int i = 0; i < m; i++) {
            x[i] = Math.exp(sorted[n - m + i] - sorted[n - 1]) - cut;
        }
        if (!(x[(int) Math.floor(m / 4.0 + 0.5) - 1] > 0)) {
            return Double.NaN;
        }
        // ten observations' worth of k = 1/2 steady small tails
        return (GeneralisedPareto.fit(x).shape() * m + 5) / (m + 10);
    }
}
