package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Operations that address elements by computed indices or run along an axis. */
public sealed interface IndexOp extends Op {
    /**
     * Picks slices along an axis: x [outer, n, inner], index [any] I32 in 0..n-1 gives [outer, any, inner]. An index out
     * of range is an error at run time on every backend.
     *
     * @param axis the axis of x
     */
    record Gather(int axis) implements IndexOp {
        @Override
        public String name() {
            return "gather:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = operands[0];
            Tensor index = operands[1];
            if (index.dtype() != DType.I32) {
                throw new DTypeException("gather(" + x.describe() + ", index=" + index.describe()
                        + "): the index is not I32" + Messages.at());
            }
            Shape s = x.shape();
            Shape r = s.slice(0, axis).concat(index.shape()).concat(s.slice(axis + 1, s.rank()));
            return new TensorType[] {x.type().withShape(r)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            Tensor x = node.operand(0);
            if (dy == null || !x.dtype().isFloat()) {
                return new Tensor[2];
            }
            int n = x.shape().dim(axis);
            return new Tensor[] {
                Node.of(new ScatterAdd(axis, n), dy, node.operand(1)).result(0), null
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[0].shape();
            int outer = s.product(0, axis);
            int inner = s.product(axis + 1, s.rank());
            int n = s.dim(axis);
            int[] index = in[1].ints();
            int words = in[0].type().dtype().slots();
            for (int o = 0; o < outer; o++) {
                for (int j = 0; j < index.length; j++) {
                    int from = (o * n + checkIndex(index[j], n, this)) * inner;
                    int to = (o * index.length + j) * inner;
                    for (int i = 0; i < inner; i++) {
                        if (words == 2) {
                            out[0].ints()[2 * (to + i)] = in[0].ints()[2 * (from + i)];
                            out[0].ints()[2 * (to + i) + 1] = in[0].ints()[2 * (from + i) + 1];
                        } else {
                            out[0].put(to + i, in[0].get(from + i));
                        }
                    }
                }
            }
        }

        @Override
        public double ulps() {
            return 0;
        }
    }

    /**
     * Adds slices into zeros along an axis: x [outer, any, inner], index [any] I32 in 0..n-1 gives [outer, n, inner].
     * Repeated indices are added in the order of the index.
     *
     * @param axis the axis of the result
     * @param n its size
     */
    record ScatterAdd(int axis, int n) implements IndexOp {
        @Override
        public String name() {
            return "scatterAdd:" + axis + ":" + n;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = operands[0];
            Tensor index = operands[1];
            if (index.dtype() != DType.I32) {
                throw new DTypeException("scatterAdd(" + x.describe() + ", index=" + index.describe()
                        + "): the index is not I32" + Messages.at());
            }
            if (!x.dtype().isFloat() && x.dtype() != DType.I32) {
                throw new DTypeException("scatterAdd(" + x.describe() + "): needs a numeric type" + Messages.at());
            }
            Shape s = x.shape();
            int r = index.shape().rank();
            if (s.rank() < axis + r || !s.slice(axis, axis + r).equals(index.shape())) {
                throw new ShapeException("scatterAdd(" + x.describe() + ", index=" + index.describe() + ", axis=" + axis
                        + "): axes " + axis + ".. of x are not the index's shape" + Messages.at());
            }
            Shape result = s.slice(0, axis).concat(Shape.of(n)).concat(s.slice(axis + r, s.rank()));
            return new TensorType[] {x.type().withShape(result)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            return new Tensor[] {
                dy == null || !dy.dtype().isFloat()
                        ? null
                        : Node.of(new Gather(axis), dy, node.operand(1)).result(0),
                null
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = out[0].shape();
            int outer = s.product(0, axis);
            int inner = s.product(axis + 1, s.rank());
            int[] index = in[1].ints();
            for (int o = 0; o < outer; o++) {
                for (int j = 0; j < index.length; j++) {
                    int to = (o * n + checkIndex(index[j], n, this)) * inner;
                    int from = (o * index.length + j) * inner;
                    for (int i = 0; i < inner; i++) {
                        out[0].put(to + i, out[0].get(to + i) + in[0].get(from + i));
                    }
                }
            }
        }
    }

    /**
     * One element for each index: x [outer, n, inner], index [outer, m, inner] I32 in 0..n-1 gives [outer, m, inner].
     *
     * @param axis the axis
     */
    record TakeAlong(int axis) implements IndexOp {
        @Override
        public String name() {
            return "takeAlong:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = operands[0];
            Tensor index = operands[1];
            if (x.dtype() == DType.KEY || index.dtype() != DType.I32) {
                throw new DTypeException(name() + "(" + x.describe() + ", index=" + index.describe()
                        + "): needs numbers and an I32 index" + Messages.at());
            }
            sameButFor(this, axis, x, index);
            return new TensorType[] {x.type().withShape(index.shape())};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null || !dy.dtype().isFloat()) {
                return new Tensor[2];
            }
            int n = node.operand(0).shape().dim(axis);
            return new Tensor[] {
                Node.of(new AddAlong(axis, n), dy, node.operand(1)).result(0), null
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[1].shape();
            int inner = s.product(axis + 1, s.rank());
            int m = s.dim(axis);
            int n = in[0].shape().dim(axis);
            for (int i = 0; i < s.size(); i++) {
                int row = i / inner / m * n + checkIndex(in[1].ints()[i], n, this);
                out[0].put(i, in[0].get(row * inner + i % inner));
            }
        }

        @Override
        public double ulps() {
            return 0;
        }
    }

    /**
     * Adds one element for each index into zeros: x and index [outer, m, inner], I32 in 0..n-1, give [outer, n, inner].
     * Repeated indices are added in the order of the index.
     *
     * @param axis the axis
     * @param n its size in the result
     */
    record AddAlong(int axis, int n) implements IndexOp {
        @Override
        public String name() {
            return "addAlong:" + axis + ":" + n;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = operands[0];
            Tensor index = operands[1];
            ElementwiseOp.sameNumeric(this, new Tensor[] {x}, 0);
            if (index.dtype() != DType.I32) {
                throw new DTypeException(name() + "(" + x.describe() + ", index=" + index.describe()
                        + "): the index is not I32" + Messages.at());
            }
            if (!x.shape().equals(index.shape())) {
                throw new ShapeException(name() + "(" + x.describe() + ", index=" + index.describe()
                        + "): needs one index for each element" + Messages.at());
            }
            return new TensorType[] {x.type().withShape(x.shape().with(axis, n))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            return new Tensor[] {
                dy == null || !dy.dtype().isFloat()
                        ? null
                        : Node.of(new TakeAlong(axis), dy, node.operand(1)).result(0),
                null
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[1].shape();
            int inner = s.product(axis + 1, s.rank());
            int m = s.dim(axis);
            for (int i = 0; i < s.size(); i++) {
                int row = i / inner / m * n + checkIndex(in[1].ints()[i], n, this);
                int to = row * inner + i % inner;
                out[0].put(to, out[0].get(to) + in[0].get(i));
            }
        }
    }

    /** Checks that two tensors agree in all axes but one. */
    private static void sameButFor(Op op, int axis, Tensor x, Tensor index) {
        Shape s = x.shape();
        Shape t = index.shape();
        if (t.rank() != s.rank() || !t.with(axis, 0).equals(s.with(axis, 0))) {
            throw new ShapeException(op.name() + "(" + x.describe() + ", index=" + index.describe()
                    + "): shapes differ in other axes than " + axis + Messages.at());
        }
    }

    /**
     * Running sums along an axis, the element itself included.
     *
     * @param axis the axis
     * @param reverse whether sums start at the end
     */
    record Cumsum(int axis, boolean reverse) implements IndexOp {
        @Override
        public String name() {
            return "cumsum:" + axis + (reverse ? ":reverse" : "");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameNumeric(this, operands, 0);
            operands[0].shape().axis(axis);
            return new TensorType[] {operands[0].type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            return new Tensor[] {
                dy == null || !dy.dtype().isFloat()
                        ? null
                        : Node.of(new Cumsum(axis, !reverse), dy).result(0)
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[0].shape();
            int n = s.dim(axis);
            int inner = s.product(axis + 1, s.rank());
            int rows = n == 0 ? 0 : s.size() / n;
            for (int r = 0; r < rows; r++) {
                int base = (r / inner) * n * inner + r % inner;
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    int at = base + (reverse ? n - 1 - k : k) * inner;
                    sum += in[0].get(at);
                    out[0].put(at, out[0].type().dtype() == DType.I32 ? (int) (long) sum : sum);
                }
            }
        }

        @Override
        public double ulps() {
            return 16;
        }
    }

    /**
     * Running products along an axis, the element itself included. The gradient is a linear recurrence and divides by
     * nothing, so zeros are exact.
     *
     * @param axis the axis
     * @param reverse whether products start at the end
     */
    record Cumprod(int axis, boolean reverse) implements IndexOp {
        @Override
        public String name() {
            return "cumprod:" + axis + (reverse ? ":reverse" : "");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameNumeric(this, operands, 0);
            operands[0].shape().axis(axis);
            return new TensorType[] {operands[0].type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null || !dy.dtype().isFloat()) {
                return new Tensor[1];
            }
            Tensor a = node.operand(0);
            Tensor total =
                    Node.of(new LinearRecurrence(axis, !reverse, true), a, dy).result(0);
            return new Tensor[] {
                timesPrevious(axis, reverse, total, node.result(0), Tensors.ones(dy.dtype(), edge(axis, dy)))
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            recur(axis, reverse, false, in[0], null, null, out[0]);
        }

        @Override
        public double ulps() {
            return 16;
        }
    }

    /**
     * First-order linear recurrence along an axis, y[t] = a[t] y[t - 1] + b[t], of a, b [outer, n, inner] and, if there is
     * a third operand, y[-1] [outer, inner], else 0. The gradient is the recurrence in the other direction, with the
     * factor of the element before.
     *
     * @param axis the axis
     * @param reverse whether it starts at the end: y[t] = a[t] y[t + 1] + b[t]
     * @param late whether the factor is that of the element before: y[t] = a[t - 1] y[t - 1] + b[t]; then there is no third
     *     operand
     */
    record LinearRecurrence(int axis, boolean reverse, boolean late) implements IndexOp {
        @Override
        public String name() {
            return "linearRecurrence:" + axis + (reverse ? ":reverse" : "") + (late ? ":late" : "");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameNumeric(this, operands, 0);
            Tensor a = operands[0];
            Tensor b = operands[1];
            Shape s = a.shape();
            s.axis(axis);
            if (!s.equals(b.shape())) {
                throw new ShapeException(
                        name() + "(a=" + a.describe() + ", b=" + b.describe() + "): shapes differ" + Messages.at());
            }
            if (operands.length > 2
                    && (late || !operands[2].shape().equals(s.slice(0, axis).concat(s.slice(axis + 1, s.rank()))))) {
                throw new ShapeException(name() + "(a=" + a.describe() + ", initial=" + operands[2].describe()
                        + "): the initial value needs the shape of a without the axis" + Messages.at());
            }
            return new TensorType[] {a.type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            @Nullable Tensor[] r = new Tensor[node.arity()];
            if (dy == null || !dy.dtype().isFloat()) {
                return r;
            }
            Tensor a = node.operand(0);
            Tensor y = node.result(0);
            Tensor total =
                    Node.of(new LinearRecurrence(axis, !reverse, !late), a, dy).result(0);
            r[1] = total;
            Tensor zeros = Tensors.zeros(dy.dtype(), edge(axis, dy));
            if (late) {
                r[0] = timesPrevious(axis, !reverse, y, total, zeros);
            } else if (r.length == 2) {
                r[0] = timesPrevious(axis, reverse, total, y, zeros);
            } else {
                Shape s = node.operand(2).shape();
                r[0] = timesPrevious(axis, reverse, total, y, node.operand(2).expandDims(axis));
                int n = y.shape().dim(axis);
                int first = reverse ? n - 1 : 0;
                r[2] = n == 0
                        ? Tensors.zeros(dy.dtype(), s)
                        : at(axis, first, a).mul(at(axis, first, total)).reshape(s);
            }
            return r;
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            recur(axis, reverse, late, in[0], in[1], in.length > 2 ? in[2] : null, out[0]);
        }

        @Override
        public double ulps() {
            return 16;
        }
    }

    private static Shape edge(int axis, Tensor t) {
        return t.shape().with(axis, 1);
    }

    private static Tensor at(int axis, int index, Tensor t) {
        return t.slice(axis, index, index + 1);
    }

    /** Of each element of x the product with the element of y that comes before it; that before the first is the edge. */
    private static Tensor timesPrevious(int axis, boolean reverse, Tensor x, Tensor y, Tensor edge) {
        int n = x.shape().dim(axis);
        if (n == 0) {
            return x;
        }
        return reverse
                ? Tensors.concat(
                        axis,
                        x.slice(axis, 0, n - 1).mul(y.slice(axis, 1, n)),
                        at(axis, n - 1, x).mul(edge))
                : Tensors.concat(
                        axis, at(axis, 0, x).mul(edge), x.slice(axis, 1, n).mul(y.slice(axis, 0, n - 1)));
    }

    /** The recurrence, in double or wrapping ints; without b the running product. */
    private static void recur(
            int axis,
            boolean reverse,
            boolean late,
            RefArray a,
            @Nullable RefArray b,
            @Nullable RefArray initial,
            RefArray y) {
        Shape s = a.shape();
        int n = s.dim(axis);
        int inner = s.product(axis + 1, s.rank());
        int rows = n == 0 ? 0 : s.size() / n;
        boolean whole = y.type().dtype() == DType.I32;
        for (int r = 0; r < rows; r++) {
            int base = (r / inner) * n * inner + r % inner;
            double value = initial != null ? initial.get(r) : 0;
            int before = base;
            for (int k = 0; k < n; k++) {
                int at = base + (reverse ? n - 1 - k : k) * inner;
                double factor = a.get(late ? before : at);
                double term = b == null ? 0 : b.get(at);
                if (k == 0 && initial == null) {
                    value = b == null ? factor : term;
                } else {
                    value = whole ? (int) (((long) factor) * ((long) value) + (long) term) : factor * value + term;
                }
                y.put(at, value);
                before = at;
            }
        }
    }

    /**
     * Checks an index at run time; shared by all backends.
     *
     * @param index the index
     * @param n size of the axis
     * @param op operation, for the message
     * @return the index
     * @throws ShapeException if it is out of range
     */
    static int checkIndex(int index, int n, Op op) {
        if (index < 0 || index >= n) {
            throw new ShapeException(op.name() + ": index " + index + " is outside 0.." + (n - 1));
        }
        return index;
    }
}
