package org.amortis.mc;

import org.amortis.tensor.Tensor;

/**
 * What a transition did, one number for each chain.
 *
 * @param point where the chains are afterwards
 * @param acceptance acceptance probability in [0, 1], averaged over the proposals
 * @param energy Hamiltonian at the new point; minus the log density where there is no momentum
 * @param evaluations how often the target was evaluated
 * @param depth doublings of a tree; 0 where there is none
 * @param divergent BOOL, a proposal was lost to an energy error or to a log density that is not a number
 * @param infinite BOOL, the log density was +infinity somewhere
 */
public record Moved(
        Point point,
        Tensor acceptance,
        Tensor energy,
        Tensor evaluations,
        Tensor depth,
        Tensor divergent,
        Tensor infinite) {}
