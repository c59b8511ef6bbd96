package org.amortis.vi;

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
        double max = max(a);
        if (Double.isInfinite(max)) {
            return max;
        }
        double s = 0;
        for (double v : a) {
            s += Double.isNaN(v) ? 0 : Math.exp(v - max);
        }
        return max + Math.log(s / a.length);
    }

    /**
     * Effective number of draws.
     *
     * @param a logarithms of weights
     * @return (sum w)^2 / sum w^2; 0 if all weights are zero
     */
    public static double effectiveSamples(double... a) {
        double max = max(a);
        if (Double.isInfinite(max)) {
            return 0;
        }
        double s = 0;
        double s2 = 0;
        for (double v : a) {
            double w = Double.isNaN(v) ? 0 : Math.exp(v - max);
            s += w;
            s2 += w * w;
        }
        return s * s / s2;
    }

    private static double max(double... a) {
        double m = Double.NEGATIVE_INFINITY;
        for (double v : a) {
            if (v > m) {
                m = v;
            }
        }
        return m;
    }
}
