package org.amortis.tensor;

import java.util.Arrays;
import java.util.Comparator;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/** Sorting. */
public sealed interface SortOp extends Op {
    /**
     * Ascending and stable along an axis; -0 before 0, NaN last. Results are the sorted values and, as I32, the index
     * that each of them had.
     *
     * @param axis the axis
     */
    record Sort(int axis) implements SortOp {
        @Override
        public String name() {
            return "sort:" + axis;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameNumeric(this, operands, 0);
            Shape s = operands[0].shape();
            s.axis(axis);
            return new TensorType[] {operands[0].type(), new TensorType(DType.I32, s)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null || !dy.dtype().isFloat()) {
                return new Tensor[1];
            }
            int n = dy.shape().dim(axis);
            return new Tensor[] {Indexing.addAlongAxis(dy, node.result(1), axis, n)};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[0].shape();
            int n = s.dim(axis);
            int inner = s.product(axis + 1, s.rank());
            int rows = n == 0 ? 0 : s.size() / n;
            Integer[] order = new Integer[n];
            for (int r = 0; r < rows; r++) {
                int base = (r / inner) * n * inner + r % inner;
                Arrays.setAll(order, i -> i);
                RefArray x = in[0];
                // Double.compare puts -0 before 0 and NaN last, and the sort of objects is stable
                Arrays.sort(order, Comparator.comparingDouble(i -> x.get(base + i * inner)));
                for (int i = 0; i < n; i++) {
                    out[0].put(base + i * inner, x.get(base + order[i] * inner));
                    out[1].put(base + i * inner, order[i]);
                }
            }
        }

        @Override
        public double ulps() {
            return 0;
        }
    }
}
