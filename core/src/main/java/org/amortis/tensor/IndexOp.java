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
