package org.amortis.flow.ode;

import java.util.List;
import org.amortis.tensor.Tensor;

/**
 * The right-hand side of dy/dt = f(t, y). The state is a list of tensors [rows.., n], n of each tensor its own; rows do
 * not depend on each other, and each has its own time. Written once in the body of a loop: what it reads from outside is
 * captured.
 */
@FunctionalInterface
public interface OdeSystem {
    /**
     * The slopes.
     *
     * @param t time of each row [rows..]
     * @param y state
     * @return slope of each tensor of the state, of its type
     */
    List<Tensor> slopes(Tensor t, List<Tensor> y);
}
