package org.amortis.mc;

import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/**
 * An unbiased estimate of a log density, such as the prior plus N / n times the log likelihood of n data drawn from N.
 */
@FunctionalInterface
public interface StochasticLogDensity {
    /**
     * The formula.
     *
     * @param z positions [C, d]
     * @param key a key for each chain [C]; {@code key.at(0)} draws one batch for all
     * @return estimates [C]
     */
    Tensor logDensity(Tensor z, Key key);
}
