package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Classes 0..K-1 by logits, as I32. Logits need not be normalised; a logit of minus infinity is a class that never occurs
 * and costs no NaN in densities, entropies or gradients.
 */
public final class Categorical implements Distribution {
    private final Tensor logits;
    private final Tensor logProbs;

    private Categorical(Tensor logits, Tensor logProbs) {
        this.logits = logits;
        this.logProbs = logProbs;
    }

    /**
     * By logits.
     *
     * @param logits log probabilities up to a constant [.., K]
     * @return the distributions, one for each row
     * @throws ShapeException if there are no classes
     */
    public static Categorical ofLogits(Tensor logits) {
        if (logits.shape().rank() == 0 || logits.shape().dim(-1) == 0) {
            throw new ShapeException("categorical(logits=" + logits.describe() + "): no classes along the last axis");
        }
        return new Categorical(logits, logits.logSoftmax(-1));
    }

    /**
     * By probabilities.
     *
     * @param probabilities not negative, up to a factor [.., K]; a class of probability 0 never occurs
     * @return the distributions, one for each row
     * @throws ShapeException if there are no classes
     */
    public static Categorical ofProbabilities(Tensor probabilities) {
        return ofLogits(probabilities.log());
    }

    /**
     * Number of classes.
     *
     * @return K
     */
    public int classes() {
        return logits.shape().dim(-1);
    }

    /**
     * Log probability of each class.
     *
     * @return [batch, K]
     */
    public Tensor logProbabilities() {
        return logProbs;
    }

    /**
     * Probability of each class.
     *
     * @return [batch, K]
     */
    public Tensor probabilities() {
        return logits.softmax(-1);
    }

    @Override
    public Shape batchShape() {
        return logits.shape().drop(-1);
    }

    @Override
    public Shape eventShape() {
        return Shape.SCALAR;
    }

    @Override
    public DType dtype() {
        return DType.I32;
    }

    @Override
    public Support support() {
        return Support.integers(0, classes() - 1);
    }

    @Override
    public Tensor logProb(Tensor x) {
        // a masked sum, since values may have sample axes that the logits have not
        Tensor chosen = x.expandDims(-1).eq(Tensors.iota(Shape.of(classes()), 0));
        Tensor p = Tensors.where(chosen, logProbs, 0).sum(-1);
        Tensor inside = x.ge(0).and(x.lt(classes()));
        return Tensors.where(inside, p, Tensors.scalarLike(p, Double.NEGATIVE_INFINITY));
    }

    /** The largest of the logits with Gumbel noise. */
    @Override
    public Tensor sample(Key key, int n) {
        return logits.stopGradient()
                .add(Draws.of(Random::gumbel, key, logits.dtype(), n, logits.shape()))
                .argmax(-1);
    }

    @Override
    public Tensor sample(Key key) {
        return Random.categorical(key, logits.stopGradient());
    }

    @Override
    public Optional<Tensor> entropy() {
        Tensor log = Tensors.where(possible(), logProbs, 0);
        return Optional.of(probabilities().mul(log).sum(-1).neg());
    }

    Tensor kl(Categorical other) {
        if (other.classes() != classes()) {
            throw new ShapeException("klTo(" + this + ", " + other + "): numbers of classes differ");
        }
        Tensor ratio = Tensors.where(possible(), logProbs.sub(other.logProbs), 0);
        return probabilities().mul(ratio).sum(-1);
    }

    private Tensor possible() {
        return logProbs.gt(Double.NEGATIVE_INFINITY);
    }

    @Override
    public Categorical stopGradient() {
        return ofLogits(logits.stopGradient());
    }

    @Override
    public String toString() {
        return "Categorical" + batchShape() + " of " + classes();
    }
}
