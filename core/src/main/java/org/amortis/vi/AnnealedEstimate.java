package org.amortis.vi;

/** What annealed importance sampling gives for each datum. */
public final class AnnealedEstimate {
    private final double[] logEvidence;
    private final double[] spread;
    private final double[] acceptance;

    AnnealedEstimate(double[] logEvidence, double[] spread, double[] acceptance) {
        this.logEvidence = logEvidence;
        this.spread = spread;
        this.acceptance = acceptance;
    }

    /**
     * The estimate of log p(x): the logarithm of the mean weight over chains, in expectation a lower bound; for reversed
     * chains, in expectation an upper bound.
     *
     * @return copy, one for each datum
     */
    public double[] logEvidence() {
        return logEvidence.clone();
    }

    /**
     * Standard deviation of the logarithms of the weights over chains. Above 1 the estimate is not to be trusted.
     *
     * @return copy, one for each datum
     */
    public double[] spread() {
        return spread.clone();
    }

    /**
     * Running share of accepted proposals at the end, mean over chains.
     *
     * @return copy, one for each datum
     */
    public double[] acceptance() {
        return acceptance.clone();
    }
}
