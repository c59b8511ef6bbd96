package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Wishart distributions of symmetric positive definite matrices X [d, d] by degrees of freedom v &gt; d - 1 and scale
 * V = L L^T: sums of v squares of normal vectors of covariance V. Everything goes through the Bartlett factor A, lower
 * triangular with X = L A A^T L^T: A_jj^2 / 2 is gamma distributed with shape (v - j + 1) / 2, the elements below the
 * diagonal are standard normal. Density and divergence are sums over these; they keep their digits for many degrees of
 * freedom. Draws have the implicit gradient of gamma numbers, to first order.
 */
public final class Wishart implements Distribution {
    private final Tensor degrees;
    private final Tensor factor;
    private final Tensor logDet;
    private final Tensor shapes;
    private final Shape batch;

    private Wishart(Tensor degrees, Tensor factor) {
        Shape f = factor.shape();
        if (f.rank() < 2 || f.dim(-1) != f.dim(-2) || f.dim(-1) == 0) {
            throw new ShapeException("wishart(factor=" + factor.describe() + "): needs [.., d, d], d > 0");
        }
        if (degrees.dtype() != factor.dtype()) {
            throw new DTypeException("wishart(degrees=" + degrees.describe() + ", factor=" + factor.describe()
                    + "): element types differ");
        }
        this.batch = Draws.common("wishart", degrees, factor.at(-1, 0).at(-1, 0));
        this.degrees = degrees;
        this.factor = factor;
        this.logDet = LinearAlgebra.logdetTriangular(factor);
        int d = f.dim(-1);
        double[] less = new double[d];
        for (int j = 0; j < d; j++) {
            less[j] = j;
        }
        this.shapes = degrees.expandDims(-1).sub(vector(less)).mul(0.5);
    }

    /**
     * By degrees of freedom and the Cholesky factor of the scale.
     *
     * @param degrees degrees of freedom [..], above d - 1
     * @param factor lower triangular with positive diagonal [.., d, d]; the upper triangle is not read
     * @return the distributions
     */
    public static Wishart ofCholesky(Tensor degrees, Tensor factor) {
        if (factor.shape().rank() < 2) {
            throw new ShapeException("wishart(factor=" + factor.describe() + "): needs [.., d, d], d > 0");
        }
        return new Wishart(degrees, LinearAlgebra.tril(factor));
    }

    /**
     * By degrees of freedom and scale.
     *
     * @param degrees degrees of freedom [..], above d - 1
     * @param scale symmetric positive definite [.., d, d]
     * @return the distributions
     */
    public static Wishart ofScale(Tensor degrees, Tensor scale) {
        return new Wishart(degrees, LinearAlgebra.cholesky(scale));
    }

    private int size() {
        return factor.shape().dim(-1);
    }

    private Tensor vector(double... v) {
        return Tensors.constant(HostArray.wrap(v, Shape.of(v.length)).cast(degrees.dtype()));
    }

    /** d + 1, d, .., 2: how often the logarithm of each diagonal element of the Bartlett factor is taken off. */
    private Tensor powers() {
        double[] p = new double[size()];
        for (int j = 0; j < p.length; j++) {
            p[j] = p.length + 1 - j;
        }
        return vector(p);
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.of(size(), size());
    }

    @Override
    public DType dtype() {
        return factor.dtype();
    }

    @Override
    public Support support() {
        return Support.positiveDefinite(size());
    }

    /**
     * Log density with respect to the lower triangle.
     *
     * @param x symmetric matrices [.., d, d], of which the lower triangle is read
     * @return [.., batch]; minus infinity where x is not positive definite
     */
    @Override
    public Tensor logProb(Tensor x) {
        Tensor pivots = LinearAlgebra.diagonal(LinearAlgebra.cholesky(x));
        Tensor inside = pivots.gt(0).and(pivots.lt(Double.POSITIVE_INFINITY)).all(-1);
        // outside, a matrix whose factor exists: gradients stay numbers
        Tensor safe = Tensors.where(inside.expandDims(-1).expandDims(-1), x, LinearAlgebra.eye(x.dtype(), size()));
        Tensor bartlett = LinearAlgebra.triangularSolve(factor, LinearAlgebra.cholesky(safe));
        Tensor logs = LinearAlgebra.diagonal(bartlett).log();
        return Tensors.where(inside, density(bartlett, logs), Double.NEGATIVE_INFINITY);
    }

    /** The density of the Bartlett factor, by the logarithms of its diagonal, and the determinant of the map from it. */
    private Tensor density(Tensor bartlett, Tensor logs) {
        int d = size();
        Tensor logGamma = logs.mul(2).sub(Math.log(2));
        Tensor excess = logGamma.exp().sub(shapes);
        Tensor gamma =
                Counts.deviance(shapes, excess, logGamma.sub(shapes.log())).neg();
        Tensor each = gamma.add(constants()).sub(logs.mul(powers())).sum(-1);
        Tensor rest = LinearAlgebra.tril(bartlett, -1).square().sum(-1, -2).mul(-0.5);
        return each.add(rest).sub(logDet.mul(d + 1)).sub(0.5 * d * (d - 1) * Normal.HALF_LOG_TWO_PI);
    }

    /** Log gamma functions of the shapes without their leading terms. */
    private Tensor constants() {
        return shapes.log().mul(0.5).sub(Counts.stirling(shapes)).sub(Normal.HALF_LOG_TWO_PI);
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    /** Logarithms of the diagonals of Bartlett factors [n, batch, d]. */
    private Tensor logDiagonals(Key key, int n) {
        Tensor a = shapes.broadcastTo(batch.concat(Shape.of(size())));
        return GammaDraws.logarithms(key.fold("diagonal"), a, n)
                .add(Math.log(2))
                .mul(0.5);
    }

    private Tensor bartlett(Key key, int n, Tensor logs) {
        Tensor e = Draws.of(Random::normal, key.fold("below"), dtype(), n, batch.concat(eventShape()));
        return LinearAlgebra.tril(e, -1).add(LinearAlgebra.diagonalMatrix(logs.exp()));
    }

    private Tensor matrix(Tensor bartlett) {
        Tensor l = factor.matmul(bartlett);
        return Tensors.matmul(l, l, false, true);
    }

    /**
     * Draws as differentiable functions of the parameters, to first order in the degrees of freedom.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return [n, batch, d, d]
     */
    @Override
    public Tensor rsample(Key key, int n) {
        return matrix(bartlett(key, n, logDiagonals(key, n)));
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    /** The density of a draw is that of its Bartlett factor: nothing is factorised. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor logs = logDiagonals(key, n);
        Tensor a = bartlett(key, n, logs);
        return new Drawn(matrix(a), density(a, logs));
    }

    private Tensor scale() {
        return Tensors.matmul(factor, factor, false, true);
    }

    private Tensor times(Tensor perMatrix) {
        return perMatrix.mul(degrees.expandDims(-1).expandDims(-1)).broadcastTo(batch.concat(eventShape()));
    }

    @Override
    public Tensor mean() {
        return times(scale());
    }

    /** v (V_ij^2 + V_ii V_jj). */
    @Override
    public Tensor variance() {
        Tensor v = scale();
        Tensor d = LinearAlgebra.diagonal(v);
        return times(v.square().add(LinearAlgebra.outer(d, d)));
    }

    @Override
    public Optional<Tensor> entropy() {
        int d = size();
        Tensor correction = Counts.digammaMinusLog(shapes);
        Tensor logs = shapes.log().add(correction).add(Math.log(2)).mul(0.5);
        Tensor each = logs.mul(powers()).sub(shapes.mul(correction)).sub(constants());
        return Optional.of(each.sum(-1)
                .add(logDet.mul(d + 1))
                .add(0.5 * d * (d - 1) * (0.5 + Normal.HALF_LOG_TWO_PI))
                .broadcastTo(batch));
    }

    /** Divergences of the gamma numbers, and of the scales as of normal distributions. */
    Tensor kl(Wishart other) {
        if (other.size() != size()) {
            throw new ShapeException("klTo(" + this + ", " + other + "): sizes differ");
        }
        Tensor d = shapes.sub(other.shapes);
        Tensor logs = shapes.log().sub(other.shapes.log());
        Tensor gamma = Counts.deviance(other.shapes, d, logs)
                .add(constants().sub(other.constants()))
                .add(d.mul(Counts.digammaMinusLog(shapes)))
                .sum(-1);
        Tensor trace =
                LinearAlgebra.triangularSolve(other.factor, factor).square().sum(-1, -2);
        Tensor scales = degrees.mul(trace.sub(size())).mul(0.5);
        return gamma.add(scales).add(other.degrees.mul(other.logDet.sub(logDet)));
    }

    @Override
    public Wishart stopGradient() {
        return new Wishart(degrees.stopGradient(), factor.stopGradient());
    }

    @Override
    public String toString() {
        return "Wishart" + batch + " of " + size();
    }
}
