package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Weibull distributions, one for each element of the parameters: (x / scale)^shape is exponential of mean 1. Densities are
 * made of log x, and a draw has its density from the exponential number. Minus infinity for values that are not positive.
 */
public final class Weibull implements ScalarFamily {
    private final Tensor logScale;
    private final Tensor shape;
    private final Shape batch;

    private Weibull(Tensor logScale, Tensor shape, Shape batch) {
        this.logScale = logScale;
        this.shape = shape;
        this.batch = batch;
    }

    /**
     * By scale and shape.
     *
     * @param scale scale, positive
     * @param shape shape, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Weibull ofScaleShape(Tensor scale, Tensor shape) {
        return new Weibull(scale.log(), shape, Draws.common("weibull", scale, shape));
    }

    /**
     * By logarithm of the scale and shape.
     *
     * @param logScale logarithm of the scale
     * @param shape shape, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Weibull ofLogScaleShape(Tensor logScale, Tensor shape) {
        return new Weibull(logScale, shape, Draws.common("weibull", logScale, shape));
    }

    /**
     * The same everywhere.
     *
     * @param scale scale
     * @param shape shape
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if a parameter is not positive and finite
     */
    public static Weibull of(double scale, double shape, DType dtype, Shape batch) {
        Draws.positive("weibull", "scale", scale);
        Draws.positive("weibull", "shape", shape);
        return ofScaleShape(Tensors.fill(scale, dtype, batch), Tensors.fill(shape, dtype, batch));
    }

    /**
     * The logarithm of the scale as given, not broadcast.
     *
     * @return logarithm of the scale
     */
    public Tensor logScale() {
        return logScale;
    }

    /**
     * The shape as given, not broadcast.
     *
     * @return shape
     */
    public Tensor shape() {
        return shape;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public DType dtype() {
        return logScale.dtype();
    }

    @Override
    public Support support() {
        return Support.positive();
    }

    @Override
    public Tensor logProb(Tensor x) {
        return Draws.within(support(), x, 1, v -> {
            Tensor log = v.log().sub(logScale);
            return density(log, log.mul(shape).exp());
        });
    }

    /** From log(x / scale) and (x / scale)^shape. */
    private Tensor density(Tensor log, Tensor power) {
        return shape.log().add(shape.sub(1).mul(log)).sub(logScale).sub(power);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        Tensor e = Draws.of(Random::exponential, key, dtype(), n, batch);
        return Draws.positiveExp(e.log().div(shape).add(logScale));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor e = Draws.of(Random::exponential, key, dtype(), n, batch);
        Tensor log = e.log().div(shape);
        return new Drawn(Draws.positiveExp(log.add(logScale)), density(log, e));
    }

    /** The logarithm of the mean of (x / scale)^n. */
    private Tensor moment(double n) {
        return shape.reciprocal().mul(n).add(1).lgamma();
    }

    @Override
    public Tensor mean() {
        return logScale.add(moment(1)).exp();
    }

    /** The squared mean times a relative variance that loses digits where the shape is large. */
    @Override
    public Tensor variance() {
        Tensor twice = moment(1).mul(2);
        return logScale.mul(2).add(twice).exp().mul(moment(2).sub(twice).expm1());
    }

    @Override
    public Optional<Tensor> entropy() {
        Tensor rest = shape.reciprocal().rsub(1).mul(Gumbel.EULER);
        return Optional.of(logScale.sub(shape.log()).add(rest).add(1));
    }

    /** That of the Gumbel distributions of -log x, of scale 1/shape and location -log scale. */
    Tensor kl(Weibull other) {
        return logarithm().kl(other.logarithm());
    }

    private Gumbel logarithm() {
        return Gumbel.ofLocationLogScale(logScale.neg(), shape.log().neg());
    }

    @Override
    public Weibull stopGradient() {
        return new Weibull(logScale.stopGradient(), shape.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "Weibull" + batch;
    }
}
