package org.amortis.dist;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.testing.Formulas;

/**
 * One row of the table that every distribution goes through: adding a row adds all tests.
 *
 * @param name printed
 * @param make the distribution of its parameters, packed into one float64 vector
 * @param parameters values of the packed vector
 * @param point a value inside the support, flattened; away from kinks
 */
record DistributionCase(String name, Function<Tensor, Distribution> make, List<Double> parameters, List<Double> point) {
    static DistributionCase of(
            String name, Function<Tensor, Distribution> make, List<Double> parameters, List<Double> point) {
        return new DistributionCase(name, make, parameters, point);
    }

    static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    Distribution distribution() {
        return make.apply(Formulas.f64(array(parameters)));
    }

    /** The point in the shape of one value of the whole batch. */
    Shape pointShape(Distribution d) {
        return d.batchShape().concat(d.eventShape());
    }

    @Override
    public String toString() {
        return name;
    }

    /** The table: the rows of all files. */
    static List<DistributionCase> all() {
        return Stream.of(
                        first(),
                        ContinuousCases.all(),
                        DiscreteCases.all(),
                        MultivariateCases.all(),
                        MixtureCases.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<DistributionCase> first() {
        return List.of(
                of(
                        "normal by std",
                        p -> Normal.ofMeanStd(p.slice(0, 0, 3), p.slice(0, 3, 6)),
                        List.of(0.5, -1.0, 2.0, 2.0, 0.3, 1.0),
                        List.of(0.3, -1.4, 5.0)),
                of(
                        "normal by log std",
                        p -> Normal.ofMeanLogStd(p.split(0, 3, 3)),
                        List.of(0.5, -1.0, 2.0, 0.7, -1.2, 0.0),
                        List.of(0.3, -1.4, 5.0)),
                of(
                        "normal by log variance, broadcast",
                        p -> Normal.ofMeanLogVariance(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 0.7, -1.2, 0.1),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                of(
                        "bernoulli",
                        p -> Bernoulli.ofLogits(p.reshape(2, 2)),
                        List.of(0.7, -1.2, 3.0, 0.0),
                        List.of(1.0, 0.0, 1.0, 0.0)),
                of(
                        "independent normals",
                        p -> Independent.of(Normal.ofMeanLogStd(p.slice(0, 0, 6).reshape(2, 3), p.slice(0, 6, 9))),
                        List.of(0.5, -1.0, 2.0, 0.1, 0.2, 0.3, 0.7, -1.2, 0.1),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                of(
                        "independent bernoullis, two axes",
                        p -> Independent.of(Bernoulli.ofLogits(p.reshape(2, 2)), 2),
                        List.of(0.7, -1.2, 3.0, 0.0),
                        List.of(1.0, 0.0, 1.0, 0.0)),
                of(
                        "categorical",
                        p -> Categorical.ofLogits(p.reshape(2, 3)),
                        List.of(1.0, -0.5, 2.0, 0.0, 0.3, -4.0),
                        List.of(2.0, 1.0)),
                of(
                        "uniform",
                        p -> Uniform.of(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(-1.0, 0.5, 1.5, 2.0, 4.0),
                        List.of(1.2, 0.9, 0.0, 1.0, 1.9, 2.0)),
                of(
                        "multivariate normal by factor",
                        p -> MultivariateNormal.ofMeanCholesky(
                                p.slice(0, 0, 2), p.slice(0, 2, 6).reshape(2, 2)),
                        List.of(0.5, -1.0, 2.0, 9.0, 0.5, 0.7),
                        List.of(0.3, -1.4)),
                of(
                        "multivariate normals by free parameters",
                        p -> MultivariateNormal.ofMeanFree(
                                p.slice(0, 0, 6).reshape(2, 3),
                                p.slice(0, 6, 24).reshape(2, 3, 3)),
                        List.of(
                                0.5, -1.0, 2.0, 0.1, 0.2, 0.3, 0.4, 7.0, 7.0, 0.5, -0.3, 7.0, -0.9, 0.2, 0.1, -0.2, 7.0,
                                7.0, 0.8, 0.3, 7.0, 0.4, 0.7, -0.6),
                        List.of(0.3, -1.4, 1.0, 0.6, -0.2, 0.4)),
                of(
                        "multivariate normals that share a covariance",
                        p -> {
                            Tensor l = p.slice(0, 4, 8).reshape(2, 2);
                            return MultivariateNormal.ofMeanCovariance(
                                    p.slice(0, 0, 4).reshape(2, 2),
                                    org.amortis.tensor.Tensors.matmul(l, l, false, true));
                        },
                        List.of(0.5, -1.0, 2.0, 0.1, 1.2, 0.4, 0.5, 0.7),
                        List.of(0.3, -1.4, 1.0, 0.6)));
    }
}
