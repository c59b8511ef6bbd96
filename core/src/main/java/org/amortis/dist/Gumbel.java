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
 * Gumbel distributions of scalars (of largest values), one for each element of the parameters: z = (x - location) / scale
 * has the distribution function exp(-e^-z). Draws in float32 lie between 2.9 scales below the location and 16.7 above it.
 */
public final class Gumbel implements ScalarFamily {
    /** Euler's constant, the mean of the standard variate. */
    static final double EULER = 0.577215664901532860606512090082402431;

    private final LocationScale p;

    private Gumbel(LocationScale p) {
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
    public static Gumbel ofLocationScale(Tensor location, Tensor scale) {
        return new Gumbel(LocationScale.of("gumbel", location, scale));
    }

    /**
     * By location and logarithm of the scale.
     *
     * @param location location
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Gumbel ofLocationLogScale(Tensor location, Tensor logScale) {
        return new Gumbel(LocationScale.ofLog("gumbel", location, logScale));
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
    public static Gumbel of(double location, double scale, DType dtype, Shape batch) {
        return new Gumbel(LocationScale.of("gumbel", location, scale, dtype, batch));
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
        return z.add(z.neg().exp()).add(p.logScale()).neg();
    }

    private Tensor noise(Key key, int n) {
        return Draws.of(Random::gumbel, key, dtype(), n, p.batch());
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
        return p.location().add(p.scale().mul(EULER));
    }

    @Override
    public Tensor variance() {
        return p.variance(Math.PI * Math.PI / 6);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(p.entropy(1 + EULER));
    }

    /** log(s2/s1) + d + g (r - 1) + gamma(1 + r) e^-d - 1 with r = s1 / s2 and d = (m1 - m2) / s2. */
    Tensor kl(Gumbel other) {
        Tensor log = p.logScale().sub(other.p.logScale());
        Tensor d = p.location().sub(other.p.location()).mul(other.p.inverseScale());
        Tensor r = log.exp();
        Tensor power = r.add(1).lgamma().sub(d).expm1();
        return power.add(d).sub(log).add(r.sub(1).mul(EULER));
    }

    @Override
    public Gumbel stopGradient() {
        return new Gumbel(p.stopGradient());
    }

    @Override
    public String toString() {
        return "Gumbel" + p.batch();
    }
}
