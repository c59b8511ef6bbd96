package org.amortis.langevin;

import org.amortis.tensor.Tensor;

/**
 * A Gaussian with independent coordinates.
 *
 * @param mean [d], or [B, d] for one of each task
 * @param logStd logarithms of standard deviations, of the same shape
 */
public record DiagonalInitial(Tensor mean, Tensor logStd) implements InitialDensity {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    @Override
    public Tensor colour(Tensor noise) {
        return mean.add(logStd.exp().mul(noise));
    }

    @Override
    public Tensor logDensityOfNoise(Tensor noise) {
        return noise.square().mul(-0.5).sub(logStd).sub(HALF_LOG_TWO_PI).sum(Tensor.LAST);
    }

    @Override
    public Tensor logDensity(Tensor x) {
        return logDensityOfNoise(x.sub(mean).mul(logStd.neg().exp()));
    }

    @Override
    public Tensor score(Tensor x) {
        return mean.sub(x).mul(logStd.mul(-2).exp());
    }
}
