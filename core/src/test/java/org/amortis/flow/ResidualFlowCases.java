package org.amortis.flow;

import static org.amortis.flow.FlowCase.Lack.IDENTITY_START;

import java.util.List;
import org.amortis.nn.Activation;

/** Planar, radial, Sylvester and residual flows of the table. */
final class ResidualFlowCases {
    private ResidualFlowCases() {}

    static List<FlowCase> all() {
        Net net = new Net(4, 2, Activation.TANH, false);
        return List.of(
                FlowCase.of("planar", at -> Planar.of(at, 4, 0)).without(IDENTITY_START),
                FlowCase.of("planar of a context", at -> Planar.of(at, 3, 2)).without(IDENTITY_START),
                FlowCase.of("planar of one element", at -> Planar.of(at, 1, 0)).without(IDENTITY_START),
                FlowCase.of("radial", at -> Radial.of(at, 2, 0)),
                FlowCase.of("radial of a context", at -> Radial.of(at, 3, 2)).without(IDENTITY_START),
                FlowCase.of("radial of one element", at -> Radial.of(at, 1, 0)),
                FlowCase.of("orthogonal sylvester", at -> Sylvester.orthogonal(at, 3, 0, 2))
                        .without(IDENTITY_START),
                FlowCase.of("orthogonal sylvester of a context", at -> Sylvester.orthogonal(at, 3, 2, 2))
                        .without(IDENTITY_START),
                FlowCase.of("householder sylvester", at -> Sylvester.householder(at, 3, 2, 2))
                        .without(IDENTITY_START),
                FlowCase.of("triangular sylvester", at -> Sylvester.triangular(at, 3, 0, true))
                        .without(IDENTITY_START),
                FlowCase.of("sylvester of one element", at -> Sylvester.triangular(at, 1, 0, false))
                        .without(IDENTITY_START),
                FlowCase.of("residual", at -> Residual.of(at, 4, 0, net, 0.6)).without(IDENTITY_START),
                FlowCase.of("residual of a context", at -> Residual.of(at, 3, 2, net, 0.6))
                        .without(IDENTITY_START),
                FlowCase.of("residual of one element", at -> Residual.of(at, 1, 0, net, 0.6))
                        .without(IDENTITY_START));
    }
}
