package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/**
 * One scalar function applied to every element, operands broadcast as in numpy. Three operands at most. The scalar
 * semantics is {@link #apply}; I32 arithmetic wraps like Java's.
 */
public sealed interface ElementwiseOp extends Op permits Unary, ParamUnary, Binary, Compare, Logical, Where, Cast {
    /** {@return the number of operands, 1 to 3} */
    int arity();

    /**
     * The scalar function, in double. BOOL values are 0 and 1.
     *
     * @param a first operand
     * @param b second operand, 0 if there is none
     * @param c third operand, 0 if there is none
     * @return the value
     */
    double apply(double a, double b, double c);

    /**
     * Element type of the result, or an exception if the operands do not fit.
     *
     * @param operands operands
     * @return the type
     */
    DType resultType(Tensor[] operands);

    @Override
    default TensorType[] infer(Tensor[] operands) {
        if (operands.length != arity()) {
            throw new IllegalArgumentException(name() + ": " + operands.length + " operands, takes " + arity());
        }
        DType t = resultType(operands);
        Shape s = operands[0].shape();
        for (int i = 1; i < operands.length; i++) {
            Shape r = Shape.broadcastOrNull(s, operands[i].shape());
            if (r == null) {
                StringBuilder b = new StringBuilder(name()).append('(');
                for (int k = 0; k < operands.length; k++) {
                    b.append(k == 0 ? "" : ", ").append(operands[k].describe());
                }
                throw new ShapeException(
                        b + "): shapes do not broadcast, " + s + " against " + operands[i].shape() + Messages.at());
            }
            s = r;
        }
        return new TensorType[] {new TensorType(t, s)};
    }

    @Override
    default void reference(RefArray[] in, RefArray[] out) {
        Shape s = out[0].shape();
        BroadcastIndex index = new BroadcastIndex(s, in);
        for (int i = 0; i < s.size(); i++, index.advance()) {
            double a = in[0].get(index.offset(0));
            double b = in.length > 1 ? in[1].get(index.offset(1)) : 0;
            double c = in.length > 2 ? in[2].get(index.offset(2)) : 0;
            out[0].put(i, apply(a, b, c));
        }
    }

    /**
     * The common float type of operands, or an error naming both.
     *
     * @param op the operation that asks, for the message
     * @param operands its operands
     * @param from index of the first operand that counts
     * @return the type
     */
    static DType sameFloat(Op op, Tensor[] operands, int from) {
        DType t = operands[from].dtype();
        for (int i = from; i < operands.length; i++) {
            DType u = operands[i].dtype();
            if (u != t) {
                throw new DTypeException(op.name() + "(" + operands[from].describe() + ", " + operands[i].describe()
                        + "): element types " + t + " and " + u + " differ and nothing is promoted; cast one of them"
                        + Messages.at());
            }
            if (!u.isFloat()) {
                throw new DTypeException(op.name() + "(" + operands[i].describe() + "): element type " + u
                        + " is not a float type; cast it" + Messages.at());
            }
        }
        return t;
    }

    /**
     * The common numeric type (a float type or I32) of operands, or an error naming both.
     *
     * @param op the operation that asks, for the message
     * @param operands its operands
     * @param from index of the first operand that counts
     * @return the type
     */
    static DType sameNumeric(Op op, Tensor[] operands, int from) {
        if (operands[from].dtype() != DType.I32) {
            return sameFloat(op, operands, from);
        }
        for (int i = from; i < operands.length; i++) {
            if (operands[i].dtype() != DType.I32) {
                throw new DTypeException(op.name() + "(" + operands[from].describe() + ", " + operands[i].describe()
                        + "): element types I32 and " + operands[i].dtype()
                        + " differ and nothing is promoted; cast one of them" + Messages.at());
            }
        }
        return DType.I32;
    }

    /**
     * Sums a cotangent of the broadcast shape back to the operand's shape.
     *
     * @param g the cotangent
     * @param to the operand's shape
     * @return the operand's cotangent
     */
    static Tensor unbroadcast(Tensor g, Shape to) {
        Shape from = g.shape();
        if (from.equals(to)) {
            return g;
        }
        int lead = from.rank() - to.rank();
        int[] axes = new int[from.rank()];
        int n = 0;
        for (int i = 0; i < from.rank(); i++) {
            if (i < lead || (to.dim(i - lead) == 1 && from.dim(i) != 1)) {
                axes[n++] = i;
            }
        }
        Tensor r = n == 0 ? g : g.sum(java.util.Arrays.copyOf(axes, n));
        return r.shape().equals(to) ? r : r.reshape(to);
    }
}
