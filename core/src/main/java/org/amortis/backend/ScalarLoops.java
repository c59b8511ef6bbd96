package org.amortis.backend;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Loops;
import org.amortis.spi.RowLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Cast;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/**
 * Portable loops, one for each operation and carrier so that the JIT can vectorise them; whatever has no loop of its own
 * goes through the operation's scalar semantics in double. Always available, no flag needed.
 */
public final class ScalarLoops implements Loops {
    /** The one instance; it has no state. */
    public static final ScalarLoops INSTANCE = new ScalarLoops();

    private static final int BLOCK = 256;

    private ScalarLoops() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int vectorBits() {
        return 0;
    }

    @Override
    public List<Runnable> priming() {
        return List.of(() -> {
            float[] x = new float[1024];
            float[] y = new float[1024];
            for (int i = 0; i < 2000; i++) {
                gemm(false, false, 8, 8, 8, x, 0, 8, y, 0, 8, 0f, new float[64], 0, 8, 0, 8, x);
                sum(x, 0, 1024);
            }
        });
    }

    /**
     * Loop of any elementwise operation.
     *
     * @param op operation
     * @param type element type of the first operand that is not a condition
     * @return the loop, never null
     */
    @Override
    public ElementwiseLoop elementwise(ElementwiseOp op, DType type) {
        ElementwiseLoop own = switch (type) {
            case F32 -> FloatScalarLoops.of(op);
            case F64 -> DoubleScalarLoops.of(op);
            default -> intLoop(op);
        };
        return own != null ? own : generic(op);
    }

    private static @Nullable ElementwiseLoop intLoop(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                (p, ao, q, bo, r, co, y, yo, n) -> {
                    int[] a = (int[]) p;
                    int[] c = (int[]) q;
                    int[] o = (int[]) y;
                    for (int i = 0; i < n; i++) {
                        o[yo + i] = b.applyInt(a[ao + i], c[bo + i]);
                    }
                };
            case Logical.AND ->
                (p, ao, q, bo, r, co, y, yo, n) -> {
                    int[] a = (int[]) p;
                    int[] c = (int[]) q;
                    int[] o = (int[]) y;
                    for (int i = 0; i < n; i++) {
                        o[yo + i] = a[ao + i] & c[bo + i];
                    }
                };
            case Where w ->
                (p, ao, q, bo, r, co, y, yo, n) -> {
                    int[] m = (int[]) p;
                    int[] a = (int[]) q;
                    int[] c = (int[]) r;
                    int[] o = (int[]) y;
                    for (int i = 0; i < n; i++) {
                        o[yo + i] = m[ao + i] != 0 ? a[bo + i] : c[co + i];
                    }
                };
            case Cast(DType to)
            when to == DType.F32 ->
                (p, ao, q, bo, r, co, y, yo, n) -> {
                    int[] a = (int[]) p;
                    float[] o = (float[]) y;
                    for (int i = 0; i < n; i++) {
                        o[yo + i] = a[ao + i];
                    }
                };
            default -> null;
        };
    }

    /** The scalar semantics in double, whatever the carriers. */
    private static ElementwiseLoop generic(ElementwiseOp op) {
        int arity = op.arity();
        return (p, ao, q, bo, r, co, y, yo, n) -> {
            for (int i = 0; i < n; i++) {
                double a = get(p, ao + i);
                double b = arity > 1 ? get(q, bo + i) : 0;
                double c = arity > 2 ? get(r, co + i) : 0;
                put(y, yo + i, op.apply(a, b, c));
            }
        };
    }

    private static double get(Object x, int i) {
        return switch (x) {
            case float[] f -> f[i];
            case double[] d -> d[i];
            case int[] n -> n[i];
            default -> throw new IllegalStateException();
        };
    }

    private static void put(Object x, int i, double v) {
        switch (x) {
            case float[] f -> f[i] = (float) v;
            case double[] d -> d[i] = v;
            case int[] n -> n[i] = (int) v;
            default -> throw new IllegalStateException();
        }
    }

    @Override
    public ScalarLoop scalarRight(ElementwiseOp op, DType type) {
        ScalarLoop own = switch (type) {
            case F32 -> FloatScalarLoops.right(op);
            case F64 -> DoubleScalarLoops.right(op);
            default -> null;
        };
        return own != null ? own : scalarGeneric(op, type, false);
    }

    @Override
    public ScalarLoop scalarLeft(ElementwiseOp op, DType type) {
        ScalarLoop own = switch (type) {
            case F32 -> FloatScalarLoops.left(op);
            case F64 -> DoubleScalarLoops.left(op);
            default -> null;
        };
        return own != null ? own : scalarGeneric(op, type, true);
    }

    private static ScalarLoop scalarGeneric(ElementwiseOp op, DType type, boolean left) {
        if (!type.isFloat() && op instanceof Binary b) {
            return (p, ao, s, y, yo, n) -> {
                int[] a = (int[]) p;
                int[] o = (int[]) y;
                int k = (int) s;
                for (int i = 0; i < n; i++) {
                    o[yo + i] = left ? b.applyInt(k, a[ao + i]) : b.applyInt(a[ao + i], k);
                }
            };
        }
        return (p, ao, s, y, yo, n) -> {
            for (int i = 0; i < n; i++) {
                double a = get(p, ao + i);
                put(y, yo + i, left ? op.apply(s, a, 0) : op.apply(a, s, 0));
            }
        };
    }

    @Override
    public float sum(float[] x, int xo, int n) {
        if (n <= BLOCK) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            int i = 0;
            for (; i + 3 < n; i += 4) {
                s0 += x[xo + i];
                s1 += x[xo + i + 1];
                s2 += x[xo + i + 2];
                s3 += x[xo + i + 3];
            }
            for (; i < n; i++) {
                s0 += x[xo + i];
            }
            return (s0 + s1) + (s2 + s3);
        }
        int half = (n / 2 + BLOCK - 1) / BLOCK * BLOCK;
        return sum(x, xo, half) + sum(x, xo + half, n - half);
    }

    @Override
    public double sum(double[] x, int xo, int n) {
        if (n <= BLOCK) {
            double s0 = 0;
            double s1 = 0;
            int i = 0;
            for (; i + 1 < n; i += 2) {
                s0 += x[xo + i];
                s1 += x[xo + i + 1];
            }
            return s0 + s1 + (i < n ? x[xo + i] : 0);
        }
        int half = (n / 2 + BLOCK - 1) / BLOCK * BLOCK;
        return sum(x, xo, half) + sum(x, xo + half, n - half);
    }

    @Override
    public float max(float[] x, int xo, int n) {
        float m = x[xo];
        for (int i = 1; i < n; i++) {
            m = Math.max(m, x[xo + i]);
        }
        return m;
    }

    @Override
    public double max(double[] x, int xo, int n) {
        double m = x[xo];
        for (int i = 1; i < n; i++) {
            m = Math.max(m, x[xo + i]);
        }
        return m;
    }

    @Override
    public int gemmScratch(DType type, boolean transposeA, boolean transposeB, int m, int n, int k) {
        return k;
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            float beta,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            float[] scratch) {
        for (int i = rowFrom; i < rowTo; i++) {
            int row = co + i * ldc;
            if (transposeB) {
                if (beta == 0) {
                    java.util.Arrays.fill(c, row, row + n, 0);
                }
                for (int p = 0; p < k; p++) {
                    scratch[p] = a[ao + (transposeA ? p * lda + i : i * lda + p)];
                }
                for (int j = 0; j < n; j++) {
                    c[row + j] += dot(scratch, b, bo + j * ldb, k);
                }
            } else {
                if (beta == 0) {
                    java.util.Arrays.fill(c, row, row + n, 0);
                }
                for (int p = 0; p < k; p++) {
                    // row of B times one number: a loop over columns that the JIT vectorises
                    axpy(a[ao + (transposeA ? p * lda + i : i * lda + p)], b, bo + p * ldb, c, row, n);
                }
            }
        }
    }

    private static void axpy(float s, float[] x, int xo, float[] y, int yo, int n) {
        for (int j = 0; j < n; j++) {
            y[yo + j] += s * x[xo + j];
        }
    }

    private static float dot(float[] x, float[] y, int yo, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += x[i] * y[yo + i];
            s1 += x[i + 1] * y[yo + i + 1];
            s2 += x[i + 2] * y[yo + i + 2];
            s3 += x[i + 3] * y[yo + i + 3];
        }
        for (; i < n; i++) {
            s0 += x[i] * y[yo + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int lda,
            double[] b,
            int bo,
            int ldb,
            double beta,
            double[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            double[] scratch) {
        for (int i = rowFrom; i < rowTo; i++) {
            int row = co + i * ldc;
            if (transposeB) {
                if (beta == 0) {
                    java.util.Arrays.fill(c, row, row + n, 0);
                }
                for (int p = 0; p < k; p++) {
                    scratch[p] = a[ao + (transposeA ? p * lda + i : i * lda + p)];
                }
                for (int j = 0; j < n; j++) {
                    c[row + j] += dot(scratch, b, bo + j * ldb, k);
                }
            } else {
                if (beta == 0) {
                    java.util.Arrays.fill(c, row, row + n, 0);
                }
                for (int p = 0; p < k; p++) {
                    // row of B times one number: a loop over columns that the JIT vectorises
                    axpy(a[ao + (transposeA ? p * lda + i : i * lda + p)], b, bo + p * ldb, c, row, n);
                }
            }
        }
    }

    private static void axpy(double s, double[] x, int xo, double[] y, int yo, int n) {
        for (int j = 0; j < n; j++) {
            y[yo + j] += s * x[xo + j];
        }
    }

    private static double dot(double[] x, double[] y, int yo, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += x[i] * y[yo + i];
            s1 += x[i + 1] * y[yo + i + 1];
            s2 += x[i + 2] * y[yo + i + 2];
            s3 += x[i + 3] * y[yo + i + 3];
        }
        for (; i < n; i++) {
            s0 += x[i] * y[yo + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public boolean draw(boolean normal, int[] key, int ko, int from, int to, float[] y, int yo, float[] scratch) {
        return false;
    }

    @Override
    public boolean draw(
            boolean normal, int[] key, int ko, int from, int to, double[] y, int yo, float[] words, double[] scratch) {
        return false;
    }

    @Override
    public int drawScratch() {
        return 0;
    }

    @Override
    public boolean columnSums(float[] x, int xo, int stride, int rows, int from, int to, float[] y, int yo) {
        return false;
    }

    @Override
    public boolean columnSums(double[] x, int xo, int stride, int rows, int from, int to, double[] y, int yo) {
        return false;
    }

    /** None: the portable rows compute in double whatever the carrier, see {@link RowsKernel}. */
    @Override
    public @Nullable RowLoop rows(RowOp op, DType type) {
        return null;
    }
}
