package org.amortis.flow;

import static org.amortis.flow.FlowCase.Lack.EXTREMES;
import static org.amortis.flow.FlowCase.Lack.IDENTITY_START;

import java.util.ArrayList;
import java.util.List;
import org.amortis.dist.Elementwise;
import org.amortis.nn.Activation;
import org.amortis.tensor.Key;

/** Coupling layers, linear and elementwise flows. */
final class CouplingFlowCases {
    /** Smooth, so that gradients can be compared with differences anywhere. */
    private static final Net NET = Net.plain(5, 2).with(Activation.TANH);

    private static final Net BLOCKS = Net.residual(4, 1).with(Activation.SILU);

    private CouplingFlowCases() {}

    static List<FlowCase> all() {
        List<FlowCase> all = new ArrayList<>();
        for (ScaleMap m : ScaleMap.values()) {
            FlowCase c = FlowCase.of(
                    "affine coupling " + m, at -> Coupling.of(at, Split.half(3), 0, Transformer.affine(m), NET));
            all.add(
                    switch (m) {
                        case SIGMOID -> c.without(IDENTITY_START);
                        // e^1e6 overflows whatever the format
                        case EXP -> c.without(EXTREMES);
                        case SOFT_EXP, SOFTPLUS, BOUNDED_SOFTPLUS -> c;
                    });
        }
        all.add(FlowCase.of("shift coupling", at -> Coupling.of(at, Split.half(4), 0, Transformer.shift(), NET)));
        all.add(FlowCase.of(
                "two affine couplings with context",
                at -> Coupling.affine(at.at(0), Split.halves(5, 0), 2, NET)
                        .then(Coupling.affine(at.at(1), Split.halves(5, 1), 2, BLOCKS))));
        all.add(FlowCase.of(
                "alternating affine couplings in the plane, inverted",
                at -> Coupling.affine(at.at(0), Split.alternating(2, 0), 1, BLOCKS)
                        .then(Coupling.affine(at.at(1), Split.alternating(2, 1), 1, NET))
                        .inverted()));
        all.add(FlowCase.of(
                "affine coupling by a mask",
                at -> Coupling.affine(at, Split.of(true, false, false, true, false), 3, NET)));
        all.add(FlowCase.of("affine coupling of one element", at -> Coupling.affine(at, Split.half(1), 0, NET)));
        all.add(FlowCase.of(
                "affine coupling of one element with context", at -> Coupling.affine(at, Split.half(1), 2, NET)));
        all.add(FlowCase.of("reverse", at -> Flows.of(Permutation.reverse(3))).without(IDENTITY_START));
        all.add(FlowCase.of(
                        "permutation between couplings",
                        at -> Coupling.affine(at.at(0), Split.half(4), 0, NET)
                                .then(Flows.of(Permutation.random(Key.of(3), 4)))
                                .then(Coupling.affine(at.at(1), Split.half(4), 0, NET)))
                .without(IDENTITY_START));
        all.addAll(splines());
        all.addAll(linear());
        return all;
    }

    private static List<FlowCase> splines() {
        List<FlowCase> all = new ArrayList<>();
        for (Tails t : Tails.values()) {
            FlowCase c = FlowCase.of(
                    "rational-quadratic coupling, tails " + t,
                    at -> Coupling.of(
                            at, Split.half(3), 0, RationalQuadratic.of(4, 2).with(t), NET));
            all.add(c);
        }
        all.add(FlowCase.of(
                        "rational-quadratic couplings in the plane with context",
                        at -> Coupling.of(
                                        at.at(0),
                                        Split.halves(2, 0),
                                        2,
                                        RationalQuadratic.of(8, 3).scaledBy(5),
                                        NET)
                                .then(Coupling.of(at.at(1), Split.halves(2, 1), 2, RationalQuadratic.of(5, 3), BLOCKS)
                                        .inverted()))
                .spread(0.15));
        all.add(FlowCase.of(
                "rational-quadratic coupling of one bin",
                at -> Coupling.of(at, Split.half(2), 0, RationalQuadratic.of(1, 3), NET)));
        all.add(FlowCase.of(
                "rational-quadratic coupling of one bin with slopes",
                at -> Coupling.of(
                        at, Split.half(2), 0, RationalQuadratic.of(1, 3).with(Tails.LINEAR), NET)));
        all.add(FlowCase.of(
                "rational-quadratic coupling of one element",
                at -> Coupling.of(at, Split.half(1), 0, RationalQuadratic.of(3, 2), NET)));
        all.add(FlowCase.of(
                "quadratic coupling in the plane",
                at -> Coupling.of(at, Split.half(2), 0, QuadraticSpline.of(5, 2.2), NET)));
        all.add(FlowCase.of(
                "quadratic coupling of one bin",
                at -> Coupling.of(at, Split.half(2), 1, QuadraticSpline.of(1, 2), NET)));
        all.add(FlowCase.of(
                "linear coupling in the plane", at -> Coupling.of(at, Split.half(2), 0, LinearSpline.of(6, 2.2), NET)));
        all.add(FlowCase.of(
                "spline coupling with splines of the kept",
                at -> Coupling.of(
                                at.at(0),
                                Split.halves(3, 0),
                                1,
                                RationalQuadratic.of(4, 3),
                                NET,
                                RationalQuadratic.of(3, 3))
                        .then(Coupling.of(
                                at.at(1),
                                Split.halves(3, 1),
                                1,
                                QuadraticSpline.of(3, 3),
                                NET,
                                Transformer.affine()))));
        all.add(FlowCase.of(
                "elementwise splines", at -> Coupling.elementwise(at, 2, 0, RationalQuadratic.of(4, 3), NET)));
        all.add(FlowCase.of(
                "elementwise affine with context", at -> Coupling.elementwise(at, 3, 2, Transformer.affine(), NET)));
        return all;
    }

    private static List<FlowCase> linear() {
        return List.of(
                FlowCase.of("lu", at -> LinearFlow.lu(at, 4)),
                FlowCase.of("lu of one element", at -> LinearFlow.lu(at, 1)),
                FlowCase.of("householder", at -> LinearFlow.householder(at, 4, 4)),
                FlowCase.of("one reflection", at -> LinearFlow.householder(at, 3, 1))
                        .without(IDENTITY_START),
                FlowCase.of("cayley", at -> LinearFlow.cayley(at, 5)),
                FlowCase.of("leaky tanh of each", at -> Flows.each(Elementwise.leakyTanh(2), 3))
                        .without(IDENTITY_START),
                FlowCase.of("actnorm", at -> ActNorm.of(at, 3)),
                FlowCase.of("stack of affine couplings", at -> FlowStacks.affineCoupling(at, 3, 2, 2, BLOCKS)),
                FlowCase.of("neural spline flow in the plane", at -> FlowStacks.rqNsf(at, 2, 1, 2, BLOCKS, 4, 3))
                        .spread(0.15),
                FlowCase.of("neural spline flow of one element", at -> FlowStacks.rqNsf(at, 1, 2, 2, NET, 4, 3)));
    }
}
