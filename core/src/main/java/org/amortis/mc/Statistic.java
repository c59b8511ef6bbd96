package org.amortis.mc;

/** What is kept of the transition that led to a draw. */
public enum Statistic {
    /** Log density at the draw. */
    LOG_DENSITY,
    /** Hamiltonian at the draw; minus the log density where there is no momentum. */
    ENERGY,
    /** Mean acceptance probability of the proposals of the draw. */
    ACCEPTANCE,
    /** Evaluations of the target, summed over the transitions of the draw. */
    EVALUATIONS,
    /** Doublings of the tree. */
    DEPTH,
    /** Transitions of the draw that lost a proposal to an energy error or to a log density that is not a number. */
    DIVERGENT,
    /** Step size. */
    STEP_SIZE
}
