package org.amortis.flow;

import static org.amortis.flow.FlowCase.Lack.EXACT_LOG_DET;
import static org.amortis.flow.FlowCase.Lack.EXTREMES;
import static org.amortis.flow.FlowCase.Lack.GRADIENT;

import java.util.List;
import org.amortis.flow.ode.AdaptiveSteps;
import org.amortis.flow.ode.FixedSteps;
import org.amortis.flow.ode.Tableau;
import org.amortis.nn.Activation;
import org.amortis.param.ParamScope;
import org.amortis.tensor.Key;

/** Continuous flows: errors of 1e-7 of log determinants and ways back are those of the steps, of order h^5. */
final class ContinuousFlowCases {
    private ContinuousFlowCases() {}

    private static ContinuousFlow net(ParamScope at, int size, int context) {
        return ContinuousFlow.of(at, size, context, new int[] {4}, Activation.TANH);
    }

    static List<FlowCase> all() {
        FixedSteps fifth = FixedSteps.of(Tableau.TSITOURAS, 8);
        AdaptiveSteps tight = AdaptiveSteps.dormandPrince(1e-9, 1e-9);
        return List.of(
                FlowCase.of("continuous, fixed steps", at -> net(at, 2, 0).with(fifth))
                        .tolerances(1e-7, 1e-7),
                FlowCase.of(
                                "continuous with context, in chunks",
                                at -> net(at, 3, 2).with(FixedSteps.rk4(20).checkpointEvery(6)))
                        .tolerances(1e-6, 1e-6),
                FlowCase.of(
                                "continuous of one element, adjoint gradient, inverted",
                                at -> net(at, 1, 1).with(fifth).adjoint(fifth).inverted())
                        .tolerances(1e-7, 1e-7),
                FlowCase.of("continuous, steps of each row", at -> net(at, 3, 0).with(tight))
                        .without(GRADIENT, EXTREMES)
                        .tolerances(1e-7, 1e-6),
                FlowCase.of(
                                "continuous, trace by signs",
                                at -> net(at, 3, 1).with(fifth).with(TraceEstimate.hutchinson(Key.of(5))))
                        .without(EXACT_LOG_DET)
                        .tolerances(1e-7, 1));
    }
}
