package org.amortis.vi;

/** Draws of an approximate posterior with what corrects them. */
public final class WeightedDraws {
    private final float[] draws;
    private final double[] logWeights;

    WeightedDraws(float[] draws, double[] logWeights) {
        this.draws = draws;
        this.logWeights = logWeights;
    }

    /**
     * The draws.
     *
     * @return n x d values, row-major, not a copy
     */
    public float[] draws() {
        return draws;
    }

    /**
     * log p(x, z) - log q(z | x) of each draw.
     *
     * @return n values, not a copy
     */
    public double[] logWeights() {
        return logWeights;
    }

    /**
     * Effective number of draws, (sum w)^2 / sum w^2.
     *
     * @return between 1 and n
     */
    public double effectiveSamples() {
        return LogWeights.effectiveSamples(logWeights);
    }

    /**
     * The importance-weighted estimate of log p(x).
     *
     * @return logarithm of the mean weight
     */
    public double logEvidence() {
        return LogWeights.logMeanExp(logWeights);
    }
}
