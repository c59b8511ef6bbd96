package org.amortis.tensor;

import org.amortis.array.DType;
import org.jspecify.annotations.Nullable;

/** Elementwise comparisons; the result is BOOL. Comparisons with NaN are false, but for NE. */
public enum Compare implements ElementwiseOp {
    /** a == b. */
    EQ,
    /** a != b. */
    NE,
    /** a &lt; b. */
    LT,
    /** a &lt;= b. */
    LE,
    /** a &gt; b. */
    GT,
    /** a &gt;= b. */
    GE;

    @Override
    public int arity() {
        return 2;
    }

    @Override
    public double apply(double a, double b, double c) {
        boolean r = switch (this) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
        };
        return r ? 1 : 0;
    }

    @Override
    public DType resultType(Tensor[] operands) {
        ElementwiseOp.sameNumeric(this, operands, 0);
        return DType.BOOL;
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        return new Tensor[2];
    }

    @Override
    public double ulps() {
        return 0;
    }
}
