package org.amortis.tensor;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Normalised exponentials. The largest element is taken out first, so that nothing overflows. */
public sealed interface SoftmaxOp extends RowOp {
    @Override
    default int rowLength(Shape first) {
        Axes axes = switch (this) {
            case LogSumExp o -> o.axes;
            case LogSumExpGradient o -> o.axes;
            case Softmax o -> Axes.of(o.axis);
            case SoftmaxGradient o -> Axes.of(o.axis);
            case LogSoftmax o -> Axes.of(o.axis);
            case LogSoftmaxGradient o -> Axes.of(o.axis);
        };
        int leading = first.rank() - axes.count();
        for (int i = 0; i < axes.count(); i++) {
            if (axes.get(i) != leading + i) {
                return 0;
            }
        }
        return first.product(leading, first.rank());
    }

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
            return new Tensor[] {
                Node.of(new LogSumExpGradient(axes), x, node.result(0), dy).result(0)
            };
        }

        @Override
        public double ulps() {
            return 16;
        }
    }

    /**
     * Gradient of {@link LogSumExp}: dy e^(x - y) from operands x, y and the cotangent dy of y.
     *
     * @param axes axes, normalised
     */
    record LogSumExpGradient(Axes axes) implements SoftmaxOp {
        @Override
        public String name() {
            return "logsumexpGradient" + axes;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = checked(this, operands, axes);
            Shape rows = ReduceOp.dropped(x.shape(), axes);
            if (!operands[1].shape().equals(rows) || !operands[2].shape().equals(rows)) {
                throw new ShapeException(name() + "(" + x.describe() + ", " + operands[1].describe() + ", "
                        + operands[2].describe() + "): the last two need shape " + rows + Messages.at());
            }
            return new TensorType[] {x.type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor x = operands[0];
            Tensor y = operands[1];
            Tensor safe = Tensors.where(y.eq(Double.NEGATIVE_INFINITY), Tensors.scalarLike(y, 0), y);
            Shape kept = ReduceOp.kept(x.shape(), axes);
            return new Tensor[] {
                operands[2].reshape(kept).mul(x.sub(safe.reshape(kept)).exp())
            };
        }

        @Override
        public double ulps() {
            return 16;
        }
    }

    /** Refuses two operands that are not of one shape. */
    private static TensorType[] alike(Op op, Tensor[] operands, int axis) {
        Tensor y = checked(op, operands, Axes.of(axis));
        if (!operands[1].shape().equals(y.shape())) {
            throw new ShapeException(op.name() + "(y=" + y.describe() + ", dy=" + operands[1].describe()
                    + "): shapes differ" + Messages.at());
        }
        return new TensorType[] {y.type()};
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
            return new Tensor[] {
                Node.of(new SoftmaxGradient(axis), node.result(0), dy).result(0)
            };
        }

        @Override
        public double ulps() {
            return 32;
        }
    }

    /**
     * Gradient of {@link Softmax}: (dy - sum dy y) y from its result y and the cotangent dy of that.
     *
     * @param axis the axis
     */
    record SoftmaxGradient(int axis) implements SoftmaxOp {
        @Override
        public String name() {
            return "softmaxGradient:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return alike(this, operands, axis);
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor y = operands[0];
            Tensor dy = operands[1];
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
            return new Tensor[] {
                Node.of(new LogSoftmaxGradient(axis), node.result(0), dy).result(0)
            };
        }

        @Override
        public double ulps() {
            return 32;
        }
    }

    /**
     * Gradient of {@link LogSoftmax}: dy - e^y sum dy from its result y and the cotangent dy of that.
     *
     * @param axis the axis
     */
    record LogSoftmaxGradient(int axis) implements SoftmaxOp {
        @Override
        public String name() {
            return "logSoftmaxGradient:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return alike(this, operands, axis);
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor y = operands[0];
            Tensor dy = operands[1];
            return new Tensor[] {dy.sub(y.exp().mul(dy.sum(axis).keepDims(y, axis)))};
        }

        @Override
        public double ulps() {
            return 32;
        }
    }
}
