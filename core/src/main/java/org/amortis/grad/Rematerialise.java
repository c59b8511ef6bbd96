package org.amortis.grad;

import java.util.List;
import java.util.function.UnaryOperator;
import org.amortis.tensor.SubgraphOp;
import org.amortis.tensor.Tensor;

/**
 * Trades time for memory: the values inside a part of a formula are not kept for the backward pass but computed again
 * there, from the operands of the part. Values and gradients stay the same.
 */
public final class Rematerialise {
    private Rematerialise() {}

    /** A part with several operands or results. */
    @FunctionalInterface
    public interface Part {
        /**
         * Builds the part.
         *
         * @param operands the operands
         * @return the results
         */
        Tensor[] of(Tensor... operands);
    }

    /**
     * Recomputes a function of one tensor. What else it reads, weights for example, it may capture.
     *
     * @param part the function
     * @param x its operand
     * @return its result
     */
    public static Tensor of(UnaryOperator<Tensor> part, Tensor x) {
        return SubgraphOp.recomputed(List.of(x), List.of(part.apply(x)))[0];
    }

    /**
     * Recomputes a function of several tensors.
     *
     * @param part the function
     * @param operands its operands
     * @return its results
     */
    public static Tensor[] several(Part part, Tensor... operands) {
        return SubgraphOp.recomputed(List.of(operands), List.of(part.of(operands.clone())));
    }
}
