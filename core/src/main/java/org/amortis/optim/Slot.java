package org.amortis.optim;

import java.util.function.UnaryOperator;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/**
 * A state that a transform keeps between steps.
 *
 * @param name its name, unique in the transform
 * @param type element type and shape
 * @param initial first value as a formula of the first parameters [P]
 */
public record Slot(String name, TensorType type, UnaryOperator<Tensor> initial) {
    /**
     * A state as long as the parameters, filled with one number.
     *
     * @param name its name
     * @param dtype float type of the parameters
     * @param size length of the flat range
     * @param value the number
     * @return the slot
     */
    public static Slot filled(String name, DType dtype, int size, double value) {
        TensorType type = new TensorType(dtype, Shape.of(size));
        return new Slot(name, type, p -> Tensors.fill(value, dtype, type.shape()));
    }
}
