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
 * Distributions of the absolute value of a normal variable of mean 0, one for each element of its standard deviation, the
 * scale. Minus infinity for negative values.
 */
public final class HalfNormal implements ScalarFamily {
    private final Tensor scale;
    private final Tensor logScale;
    private final Shape batch;

    private HalfNormal(Tensor scale, Tensor logScale, Shape batch) {
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
    public static HalfNormal ofScale(Tensor scale) {
        return new HalfNormal(scale, scale.log(), scale.shape());
    }

    /**
     * By logarithm of the scale.
     *
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element
     */
    public static HalfNormal ofLogScale(Tensor logScale) {
        return new HalfNormal(logScale.exp(), logScale, logScale.shape());
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
    public static HalfNormal of(double scale, DType dtype, Shape batch) {
        Draws.positive("halfNormal", "scale", scale);
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
        return z.square().mul(-0.5).sub(logScale.add(0.5 * Math.log(Math.PI / 2)));
    }

    private Tensor noise(Key key, int n) {
        return Draws.of(Random::normal, key, dtype(), n, batch).abs();
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

    @Override
    public Tensor mean() {
        return scale.mul(Math.sqrt(2 / Math.PI));
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(1 - 2 / Math.PI);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logScale.add(0.5 + 0.5 * Math.log(Math.PI / 2)));
    }

    /** (expm1(u) - u) / 2 with u = 2 log(s1 / s2), as for normal distributions. */
    Tensor kl(HalfNormal other) {
        Tensor u = logScale.sub(other.logScale).mul(2);
        return u.expm1().sub(u).mul(0.5);
    }

    @Override
    public HalfNormal stopGradient() {
        return new HalfNormal(scale.stopGradient(), logScale.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "HalfNormal" + batch;
    }
}
