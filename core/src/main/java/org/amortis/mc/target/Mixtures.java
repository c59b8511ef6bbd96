package org.amortis.mc.target;

import java.util.List;
import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.tensor.Tensor;

/**
 * Mixtures of equal weights, normalised. Distances to the K centres are differences [.., K, d]: the expanded square would
 * lose the digits of a far mode in float32.
 */
public final class Mixtures {
    private Mixtures() {}

    /**
     * Spherical Gaussians (gmm40 is one of 40 uniform means and standard deviation 1).
     *
     * @param name name
     * @param means F64 [K, d]
     * @param std standard deviation of all components
     * @return the target
     */
    public static Target gaussians(String name, HostArray means, double std) {
        Check.positive("gaussians", "std", std);
        double[] all = new double[check(means)];
        java.util.Arrays.fill(all, std);
        return diagonal(name, means, HostArray.wrap(all, means.shape()));
    }

    /**
     * Gaussians with independent coordinates.
     *
     * @param name name
     * @param means F64 [K, d]
     * @param stds F64 [K, d], positive
     * @return the target
     */
    public static Target diagonal(String name, HostArray means, HostArray stds) {
        check(means);
        if (!stds.shape().equals(means.shape())) {
            throw new ShapeException("mixture(means=" + means.shape() + ", stds=" + stds.shape() + "): shapes differ");
        }
        int k = means.shape().dim(0);
        int d = means.shape().dim(1);
        double[] mu = means.toDoubles();
        double[] sigma = stds.toDoubles();
        double[] precision = new double[k * d];
        double[] constant = new double[k];
        for (int i = 0; i < k * d; i++) {
            Check.positive("mixture", "std", sigma[i]);
            precision[i] = 1 / sigma[i];
            constant[i / d] -= Math.log(sigma[i]);
        }
        for (int i = 0; i < k; i++) {
            constant[i] -= d * Gaussian.LOG_2PI / 2 + Math.log(k);
        }
        HostData m = HostData.of(Shape.of(k, d), mu);
        HostData r = HostData.of(Shape.of(k, d), precision);
        HostData c = HostData.of(Shape.of(k), constant);
        return Target.of(
                        name,
                        d,
                        z -> z.expandDims(-2)
                                .sub(m.like(z))
                                .mul(r.like(z))
                                .square()
                                .sum(-1)
                                .mul(-0.5)
                                .add(c.like(z))
                                .logsumexp(-1))
                .logZ(LogZ.exact(0))
                .modes(HostArray.wrap(mu.clone(), Shape.of(k, d)))
                .moments(moments(k, d, mu, (i, j) -> sigma[i * d + j] * sigma[i * d + j]))
                .sampler((n, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] x = new double[n * d];
                    for (int i = 0; i < n; i++) {
                        int at = random.nextInt(k) * d;
                        for (int j = 0; j < d; j++) {
                            x[i * d + j] = mu[at + j] + sigma[at + j] * random.nextGaussian();
                        }
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }

    /**
     * Gaussians of any covariance; costs K d^2 operations a value, for small d.
     *
     * @param name name
     * @param means F64 [K, d]
     * @param covariances one F64 [d, d] for each component
     * @return the target
     */
    public static Target full(String name, HostArray means, List<HostArray> covariances) {
        check(means);
        int k = means.shape().dim(0);
        int d = means.shape().dim(1);
        if (covariances.size() != k) {
            throw new ShapeException(
                    "mixture(means=" + means.shape() + ", covariances=" + covariances.size() + "): numbers differ");
        }
        double[] mu = means.toDoubles();
        double[] whiten = new double[k * d * d];
        double[] constant = new double[k];
        List<Factor> factors =
                covariances.stream().map(c -> Factor.of("mixture", c)).toList();
        for (int i = 0; i < k; i++) {
            Factor f = factors.get(i);
            if (f.inverse().length != d * d) {
                throw new ShapeException("mixture(means=" + means.shape() + ", covariance "
                        + covariances.get(i).shape() + "): needs [" + d + ", " + d + "]");
            }
            System.arraycopy(f.inverse(), 0, whiten, i * d * d, d * d);
            constant[i] = -f.logDet() - d * Gaussian.LOG_2PI / 2 - Math.log(k);
        }
        HostData m = HostData.of(Shape.of(k, d), mu);
        HostData w = HostData.of(Shape.of(k, d, d), whiten);
        HostData c = HostData.of(Shape.of(k), constant);
        return Target.of(name, d, z -> {
                    Tensor away = z.expandDims(-2).sub(m.like(z)).expandDims(-2);
                    return away.mul(w.like(z))
                            .sum(-1)
                            .square()
                            .sum(-1)
                            .mul(-0.5)
                            .add(c.like(z))
                            .logsumexp(-1);
                })
                .logZ(LogZ.exact(0))
                .modes(HostArray.wrap(mu.clone(), Shape.of(k, d)))
                .moments(moments(k, d, mu, (i, j) -> covariances.get(i).at(j, j)))
                .sampler((n, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] x = new double[n * d];
                    for (int i = 0; i < n; i++) {
                        int at = random.nextInt(k);
                        for (int j = 0; j < d; j++) {
                            x[i * d + j] = random.nextGaussian();
                        }
                        factors.get(at).place(mu, at * d, x, i * d);
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }

    /**
     * Products of Student-t distributions of two degrees of freedom and unit scale (mos10 is one of 10 uniform
     * locations). Variances are infinite, so there are no moments.
     *
     * @param name name
     * @param locations F64 [K, d]
     * @return the target
     */
    public static Target students(String name, HostArray locations) {
        check(locations);
        int k = locations.shape().dim(0);
        int d = locations.shape().dim(1);
        double[] mu = locations.toDoubles();
        HostData m = HostData.of(Shape.of(k, d), mu);
        // with two degrees of freedom the density is (2 + t^2)^(-3/2)
        double constant = -1.5 * Math.log(2) * d - Math.log(k);
        return Target.of(
                        name,
                        d,
                        z -> z.expandDims(-2)
                                .sub(m.like(z))
                                .square()
                                .mul(0.5)
                                .log1p()
                                .sum(-1)
                                .mul(-1.5)
                                .add(constant)
                                .logsumexp(-1))
                .logZ(LogZ.exact(0))
                .modes(HostArray.wrap(mu.clone(), Shape.of(k, d)))
                .sampler((n, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] x = new double[n * d];
                    for (int i = 0; i < n; i++) {
                        int at = random.nextInt(k) * d;
                        for (int j = 0; j < d; j++) {
                            // distribution function (1 + t / sqrt(2 + t^2)) / 2, inverted
                            double a = 2 * random.nextDouble(0x1p-53, 1) - 1;
                            x[i * d + j] = mu[at + j] + a * Math.sqrt(2 / ((1 - a) * (1 + a)));
                        }
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }

    private static int check(HostArray means) {
        if (means.shape().rank() != 2 || means.shape().size() == 0) {
            throw new ShapeException("mixture(means=" + means.shape() + "): needs [components, d], not empty");
        }
        return means.shape().size();
    }

    /** Variance of a coordinate in a component. */
    @FunctionalInterface
    private interface Variance {
        double of(int component, int coordinate);
    }

    private static TargetMoments moments(int k, int d, double[] mu, Variance variance) {
        double[] mean = new double[d];
        double[] std = new double[d];
        for (int j = 0; j < d; j++) {
            for (int i = 0; i < k; i++) {
                mean[j] += mu[i * d + j] / k;
            }
            double v = 0;
            for (int i = 0; i < k; i++) {
                double away = mu[i * d + j] - mean[j];
                v += (away * away + variance.of(i, j)) / k;
            }
            std[j] = Math.sqrt(v);
        }
        return TargetMoments.exact(mean, std);
    }
}
