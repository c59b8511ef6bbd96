package org.amortis.flow.ode;

import java.util.List;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Solves initial value problems as formulas. The gradient of a solution is that of the steps taken, their sizes held
 * constant; for the adjoint equation see {@link Adjoint}.
 */
public sealed interface OdeSolver permits FixedSteps, AdaptiveSteps {
    /**
     * The solution at another time.
     *
     * @param f right-hand side
     * @param y state at the start, tensors [rows.., n] of one float type
     * @param from time at the start
     * @param to time at the end; may lie before the start
     * @param integrals integrals along the way, null for none
     * @return the end
     * @throws ShapeException if the state is empty, its rows differ or the times are not finite
     */
    OdeSolution solve(OdeSystem f, List<Tensor> y, double from, double to, @Nullable RowIntegrals integrals);

    /**
     * The solution at another time.
     *
     * @param f right-hand side
     * @param y state at the start, tensors [rows.., n] of one float type
     * @param from time at the start
     * @param to time at the end; may lie before the start
     * @return the end
     * @throws ShapeException if the state is empty, its rows differ or the times are not finite
     */
    default OdeSolution solve(OdeSystem f, List<Tensor> y, double from, double to) {
        return solve(f, y, from, to, null);
    }
}
