package org.amortis.dist;

import org.amortis.tensor.Tensor;

/**
 * The logarithm of a density that need not be normalised, as a formula; data and weights are captured. What samplers,
 * annealing and local fits take. Values of the leading axes do not depend on each other.
 */
@FunctionalInterface
public interface LogDensity {
    /**
     * The formula.
     *
     * @param z values [.., event]; with data of B rows captured, [.., B, event]
     * @return [..]
     */
    Tensor logDensity(Tensor z);
}
