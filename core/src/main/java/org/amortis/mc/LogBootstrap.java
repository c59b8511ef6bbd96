package org.amortis.mc;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.amortis.array.PlanException;

/**
 * Standard errors by the bootstrap (Efron 1979) of what the logarithms of independent weights say: the weights are drawn
 * again with replacement, {@value #RESAMPLES} times, always by the same numbers. The variance is multiplied by n / (n - 1),
 * so that few weights do not seem better than they are.
 *
 * @param logMeanExp error of {@link LogSums#logMeanExp}; NaN for one weight
 * @param effectiveShare error of the effective number of weights by their number; NaN for one weight
 */
public record LogBootstrap(double logMeanExp, double effectiveShare) {
    /** How often weights are drawn again. */
    public static final int RESAMPLES = 200;

    /**
     * Errors for a set of weights.
     *
     * @param a their logarithms; minus infinity is the logarithm of zero, a weight that is not a number counts as zero
     * @return errors; NaN if all weights are zero
     */
    public static LogBootstrap of(double... a) {
        int n = a.length;
        if (n == 0) {
            throw new PlanException("logBootstrap(weights=0): no weight");
        }
        double max = Double.NEGATIVE_INFINITY;
        for (double v : a) {
            max = v > max ? v : max;
        }
        if (n == 1 || Double.isInfinite(max)) {
            return new LogBootstrap(Double.NaN, Double.NaN);
        }
        double[] w = new double[n];
        for (int i = 0; i < n; i++) {
            w[i] = Double.isNaN(a[i]) ? 0 : Math.exp(a[i] - max);
        }
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(n);
        Spread mean = new Spread();
        Spread share = new Spread();
        while (mean.count < RESAMPLES) {
            double s = 0;
            double s2 = 0;
            for (int i = 0; i < n; i++) {
                double v = w[random.nextInt(n)];
                s += v;
                s2 += v * v;
            }
            if (s > 0) {
                mean.add(Math.log(s));
                share.add(s * s / s2 / n);
            }
        }
        double unbiased = Math.sqrt(n / (n - 1.0));
        return new LogBootstrap(unbiased * mean.deviation(), unbiased * share.deviation());
    }

    /** Welford's sums. */
    private static final class Spread {
        private int count;
        private double mean;
        private double squares;

        void add(double v) {
            double off = v - mean;
            mean += off / ++count;
            squares += off * (v - mean);
        }

        double deviation() {
            return Math.sqrt(squares / (count - 1));
        }
    }
}
