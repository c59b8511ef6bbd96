package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.jspecify.annotations.Nullable;

/** Elementwise logic on BOOL. */
public enum Logical implements ElementwiseOp {
    /** Both. */
    AND,
    /** Either. */
    OR,
    /** Exactly one. */
    XOR,
    /** The opposite; one operand. */
    NOT;

    @Override
    public int arity() {
        return this == NOT ? 1 : 2;
    }

    @Override
    public double apply(double a, double b, double c) {
        boolean p = a != 0;
        boolean q = b != 0;
        boolean r = switch (this) {
            case AND -> p && q;
            case OR -> p || q;
            case XOR -> p != q;
            case NOT -> !p;
        };
        return r ? 1 : 0;
    }

    @Override
    public DType resultType(Tensor[] operands) {
        for (Tensor t : operands) {
            if (t.dtype() != DType.BOOL) {
                throw new DTypeException(name() + "(" + t.describe() + "): element type " + t.dtype()
                        + " is not BOOL; compare first" + Messages.at());
            }
        }
        return DType.BOOL;
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        return new Tensor[arity()];
    }

    @Override
    public double ulps() {
        return 0;
    }
}
