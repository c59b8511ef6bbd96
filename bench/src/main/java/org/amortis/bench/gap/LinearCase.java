package org.amortis.bench.gap;

import java.util.Arrays;
import org.amortis.bench.study.StudyException;
import org.ejml.simple.SimpleMatrix;

/**
 * A linear Gaussian model z ~ N(0, I), x = W z + b + noise of variance s2 with one observation and the output of an
 * encoder for it. Everything the gap study estimates has a formula here; the formulas are evaluated with EJML, so that no
 * code of the engine checks itself.
 */
final class LinearCase {
    private final double[][] w;
    private final double[] b;
    private final double s2;
    private final double[] x;
    private final double[] mu;
    private final double[] variance;

    LinearCase(String from, double[][] w, double[] b, double s2, double[] x, double[] mu, double[] variance) {
        int data = w.length;
        int latent = data == 0 ? 0 : w[0].length;
        for (double[] row : w) {
            check(from, row.length == latent, "W has rows of " + latent + " and of " + row.length + " numbers");
        }
        check(from, data > 0 && latent > 0, "W is empty");
        check(from, b.length == data, "b has " + b.length + " numbers, W has " + data + " rows");
        check(from, x.length == data, "x has " + x.length + " numbers, W has " + data + " rows");
        check(from, mu.length == latent, "mu has " + mu.length + " numbers, W has " + latent + " columns");
        check(from, variance.length == latent, "var has " + variance.length + " numbers, W has " + latent + " columns");
        check(from, s2 > 0 && s2 < Double.POSITIVE_INFINITY, "s2 is " + s2 + ", must be positive");
        for (double v : variance) {
            check(from, v > 0, "var holds " + v + ", must be positive");
        }
        for (double[] a : w) {
            finite(from, "W", a);
        }
        finite(from, "b", b);
        finite(from, "x", x);
        finite(from, "mu", mu);
        finite(from, "var", variance);
        this.w = w;
        this.b = b;
        this.s2 = s2;
        this.x = x;
        this.mu = mu;
        this.variance = variance;
    }

    private static void finite(String from, String name, double... values) {
        check(from, Arrays.stream(values).allMatch(Double::isFinite), name + " holds a number that is not finite");
    }

    private static void check(String from, boolean right, String message) {
        if (!right) {
            throw new StudyException(from + ": " + message);
        }
    }

    /** The worked example: two latents, three observed. */
    static LinearCase standard() {
        return new LinearCase(
                "standard",
                new double[][] {{1, 0.5}, {0.3, -1}, {0.8, 0.8}},
                new double[] {0.1, -0.2, 0},
                0.25,
                new double[] {1, -0.5, 0.7},
                new double[] {0.5, 0.2},
                new double[] {0.3, 0.1});
    }

    int data() {
        return w.length;
    }

    int latent() {
        return w[0].length;
    }

    double[][] w() {
        return w;
    }

    double[] b() {
        return b;
    }

    double s2() {
        return s2;
    }

    double[] x() {
        return x;
    }

    double[] mu() {
        return mu;
    }

    double[] variance() {
        return variance;
    }

    /** Precision of the posterior, I + W'W / s2. */
    private SimpleMatrix precision() {
        SimpleMatrix m = new SimpleMatrix(w);
        return SimpleMatrix.identity(latent()).plus(m.transpose().mult(m).divide(s2));
    }

    private static SimpleMatrix column(double... values) {
        return new SimpleMatrix(values.length, 1, true, values);
    }

    /** The exact values. */
    Exact exact() {
        int d = latent();
        SimpleMatrix m = new SimpleMatrix(w);
        SimpleMatrix r = column(x).minus(column(b));
        SimpleMatrix covariance =
                m.mult(m.transpose()).plus(SimpleMatrix.identity(data()).scale(s2));
        double logPx = -0.5
                * (r.transpose().mult(covariance.solve(r)).get(0)
                        + logDeterminant(covariance)
                        + data() * Math.log(2 * Math.PI));
        SimpleMatrix precision = precision();
        SimpleMatrix mean = precision.solve(m.transpose().mult(r).divide(s2));
        double logDet = logDeterminant(precision);
        double approximation = -0.5 * logDet;
        for (int j = 0; j < d; j++) {
            approximation += 0.5 * Math.log(precision.get(j, j));
        }
        // KL(q || posterior) for a diagonal q
        SimpleMatrix off = column(mu).minus(mean);
        double inference = 0.5 * (off.transpose().mult(precision).mult(off).get(0) - d - logDet);
        for (int j = 0; j < d; j++) {
            inference += 0.5 * (variance[j] * precision.get(j, j) - Math.log(variance[j]));
        }
        return new Exact(logPx, approximation, inference);
    }

    /** By the Cholesky factor: a determinant of many dimensions leaves the range of doubles. */
    private static double logDeterminant(SimpleMatrix m) {
        var c = org.ejml.dense.row.factory.DecompositionFactory_DDRM.chol(m.getNumRows(), true);
        if (!c.decompose(m.getDDRM().copy())) {
            throw new StudyException("the covariance is not positive definite in double precision");
        }
        SimpleMatrix l = SimpleMatrix.wrap(c.getT(null));
        double s = 0;
        for (int i = 0; i < l.getNumRows(); i++) {
            s += 2 * Math.log(l.get(i, i));
        }
        return s;
    }

    /**
     * What the formulas give.
     *
     * @param logPx log p(x)
     * @param approximationGap of diagonal Gaussians
     * @param inferenceGap of the encoder
     */
    record Exact(double logPx, double approximationGap, double inferenceGap) {
        double amortizationGap() {
            return inferenceGap - approximationGap;
        }

        double elboOptimal() {
            return logPx - approximationGap;
        }

        double elboAmortized() {
            return logPx - inferenceGap;
        }
    }

    @Override
    public String toString() {
        return "linear Gaussian model, " + data() + " observed, " + latent() + " latent, s2=" + s2;
    }
}
