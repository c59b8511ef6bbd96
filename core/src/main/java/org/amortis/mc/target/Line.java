package org.amortis.mc.target;

import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A density of the line by quadrature. The sums are trapezoidal: for smooth densities that vanish at the ends they
 * converge faster than any power of the step.
 */
final class Line {
    private static final int CELLS = 20_000;

    private final double low;
    private final double step;
    private final double[] density;
    private final double[] cumulative;
    private final double logZ;

    /** Over an interval outside of which the density is nothing. */
    Line(DoubleUnaryOperator logDensity, double low, double high) {
        this.low = low;
        this.step = (high - low) / CELLS;
        double[] p = new double[CELLS + 1];
        double top = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= CELLS; i++) {
            p[i] = logDensity.applyAsDouble(low + i * step);
            top = Math.max(top, p[i]);
        }
        double[] sums = new double[CELLS + 1];
        for (int i = 0; i <= CELLS; i++) {
            p[i] = Math.exp(p[i] - top);
            sums[i] = i == 0 ? 0 : sums[i - 1] + (p[i - 1] + p[i]) / 2;
        }
        double total = sums[CELLS];
        for (int i = 0; i <= CELLS; i++) {
            p[i] /= total;
            sums[i] /= total;
        }
        this.density = p;
        this.cumulative = sums;
        this.logZ = top + Math.log(total * step);
    }

    double logZ() {
        return logZ;
    }

    /** Expectation of a function. */
    double mean(DoubleUnaryOperator f) {
        double s = 0;
        for (int i = 0; i <= CELLS; i++) {
            s += density[i] * f.applyAsDouble(low + i * step) * (i == 0 || i == CELLS ? 0.5 : 1);
        }
        return s;
    }

    double std() {
        double m = mean(x -> x);
        return Math.sqrt(mean(x -> (x - m) * (x - m)));
    }

    /** A draw: the density is taken as linear within a cell, an error of the order of the squared step. */
    double draw(RandomGenerator random) {
        double u = random.nextDouble();
        int a = 0;
        int b = CELLS;
        while (b - a > 1) {
            int m = (a + b) >>> 1;
            if (cumulative[m] <= u) {
                a = m;
            } else {
                b = m;
            }
        }
        double rest = u - cumulative[a];
        double p = density[a];
        double slope = density[b] - p;
        // p t + slope t^2 / 2 = rest, in the form that adds
        double root = Math.sqrt(Math.max(0, p * p + 2 * slope * rest));
        double t = p + root > 0 ? 2 * rest / (p + root) : 0.5;
        return low + (a + Math.min(t, 1)) * step;
    }
}
