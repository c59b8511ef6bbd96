package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Changes the element type. Float to I32 truncates toward zero and saturates, NaN becomes 0; numbers to BOOL: true where
 * not 0. Between float types the gradient is cast back.
 *
 * @param to the wanted type: F32, F64, I32 or BOOL
 */
public record Cast(DType to) implements ElementwiseOp {
    @Override
    public String name() {
        return "cast:" + to;
    }

    @Override
    public int arity() {
        return 1;
    }

    @Override
    public double apply(double a, double b, double c) {
        return switch (to) {
            case F32, F64 -> a;
            case I32 -> (int) a;
            case BOOL -> a != 0 ? 1 : 0;
            case KEY -> throw new IllegalStateException();
        };
    }

    @Override
    public DType resultType(Tensor[] operands) {
        if (to == DType.KEY || operands[0].dtype() == DType.KEY) {
            throw new DTypeException(
                    "cast(" + operands[0].describe() + " -> " + to + "): keys are not numbers" + Messages.at());
        }
        return to;
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor dy = cotangents[0];
        DType from = node.operand(0).dtype();
        return new Tensor[] {dy == null || !dy.dtype().isFloat() || !from.isFloat() ? null : dy.cast(from)};
    }

    @Override
    public double ulps() {
        return 1;
    }
}
