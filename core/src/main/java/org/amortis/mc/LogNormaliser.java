package org.amortis.mc;

import java.util.Arrays;
import java.util.List;

/**
 * A log normaliser from independent runs.
 *
 * @param logZ logarithm of the mean of the runs' normalisers
 * @param standardError its standard error by the bootstrap, see {@link LogBootstrap}: over the weights of all particles
 *     where these are independent, else over the runs, NaN then for one run
 * @param runs log normaliser of each run
 */
public record LogNormaliser(double logZ, double standardError, List<Double> runs) {
    /** Copies the list. */
    public LogNormaliser {
        runs = List.copyOf(runs);
    }

    /**
     * Puts runs with resampling together.
     *
     * @param logZ log normaliser of each run
     * @return their mean with its error
     */
    public static LogNormaliser of(double... logZ) {
        return new LogNormaliser(
                LogSums.logMeanExp(logZ),
                LogBootstrap.of(logZ).logMeanExp(),
                Arrays.stream(logZ).boxed().toList());
    }

    /**
     * Puts runs without resampling together, whose particles are independent.
     *
     * @param runs what the runs found, of equally many particles
     * @return their mean with its error
     */
    public static LogNormaliser ofImportance(List<Annealed> runs) {
        double[] all = Annealed.logWeights(runs);
        return new LogNormaliser(
                LogSums.logMeanExp(all),
                LogBootstrap.of(all).logMeanExp(),
                runs.stream().map(Annealed::logZ).toList());
    }
}
