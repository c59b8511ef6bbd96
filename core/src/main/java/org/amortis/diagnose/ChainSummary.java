package org.amortis.diagnose;

import java.util.Arrays;

/**
 * What is reported of one quantity of Markov chains.
 *
 * @param mean mean of all draws
 * @param meanError Monte Carlo standard error of the mean
 * @param std standard deviation of all draws
 * @param stdError Monte Carlo standard error of the standard deviation
 * @param low 5% quantile
 * @param median median
 * @param high 95% quantile
 * @param rHat see {@link ChainDiagnostics#rHat}
 * @param bulkEss see {@link ChainDiagnostics#bulkEss}
 * @param tailEss see {@link ChainDiagnostics#tailEss}
 */
public record ChainSummary(
        double mean,
        double meanError,
        double std,
        double stdError,
        double low,
        double median,
        double high,
        double rHat,
        double bulkEss,
        double tailEss) {
    /**
     * Of one quantity.
     *
     * @param x [chains][draws]
     * @return the summary; diagnostics and errors are NaN where all draws are the same number
     */
    public static ChainSummary of(double[]... x) {
        double rHat = ChainDiagnostics.rHat(x);
        double[] all = Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
        double mean = Arrays.stream(all).average().orElse(Double.NaN);
        double square = Arrays.stream(all).map(v -> (v - mean) * (v - mean)).sum();
        return new ChainSummary(
                mean,
                ChainDiagnostics.meanError(x),
                Math.sqrt(square / (all.length - 1)),
                ChainDiagnostics.stdError(x),
                ChainDiagnostics.quantile(0.05, x),
                ChainDiagnostics.quantile(0.5, x),
                ChainDiagnostics.quantile(0.95, x),
                rHat,
                ChainDiagnostics.bulkEss(x),
                ChainDiagnostics.tailEss(x));
    }
}
