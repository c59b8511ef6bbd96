package org.amortis.diagnose;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.amortis.array.NonFiniteException;
import org.amortis.array.ShapeException;
import org.amortis.math.SpecialFunctions;

/**
 * Convergence of Markov chains, after Vehtari, Gelman, Simpson, Carpenter and Buerkner, "Rank-normalization, folding, and
 * localization: an improved R-hat for assessing convergence of MCMC", 2021. All take one quantity as [chains][draws] and cut
 * each chain in halves (of an odd number of draws the middle one is left out), so one chain is enough.
 *
 * <p>Refused: no chain, chains of different lengths, fewer than {@value #LEAST} draws, numbers that are not finite. Where
 * all draws are the same number nothing can be said and the result is NaN. Where each half is constant but they differ,
 * R-hat is infinite.
 */
public final class ChainDiagnostics {
    /** Draws that a chain must have. */
    public static final int LEAST = 4;

    private ChainDiagnostics() {}

    /**
     * The larger of {@link #rankRHat} and {@link #foldedRHat}: below 1.01 is what the authors ask for.
     *
     * @param x [chains][draws]
     * @return R-hat, 1 or a little less where the chains agree
     */
    public static double rHat(double[]... x) {
        double[][] halves = halves(x);
        // NaN only if both are: folding may make a constant of what is not one
        double a = potentialScale(ranked(halves));
        double b = potentialScale(ranked(folded(halves)));
        return Double.isNaN(b) ? a : Math.max(a, b);
    }

    /**
     * R-hat of the normal scores of the ranks: sees chains of different location.
     *
     * @param x [chains][draws]
     * @return R-hat
     */
    public static double rankRHat(double[]... x) {
        return potentialScale(ranked(halves(x)));
    }

    /**
     * R-hat of the normal scores of the distances from the median: sees chains of different scale.
     *
     * @param x [chains][draws]
     * @return R-hat
     */
    public static double foldedRHat(double[]... x) {
        return potentialScale(ranked(folded(halves(x))));
    }

    /**
     * R-hat of the numbers themselves (Gelman and Rubin 1992, halves), which needs a finite variance.
     *
     * @param x [chains][draws]
     * @return R-hat
     */
    public static double splitRHat(double[]... x) {
        return potentialScale(halves(x));
    }

    /**
     * Effective number of draws for the middle of the distribution: of the normal scores of the ranks.
     *
     * @param x [chains][draws]
     * @return effective number of all chains together; above 400 is what the authors ask for
     */
    public static double bulkEss(double[]... x) {
        return effective(ranked(halves(x)));
    }

    /**
     * Effective number of draws for the tails: the smaller of those of the 5% and the 95% quantile.
     *
     * @param x [chains][draws]
     * @return effective number of all chains together
     */
    public static double tailEss(double[]... x) {
        return Math.min(quantileEss(0.05, x), quantileEss(0.95, x));
    }

    /**
     * Effective number of draws for the mean.
     *
     * @param x [chains][draws]
     * @return effective number of all chains together
     */
    public static double meanEss(double[]... x) {
        return effective(halves(x));
    }

    /**
     * Effective number of draws for a quantile: of being at most the quantile.
     *
     * @param p probability
     * @param x [chains][draws]
     * @return effective number of all chains together; NaN if all draws are at most the quantile
     */
    public static double quantileEss(double p, double[]... x) {
        double q = quantile(p, x);
        return effective(mapped(halves(x), v -> v <= q ? 1 : 0));
    }

    /**
     * Monte Carlo standard error of the mean.
     *
     * @param x [chains][draws]
     * @return standard error
     */
    public static double meanError(double[]... x) {
        return Math.sqrt(variance(flat(x)) / meanEss(x));
    }

    /**
     * Monte Carlo standard error of the standard deviation, from that of the variance by its derivative.
     *
     * @param x [chains][draws]
     * @return standard error; assumes a finite fourth moment
     */
    public static double stdError(double[]... x) {
        double[] all = flat(x);
        double mean = Autocovariance.mean(all);
        double[] squares = Arrays.stream(all).map(v -> (v - mean) * (v - mean)).toArray();
        double second = Autocovariance.mean(squares);
        double fourth = Arrays.stream(squares).map(v -> v * v).sum() / all.length;
        double ess = effective(mapped(halves(x), v -> (v - mean) * (v - mean)));
        return Math.sqrt((fourth - second * second) / ess / second) / 2;
    }

    /**
     * Monte Carlo standard error of a quantile: half the distance between the draws at the ends of the interval that the
     * probability has at one standard deviation.
     *
     * @param p probability, inside (0, 1)
     * @param x [chains][draws]
     * @return standard error
     */
    public static double quantileError(double p, double[]... x) {
        double ess = quantileEss(p, x);
        if (Double.isNaN(ess)) {
            return Double.NaN;
        }
        double[] sorted = flat(x);
        Arrays.sort(sorted);
        double a = betaQuantile(SpecialFunctions.normalCdf(-1), ess * p + 1, ess * (1 - p) + 1);
        double b = betaQuantile(SpecialFunctions.normalCdf(1), ess * p + 1, ess * (1 - p) + 1);
        int n = sorted.length;
        int low = Math.max((int) Math.floor(a * n), 1) - 1;
        int high = Math.min((int) Math.ceil(b * n), n) - 1;
        return (sorted[high] - sorted[low]) / 2;
    }

    /**
     * A quantile of all draws, linear between order statistics.
     *
     * @param p probability, inside (0, 1)
     * @param x [chains][draws]
     * @return quantile
     */
    public static double quantile(double p, double[]... x) {
        if (!(p > 0 && p < 1)) {
            throw new ShapeException("quantile(p=" + p + "): inside (0, 1)");
        }
        double[] sorted = flat(x);
        Arrays.sort(sorted);
        double at = p * (sorted.length - 1);
        int i = (int) Math.floor(at);
        double rest = at - i;
        return i + 1 < sorted.length ? sorted[i] + rest * (sorted[i + 1] - sorted[i]) : sorted[i];
    }

    /**
     * Autocorrelations of one chain.
     *
     * @param x draws
     * @param lags largest lag
     * @return lags + 1 numbers, the first 1; NaN if the chain is constant
     */
    public static double[] autocorrelation(double[] x, int lags) {
        check(x);
        if (lags < 0 || lags >= x.length) {
            throw new ShapeException("autocorrelation(lags=" + lags + "): from 0 to " + (x.length - 1));
        }
        double[] c = constant(x) ? new double[x.length] : Autocovariance.of(x);
        double[] out = new double[lags + 1];
        for (int t = 0; t <= lags; t++) {
            out[t] = c[t] / c[0];
        }
        return out;
    }

    /**
     * Energy Bayesian fraction of missing information (Betancourt 2016): mean squared change of the energy over its
     * variance. Below 0.3 momenta change the energy too little for the tails to be reached.
     *
     * @param energies Hamiltonians [chains][draws]
     * @return one for each chain; NaN where the energy is constant
     */
    public static double[] energyFraction(double[]... energies) {
        check(energies);
        double[] r = new double[energies.length];
        for (int c = 0; c < r.length; c++) {
            double[] e = energies[c];
            double change = 0;
            for (int i = 1; i < e.length; i++) {
                change += (e[i] - e[i - 1]) * (e[i] - e[i - 1]);
            }
            r[c] = constant(e) ? Double.NaN : change / (variance(e) * (e.length - 1));
        }
        return r;
    }

    /** sqrt of total over within variance. */
    private static double potentialScale(double[][] x) {
        int n = x[0].length;
        double[] means = new double[x.length];
        double within = 0;
        for (int c = 0; c < x.length; c++) {
            means[c] = Autocovariance.mean(x[c]);
            within += constant(x[c]) ? 0 : variance(x[c]) / x.length;
        }
        double between = constant(means) ? 0 : variance(means);
        // 0 / 0 where all draws are the same number
        return Math.sqrt((n - 1.0) / n + between / within * (within == 0 && between == 0 ? Double.NaN : 1));
    }

    /**
     * Geyer's initial monotone sequence over the autocorrelations of all chains together, which count a difference between
     * chains as correlation.
     */
    private static double effective(double[][] x) {
        int m = x.length;
        int n = x[0].length;
        double[] mean = new double[m];
        double[] covariance = new double[n];
        for (int c = 0; c < m; c++) {
            mean[c] = Autocovariance.mean(x[c]);
            if (!constant(x[c])) {
                double[] a = Autocovariance.of(x[c]);
                for (int t = 0; t < n; t++) {
                    covariance[t] += a[t] / m;
                }
            }
        }
        double within = covariance[0] * n / (n - 1.0);
        double total = covariance[0] + (constant(mean) ? 0 : variance(mean));
        if (total == 0) {
            return Double.NaN;
        }
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        int t = 0;
        double even = 1;
        for (; t + 1 < n; t += 2) {
            even = t == 0 ? 1 : 1 - (within - covariance[t]) / total;
            double pair = even + 1 - (within - covariance[t + 1]) / total;
            if (!(pair > 0)) {
                break;
            }
            least = Math.min(least, pair);
            sum += least;
        }
        // of the pair that is left out the first half, if positive: better for chains that alternate
        double tau = 2 * sum - 1 + (t + 1 < n ? Math.max(even, 0) : 0);
        double draws = (double) m * n;
        return draws / Math.max(tau, 1 / Math.log10(draws));
    }

    private static double[][] halves(double[]... x) {
        check(x);
        int n = x[0].length;
        double[][] r = new double[2 * x.length][];
        for (int c = 0; c < x.length; c++) {
            r[2 * c] = Arrays.copyOfRange(x[c], 0, n / 2);
            r[2 * c + 1] = Arrays.copyOfRange(x[c], n - n / 2, n);
        }
        return r;
    }

    /** Normal scores of the ranks among all draws. */
    private static double[][] ranked(double[][] x) {
        double[] all = flat(x);
        double[] ranks = Ranks.ranks(all);
        int n = x[0].length;
        double[][] r = new double[x.length][n];
        for (int i = 0; i < all.length; i++) {
            r[i / n][i % n] = SpecialFunctions.normalQuantile((ranks[i] - 0.375) / (all.length + 0.25));
        }
        return r;
    }

    private static double[][] folded(double[][] x) {
        double[] sorted = flat(x);
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = sorted[(n - 1) / 2] / 2 + sorted[n / 2] / 2;
        return mapped(x, v -> Math.abs(v - median));
    }

    private static double[][] mapped(double[][] x, DoubleUnaryOperator f) {
        double[][] r = new double[x.length][];
        for (int c = 0; c < x.length; c++) {
            r[c] = Arrays.stream(x[c]).map(f).toArray();
        }
        return r;
    }

    private static double[] flat(double[][] x) {
        return Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
    }

    private static boolean constant(double... x) {
        for (double v : x) {
            if (v != x[0]) {
                return false;
            }
        }
        return true;
    }

    private static double variance(double... x) {
        double mean = Autocovariance.mean(x);
        double s = 0;
        for (double v : x) {
            s += (v - mean) * (v - mean);
        }
        return s / (x.length - 1);
    }

    /** By bisection: the probability is increasing. */
    private static double betaQuantile(double p, double a, double b) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double mid = (low + high) / 2;
            if (SpecialFunctions.betainc(a, b, mid) < p) {
                low = mid;
            } else {
                high = mid;
            }
        }
        return (low + high) / 2;
    }

    private static void check(double[]... x) {
        if (x.length == 0) {
            throw new ShapeException("chains: there is none");
        }
        int n = x[0].length;
        for (int c = 0; c < x.length; c++) {
            if (x[c].length != n) {
                throw new ShapeException("chains: chain " + c + " has " + x[c].length + " draws, chain 0 has " + n);
            }
            for (int i = 0; i < n; i++) {
                if (!Double.isFinite(x[c][i])) {
                    throw new NonFiniteException("chains: draw " + i + " of chain " + c + " is " + x[c][i]);
                }
            }
        }
        if (n < LEAST) {
            throw new ShapeException("chains: " + n + " draws are too few; at least " + LEAST);
        }
    }
}
