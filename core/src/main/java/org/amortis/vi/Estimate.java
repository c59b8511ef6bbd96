package org.amortis.vi;

import org.amortis.tensor.Tensor;

/**
 * A bound, per datum.
 *
 * @param value the bound [B]
 * @param surrogate what to maximise [B]: its gradient is the estimator's, its value need not be the bound
 * @param logWeights log p(x, z) - log q(z) of each draw [n, B]
 */
public record Estimate(Tensor value, Tensor surrogate, Tensor logWeights) {
    /**
     * The loss of a batch.
     *
     * @return minus the mean surrogate, scalar
     */
    public Tensor loss() {
        return surrogate.mean().neg();
    }

    /**
     * Effective number of draws, (sum w)^2 / sum w^2.
     *
     * @return [B], between 1 and n
     */
    public Tensor effectiveSamples() {
        return logWeights
                .logsumexp(0)
                .mul(2)
                .sub(logWeights.mul(2).logsumexp(0))
                .exp();
    }
}
