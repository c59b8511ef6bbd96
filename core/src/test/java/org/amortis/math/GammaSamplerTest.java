package org.amortis.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GammaSamplerTest {
    private static final long KEY = 0x1234_5678_9abc_def0L;

    @Test
    void derivativeAgreesWithDifferencesInNinetyDigits() throws IOException {
        List<String> bad = new ArrayList<>();
        int rows = 0;
        double worst = 0;
        try (InputStream in =
                        Objects.requireNonNull(GammaSamplerTest.class.getResourceAsStream("gamma-derivative.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                rows++;
                String[] row = line.split(" ", -1);
                double a = Double.parseDouble(row[0]);
                double x = Double.parseDouble(row[1]);
                double expected = Double.parseDouble(row[2]);
                double actual = GammaSampler.sampleDerivative(a, x) / x;
                double error = Math.abs(actual / expected - 1);
                worst = Math.max(worst, error);
                if (!(error <= 1e-13)) {
                    bad.add(line + " gave " + actual + String.format(Locale.ROOT, ", error %.1e", error));
                }
                // exp(ln x) is not x but x (1 + ln x ulps), and the derivative moves with x.
                double ofLog = GammaSampler.logSampleDerivative(a, Math.log(x));
                assertEquals(expected, ofLog, 1e-11 * expected, line);
            }
        }
        if (Boolean.getBoolean("org.amortis.math.worst")) {
            System.out.printf(Locale.ROOT, "gammaDerivative %d rows, worst %.2e%n", rows, worst);
        }
        assertTrue(rows > 400, "rows=" + rows);
        assertTrue(bad.isEmpty(), () -> bad.size() + " rows:\n" + String.join("\n", bad));
    }

    // F(x) = x^a / Gamma(a + 1) where x is as small as that, so that ln x = (ln p + lgamma(a + 1)) / a.
    @Test
    void derivativeOfWhatUnderflows() {
        for (double a : new double[] {1e-6, 1e-3, 0.1, 0.9, 3}) {
            for (double logX : new double[] {-40, -700, -760, -1e4, -1e9}) {
                double expected = (SpecialFunctions.digamma(a + 1) - logX) / a;
                assertEquals(expected, GammaSampler.logSampleDerivative(a, logX), 1e-14 * expected);
            }
        }
    }

    // Independent of the table: the quantile at two shapes. Its error of 4e-15 over a difference of 2e-5 a leaves 1e-9.
    @Test
    void derivativeIsTheSlopeOfTheQuantile() {
        for (double a : new double[] {0.05, 0.4, 1, 3, 29, 31, 400, 1e5}) {
            for (double p : new double[] {1e-12, 0.01, 0.3, 0.5, 0.9, 0.999}) {
                double h = 1e-5 * a;
                double slope =
                        (SpecialFunctions.gammaLogQuantile(a + h, p) - SpecialFunctions.gammaLogQuantile(a - h, p))
                                / (2 * h);
                double logX = SpecialFunctions.gammaLogQuantile(a, p);
                assertEquals(slope, GammaSampler.logSampleDerivative(a, logX), 3e-9 * slope * (1 + Math.abs(logX)));
            }
        }
    }

    // Kolmogorov and Smirnov: n D^2 > 6.25 has probability below 2 e^-12.5 = 8e-6, by Massart's inequality.
    @ParameterizedTest
    @ValueSource(doubles = {1e-4, 0.02, 0.5, 0.999, 1, 1.5, 10, 1e3, 1e6, 1e13})
    void variatesHaveTheDistribution(double alpha) {
        int n = 1 << 16;
        double[] u = new double[n];
        int[] scratch = new int[4];
        for (int i = 0; i < n; i++) {
            double log = GammaSampler.logSample(alpha, KEY, i, 3, 4, scratch);
            double x = Math.exp(log);
            u[i] = log < -600
                    ? Math.exp(alpha * log - SpecialFunctions.lgamma(1 + alpha))
                    : SpecialFunctions.gammaP(alpha, x);
            assertEquals(x, GammaSampler.sample(alpha, KEY, i, 3, 4, scratch));
        }
        Arrays.sort(u);
        double d = 0;
        for (int i = 0; i < n; i++) {
            d = Math.max(d, Math.max(u[i] - (double) i / n, (i + 1.0) / n - u[i]));
        }
        assertTrue(n * d * d < 6.25, "n D^2 = " + n * d * d);
    }

    @Test
    void anElementOfTheFieldOwnsThirtyTwoWordsOfTheStream() {
        int[] scratch = new int[4];
        for (double alpha : new double[] {1e-3, 0.7, 1, 1.1, 55}) {
            for (long index : new long[] {0, 1, 77, 1L << 40}) {
                IntUnaryOperator words = i -> {
                    assertTrue(i >= 0 && i < GammaSampler.MAX_WORDS, "word " + i);
                    return Philox.word(KEY, 32 * index + i, 5, 6);
                };
                double log = GammaSampler.logSample(alpha, words);
                assertEquals(log, GammaSampler.logSample(alpha, KEY, index, 5, 6, scratch));
                assertEquals(Math.exp(log), GammaSampler.sample(alpha, words));
            }
        }
    }

    @Test
    void afterTheLastAttemptComesTheQuantile() {
        // Words 0 make the normal -8.2, which shapes of order 1 refuse.
        IntUnaryOperator words = i -> i < 28 ? 0 : i < 30 ? 0x40000000 : 0x12345678;
        double u = Philox.uniform64(0x12345678, 0x12345678);
        double v = Philox.uniform64(0x40000000, 0x40000000);
        assertEquals(SpecialFunctions.gammaLogQuantile(1.5, u), GammaSampler.logSample(1.5, words));
        assertEquals(
                SpecialFunctions.gammaLogQuantile(1.01, u) + Math.log(v) / 0.01,
                GammaSampler.logSample(0.01, words),
                1e-12);
    }

    @Test
    void extremeWordsGiveNumbers() {
        for (double alpha : new double[] {1e-300, 1e-3, 0.5, 1, 1.5, 1e5, 1e300}) {
            for (int word : new int[] {0, -1, 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                double log = GammaSampler.logSample(alpha, i -> word);
                assertTrue(!Double.isNaN(log) && log < 800, alpha + " " + word + " " + log);
            }
        }
    }

    @Test
    void outsideTheDomain() {
        for (double alpha : new double[] {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(Double.NaN, GammaSampler.logSample(alpha, i -> i));
            assertEquals(Double.NaN, GammaSampler.sample(alpha, KEY, 0, 0, 0, new int[4]));
            assertEquals(Double.NaN, GammaSampler.sampleDerivative(alpha, 1));
            assertEquals(Double.NaN, GammaSampler.logSampleDerivative(alpha, 1));
        }
        assertEquals(0, GammaSampler.sampleDerivative(2, 0));
        assertEquals(Double.NaN, GammaSampler.sampleDerivative(2, Double.NaN));
        assertEquals(Double.NaN, GammaSampler.sampleDerivative(2, -1));
        assertEquals(Double.POSITIVE_INFINITY, GammaSampler.logSampleDerivative(2, Double.NEGATIVE_INFINITY));
    }
}
