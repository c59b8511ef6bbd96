package org.amortis.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;

/**
 * One step of an optimizer as formulas: what a program takes as updates.
 *
 * @param updates value of each state after the step: the parameters first, then the slots in the order of the chain
 * @param gradientNorm Euclidean norm of the gradient as it entered, scalar; not finite means the step must not be written
 */
public record OptimizerStep(Map<State, Tensor> updates, Tensor gradientNorm) {
    /** Copies the map, keeping its order. */
    public OptimizerStep {
        updates = Collections.unmodifiableMap(new LinkedHashMap<>(updates));
    }
}
