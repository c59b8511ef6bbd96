package org.amortis.mc;

import java.util.Arrays;

/** Running mean and covariance of positions (Welford), and the factor of the metric that comes of them. */
final class MassEstimate {
    private final Metric.Kind kind;
    private final int d;
    private final double[] mean;
    private final double[] squares;
    private final double[] difference;
    private double count;

    MassEstimate(Metric.Kind kind, int d) {
        this.kind = kind;
        this.d = d;
        this.mean = new double[d];
        this.squares = new double[kind.shape(d).size()];
        this.difference = new double[d];
    }

    void clear() {
        count = 0;
        Arrays.fill(mean, 0);
        Arrays.fill(squares, 0);
    }

    /** Takes in a position that begins at an index, as so many positions; a weight need not be whole. */
    void add(double[] z, int at, double weight) {
        if (!(weight > 0)) {
            return;
        }
        count += weight;
        for (int i = 0; i < d; i++) {
            difference[i] = z[at + i] - mean[i];
            mean[i] += difference[i] * weight / count;
        }
        double w = weight * (count - weight) / count;
        if (kind == Metric.Kind.DIAGONAL) {
            for (int i = 0; i < d; i++) {
                squares[i] += w * difference[i] * difference[i];
            }
        } else if (kind == Metric.Kind.DENSE) {
            for (int i = 0; i < d; i++) {
                for (int j = 0; j <= i; j++) {
                    squares[i * d + j] += w * difference[i] * difference[j];
                }
            }
        }
    }

    /**
     * Writes L. The covariance is drawn towards 0.001 with the weight of five positions, as in Stan: a window may have
     * seen fewer positions than there are dimensions.
     *
     * @param together factor of what is off the diagonal
     */
    void factor(double together, double[] to) {
        double shrink = count / (count + 5);
        double floor = 1e-3 * 5 / (count + 5);
        double scale = shrink / Math.max(1, count - 1);
        switch (kind) {
            case UNIT -> {}
            case DIAGONAL -> {
                for (int i = 0; i < d; i++) {
                    to[i] = Math.sqrt(squares[i] * scale + floor);
                }
            }
            case DENSE -> cholesky(scale, floor, together, to);
        }
    }

    private void cholesky(double scale, double floor, double together, double[] l) {
        Arrays.fill(l, 0);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double s = squares[i * d + j] * scale * (i == j ? 1 : together) + (i == j ? floor : 0);
                double own = s;
                for (int k = 0; k < j; k++) {
                    s -= l[i * d + k] * l[j * d + k];
                }
                // positive in exact arithmetic; rounding must not turn a flat direction into a NaN
                l[i * d + j] = i == j ? Math.sqrt(Math.max(s, 1e-14 * own)) : s / l[j * d + j];
            }
        }
    }

    /** The mean so far, a copy. */
    double[] mean() {
        return mean.clone();
    }

    /** Numbers that {@link #save} writes. */
    int size() {
        return 1 + d + squares.length;
    }

    void save(double[] to, int at) {
        to[at] = count;
        System.arraycopy(mean, 0, to, at + 1, d);
        System.arraycopy(squares, 0, to, at + 1 + d, squares.length);
    }

    void load(double[] from, int at) {
        count = from[at];
        System.arraycopy(from, at + 1, mean, 0, d);
        System.arraycopy(from, at + 1 + d, squares, 0, squares.length);
    }
}
