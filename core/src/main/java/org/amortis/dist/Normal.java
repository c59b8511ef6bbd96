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
 * Normal distributions of scalars, one for each element of the parameters. Sum over an axis, or {@link Independent}, makes
 * a diagonal Gaussian of vectors. The logarithm of the standard deviation is kept and its exponential taken where needed,
 * so that a standard deviation of e^-40 loses nothing in float32.
 */
public final class Normal implements Distribution {
    static final double HALF_LOG_TWO_PI = 0.918938533204672741780329736405617640;

    private final Tensor mean;
    private final Tensor std;
    private final Tensor inverseStd;
    private final Tensor logStd;
    private final Shape batch;

    private Normal(Tensor mean, Tensor std, Tensor inverseStd, Tensor logStd) {
        this.batch = Draws.common("normal", mean, logStd);
        this.mean = mean;
        this.std = std;
        this.inverseStd = inverseStd;
        this.logStd = logStd;
    }

    /**
     * By mean and standard deviation.
     *
     * @param mean mean
     * @param std standard deviation, positive
     * @return the distributions, one for each element of the common shape
     */
    public static Normal ofMeanStd(Tensor mean, Tensor std) {
        return new Normal(mean, std, std.reciprocal(), std.log());
    }

    /**
     * By mean and standard deviation.
     *
     * @param mean mean
     * @param std standard deviation, positive
     * @return the distributions, one for each element of the mean
     * @throws PlanException if the standard deviation is not positive
     */
    public static Normal ofMeanStd(Tensor mean, double std) {
        if (!(std > 0)) {
            throw new PlanException("normal(std=" + std + "): not positive");
        }
        return new Normal(
                mean,
                Tensors.scalarLike(mean, std),
                Tensors.scalarLike(mean, 1 / std),
                Tensors.scalarLike(mean, Math.log(std)));
    }

    /**
     * By mean and logarithm of the standard deviation.
     *
     * @param mean mean
     * @param logStd logarithm of the standard deviation
     * @return the distributions, one for each element of the common shape
     */
    public static Normal ofMeanLogStd(Tensor mean, Tensor logStd) {
        return new Normal(mean, logStd.exp(), logStd.neg().exp(), logStd);
    }

    /**
     * By a pair of mean and logarithm of the standard deviation, such as the split output of an encoder.
     *
     * @param meanAndLogStd two tensors
     * @return the distributions, one for each element of the common shape
     */
    public static Normal ofMeanLogStd(Tensor[] meanAndLogStd) {
        return ofMeanLogStd(meanAndLogStd[0], meanAndLogStd[1]);
    }

    /**
     * By mean and logarithm of the variance.
     *
     * @param mean mean
     * @param logVariance logarithm of the variance
     * @return the distributions, one for each element of the common shape
     */
    public static Normal ofMeanLogVariance(Tensor mean, Tensor logVariance) {
        return ofMeanLogStd(mean, logVariance.mul(0.5));
    }

    /**
     * Mean 0 and standard deviation 1.
     *
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     */
    public static Normal standard(DType dtype, Shape batch) {
        Tensor one = Tensors.ones(dtype, Shape.SCALAR);
        return new Normal(Tensors.zeros(dtype, batch), one, one, Tensors.zeros(dtype, Shape.SCALAR));
    }

    /**
     * Mean 0 and standard deviation 1, one for each element of a tensor.
     *
     * @param like tensor whose type it takes
     * @return the distributions
     */
    public static Normal standardLike(Tensor like) {
        return standard(like.dtype(), like.shape());
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.SCALAR;
    }

    @Override
    public DType dtype() {
        return mean.dtype();
    }

    /**
     * The standard deviation as given, not broadcast.
     *
     * @return standard deviation
     */
    public Tensor std() {
        return std;
    }

    /**
     * The logarithm of the standard deviation, not broadcast.
     *
     * @return logarithm of the standard deviation
     */
    public Tensor logStd() {
        return logStd;
    }

    @Override
    public Support support() {
        return Support.real();
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor z = x.sub(mean).mul(inverseStd);
        return z.square().mul(-0.5).sub(logStd.add(HALF_LOG_TWO_PI));
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return Draws.of(Random::normal, key, dtype(), n, batch).mul(std).add(mean);
    }

    @Override
    public Tensor rsample(Key key) {
        return Random.normal(key, dtype(), batch).mul(std).add(mean);
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    @Override
    public Tensor sample(Key key) {
        return rsample(key).stopGradient();
    }

    /** The density of a draw mean + std e is that of e, without subtracting and dividing again. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        return drawn(Draws.of(Random::normal, key, dtype(), n, batch));
    }

    @Override
    public Drawn sampleAndLogProb(Key key) {
        return drawn(Random.normal(key, dtype(), batch));
    }

    private Drawn drawn(Tensor e) {
        return new Drawn(e.mul(std).add(mean), e.square().mul(-0.5).sub(logStd.add(HALF_LOG_TWO_PI)));
    }

    @Override
    public Tensor mean() {
        return mean.broadcastTo(batch);
    }

    @Override
    public Tensor variance() {
        return std.square().broadcastTo(batch);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logStd.add(HALF_LOG_TWO_PI + 0.5).broadcastTo(batch));
    }

    /** 0.5 (expm1(u) - u + ((m1 - m2) / s2)^2) with u = 2 log(s1 / s2): no ratio that could overflow is formed twice. */
    Tensor kl(Normal other) {
        Tensor u = logStd.sub(other.logStd).mul(2);
        Tensor d = mean.sub(other.mean).mul(other.inverseStd);
        Tensor kl = u.expm1().sub(u).add(d.square()).mul(0.5);
        Shape s = Shape.broadcastOrNull(batch, other.batch);
        return s == null ? kl : kl.broadcastTo(s);
    }

    @Override
    public Normal stopGradient() {
        return new Normal(mean.stopGradient(), std.stopGradient(), inverseStd.stopGradient(), logStd.stopGradient());
    }

    @Override
    public String toString() {
        return "Normal" + batch;
    }
}
