package org.amortis.dist;

import java.util.List;

/** Rows of continuous scalar families and of what is made of them by bijections. */
final class ContinuousCases {
    private ContinuousCases() {}

    static List<DistributionCase> all() {
        return List.of(
                DistributionCase.of(
                        "normal mapped to positive numbers",
                        p -> Transformed.of(Normal.ofMeanLogStd(p.split(0, 2, 2)), Elementwise.softplus()),
                        List.of(0.5, -1.0, 0.2, -0.7),
                        List.of(0.3, 1.4)),
                DistributionCase.of(
                        "normals mapped to a simplex",
                        p -> Transformed.of(
                                Normal.ofMeanLogStd(p.slice(0, 0, 4).reshape(2, 2), p.slice(0, 4, 6)),
                                Support.simplex(3).unconstraining()),
                        List.of(0.5, -1.0, 0.1, 0.3, 0.2, -0.7),
                        List.of(0.3, 0.5, 0.2, 0.1, 0.1, 0.8)),
                DistributionCase.of(
                        "scaled and clipped normals of vectors, scale learned",
                        p -> Transformed.of(
                                Independent.of(Normal.ofMeanLogStd(p.slice(0, 0, 3), p.slice(0, 3, 4))),
                                Elementwise.affineByLog(p.slice(0, 4, 5), p.slice(0, 5, 8))
                                        .then(Elementwise.softClip(3))),
                        List.of(0.5, -1.0, 0.1, 0.3, 0.2, -0.7, 0.4, 0.1),
                        List.of(0.3, 1.4, -0.6)),
                DistributionCase.of(
                        "normals mapped to a factor of a correlation",
                        p -> Transformed.of(
                                Normal.ofMeanLogStd(p.slice(0, 0, 3), p.slice(0, 3, 6)),
                                Support.correlationFactors(3).unconstraining()),
                        List.of(0.5, -1.0, 0.1, 0.3, 0.2, -0.7),
                        List.of(1.0, 0.0, 0.0, 0.6, 0.8, 0.0, 0.64, -0.48, 0.6)));
    }
}
