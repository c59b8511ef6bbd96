package org.amortis.diagnose;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.math.GeneralisedPareto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PsisTest {
    /** Log weights of a generalised Pareto distribution of shape k: what exceeds a threshold has the same shape. */
    private static double[] pareto(double k, int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] w = new double[n];
        for (int i = 0; i < n; i++) {
            double e = -Math.log1p(-random.nextDouble());
            w[i] = Math.log(k == 0 ? e : Math.expm1(k * e) / k);
        }
        return w;
    }

    /** The estimate has a standard error near (1 + k) / sqrt(tail); the prior guess moves it towards 1/2. */
    @ParameterizedTest
    @ValueSource(doubles = {-.3, 0, .3, .5, .8, 1.2})
    void shapesAreFound(double k) {
        int n = 40_000;
        Psis p = Psis.of(pareto(k, n, 3));
        assertEquals(600, p.tail());
        double guess = (k * 600 + 5) / 610;
        assertEquals(guess, p.kHat(), 5 * (1 + k) / Math.sqrt(600));
        assertEquals(k < .7, p.reliable());
    }

    /** At the quantiles themselves there is no noise. */
    @ParameterizedTest
    @ValueSource(doubles = {-.5, -.1, .2, .7, 1.5})
    void fitOfQuantiles(double k) {
        GeneralisedPareto truth = new GeneralisedPareto(k, 2.5);
        int n = 2_000;
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = truth.quantile((i + .5) / n);
        }
        GeneralisedPareto fit = GeneralisedPareto.fit(x);
        assertEquals(k, fit.shape(), .02);
        assertEquals(2.5, fit.scale(), .05);
    }

    /** Weights without random numbers, by another program from the published formulas. */
    @Test
    void asAnotherProgram() {
        double[] w = new double[500];
        double[] i = new double[500];
        for (int j = 1; j <= 500; j++) {
            w[j - 1] = 2 * Math.sin(1.7 * j) + 1.5 * Math.sin(.3 * j * j) + Math.sin(.01 * j * j * j);
            i[j - 1] = j;
        }
        Psis p = Psis.of(w);
        assertEquals(68, p.tail());
        assertEquals(0.3200483583808501, p.kHat(), 1e-9);
        assertEquals(-5.22274674781225, p.logWeights().get(0), 1e-9);
        assertEquals(
                -3.4750652128738495,
                Arrays.stream(p.logWeights().doubles()).max().orElseThrow(),
                1e-9);
        assertEquals(97.97053300609964, p.ess(), 1e-7);
        assertEquals(255.59889917785065, p.mean(i), 1e-7);
    }

    @Test
    void quantiles() {
        // distribution functions 1 - (1 + x)^-1, 1 - e^-x and, of shape -1, x
        assertEquals(3, new GeneralisedPareto(1, 1).quantile(.75), 1e-13);
        assertEquals(Math.log(4), new GeneralisedPareto(0, 1).quantile(.75), 1e-13);
        assertEquals(.75, new GeneralisedPareto(-1, 1).quantile(.75), 1e-13);
    }

    @Test
    void smoothingKeepsOrderBodyAndLargest() {
        double[] raw = pareto(.6, 1000, 9);
        Psis p = Psis.of(raw);
        double[] w = p.logWeights().doubles();
        assertEquals(1, Arrays.stream(w).map(Math::exp).sum(), 1e-12);
        Integer[] order = new Integer[1000];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(raw[a], raw[b]));
        int tail = p.tail();
        assertEquals((int) Math.ceil(3 * Math.sqrt(1000)), tail);
        double shift = w[order[0]] - raw[order[0]];
        for (int i = 0; i < 1000; i++) {
            if (i < 1000 - tail) {
                assertEquals(raw[order[i]] + shift, w[order[i]], 1e-12, "the body is left alone");
            }
            assertTrue(i == 0 || w[order[i]] >= w[order[i - 1]], "order");
        }
        assertTrue(w[order[999]] <= raw[order[999]] + shift + 1e-12, "largest");
        Psis moved = Psis.of(Arrays.stream(raw).map(v -> v - 5000).toArray());
        assertEquals(p.kHat(), moved.kHat(), 1e-6);
        assertArrayEquals(w, moved.logWeights().doubles(), 1e-6);
    }

    /**
     * A normal target under a proposal of deviation s < 1: weights exp(x^2 (1/s^2 - 1) / 2) have the tail index 1 / (1 -
     * s^2), so k = 1 - s^2. Under a wider one they are bounded.
     */
    @Test
    void normalProposals() {
        SplittableRandom random = new SplittableRandom(4);
        int n = 40_000;
        double[] narrow = new double[n];
        double[] wide = new double[n];
        double[] squares = new double[n];
        for (int i = 0; i < n; i++) {
            double z = random.nextGaussian();
            narrow[i] = z * z * (1 - .6) / 2;
            wide[i] = z * z * (1 - 2) / 2;
            squares[i] = 2 * z * z;
        }
        // logarithms in the tail: the shape is reached slowly from above and below
        assertEquals(.4, Psis.of(narrow).kHat(), .2);
        Psis p = Psis.of(wide);
        assertTrue(p.kHat() < .1, "bounded weights: " + p.kHat());
        // proposal N(0, 2): effective share sqrt(3) / 2, and E x^2 = 1 under the target with an error of some 0.01
        assertEquals(n * Math.sqrt(3) / 2, p.ess(), .02 * n);
        assertEquals(1, p.mean(squares), 5 * 1.5 / Math.sqrt(n));
    }

    @Test
    void thresholds() {
        Psis p = Psis.of(pareto(.3, 1000, 2));
        assertEquals(2 / 3.0, p.threshold(), 1e-12);
        assertEquals(.7, Psis.of(pareto(.3, 100_000, 2)).threshold(), 1e-12);
        assertEquals(Math.pow(10, 1 / (1 - p.kHat())), p.drawsNeeded(), 1e-9);
        assertEquals(Double.POSITIVE_INFINITY, Psis.of(pareto(2, 1000, 2)).drawsNeeded());
        // chains: effective draws are fewer, the tail is longer
        assertEquals(190, Psis.of(pareto(.3, 1000, 2), .25).tail());
    }

    @Test
    void edges() {
        Psis same = Psis.of(new double[50]);
        assertEquals(Double.NEGATIVE_INFINITY, same.kHat());
        assertEquals(50, same.ess(), 1e-9);
        assertTrue(same.reliable());
        assertEquals(10, same.drawsNeeded(), 1e-12);
        Psis one = Psis.of(-7);
        assertEquals(0, one.logWeights().get(0), 1e-15);
        Psis few = Psis.of(0, 1, 2, 3);
        assertEquals(Double.POSITIVE_INFINITY, few.kHat());
        assertFalse(few.reliable());
        assertEquals(0, few.tail());
        assertEquals(
                3 - Math.log(1 + Math.E + Math.exp(2) + Math.exp(3)),
                few.logWeights().get(3),
                1e-12);
        // one weight beside which the others are nothing
        double[] single = new double[100];
        Arrays.fill(single, -2000);
        single[7] = 0;
        Psis alone = Psis.of(single);
        assertEquals(Double.POSITIVE_INFINITY, alone.kHat());
        assertEquals(1, alone.ess(), 1e-12);
        // weights of 0 are weights
        double[] half = pareto(.2, 1000, 5);
        for (int i = 0; i < 1000; i += 2) {
            half[i] = Double.NEGATIVE_INFINITY;
        }
        Psis some = Psis.of(half);
        assertTrue(Double.isFinite(some.kHat()));
        assertEquals(Double.NEGATIVE_INFINITY, some.logWeights().get(0));
        double[] values = new double[1000];
        values[0] = Double.POSITIVE_INFINITY;
        assertEquals(0, some.mean(values), 1e-15, "a weight of 0 times anything");
    }

    @Test
    void whatIsRefused() {
        assertThrows(ShapeException.class, () -> Psis.of());
        String nan = assertThrows(NonFiniteException.class, () -> Psis.of(0, Double.NaN))
                .getMessage();
        assertTrue(nan.contains("weight 1 of 2"), nan);
        assertThrows(NonFiniteException.class, () -> Psis.of(0, Double.POSITIVE_INFINITY));
        assertThrows(NonFiniteException.class, () -> Psis.of(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY));
        assertThrows(PlanException.class, () -> Psis.of(new double[] {1, 2}, 0));
        assertThrows(ShapeException.class, () -> Psis.of(1, 2).mean(1));
    }
}
