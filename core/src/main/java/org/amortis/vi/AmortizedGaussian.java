package org.amortis.vi;

import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.nn.Layer;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/**
 * A diagonal Gaussian whose mean and logarithm of the variance are computed from the data by a network. The logarithm of
 * the variance is clamped softly to (-clamp, clamp) by clamp tanh(v / clamp): a variance that explodes is the usual way
 * for a variational autoencoder to reach NaN, and a hard clamp has no gradient to come back by.
 */
public final class AmortizedGaussian implements TractableVariational {
    /** Bound on |log variance| unless set: variances from 3e-7 to 3e6. */
    public static final double CLAMP = 15;

    private final Layer encoder;
    private final int latent;
    private final double clamp;

    private AmortizedGaussian(Layer encoder, int latent, double clamp) {
        if (!(clamp > 0)) {
            throw new PlanException("amortizedGaussian(clamp=" + clamp + "): not positive");
        }
        this.encoder = encoder;
        this.latent = latent;
        this.clamp = clamp;
    }

    /**
     * With the usual clamp.
     *
     * @param encoder network from data [B, ..] to [B, 2 d]: means, then logarithms of variances
     * @param latent d
     * @return the posterior
     */
    public static AmortizedGaussian of(Layer encoder, int latent) {
        return new AmortizedGaussian(encoder, latent, CLAMP);
    }

    /**
     * With another clamp.
     *
     * @param limit bound on |log variance|; infinity for none
     * @return a copy
     */
    public AmortizedGaussian clamp(double limit) {
        return new AmortizedGaussian(encoder, latent, limit);
    }

    /**
     * Size of z.
     *
     * @return d
     */
    public int latentSize() {
        return latent;
    }

    @Override
    public Distribution given(Context context, Weights weights) {
        Tensor out = encoder.apply(weights, context.data());
        if (out.shape().rank() == 0 || out.shape().dim(-1) != 2 * latent) {
            throw new ShapeException("amortizedGaussian(encoder gives " + out.describe() + "): the last axis must hold "
                    + latent + " means and " + latent + " logarithms of variances");
        }
        Tensor[] parts = out.split(Tensor.LAST, latent, latent);
        Tensor v = parts[1];
        Tensor logVariance = Double.isInfinite(clamp) ? v : v.div(clamp).tanh().mul(clamp);
        return Independent.of(Normal.ofMeanLogVariance(parts[0], logVariance));
    }

    @Override
    public boolean symmetric() {
        return true;
    }

    @Override
    public String toString() {
        return "AmortizedGaussian(" + encoder + ", d=" + latent + ")";
    }
}
