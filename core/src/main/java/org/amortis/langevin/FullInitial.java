package org.amortis.langevin;

import org.amortis.dist.LogDensity;
import org.amortis.dist.MultivariateNormal;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A Gaussian of any covariance L L'. Paths from it move in the coordinates of its noise, x = mean + L z, where it is
 * standard normal: steps, masses and networks of a path then know nothing of widths and correlations, as if the kernels
 * were preconditioned by L L'. Densities of kernels change by |L| in both directions, so that ratios do not.
 *
 * @param normal one Gaussian of vectors [d], or one for each of B tasks
 */
public record FullInitial(MultivariateNormal normal) implements InitialDensity {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    /** q0 in the coordinates of its noise. */
    InitialDensity standard() {
        Tensor zero = Tensors.zeros(normal.dtype(), normal.eventShape());
        return new DiagonalInitial(zero, zero);
    }

    /** A log density in these coordinates, but for log |L|, of which scores know nothing. */
    LogDensity pulled(LogDensity target) {
        return z -> target.logDensity(normal.colour(z));
    }

    /** Paths in these coordinates as paths of x; momenta and the results of draws stay as they are. */
    PathSample pushed(PathSample s) {
        return new PathSample(
                normal.colour(s.start()),
                normal.colour(s.x()),
                s.v(),
                s.logRatio().sub(normal.logDet()),
                s.logForward(),
                s.increments(),
                normal.colour(s.points()),
                s.startMomentum(),
                s.results());
    }

    @Override
    public Tensor colour(Tensor noise) {
        return normal.colour(noise);
    }

    @Override
    public Tensor logDensityOfNoise(Tensor noise) {
        return noise.square().mul(-0.5).sub(HALF_LOG_TWO_PI).sum(Tensor.LAST).sub(normal.logDet());
    }

    @Override
    public Tensor logDensity(Tensor x) {
        return logDensityOfNoise(normal.whiten(x));
    }

    @Override
    public Tensor score(Tensor x) {
        return Gradients.of(logDensity(x).sum(), x);
    }
}
