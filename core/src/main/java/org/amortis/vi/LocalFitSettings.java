package org.amortis.vi;

import org.amortis.array.PlanException;

/**
 * Settings of a local fit.
 *
 * @param samples draws a step for each datum, even: mirrored pairs
 * @param slots data fitted at a time
 * @param window steps between decisions
 * @param tolerance growth of the window's mean bound that counts, in nats
 * @param patience windows without growth after which the learning rate falls
 * @param highRate first learning rate
 * @param highSteps at most so many steps at it
 * @param lowRate last learning rate
 * @param lowSteps steps over which the rate falls to it; iterates of the second half are averaged
 * @param raceSteps steps from each of two starts before the better one goes on
 * @param beta1 Adam's decay of the mean gradient
 * @param beta2 Adam's decay of the mean square
 * @param epsilon added to the root of the mean square
 * @param seed of the noise
 */
public record LocalFitSettings(
        int samples,
        int slots,
        int window,
        double tolerance,
        int patience,
        double highRate,
        int highSteps,
        double lowRate,
        int lowSteps,
        int raceSteps,
        double beta1,
        double beta2,
        double epsilon,
        long seed) {
    /** Checks the numbers. */
    public LocalFitSettings {
        if (samples < 2
                || samples % 2 != 0
                || slots < 1
                || window < 2
                || patience < 1
                || highSteps < 1
                || lowSteps < 0
                || raceSteps < 1
                || !(highRate > 0)
                || !(lowRate > 0)
                || !(beta1 > 0 && beta1 < 1)
                || !(beta2 > 0 && beta2 < 1)
                || !(epsilon >= 0)) {
            throw new PlanException("localFit(samples=" + samples + ", slots=" + slots + ", window=" + window
                    + ", patience=" + patience + ", highSteps=" + highSteps + ", lowSteps=" + lowSteps + ", raceSteps="
                    + raceSteps + ", highRate=" + highRate + ", lowRate=" + lowRate + ", beta1=" + beta1 + ", beta2="
                    + beta2 + ", epsilon=" + epsilon + "): samples must be even and at least 2, counts and rates"
                    + " positive, betas in (0, 1)");
        }
    }

    /**
     * About three hundred steps of 16 draws.
     *
     * @return settings
     */
    public static LocalFitSettings standard() {
        return new LocalFitSettings(16, 64, 25, 0.01, 3, 1e-2, 300, 1e-3, 100, 75, 0.9, 0.99, 1e-8, 1);
    }

    /**
     * With other draws and steps.
     *
     * @param draws draws a step, even
     * @param high at most so many steps at the first learning rate
     * @param low steps over which the rate falls
     * @param race steps from each of two starts
     * @return a copy
     */
    public LocalFitSettings steps(int draws, int high, int low, int race) {
        return new LocalFitSettings(
                draws, slots, window, tolerance, patience, highRate, high, lowRate, low, race, beta1, beta2, epsilon,
                seed);
    }

    /**
     * With other learning rates.
     *
     * @param high first
     * @param low last
     * @return a copy
     */
    public LocalFitSettings rates(double high, double low) {
        return new LocalFitSettings(
                samples, slots, window, tolerance, patience, high, highSteps, low, lowSteps, raceSteps, beta1, beta2,
                epsilon, seed);
    }

    /**
     * With another rule for when the rate falls.
     *
     * @param steps steps between decisions
     * @param growth growth that counts, in nats
     * @param windows windows without growth
     * @return a copy
     */
    public LocalFitSettings plateau(int steps, double growth, int windows) {
        return new LocalFitSettings(
                samples, slots, steps, growth, windows, highRate, highSteps, lowRate, lowSteps, raceSteps, beta1, beta2,
                epsilon, seed);
    }

    /**
     * With another number of data fitted at a time.
     *
     * @param n how many
     * @return a copy
     */
    public LocalFitSettings slots(int n) {
        return new LocalFitSettings(
                samples, n, window, tolerance, patience, highRate, highSteps, lowRate, lowSteps, raceSteps, beta1,
                beta2, epsilon, seed);
    }

    /**
     * With another seed.
     *
     * @param value seed of the noise
     * @return a copy
     */
    public LocalFitSettings seed(long value) {
        return new LocalFitSettings(
                samples, slots, window, tolerance, patience, highRate, highSteps, lowRate, lowSteps, raceSteps, beta1,
                beta2, epsilon, value);
    }
}
