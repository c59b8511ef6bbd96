package org.amortis.mc;

import org.amortis.array.PlanException;

/**
 * How an {@link Annealer} runs.
 *
 * @param particles particles side by side
 * @param temperatures equal steps from 0 to 1; 0 to choose each next temperature by the weights
 * @param conditionalEss share of the particles that the increments of the next temperature leave effective
 * @param resampleBelow particles are resampled where a smaller share of them is effective; 0 for never
 * @param moves transitions at each temperature
 * @param mass what the particles tell the transition of their covariance
 * @param firstStep step size to begin with, in units of that covariance
 * @param mostTemperatures a run that needs more is given up
 * @param seed of the noise
 */
public record AnnealerSettings(
        int particles,
        int temperatures,
        double conditionalEss,
        double resampleBelow,
        int moves,
        Metric.Kind mass,
        double firstStep,
        int mostTemperatures,
        long seed) {
    /** Checks the numbers. */
    public AnnealerSettings {
        if (particles < 2
                || temperatures < 0
                || !(conditionalEss > 0 && conditionalEss < 1)
                || !(resampleBelow >= 0 && resampleBelow <= 1)
                || moves < 1
                || !(firstStep > 0)
                || mostTemperatures < Math.max(1, temperatures)) {
            throw new PlanException("annealer(particles=" + particles + ", temperatures=" + temperatures
                    + ", conditionalEss=" + conditionalEss + ", resampleBelow=" + resampleBelow + ", moves=" + moves
                    + ", firstStep=" + firstStep + ", mostTemperatures=" + mostTemperatures
                    + "): needs two particles, one move, a positive step, shares between 0 and 1");
        }
    }

    /**
     * Temperatures by a conditional effective share of 0.95, resampling below a half, two moves, dense mass.
     *
     * @param particles particles side by side
     * @param seed of the noise
     * @return settings
     */
    public static AnnealerSettings of(int particles, long seed) {
        return new AnnealerSettings(particles, 0, 0.95, 0.5, 2, Metric.Kind.DENSE, 0.3, 2000, seed);
    }

    /**
     * With equal steps.
     *
     * @param n how many; 0 to choose them
     * @return a copy
     */
    public AnnealerSettings temperatures(int n) {
        return new AnnealerSettings(
                particles,
                n,
                conditionalEss,
                resampleBelow,
                moves,
                mass,
                firstStep,
                Math.max(n, mostTemperatures),
                seed);
    }

    /**
     * With another choice of the next temperature.
     *
     * @param share of the particles that stay effective
     * @return a copy
     */
    public AnnealerSettings conditionalEss(double share) {
        return new AnnealerSettings(
                particles, temperatures, share, resampleBelow, moves, mass, firstStep, mostTemperatures, seed);
    }

    /**
     * With another threshold for resampling.
     *
     * @param share of the particles
     * @return a copy
     */
    public AnnealerSettings resampleBelow(double share) {
        return new AnnealerSettings(
                particles, temperatures, conditionalEss, share, moves, mass, firstStep, mostTemperatures, seed);
    }

    /**
     * With another number of moves.
     *
     * @param n transitions at each temperature
     * @return a copy
     */
    public AnnealerSettings moves(int n) {
        return new AnnealerSettings(
                particles, temperatures, conditionalEss, resampleBelow, n, mass, firstStep, mostTemperatures, seed);
    }

    /**
     * With another mass.
     *
     * @param kind what the particles tell of their covariance
     * @return a copy
     */
    public AnnealerSettings mass(Metric.Kind kind) {
        return new AnnealerSettings(
                particles, temperatures, conditionalEss, resampleBelow, moves, kind, firstStep, mostTemperatures, seed);
    }

    /**
     * With another step size to begin with.
     *
     * @param step step size
     * @return a copy
     */
    public AnnealerSettings firstStep(double step) {
        return new AnnealerSettings(
                particles, temperatures, conditionalEss, resampleBelow, moves, mass, step, mostTemperatures, seed);
    }
}
