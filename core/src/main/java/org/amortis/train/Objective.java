package org.amortis.train;

/**
 * What is minimised, as formulas of the batch. Pure: it is called once for each set of batch shapes, and again for
 * evaluation.
 */
@FunctionalInterface
public interface Objective {
    /**
     * The loss of one batch.
     *
     * @param s inputs, parameters, key and step
     * @return the loss with what is to be watched and updated
     */
    Loss apply(StepInput s);
}
