package org.amortis.spi;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.tensor.ElementwiseOp;

/**
 * Elementwise operations that depend on each other, to be computed in one pass: what a {@link Chain} is made for. Two
 * specifications are equal if one loop serves both.
 *
 * @param type F32 or F64, the type of all numbers; truth values stand beside them
 * @param arrays kind of each array: true for truth values (int[]), false for numbers. First those that are read, then
 *     those that are written
 * @param inputs how many arrays are read
 * @param numbers how many single numbers are read
 * @param steps operations in order; step i computes value i
 * @param results for each array that is written, the value it takes
 */
public record ChainSpec(
        DType type, List<Boolean> arrays, int inputs, int numbers, List<Step> steps, List<Integer> results) {
    /**
     * One operation.
     *
     * @param op the scalar function
     * @param truth whether its value is a truth value
     * @param operands where its operands come from
     */
    public record Step(ElementwiseOp op, boolean truth, List<Operand> operands) {}

    /** Where an operand comes from. */
    public sealed interface Operand {
        /**
         * The value of an earlier step.
         *
         * @param step its index
         */
        record Value(int step) implements Operand {}

        /**
         * An array that is read.
         *
         * @param index its place
         */
        record Array(int index) implements Operand {}

        /**
         * A number that is the same for all elements.
         *
         * @param index its place
         */
        record Single(int index) implements Operand {}
    }
}
