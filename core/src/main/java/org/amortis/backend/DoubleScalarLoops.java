package org.amortis.backend;

import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/** Loops over double arrays that the JIT vectorises or that are hot enough to spare a virtual call an element. */
final class DoubleScalarLoops {
    private DoubleScalarLoops() {}

    static @Nullable ElementwiseLoop of(ElementwiseOp op) {
        return switch (op) {
            case Unary u -> unary(u);
            case Binary b -> binary(b);
            case Compare c -> compare(c);
            case Where w -> DoubleScalarLoops::where;
            default -> null;
        };
    }

    private static @Nullable ElementwiseLoop unary(Unary op) {
        return switch (op) {
            case NEG ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = -v;
                    }
                };
            case ABS ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.abs(v);
                    }
                };
            case SQUARE ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = v * v;
                    }
                };
            case RECIPROCAL ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = 1 / v;
                    }
                };
            case SQRT ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.sqrt(v);
                    }
                };
            case RSQRT ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = (1 / Math.sqrt(v));
                    }
                };
            case RELU ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.max(v, 0);
                    }
                };
            case EXP ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.exp(v);
                    }
                };
            case LOG ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.log(v);
                    }
                };
            case TANH ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.tanh(v);
                    }
                };
            case LOG1P ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = x[ao + i];
                        y[yo + i] = Math.log1p(v);
                    }
                };
            default -> null;
        };
    }

    private static @Nullable ElementwiseLoop binary(Binary op) {
        return switch (op) {
            case ADD ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = a[ao + i];
                        double w = b[bo + i];
                        y[yo + i] = v + w;
                    }
                };
            case SUB ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = a[ao + i];
                        double w = b[bo + i];
                        y[yo + i] = v - w;
                    }
                };
            case MUL ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = a[ao + i];
                        double w = b[bo + i];
                        y[yo + i] = v * w;
                    }
                };
            case DIV ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = a[ao + i];
                        double w = b[bo + i];
                        y[yo + i] = v / w;
                    }
                };
            case MIN ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = a[ao + i];
                        double w = b[bo + i];
                        y[yo + i] = Math.min(v, w);
                    }
                };
            case MAX ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        double v = a[ao + i];
                        double w = b[bo + i];
                        y[yo + i] = Math.max(v, w);
                    }
                };
            default -> null;
        };
    }

    private static ElementwiseLoop compare(Compare op) {
        return switch (op) {
            case EQ ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
                    }
                };
            case NE ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] != b[bo + i] ? 1 : 0;
                    }
                };
            case LT ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] < b[bo + i] ? 1 : 0;
                    }
                };
            case LE ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] <= b[bo + i] ? 1 : 0;
                    }
                };
            case GT ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] > b[bo + i] ? 1 : 0;
                    }
                };
            case GE ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] b = (double[]) q;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] >= b[bo + i] ? 1 : 0;
                    }
                };
        };
    }

    private static void where(Object p, int ao, Object q, int bo, Object r, int co, Object z, int yo, int n) {
        int[] m = (int[]) p;
        double[] a = (double[]) q;
        double[] b = (double[]) r;
        double[] y = (double[]) z;
        for (int i = 0; i < n; i++) {
            y[yo + i] = m[ao + i] != 0 ? a[bo + i] : b[co + i];
        }
    }

    static @Nullable ScalarLoop right(ElementwiseOp op) {
        return switch (op) {
            case Binary.ADD ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = u + k;
                    }
                };
            case Binary.SUB ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = u - k;
                    }
                };
            case Binary.MUL ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = u * k;
                    }
                };
            case Binary.DIV ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = u / k;
                    }
                };
            case Binary.MIN ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = Math.min(u, k);
                    }
                };
            case Binary.MAX ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = Math.max(u, k);
                    }
                };
            case Compare.EQ ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    int[] y = (int[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] == k ? 1 : 0;
                    }
                };
            case Compare.NE ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    int[] y = (int[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] != k ? 1 : 0;
                    }
                };
            case Compare.LT ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    int[] y = (int[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] < k ? 1 : 0;
                    }
                };
            case Compare.LE ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    int[] y = (int[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] <= k ? 1 : 0;
                    }
                };
            case Compare.GT ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    int[] y = (int[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] > k ? 1 : 0;
                    }
                };
            case Compare.GE ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    int[] y = (int[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] >= k ? 1 : 0;
                    }
                };
            default -> null;
        };
    }

    static @Nullable ScalarLoop left(ElementwiseOp op) {
        return switch (op) {
            case Binary.ADD ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = k + u;
                    }
                };
            case Binary.SUB ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = k - u;
                    }
                };
            case Binary.MUL ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = k * u;
                    }
                };
            case Binary.DIV ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = k / u;
                    }
                };
            case Binary.MIN ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = Math.min(k, u);
                    }
                };
            case Binary.MAX ->
                (p, ao, t, z, yo, n) -> {
                    double[] a = (double[]) p;
                    double[] y = (double[]) z;
                    double k = t;
                    for (int i = 0; i < n; i++) {
                        double u = a[ao + i];
                        y[yo + i] = Math.max(k, u);
                    }
                };
            default -> null;
        };
    }
}
