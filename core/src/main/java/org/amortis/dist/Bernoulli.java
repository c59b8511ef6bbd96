package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;

/**
 * Bernoulli distributions by logits l = log(p / (1 - p)), one for each element. Values are 0 or 1 in the logits' float
 * type. Probabilities are never formed inside {@link #logProb}: x l - log(1 + e^l) is right to 2^-24 |l| in float32 for
 * any l, and its gradient x - sigmoid(l) everywhere.
 */
public final class Bernoulli implements Distribution {
    private final Tensor logits;

    private Bernoulli(Tensor logits) {
        this.logits = logits;
    }

    /**
     * By logits.
     *
     * @param logits log odds of one
     * @return the distributions, one for each element
     */
    public static Bernoulli ofLogits(Tensor logits) {
        return new Bernoulli(logits);
    }

    /**
     * The log odds of one.
     *
     * @return logits
     */
    public Tensor logits() {
        return logits;
    }

    @Override
    public Shape batchShape() {
        return logits.shape();
    }

    @Override
    public Shape eventShape() {
        return Shape.SCALAR;
    }

    @Override
    public DType dtype() {
        return logits.dtype();
    }

    @Override
    public Support support() {
        return Support.integers(0, 1);
    }

    /**
     * Log probability.
     *
     * @param x 0 or 1; values between give the expected log probability (a loss, no likelihood)
     * @return [.., batch]
     */
    @Override
    public Tensor logProb(Tensor x) {
        return x.mul(logits).sub(logits.softplus());
    }

    @Override
    public Tensor sample(Key key, int n) {
        return below(Draws.of(Random::uniform, key, dtype(), n, batchShape()));
    }

    @Override
    public Tensor sample(Key key) {
        return below(Random.uniform(key, dtype(), batchShape()));
    }

    private Tensor below(Tensor uniform) {
        return uniform.lt(logits.sigmoid()).cast(dtype());
    }

    @Override
    public Tensor mean() {
        return logits.sigmoid();
    }

    /** p (1 - p) as sigmoid(l) sigmoid(-l), which keeps its digits where p is near 1. */
    @Override
    public Tensor variance() {
        return logits.sigmoid().mul(logits.neg().sigmoid());
    }

    /** p softplus(-l) + (1 - p) softplus(l): a sum of positive terms. */
    @Override
    public Optional<Tensor> entropy() {
        Tensor n = logits.neg();
        return Optional.of(logits.sigmoid().mul(n.softplus()).add(n.sigmoid().mul(logits.softplus())));
    }

    Tensor kl(Bernoulli other) {
        Tensor on = logits.logSigmoid().sub(other.logits.logSigmoid());
        Tensor off = logits.neg().logSigmoid().sub(other.logits.neg().logSigmoid());
        return logits.sigmoid().mul(on).add(logits.neg().sigmoid().mul(off));
    }

    @Override
    public Bernoulli stopGradient() {
        return new Bernoulli(logits.stopGradient());
    }

    @Override
    public String toString() {
        return "Bernoulli" + batchShape();
    }
}
