package org.amortis.bench.step;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Beta;
import org.amortis.dist.Binomial;
import org.amortis.dist.BlockTridiagonalNormal;
import org.amortis.dist.Categorical;
import org.amortis.dist.Cauchy;
import org.amortis.dist.Chi2;
import org.amortis.dist.Dirichlet;
import org.amortis.dist.Distribution;
import org.amortis.dist.Exponential;
import org.amortis.dist.Gamma;
import org.amortis.dist.Geometric;
import org.amortis.dist.Gumbel;
import org.amortis.dist.HalfCauchy;
import org.amortis.dist.HalfNormal;
import org.amortis.dist.InverseGamma;
import org.amortis.dist.Laplace;
import org.amortis.dist.LkjCholesky;
import org.amortis.dist.LogNormal;
import org.amortis.dist.Logistic;
import org.amortis.dist.LowRankNormal;
import org.amortis.dist.Mixture;
import org.amortis.dist.Multinomial;
import org.amortis.dist.MultivariateNormal;
import org.amortis.dist.NegativeBinomial;
import org.amortis.dist.Normal;
import org.amortis.dist.Poisson;
import org.amortis.dist.RelaxedCategorical;
import org.amortis.dist.StudentT;
import org.amortis.dist.TruncatedNormal;
import org.amortis.dist.Uniform;
import org.amortis.dist.VonMises;
import org.amortis.dist.Weibull;
import org.amortis.dist.Wishart;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A family of distributions with usual parameters. Those of numbers have one distribution for each of 16,384 numbers a and
 * b, uniform on (0.5, 2.5); those of vectors 1,024 of 16 elements, those of matrices 1,024 of 4 x 4.
 */
public enum MeasuredFamily {
    /** N(a, b^2). */
    NORMAL((a, b) -> Normal.ofMeanStd(a, b)),
    /** Of the logarithm N(a, b^2). */
    LOG_NORMAL((a, b) -> LogNormal.ofMeanStd(a, b)),
    /** 2 + a degrees of freedom. */
    STUDENT_T((a, b) -> StudentT.of(a.add(2), a, b)),
    /** Location a, scale b. */
    LAPLACE((a, b) -> Laplace.ofLocationScale(a, b)),
    /** Location a, scale b. */
    CAUCHY((a, b) -> Cauchy.ofLocationScale(a, b)),
    /** Location a, scale b. */
    LOGISTIC((a, b) -> Logistic.ofLocationScale(a, b)),
    /** From a to a + b. */
    UNIFORM((a, b) -> Uniform.of(a, a.add(b))),
    /** Of both. */
    BETA((a, b) -> Beta.of(a, b)),
    /** Shape a, rate b. */
    GAMMA((a, b) -> Gamma.ofShapeRate(a, b)),
    /** Shape a, scale b. */
    INVERSE_GAMMA((a, b) -> InverseGamma.ofShapeScale(a, b)),
    /** Rate a. */
    EXPONENTIAL((a, b) -> Exponential.ofRate(a)),
    /** 2 a degrees of freedom. */
    CHI2((a, b) -> Chi2.ofDegrees(a.mul(2))),
    /** Scale b. */
    HALF_NORMAL((a, b) -> HalfNormal.ofScale(b)),
    /** Scale b. */
    HALF_CAUCHY((a, b) -> HalfCauchy.ofScale(b)),
    /** Scale b, shape a. */
    WEIBULL((a, b) -> Weibull.ofScaleShape(b, a)),
    /** Location a, scale b. */
    GUMBEL((a, b) -> Gumbel.ofLocationScale(a, b)),
    /** N(a, b^2) between 0 and 4. */
    TRUNCATED_NORMAL((a, b) -> TruncatedNormal.ofLogScale(a, b.log(), 0, 4)),
    /** Direction a, concentration b. */
    VON_MISES((a, b) -> VonMises.of(a, b)),
    /** Log odds a - b. */
    BERNOULLI((a, b) -> Bernoulli.ofLogits(a.sub(b))),
    /** 20 trials. */
    BINOMIAL((a, b) -> Binomial.ofLogits(20, a.sub(b))),
    /** Rate 4 a. */
    POISSON((a, b) -> Poisson.ofRate(a.mul(4))),
    /** Mean 4 a, concentration b. */
    NEGATIVE_BINOMIAL((a, b) -> NegativeBinomial.ofMeanConcentration(a.mul(4), b)),
    /** Log odds a - b. */
    GEOMETRIC((a, b) -> Geometric.ofLogits(a.sub(b))),
    /** Of 16 classes. */
    CATEGORICAL((a, b) -> Categorical.ofLogits(vectors(a))),
    /** Of 16 classes, temperature 1/2. */
    RELAXED_CATEGORICAL((a, b) -> RelaxedCategorical.ofLogits(0.5, vectors(a))),
    /** Of 16 elements. */
    DIRICHLET((a, b) -> Dirichlet.ofConcentration(vectors(a))),
    /** 20 trials of 16 classes. */
    MULTINOMIAL((a, b) -> Multinomial.ofLogits(20, vectors(a))),
    /** Independent elements. */
    DIAGONAL_NORMAL((a, b) -> MultivariateNormal.ofMeanStd(vectors(a), vectors(b))),
    /** One factor of the covariance for each mean. */
    CHOLESKY_NORMAL((a, b) -> MultivariateNormal.ofMeanCholesky(
            vectors(a), tile(matrix(16, a.dtype()), a.shape().size() / 16))),
    /** Two directions beside independent noise. */
    LOW_RANK_NORMAL((a, b) -> LowRankNormal.ofMeanFactorStd(
            vectors(a), Tensors.stack(-1, vectors(b), vectors(a)).mul(0.2), vectors(b))),
    /** Eight steps of two elements. */
    BLOCK_TRIDIAGONAL_NORMAL((a, b) -> chain(a)),
    /** Of three normals for each number. */
    MIXTURE((a, b) -> Mixture.ofLogits(
            Tensors.stack(-1, a, b, a.neg()),
            Normal.ofMeanStd(Tensors.stack(-1, a, b.neg(), b), Tensors.stack(-1, b, a, b)))),
    /** Six degrees of freedom. */
    WISHART((a, b) -> Wishart.ofCholesky(
            counts(a).add(6), tile(matrix(4, a.dtype()), a.shape().size() / 16))),
    /** Correlations of four. */
    LKJ_CHOLESKY((a, b) -> LkjCholesky.of(4, counts(a)));

    /** Numbers a, and numbers b. */
    static final int NUMBERS = 16_384;

    private final Maker maker;

    MeasuredFamily(Maker maker) {
        this.maker = maker;
    }

    /** Makes the distributions. */
    @FunctionalInterface
    private interface Maker {
        Distribution of(Tensor a, Tensor b);
    }

    /**
     * The distributions.
     *
     * @param a numbers between 0.5 and 2.5
     * @param b such numbers
     */
    Distribution of(Tensor a, Tensor b) {
        return maker.of(a, b);
    }

    private static Tensor vectors(Tensor a) {
        return a.reshape(Shape.of(a.shape().size() / 16, 16));
    }

    /** One number of each sixteen. */
    private static Tensor counts(Tensor a) {
        return vectors(a).at(1, 0);
    }

    /** A lower triangular matrix with a diagonal of two. */
    private static Tensor matrix(int d, DType dtype) {
        return LinearAlgebra.tril(Tensors.fill(0.3, dtype, Shape.of(d, d)), -1)
                .add(LinearAlgebra.eye(dtype, d).mul(2));
    }

    private static Tensor tile(Tensor m, int n) {
        return m.broadcastTo(Shape.of(n).concat(m.shape()));
    }

    private static Distribution chain(Tensor a) {
        int n = a.shape().size() / 16;
        Shape lead = Shape.of(n, 8);
        Tensor blocks = LinearAlgebra.eye(a.dtype(), 2).mul(3).broadcastTo(lead.concat(Shape.of(2, 2)));
        Tensor below = Tensors.fill(0.5, a.dtype(), Shape.of(n, 7, 2, 2));
        return BlockTridiagonalNormal.ofMeanPrecision(a.reshape(Shape.of(n, 8, 2)), blocks, below);
    }
}
