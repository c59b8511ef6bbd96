package org.amortis.mc;

import java.util.List;

/**
 * A log normaliser from independent runs.
 *
 * @param logZ logarithm of the mean of the runs' normalisers
 * @param standardError its standard error, from their spread; NaN for one run
 * @param runs log normaliser of each run
 */
public record LogNormaliser(double logZ, double standardError, List<Double> runs) {
    /** Copies the list. */
    public LogNormaliser {
        runs = List.copyOf(runs);
    }

    /**
     * Puts runs together.
     *
     * @param logZ log normaliser of each run
     * @return their mean with its error
     */
    public static LogNormaliser of(double... logZ) {
        return new LogNormaliser(
                LogSums.logMeanExp(logZ),
                LogSums.standardError(logZ),
                java.util.Arrays.stream(logZ).boxed().toList());
    }
}
