package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * An operation that a user writes: its numbers in double and its gradient as a formula. Every backend runs it, by these
 * numbers, until one has a kernel for it; {@code OpConformance.check} of {@code org.amortis.check} tests it
 * everywhere, with its gradients. The numbers may be asked for by several threads at once, and a step leaves no garbage
 * only if they leave none. Two equal objects are the same operation and may be computed once: give a class with attributes an
 * {@code equals}, or make it a record.
 */
public sealed interface CustomOp permits CustomOp.Unary, CustomOp.Binary, CustomOp.General {
    /**
     * Name as it appears in messages, plans and profiles.
     *
     * @return the simple name of the class unless overridden
     */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Error bound in float32, in units of 2^-24 relative to the magnitude of what is computed.
     *
     * @return bound in ulps
     */
    default double ulps() {
        return 4;
    }

    /** A function of one number, applied to every element. */
    non-sealed interface Unary extends CustomOp {
        /**
         * The function.
         *
         * @param x argument
         * @return value
         */
        double reference(double x);

        /**
         * The gradient.
         *
         * @param x the operand
         * @param y the result
         * @param dy cotangent of the result
         * @return cotangent of the operand, of its shape
         */
        Tensor vjp(Tensor x, Tensor y, Tensor dy);

        /**
         * Applies the operation.
         *
         * @param x float tensor
         * @return tensor of its shape
         */
        default Tensor apply(Tensor x) {
            return Node.of(new CustomNode(this), x).result(0);
        }
    }

    /** A function of two numbers, applied to all pairs of elements, broadcast. */
    non-sealed interface Binary extends CustomOp {
        /**
         * The function.
         *
         * @param a first argument
         * @param b second argument
         * @return value
         */
        double reference(double a, double b);

        /**
         * The gradient. What it returns may have the shape of the result; it is summed over broadcast axes.
         *
         * @param a first operand
         * @param b second operand
         * @param y the result
         * @param dy cotangent of the result
         * @return cotangents of the operands, null for one that none flows to
         */
        @Nullable
        Tensor[] vjp(Tensor a, Tensor b, Tensor y, Tensor dy);

        /**
         * Applies the operation.
         *
         * @param a float tensor
         * @param b float tensor of the same type
         * @return tensor of the common shape
         */
        default Tensor apply(Tensor a, Tensor b) {
            return Node.of(new CustomNode(this), a, b).result(0);
        }
    }

    /** Any function of arrays. */
    non-sealed interface General extends CustomOp {
        /**
         * Types of the results.
         *
         * @param operands the operands
         * @return one type a result
         */
        TensorType[] infer(Tensor[] operands);

        /**
         * The numbers.
         *
         * @param in values of the operands; read
         * @param out values of the results; zeroed before the call, written
         */
        void reference(RefArray[] in, RefArray[] out);

        /**
         * The gradient.
         *
         * @param node the node: its operands and results
         * @param cotangents cotangent of each result, null where nothing depends on it
         * @return cotangent of each operand, null where none flows
         */
        @Nullable
        Tensor[] vjp(Node node, @Nullable Tensor[] cotangents);

        /**
         * Applies the operation.
         *
         * @param operands operands
         * @return results
         */
        default Tensor[] apply(Tensor... operands) {
            Node n = Node.of(new CustomNode(this), operands.clone());
            Tensor[] r = new Tensor[n.resultCount()];
            for (int i = 0; i < r.length; i++) {
                r[i] = n.result(i);
            }
            return r;
        }
    }

    /** The one float type of elementwise operands. */
    private static DType floatType(CustomOp op, Tensor[] operands, int arity) {
        if (operands.length != arity) {
            throw new IllegalArgumentException(op.name() + ": " + operands.length + " operands, takes " + arity);
        }
        for (Tensor t : operands) {
            if (!t.dtype().isFloat() || t.dtype() != operands[0].dtype()) {
                throw new DTypeException(op.name() + "(" + operands[0].describe() + ", " + t.describe()
                        + "): operands need one float type" + Messages.at());
            }
        }
        return operands[0].dtype();
    }

    /**
     * Type of an elementwise result.
     *
     * @param op the operation, for the message
     * @param operands its operands
     * @param arity number of operands it wants
     * @return the operands' float type and their broadcast shape
     */
    static TensorType elementwise(CustomOp op, Tensor[] operands, int arity) {
        DType t = floatType(op, operands, arity);
        Shape s = operands[0].shape();
        for (Tensor x : operands) {
            Shape r = Shape.broadcastOrNull(s, x.shape());
            if (r == null) {
                throw new ShapeException(op.name() + "(" + operands[0].describe() + ", " + x.describe()
                        + "): shapes do not broadcast" + Messages.at());
            }
            s = r;
        }
        return new TensorType(t, s);
    }
}
