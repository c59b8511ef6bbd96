package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Exponential distributions, one for each element of the rate: rate e^(-rate x) for x &gt;= 0.
 */
public final class Exponential implements ScalarFamily {
    private final Tensor rate;
    private final Tensor logRate;
    private final Shape batch;

    private Exponential(Tensor rate, Tensor logRate, Shape batch) {
        this.rate = rate;
        this.logRate = logRate;
        this.batch = batch;
    }

    /**
     * By rate.
     *
     * @param rate rate, positive
     * @return the distributions, one for each element
     */
    public static Exponential ofRate(Tensor rate) {
        return new Exponential(rate, rate.log(), rate.shape());
    }

    /**
     * By logarithm of the rate.
     *
     * @param logRate logarithm of the rate
     * @return the distributions, one for each element
     */
    public static Exponential ofLogRate(Tensor logRate) {
        return new Exponential(logRate.exp(), logRate, logRate.shape());
    }

    /**
     * The same everywhere.
     *
     * @param rate rate
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if a parameter is not positive and finite
     */
    public static Exponential of(double rate, DType dtype, Shape batch) {
        Draws.positive("exponential", "rate", rate);
        return ofRate(Tensors.fill(rate, dtype, batch));
    }

    /**
     * The rate as given, not broadcast.
     *
     * @return rate
     */
    public Tensor rate() {
        return rate;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public DType dtype() {
        return rate.dtype();
    }

    @Override
    public Support support() {
        return Support.nonNegative();
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor inside = support().contains(x);
        return Tensors.where(inside, logRate.sub(rate.mul(x)), Double.NEGATIVE_INFINITY);
    }

    private Tensor noise(Key key, int n) {
        return Draws.of(Random::exponential, key, dtype(), n, batch);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return noise(key, n).mul(logRate.neg().exp());
    }

    /** The density of a draw e / rate comes from e. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor e = noise(key, n);
        return new Drawn(e.mul(logRate.neg().exp()), logRate.sub(e));
    }

    @Override
    public Tensor mean() {
        return logRate.neg().exp();
    }

    @Override
    public Tensor variance() {
        return logRate.mul(-2).exp();
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logRate.rsub(1));
    }

    /** expm1(u) - u with u = log(r2 / r1). */
    Tensor kl(Exponential other) {
        Tensor u = other.logRate.sub(logRate);
        return u.expm1().sub(u);
    }

    Gamma gamma() {
        return Gamma.ofShapeLogRate(Tensors.ones(dtype(), batch), logRate);
    }

    @Override
    public Exponential stopGradient() {
        return new Exponential(rate.stopGradient(), logRate.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "Exponential" + batch;
    }
}
