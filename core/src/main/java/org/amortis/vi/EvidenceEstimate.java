package org.amortis.vi;

/**
 * Importance weights of each datum, summed up: log w = log p(x, z) - log q(z) of K draws.
 */
public final class EvidenceEstimate {
    private final double[] elbo;
    private final double[] elboError;
    private final double[] logEvidence;
    private final double[] effectiveSamples;
    private final double[] paretoShape;

    EvidenceEstimate(
            double[] elbo, double[] elboError, double[] logEvidence, double[] effectiveSamples, double[] paretoShape) {
        this.elbo = elbo;
        this.elboError = elboError;
        this.logEvidence = logEvidence;
        this.effectiveSamples = effectiveSamples;
        this.paretoShape = paretoShape;
    }

    /**
     * The evidence lower bound: the mean of log w.
     *
     * @return copy, one for each datum
     */
    public double[] elbo() {
        return elbo.clone();
    }

    /**
     * Standard error of the bound over the draws; mirrored pairs count as one draw.
     *
     * @return copy, one for each datum
     */
    public double[] elboError() {
        return elboError.clone();
    }

    /**
     * The importance-weighted estimate of log p(x): the logarithm of the mean of w, in expectation a lower bound.
     *
     * @return copy, one for each datum
     */
    public double[] logEvidence() {
        return logEvidence.clone();
    }

    /**
     * Effective number of draws, (sum w)^2 / sum w^2. With few of them the estimate of log p(x) is too low.
     *
     * @return copy, one for each datum
     */
    public double[] effectiveSamples() {
        return effectiveSamples.clone();
    }

    /**
     * Shape of the tail of the weights, see {@link LogWeights#paretoShape}. Above 0.7 the estimate of log p(x) is not to
     * be trusted.
     *
     * @return copy, one for each datum
     */
    public double[] paretoShape() {
        return paretoShape.clone();
    }
}
