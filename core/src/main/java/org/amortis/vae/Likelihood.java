package org.amortis.vae;

import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Distribution;
import org.amortis.dist.Normal;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/** How data are distributed given what the decoder computes. */
@FunctionalInterface
public interface Likelihood {
    /** Bounds of a learned logarithm of the variance: without them constant pixels have unbounded density. */
    double LOG_VARIANCE_LOW = -12;

    /** See {@link #LOG_VARIANCE_LOW}. */
    double LOG_VARIANCE_HIGH = 8;

    /**
     * The distribution of each element of the data.
     *
     * @param p weights
     * @param decoded what the decoder gives [.., B, outputs]
     * @return distributions of batch shape [.., B, D] and scalar events
     */
    Distribution given(Weights p, Tensor decoded);

    /**
     * Number of outputs the decoder needs.
     *
     * @param data number of elements of a datum
     * @return outputs
     */
    default int outputs(int data) {
        return data;
    }

    /**
     * Bits, by logits.
     *
     * @return the likelihood
     */
    static Likelihood bernoulli() {
        return (p, decoded) -> Bernoulli.ofLogits(decoded);
    }

    /**
     * Real numbers with a known standard deviation.
     *
     * @param sigma standard deviation
     * @return the likelihood
     */
    static Likelihood gaussian(double sigma) {
        return (p, decoded) -> Normal.ofMeanStd(decoded, sigma);
    }

    /**
     * Real numbers with one learned standard deviation.
     *
     * @param at where its parameter goes
     * @param sigma first value
     * @return the likelihood
     */
    static Likelihood gaussianShared(ParamScope at, double sigma) {
        String path = at.declare("logVariance", Shape.SCALAR, Initializer.constant(2 * Math.log(sigma)));
        return (p, decoded) -> Normal.ofMeanLogVariance(decoded, bounded(p.get(path)));
    }

    /**
     * Real numbers whose standard deviations the decoder gives too: first means, then logarithms of variances.
     *
     * @return the likelihood
     */
    static Likelihood gaussianPerElement() {
        return new Likelihood() {
            @Override
            public Distribution given(Weights p, Tensor decoded) {
                int n = decoded.shape().dim(-1) / 2;
                Tensor[] parts = decoded.split(Tensor.LAST, n, n);
                return Normal.ofMeanLogVariance(parts[0], bounded(parts[1]));
            }

            @Override
            public int outputs(int data) {
                return 2 * data;
            }
        };
    }

    private static Tensor bounded(Tensor logVariance) {
        return logVariance.clamp(LOG_VARIANCE_LOW, LOG_VARIANCE_HIGH);
    }
}
