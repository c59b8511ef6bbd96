package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Poisson distributions by rate or its logarithm, one for each element. Values are counts as I32; float values that are
 * whole numbers are taken too. Log probabilities have the gradient x - rate with respect to the logarithm of the rate,
 * and no difference of large logarithms is formed: at a rate of 1e6 they are right to 1e-6 in float32. Draws above
 * 2^31 - 1 saturate.
 */
public final class Poisson implements Distribution {
    private final Tensor rate;
    private final Tensor logRate;

    private Poisson(Tensor rate, Tensor logRate) {
        this.rate = rate;
        this.logRate = logRate;
    }

    /**
     * By rate.
     *
     * @param rate mean, positive
     * @return the distributions, one for each element
     */
    public static Poisson ofRate(Tensor rate) {
        return new Poisson(rate, rate.log());
    }

    /**
     * By logarithm of the rate, as a network gives it.
     *
     * @param logRate logarithm of the mean
     * @return the distributions, one for each element
     */
    public static Poisson ofLogRate(Tensor logRate) {
        return new Poisson(logRate.exp(), logRate);
    }

    /**
     * The rate.
     *
     * @return mean
     */
    public Tensor rate() {
        return rate;
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
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
        return Support.counts();
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor valid = Counts.valid(x);
        Tensor k = Tensors.where(valid, x.cast(rate.dtype()), 0).stopGradient();
        Shape s = Draws.common("poisson.logProb", k, logRate);
        return CustomGradient.of(
                        logs -> Tensors.where(valid, density(k, logs[0]), Double.NEGATIVE_INFINITY),
                        (logs, y, dy) -> new Tensor[] {Tensors.where(valid, dy.mul(k.sub(rate)), 0)})
                .apply(logRate.broadcastTo(s));
    }

    private Tensor density(Tensor k, Tensor log) {
        Tensor some = k.maximum(1);
        Tensor logSome = some.log();
        Tensor deviance = Counts.deviance(some, rate.sub(some), log.sub(logSome));
        Tensor d = Counts.stirling(some).add(deviance).add(logSome.mul(0.5)).add(Normal.HALF_LOG_TWO_PI);
        return Tensors.where(k.eq(0), rate, d).neg();
    }

    @Override
    public Tensor sample(Key key, int n) {
        Tensor r = rate.stopGradient().cast(DType.F64);
        return CountDraws.poisson(key, r.broadcastTo(batchShape().insert(0, n)), n, batchShape());
    }

    @Override
    public Tensor mean() {
        return rate;
    }

    @Override
    public Tensor variance() {
        return rate;
    }

    /** The deviance of one mean from the other. */
    Tensor kl(Poisson other) {
        return Counts.deviance(rate, other.rate.sub(rate), other.logRate.sub(logRate));
    }

    @Override
    public Poisson stopGradient() {
        return new Poisson(rate.stopGradient(), logRate.stopGradient());
    }

    @Override
    public String toString() {
        return "Poisson" + batchShape();
    }
}
