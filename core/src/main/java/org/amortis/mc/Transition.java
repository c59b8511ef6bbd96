package org.amortis.mc;

import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/** A Markov transition of many chains in lanes, as a formula. */
public interface Transition {
    /**
     * One transition. Chains do not see each other.
     *
     * @param now where the chains are [C, d]
     * @param target what is left invariant
     * @param step step size, a scalar or one for each chain
     * @param metric inverse mass
     * @param key a key for each chain [C]
     * @return where they are afterwards
     */
    Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key);

    /**
     * Acceptance that warm-up steers the step size to.
     *
     * @return between 0 and 1; 0 if the step size is the user's choice
     */
    default double targetAcceptance() {
        return 0;
    }

    /**
     * Whether gradients of the target are read.
     *
     * @return false for samplers that need values only
     */
    default boolean usesGradient() {
        return true;
    }

    /**
     * The step size of a transition where none is learnt.
     *
     * @param first the step size of the settings
     * @param transition number of the transition from 0, warm-up included
     * @return the step size; the first one unless the transition has a schedule
     */
    default double scheduled(double first, int transition) {
        return first;
    }
}
