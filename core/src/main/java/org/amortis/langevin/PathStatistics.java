package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.mc.LogBootstrap;
import org.amortis.vi.LogWeights;

/**
 * What many log weights say, each number with its standard error.
 *
 * @param paths number of paths N
 * @param elbo mean of log w
 * @param elboError its standard error
 * @param logZ logarithm of the mean of w
 * @param logZError its standard error, see {@link LogBootstrap}
 * @param ess (sum w)^2 / (N sum w^2), between 1/N and 1
 * @param essError likewise
 */
public record PathStatistics(
        int paths, double elbo, double elboError, double logZ, double logZError, double ess, double essError) {
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
        LogBootstrap errors = LogBootstrap.of(logWeights);
        return new PathStatistics(
                n,
                LogWeights.mean(logWeights),
                LogWeights.standardDeviation(logWeights) / Math.sqrt(n),
                LogWeights.logMeanExp(logWeights),
                errors.logMeanExp(),
                LogWeights.effectiveSamples(logWeights) / n,
                errors.effectiveShare());
    }
}
