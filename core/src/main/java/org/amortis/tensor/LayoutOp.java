package org.amortis.tensor;

import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Operations that move or repeat elements and compute nothing. */
public sealed interface LayoutOp extends Op {
    @Override
    default double ulps() {
        return 0;
    }

    /** Copies one element, two words for a key. */
    private static void copy(RefArray from, int i, RefArray to, int o) {
        if (from.type().dtype() == org.amortis.array.DType.KEY) {
            to.ints()[2 * o] = from.ints()[2 * i];
            to.ints()[2 * o + 1] = from.ints()[2 * i + 1];
        } else {
            to.put(o, from.get(i));
        }
    }

    /** Walks a shape and keeps a strided offset: the one loop that all references of this family share. */
    private static void strided(
            RefArray from, int base, int[] strides, Shape walk, RefArray to, int toBase, int[] toStrides) {
        int[] pos = new int[walk.rank()];
        int i = base;
        int o = toBase;
        for (int n = 0; n < walk.size(); n++) {
            copy(from, i, to, o);
            for (int a = pos.length - 1; a >= 0; a--) {
                i += strides[a];
                o += toStrides[a];
                if (++pos[a] < walk.dim(a)) {
                    break;
                }
                i -= strides[a] * walk.dim(a);
                o -= toStrides[a] * walk.dim(a);
                pos[a] = 0;
            }
        }
    }

    /**
     * The same elements in the same order under another shape.
     *
     * @param shape the new shape
     */
    record Reshape(Shape shape) implements LayoutOp {
        @Override
        public String name() {
            return "reshape" + shape;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            if (operands[0].shape().size() != shape.size()) {
                throw new ShapeException("reshape(" + operands[0].describe() + " -> " + shape + "): "
                        + operands[0].shape().size() + " != " + shape.size() + " elements" + Messages.at());
            }
            return new TensorType[] {operands[0].type().withShape(shape)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            return new Tensor[] {dy == null ? null : dy.reshape(node.operand(0).shape())};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            out[0].set(in[0]);
        }
    }

    /**
     * Axes in another order: result axis i is operand axis permutation[i].
     *
     * @param permutation the order
     */
    record Transpose(Axes permutation) implements LayoutOp {
        @Override
        public String name() {
            return "transpose" + permutation;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape s = operands[0].shape();
            Axes sorted = Axes.normalised(s, permutation.toArray());
            if (sorted.count() != s.rank()) {
                throw new ShapeException("transpose(" + operands[0].describe() + ", " + permutation
                        + "): needs each of the " + s.rank() + " axes once" + Messages.at());
            }
            int[] d = new int[s.rank()];
            for (int i = 0; i < d.length; i++) {
                d[i] = s.dim(permutation.get(i));
            }
            return new TensorType[] {operands[0].type().withShape(Shape.of(d))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            int[] inverse = new int[permutation.count()];
            for (int i = 0; i < inverse.length; i++) {
                inverse[permutation.get(i)] = i;
            }
            return new Tensor[] {dy == null ? null : dy.transpose(inverse)};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] own = in[0].shape().strides();
            int[] s = new int[own.length];
            for (int i = 0; i < s.length; i++) {
                s[i] = own[permutation.get(i)];
            }
            strided(in[0], 0, s, out[0].shape(), out[0], 0, out[0].shape().strides());
        }
    }

    /**
     * Repeats along new axes and axes of size 1, as numpy broadcasts.
     *
     * @param shape the new shape
     */
    record Broadcast(Shape shape) implements LayoutOp {
        @Override
        public String name() {
            return "broadcast" + shape;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            if (!operands[0].shape().broadcastsTo(shape)) {
                throw new ShapeException("broadcastTo(" + operands[0].describe() + " -> " + shape
                        + "): shape does not broadcast" + Messages.at());
            }
            return new TensorType[] {operands[0].type().withShape(shape)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            return new Tensor[] {
                dy == null
                        ? null
                        : ElementwiseOp.unbroadcast(dy, node.operand(0).shape())
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] s = BroadcastIndex.strides(in[0].shape(), shape);
            strided(in[0], 0, s, shape, out[0], 0, shape.strides());
        }
    }

    /**
     * A box with steps: along axis a the elements start, start+step, .. (count of them).
     *
     * @param starts first index of each axis
     * @param counts number of elements of each axis
     * @param steps step of each axis, positive
     */
    record Slice(Axes starts, Axes counts, Axes steps) implements LayoutOp {
        @Override
        public String name() {
            return "slice" + starts + counts + steps;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape s = operands[0].shape();
            for (int a = 0; a < s.rank(); a++) {
                int last = starts.get(a) + Math.max(0, counts.get(a) - 1) * steps.get(a);
                if (starts.get(a) < 0
                        || counts.get(a) < 0
                        || steps.get(a) < 1
                        || starts.get(a) > s.dim(a)
                        || (counts.get(a) > 0 && last >= s.dim(a))) {
                    throw new ShapeException("slice(" + operands[0].describe() + ", axis=" + a + ", start="
                            + starts.get(a) + ", count=" + counts.get(a) + ", step=" + steps.get(a)
                            + "): reaches outside 0.." + (s.dim(a) - 1) + Messages.at());
                }
            }
            return new TensorType[] {operands[0].type().withShape(Shape.of(counts.toArray()))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[1];
            }
            Shape s = node.operand(0).shape();
            int[] high = new int[s.rank()];
            for (int a = 0; a < high.length; a++) {
                int c = counts.get(a);
                int span = c == 0 ? 0 : (c - 1) * steps.get(a) + 1;
                high[a] = s.dim(a) - starts.get(a) - span;
            }
            return new Tensor[] {
                Node.of(new Pad(starts, Axes.of(high), steps), dy).result(0)
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] own = in[0].shape().strides();
            int[] s = new int[own.length];
            int base = 0;
            for (int a = 0; a < s.length; a++) {
                s[a] = own[a] * steps.get(a);
                base += own[a] * starts.get(a);
            }
            strided(in[0], base, s, out[0].shape(), out[0], 0, out[0].shape().strides());
        }

        /**
         * The one axis this slice cuts with step 1.
         *
         * @param operand shape of the operand
         * @return the axis, or -1 if it cuts none, several, or with a step
         */
        public int singleAxis(Shape operand) {
            int axis = -1;
            for (int a = 0; a < operand.rank(); a++) {
                if (counts.get(a) != operand.dim(a)) {
                    if (axis >= 0 || steps.get(a) != 1) {
                        return -1;
                    }
                    axis = a;
                }
            }
            return axis;
        }
    }

    /**
     * Zeros around and between the elements: the adjoint of {@link Slice}.
     *
     * @param low zeros before, of each axis
     * @param high zeros after, of each axis
     * @param steps distance of neighbours in the result, of each axis
     */
    record Pad(Axes low, Axes high, Axes steps) implements LayoutOp {
        @Override
        public String name() {
            return "pad" + low + high + steps;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape s = operands[0].shape();
            if (!operands[0].dtype().isFloat()
                    && operands[0].dtype() != org.amortis.array.DType.I32
                    && operands[0].dtype() != org.amortis.array.DType.BOOL) {
                throw new DTypeException("pad(" + operands[0].describe() + "): keys have no zero" + Messages.at());
            }
            int[] d = new int[s.rank()];
            for (int a = 0; a < d.length; a++) {
                if (low.get(a) < 0 || high.get(a) < 0 || steps.get(a) < 1) {
                    throw new ShapeException("pad(" + operands[0].describe() + ", low=" + low + ", high=" + high
                            + ", steps=" + steps + "): negative padding" + Messages.at());
                }
                int span = s.dim(a) == 0 ? 0 : (s.dim(a) - 1) * steps.get(a) + 1;
                d[a] = low.get(a) + span + high.get(a);
            }
            return new TensorType[] {operands[0].type().withShape(Shape.of(d))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            Axes counts = Axes.of(node.operand(0).shape().toArray());
            return new Tensor[] {
                dy == null ? null : Node.of(new Slice(low, counts, steps), dy).result(0)
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] own = out[0].shape().strides();
            int[] s = new int[own.length];
            int base = 0;
            for (int a = 0; a < s.length; a++) {
                s[a] = own[a] * steps.get(a);
                base += own[a] * low.get(a);
            }
            strided(in[0], 0, in[0].shape().strides(), in[0].shape(), out[0], base, s);
        }
    }

    /**
     * Joins operands along an axis.
     *
     * @param axis the axis
     */
    record Concat(int axis) implements LayoutOp {
        @Override
        public String name() {
            return "concat:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            if (operands.length == 0) {
                throw new ShapeException("concat(): no operands" + Messages.at());
            }
            Shape first = operands[0].shape();
            int n = 0;
            for (Tensor t : operands) {
                if (t.dtype() != operands[0].dtype()) {
                    throw new DTypeException("concat(" + operands[0].describe() + ", " + t.describe()
                            + "): element types differ" + Messages.at());
                }
                if (t.shape().rank() != first.rank() || !t.shape().with(axis, 0).equals(first.with(axis, 0))) {
                    throw new ShapeException("concat(" + operands[0].describe() + ", " + t.describe() + ", axis=" + axis
                            + "): other axes differ" + Messages.at());
                }
                n += t.shape().dim(axis);
            }
            return new TensorType[] {operands[0].type().withShape(first.with(axis, n))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            Tensor[] d = new Tensor[node.arity()];
            int at = 0;
            for (int i = 0; i < d.length; i++) {
                int n = node.operand(i).shape().dim(axis);
                d[i] = dy == null ? null : dy.slice(axis, at, at + n);
                at += n;
            }
            return d;
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] s = out[0].shape().strides();
            int at = 0;
            for (RefArray x : in) {
                strided(x, 0, x.shape().strides(), x.shape(), out[0], at * s[axis], s);
                at += x.shape().dim(axis);
            }
        }
    }

    /**
     * Reverses axes.
     *
     * @param axes axes, normalised
     */
    record Flip(Axes axes) implements LayoutOp {
        @Override
        public String name() {
            return "flip" + axes;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Axes.normalised(operands[0].shape(), axes.toArray());
            return new TensorType[] {operands[0].type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            return new Tensor[] {dy == null ? null : dy.flip(axes.toArray())};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] s = in[0].shape().strides();
            int base = 0;
            for (int i = 0; i < axes.count(); i++) {
                int a = axes.get(i);
                base += s[a] * Math.max(0, in[0].shape().dim(a) - 1);
                s[a] = -s[a];
            }
            strided(in[0], base, s, out[0].shape(), out[0], 0, out[0].shape().strides());
        }
    }

    /**
     * The operand itself, with a name for messages or as a border that no gradient crosses.
     *
     * @param label name, empty for none
     * @param stopsGradient whether cotangents end here
     */
    record Identity(String label, boolean stopsGradient) implements LayoutOp {
        @Override
        public String name() {
            return stopsGradient ? "stopGradient" : "named:" + label;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return new TensorType[] {operands[0].type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            return new Tensor[] {stopsGradient ? null : cotangents[0]};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            out[0].set(in[0]);
        }
    }

    /**
     * The first operand, not before the second is known: keeps what is computed again from it apart from what was
     * computed the first time, in the formula and in time.
     */
    record After() implements LayoutOp {
        @Override
        public String name() {
            return "after";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return new TensorType[] {operands[0].type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            return new Tensor[] {cotangents[0], null};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            out[0].set(in[0]);
        }
    }
}
