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
 * Distributions of the exponential of a normal variable, one for each element of its parameters. Minus infinity for values
 * that are not positive.
 */
public final class LogNormal implements ScalarFamily {
    private final Normal log;

    private LogNormal(Normal log) {
        this.log = log;
    }

    /**
     * By the distribution of the logarithm.
     *
     * @param log normal distributions of log x
     * @return the distributions of x
     */
    public static LogNormal of(Normal log) {
        return new LogNormal(log);
    }

    /**
     * By mean and standard deviation of the logarithm.
     *
     * @param mean mean of log x
     * @param std standard deviation of log x, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static LogNormal ofMeanStd(Tensor mean, Tensor std) {
        return new LogNormal(Normal.ofMeanStd(mean, std));
    }

    /**
     * The same everywhere.
     *
     * @param mean mean of log x
     * @param std standard deviation of log x
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if the standard deviation is not positive or a parameter not finite
     */
    public static LogNormal of(double mean, double std, DType dtype, Shape batch) {
        Draws.finite("logNormal", "mean", mean);
        Draws.positive("logNormal", "std", std);
        return new LogNormal(Normal.ofMeanStd(Tensors.fill(mean, dtype, batch), std));
    }

    /**
     * The distributions of the logarithm.
     *
     * @return normal distributions of log x
     */
    public Normal log() {
        return log;
    }

    @Override
    public Shape batchShape() {
        return log.batchShape();
    }

    @Override
    public DType dtype() {
        return log.dtype();
    }

    @Override
    public Support support() {
        return Support.positive();
    }

    @Override
    public Tensor logProb(Tensor x) {
        return Draws.within(support(), x, 1, v -> {
            Tensor l = v.log();
            return log.logProb(l).sub(l);
        });
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return Draws.positiveExp(log.rsample(key, n));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Drawn l = log.sampleAndLogProb(key, n);
        return new Drawn(Draws.positiveExp(l.value()), l.logProb().sub(l.value()));
    }

    @Override
    public Tensor mean() {
        return log.mean().add(log.std().square().mul(0.5)).exp();
    }

    @Override
    public Tensor variance() {
        Tensor v = log.std().square();
        return v.expm1().mul(log.mean().mul(2).add(v).exp());
    }

    @Override
    public Optional<Tensor> entropy() {
        return log.entropy().map(h -> h.add(log.mean()));
    }

    /** That of the logarithms. */
    Tensor kl(LogNormal other) {
        return log.kl(other.log);
    }

    @Override
    public LogNormal stopGradient() {
        return new LogNormal(log.stopGradient());
    }

    @Override
    public String toString() {
        return "LogNormal" + batchShape();
    }
}
