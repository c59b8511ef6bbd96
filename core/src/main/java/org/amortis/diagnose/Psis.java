package org.amortis.diagnose;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.math.GeneralisedPareto;

/**
 * Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao and Gabry, "Pareto smoothed importance sampling",
 * 2024): the largest weights are replaced by the quantiles of a generalised Pareto distribution fitted to them. Its shape
 * k-hat says how many moments the weights have and whether an estimate made of them can be trusted.
 *
 * @param kHat shape; positive infinity if it cannot be estimated (fewer than five weights in the tail, or a largest weight
 *     beside which the others are nothing), negative infinity if the weights in the tail are all the same
 * @param tail how many weights were smoothed; 0 if k-hat is infinite
 * @param logWeights smoothed weights [n], normalised to sum 1, in the order of the raw ones
 */
public record Psis(double kHat, int tail, HostArray logWeights) {
    /** Above this no sample size that one can afford makes estimates reliable. */
    public static final double LARGEST = 0.7;

    private static final int LEAST_TAIL = 5;

    /** Weight of the prior guess 1/2 of the shape, in observations. */
    private static final double PRIOR = 10;

    /**
     * Of independent draws.
     *
     * @param logWeights logarithms of the raw weights, up to a constant; minus infinity for a weight of 0
     * @return k-hat and smoothed weights
     */
    public static Psis of(double... logWeights) {
        return of(logWeights, 1);
    }

    /**
     * Of draws of Markov chains.
     *
     * @param raw logarithms of the raw weights, up to a constant; minus infinity for a weight of 0
     * @param efficiency effective number of draws over their number; a longer tail is smoothed where it is small
     * @return k-hat and smoothed weights
     * @throws NonFiniteException if a log weight is NaN or plus infinity, or all are minus infinity
     */
    public static Psis of(double[] raw, double efficiency) {
        int n = raw.length;
        if (n == 0) {
            throw new ShapeException("psis(logWeights): there is none");
        }
        if (!(efficiency > 0 && efficiency < Double.POSITIVE_INFINITY)) {
            throw new PlanException("psis(efficiency=" + efficiency + "): not positive");
        }
        double top = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            if (Double.isNaN(raw[i]) || raw[i] == Double.POSITIVE_INFINITY) {
                throw new NonFiniteException("psis(logWeights): weight " + i + " of " + n + " is " + raw[i]);
            }
            top = Math.max(top, raw[i]);
        }
        if (top == Double.NEGATIVE_INFINITY) {
            throw new NonFiniteException("psis(logWeights): all " + n + " weights are zero");
        }
        double[] w = new double[n];
        for (int i = 0; i < n; i++) {
            w[i] = raw[i] - top;
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> w[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int tail = (int) Math.ceil(Math.min(0.2 * n, 3 * Math.sqrt(n / efficiency)));
        double k = Double.POSITIVE_INFINITY;
        if (w[order[0]] == 0) {
            k = Double.NEGATIVE_INFINITY;
        } else if (tail >= LEAST_TAIL && tail < n) {
            k = smooth(w, order, tail);
        }
        return new Psis(k, Double.isInfinite(k) ? 0 : tail, HostArray.of(normalised(w)));
    }

    /** Replaces the tail by quantiles, none above the largest raw weight; gives the shape. */
    private static double smooth(double[] w, int[] order, int tail) {
        int n = w.length;
        double cut = Math.exp(w[order[n - tail - 1]]);
        double[] x = new double[tail];
        for (int i = 0; i < tail; i++) {
            x[i] = Math.exp(w[order[n - tail + i]]) - cut;
        }
        if (x[0] == x[tail - 1]) {
            return Double.NEGATIVE_INFINITY;
        }
        if (!(x[(int) Math.floor(tail / 4.0 + 0.5) - 1] > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        GeneralisedPareto fit = GeneralisedPareto.fit(x);
        double k = (fit.shape() * tail + 0.5 * PRIOR) / (tail + PRIOR);
        if (!Double.isFinite(k)) {
            return Double.POSITIVE_INFINITY;
        }
        GeneralisedPareto smooth = new GeneralisedPareto(k, fit.scale());
        for (int i = 0; i < tail; i++) {
            double q = cut + smooth.quantile((i + 0.5) / tail);
            w[order[n - tail + i]] = Math.min(Math.log(q), 0);
        }
        return k;
    }

    private static double[] normalised(double[] w) {
        double top = Arrays.stream(w).max().orElse(0);
        double sum = Arrays.stream(w).map(v -> Math.exp(v - top)).sum();
        double log = top + Math.log(sum);
        return Arrays.stream(w).map(v -> v - log).toArray();
    }

    /**
     * The k-hat below which this many draws suffice: min(1 - 1 / log10 n, 0.7).
     *
     * @return threshold
     */
    public double threshold() {
        return Math.min(1 - 1 / Math.log10(logWeights.shape().size()), LARGEST);
    }

    /**
     * Whether estimates with these weights can be trusted.
     *
     * @return k-hat is below the threshold
     */
    public boolean reliable() {
        return kHat < threshold();
    }

    /**
     * How many draws would make a k-hat like this reliable: 10^(1 / (1 - k)).
     *
     * @return at least 10; infinity from 1 on
     */
    public double drawsNeeded() {
        return kHat >= 1 ? Double.POSITIVE_INFINITY : Math.pow(10, 1 / (1 - Math.max(kHat, 0)));
    }

    /**
     * Effective number of draws of the smoothed weights, 1 / sum w^2. Meaningless where k-hat is above 0.7.
     *
     * @return from 1 to n
     */
    public double ess() {
        double s = 0;
        for (double v : logWeights.doubles()) {
            s += Math.exp(2 * v);
        }
        return 1 / s;
    }

    /**
     * A self-normalised mean.
     *
     * @param values one for each draw
     * @return sum of weights times values
     */
    public double mean(double... values) {
        if (values.length != logWeights.shape().size()) {
            throw new ShapeException("mean(values=" + values.length + "): there are "
                    + logWeights.shape().size() + " weights");
        }
        double s = 0;
        for (int i = 0; i < values.length; i++) {
            double w = Math.exp(logWeights.get(i));
            s += w == 0 ? 0 : w * values[i];
        }
        return s;
    }
}
