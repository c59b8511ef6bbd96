package org.amortis.mc;

import org.amortis.dist.Bijection;
import org.amortis.param.Weights;

/** A bijection with weights, such as {@code flow::given}. */
@FunctionalInterface
public interface LearnedMap {
    /**
     * The map of given weights.
     *
     * @param p weights
     * @return a bijection whose forward takes a particle of one temperature to the next
     */
    Bijection given(Weights p);
}
