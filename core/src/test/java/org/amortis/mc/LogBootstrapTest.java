package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.amortis.array.PlanException;
import org.junit.jupiter.api.Test;

final class LogBootstrapTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;

    /** Lognormal weights of spread s: the mean weight has a relative variance of (e^(s^2) - 1) / n. */
    @Test
    void lognormalWeights() {
        int n = 20_000;
        double s = .5;
        Random random = new Random(4);
        double[] a = random.doubles(n).map(u -> s * random.nextGaussian()).toArray();
        LogBootstrap b = LogBootstrap.of(a);
        // 200 samples know a deviation to 5%; three of them
        double exact = Math.sqrt(Math.expm1(s * s) / n);
        assertEquals(exact, b.logMeanExp(), .15 * exact);
        assertEquals(LogSums.standardError(a), b.logMeanExp(), .15 * exact);
        assertTrue(b.effectiveShare() > 0 && b.effectiveShare() < .02, b.toString());
    }

    /** The spread of the effective share over repetitions of the experiment itself. */
    @Test
    void effectiveShare() {
        int n = 500;
        int times = 400;
        Random random = new Random(5);
        double mean = 0;
        double square = 0;
        double told = 0;
        for (int i = 0; i < times; i++) {
            double[] a = random.doubles(n).map(u -> .4 * random.nextGaussian()).toArray();
            double share = LogSums.effectiveSamples(a) / n;
            mean += share / times;
            square += share * share / times;
            told += LogBootstrap.of(a).effectiveShare() / times;
        }
        // the deviation of 400 is known to 4%, and the bootstrap is a little low where tails are not seen
        double deviation = Math.sqrt((square - mean * mean) * times / (times - 1));
        assertEquals(deviation, told, .15 * deviation);
    }

    /** Two weights, drawn with replacement: with probability 1/2 they differ. */
    @Test
    void fewWeights() {
        double[] a = {0, Math.log(3)};
        // sums 2, 4, 4, 6: deviation of their logarithms, times sqrt 2 for two weights
        double[] log = {Math.log(2), Math.log(4), Math.log(4), Math.log(6)};
        double mean = (log[0] + log[1] + log[2] + log[3]) / 4;
        double variance = 0;
        for (double v : log) {
            variance += (v - mean) * (v - mean) / 4;
        }
        double exact = Math.sqrt(2 * variance);
        assertEquals(exact, LogBootstrap.of(a).logMeanExp(), .15 * exact);
    }

    @Test
    void extremes() {
        assertEquals(0, LogBootstrap.of(-3, -3, -3).logMeanExp(), 1e-12);
        assertEquals(LogBootstrap.of(0, 1, 2, 3), LogBootstrap.of(-1e4, 1 - 1e4, 2 - 1e4, 3 - 1e4));
        assertEquals(LogBootstrap.of(0, 1, NONE), LogBootstrap.of(0, 1, Double.NaN));
        assertTrue(Double.isNaN(LogBootstrap.of(1).logMeanExp()));
        assertTrue(Double.isNaN(LogBootstrap.of(NONE, NONE).logMeanExp()));
        assertThrows(PlanException.class, LogBootstrap::of);
    }

    /** Independent particles give the error that their runs' spread gives, with less noise. */
    @Test
    void overParticlesAndOverRuns() {
        Random random = new Random(6);
        int runs = 300;
        int n = 50;
        double[] z = new double[runs];
        java.util.List<Annealed> all = new java.util.ArrayList<>();
        for (int r = 0; r < runs; r++) {
            double[] a = random.doubles(n).map(u -> .6 * random.nextGaussian()).toArray();
            double sum = LogSums.logMeanExp(a);
            z[r] = sum;
            all.add(new Annealed(
                    sum,
                    java.util.Arrays.stream(a).map(v -> v - sum).toArray(),
                    org.amortis.array.HostArray.zeros(org.amortis.array.DType.F64, org.amortis.array.Shape.of(n, 1)),
                    new Ladder(),
                    1,
                    0));
        }
        LogNormaliser over = LogNormaliser.ofImportance(all);
        LogNormaliser by = LogNormaliser.of(z);
        assertEquals(by.logZ(), over.logZ(), 1e-12);
        assertEquals(by.standardError(), over.standardError(), .3 * by.standardError());
        assertEquals(runs, over.runs().size());
    }
}
