package org.amortis.spi;

import org.amortis.tensor.RowOp;

/**
 * A {@link RowOp} over rows that lie one after the other in each operand and result. Arrays are float[] or double[] as
 * the element type says; results overlap nothing. The bits of a row do not depend on which rows run together.
 */
@FunctionalInterface
public interface RowLoop {
    /**
     * Runs it.
     *
     * @param arrays operands, read, then results, written
     * @param at first element of row 0 of each
     * @param from first row
     * @param to one past the last row
     * @param cols elements of a row of the first operand, see {@link RowOp#rowLength}
     * @param scratch array of the element type, one element for each of the rows' and one a row; written
     */
    void run(Object[] arrays, int[] at, int from, int to, int cols, Object scratch);
}
