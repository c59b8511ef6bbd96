package org.amortis.dist;

import java.util.ArrayList;
import java.util.List;
import org.amortis.tensor.Tensor;

/** Families of vectors, matrices and sequences. */
final class MultivariateCases {
    private MultivariateCases() {}

    /** Numbers between -1 and 1 without a pattern. */
    static List<Double> numbers(int n, double scale, double phase) {
        List<Double> r = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            r.add(scale * Math.sin(phase + 2.399963 * i));
        }
        return r;
    }

    @SafeVarargs
    private static List<Double> join(List<Double>... parts) {
        List<Double> r = new ArrayList<>();
        for (List<Double> p : parts) {
            r.addAll(p);
        }
        return r;
    }

    /** Precisions of sequences [T, d] from any numbers: symmetric blocks, diagonally dominant. */
    static BlockTridiagonalNormal sequence(Tensor p, int steps, int size) {
        int m = steps * size;
        int a = m + m * size;
        Tensor free = p.slice(0, m, a).reshape(steps, size, size);
        Tensor eye = org.amortis.tensor.LinearAlgebra.eye(p.dtype(), size);
        Tensor square = org.amortis.tensor.Tensors.matmul(free, free, false, true);
        Tensor below = p.slice(0, a, a + (steps - 1) * size * size).reshape(steps - 1, size, size);
        return BlockTridiagonalNormal.ofMeanPrecision(
                p.slice(0, 0, m).reshape(steps, size), square.add(eye.mul(1.5)), below);
    }

    static int sequenceParameters(int steps, int size) {
        return steps * size + (2 * steps - 1) * size * size;
    }

    static List<DistributionCase> all() {
        return List.of(
                DistributionCase.of(
                        "dirichlet",
                        p -> Dirichlet.ofConcentration(p.reshape(2, 3)),
                        List.of(0.6, 2.0, 11.0, 4.0, 0.3, 1.0),
                        List.of(0.2, 0.7, 0.1, 0.5, 0.25, 0.25)),
                DistributionCase.of(
                        "relaxed categorical",
                        p -> RelaxedCategorical.ofLogits(
                                p.at(0, 6), p.slice(0, 0, 6).reshape(2, 3)),
                        List.of(1.0, -0.5, 2.0, 0.0, 0.3, -1.0, 0.7),
                        List.of(0.2, 0.7, 0.1, 0.5, 0.25, 0.25)),
                DistributionCase.of(
                        "multinomial",
                        p -> Multinomial.ofLogits(7, p.reshape(2, 3)),
                        List.of(1.0, -0.5, 2.0, 0.0, 0.3, -1.0),
                        List.of(2.0, 1.0, 4.0, 0.0, 7.0, 0.0)),
                DistributionCase.of(
                        "wishart",
                        p -> Wishart.ofCholesky(
                                p.slice(0, 0, 2), p.slice(0, 2, 10).reshape(2, 2, 2)),
                        List.of(4.5, 2.2, 0.8, 9.0, 0.3, 1.2, 1.5, 9.0, -0.6, 0.4),
                        List.of(2.0, 0.5, 0.5, 1.0, 1.0, -0.3, -0.3, 0.7)),
                DistributionCase.of(
                        "wishart of size 3 by scale",
                        p -> {
                            Tensor l = p.slice(0, 1, 10).reshape(3, 3);
                            return Wishart.ofScale(p.at(0, 0), org.amortis.tensor.Tensors.matmul(l, l, false, true));
                        },
                        List.of(5.5, 0.8, 0.0, 0.2, 0.3, 1.2, -0.2, 0.5, 0.6, 0.9),
                        List.of(2.0, 0.5, 0.1, 0.5, 1.0, -0.2, 0.1, -0.2, 3.0)),
                DistributionCase.of(
                        "factors of correlations",
                        p -> LkjCholesky.of(3, p),
                        List.of(0.7, 2.5),
                        List.of(
                                1.0, 0.0, 0.0, 0.6, 0.8, 0.0, 0.64, -0.48, 0.6, 1.0, 0.0, 0.0, -0.28, 0.96, 0.0, 0.48,
                                0.64, 0.6)),
                DistributionCase.of(
                        "low rank normal",
                        p -> LowRankNormal.ofMeanFactorLogStd(
                                p.slice(0, 0, 8).reshape(2, 4),
                                p.slice(0, 8, 24).reshape(2, 4, 2),
                                p.slice(0, 24, 28)),
                        join(numbers(8, 1, 1), numbers(16, 1.5, 2), numbers(4, 0.5, 3)),
                        numbers(8, 1, 4)),
                DistributionCase.of(
                        "low rank normals that share a factor",
                        p -> LowRankNormal.ofMeanFactorStd(
                                p.slice(0, 0, 6).reshape(2, 3), p.slice(0, 6, 9).reshape(3, 1), p.slice(0, 9, 12)),
                        join(numbers(6, 1, 1), numbers(3, 1.5, 2), List.of(0.5, 1.0, 2.0)),
                        numbers(6, 1, 4)),
                DistributionCase.of(
                        "block tridiagonal normal",
                        p -> sequence(p, 3, 2),
                        numbers(sequenceParameters(3, 2), 0.8, 5),
                        numbers(6, 1, 6)),
                DistributionCase.of(
                        "block tridiagonal normals by free parameters",
                        p -> BlockTridiagonalNormal.ofMeanFree(
                                p.slice(0, 0, 8).reshape(2, 2, 2),
                                p.slice(0, 8, 24).reshape(2, 2, 2, 2),
                                p.slice(0, 24, 28).reshape(1, 2, 2)),
                        numbers(28, 0.8, 7),
                        numbers(8, 1, 8)),
                DistributionCase.of(
                        "block tridiagonal normals by information",
                        p -> BlockTridiagonalNormal.ofInformation(
                                p.slice(0, 0, 6).reshape(2, 3, 1),
                                p.slice(0, 6, 9).square().add(1).reshape(3, 1, 1),
                                p.slice(0, 9, 11).reshape(2, 1, 1)),
                        numbers(11, 0.7, 9),
                        numbers(6, 1, 10)));
    }
}
