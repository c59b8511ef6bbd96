package org.amortis.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.junit.jupiter.api.Test;

final class LogWeightsTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;

    @Test
    void extremes() {
        assertEquals(Math.log(1.5), LogWeights.logMeanExp(0, Math.log(2)), 1e-15);
        assertEquals(-1e4 + Math.log(.5), LogWeights.logMeanExp(-1e4, -2e4), 1e-12);
        assertEquals(Math.log(1 / 3.0), LogWeights.logMeanExp(NONE, 0, Double.NaN), 1e-15);
        assertEquals(NONE, LogWeights.logMeanExp(NONE, NONE));
        assertEquals(1, LogWeights.effectiveSamples(0, -800, NONE), 1e-12);
        assertEquals(3, LogWeights.effectiveSamples(-700, -700, -700), 1e-12);
        assertEquals(0, LogWeights.effectiveSamples(NONE));
        assertTrue(Double.isNaN(LogWeights.standardDeviation(1)));
        assertEquals(Math.sqrt(2), LogWeights.standardDeviation(1, 3), 1e-15);
    }

    /** Mirrored pairs are one observation: pairs (1, 5), (2, 4) have means 3, 3 and no spread. */
    @Test
    void pairsCountOnce() {
        assertEquals(0, LogWeights.standardError(new double[] {1, 2, 5, 4}, 2, 4), 1e-15);
        double single = LogWeights.standardError(new double[] {1, 2, 5, 4}, 0, 4);
        assertEquals(Math.sqrt(10 / 3.0 / 4), single, 1e-15);
    }

    /** Weights 1 / u^k are Pareto of shape k: at their quantiles the estimate is near it, pulled to 1/2 a little. */
    @Test
    void tailShape() {
        int n = 10_000;
        for (double k : new double[] {.1, .4, .7, 1.2}) {
            double[] log = new double[n];
            for (int i = 0; i < n; i++) {
                log[i] = -k * Math.log((i + .5) / n);
            }
            // 300 weights in the tail: standard deviation (1 + k) / sqrt(300), prior 10 observations of 1/2
            assertEquals((300 * k + 5) / 310, LogWeights.paretoShape(log), 2 * (1 + k) / Math.sqrt(300));
        }
        assertTrue(Double.isNaN(LogWeights.paretoShape(1, 2, 3)));
        assertTrue(Double.isNaN(LogWeights.paretoShape(new double[100])));
    }

    @Test
    void gaussiansOnTheHost() {
        HostArray mean = HostArray.wrap(new double[] {1, 2, 3, 4}, Shape.of(2, 2));
        HostArray scale = HostArray.wrap(new double[] {0, Math.log(2), 1, 1}, Shape.of(2, 2));
        Gaussians g = new Gaussians(GaussianFamily.DIAGONAL, mean, scale);
        assertArrayEquals(new double[] {1, 0, 0, 4}, g.covariance(0), 1e-15);
        assertArrayEquals(g.covariance(1), g.toFull().covariance(1), 1e-15);
        Gaussians other = Gaussians.standard(GaussianFamily.DIAGONAL, DType.F64, 2, 2);
        Gaussians mixed = g.where(new boolean[] {false, true}, other);
        assertArrayEquals(new double[] {0, 0, 3, 4}, mixed.mean().doubles());
        assertArrayEquals(new double[] {3, 4}, g.rows(1, 2).mean().doubles());
        assertThrows(ShapeException.class, () -> new Gaussians(GaussianFamily.FULL, mean, scale));
        assertThrows(ShapeException.class, () -> g.where(new boolean[] {true, true}, other.toFull()));
    }
}
