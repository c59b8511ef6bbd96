package org.amortis.nn;

import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/** A function of weights and one tensor; any layer or a lambda over several. */
@FunctionalInterface
public interface Layer {
    /**
     * The output.
     *
     * @param p weights
     * @param x input, leading axes are batch axes
     * @return output
     */
    Tensor apply(Weights p, Tensor x);

    /**
     * This layer, then another.
     *
     * @param next applied to the output of this one
     * @return both
     */
    default Layer then(Layer next) {
        return (p, x) -> next.apply(p, apply(p, x));
    }
}
