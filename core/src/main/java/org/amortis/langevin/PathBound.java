package org.amortis.langevin;

import org.amortis.tensor.Tensor;

/**
 * The bound of a batch of paths.
 *
 * @param logWeights log w of each path [n, ..]
 * @param loss what to minimise, for each task [..]: its gradient is the estimator's, its value need not be minus the bound
 * @param sample the paths
 */
public record PathBound(Tensor logWeights, Tensor loss, PathSample sample) {
    /**
     * The evidence lower bound.
     *
     * @return mean of log w over the paths [..]
     */
    public Tensor elbo() {
        return logWeights.mean(0);
    }
}
