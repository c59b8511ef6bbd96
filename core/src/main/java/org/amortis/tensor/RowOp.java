package org.amortis.tensor;

import org.amortis.array.Shape;

/**
 * A composite of rows: each row of its results depends on the same row of its operands alone. Backends run it as one
 * kernel wherever the rows lie contiguous, so that a row is read once while it is in cache.
 */
public sealed interface RowOp extends CompositeOp
        permits SoftmaxOp,
                Composites.LayerNorm,
                Composites.LayerNormGradient,
                Composites.GruCell,
                Composites.GruCellGradient {
    /**
     * Elements of a contiguous row of the first operand. The other operands and the results have as many rows.
     *
     * @param first shape of the first operand
     * @return length of a row, or 0 if rows are not contiguous and the formula has to do
     */
    default int rowLength(Shape first) {
        return first.dim(-1);
    }
}
