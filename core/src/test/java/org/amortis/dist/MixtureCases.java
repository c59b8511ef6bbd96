package org.amortis.dist;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Mixtures and masks of other families. */
final class MixtureCases {
    private static final Tensor MASK = Tensors.constant(HostArray.wrap(DType.BOOL, new int[] {1, 0, 1}, Shape.of(3)));

    private MixtureCases() {}

    static List<DistributionCase> all() {
        return List.of(
                DistributionCase.of(
                        "mixture of normals",
                        p -> Mixture.ofLogits(
                                p.slice(0, 0, 3),
                                Normal.ofMeanLogStd(
                                        p.slice(0, 3, 9).reshape(2, 3),
                                        p.slice(0, 9, 15).reshape(2, 3))),
                        List.of(0.3, -0.5, 0.1, -1.0, 0.0, 1.5, 0.2, 0.6, 2.0, 0.1, -0.3, 0.0, 0.2, -0.6, 0.3),
                        List.of(0.3, 1.4)),
                DistributionCase.of(
                        "mixture of normals of vectors",
                        p -> Mixture.of(
                                Categorical.ofLogits(p.slice(0, 0, 2)),
                                MultivariateNormal.ofMeanLogStd(p.slice(0, 2, 8).reshape(2, 3), p.slice(0, 8, 11))),
                        List.of(0.3, -0.5, -1.0, 0.0, 1.5, 0.2, 0.6, 2.0, 0.1, -0.3, 0.0),
                        List.of(0.3, 1.4, -0.2)),
                DistributionCase.of(
                        "mixture of correlated normals",
                        p -> Mixture.ofLogits(
                                p.slice(0, 0, 2),
                                MultivariateNormal.ofMeanFree(
                                        p.slice(0, 2, 6).reshape(2, 2),
                                        p.slice(0, 6, 10).reshape(2, 2))),
                        List.of(0.3, -0.5, -1.0, 0.0, 1.5, 0.2, 0.1, 9.0, 0.7, -0.3),
                        List.of(0.3, 1.4)),
                DistributionCase.of(
                        "mixture of poissons",
                        p -> Mixture.ofLogits(
                                p.slice(0, 0, 4).reshape(2, 2),
                                Poisson.ofLogRate(p.slice(0, 4, 8).reshape(2, 2))),
                        List.of(0.3, -0.5, 1.0, 0.0, 0.2, 2.0, -1.0, 3.0),
                        List.of(3.0, 14.0)),
                DistributionCase.of(
                        "mixture of uniforms",
                        p -> Mixture.ofLogits(
                                p.slice(0, 0, 4).reshape(2, 2),
                                Uniform.of(
                                        p.slice(0, 4, 8).reshape(2, 2),
                                        p.slice(0, 8, 12).reshape(2, 2))),
                        List.of(0.3, -0.5, 1.0, 0.0, 0.0, 2.0, -1.0, 0.0, 1.0, 3.0, 0.5, 1.0),
                        List.of(0.4, 0.2)),
                DistributionCase.of(
                        "masked normals",
                        p -> Masked.of(Normal.ofMeanLogStd(p.slice(0, 0, 6).reshape(2, 3), p.slice(0, 6, 9)), MASK),
                        List.of(0.3, -0.5, -1.0, 0.0, 1.5, 0.2, 0.6, 0.4, 0.1),
                        List.of(0.3, 1.4, -0.2, 0.1, 0.6, 1.1)),
                DistributionCase.of(
                        "masked dirichlets",
                        p -> Masked.of(Dirichlet.ofConcentration(p.reshape(3, 2)), MASK),
                        List.of(0.6, 2.0, 11.0, 4.0, 0.3, 1.0),
                        List.of(0.2, 0.8, 0.1, 0.9, 0.25, 0.75)));
    }
}
