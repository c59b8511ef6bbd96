package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.math.SpecialFunctions;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Relaxed classes (Maddison et al., "The Concrete distribution"; Jang et al., "Categorical reparameterization with
 * Gumbel-softmax", both 2017): softmax of logits with Gumbel noise, divided by a temperature. Values are probability
 * vectors [.., K], nearly one-hot at low temperature, and differentiable functions of the logits. Everything is formed in
 * logarithms. At temperatures below 0.1 elements underflow; {@link #logarithms} has the logarithms as values instead.
 */
public final class RelaxedCategorical implements Distribution {
    private final Tensor temperature;
    private final Tensor logits;
    private final boolean logarithmic;

    private RelaxedCategorical(Tensor temperature, Tensor logits, boolean logarithmic) {
        if (logits.shape().rank() == 0 || logits.shape().dim(-1) == 0) {
            throw new ShapeException(
                    "relaxedCategorical(logits=" + logits.describe() + "): no classes along the last axis");
        }
        if (temperature.shape().rank() != 0 || temperature.dtype() != logits.dtype()) {
            throw new ShapeException("relaxedCategorical(temperature=" + temperature.describe() + ", logits="
                    + logits.describe() + "): the temperature is not a scalar of the logits' type");
        }
        this.temperature = temperature;
        this.logits = logits;
        this.logarithmic = logarithmic;
    }

    /**
     * By temperature and logits.
     *
     * @param temperature temperature, positive
     * @param logits log probabilities up to a constant [.., K]
     * @return the distributions, one for each row
     * @throws PlanException if the temperature is not positive
     */
    public static RelaxedCategorical ofLogits(double temperature, Tensor logits) {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new PlanException("relaxedCategorical(temperature=" + temperature + "): not positive and finite");
        }
        return new RelaxedCategorical(Tensors.scalarLike(logits, temperature), logits, false);
    }

    /**
     * By temperature and logits.
     *
     * @param temperature temperature [], positive: a formula of the step, or a parameter
     * @param logits log probabilities up to a constant [.., K]
     * @return the distributions, one for each row
     */
    public static RelaxedCategorical ofLogits(Tensor temperature, Tensor logits) {
        return new RelaxedCategorical(temperature, logits, false);
    }

    /**
     * The distribution of the logarithms of the values. Its density is that of the values times their product, so that
     * ratios of densities, all that bounds need, are the same.
     *
     * @return distribution of vectors whose exponentials sum to 1
     */
    public RelaxedCategorical logarithms() {
        return new RelaxedCategorical(temperature, logits, true);
    }

    private int classes() {
        return logits.shape().dim(-1);
    }

    @Override
    public Shape batchShape() {
        return logits.shape().drop(-1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(classes());
    }

    @Override
    public DType dtype() {
        return logits.dtype();
    }

    @Override
    public Support support() {
        Support simplex = Support.simplex(classes());
        return logarithmic ? Support.image(simplex, Elementwise.exp().inverted()) : simplex;
    }

    /**
     * Log density with respect to the first K - 1 elements; that a value sums to 1 is taken for granted.
     *
     * @param x values [.., K]; an element 0 counts as the smallest normal number
     * @return [.., batch]
     */
    @Override
    public Tensor logProb(Tensor x) {
        if (logarithmic) {
            return density(x);
        }
        double tiny = x.dtype() == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        Tensor safe = Tensors.where(x.ge(tiny), x, tiny);
        return Tensors.where(x.ge(0).all(-1), density(safe.log()), Double.NEGATIVE_INFINITY);
    }

    private Tensor density(Tensor log) {
        Tensor shares = logits.sub(temperature.mul(log)).logSoftmax(-1);
        Tensor p = (logarithmic ? shares : shares.sub(log)).sum(-1);
        return p.add(temperature.log().mul(classes() - 1)).add(SpecialFunctions.lgamma(classes()));
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    private Tensor logDraws(Key key, int n) {
        return Draws.of(Random::gumbel, key, dtype(), n, logits.shape())
                .add(logits)
                .div(temperature)
                .logSoftmax(-1);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        Tensor log = logDraws(key, n);
        return logarithmic ? log : log.exp();
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    /** The density comes from the logarithms, which do not underflow. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor log = logDraws(key, n);
        return new Drawn(logarithmic ? log : log.exp(), density(log));
    }

    @Override
    public RelaxedCategorical stopGradient() {
        return new RelaxedCategorical(temperature.stopGradient(), logits.stopGradient(), logarithmic);
    }

    @Override
    public String toString() {
        return (logarithmic ? "RelaxedCategoricalLogarithms" : "RelaxedCategorical") + batchShape() + " of "
                + classes();
    }
}
