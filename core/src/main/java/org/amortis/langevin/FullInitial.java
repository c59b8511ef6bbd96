package org.amortis.langevin;

import org.amortis.dist.MultivariateNormal;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A Gaussian of any covariance L L', for paths without tasks.
 *
 * @param mean [d]
 * @param free lower triangle of L with logarithms on the diagonal [d, d]
 */
public record FullInitial(Tensor mean, Tensor free) implements InitialDensity {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private Tensor factor() {
        return MultivariateNormal.ofMeanFree(mean, free).factor();
    }

    /** Rows times a matrix, whatever the leading axes. */
    private static Tensor rows(Tensor x, Tensor matrix, boolean transpose) {
        int d = x.shape().dim(-1);
        Tensor flat = x.reshape(x.shape().size() / Math.max(1, d), d);
        return Tensors.matmul(flat, matrix, false, transpose).reshape(x.shape());
    }

    private Tensor whiten(Tensor x) {
        int d = x.shape().dim(-1);
        Tensor flat = x.sub(mean).reshape(x.shape().size() / Math.max(1, d), d);
        return LinearAlgebra.triangularSolve(factor(), flat.transpose())
                .transpose()
                .reshape(x.shape());
    }

    @Override
    public Tensor colour(Tensor noise) {
        return mean.add(rows(noise, factor(), true));
    }

    @Override
    public Tensor logDensityOfNoise(Tensor noise) {
        return noise.square()
                .mul(-0.5)
                .sub(HALF_LOG_TWO_PI)
                .sum(Tensor.LAST)
                .sub(LinearAlgebra.diagonal(free).sum());
    }

    @Override
    public Tensor logDensity(Tensor x) {
        return logDensityOfNoise(whiten(x));
    }

    @Override
    public Tensor score(Tensor x) {
        int d = x.shape().dim(-1);
        Tensor w = whiten(x).reshape(x.shape().size() / Math.max(1, d), d).transpose();
        // (L L')^-1 r = L'^-1 (L^-1 r), one solve with the transposed factor
        return LinearAlgebra.triangularSolve(factor(), w, true, true, false)
                .transpose()
                .reshape(x.shape())
                .neg();
    }

    @Override
    public InitialDensity stopGradient() {
        return new FullInitial(mean.stopGradient(), free.stopGradient());
    }
}
