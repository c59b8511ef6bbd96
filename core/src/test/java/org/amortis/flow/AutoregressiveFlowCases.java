package org.amortis.flow;

import static org.amortis.flow.FlowCase.Lack.IDENTITY_START;

import java.util.List;
import org.amortis.nn.Activation;

/** Autoregressive flows of the table. */
final class AutoregressiveFlowCases {
    private AutoregressiveFlowCases() {}

    private static final Net PLAIN = new Net(7, 2, Activation.TANH, false);
    private static final Net BLOCKS = new Net(6, 1, Activation.TANH, true);

    static List<FlowCase> all() {
        // smooth: the gradient of SOFT_EXP has a kink at 0, which differences feel
        Transformer affine = Transformer.affine(ScaleMap.SOFTPLUS);
        Transformer gate = new GatedTransformer(1.5);
        // the inverse is found to 1e-13 of the argument, and its error grows with the slope
        Transformer sigmoids = new SigmoidTransformer(3);
        Transformer spline = new InverseTransformer(RationalQuadratic.of(4, 3));
        return List.of(
                FlowCase.of("maf", at -> Autoregressive.of(at, 5, 0, affine, PLAIN)),
                FlowCase.of("maf of a context", at -> Autoregressive.of(at, 2, 2, affine, PLAIN)),
                FlowCase.of("maf of one element", at -> Autoregressive.of(at, 1, 0, affine, PLAIN)),
                FlowCase.of("maf of one element and a context", at -> Autoregressive.of(at, 1, 2, affine, BLOCKS)),
                FlowCase.of("maf of blocks, narrow", at -> Autoregressive.of(at, 9, 0, affine, BLOCKS)),
                FlowCase.of(
                        "iaf", at -> Autoregressive.of(at, 3, 2, affine, PLAIN).inverted()),
                FlowCase.of(
                                "gated iaf",
                                at -> Autoregressive.of(at, 3, 0, gate, PLAIN).inverted())
                        .without(IDENTITY_START),
                FlowCase.of("spline maf", at -> Autoregressive.of(at, 3, 0, spline, PLAIN)),
                FlowCase.of("stack of spline mafs", at -> AutoregressiveStacks.splineMaf(at, 3, 1, 2, PLAIN, 3, 4)),
                FlowCase.of("stack of iafs", at -> AutoregressiveStacks.iaf(at, 3, 0, 2, PLAIN))
                        .without(IDENTITY_START),
                FlowCase.of("sigmoidal maf", at -> Autoregressive.of(at, 2, 0, sigmoids, PLAIN)),
                FlowCase.of(
                        "sigmoidal maf of blocks and a context", at -> Autoregressive.of(at, 3, 2, sigmoids, BLOCKS)));
    }
}
