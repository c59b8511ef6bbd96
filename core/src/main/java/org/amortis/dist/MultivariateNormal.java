package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;

/**
 * Normal distributions of vectors by mean [.., d] and lower triangular factor L [.., d, d] of the covariance L L^T. No
 * covariance is inverted: densities solve triangular systems, and samples in front of the batch become columns of one
 * system, so that a factor shared by many values is solved with once.
 */
public final class MultivariateNormal implements Distribution {
    private final Tensor mean;
    private final Tensor factor;
    private final Tensor logDet;
    private final Shape batch;

    private MultivariateNormal(Tensor mean, Tensor factor, Tensor logDet) {
        Shape m = mean.shape();
        Shape f = factor.shape();
        if (m.rank() < 1 || f.rank() < 2 || f.dim(-1) != m.dim(-1) || f.dim(-2) != m.dim(-1)) {
            throw new ShapeException("multivariateNormal(mean=" + mean.describe() + ", factor=" + factor.describe()
                    + "): needs [.., d] and [.., d, d]");
        }
        if (mean.dtype() != factor.dtype()) {
            throw new DTypeException("multivariateNormal(mean=" + mean.describe() + ", factor=" + factor.describe()
                    + "): element types differ");
        }
        Shape b = Shape.broadcastOrNull(m.drop(-1), f.slice(0, f.rank() - 2));
        if (b == null) {
            throw new ShapeException("multivariateNormal(mean=" + mean.describe() + ", factor=" + factor.describe()
                    + "): batch axes do not broadcast");
        }
        this.mean = mean;
        this.factor = factor;
        this.logDet = logDet;
        this.batch = b;
    }

    /**
     * By mean and Cholesky factor.
     *
     * @param mean mean [.., d]
     * @param factor lower triangular with positive diagonal [.., d, d]; the upper triangle is not read
     * @return the distributions
     */
    public static MultivariateNormal ofMeanCholesky(Tensor mean, Tensor factor) {
        Tensor l = LinearAlgebra.tril(factor);
        return new MultivariateNormal(mean, l, LinearAlgebra.logdetTriangular(l));
    }

    /**
     * By mean and free parameters: any square matrix, of which the part below the diagonal is that of the factor and the
     * exponential of the diagonal its diagonal. What an encoder or a local fit optimises.
     *
     * @param mean mean [.., d]
     * @param free any numbers [.., d, d]; the upper triangle is not read
     * @return the distributions
     */
    public static MultivariateNormal ofMeanFree(Tensor mean, Tensor free) {
        Tensor logDiagonal = LinearAlgebra.diagonal(free);
        Tensor l = LinearAlgebra.tril(free, -1).add(LinearAlgebra.diagonalMatrix(logDiagonal.exp()));
        return new MultivariateNormal(mean, l, logDiagonal.sum(-1));
    }

    /**
     * By mean and covariance.
     *
     * @param mean mean [.., d]
     * @param covariance symmetric positive definite [.., d, d]
     * @return the distributions
     */
    public static MultivariateNormal ofMeanCovariance(Tensor mean, Tensor covariance) {
        return ofMeanCholesky(mean, LinearAlgebra.cholesky(covariance));
    }

    /**
     * With independent elements, by mean and standard deviation: no matrix is formed.
     *
     * @param mean mean [.., d]
     * @param std standard deviation [.., d], positive
     * @return the distributions of vectors
     */
    public static Independent ofMeanStd(Tensor mean, Tensor std) {
        return Independent.of(Normal.ofMeanStd(mean, std));
    }

    /**
     * With independent elements, by mean and logarithm of the standard deviation: no matrix is formed.
     *
     * @param mean mean [.., d]
     * @param logStd logarithm of the standard deviation [.., d]
     * @return the distributions of vectors
     */
    public static Independent ofMeanLogStd(Tensor mean, Tensor logStd) {
        return Independent.of(Normal.ofMeanLogStd(mean, logStd));
    }

    private int size() {
        return mean.shape().dim(-1);
    }

    /**
     * The lower triangular factor of the covariance.
     *
     * @return L [.., d, d], not broadcast
     */
    public Tensor factor() {
        return factor;
    }

    /**
     * The covariance.
     *
     * @return [batch, d, d]
     */
    public Tensor covariance() {
        Tensor c = org.amortis.tensor.Tensors.matmul(factor, factor, false, true);
        return c.broadcastTo(batch.concat(Shape.of(size(), size())));
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.of(size());
    }

    @Override
    public DType dtype() {
        return mean.dtype();
    }

    /** Moves axes in front of the factor's batch behind the vector: [S.., B.., d] to [B.., d, S]. */
    private Tensor columns(Tensor x) {
        int own = factor.shape().rank() - 2;
        int extra = x.shape().rank() - 1 - own;
        if (extra <= 0
                || !x.shape().slice(extra, extra + own).equals(factor.shape().slice(0, own))) {
            return x.expandDims(-1);
        }
        Shape rest = x.shape().slice(extra, x.shape().rank());
        Tensor flat = x.reshape(Shape.of(x.shape().product(0, extra)).concat(rest));
        int[] p = new int[rest.rank() + 1];
        for (int i = 0; i < p.length; i++) {
            p[i] = (i + 1) % p.length;
        }
        return flat.transpose(p);
    }

    /** Undoes {@link #columns} for a shape. */
    private static Tensor rows(Tensor columns, Shape to) {
        int r = columns.shape().rank();
        int[] p = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = (i + r - 1) % r;
        }
        return (columns.shape().dim(-1) == 1 ? columns : columns.transpose(p)).reshape(to);
    }

    /**
     * The noise of values: L^-1 (x - mean).
     *
     * @param x values [.., d]
     * @return standard normal numbers, if x are draws, of the common shape
     */
    public Tensor whiten(Tensor x) {
        Tensor d = x.sub(mean);
        Shape s = Shape.broadcastOrNull(d.shape(), batch.concat(Shape.of(size())));
        Tensor full = s == null ? d : d.broadcastTo(s);
        return rows(LinearAlgebra.triangularSolve(factor, columns(full)), full.shape());
    }

    /**
     * The values of a noise: mean + L e.
     *
     * @param e standard normal numbers [.., batch, d]
     * @return draws of this shape
     */
    public Tensor colour(Tensor e) {
        return rows(factor.matmul(columns(e)), e.shape()).add(mean);
    }

    private Tensor density(Tensor e) {
        return e.square().sum(-1).mul(-0.5).sub(logDet.add(size() * Normal.HALF_LOG_TWO_PI));
    }

    @Override
    public Support support() {
        return Support.reals(eventShape());
    }

    @Override
    public Tensor logProb(Tensor x) {
        return density(whiten(x));
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    private Tensor noise(Key key, int n) {
        return Draws.of(Random::normal, key, dtype(), n, batch.concat(eventShape()));
    }

    private Tensor noise(Key key) {
        return Random.normal(key, dtype(), batch.concat(eventShape()));
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return colour(noise(key, n));
    }

    @Override
    public Tensor rsample(Key key) {
        return colour(noise(key));
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    @Override
    public Tensor sample(Key key) {
        return rsample(key).stopGradient();
    }

    /** The density of a draw is that of its noise: no system is solved. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor e = noise(key, n);
        return new Drawn(colour(e), density(e));
    }

    @Override
    public Drawn sampleAndLogProb(Key key) {
        Tensor e = noise(key);
        return new Drawn(colour(e), density(e));
    }

    @Override
    public Tensor mean() {
        return mean.broadcastTo(batch.concat(eventShape()));
    }

    @Override
    public Tensor variance() {
        return factor.square().sum(-1).broadcastTo(batch.concat(eventShape()));
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logDet.add(size() * (Normal.HALF_LOG_TWO_PI + 0.5)).broadcastTo(batch));
    }

    /** 0.5 (|L2^-1 L1|^2 + |L2^-1 (m1 - m2)|^2 - d) + log|L2| - log|L1|. */
    Tensor kl(MultivariateNormal other) {
        return other.divergence(factor, mean, logDet);
    }

    /** KL(p || this) of a distribution whose covariance is C C^T for columns C [.., d, m]. */
    Tensor divergence(Tensor columns, Tensor otherMean, Tensor otherLogDet) {
        Tensor trace = LinearAlgebra.triangularSolve(factor, columns).square().sum(-1, -2);
        Tensor distance = whiten(otherMean).square().sum(-1);
        return trace.add(distance).sub(size()).mul(0.5).add(logDet.sub(otherLogDet));
    }

    /**
     * Logarithm of the determinant of the factor.
     *
     * @return log |L|, of the batch axes of the factor
     */
    public Tensor logDet() {
        return logDet;
    }

    /** Against a diagonal Gaussian: no system is solved. */
    Tensor kl(Normal other) {
        Tensor variances = factor.square().sum(-1);
        Tensor d = mean.sub(other.mean()).square().add(variances);
        Tensor scaled = d.div(other.std().square());
        Tensor logs = other.logStd().broadcastTo(scaled.shape()).sum(-1);
        return scaled.sum(-1).sub(size()).mul(0.5).add(logs.sub(logDet));
    }

    static MultivariateNormal diagonal(Normal n) {
        Shape b = n.batchShape();
        return new MultivariateNormal(
                n.mean(),
                LinearAlgebra.diagonalMatrix(n.std().broadcastTo(b)),
                n.logStd().broadcastTo(b).sum(-1));
    }

    @Override
    public MultivariateNormal stopGradient() {
        return new MultivariateNormal(mean.stopGradient(), factor.stopGradient(), logDet.stopGradient());
    }

    @Override
    public String toString() {
        return "MultivariateNormal" + batch + " of " + size();
    }
}
