package org.amortis.mc.target;

import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.tensor.Tensors;

/** Normalised Gaussians. */
public final class Gaussian {
    static final double LOG_2PI = Math.log(2 * Math.PI);

    private Gaussian() {}

    /**
     * With any covariance.
     *
     * @param name name
     * @param mean F64 [d]
     * @param covariance F64 [d, d], symmetric positive definite
     * @return the target
     */
    public static Target of(String name, HostArray mean, HostArray covariance) {
        if (mean.shape().rank() != 1 || !covariance.shape().equals(mean.shape().concat(mean.shape()))) {
            throw new ShapeException(
                    "gaussian(mean=" + mean.shape() + ", covariance=" + covariance.shape() + "): needs [d] and [d, d]");
        }
        int d = mean.shape().dim(0);
        Factor f = Factor.of("gaussian", covariance);
        HostData m = HostData.of(mean.copy());
        HostData w = HostData.of(Shape.of(d, d), f.inverse());
        double constant = f.logDet() + d * LOG_2PI / 2;
        double[] std = new double[d];
        for (int i = 0; i < d; i++) {
            std[i] = Math.sqrt(covariance.at(i, i));
        }
        double[] mu = mean.toDoubles();
        return Target.of(
                        name,
                        d,
                        z -> Tensors.matmul(z.sub(m.like(z)), w.like(z), false, true)
                                .square()
                                .sum(-1)
                                .mul(-0.5)
                                .sub(constant))
                .logZ(LogZ.exact(0))
                .moments(TargetMoments.exact(mu, std))
                .sampler((n, seed) -> {
                    double[] x = noise(n * d, seed);
                    for (int i = 0; i < n; i++) {
                        f.place(mu, 0, x, i * d);
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }

    /**
     * With independent coordinates: no matrix is formed.
     *
     * @param name name
     * @param mean one for each coordinate
     * @param std one for each coordinate, positive
     * @return the target
     */
    public static Target diagonal(String name, double[] mean, double[] std) {
        int d = mean.length;
        double[] mu = mean.clone();
        double[] sigma = std.clone();
        double[] precision = new double[d];
        double constant = d * LOG_2PI / 2;
        if (sigma.length != d) {
            throw new ShapeException("gaussian(mean=" + d + ", std=" + sigma.length + "): lengths differ");
        }
        for (int i = 0; i < d; i++) {
            Check.positive("gaussian", "std", sigma[i]);
            precision[i] = 1 / sigma[i];
            constant += Math.log(sigma[i]);
        }
        HostData m = HostData.of(Shape.of(d), mu);
        HostData r = HostData.of(Shape.of(d), precision);
        double c = constant;
        return Target.of(
                        name,
                        d,
                        z -> z.sub(m.like(z))
                                .mul(r.like(z))
                                .square()
                                .sum(-1)
                                .mul(-0.5)
                                .sub(c))
                .logZ(LogZ.exact(0))
                .moments(TargetMoments.exact(mu, sigma))
                .sampler((n, seed) -> {
                    double[] x = noise(n * d, seed);
                    for (int i = 0; i < x.length; i++) {
                        x[i] = mu[i % d] + sigma[i % d] * x[i];
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }

    /** Standard normal numbers. */
    static double[] noise(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }
}
