package org.amortis.bench.peers;

import java.util.function.DoubleUnaryOperator;
import org.amortis.math.SpecialFunctions;

/** What the rows should give, in double. */
final class Reference {
    /** Elements of a product that are compared: all of the small ones, of the large ones every so many-th. */
    private static final int PROBES = 5_000;

    private Reference() {}

    /**
     * The largest difference relative to max(1, |truth|); NaN if a result is not a number. For draws the largest deviation of
     * mean, variance and fourth moment in their standard errors; for steps NaN.
     */
    static double error(Row row, float[] got) {
        return switch (row.op()) {
            case GEMM, GEMM_TN, GEMM_NT -> product(row, got);
            case ADD -> sums(row, got);
            case EXP -> elementwise(row, got, Math::exp);
            case LOG -> elementwise(row, got, Math::log);
            case TANH -> elementwise(row, got, Math::tanh);
            case SOFTPLUS -> elementwise(row, got, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
            case GELU -> elementwise(row, got, x -> x * SpecialFunctions.normalCdf(x));
            case SUM -> sum(row, got);
            case SOFTMAX -> softmax(row, got);
            case NORMAL -> moments(row, got);
            case VAE, FLOW, GRU, MLP -> Double.NaN;
        };
    }

    private static double worse(double worst, double truth, float got) {
        double e = Math.abs(got - truth) / Math.max(1, Math.abs(truth));
        // not max, which would lose a NaN that came before
        return e <= worst || Double.isNaN(worst) ? worst : e;
    }

    private static void size(Row row, float[] got, int want) {
        if (got.length != want) {
            throw new IllegalStateException(row.id() + ": " + got.length + " results, should be " + want);
        }
    }

    private static double product(Row row, float[] c) {
        float[] a = Inputs.a(row);
        float[] b = Inputs.b(row);
        int m = row.m();
        int n = row.n();
        int k = row.k();
        size(row, c, m * n);
        // odd, so that large steps do not stay in one column
        int step = Math.max(1, m * n / PROBES) | 1;
        double worst = 0;
        for (int at = 0; at < m * n; at += step) {
            int i = at / n;
            int j = at % n;
            double sum = 0;
            for (int p = 0; p < k; p++) {
                double x = row.op() == Row.Op.GEMM_TN ? a[p * m + i] : a[i * k + p];
                double y = row.op() == Row.Op.GEMM_NT ? b[j * k + p] : b[p * n + j];
                sum += x * y;
            }
            worst = worse(worst, sum, c[at]);
        }
        return worst;
    }

    private static double elementwise(Row row, float[] got, DoubleUnaryOperator f) {
        float[] x = Inputs.x(row);
        size(row, got, x.length);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            worst = worse(worst, f.applyAsDouble(x[i]), got[i]);
        }
        return worst;
    }

    private static double sums(Row row, float[] got) {
        float[] x = Inputs.x(row);
        float[] y = Inputs.y(row);
        size(row, got, x.length);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            worst = worse(worst, (double) x[i] + y[i], got[i]);
        }
        return worst;
    }

    private static double sum(Row row, float[] got) {
        size(row, got, 1);
        double sum = 0;
        for (float x : Inputs.x(row)) {
            sum += x;
        }
        return worse(0, sum, got[0]);
    }

    private static double softmax(Row row, float[] got) {
        float[] x = Inputs.x(row);
        int n = row.n();
        size(row, got, x.length);
        double worst = 0;
        for (int i = 0; i < x.length; i += n) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                max = Math.max(max, x[i + j]);
            }
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += Math.exp(x[i + j] - max);
            }
            for (int j = 0; j < n; j++) {
                worst = worse(worst, Math.exp(x[i + j] - max) / sum, got[i + j]);
            }
        }
        return worst;
    }

    private static double moments(Row row, float[] got) {
        size(row, got, row.m());
        double first = 0;
        double second = 0;
        double fourth = 0;
        for (float v : got) {
            double square = (double) v * v;
            first += v;
            second += square;
            fourth += square * square;
        }
        double n = got.length;
        // variances of x, x^2 and x^4 of a standard normal: 1, 2, 96
        double worst = Math.abs(first / n) * Math.sqrt(n);
        worst = Math.max(worst, Math.abs(second / n - 1) * Math.sqrt(n / 2));
        return Math.max(worst, Math.abs(fourth / n - 3) * Math.sqrt(n / 96));
    }
}
