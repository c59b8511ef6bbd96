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
 * Student's t distributions of scalars, one for each element of the parameters: density proportional to
 * (1 + z^2 / df)^(-(df + 1) / 2) with z = (x - location) / scale. The constant is a ratio of gamma functions by its own series,
 * so that many degrees of freedom lose nothing in float32. Up to 1 degree there is no mean (NaN), up to 2 the variance is
 * infinite, and up to 1 there is none. A draw is a normal number over the root of a gamma number, whose gradient is implicit,
 * to first order.
 */
public final class StudentT implements ScalarFamily {
    private final Tensor df;
    private final LocationScale p;
    private final Shape batch;

    private StudentT(Tensor df, LocationScale p, Shape batch) {
        this.df = df;
        this.p = p;
        this.batch = batch;
    }

    private static StudentT of(Tensor df, LocationScale p) {
        Draws.common("studentT", df, p.location());
        return new StudentT(df, p, Draws.common("studentT", df, p.location().broadcastTo(p.batch())));
    }

    /**
     * By degrees of freedom, location and scale.
     *
     * @param df degrees of freedom, positive
     * @param location centre
     * @param scale scale, positive; not the standard deviation
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static StudentT of(Tensor df, Tensor location, Tensor scale) {
        return of(df, LocationScale.of("studentT", location, scale));
    }

    /**
     * By degrees of freedom, location and logarithm of the scale.
     *
     * @param df degrees of freedom, positive
     * @param location centre
     * @param logScale logarithm of the scale
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static StudentT ofLogScale(Tensor df, Tensor location, Tensor logScale) {
        return of(df, LocationScale.ofLog("studentT", location, logScale));
    }

    /**
     * The same everywhere.
     *
     * @param df degrees of freedom
     * @param location centre
     * @param scale scale
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if degrees or scale are not positive or a parameter not finite
     */
    public static StudentT of(double df, double location, double scale, DType dtype, Shape batch) {
        Draws.positive("studentT", "df", df);
        return of(Tensors.fill(df, dtype, Shape.SCALAR), LocationScale.of("studentT", location, scale, dtype, batch));
    }

    /**
     * The degrees of freedom as given, not broadcast.
     *
     * @return degrees of freedom
     */
    public Tensor degrees() {
        return df;
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
        return batch;
    }

    @Override
    public DType dtype() {
        return df.dtype();
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
        Tensor log = Draws.log1pSquare(z.mul(df.rsqrt()));
        Tensor constant = GammaFormulas.halfRatio(df.mul(0.5)).sub(p.logScale()).sub(Normal.HALF_LOG_TWO_PI);
        return constant.sub(df.add(1).mul(0.5).mul(log));
    }

    private Tensor noise(Key key, int n) {
        Tensor half = df.mul(0.5);
        Tensor log = half.log()
                .sub(GammaDraws.logarithms(key.fold("gamma"), half.broadcastTo(batch), n))
                .mul(0.5);
        Tensor normal = Draws.of(Random::normal, key.fold("normal"), dtype(), n, batch);
        // a product that could overflow is kept below the largest number
        return normal.mul(Draws.positiveExp(log.minimum(dtype() == DType.F64 ? 700 : 80)));
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

    /** NaN up to 1 degree of freedom. */
    @Override
    public Tensor mean() {
        return Tensors.where(df.gt(1), p.location(), Double.NaN).broadcastTo(batch);
    }

    /** NaN up to 1 degree of freedom, infinite up to 2. */
    @Override
    public Tensor variance() {
        Tensor finite = df.gt(2);
        Tensor safe = Tensors.where(finite, df, 3);
        Tensor v = p.scale().square().mul(safe.div(safe.sub(2)));
        Tensor none = Tensors.where(df.gt(1), Tensors.scalarLike(df, Double.POSITIVE_INFINITY), Double.NaN);
        return Tensors.where(finite, v, none).broadcastTo(batch);
    }

    @Override
    public Optional<Tensor> entropy() {
        Tensor half = df.mul(0.5);
        Tensor h = half.add(0.5).mul(GammaFormulas.halfSlope(half)).sub(GammaFormulas.halfRatio(half));
        return Optional.of(h.add(p.logScale()).add(Normal.HALF_LOG_TWO_PI).broadcastTo(batch));
    }

    @Override
    public StudentT stopGradient() {
        return new StudentT(df.stopGradient(), p.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "StudentT" + batch;
    }
}
