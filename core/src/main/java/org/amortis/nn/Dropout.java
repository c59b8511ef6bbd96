package org.amortis.nn;

import org.amortis.array.PlanException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Sets elements to zero with a probability in training and divides the rest by what is left, so that the mean stays.
 *
 * @param rate probability of zero, in [0, 1)
 */
public record Dropout(double rate) {
    /** Checks the rate. */
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new PlanException("dropout(rate=" + rate + "): not in [0, 1)");
        }
    }

    /**
     * The input with elements dropped.
     *
     * @param x input
     * @param key a key, or a key for each of the leading axes of x; use a key of its own for each layer
     * @param training whether to drop anything
     * @return tensor of this shape
     */
    public Tensor apply(Tensor x, Key key, boolean training) {
        if (!training || rate == 0) {
            return x;
        }
        Tensor keep = Random.uniform(key, x.dtype(), x.shape()).ge(rate);
        return Tensors.where(keep, x.mul(1 / (1 - rate)), 0);
    }
}
