package org.amortis.diagnose;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.amortis.array.NonFiniteException;
import org.amortis.array.ShapeException;
import org.amortis.math.SpecialFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChainDiagnosticsTest {
    /** Stationary chains x_t = rho x_{t-1} + noise of unit variance. */
    private static double[][] autoregressive(double rho, int chains, int draws, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] x = new double[chains][draws];
        for (double[] chain : x) {
            double at = random.nextGaussian();
            for (int i = 0; i < draws; i++) {
                chain[i] = at;
                at = rho * at + Math.sqrt(1 - rho * rho) * random.nextGaussian();
            }
        }
        return x;
    }

    private static double[][] mapped(double[][] x, java.util.function.DoubleUnaryOperator f) {
        return Arrays.stream(x).map(c -> Arrays.stream(c).map(f).toArray()).toArray(double[][]::new);
    }

    /** Halves {1,2}, {3,4}, {2,3}, {4,5}: variances 1/2, means 1.5, 3.5, 2.5, 4.5 of variance 5/3. */
    @Test
    void ratioByHand() {
        double expected = Math.sqrt(1 / 2.0 + 5 / 3.0 / 0.5);
        assertEquals(expected, ChainDiagnostics.splitRHat(new double[] {1, 2, 3, 4}, new double[] {2, 3, 4, 5}), 1e-14);
        // of an odd number of draws the middle one is left out
        assertEquals(
                expected,
                ChainDiagnostics.splitRHat(new double[] {1, 2, 99, 3, 4}, new double[] {2, 3, -9, 4, 5}),
                1e-14);
    }

    /** One chain {1, 2, 4, 3}: halves' scores a < b < c < d of ranks 1, 2, 4, 3. */
    @Test
    void scoresByHand() {
        double a = SpecialFunctions.normalQuantile(0.625 / 4.25);
        double b = SpecialFunctions.normalQuantile(1.625 / 4.25);
        double[] first = {a, b};
        double[] second = {-a, -b};
        double within = (Math.pow(first[1] - first[0], 2) + Math.pow(second[1] - second[0], 2)) / 4;
        double between = Math.pow(a + b, 2) / 2;
        double[] x = {10, 20, 1e9, 30};
        assertEquals(Math.sqrt(0.5 + between / within), ChainDiagnostics.rankRHat(x), 1e-12);
    }

    /** A series without random numbers, its figures by another program from the published formulas, with direct sums. */
    @Test
    void asAnotherProgram() {
        double[][] x = new double[3][101];
        for (int c = 0; c < 3; c++) {
            for (int i = 1; i <= 101; i++) {
                x[c][i - 1] = Math.sin(.7 * i + c) + .3 * Math.sin(1.3 * i * i + 2 * c) + .1 * c;
            }
        }
        assertEquals(0.9950394110070041, ChainDiagnostics.splitRHat(x), 1e-12);
        assertEquals(0.9976856094718694, ChainDiagnostics.rankRHat(x), 1e-12);
        assertEquals(129.00697903793628, ChainDiagnostics.bulkEss(x), 1e-9);
        assertEquals(121.17751830253339, ChainDiagnostics.meanEss(x), 1e-9);
        assertEquals(268.82104185745834, ChainDiagnostics.tailEss(x), 1e-9);
        assertEquals(243.69982421658273, ChainDiagnostics.quantileEss(.9, x), 1e-9);
        assertEquals(0.0442544454060082, ChainDiagnostics.quantileError(.9, x), 1e-12);
    }

    @Test
    void ranksAreAllThatCounts() {
        double[][] x = autoregressive(.6, 3, 101, 5);
        double[][] y = mapped(x, v -> Math.exp(9 * v));
        assertEquals(ChainDiagnostics.rankRHat(x), ChainDiagnostics.rankRHat(y), 1e-13);
        assertEquals(ChainDiagnostics.bulkEss(x), ChainDiagnostics.bulkEss(y), 1e-9);
        assertEquals(ChainDiagnostics.quantileEss(.3, x), ChainDiagnostics.quantileEss(.3, y), 1e-9);
    }

    @Test
    void chainsThatAgreeAndThatDoNot() {
        double[][] x = autoregressive(0, 4, 1000, 1);
        // for independent draws R-hat^2 - 1 is near chi-square of 7 degrees / (8 * 500) of mean 0.0018
        assertEquals(1, ChainDiagnostics.rHat(x), .005);
        double[][] shifted = x.clone();
        shifted[2] = Arrays.stream(x[2]).map(v -> v + 1).toArray();
        assertTrue(ChainDiagnostics.rankRHat(shifted) > 1.05);
        double[][] wider = x.clone();
        wider[2] = Arrays.stream(x[2]).map(v -> 3 * v).toArray();
        assertTrue(ChainDiagnostics.rankRHat(wider) < 1.01, "location agrees");
        assertTrue(ChainDiagnostics.foldedRHat(wider) > 1.05, "scale does not");
        assertEquals(ChainDiagnostics.foldedRHat(wider), ChainDiagnostics.rHat(wider));
        double[][] trend = new double[1][];
        trend[0] = x[0].clone();
        for (int i = 0; i < 1000; i++) {
            trend[0][i] += i / 500.0;
        }
        assertTrue(ChainDiagnostics.rHat(trend) > 1.05, "one chain that drifts");
    }

    /**
     * The effective number of a mean is n (1 - rho) / (1 + rho). The estimate sums some W lags, and its relative error is
     * near sqrt(2 (2 W + 1) / n); W is taken as ten decay times, and at least 4.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, .3, .7, .9, -.3, -.6})
    void effectiveNumbers(double rho) {
        int chains = 4;
        int draws = 10_001;
        double n = chains * (draws - 1.0);
        double[][] x = autoregressive(rho, chains, draws, 17);
        double expected = n * (1 - rho) / (1 + rho);
        double window = Math.max(4, -10 / Math.log(Math.abs(rho) + 1e-9));
        double tolerance = 5 * Math.sqrt(2 * (2 * window + 1) / n) * expected;
        assertEquals(expected, ChainDiagnostics.meanEss(x), tolerance);
        // normal scores of a normal chain are the chain
        assertEquals(expected, ChainDiagnostics.bulkEss(x), tolerance);
        double error = 1 / Math.sqrt(expected);
        assertEquals(error, ChainDiagnostics.meanError(x), error * tolerance / expected);
        if (rho == 0) {
            assertEquals(n, ChainDiagnostics.tailEss(x), tolerance * 1.5);
        }
    }

    /** The square of an autoregressive chain has autocorrelations rho^2t, and the indicator of the median arcsine ones. */
    @Test
    void effectiveNumbersOfFunctions() {
        double rho = .8;
        double[][] x = autoregressive(rho, 4, 20_000, 3);
        double n = 80_000;
        double tau = 1;
        for (int t = 1; t < 200; t++) {
            tau += 2 * 2 / Math.PI * Math.asin(Math.pow(rho, t));
        }
        double tolerance = 5 * Math.sqrt(2 * 91 / n);
        assertEquals(1, ChainDiagnostics.quantileEss(.5, x) * tau / n, tolerance);
        double square = n * (1 - rho * rho) / (1 + rho * rho);
        assertEquals(1, ChainDiagnostics.meanEss(mapped(x, v -> v * v)) / square, tolerance);
        // Var s = 1 / (2 ESS of the squares)
        assertEquals(1, ChainDiagnostics.stdError(x) * Math.sqrt(2 * square), tolerance);
    }

    /** Over many runs the errors have the size that is stated. */
    @Test
    void statedErrorsAreErrors() {
        int runs = 400;
        double q = SpecialFunctions.normalQuantile(.9);
        double mean = 0;
        double quantile = 0;
        double std = 0;
        for (int r = 0; r < runs; r++) {
            double[][] x = autoregressive(.5, 2, 400, 1000 + r);
            ChainSummary s = ChainSummary.of(x);
            mean += Math.pow(s.mean() / s.meanError(), 2) / runs;
            std += Math.pow((s.std() - 1) / s.stdError(), 2) / runs;
            quantile +=
                    Math.pow((ChainDiagnostics.quantile(.9, x) - q) / ChainDiagnostics.quantileError(.9, x), 2) / runs;
        }
        // five standard errors of a mean of squares, and a tenth for the error of the error
        double tolerance = 5 * Math.sqrt(2.0 / runs) + .1;
        assertEquals(1, mean, tolerance, "mean");
        assertEquals(1, std, tolerance, "standard deviation");
        assertEquals(1, quantile, tolerance, "quantile");
    }

    @Test
    void chainsThatDisagreeHaveFewEffectiveDraws() {
        double[][] x = autoregressive(0, 4, 500, 8);
        double[][] apart = x.clone();
        apart[0] = Arrays.stream(x[0]).map(v -> v + 20).toArray();
        double ess = ChainDiagnostics.meanEss(apart);
        assertTrue(ess < 20, "one chain elsewhere: " + ess);
    }

    @Test
    void constants() {
        double[][] all = new double[3][10];
        for (double v : new double[] {
            ChainDiagnostics.rHat(all),
            ChainDiagnostics.splitRHat(all),
            ChainDiagnostics.bulkEss(all),
            ChainDiagnostics.tailEss(all),
            ChainDiagnostics.meanEss(all),
            ChainDiagnostics.meanError(all),
            ChainDiagnostics.stdError(all),
            ChainDiagnostics.quantileError(.5, all),
            ChainDiagnostics.energyFraction(all)[1],
            ChainDiagnostics.autocorrelation(all[0], 3)[1]
        }) {
            assertTrue(Double.isNaN(v), "" + v);
        }
        // a constant whose sum is rounded
        double[][] tenth = mapped(all, v -> .1);
        assertTrue(Double.isNaN(ChainDiagnostics.bulkEss(tenth)) && Double.isNaN(ChainDiagnostics.splitRHat(tenth)));
        double[][] stuck = {new double[10], new double[10]};
        Arrays.fill(stuck[1], 1);
        assertEquals(Double.POSITIVE_INFINITY, ChainDiagnostics.rHat(stuck));
        assertTrue(ChainDiagnostics.bulkEss(stuck) < 3);
        double[][] one = autoregressive(0, 4, 200, 2);
        Arrays.fill(one[3], .3);
        double r = ChainDiagnostics.rHat(one);
        assertTrue(r > 1.1 && Double.isFinite(r), "one chain stands still: " + r);
    }

    @Test
    void energies() {
        double[][] e = autoregressive(.6, 3, 20_000, 6);
        for (double f : ChainDiagnostics.energyFraction(e)) {
            // E (e_n - e_n-1)^2 = 2 (1 - rho) Var e
            assertEquals(.8, f, 5 * .8 * Math.sqrt(6.0 / 20_000));
        }
        // changes 1, 2, -1; squares of 0, 1, 3, 2 about 1.5 sum to 5
        assertEquals(6 / 5.0, ChainDiagnostics.energyFraction(new double[] {0, 1, 3, 2})[0], 1e-14);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 8, 13, 64, 97})
    void autocorrelationsByDirectSums(int n) {
        double[] x = autoregressive(.5, 1, n, n)[0];
        double mean = Arrays.stream(x).average().orElseThrow();
        double[] expected = new double[n];
        for (int t = 0; t < n; t++) {
            for (int i = 0; i + t < n; i++) {
                expected[t] += (x[i] - mean) * (x[i + t] - mean);
            }
        }
        double variance = expected[0];
        for (int t = 0; t < n; t++) {
            expected[t] /= variance;
        }
        assertArrayEquals(expected, ChainDiagnostics.autocorrelation(x, n - 1), 1e-12);
    }

    @Test
    void whatIsRefused() {
        assertThrows(ShapeException.class, () -> ChainDiagnostics.rHat());
        String few = assertThrows(ShapeException.class, () -> ChainDiagnostics.bulkEss(new double[] {1, 2, 3}))
                .getMessage();
        assertTrue(few.contains("3 draws") && few.contains("at least 4"), few);
        assertThrows(ShapeException.class, () -> ChainDiagnostics.rHat(new double[5], new double[6]));
        double[][] x = autoregressive(0, 2, 10, 1);
        x[1][3] = Double.NaN;
        String nan =
                assertThrows(NonFiniteException.class, () -> ChainSummary.of(x)).getMessage();
        assertTrue(nan.contains("draw 3 of chain 1"), nan);
        x[1][3] = Double.NEGATIVE_INFINITY;
        assertThrows(NonFiniteException.class, () -> ChainDiagnostics.energyFraction(x));
        x[1][3] = 0;
        assertThrows(ShapeException.class, () -> ChainDiagnostics.quantile(1, x));
        assertThrows(ShapeException.class, () -> ChainDiagnostics.autocorrelation(x[0], 10));
    }

    @Test
    void summaries() {
        ChainSummary s = ChainSummary.of(new double[] {1, 2, 3, 4, 5}, new double[] {5, 4, 3, 2, 1});
        assertEquals(3, s.mean(), 1e-15);
        assertEquals(3, s.median(), 1e-15);
        assertEquals(Math.sqrt(20 / 9.0), s.std(), 1e-15);
        // order statistics 1, 1, 2, .. at 0.05 * 9 = 0.45
        assertEquals(1, s.low(), 1e-15);
        assertEquals(5, s.high(), 1e-15);
    }
}
