package org.amortis.diagnose;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.amortis.array.ShapeException;
import org.junit.jupiter.api.Test;

/** Rank correlation, moments and eigenvalues; gold values by scipy.stats.spearmanr and numpy. */
final class RanksTest {
    @Test
    void ties() {
        assertArrayEquals(new double[] {2.5, 1, 4, 2.5}, Ranks.ranks(3, 1, 7, 3));
        assertEquals(1, Ranks.correlation(new double[] {1, 2, 3}, new double[] {10, 20, 1000}), 1e-15);
        assertEquals(-1, Ranks.correlation(new double[] {1, 2, 3}, new double[] {0, -1, -9}), 1e-15);
        // scipy.stats.spearmanr([1, 2, 2, 4, 5], [3, 1, 4, 4, 9]) = 0.7631578947368421
        double[] a = {1, 2, 2, 4, 5};
        double[] b = {3, 1, 4, 4, 9};
        assertEquals(0.7631578947368421, Ranks.correlation(a, b), 1e-12);
        assertTrue(Double.isNaN(Ranks.correlation(new double[] {1, 1}, new double[] {1, 2})));
        assertThrows(ShapeException.class, () -> Ranks.correlation(a, new double[2]));
    }

    @Test
    void moments() {
        Moments m = Moments.of(1, 2, 3, 10);
        assertEquals(4, m.mean());
        assertEquals(Math.sqrt(50 / 3.0 / 4), m.standardError(), 1e-15);
        assertEquals(2.5, m.median());
        assertEquals(1, m.least());
        assertEquals(10, m.largest());
        assertTrue(Double.isNaN(Moments.of().mean()));
        assertTrue(Double.isNaN(Moments.of(3).standardError()));
    }

    @Test
    void eigenvectorsRebuildTheMatrix() {
        Random random = new Random(3);
        for (int n : new int[] {1, 2, 7, 50}) {
            double[] a = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    a[i * n + j] = random.nextGaussian();
                    a[j * n + i] = a[i * n + j];
                }
            }
            double[] d = a.clone();
            double[] v = Symmetric.eigen(d, n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double s = 0;
                    double unit = 0;
                    for (int k = 0; k < n; k++) {
                        s += v[i * n + k] * d[k * n + k] * v[j * n + k];
                        unit += v[k * n + i] * v[k * n + j];
                    }
                    assertEquals(a[i * n + j], s, 1e-11 * n);
                    assertEquals(i == j ? 1 : 0, unit, 1e-12 * n);
                }
            }
        }
    }
}
