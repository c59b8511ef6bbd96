package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;

/**
 * Cauchy distributions of scalars, one for each element of the parameters: 1 / (pi scale (1 + z^2)) with z = (x - location)
 * / scale. Neither mean nor variance exists: both are NaN. Draws in float32 stay within 1.1e7 scales of the location, since
 * they come from 24 bits.
 */
public final class Cauchy implements ScalarFamily {
    private final LocationScale p;

    private Cauchy(LocationScale p) {
        this.p = p;
    }

    /**
     * By location and scale.
     *
     * @param location location
     * @param scale scale, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Cauchy ofLocationScale(Tensor location, Tensor scale) {
        return new Cauchy(LocationScale.of("cauchy", location, scale));
    }

    /**
     * By location and logarithm of the scale.
     *
     * @param location location
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Cauchy ofLocationLogScale(Tensor location, Tensor logScale) {
        return new Cauchy(LocationScale.ofLog("cauchy", location, logScale));
    }

    /**
     * The same everywhere.
     *
     * @param location location
     * @param scale scale
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if the scale is not positive or a parameter not finite
     */
    public static Cauchy of(double location, double scale, DType dtype, Shape batch) {
        return new Cauchy(LocationScale.of("cauchy", location, scale, dtype, batch));
    }

    /**
     * The location as given, not broadcast.
     *
     * @return location
     */
    public Tensor location() {
        return p.location();
    }

    /**
     * The scale as given, not broadcast.
     *
     * @return scale
     */
    public Tensor scale() {
        return p.scale();
    }

    @Override
    public Shape batchShape() {
        return p.batch();
    }

    @Override
    public DType dtype() {
        return p.location().dtype();
    }

    @Override
    public Support support() {
        return Support.real();
    }

    @Override
    public Tensor logProb(Tensor x) {
        return standard(p.standard(x));
    }

    private Tensor standard(Tensor z) {
        return Draws.log1pSquare(z).add(p.logScale()).add(Math.log(Math.PI)).neg();
    }

    private Tensor noise(Key key, int n) {
        return Draws.cauchy(Draws.of(Random::uniform, key, dtype(), n, p.batch()));
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return p.value(noise(key, n));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor z = noise(key, n);
        return new Drawn(p.value(z), standard(z));
    }

    /** NaN: there is none. */
    @Override
    public Tensor mean() {
        return p.all(Double.NaN);
    }

    /** NaN: there is none. */
    @Override
    public Tensor variance() {
        return p.all(Double.NaN);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(p.entropy(Math.log(4 * Math.PI)));
    }

    /** log(1 + sinh(log(s1 / s2) / 2)^2 + (m1 - m2)^2 / (4 s1 s2)) (Chyzak and Nielsen 2019). */
    Tensor kl(Cauchy other) {
        Tensor half = p.logScale().sub(other.p.logScale()).mul(0.5);
        Tensor sinh = half.exp().sub(half.neg().exp()).mul(0.5);
        Tensor mean = p.logScale().add(other.p.logScale()).mul(-0.5).exp();
        Tensor d = p.location().sub(other.p.location()).mul(mean).mul(0.5);
        return sinh.square().add(d.square()).log1p();
    }

    @Override
    public Cauchy stopGradient() {
        return new Cauchy(p.stopGradient());
    }

    @Override
    public String toString() {
        return "Cauchy" + p.batch();
    }
}
