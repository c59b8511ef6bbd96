package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Selects elementwise: the second operand where the first (BOOL) is true, else the third. The gradient of the side not
 * selected is 0, but a NaN in its derivative survives a product with 0: make the unselected side safe first.
 */
public enum Where implements ElementwiseOp {
    /** The one instance. */
    WHERE;

    @Override
    public int arity() {
        return 3;
    }

    @Override
    public double apply(double a, double b, double c) {
        return a != 0 ? b : c;
    }

    @Override
    public DType resultType(Tensor[] operands) {
        if (operands[0].dtype() != DType.BOOL) {
            throw new DTypeException("where(" + operands[0].describe() + ", ..): the condition is "
                    + operands[0].dtype() + ", not BOOL; compare first" + Messages.at());
        }
        DType a = operands[1].dtype();
        DType b = operands[2].dtype();
        if (a != b || a == DType.KEY) {
            throw new DTypeException("where(.., " + operands[1].describe() + ", " + operands[2].describe()
                    + "): element types " + a + " and " + b + " cannot be selected between" + Messages.at());
        }
        return a;
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor dy = cotangents[0];
        if (dy == null || !dy.dtype().isFloat()) {
            return new Tensor[3];
        }
        Tensor c = node.operand(0);
        return new Tensor[] {
            null,
            ElementwiseOp.unbroadcast(Tensors.where(c, dy, 0), node.operand(1).shape()),
            ElementwiseOp.unbroadcast(
                    Tensors.where(c, Tensors.zeros(dy.dtype(), org.amortis.array.Shape.SCALAR), dy),
                    node.operand(2).shape()),
        };
    }

    @Override
    public double ulps() {
        return 0;
    }
}
