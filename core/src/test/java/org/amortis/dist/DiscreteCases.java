package org.amortis.dist;

import static org.amortis.math.SpecialFunctions.betainc;
import static org.amortis.math.SpecialFunctions.gammaQ;
import static org.amortis.math.SpecialFunctions.sigmoid;

import java.util.List;
import java.util.function.Function;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Families of counts, by their distribution functions: incomplete gamma and beta functions, made without densities. */
final class DiscreteCases {
    private DiscreteCases() {}

    /** The distribution function of a count, for the parameters of one element. */
    interface Cdf {
        double at(double k, double... parameters);
    }

    /**
     * A family of counts.
     *
     * @param name printed
     * @param make the distributions of parameters [rows, columns], one for each row
     * @param cdf distribution function
     * @param ordinary rows whose support up to 1,000 holds all but 1e-13
     * @param wide further rows that draws are checked for
     */
    record Family(
            String name, Function<Tensor[], Distribution> make, Cdf cdf, List<double[]> ordinary, List<double[]> wide) {
        Distribution of(Tensor parameters) {
            int columns = parameters.shape().dim(-1);
            Tensor[] p = new Tensor[columns];
            for (int i = 0; i < columns; i++) {
                p[i] = parameters.at(-1, i);
            }
            return make.apply(p);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Family> families() {
        return List.of(
                new Family(
                        "poisson by rate",
                        p -> Poisson.ofRate(p[0]),
                        (k, p) -> gammaQ(k + 1, p[0]),
                        List.of(new double[] {0.3}, new double[] {9.5}, new double[] {60}),
                        List.of(new double[] {10}, new double[] {13.7}, new double[] {1e4}, new double[] {3e8})),
                new Family(
                        "poisson by log rate",
                        p -> Poisson.ofLogRate(p[0]),
                        (k, p) -> gammaQ(k + 1, Math.exp(p[0])),
                        List.of(new double[] {-1}, new double[] {3}),
                        List.of(new double[] {-9}, new double[] {12})),
                new Family(
                        "geometric",
                        p -> Geometric.ofLogits(p[0]),
                        (k, p) -> -Math.expm1(-(k + 1) * Math.log1p(Math.exp(p[0]))),
                        List.of(new double[] {0.4}, new double[] {-3}, new double[] {2}),
                        List.of(new double[] {-14}, new double[] {-6})),
                new Family(
                        "negative binomial by logits",
                        p -> NegativeBinomial.ofLogits(p[0], p[1]),
                        (k, p) -> betainc(p[0], k + 1, sigmoid(-p[1])),
                        List.of(new double[] {2.5, 0.4}, new double[] {0.2, 1}, new double[] {40, -1}),
                        List.of(new double[] {0.05, 3}, new double[] {3, 9}, new double[] {1e5, -4})),
                new Family(
                        "negative binomial by mean",
                        p -> NegativeBinomial.ofMeanConcentration(p[0], p[1]),
                        (k, p) -> betainc(p[1], k + 1, p[1] / (p[1] + p[0])),
                        List.of(new double[] {4, 2.5}, new double[] {0.5, 1}),
                        List.of(new double[] {20, 300})),
                new Family(
                        "binomial",
                        p -> Binomial.ofLogits(p[0], p[1]),
                        (k, p) -> k >= p[0] ? 1 : betainc(p[0] - k, k + 1, sigmoid(-p[1])),
                        List.of(
                                new double[] {1, 0.4},
                                new double[] {13, 1.2},
                                new double[] {20, 0},
                                new double[] {25, -0.3},
                                new double[] {200, -2}),
                        List.of(
                                new double[] {0, 1},
                                new double[] {30, 1},
                                new double[] {1e6, -13},
                                new double[] {1e6, 2},
                                new double[] {2e9, -0.1})));
    }

    /** Rows of the table of all distributions. */
    static List<DistributionCase> all() {
        return List.of(
                DistributionCase.of(
                        "poisson by rate",
                        p -> Poisson.ofRate(p.reshape(2, 2)),
                        List.of(0.7, 12.0, 3.0, 40.0),
                        List.of(0.0, 10.0, 5.0, 41.0)),
                DistributionCase.of(
                        "poisson by log rate", Poisson::ofLogRate, List.of(0.7, -1.2, 3.0), List.of(2.0, 1.0, 0.0)),
                DistributionCase.of(
                        "geometric by logits", Geometric::ofLogits, List.of(0.7, -1.2, 3.0), List.of(2.0, 1.0, 0.0)),
                DistributionCase.of(
                        "geometric by mean", Geometric::ofMean, List.of(0.7, 1.2, 13.0), List.of(2.0, 1.0, 0.0)),
                DistributionCase.of(
                        "negative binomial, broadcast",
                        p -> NegativeBinomial.ofLogits(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, 13.0, 0.7, -1.2, 0.1),
                        List.of(0.0, 1.0, 7.0, 9.0, 2.0, 14.0)),
                DistributionCase.of(
                        "negative binomial by mean",
                        p -> NegativeBinomial.ofMeanConcentration(p.slice(0, 0, 2), p.slice(0, 2, 4)),
                        List.of(0.5, 13.0, 0.7, 1.2),
                        List.of(3.0, 12.0)),
                DistributionCase.of(
                        "binomial, one number of trials",
                        p -> Binomial.ofLogits(9, p.reshape(2, 2)),
                        List.of(0.7, -1.2, 3.0, 0.0),
                        List.of(0.0, 9.0, 8.0, 4.0)),
                DistributionCase.of(
                        "binomial, several numbers of trials",
                        p -> Binomial.ofLogits(
                                Tensors.iota(org.amortis.array.Shape.of(3), 0).mul(20), p),
                        List.of(0.7, -1.2, 3.0),
                        List.of(0.0, 9.0, 38.0)));
    }
}
