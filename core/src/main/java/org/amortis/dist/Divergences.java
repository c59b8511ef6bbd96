package org.amortis.dist;

import java.util.Optional;
import org.amortis.tensor.Tensor;

/** Closed forms of divergences, by pair of distributions. */
public final class Divergences {
    private Divergences() {}

    /**
     * Kullback-Leibler divergence KL(p || q).
     *
     * @param p first distribution
     * @param q second distribution
     * @return [batch], or empty if the pair has no closed form here
     */
    public static Optional<Tensor> kl(Distribution p, Distribution q) {
        if (p instanceof Normal a && q instanceof Normal b) {
            return Optional.of(a.kl(b));
        }
        if (p instanceof Bernoulli a && q instanceof Bernoulli b) {
            return Optional.of(a.kl(b));
        }
        if (p instanceof Independent a && q instanceof Independent b) {
            return a.kl(b);
        }
        return Optional.empty();
    }
}
