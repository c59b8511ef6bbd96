package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;

/**
 * Element type and shape of a tensor.
 *
 * @param dtype element type
 * @param shape shape
 */
public record TensorType(DType dtype, Shape shape) {
    /**
     * The same element type under another shape.
     *
     * @param other the other shape
     * @return the type
     */
    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    @Override
    public String toString() {
        return dtype + shape.toString();
    }
}
