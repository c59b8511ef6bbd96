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
 * Inverse gamma distributions, one for each element of the parameters: 1/x is gamma distributed with this shape and the
 * scale as rate. The mean is infinite up to shape 1, the variance up to shape 2. Draws have the implicit gradient of the
 * gamma draw, to first order; where they would overflow they are the largest number.
 */
public final class InverseGamma implements ScalarFamily {
    private final Tensor shape;
    private final Tensor logScale;
    private final Shape batch;

    private InverseGamma(Tensor shape, Tensor logScale, Shape batch) {
        this.shape = shape;
        this.logScale = logScale;
        this.batch = batch;
    }

    /**
     * By shape and scale.
     *
     * @param shape shape, positive
     * @param scale scale, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static InverseGamma ofShapeScale(Tensor shape, Tensor scale) {
        return new InverseGamma(shape, scale.log(), Draws.common("inverseGamma", shape, scale));
    }

    /**
     * By shape and logarithm of the scale.
     *
     * @param shape shape, positive
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static InverseGamma ofShapeLogScale(Tensor shape, Tensor logScale) {
        return new InverseGamma(shape, logScale, Draws.common("inverseGamma", shape, logScale));
    }

    /**
     * The same everywhere.
     *
     * @param shape shape
     * @param scale scale
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if a parameter is not positive and finite
     */
    public static InverseGamma of(double shape, double scale, DType dtype, Shape batch) {
        Draws.positive("inverseGamma", "shape", shape);
        Draws.positive("inverseGamma", "scale", scale);
        return ofShapeScale(Tensors.fill(shape, dtype, batch), Tensors.fill(scale, dtype, batch));
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
     * The logarithm of the scale as given, not broadcast.
     *
     * @return logarithm of the scale
     */
    public Tensor logScale() {
        return logScale;
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
            Tensor logY = logScale.sub(log);
            return GammaFormulas.density(shape, logScale.exp().div(v), logY).sub(log);
        });
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return Draws.positiveExp(logScale.sub(GammaDraws.logarithms(key, shape.broadcastTo(batch), n)));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor logY = GammaDraws.logarithms(key, shape.broadcastTo(batch), n);
        Tensor log = logScale.sub(logY);
        Tensor density =
                GammaFormulas.density(shape, Draws.positiveExp(logY), logY).sub(log);
        return new Drawn(Draws.positiveExp(log), density);
    }

    /** Infinite up to shape 1. */
    @Override
    public Tensor mean() {
        Tensor exists = shape.gt(1);
        Tensor safe = Tensors.where(exists, shape, 2).sub(1);
        Tensor mean = logScale.exp().div(safe);
        return Tensors.where(exists, mean, Double.POSITIVE_INFINITY);
    }

    /** Infinite up to shape 2. */
    @Override
    public Tensor variance() {
        Tensor exists = shape.gt(2);
        Tensor safe = Tensors.where(exists, shape, 3);
        Tensor v = logScale.mul(2).exp().div(safe.sub(1).square().mul(safe.sub(2)));
        return Tensors.where(exists, v, Double.POSITIVE_INFINITY);
    }

    @Override
    public Optional<Tensor> entropy() {
        // of 1/x plus twice the mean of log x = log scale - digamma
        Tensor twice = logScale.sub(shape.polygamma(0)).mul(2);
        return Optional.of(GammaFormulas.entropy(shape).sub(logScale).add(twice));
    }

    /** That of the gamma distributions of 1/x. */
    Tensor kl(InverseGamma other) {
        return GammaFormulas.kl(shape, logScale, other.shape, other.logScale);
    }

    @Override
    public InverseGamma stopGradient() {
        return new InverseGamma(shape.stopGradient(), logScale.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "InverseGamma" + batch;
    }
}
