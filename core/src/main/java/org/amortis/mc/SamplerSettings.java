package org.amortis.mc;

import org.amortis.array.PlanException;

/**
 * How a {@link Sampler} runs.
 *
 * @param chains chains side by side
 * @param warmUp transitions before the first draw, in which step size and mass are learnt, from all chains together
 * @param draws draws kept of each chain
 * @param thin transitions for each draw
 * @param mass what is learnt of the covariance
 * @param stepSize first step size; 0 to find one. Where the transition names no acceptance it stays
 * @param seed of the noise; a chain's noise depends on the seed and its number only
 */
public record SamplerSettings(
        int chains, int warmUp, int draws, int thin, Metric.Kind mass, double stepSize, long seed) {
    /** Checks the numbers. */
    public SamplerSettings {
        if (chains < 1 || warmUp < 0 || draws < 1 || thin < 1 || !(stepSize >= 0) || Double.isInfinite(stepSize)) {
            throw new PlanException("sampler(chains=" + chains + ", warmUp=" + warmUp + ", draws=" + draws + ", thin="
                    + thin + ", stepSize=" + stepSize
                    + "): needs at least one chain, draw and transition for each draw, no negative number");
        }
    }

    /**
     * Diagonal mass, every transition a draw.
     *
     * @param chains chains side by side
     * @param warmUp transitions before the first draw
     * @param draws draws kept of each chain
     * @param seed of the noise
     * @return settings
     */
    public static SamplerSettings of(int chains, int warmUp, int draws, long seed) {
        return new SamplerSettings(chains, warmUp, draws, 1, Metric.Kind.DIAGONAL, 0, seed);
    }

    /**
     * With another number of transitions for each draw.
     *
     * @param transitions at least 1
     * @return a copy
     */
    public SamplerSettings thin(int transitions) {
        return new SamplerSettings(chains, warmUp, draws, transitions, mass, stepSize, seed);
    }

    /**
     * With another mass.
     *
     * @param kind what is learnt of the covariance
     * @return a copy
     */
    public SamplerSettings mass(Metric.Kind kind) {
        return new SamplerSettings(chains, warmUp, draws, thin, kind, stepSize, seed);
    }

    /**
     * With another first step size.
     *
     * @param step step size
     * @return a copy
     */
    public SamplerSettings stepSize(double step) {
        return new SamplerSettings(chains, warmUp, draws, thin, mass, step, seed);
    }
}
