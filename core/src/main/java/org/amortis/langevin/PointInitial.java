package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** All paths start at zero, as in the path integral sampler; its log density is counted as zero and has no score. */
public record PointInitial() implements InitialDensity {
    @Override
    public Tensor colour(Tensor noise) {
        return Tensors.zeros(noise.dtype(), noise.shape());
    }

    @Override
    public Tensor logDensityOfNoise(Tensor noise) {
        return Tensors.zeros(noise.dtype(), noise.shape().drop(-1));
    }

    @Override
    public Tensor logDensity(Tensor x) {
        return logDensityOfNoise(x);
    }

    @Override
    public Tensor score(Tensor x) {
        return Tensors.zeros(x.dtype(), x.shape());
    }
}
