package org.amortis.dist;

import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;

/** Gamma numbers that other distributions are made of. */
final class GammaDraws {
    private GammaDraws() {}

    /**
     * Logarithms of gamma numbers of scale 1, with their implicit gradient.
     *
     * @param key a key, or keys for the leading axes of the shape parameters
     * @param alpha shape parameters, positive
     * @param n how many of each
     * @return [n, shape of alpha]
     */
    static Tensor logarithms(Key key, Tensor alpha, int n) {
        return Draws.of((k, type, s) -> Random.logGamma(k, spread(k, alpha, s)), key, alpha.dtype(), n, alpha.shape());
    }

    /** The parameters repeated where the draws are counted, behind the axes that have keys of their own. */
    private static Tensor spread(Key key, Tensor alpha, Shape to) {
        return alpha.reshape(alpha.shape().insert(key.tensor().shape().rank(), 1))
                .broadcastTo(to);
    }
}
