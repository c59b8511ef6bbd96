package org.amortis.tensor;

import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Normalised exponentials. The largest element is taken out first, so that nothing overflows. */
public sealed interface SoftmaxOp extends CompositeOp {
    /** Refuses operands that are not float or have no such axes. */
    private static Tensor checked(Op op, Tensor[] operands, Axes axes) {
        ElementwiseOp.sameFloat(op, operands, 0);
        Tensor x = operands[0];
        for (int i = 0; i < axes.count(); i++) {
            if (x.shape().dim(axes.get(i)) == 0) {
                throw new ShapeException(
                        op.name() + "(" + x.describe() + "): axis " + axes.get(i) + " is empty" + Messages.at());
            }
        }
        return x;
    }

    /** The largest element, kept as size 1, without gradient; 0 in place of -inf so that -inf - max is no NaN. */
    private static Tensor shift(Tensor x, Axes axes) {
        Tensor m = x.stopGradient().max(axes.toArray());
        Tensor safe = Tensors.where(m.eq(Double.NEGATIVE_INFINITY), Tensors.scalarLike(m, 0), m);
        return safe.reshape(ReduceOp.kept(x.shape(), axes));
    }

    /**
     * log sum exp over axes, which are dropped. All -inf gives -inf with gradient 0; any +inf gives +inf.
     *
     * @param axes axes, normalised
     */
    record LogSumExp(Axes axes) implements SoftmaxOp {
        @Override
        public String name() {
            return "logsumexp" + axes;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = checked(this, operands, axes);
            return new TensorType[] {x.type().withShape(ReduceOp.dropped(x.shape(), axes))};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor x = operands[0];
            Tensor m = shift(x, axes);
            // inf - inf is NaN: where the largest is +inf it is left out of the sum and added in the end
            Tensor infinite = m.eq(Double.POSITIVE_INFINITY);
            Tensor finite = Tensors.where(infinite, Tensors.scalarLike(m, 0), m);
            Tensor safe = Tensors.where(infinite, Tensors.scalarLike(x, 0), x);
            Tensor sum = safe.sub(finite).exp().sum(axes.toArray());
            return new Tensor[] {sum.log().add(m.reshape(sum.shape()))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[1];
            }
            Tensor x = node.operand(0);
            Tensor y = node.result(0);
            Tensor safe = Tensors.where(y.eq(Double.NEGATIVE_INFINITY), Tensors.scalarLike(y, 0), y);
            var kept = ReduceOp.kept(x.shape(), axes);
            return new Tensor[] {dy.reshape(kept).mul(x.sub(safe.reshape(kept)).exp())};
        }

        @Override
        public double ulps() {
            return 16;
        }
    }

    /**
     * e^x / sum e^x over an axis. All -inf has no answer and gives NaN.
     *
     * @param axis the axis
     */
    record Softmax(int axis) implements SoftmaxOp {
        @Override
        public String name() {
            return "softmax:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return new TensorType[] {checked(this, operands, Axes.of(axis)).type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor e = operands[0].sub(shift(operands[0], Axes.of(axis))).exp();
            return new Tensor[] {e.div(e.sum(axis).keepDims(e, axis))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[1];
            }
            Tensor y = node.result(0);
            Tensor inner = dy.mul(y).sum(axis).keepDims(y, axis);
            return new Tensor[] {dy.sub(inner).mul(y)};
        }

        @Override
        public double ulps() {
            return 32;
        }
    }

    /**
     * x - log sum e^x over an axis.
     *
     * @param axis the axis
     */
    record LogSoftmax(int axis) implements SoftmaxOp {
        @Override
        public String name() {
            return "logSoftmax:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return new TensorType[] {checked(this, operands, Axes.of(axis)).type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor z = operands[0].sub(shift(operands[0], Axes.of(axis)));
            return new Tensor[] {z.sub(z.exp().sum(axis).log().keepDims(z, axis))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[1];
            }
            Tensor y = node.result(0);
            return new Tensor[] {dy.sub(y.exp().mul(dy.sum(axis).keepDims(y, axis)))};
        }

        @Override
        public double ulps() {
            return 32;
        }
    }
}
