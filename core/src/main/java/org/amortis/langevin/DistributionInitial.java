package org.amortis.langevin;

import org.amortis.dist.Distribution;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Tensor;

/** Points that were drawn elsewhere, with the distribution they come from: only its score is asked for. */
record DistributionInitial(Distribution q) implements InitialDensity {
    @Override
    public Tensor colour(Tensor noise) {
        throw new IllegalStateException("drawn elsewhere");
    }

    @Override
    public Tensor logDensityOfNoise(Tensor noise) {
        throw new IllegalStateException("drawn elsewhere");
    }

    @Override
    public Tensor logDensity(Tensor x) {
        return q.logProb(x);
    }

    @Override
    public Tensor score(Tensor x) {
        return Gradients.of(q.logProb(x).sum(), x);
    }
}
