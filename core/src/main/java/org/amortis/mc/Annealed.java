package org.amortis.mc;

import org.amortis.array.HostArray;

/** What a run of an {@link Annealer} found. */
public final class Annealed {
    private final double logZ;
    private final double[] logWeights;
    private final HostArray particles;
    private final Ladder ladder;
    private final double acceptance;
    private final int resamplings;

    Annealed(double logZ, double[] logWeights, HostArray particles, Ladder ladder, double acceptance, int resamplings) {
        this.logZ = logZ;
        this.logWeights = logWeights;
        this.particles = particles;
        this.ladder = ladder;
        this.acceptance = acceptance;
        this.resamplings = resamplings;
    }

    /**
     * Estimated log normaliser of the target relative to the start. Its expectation is a lower bound of the true one, or
     * for a run from exact draws an upper bound.
     *
     * @return log Z
     */
    public double logZ() {
        return logZ;
    }

    /**
     * Logarithms of the weights of the particles at the end, whose mean is 1; without resampling they hold all that
     * happened.
     *
     * @return [particles]
     */
    public double[] logWeights() {
        return logWeights.clone();
    }

    /**
     * Effective share of the particles.
     *
     * @return (sum w)^2 / (n sum w^2)
     */
    public double effective() {
        return LogSums.effectiveSamples(logWeights) / logWeights.length;
    }

    /**
     * Standard error of log Z of a run without resampling, from the spread of its weights.
     *
     * @return standard deviation of the weights over their mean, by the root of their number
     */
    public double standardError() {
        return LogSums.standardError(logWeights);
    }

    /**
     * Where the particles are at the end.
     *
     * @return [particles, d]
     */
    public HostArray particles() {
        return particles;
    }

    /**
     * The temperatures, step sizes and metrics used, for runs that learn nothing.
     *
     * @return the ladder
     */
    public Ladder ladder() {
        return ladder;
    }

    /**
     * Mean acceptance of all moves.
     *
     * @return between 0 and 1
     */
    public double acceptance() {
        return acceptance;
    }

    /**
     * How often the particles were resampled.
     *
     * @return how often
     */
    public int resamplings() {
        return resamplings;
    }

    @Override
    public String toString() {
        return "Annealed(logZ=" + logZ + ", effective=" + effective() + ", " + ladder + ", acceptance=" + acceptance
                + ", resamplings=" + resamplings + ")";
    }
}
