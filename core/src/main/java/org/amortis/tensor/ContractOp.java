package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Contractions: sums of products. */
public sealed interface ContractOp extends Op permits ContractOp.MatMul, ConvOp {
    /**
     * Matrix product of the last two axes, batch axes broadcast: op(A) [.., m, k] times op(B) [.., k, n].
     *
     * @param transposeA whether A is stored [.., k, m]
     * @param transposeB whether B is stored [.., n, k]
     */
    record MatMul(boolean transposeA, boolean transposeB) implements ContractOp {
        @Override
        public String name() {
            return "matmul" + (transposeA ? "T" : "N") + (transposeB ? "T" : "N");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor a = operands[0];
            Tensor b = operands[1];
            DType t = ElementwiseOp.sameFloat(this, operands, 0);
            Shape sa = a.shape();
            Shape sb = b.shape();
            if (sa.rank() < 2 || sb.rank() < 2) {
                throw new ShapeException("matmul(a=" + a.describe() + ", b=" + b.describe()
                        + "): both need rank 2 or more" + Messages.at());
            }
            int ka = sa.dim(transposeA ? -2 : -1);
            int kb = sb.dim(transposeB ? -1 : -2);
            if (ka != kb) {
                int other = sb.dim(transposeB ? -2 : -1);
                String hint = ka == other ? "; did you mean transpose" + "B?" : "";
                throw new ShapeException("matmul(a=" + a.describe() + ", b=" + b.describe() + "): inner sizes differ "
                        + ka + " != " + kb + hint + Messages.at());
            }
            Shape batch = Shape.broadcastOrNull(sa.slice(0, sa.rank() - 2), sb.slice(0, sb.rank() - 2));
            if (batch == null) {
                throw new ShapeException("matmul(a=" + a.describe() + ", b=" + b.describe()
                        + "): batch axes do not broadcast" + Messages.at());
            }
            int m = sa.dim(transposeA ? -1 : -2);
            int n = sb.dim(transposeB ? -2 : -1);
            return new TensorType[] {new TensorType(t, batch.concat(Shape.of(m, n)))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[2];
            }
            Tensor a = node.operand(0);
            Tensor b = node.operand(1);
            Tensor da = transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB);
            Tensor db = transposeB ? product(dy, a, true, transposeA) : product(a, dy, !transposeA, false);
            return new Tensor[] {
                ElementwiseOp.unbroadcast(da, a.shape()), ElementwiseOp.unbroadcast(db, b.shape()),
            };
        }

        private static Tensor product(Tensor a, Tensor b, boolean ta, boolean tb) {
            return Node.of(new MatMul(ta, tb), a, b).result(0);
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = out[0].shape();
            int m = s.dim(-2);
            int n = s.dim(-1);
            Shape sa = in[0].shape();
            Shape sb = in[1].shape();
            int k = sa.dim(transposeA ? -2 : -1);
            int[] ba = BroadcastIndex.strides(sa.slice(0, sa.rank() - 2), s.slice(0, s.rank() - 2));
            int[] bb = BroadcastIndex.strides(sb.slice(0, sb.rank() - 2), s.slice(0, s.rank() - 2));
            int batches = s.product(0, s.rank() - 2);
            double[] a = in[0].doubles();
            double[] b = in[1].doubles();
            double[] y = out[0].doubles();
            int[] pos = new int[s.rank() - 2];
            for (int q = 0; q < batches; q++) {
                int oa = 0;
                int ob = 0;
                for (int x = 0; x < pos.length; x++) {
                    oa += pos[x] * ba[x];
                    ob += pos[x] * bb[x];
                }
                oa *= m * k;
                ob *= k * n;
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        double sum = 0;
                        for (int p = 0; p < k; p++) {
                            sum += a[oa + (transposeA ? p * m + i : i * k + p)]
                                    * b[ob + (transposeB ? j * k + p : p * n + j)];
                        }
                        y[(q * m + i) * n + j] = sum;
                    }
                }
                for (int x = pos.length - 1; x >= 0 && ++pos[x] == s.dim(x); x--) {
                    pos[x] = 0;
                }
            }
        }

        @Override
        public double ulps() {
            return 32;
        }
    }
}
