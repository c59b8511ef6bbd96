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
 * Laplace distributions of scalars, one for each element of the parameters: e^-|z| / (2 scale) with z = (x - location) /
 * scale. The gradient of the density at the location itself is 0.
 */
public final class Laplace implements ScalarFamily {
    private final LocationScale p;

    private Laplace(LocationScale p) {
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
    public static Laplace ofLocationScale(Tensor location, Tensor scale) {
        return new Laplace(LocationScale.of("laplace", location, scale));
    }

    /**
     * By location and logarithm of the scale.
     *
     * @param location location
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Laplace ofLocationLogScale(Tensor location, Tensor logScale) {
        return new Laplace(LocationScale.ofLog("laplace", location, logScale));
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
    public static Laplace of(double location, double scale, DType dtype, Shape batch) {
        return new Laplace(LocationScale.of("laplace", location, scale, dtype, batch));
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
        return z.abs().add(p.logScale()).add(Math.log(2)).neg();
    }

    private Tensor noise(Key key, int n) {
        return Draws.laplace(Draws.of(Random::uniform, key, dtype(), n, p.batch()));
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

    @Override
    public Tensor mean() {
        return p.mean();
    }

    @Override
    public Tensor variance() {
        return p.variance(2);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(p.entropy(1 + Math.log(2)));
    }

    /** log(s2 / s1) + (s1 e^-(d / s1) + d) / s2 - 1 with d = |m1 - m2|. */
    Tensor kl(Laplace other) {
        Tensor log = p.logScale().sub(other.p.logScale());
        Tensor gap = p.location().sub(other.p.location()).abs();
        Tensor d = gap.mul(other.p.inverseScale());
        // with u = log(s1 / s2) - d / s1: expm1(u) - u has no cancellation near equal scales
        Tensor g = gap.mul(p.inverseScale());
        Tensor u = log.sub(g);
        return u.expm1().sub(u).add(d.sub(g));
    }

    @Override
    public Laplace stopGradient() {
        return new Laplace(p.stopGradient());
    }

    @Override
    public String toString() {
        return "Laplace" + p.batch();
    }
}
