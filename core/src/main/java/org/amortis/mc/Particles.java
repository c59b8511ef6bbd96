package org.amortis.mc;

import java.util.Arrays;

/** Weights of particles on the host: the next temperature, the normaliser, who survives. Allocates nothing in use. */
final class Particles {
    private static final int BISECTIONS = 60;

    private final int n;
    private final double[] weights;
    private final double[] increments;
    private double logNormaliser;

    Particles(int n) {
        this.n = n;
        this.weights = new double[n];
        this.increments = new double[n];
        clear();
    }

    void clear() {
        Arrays.fill(weights, 1.0 / n);
        logNormaliser = 0;
    }

    /** Logarithm of the ratio of normalisers so far. */
    double logNormaliser() {
        return logNormaliser;
    }

    /** Goes on from a run that was stopped. */
    void logNormaliser(double value) {
        logNormaliser = value;
    }

    /** Normalised weights; to be written only with those of a run that was stopped. */
    double[] weights() {
        return weights;
    }

    /**
     * The largest step of temperature, at most the whole, whose increments leave a share of the particles effective:
     * n (sum W w)^2 / sum W w^2 (Zhou, Johansen and Aston 2016).
     */
    double step(double[] difference, double whole, double share) {
        if (conditional(difference, whole) >= share) {
            return whole;
        }
        double low = 0;
        double high = whole;
        for (int i = 0; i < BISECTIONS; i++) {
            double mid = 0.5 * (low + high);
            if (conditional(difference, mid) >= share) {
                low = mid;
            } else {
                high = mid;
            }
        }
        return low;
    }

    private double conditional(double[] difference, double step) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            if (weights[i] > 0) {
                max = Math.max(max, difference[i]);
            }
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        double s = 0;
        double s2 = 0;
        for (int i = 0; i < n; i++) {
            double w = weights[i] > 0 ? Math.exp(step * (difference[i] - max)) : 0;
            s += weights[i] * w;
            s2 += weights[i] * w * w;
        }
        return s * s / s2;
    }

    /** Multiplies the weights by exp(step * difference); false if all of them vanish. */
    boolean reweigh(double[] difference, double step) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            increments[i] = Math.log(weights[i]) + (weights[i] > 0 ? step * difference[i] : 0);
            max = Math.max(max, increments[i]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return false;
        }
        double s = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = Math.exp(increments[i] - max);
            s += weights[i];
        }
        for (int i = 0; i < n; i++) {
            weights[i] /= s;
        }
        logNormaliser += max + Math.log(s);
        return true;
    }

    /** Share of the particles that is effective. */
    double effective() {
        double s2 = 0;
        for (double w : weights) {
            s2 += w * w;
        }
        return 1 / (n * s2);
    }

    /**
     * Systematic resampling: ancestor j is where the running sum of weights passes (j + u) / n. A particle of weight w has
     * the whole number of heirs above or below n w. The weights become equal.
     */
    void resample(double u, int[] ancestors) {
        double sum = weights[0];
        int i = 0;
        for (int j = 0; j < n; j++) {
            double at = (j + u) / n;
            while (sum < at && i < n - 1) {
                sum += weights[++i];
            }
            ancestors[j] = i;
        }
        Arrays.fill(weights, 1.0 / n);
    }
}
