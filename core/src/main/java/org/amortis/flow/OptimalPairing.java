package org.amortis.flow;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Pairs the rows of two batches so that the sum of squared distances is least, exactly, by shortest augmenting paths (Kuhn
 * 1955; Jonker and Volgenant 1987), n^3 at worst. It is exact rather than Sinkhorn's since batches of flow matching are small, the result is
 * a permutation as it stands, and there is no temperature to choose.
 */
public final class OptimalPairing {
    private OptimalPairing() {}

    /**
     * The row of x0 that belongs to each row of x1. Reordering x0 and not x1 leaves whatever else comes with x1, a context
     * for example, in its place.
     *
     * @param x0 [n, D]
     * @param x1 [n, D]
     * @return I32 [n], each index once, without gradient
     * @throws ShapeException if shapes differ or are not of rank 2
     */
    public static Tensor of(Tensor x0, Tensor x1) {
        if (x0.shape().rank() != 2 || !x0.type().equals(x1.type())) {
            throw new ShapeException("optimalPairing(x0=" + x0.describe() + ", x1=" + x1.describe()
                    + "): needs two batches [n, D] of one type");
        }
        // squared lengths enter every pairing alike; what is left of the distances is the product
        Tensor cost = x1.matmul(x0.transpose(1, 0)).neg();
        return new Assignment().apply(cost.stopGradient())[0];
    }

    /** Column of each row in the assignment of least cost. Costs that are not finite count as zero. */
    record Assignment() implements CustomOp.General {
        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape s = operands[0].shape();
            return new TensorType[] {new TensorType(DType.I32, Shape.of(s.dim(0)))};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] columns = solve(in[0].doubles(), in[0].shape().dim(0));
            for (int i = 0; i < columns.length; i++) {
                out[0].put(i, columns[i]);
            }
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            return new Tensor[1];
        }
    }

    /** Rows are added one at a time, each along the cheapest alternating path under the dual prices. */
    static int[] solve(double[] cost, int n) {
        double[] rowPrice = new double[n];
        double[] columnPrice = new double[n];
        double[] distance = new double[n];
        int[] rowOf = new int[n];
        int[] from = new int[n];
        boolean[] closed = new boolean[n];
        Arrays.fill(rowOf, -1);
        for (int start = 0; start < n; start++) {
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            Arrays.fill(closed, false);
            Arrays.fill(from, -1);
            int row = start;
            int end = -1;
            int entered = -1;
            double length = 0;
            while (end < 0) {
                int best = -1;
                for (int j = 0; j < n; j++) {
                    if (closed[j]) {
                        continue;
                    }
                    double c = cost[row * n + j];
                    double d = length + (Double.isFinite(c) ? c : 0) - rowPrice[row] - columnPrice[j];
                    if (d < distance[j]) {
                        distance[j] = d;
                        from[j] = entered;
                    }
                    if (best < 0 || distance[j] < distance[best]) {
                        best = j;
                    }
                }
                closed[best] = true;
                length = distance[best];
                entered = best;
                if (rowOf[best] < 0) {
                    end = best;
                } else {
                    row = rowOf[best];
                }
            }
            rowPrice[start] += length;
            for (int j = 0; j < n; j++) {
                if (closed[j] && j != end) {
                    columnPrice[j] += distance[j] - length;
                    rowPrice[rowOf[j]] += length - distance[j];
                }
            }
            int j = end;
            while (j >= 0) {
                int before = from[j];
                rowOf[j] = before < 0 ? start : rowOf[before];
                j = before;
            }
        }
        int[] columns = new int[n];
        for (int j = 0; j < n; j++) {
            columns[rowOf[j]] = j;
        }
        return columns;
    }
}
