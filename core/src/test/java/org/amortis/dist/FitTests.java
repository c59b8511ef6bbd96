package org.amortis.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Do draws follow a distribution function? Fixed keys, bounds from the law of the statistic. */
final class FitTests {
    private static final int CELLS = 30;

    private FitTests() {}

    /**
     * Chi-square over cells between quantiles of the draws' law, each with at least five expected draws. The statistic
     * has mean f and variance 2 f for f degrees of freedom: more than five standard deviations fail.
     */
    static void counts(String what, double[] drawn, DoubleUnaryOperator cdf) {
        double[] x = drawn.clone();
        Arrays.sort(x);
        int n = x.length;
        double least = Math.max(1.0 / CELLS, 5.0 / n);
        double chi = 0;
        int cells = 0;
        int seen = 0;
        double below = 0;
        double end = -1;
        while (1 - below > 2 * least) {
            end = smallest(cdf, below + least, end);
            double here = cdf.applyAsDouble(end);
            if (1 - here < least) {
                break;
            }
            int upTo = seen;
            while (upTo < n && x[upTo] <= end) {
                upTo++;
            }
            double expected = n * (here - below);
            chi += (upTo - seen - expected) * (upTo - seen - expected) / expected;
            cells++;
            seen = upTo;
            below = here;
        }
        double last = n * (1 - below);
        chi += (n - seen - last) * (n - seen - last) / last;
        double bound = cells + 5 * Math.sqrt(2.0 * Math.max(1, cells));
        assertTrue(chi <= bound, what + ": chi-square " + chi + " with " + cells + " degrees of freedom");
    }

    /** The smallest whole number above another where the distribution function reaches p. */
    private static double smallest(DoubleUnaryOperator cdf, double p, double above) {
        double low = above;
        double high = above + 1;
        for (double step = 1; cdf.applyAsDouble(high) < p; step *= 2) {
            low = high;
            high += step;
        }
        while (high - low > 1) {
            double middle = Math.floor((low + high) / 2);
            if (cdf.applyAsDouble(middle) >= p) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /**
     * Kolmogorov and Smirnov: the largest distance between the draws' steps and the distribution function, times sqrt(n),
     * exceeds 2.4 once in 5e4 cases.
     */
    static void continuous(String what, double[] drawn, DoubleUnaryOperator cdf) {
        double[] x = drawn.clone();
        Arrays.sort(x);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double f = cdf.applyAsDouble(x[i]);
            worst = Math.max(worst, Math.max(Math.abs(f - (double) i / x.length), Math.abs(f - (i + 1.0) / x.length)));
        }
        double statistic = worst * Math.sqrt(x.length);
        assertTrue(statistic < 2.4, what + ": distance of distribution functions times sqrt(n) is " + statistic);
    }
}
