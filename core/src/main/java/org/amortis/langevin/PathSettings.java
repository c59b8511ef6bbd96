package org.amortis.langevin;

import org.amortis.array.PlanException;

/**
 * What of a path is learned, and where it starts.
 *
 * @param betas how temperatures are made of their increments
 * @param stepSizes which step sizes there are
 * @param profile how they fall along the path
 * @param firstStep first step size d
 * @param firstDamping first friction gamma
 * @param mass which mass, or for methods without momentum which units step sizes have
 * @param mean first mean of q0
 * @param std first standard deviation of q0
 * @param learnFirst whether q0 is learned
 * @param covariance which covariance a learned q0 has
 * @param fixedCoordinates so many leading coordinates of q0 keep mean and standard deviation where the rest is learned
 */
public record PathSettings(
        Betas betas,
        StepSizes stepSizes,
        Profile profile,
        double firstStep,
        double firstDamping,
        Mass mass,
        double mean,
        double std,
        boolean learnFirst,
        Covariance covariance,
        int fixedCoordinates) {
    /** How temperatures are made. */
    public enum Betas {
        /**
         * At most 32 positive increments on a grid, interpolated at k / (K + 1): the last is below one, and the target
         * itself enters through the end of the path (LDVI).
         */
        GRID,
        /** K positive increments, cumulated and divided by their sum: the last is one. */
        CUMULATIVE,
        /** k / (K + 1), not learned. */
        LINEAR
    }

    /** Which step sizes there are. */
    public enum StepSizes {
        /** One. */
        ONE,
        /** One for each kernel. */
        EACH_STEP,
        /** One for each coordinate. */
        EACH_COORDINATE
    }

    /** How step sizes fall along the path. */
    public enum Profile {
        /** Not at all. */
        CONSTANT,
        /** By cos^2, to a hundredth. */
        COSINE
    }

    /** The mass, or the units of step sizes. */
    public enum Mass {
        /** One. */
        UNIT,
        /** Learned, from one on. */
        LEARNED,
        /**
         * The inverse variance of q0, so that steps are counted in its standard deviations; without momentum step sizes are
         * multiplied by its variance. For tasks of different widths.
         */
        MATCHED
    }

    /** The covariance of q0. */
    public enum Covariance {
        /** Diagonal. */
        DIAGONAL,
        /**
         * Any, by its Cholesky factor. The path then moves where q0 is standard normal, so that step sizes and masses are
         * counted in its standard deviations, along its axes: see {@link FullInitial}.
         */
        FULL
    }

    /** Checks the numbers. */
    public PathSettings {
        if (!(firstStep > 0 && firstDamping > 0 && std > 0) || !Double.isFinite(mean) || fixedCoordinates < 0) {
            throw new PlanException("pathSettings(firstStep=" + firstStep + ", firstDamping=" + firstDamping + ", std="
                    + std + ", mean=" + mean + ", fixedCoordinates=" + fixedCoordinates
                    + "): step, damping and deviation are positive");
        }
        if (covariance == Covariance.FULL && (!learnFirst || fixedCoordinates > 0)) {
            throw new PlanException("pathSettings(covariance=FULL, learnFirst=" + learnFirst + ", fixedCoordinates="
                    + fixedCoordinates + "): a covariance is learned, and of all coordinates");
        }
    }

    /**
     * Where a method starts well: step sizes of 1e-2 with momentum and 1e-5 without (1e-2 for the methods whose reference
     * process has to reach from q0 to the target), damping 10, q0 standard normal and learned.
     *
     * @param method method
     * @return settings
     */
    public static PathSettings of(Method method) {
        boolean free = method.drift() == Drift.NONE || method.drift() == Drift.INITIAL;
        double step = method == Method.PIS || method == Method.DDS
                ? 0.05
                : method.integrator().momentum() || free ? 1e-2 : 1e-5;
        return new PathSettings(
                Betas.GRID, StepSizes.ONE, Profile.CONSTANT, step, 10, Mass.UNIT, 0, 1, true, Covariance.DIAGONAL, 0);
    }

    /**
     * With other temperatures.
     *
     * @param b how they are made
     * @return a copy
     */
    public PathSettings betas(Betas b) {
        return new PathSettings(
                b,
                stepSizes,
                profile,
                firstStep,
                firstDamping,
                mass,
                mean,
                std,
                learnFirst,
                covariance,
                fixedCoordinates);
    }

    /**
     * With other step sizes.
     *
     * @param which which there are
     * @param first where they start
     * @return a copy
     */
    public PathSettings steps(StepSizes which, double first) {
        return new PathSettings(
                betas, which, profile, first, firstDamping, mass, mean, std, learnFirst, covariance, fixedCoordinates);
    }

    /**
     * With another profile of step sizes.
     *
     * @param p profile
     * @return a copy
     */
    public PathSettings profile(Profile p) {
        return new PathSettings(
                betas,
                stepSizes,
                p,
                firstStep,
                firstDamping,
                mass,
                mean,
                std,
                learnFirst,
                covariance,
                fixedCoordinates);
    }

    /**
     * With another damping.
     *
     * @param gamma where it starts
     * @return a copy
     */
    public PathSettings damping(double gamma) {
        return new PathSettings(
                betas, stepSizes, profile, firstStep, gamma, mass, mean, std, learnFirst, covariance, fixedCoordinates);
    }

    /**
     * With another mass.
     *
     * @param m which
     * @return a copy
     */
    public PathSettings mass(Mass m) {
        return new PathSettings(
                betas,
                stepSizes,
                profile,
                firstStep,
                firstDamping,
                m,
                mean,
                std,
                learnFirst,
                covariance,
                fixedCoordinates);
    }

    /**
     * With another first density.
     *
     * @param center mean
     * @param deviation standard deviation
     * @param learn whether they are learned
     * @return a copy
     */
    public PathSettings first(double center, double deviation, boolean learn) {
        return new PathSettings(
                betas,
                stepSizes,
                profile,
                firstStep,
                firstDamping,
                mass,
                center,
                deviation,
                learn,
                covariance,
                fixedCoordinates);
    }

    /**
     * With another covariance of q0.
     *
     * @param c which
     * @return a copy
     */
    public PathSettings covariance(Covariance c) {
        return new PathSettings(
                betas, stepSizes, profile, firstStep, firstDamping, mass, mean, std, learnFirst, c, fixedCoordinates);
    }

    /**
     * With some leading coordinates of q0 that are not learned.
     *
     * @param n how many
     * @return a copy
     */
    public PathSettings fixedCoordinates(int n) {
        return new PathSettings(
                betas, stepSizes, profile, firstStep, firstDamping, mass, mean, std, learnFirst, covariance, n);
    }
}
