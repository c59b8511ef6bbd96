package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Normal distributions of vectors with covariance W W^T + diag(s^2), W [.., d, r]: r directions and independent noise. No
 * d x d matrix is formed: densities need the Cholesky factor of the capacitance C = I + V^T V [.., r, r], where V = W / s
 * (matrix inversion and determinant lemmas, after Woodbury).
 *
 * <p>The squared distance of e = (x - mean) / s is |e - V z|^2 + |z|^2 with z = C^-1 V^T e, a minimum over z. The usual
 * form e^T e - e^T V C^-1 V^T e is a difference that cancels where W is large.
 */
public final class LowRankNormal implements Distribution {
    private final Tensor mean;
    private final Tensor factor;
    private final Tensor std;
    private final Tensor logStd;
    private final Tensor scaled;
    private final Tensor root;
    private final Tensor logDet;
    private final Shape batch;

    private LowRankNormal(Tensor mean, Tensor factor, Tensor std, Tensor logStd) {
        Shape f = factor.shape();
        Shape vector = Draws.common("lowRankNormal", mean, logStd);
        if (f.rank() < 2 || vector.rank() < 1 || f.dim(-2) != vector.dim(-1) || factor.dtype() != mean.dtype()) {
            throw new ShapeException("lowRankNormal(mean=" + mean.describe() + ", factor=" + factor.describe()
                    + ", logStd=" + logStd.describe() + "): needs [.., d], [.., d, r] and [.., d] of one type");
        }
        Shape b = Shape.broadcastOrNull(vector.drop(-1), f.slice(0, f.rank() - 2));
        if (b == null) {
            throw new ShapeException("lowRankNormal(mean=" + mean.describe() + ", factor=" + factor.describe()
                    + ", logStd=" + logStd.describe() + "): batch axes do not broadcast");
        }
        this.batch = b;
        this.mean = mean;
        this.factor = factor;
        this.std = std;
        this.logStd = logStd;
        Tensor inverse = logStd.neg().exp();
        this.scaled = factor.mul(column(inverse));
        Tensor inner = Tensors.matmul(scaled, scaled, true, false);
        this.root = LinearAlgebra.cholesky(inner.add(LinearAlgebra.eye(mean.dtype(), f.dim(-1))));
        this.logDet = logStd.broadcastTo(vector).sum(-1).add(LinearAlgebra.logdetTriangular(root));
    }

    /**
     * By mean, factor and standard deviation of the noise.
     *
     * @param mean mean [.., d]
     * @param factor directions W [.., d, r]
     * @param std standard deviation of the independent noise [.., d], positive
     * @return the distributions
     */
    public static LowRankNormal ofMeanFactorStd(Tensor mean, Tensor factor, Tensor std) {
        return new LowRankNormal(mean, factor, std, std.log());
    }

    /**
     * By mean, factor and logarithm of the standard deviation of the noise.
     *
     * @param mean mean [.., d]
     * @param factor directions W [.., d, r]
     * @param logStd logarithm of the standard deviation of the independent noise [.., d]
     * @return the distributions
     */
    public static LowRankNormal ofMeanFactorLogStd(Tensor mean, Tensor factor, Tensor logStd) {
        return new LowRankNormal(mean, factor, logStd.exp(), logStd);
    }

    /** Numbers for each element as a column beside the directions. */
    private static Tensor column(Tensor t) {
        return t.shape().rank() == 0 ? t : t.expandDims(-1);
    }

    private int size() {
        return factor.shape().dim(-2);
    }

    /**
     * The directions.
     *
     * @return W [.., d, r], not broadcast
     */
    public Tensor factor() {
        return factor;
    }

    /**
     * The standard deviation of the independent noise, not broadcast.
     *
     * @return [.., d]
     */
    public Tensor noiseStd() {
        return std;
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

    @Override
    public Support support() {
        return Support.reals(eventShape());
    }

    private Shape all() {
        return batch.concat(eventShape());
    }

    /** |e - V z|^2 + |z|^2 over columns e [.., d, m] that are divided by the noise. */
    private Tensor distances(Tensor e) {
        Tensor z = LinearAlgebra.choleskySolve(root, Tensors.matmul(scaled, e, true, false));
        Tensor rest = e.sub(scaled.matmul(z));
        return rest.square().sum(-2).add(z.square().sum(-2));
    }

    private Tensor overNoise(Tensor x) {
        return x.mul(logStd.neg().exp());
    }

    private Tensor distance(Tensor d) {
        return distances(overNoise(d).expandDims(-1)).sum(-1);
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor e = distance(x.sub(mean));
        return e.mul(-0.5).sub(logDet.add(size() * Normal.HALF_LOG_TWO_PI));
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    @Override
    public Tensor rsample(Key key, int n) {
        int r = factor.shape().dim(-1);
        Tensor noise = Draws.of(Random::normal, key.fold("noise"), dtype(), n, all());
        Tensor along = Draws.of(Random::normal, key.fold("directions"), dtype(), n, batch.concat(Shape.of(r)));
        Tensor moved = Tensors.matmul(along.expandDims(-2), factor, false, true).reshape(noise.shape());
        return moved.add(noise.mul(std)).add(mean);
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    @Override
    public Tensor mean() {
        return mean.broadcastTo(all());
    }

    @Override
    public Tensor variance() {
        return factor.square().sum(-1).add(std.square()).broadcastTo(all());
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logDet.add(size() * (Normal.HALF_LOG_TWO_PI + 0.5)).broadcastTo(batch));
    }

    /** Traces against the inverse covariance of this one, of a diagonal covariance by its standard deviation. */
    private Tensor diagonalTrace(Tensor deviations) {
        Tensor e = overNoise(deviations);
        Tensor v = scaled.mul(column(e));
        Tensor share =
                LinearAlgebra.triangularSolve(root, v.transpose()).square().sum(-1, -2);
        Tensor whole = e.square();
        Shape s = Shape.broadcastOrNull(whole.shape(), eventShape());
        return (s == null ? whole : whole.broadcastTo(s)).sum(-1).sub(share);
    }

    private Tensor columnsTrace(Tensor columns) {
        return distances(columns.mul(column(logStd.neg().exp()))).sum(-1);
    }

    private Tensor divergence(Tensor trace, Tensor otherMean, Tensor otherLogDet) {
        Tensor d = distance(otherMean.sub(mean));
        Tensor kl = trace.add(d).sub(size()).mul(0.5).add(logDet.sub(otherLogDet));
        Shape s = Shape.broadcastOrNull(kl.shape(), batch);
        return s == null ? kl : kl.broadcastTo(s);
    }

    Tensor kl(LowRankNormal other) {
        Tensor trace = other.diagonalTrace(std).add(other.columnsTrace(factor));
        return other.divergence(trace, mean, logDet);
    }

    /** Against independent normals: sums over elements. */
    Tensor kl(Normal other) {
        Tensor d = mean.sub(other.mean()).square().add(variance());
        Tensor scale = d.mul(other.logStd().mul(-2).exp());
        Tensor logs = other.logStd().broadcastTo(scale.shape()).sum(-1);
        return scale.sum(-1).sub(size()).mul(0.5).add(logs.sub(logDet));
    }

    /** Against a full covariance by its factor: one triangular system. */
    Tensor kl(MultivariateNormal other) {
        Shape f = batch.concat(Shape.of(size(), factor.shape().dim(-1)));
        Tensor noise = LinearAlgebra.diagonalMatrix(std.broadcastTo(all()));
        Tensor columns = Tensors.concat(-1, factor.broadcastTo(f), noise);
        return other.divergence(columns, mean, logDet);
    }

    /** KL(p || this) of independent normals. */
    Tensor klFrom(Normal p) {
        Tensor logs = p.logStd().broadcastTo(p.batchShape()).sum(-1);
        return divergence(diagonalTrace(p.std()), p.mean(), logs);
    }

    /** KL(p || this) of a distribution with full covariance. */
    Tensor klFrom(MultivariateNormal p) {
        return divergence(columnsTrace(p.factor()), p.mean(), p.logDet());
    }

    @Override
    public LowRankNormal stopGradient() {
        return new LowRankNormal(mean.stopGradient(), factor.stopGradient(), std.stopGradient(), logStd.stopGradient());
    }

    @Override
    public String toString() {
        return "LowRankNormal" + batch + " of " + size() + ", rank "
                + factor.shape().dim(-1);
    }
}
