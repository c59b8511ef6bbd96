package org.amortis.mc;

import org.amortis.array.PlanException;

/**
 * Finds the step size whose mean acceptance is a given one, by Nesterov's dual averaging on its logarithm (Hoffman and
 * Gelman 2014, section 3.2): gamma 0.05, t0 10, kappa 0.75.
 */
final class DualAveraging {
    private static final double GAMMA = 0.05;
    private static final double T0 = 10;
    private static final double KAPPA = 0.75;

    /** Numbers that {@link #save} writes. */
    static final int STATE = 5;

    private final double target;
    private double centre;
    private double error;
    private double count;
    private double log;
    private double averaged;

    DualAveraging(double target, double step) {
        this.target = target;
        restart(step);
    }

    /** Begins again near a step size, pulled towards ten times of it: long steps are cheap to try. */
    void restart(double step) {
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new PlanException("dualAveraging(step=" + step + "): not a positive number");
        }
        centre = Math.log(10 * step);
        error = 0;
        count = 0;
        log = Math.log(step);
        averaged = 0;
    }

    /** Takes in the mean acceptance of a transition. */
    void update(double acceptance) {
        count++;
        double a = Double.isNaN(acceptance) ? 0 : Math.min(1, acceptance);
        error += (target - a - error) / (count + T0);
        log = centre - Math.sqrt(count) / GAMMA * error;
        double w = Math.pow(count, -KAPPA);
        averaged += w * (log - averaged);
    }

    /** The step size to use next while it adapts. */
    double step() {
        return Math.exp(log);
    }

    /** The step size to keep. */
    double finalStep() {
        return count == 0 ? step() : Math.exp(averaged);
    }

    void save(double[] to, int at) {
        to[at] = centre;
        to[at + 1] = error;
        to[at + 2] = count;
        to[at + 3] = log;
        to[at + 4] = averaged;
    }

    void load(double[] from, int at) {
        centre = from[at];
        error = from[at + 1];
        count = from[at + 2];
        log = from[at + 3];
        averaged = from[at + 4];
    }
}
