package org.amortis.vi;

import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.MultivariateNormal;
import org.amortis.dist.Normal;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;

/** Gaussians by a mean [B, d] and free parameters of the scale, any numbers of which are legal. */
public enum GaussianFamily {
    /** Free parameters [B, d]: logarithms of the standard deviations. */
    DIAGONAL {
        @Override
        public Shape scaleShape(int d) {
            return Shape.of(d);
        }

        @Override
        public Distribution of(Tensor mean, Tensor scale) {
            return Independent.of(Normal.ofMeanLogStd(mean, scale));
        }

        @Override
        Tensor colour(Tensor mean, Tensor scale, Tensor u) {
            return u.mul(scale.exp()).add(mean);
        }

        @Override
        Tensor whiten(Tensor mean, Tensor scale, Tensor z) {
            return z.sub(mean).mul(scale.neg().exp());
        }

        @Override
        Tensor logDeterminant(Tensor scale) {
            return scale.sum(-1);
        }
    },
    /**
     * Free parameters [B, d, d]: below the diagonal the Cholesky factor of the covariance, on the diagonal the logarithms
     * of its diagonal; what is above is not read.
     */
    FULL {
        @Override
        public Shape scaleShape(int d) {
            return Shape.of(d, d);
        }

        @Override
        public Distribution of(Tensor mean, Tensor scale) {
            return MultivariateNormal.ofMeanFree(mean, scale);
        }

        @Override
        Tensor colour(Tensor mean, Tensor scale, Tensor u) {
            // chains become columns of one product for each datum
            return factor(mean, scale)
                    .matmul(u.transpose(1, 2, 0))
                    .transpose(2, 0, 1)
                    .add(mean);
        }

        @Override
        Tensor whiten(Tensor mean, Tensor scale, Tensor z) {
            Tensor columns = z.sub(mean).transpose(1, 2, 0);
            return LinearAlgebra.triangularSolve(factor(mean, scale), columns).transpose(2, 0, 1);
        }

        @Override
        Tensor logDeterminant(Tensor scale) {
            return LinearAlgebra.diagonal(scale).sum(-1);
        }

        private Tensor factor(Tensor mean, Tensor scale) {
            return MultivariateNormal.ofMeanFree(mean, scale).factor();
        }
    };

    /**
     * Shape of the free parameters of one Gaussian.
     *
     * @param d size of z
     * @return shape
     */
    public abstract Shape scaleShape(int d);

    /**
     * The distributions.
     *
     * @param mean [B, d]
     * @param scale free parameters [B, ..]
     * @return distributions of batch shape [B] and event shape [d]
     */
    public abstract Distribution of(Tensor mean, Tensor scale);

    /** z [C, B, d] of standard normal u [C, B, d]. */
    abstract Tensor colour(Tensor mean, Tensor scale, Tensor u);

    /** u [C, B, d] of z [C, B, d]. */
    abstract Tensor whiten(Tensor mean, Tensor scale, Tensor z);

    /** Logarithm of the determinant of the factor [B]. */
    abstract Tensor logDeterminant(Tensor scale);

    /** Name of the mean in a context. */
    static final String MEAN = "q/mean";

    /** Name of the free parameters in a context. */
    static final String SCALE = "q/scale";

    /**
     * The posterior whose parameters are given with the data, as context tensors "q/mean" and "q/scale".
     *
     * @return approximate posterior
     */
    public TractableVariational local() {
        return (context, weights) -> of(context.get(MEAN), context.get(SCALE));
    }
}
