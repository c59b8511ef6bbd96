package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Factorisations and solves of the last two axes, one for each of the batch axes before them. */
public sealed interface LinalgOp extends Op {
    /** Checks that a tensor holds square matrices. */
    private static int square(String op, String argument, Tensor a) {
        Shape s = a.shape();
        if (s.rank() < 2 || s.dim(-1) != s.dim(-2)) {
            throw new ShapeException(op + "(" + argument + "=" + a.describe()
                    + "): needs square matrices in the last two" + " axes" + Messages.at());
        }
        return s.dim(-1);
    }

    /**
     * The lower triangular L with A = L L^T. Only the lower triangle of A is read, so the gradient is zero above the
     * diagonal; the upper triangle of L is zero. From the first pivot that is not positive, what depends on it is NaN.
     */
    record Cholesky() implements LinalgOp {
        @Override
        public String name() {
            return "cholesky";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            DType t = ElementwiseOp.sameFloat(this, operands, 0);
            square("cholesky", "a", operands[0]);
            return new TensorType[] {new TensorType(t, operands[0].shape())};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dl = cotangents[0];
            if (dl == null) {
                return new Tensor[1];
            }
            // Murray (2016), eq. 8: S = L^-T P(L^T dL) L^-1 with P the lower triangle, its diagonal halved; then both
            // copies of an element below the diagonal are the one that is read.
            Tensor l = node.result(0);
            Tensor p = halfDiagonal(Tensors.matmul(l, LinearAlgebra.tril(dl), true, false));
            Tensor half = LinearAlgebra.triangularSolve(l, p, true, true, false);
            Tensor s = LinearAlgebra.triangularSolve(l, half.transpose(), true, true, false)
                    .transpose();
            return new Tensor[] {halfDiagonal(s.add(s.transpose()))};
        }

        private static Tensor halfDiagonal(Tensor x) {
            Tensor row = Tensors.iota(x.shape(), -2);
            Tensor column = Tensors.iota(x.shape(), -1);
            return Tensors.where(row.gt(column), x, Tensors.where(row.eq(column), x.mul(0.5), 0));
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[0].shape();
            int n = s.dim(-1);
            double[] a = in[0].doubles();
            double[] l = out[0].doubles();
            for (int base = 0; base < a.length; base += n * n) {
                for (int j = 0; j < n; j++) {
                    for (int i = j; i < n; i++) {
                        double sum = a[base + i * n + j];
                        for (int k = 0; k < j; k++) {
                            sum -= l[base + i * n + k] * l[base + j * n + k];
                        }
                        // the pivot comes first in its column; sqrt of a negative pivot is NaN and spreads
                        double pivot = l[base + j * n + j];
                        l[base + i * n + j] = i == j ? (sum > 0 ? Math.sqrt(sum) : Double.NaN) : sum / pivot;
                    }
                }
            }
        }

        @Override
        public double ulps() {
            return 64;
        }
    }

    /**
     * X with op(T) X = B, T triangular. Batch axes broadcast. Only the triangle is read, and of a unit diagonal not even
     * that; the gradient is zero elsewhere.
     *
     * @param lower whether T is lower triangular, else upper
     * @param transpose whether op(T) is the transpose of T
     * @param unitDiagonal whether the diagonal is taken as ones
     */
    record TriangularSolve(boolean lower, boolean transpose, boolean unitDiagonal) implements LinalgOp {
        @Override
        public String name() {
            return "triangularSolve:" + (lower ? "L" : "U") + (transpose ? "T" : "N") + (unitDiagonal ? "1" : "");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            DType t = ElementwiseOp.sameFloat(this, operands, 0);
            Tensor a = operands[0];
            Tensor b = operands[1];
            int n = square("triangularSolve", "t", a);
            if (b.shape().rank() < 2 || b.shape().dim(-2) != n) {
                throw new ShapeException("triangularSolve(t=" + a.describe() + ", b=" + b.describe() + "): b needs " + n
                        + " rows in its last two axes; a vector is b.expandDims(-1)" + Messages.at());
            }
            Shape batch = Shape.broadcastOrNull(
                    a.shape().slice(0, a.shape().rank() - 2),
                    b.shape().slice(0, b.shape().rank() - 2));
            if (batch == null) {
                throw new ShapeException("triangularSolve(t=" + a.describe() + ", b=" + b.describe()
                        + "): batch axes do not broadcast" + Messages.at());
            }
            return new TensorType[] {
                new TensorType(t, batch.concat(Shape.of(n, b.shape().dim(-1))))
            };
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dx = cotangents[0];
            if (dx == null) {
                return new Tensor[2];
            }
            Tensor t = node.operand(0);
            Tensor x = node.result(0);
            Tensor db = LinearAlgebra.triangularSolve(t, dx, lower, !transpose, unitDiagonal);
            Tensor dt = transpose
                    ? Tensors.matmul(x, db, false, true).neg()
                    : Tensors.matmul(db, x, false, true).neg();
            int k = unitDiagonal ? 1 : 0;
            return new Tensor[] {
                ElementwiseOp.unbroadcast(lower ? LinearAlgebra.tril(dt, -k) : LinearAlgebra.triu(dt, k), t.shape()),
                ElementwiseOp.unbroadcast(db, node.operand(1).shape()),
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = out[0].shape();
            int n = s.dim(-2);
            int m = s.dim(-1);
            Shape batch = s.slice(0, s.rank() - 2);
            int[] st = batchStrides(in[0].shape(), batch);
            int[] sb = batchStrides(in[1].shape(), batch);
            double[] t = in[0].doubles();
            double[] b = in[1].doubles();
            double[] x = out[0].doubles();
            boolean forward = lower != transpose;
            int[] pos = new int[batch.rank()];
            for (int q = 0; q < batch.size(); q++) {
                int ot = 0;
                int ob = 0;
                for (int d = 0; d < pos.length; d++) {
                    ot += pos[d] * st[d] * n * n;
                    ob += pos[d] * sb[d] * n * m;
                }
                for (int r = 0; r < n; r++) {
                    int i = forward ? r : n - 1 - r;
                    for (int c = 0; c < m; c++) {
                        double sum = b[ob + i * m + c];
                        for (int u = 0; u < r; u++) {
                            int k = forward ? u : n - 1 - u;
                            double w = transpose ? t[ot + k * n + i] : t[ot + i * n + k];
                            sum -= w * x[(q * n + k) * m + c];
                        }
                        x[(q * n + i) * m + c] = unitDiagonal ? sum : sum / t[ot + i * n + i];
                    }
                }
                for (int d = pos.length - 1; d >= 0 && ++pos[d] == batch.dim(d); d--) {
                    pos[d] = 0;
                }
            }
        }

        private static int[] batchStrides(Shape s, Shape batch) {
            return BroadcastIndex.strides(s.slice(0, s.rank() - 2), batch);
        }

        @Override
        public double ulps() {
            return 64;
        }
    }
}
