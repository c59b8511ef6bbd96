package org.amortis.langevin;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.amortis.array.PlanException;
import org.amortis.vi.LogWeights;

/**
 * What many log weights say, each number with its standard error.
 *
 * @param paths number of paths N
 * @param elbo mean of log w
 * @param elboError its standard error
 * @param logZ logarithm of the mean of w
 * @param logZError standard deviation over {@value #RESAMPLES} bootstrap samples
 * @param ess (sum w)^2 / (N sum w^2), between 1/N and 1
 * @param essError likewise
 */
public record PathStatistics(
        int paths, double elbo, double elboError, double logZ, double logZError, double ess, double essError) {
    /** Bootstrap samples. */
    public static final int RESAMPLES = 200;

    /**
     * Of log weights.
     *
     * @param logWeights log w of each path
     * @return statistics
     */
    public static PathStatistics of(double... logWeights) {
        int n = logWeights.length;
        if (n == 0) {
            throw new PlanException("pathStatistics(paths=0): no path");
        }
        double[] z = new double[RESAMPLES];
        double[] e = new double[RESAMPLES];
        double max = Double.NEGATIVE_INFINITY;
        for (double w : logWeights) {
            max = Math.max(max, w);
        }
        double[] w = new double[n];
        for (int i = 0; i < n; i++) {
            w[i] = Math.exp(logWeights[i] - max);
        }
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(n);
        for (int b = 0; b < RESAMPLES; b++) {
            double s = 0;
            double s2 = 0;
            for (int i = 0; i < n; i++) {
                double v = w[random.nextInt(n)];
                s += v;
                s2 += v * v;
            }
            z[b] = Math.log(s);
            e[b] = s * s / s2 / n;
        }
        return new PathStatistics(
                n,
                LogWeights.mean(logWeights),
                LogWeights.standardDeviation(logWeights) / Math.sqrt(n),
                LogWeights.logMeanExp(logWeights),
                LogWeights.standardDeviation(z),
                LogWeights.effectiveSamples(logWeights) / n,
                LogWeights.standardDeviation(e));
    }
}
