package org.amortis.flow.ode;

import java.util.List;
import org.amortis.tensor.Tensor;

/**
 * The end of a solution and what it took. A row that did not arrive within the allowed steps has NaN as its state, which
 * the guards of a step report by the name of the solver.
 *
 * @param y state at the end
 * @param integrals integrals of {@link RowIntegrals}; empty if there were none
 * @param finished BOOL [rows..], which rows arrived
 * @param evaluations I32 [rows..], evaluations of the slopes that each row asked for; what ran is the largest of them
 * @param accepted I32 [rows..], steps taken
 * @param rejected I32 [rows..], steps tried and thrown away
 */
public record OdeSolution(
        List<Tensor> y, List<Tensor> integrals, Tensor finished, Tensor evaluations, Tensor accepted, Tensor rejected) {
    /** Copies the lists. */
    public OdeSolution {
        y = List.copyOf(y);
        integrals = List.copyOf(integrals);
    }
}
