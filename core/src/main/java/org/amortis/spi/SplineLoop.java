package org.amortis.spi;

import org.amortis.tensor.SplineOp;

/**
 * A {@link SplineOp} over elements. Arrays are float[] or double[] as the element type says; results overlap nothing. The
 * bits of an element do not depend on which elements run together.
 */
public interface SplineLoop {
    /**
     * Elements of scratch that {@link #run} takes.
     *
     * @return elements
     */
    int scratch();

    /**
     * Runs it.
     *
     * @param arrays operands, read, then results, written
     * @param at first element of each
     * @param size d, elements of a row of values; a row of parameters has P d
     * @param from first element, counted over all rows
     * @param to one past the last: whole rows, or a part of one
     * @param scratch array of the element type; written
     */
    void run(Object[] arrays, int[] at, int size, int from, int to, Object scratch);
}
