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
 * Logistic distributions of scalars, one for each element of the parameters: z = (x - location) / scale has the
 * distribution function 1 / (1 + e^-z).
 */
public final class Logistic implements ScalarFamily {
    private final LocationScale p;

    private Logistic(LocationScale p) {
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
    public static Logistic ofLocationScale(Tensor location, Tensor scale) {
        return new Logistic(LocationScale.of("logistic", location, scale));
    }

    /**
     * By location and logarithm of the scale.
     *
     * @param location location
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Logistic ofLocationLogScale(Tensor location, Tensor logScale) {
        return new Logistic(LocationScale.ofLog("logistic", location, logScale));
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
    public static Logistic of(double location, double scale, DType dtype, Shape batch) {
        return new Logistic(LocationScale.of("logistic", location, scale, dtype, batch));
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
        return z.logSigmoid().add(z.neg().logSigmoid()).sub(p.logScale());
    }

    private Tensor noise(Key key, int n) {
        return Draws.logistic(Draws.of(Random::uniform, key, dtype(), n, p.batch()));
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
        return p.variance(Math.PI * Math.PI / 3);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(p.entropy(2));
    }

    @Override
    public Logistic stopGradient() {
        return new Logistic(p.stopGradient());
    }

    @Override
    public String toString() {
        return "Logistic" + p.batch();
    }
}
