package org.amortis.backend;

import org.amortis.tensor.Composites;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SoftmaxOp;

/** Composites over one row in double: operands one after the other in an array, results behind them. */
final class ScalarRows {
    private ScalarRows() {}

    /**
     * Runs one row.
     *
     * @param op operation
     * @param s operands from 0 on, read; results, written
     * @param n elements of the first operand
     * @param y first element of the first result
     */
    static void run(RowOp op, double[] s, int n, int y) {
        switch (op) {
            case SoftmaxOp.LogSumExp o -> {
                double shift = finite(max(s, n));
                s[y] = Math.log(sumOfExponentials(s, n, shift)) + shift;
            }
            case SoftmaxOp.LogSumExpGradient o -> {
                double lse = s[n] == Double.NEGATIVE_INFINITY ? 0 : s[n];
                for (int i = 0; i < n; i++) {
                    s[y + i] = s[n + 1] * Math.exp(s[i] - lse);
                }
            }
            case SoftmaxOp.Softmax o -> {
                double max = max(s, n);
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    s[y + i] = Math.exp(s[i] - max);
                    sum += s[y + i];
                }
                for (int i = 0; i < n; i++) {
                    s[y + i] /= sum;
                }
            }
            case SoftmaxOp.SoftmaxGradient o -> {
                double inner = 0;
                for (int i = 0; i < n; i++) {
                    inner += s[i] * s[n + i];
                }
                for (int i = 0; i < n; i++) {
                    s[y + i] = (s[n + i] - inner) * s[i];
                }
            }
            case SoftmaxOp.LogSoftmax o -> {
                double max = max(s, n);
                double log = Math.log(sumOfExponentials(s, n, max));
                for (int i = 0; i < n; i++) {
                    s[y + i] = s[i] - max - log;
                }
            }
            case SoftmaxOp.LogSoftmaxGradient o -> {
                double sum = sum(s, n, n);
                for (int i = 0; i < n; i++) {
                    s[y + i] = s[n + i] - Math.exp(s[i]) * sum;
                }
            }
            case Composites.LayerNorm o -> normalise(s, n, o.epsilon(), y);
            case Composites.LayerNormGradient o -> {
                double scale = normalise(s, n, o.epsilon(), y);
                double mean = sum(s, n, n) / n;
                double inner = 0;
                for (int i = 0; i < n; i++) {
                    inner += s[n + i] * s[y + i];
                }
                inner /= n;
                for (int i = 0; i < n; i++) {
                    s[y + i] = (s[n + i] - mean - s[y + i] * inner) * scale;
                }
            }
            case Composites.GruCell o -> gruCell(s, n / 3, y);
            case Composites.GruCellGradient o -> gruCellGradient(s, n / 3, y);
        }
    }

    /** The largest element, NaN if there is one. */
    private static double max(double[] s, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, s[i]);
        }
        return max;
    }

    /** 0 for infinities: shifted by itself an infinity would be no number. */
    private static double finite(double x) {
        return Double.isInfinite(x) ? 0 : x;
    }

    private static double sumOfExponentials(double[] s, int n, double shift) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp(s[i] - shift);
        }
        return sum;
    }

    private static double sum(double[] s, int from, int n) {
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            sum += s[i];
        }
        return sum;
    }

    /** Writes the row with mean 0 and variance 1; returns the factor. */
    private static double normalise(double[] s, int n, double epsilon, int y) {
        double mean = sum(s, 0, n) / n;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            s[y + i] = s[i] - mean;
            squares += s[y + i] * s[y + i];
        }
        double scale = 1 / Math.sqrt(squares / n + epsilon);
        for (int i = 0; i < n; i++) {
            s[y + i] *= scale;
        }
        return scale;
    }

    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    private static void gruCell(double[] s, int n, int y) {
        for (int i = 0; i < n; i++) {
            double r = sigmoid(s[i] + s[3 * n + i]);
            double z = sigmoid(s[n + i] + s[4 * n + i]);
            double c = Math.tanh(s[2 * n + i] + r * s[5 * n + i]);
            s[y + i] = c + z * (s[6 * n + i] - c);
        }
    }

    private static void gruCellGradient(double[] s, int n, int y) {
        for (int i = 0; i < n; i++) {
            double g = s[5 * n + i];
            double r = sigmoid(s[i] + s[3 * n + i]);
            double z = sigmoid(s[n + i] + s[4 * n + i]);
            double c = Math.tanh(s[2 * n + i] + r * g);
            double dy = s[7 * n + i];
            double dz = dy * z;
            double ofUpdate = dz * (1 - z) * (s[6 * n + i] - c);
            double ofCandidate = dy * (1 - z) * (1 - c * c);
            double ofReset = ofCandidate * g * r * (1 - r);
            s[y + i] = ofReset;
            s[y + n + i] = ofUpdate;
            s[y + 2 * n + i] = ofCandidate;
            s[y + 3 * n + i] = ofReset;
            s[y + 4 * n + i] = ofUpdate;
            s[y + 5 * n + i] = ofCandidate * r;
            s[y + 6 * n + i] = dz;
        }
    }
}
