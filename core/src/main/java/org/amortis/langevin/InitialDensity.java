package org.amortis.langevin;

import org.amortis.tensor.Tensor;

/** The density q0 that paths start from, by its noise. */
public interface InitialDensity {
    /**
     * A draw.
     *
     * @param noise standard normal numbers [.., d]
     * @return x of the same shape
     */
    Tensor colour(Tensor noise);

    /**
     * Log density of the draw made of a noise.
     *
     * @param noise standard normal numbers [.., d]
     * @return [..]
     */
    Tensor logDensityOfNoise(Tensor noise);

    /**
     * Log density.
     *
     * @param x [.., d]
     * @return [..]
     */
    Tensor logDensity(Tensor x);

    /**
     * Gradient of the log density.
     *
     * @param x [.., d]
     * @return [.., d]
     */
    Tensor score(Tensor x);
}
