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
 * Distributions of the absolute value of a Cauchy variable around 0, one for each element of the scale. Minus infinity for
 * negative values; mean and variance are infinite.
 */
public final class HalfCauchy implements ScalarFamily {
    private final Tensor scale;
    private final Tensor logScale;
    private final Shape batch;

    private HalfCauchy(Tensor scale, Tensor logScale, Shape batch) {
        this.scale = scale;
        this.logScale = logScale;
        this.batch = batch;
    }

    /**
     * By scale.
     *
     * @param scale scale, positive
     * @return the distributions, one for each element
     */
    public static HalfCauchy ofScale(Tensor scale) {
        return new HalfCauchy(scale, scale.log(), scale.shape());
    }

    /**
     * By logarithm of the scale.
     *
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element
     */
    public static HalfCauchy ofLogScale(Tensor logScale) {
        return new HalfCauchy(logScale.exp(), logScale, logScale.shape());
    }

    /**
     * The same everywhere.
     *
     * @param scale scale
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if a parameter is not positive and finite
     */
    public static HalfCauchy of(double scale, DType dtype, Shape batch) {
        Draws.positive("halfCauchy", "scale", scale);
        return ofScale(Tensors.fill(scale, dtype, batch));
    }

    /**
     * The scale as given, not broadcast.
     *
     * @return scale
     */
    public Tensor scale() {
        return scale;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public DType dtype() {
        return scale.dtype();
    }

    @Override
    public Support support() {
        return Support.nonNegative();
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor density = standard(x.mul(logScale.neg().exp()));
        return Tensors.where(support().contains(x), density, Double.NEGATIVE_INFINITY);
    }

    private Tensor standard(Tensor z) {
        return Draws.log1pSquare(z).add(logScale).add(Math.log(Math.PI / 2)).neg();
    }

    private Tensor noise(Key key, int n) {
        return Draws.cauchy(Draws.of(Random::uniform, key, dtype(), n, batch)).abs();
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return noise(key, n).mul(scale);
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor z = noise(key, n);
        return new Drawn(z.mul(scale), standard(z));
    }

    /** Infinite. */
    @Override
    public Tensor mean() {
        return Tensors.fill(Double.POSITIVE_INFINITY, dtype(), batch);
    }

    /** Infinite. */
    @Override
    public Tensor variance() {
        return Tensors.fill(Double.POSITIVE_INFINITY, dtype(), batch);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logScale.add(Math.log(2 * Math.PI)));
    }

    /** That of the Cauchy distributions around 0, whose ratio of densities is the same. */
    Tensor kl(HalfCauchy other) {
        Tensor none = Tensors.zeros(dtype(), Shape.SCALAR);
        return Cauchy.ofLocationLogScale(none, logScale).kl(Cauchy.ofLocationLogScale(none, other.logScale));
    }

    @Override
    public HalfCauchy stopGradient() {
        return new HalfCauchy(scale.stopGradient(), logScale.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "HalfCauchy" + batch;
    }
}
