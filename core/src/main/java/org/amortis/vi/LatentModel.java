package org.amortis.vi;

import org.amortis.array.PlanException;
import org.amortis.dist.Distribution;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/**
 * A generative model p(z) p(x | z) with a latent vector for each datum: all that bounds, local fits and the gap audit
 * need to know of a model.
 */
public interface LatentModel {
    /**
     * Size of z.
     *
     * @return d
     */
    int latentSize();

    /**
     * The prior of z.
     *
     * @param p weights
     * @return distribution of batch shape [] and event shape [d]
     */
    Distribution prior(Weights p);

    /**
     * Logarithm of the likelihood.
     *
     * @param p weights
     * @param context what is observed, B rows
     * @param z [.., B, d]
     * @return [.., B]
     */
    Tensor logLikelihood(Weights p, Context context, Tensor z);

    /**
     * Logarithm of the joint density of latents and data.
     *
     * @param p weights
     * @return density of z [.., B, d] for a context of B rows
     */
    default ConditionalLogDensity joint(Weights p) {
        return context -> z -> prior(p).logProb(z).add(logLikelihood(p, context, z));
    }

    /**
     * Draws data, for checks on simulated data.
     *
     * @param p weights
     * @param z [B, d]
     * @param key a key, or one for each row
     * @return data [B, ..]
     * @throws PlanException if the model cannot
     */
    default Tensor simulate(Weights p, Tensor z, Key key) {
        throw new PlanException("simulate(" + this + "): this model draws no data; override LatentModel.simulate");
    }
}
