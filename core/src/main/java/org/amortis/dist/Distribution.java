package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/**
 * A distribution, or a batch of independent ones. A value has shape [sample axes.., batch axes.., event axes..];
 * {@link #logProb} takes the event axes away. Draws take one key, or a key for each of the leading batch axes: then what
 * a row draws does not depend on the other rows.
 *
 * <p>To write one: the two shapes, the element type, the support, {@link #logProb} and {@link #sample(Key, int)}
 * suffice; reparameterised distributions override {@link #rsample(Key, int)} and {@link #reparameterized}, and those that get the
 * density with the draw (flows) override {@link #sampleAndLogProb(Key, int)}.
 */
public interface Distribution {
    /**
     * Axes of independent distributions.
     *
     * @return shape
     */
    Shape batchShape();

    /**
     * Axes of one value.
     *
     * @return shape, [] for a scalar value
     */
    Shape eventShape();

    /**
     * Element type of values: a float type, or I32 for counts and classes.
     *
     * @return element type
     */
    DType dtype();

    /**
     * Where the density is positive, or the values that have a probability.
     *
     * @return support of one value
     */
    Support support();

    /**
     * Log density, or log probability where values are discrete. Minus infinity outside the support.
     *
     * @param x values [.., batch, event], broadcast over the batch
     * @return [.., batch]
     */
    Tensor logProb(Tensor x);

    /**
     * Draws that no gradient flows through.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return [n, batch, event]
     */
    Tensor sample(Key key, int n);

    /**
     * One draw of each that no gradient flows through.
     *
     * @param key a key, or keys for the leading batch axes
     * @return [batch, event]
     */
    default Tensor sample(Key key) {
        return sample(key, 1).at(0, 0);
    }

    /**
     * Whether draws are differentiable functions of the parameters.
     *
     * @return true if {@link #rsample(Key, int)} works
     */
    default boolean reparameterized() {
        return false;
    }

    /**
     * Draws as differentiable functions of the parameters.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return [n, batch, event]
     * @throws PlanException if the distribution is not reparameterised
     */
    default Tensor rsample(Key key, int n) {
        throw new PlanException(
                "rsample(" + this + "): draws are not differentiable; use sample with a score-function estimator");
    }

    /**
     * One draw of each as a differentiable function of the parameters.
     *
     * @param key a key, or keys for the leading batch axes
     * @return [batch, event]
     * @throws PlanException if the distribution is not reparameterised
     */
    default Tensor rsample(Key key) {
        return rsample(key, 1).at(0, 0);
    }

    /**
     * Draws with their log density, reparameterised where the distribution is: cheaper and more exact than drawing and
     * evaluating apart where a draw passes the numbers that the density needs.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return draws [n, batch, event] and log densities [n, batch]
     */
    default Drawn sampleAndLogProb(Key key, int n) {
        Tensor x = reparameterized() ? rsample(key, n) : sample(key, n);
        return new Drawn(x, logProb(x));
    }

    /**
     * One draw of each with its log density.
     *
     * @param key a key, or keys for the leading batch axes
     * @return draws [batch, event] and log densities [batch]
     */
    default Drawn sampleAndLogProb(Key key) {
        Drawn d = sampleAndLogProb(key, 1);
        return new Drawn(d.value().at(0, 0), d.logProb().at(0, 0));
    }

    /**
     * Mean of each element.
     *
     * @return [batch, event]
     * @throws PlanException if there is no closed form
     */
    default Tensor mean() {
        throw new PlanException("mean(" + this + "): no closed form; average over draws instead");
    }

    /**
     * Variance of each element.
     *
     * @return [batch, event]
     * @throws PlanException if there is no closed form
     */
    default Tensor variance() {
        throw new PlanException("variance(" + this + "): no closed form; average over draws instead");
    }

    /**
     * Entropy in nats; differential for continuous values.
     *
     * @return [batch], or empty if there is no closed form
     */
    default Optional<Tensor> entropy() {
        return Optional.empty();
    }

    /**
     * Kullback-Leibler divergence KL(this || other) in closed form.
     *
     * @param other a distribution of the same event shape
     * @return [batch], or empty if the pair has no closed form
     */
    default Optional<Tensor> closedKlTo(Distribution other) {
        return Divergences.kl(this, other);
    }

    /**
     * Kullback-Leibler divergence KL(this || other) in closed form.
     *
     * @param other a distribution of the same event shape
     * @return [batch]
     * @throws PlanException if the pair has no closed form
     */
    default Tensor klTo(Distribution other) {
        return closedKlTo(other)
                .orElseThrow(() -> new PlanException("klTo(" + this + ", " + other
                        + "): no closed form; average the difference of log densities over draws instead"));
    }

    /**
     * The same distribution with parameters that no gradient flows into: what path derivatives (STL, DReG) evaluate
     * their draws under.
     *
     * @return distribution of the same shapes
     */
    Distribution stopGradient();
}
