package org.amortis.dist;

import java.util.List;

/** Rows of continuous scalar families and of what is made of them by bijections. */
final class ContinuousCases {
    private ContinuousCases() {}

    static List<DistributionCase> all() {
        return List.of(
                DistributionCase.of(
                        "truncated normal, around its location and in both tails",
                        p -> TruncatedNormal.of(
                                p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 3), p.slice(0, 3, 6), p.slice(0, 6, 9)),
                        List.of(0.5, -1.0, 1.3, -2.0, 4.0, -20.0, 1.5, 7.0, -6.0),
                        List.of(0.3, 4.2, -6.1, 1.2, 5.0, -6.5)),
                DistributionCase.of(
                        "truncated normal with one end",
                        p -> TruncatedNormal.ofLogScale(
                                p.slice(0, 0, 2), p.slice(0, 2, 3), 1.0, Double.POSITIVE_INFINITY),
                        List.of(0.5, -1.0, 0.3),
                        List.of(1.3, 2.4)),
                DistributionCase.of(
                        "von mises",
                        p -> VonMises.of(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 0.3, 2.0, 40.0),
                        List.of(0.3, -1.4, 0.6, 3.0, -2.0, -1.1)),
                DistributionCase.of(
                        "laplace",
                        p -> Laplace.ofLocationScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 2.0, 0.3, 1.0),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "laplace by log scale",
                        p -> Laplace.ofLocationLogScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 0.7, -1.2, 0.1),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "logistic",
                        p -> Logistic.ofLocationScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 2.0, 0.3, 1.0),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "logistic by log scale",
                        p -> Logistic.ofLocationLogScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 0.7, -1.2, 0.1),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "cauchy",
                        p -> Cauchy.ofLocationScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 2.0, 0.3, 1.0),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "cauchy by log scale",
                        p -> Cauchy.ofLocationLogScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 0.7, -1.2, 0.1),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "gumbel",
                        p -> Gumbel.ofLocationScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 2.0, 0.3, 1.0),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "gumbel by log scale",
                        p -> Gumbel.ofLocationLogScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.5, -1.0, 0.7, -1.2, 0.1),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "student t",
                        p -> StudentT.of(
                                p.slice(0, 0, 3),
                                p.slice(0, 3, 4),
                                p.slice(0, 4, 6).reshape(2, 1)),
                        List.of(9.5, 14.0, 30.0, 0.5, 2.0, 0.4),
                        List.of(0.3, -1.4, 5.0, 0.0, 1.0, -0.2)),
                DistributionCase.of(
                        "student t by log scale",
                        p -> StudentT.ofLogScale(p.slice(0, 0, 2), p.slice(0, 2, 4), p.slice(0, 4, 6)),
                        List.of(12.0, 30.0, 0.5, -1.0, 0.3, -0.7),
                        List.of(0.3, -1.4)),
                DistributionCase.of(
                        "gamma",
                        p -> Gamma.ofShapeRate(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.7, 3.0, 2.0, 0.3, 1.0),
                        List.of(0.3, 1.4, 5.0, 0.5, 1.0, 20.0)),
                DistributionCase.of(
                        "gamma by log rate, large shape",
                        p -> Gamma.ofShapeLogRate(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(13.0, 40.0, 0.7, -1.2, 0.1),
                        List.of(7.0, 40.0, 11.0, 20.0, 120.0, 31.0)),
                DistributionCase.of(
                        "inverse gamma",
                        p -> InverseGamma.ofShapeScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(9.5, 14.0, 20.0, 3.0, 10.0),
                        List.of(3.0, 0.5, 1.0, 2.0, 0.4, 0.8)),
                DistributionCase.of(
                        "inverse gamma by log scale",
                        p -> InverseGamma.ofShapeLogScale(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(11.0, 12.5, 2.7, 1.2, 2.1),
                        List.of(3.0, 0.5, 1.0, 2.0, 0.4, 0.8)),
                DistributionCase.of(
                        "beta",
                        p -> Beta.of(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.7, 3.0, 2.0, 0.3, 14.0),
                        List.of(0.3, 0.4, 0.05, 0.5, 0.1, 0.2)),
                DistributionCase.of(
                        "beta, large parameters",
                        p -> Beta.of(p.slice(0, 0, 2), p.slice(0, 2, 4)),
                        List.of(14.0, 30.0, 14.0, 50.0),
                        List.of(0.5, 0.4)),
                DistributionCase.of("exponential", p -> Exponential.ofRate(p), List.of(0.7, 3.0), List.of(0.3, 1.4)),
                DistributionCase.of(
                        "exponential by log rate",
                        p -> Exponential.ofLogRate(p),
                        List.of(0.7, -3.0),
                        List.of(0.3, 1.4)),
                DistributionCase.of(
                        "chi squared", p -> Chi2.ofDegrees(p), List.of(0.7, 3.0, 50.0), List.of(0.3, 1.4, 45.0)),
                DistributionCase.of("half normal", p -> HalfNormal.ofScale(p), List.of(0.7, 3.0), List.of(0.3, 1.4)),
                DistributionCase.of(
                        "half normal by log scale",
                        p -> HalfNormal.ofLogScale(p),
                        List.of(0.7, -3.0),
                        List.of(0.3, 0.1)),
                DistributionCase.of("half cauchy", p -> HalfCauchy.ofScale(p), List.of(0.7, 3.0), List.of(0.3, 14.0)),
                DistributionCase.of(
                        "half cauchy by log scale",
                        p -> HalfCauchy.ofLogScale(p),
                        List.of(0.7, -3.0),
                        List.of(0.3, 0.1)),
                DistributionCase.of(
                        "weibull",
                        p -> Weibull.ofScaleShape(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(0.7, 3.0, 2.0, 0.8, 1.0),
                        List.of(0.3, 0.4, 0.05, 2.5, 2.1, 3.2)),
                DistributionCase.of(
                        "weibull by log scale",
                        p -> Weibull.ofLogScaleShape(p.slice(0, 0, 2).reshape(2, 1), p.slice(0, 2, 5)),
                        List.of(-0.7, 1.0, 2.0, 0.8, 1.0),
                        List.of(0.3, 0.4, 0.05, 2.5, 2.1, 3.2)),
                DistributionCase.of(
                        "log normal",
                        p -> LogNormal.ofMeanStd(p.slice(0, 0, 2), p.slice(0, 2, 4)),
                        List.of(0.5, -1.0, 0.7, 0.3),
                        List.of(0.3, 1.4)),
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
