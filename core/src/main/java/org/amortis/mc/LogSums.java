package org.amortis.mc;

/** Sums over the logarithms of weights, in float64. A weight that is not a number counts as zero. */
public final class LogSums {
    private LogSums() {}

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

    /**
     * Standard error of {@link #logMeanExp}, to first order: that of the mean weight over the mean weight.
     *
     * @param a logarithms of independent weights
     * @return standard error; NaN for fewer than two weights
     */
    public static double standardError(double... a) {
        double mean = logMeanExp(a);
        double s = 0;
        for (double v : a) {
            double w = Double.isNaN(v) ? 0 : Math.exp(v - mean);
            s += (w - 1) * (w - 1);
        }
        return a.length < 2 ? Double.NaN : Math.sqrt(s / (a.length - 1.0) / a.length);
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
