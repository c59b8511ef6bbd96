package org.amortis.mc;

import org.amortis.array.PlanException;

/** Temperatures of a path between two densities, from 0 to 1. */
public final class Annealing {
    private Annealing() {}

    /**
     * Equal steps.
     *
     * @param steps number of steps T
     * @return T + 1 temperatures, the first 0 and the last 1
     */
    public static double[] linear(int steps) {
        check(steps);
        double[] t = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            t[i] = i / (double) steps;
        }
        return t;
    }

    /**
     * Short steps near both ends: a logistic function over (-delta, delta), rescaled.
     *
     * @param steps number of steps T
     * @param delta 4 in published code
     * @return T + 1 temperatures, the first 0 and the last 1
     */
    public static double[] sigmoidal(int steps, double delta) {
        check(steps);
        if (!(delta > 0)) {
            throw new PlanException("sigmoidal(delta=" + delta + "): not positive");
        }
        double low = 1 / (1 + Math.exp(delta));
        double high = 1 / (1 + Math.exp(-delta));
        double[] t = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            t[i] = (1 / (1 + Math.exp(delta - 2 * delta * i / steps)) - low) / (high - low);
        }
        t[0] = 0;
        t[steps] = 1;
        return t;
    }

    private static void check(int steps) {
        if (steps < 1) {
            throw new PlanException("annealing(steps=" + steps + "): at least 1");
        }
    }
}
