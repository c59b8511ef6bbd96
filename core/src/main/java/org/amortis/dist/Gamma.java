package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Gamma distributions, one for each element of the parameters: rate^a x^(a-1) e^(-rate x) / gamma(a) for x &gt; 0. From
 * shape 12 on the density is that of the deviance from the mean, in which no large terms cancel. Draws have the implicit
 * gradient with respect to the shape (Figurnov et al. 2018), to first order, and are made as logarithms: where a draw would
 * underflow it is the smallest normal number, and {@link #sampleAndLogProb} has the density of the draw itself.
 */
public final class Gamma implements ScalarFamily {
    private final Tensor shape;
    private final Tensor logRate;
    private final Shape batch;

    private Gamma(Tensor shape, Tensor logRate, Shape batch) {
        this.shape = shape;
        this.logRate = logRate;
        this.batch = batch;
    }

    /**
     * By shape and rate.
     *
     * @param shape shape, positive
     * @param rate rate, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Gamma ofShapeRate(Tensor shape, Tensor rate) {
        return new Gamma(shape, rate.log(), Draws.common("gamma", shape, rate));
    }

    /**
     * By shape and logarithm of the rate.
     *
     * @param shape shape, positive
     * @param logRate logarithm of the rate
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Gamma ofShapeLogRate(Tensor shape, Tensor logRate) {
        return new Gamma(shape, logRate, Draws.common("gamma", shape, logRate));
    }

    /**
     * The same everywhere.
     *
     * @param shape shape
     * @param rate rate
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if a parameter is not positive and finite
     */
    public static Gamma of(double shape, double rate, DType dtype, Shape batch) {
        Draws.positive("gamma", "shape", shape);
        Draws.positive("gamma", "rate", rate);
        return ofShapeRate(Tensors.fill(shape, dtype, batch), Tensors.fill(rate, dtype, batch));
    }

    /**
     * The shape as given, not broadcast.
     *
     * @return shape
     */
    public Tensor shape() {
        return shape;
    }

    /**
     * The logarithm of the rate as given, not broadcast.
     *
     * @return logarithm of the rate
     */
    public Tensor logRate() {
        return logRate;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public DType dtype() {
        return shape.dtype();
    }

    @Override
    public Support support() {
        return Support.positive();
    }

    @Override
    public Tensor logProb(Tensor x) {
        return Draws.within(support(), x, 1, v -> {
            Tensor log = v.log();
            Tensor logY = log.add(logRate);
            return GammaFormulas.density(shape, v.mul(logRate.exp()), logY).sub(log);
        });
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return Draws.positiveExp(
                GammaDraws.logarithms(key, shape.broadcastTo(batch), n).sub(logRate));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor logY = GammaDraws.logarithms(key, shape.broadcastTo(batch), n);
        Tensor log = logY.sub(logRate);
        Tensor density =
                GammaFormulas.density(shape, Draws.positiveExp(logY), logY).sub(log);
        return new Drawn(Draws.positiveExp(log), density);
    }

    @Override
    public Tensor mean() {
        return shape.mul(logRate.neg().exp());
    }

    @Override
    public Tensor variance() {
        return shape.mul(logRate.mul(-2).exp());
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(GammaFormulas.entropy(shape).sub(logRate));
    }

    /** (a1 - a2) digamma(a1) - lgamma(a1) + lgamma(a2) + a2 log(r1 / r2) + a1 (r2 / r1 - 1). */
    Tensor kl(Gamma other) {
        return GammaFormulas.kl(shape, logRate, other.shape, other.logRate);
    }

    @Override
    public Gamma stopGradient() {
        return new Gamma(shape.stopGradient(), logRate.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "Gamma" + batch;
    }
}
