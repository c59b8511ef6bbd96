package org.amortis.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpecialFunctionsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    /** A function as the tables know it. */
    @FunctionalInterface
    interface Call {
        double of(double[] arguments);
    }

    /**
     * The rows of special-functions.txt. An error of {@code relative} times the value is allowed, plus {@code absolute}
     * (functions with zeros that are no doubles), and for tails also {@code perLog} times |ln value|: the rounding of
     * an exponent that large.
     */
    record Gold(String name, double relative, double absolute, double perLog, Call call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Gold> table() {
        return List.of(
                new Gold("erf", 5e-16, 0, 0, x -> SpecialFunctions.erf(x[0])),
                new Gold("erfc", 1e-15, 0, 0, x -> SpecialFunctions.erfc(x[0])),
                new Gold("erfcx", 1e-15, 0, 0, x -> SpecialFunctions.erfcx(x[0])),
                new Gold("normalCdf", 1e-15, 0, 0, x -> SpecialFunctions.normalCdf(x[0])),
                new Gold("logNormalCdf", 1e-15, 0, 0, x -> SpecialFunctions.logNormalCdf(x[0])),
                new Gold("normalQuantile", 1e-15, 0, 0, x -> SpecialFunctions.normalQuantile(x[0])),
                new Gold("erfinv", 1e-15, 0, 0, x -> SpecialFunctions.erfinv(x[0])),
                new Gold("erfcinv", 1e-15, 0, 0, x -> SpecialFunctions.erfcinv(x[0])),
                new Gold("lgamma", 1e-15, 0, 0, x -> SpecialFunctions.lgamma(x[0])),
                new Gold("lgammaLeft", 1e-15, 4e-15, 0, x -> SpecialFunctions.lgamma(x[0])),
                new Gold("digamma", 1e-15, 0, 0, x -> SpecialFunctions.digamma(x[0])),
                new Gold("digammaLeft", 1e-15, 2e-15, 0, x -> SpecialFunctions.digamma(x[0])),
                new Gold("polygamma", 2e-15, 0, 0, x -> SpecialFunctions.polygamma((int) x[0], x[1])),
                new Gold("polygammaLeft", 6e-15, 0, 0, x -> SpecialFunctions.polygamma((int) x[0], x[1])),
                new Gold("gammaP", 3e-15, 0, 1e-15, x -> SpecialFunctions.gammaP(x[0], x[1])),
                new Gold("gammaQ", 3e-15, 0, 1e-15, x -> SpecialFunctions.gammaQ(x[0], x[1])),
                new Gold("logGammaP", 4e-15, 0, 1e-15, x -> SpecialFunctions.logGammaP(x[0], x[1])),
                new Gold("logGammaQ", 4e-15, 0, 1e-15, x -> SpecialFunctions.logGammaQ(x[0], x[1])),
                new Gold("gammaLogQuantile", 2e-15, 4e-15, 0, x -> SpecialFunctions.gammaLogQuantile(x[0], x[1])),
                new Gold("logBeta", 1e-15, 2e-15, 0, x -> SpecialFunctions.logBeta(x[0], x[1])),
                new Gold("betainc", 8e-15, 0, 1e-15, x -> SpecialFunctions.betainc(x[0], x[1], x[2])),
                new Gold("betaincRight", 1e-14, 2e-15, 0, x -> SpecialFunctions.betainc(x[0], x[1], x[2])),
                new Gold("betaincHuge", 3e-13, 0, 1e-15, x -> SpecialFunctions.betainc(x[0], x[1], x[2])),
                new Gold("besselI0e", 1e-15, 0, 0, x -> SpecialFunctions.besselI0e(x[0])),
                new Gold("besselI1e", 1e-15, 0, 0, x -> SpecialFunctions.besselI1e(x[0])),
                new Gold("sigmoid", 5e-16, 0, 0, x -> SpecialFunctions.sigmoid(x[0])),
                new Gold("logSigmoid", 5e-16, 0, 0, x -> SpecialFunctions.logSigmoid(x[0])),
                new Gold("softplus", 5e-16, 0, 0, x -> SpecialFunctions.softplus(x[0])),
                new Gold("log1mexp", 1e-15, 0, 0, x -> SpecialFunctions.log1mexp(x[0])));
    }

    @ParameterizedTest
    @MethodSource("table")
    void agreesWithFiftyDigits(Gold gold) throws IOException {
        List<String> bad = new ArrayList<>();
        int rows = 0;
        double worst = 0;
        for (String[] row : rows()) {
            if (!row[0].equals(gold.name())) {
                continue;
            }
            rows++;
            double[] x = new double[row.length - 2];
            for (int i = 0; i < x.length; i++) {
                x[i] = Double.parseDouble(row[i + 1]);
            }
            double expected = Double.parseDouble(row[row.length - 1]);
            double actual = gold.call.of(x);
            double size = Math.abs(expected);
            // Where numbers are subnormal three units of the last place stand for the relative bound.
            double allowed = size * (gold.relative + gold.perLog * Math.abs(Math.log(size + Double.MIN_NORMAL)))
                    + gold.absolute
                    + 3 * Double.MIN_VALUE;
            double error = Math.abs(actual - expected);
            if (!(error <= allowed)) {
                bad.add(String.join(" ", row) + " gave " + actual
                        + String.format(Locale.ROOT, ", error %.2e, allowed %.2e", error, allowed));
            }
            worst = Math.max(worst, error / allowed);
        }
        if (Boolean.getBoolean("org.amortis.math.worst")) {
            System.out.printf(Locale.ROOT, "%-16s %4d rows, worst %.2f of allowed%n", gold, rows, worst);
        }
        assertTrue(rows >= 10, "rows=" + rows);
        assertTrue(bad.isEmpty(), () -> bad.size() + " rows:\n" + String.join("\n", bad));
    }

    private static List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(
                        SpecialFunctionsTest.class.getResourceAsStream("special-functions.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    rows.add(line.split(" ", -1));
                }
            }
        }
        return rows;
    }

    /** Argument, value; exact, and a zero may have either sign. */
    private static void assertTable(DoubleUnaryOperator f, double... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            assertEquals(pairs[i + 1] + 0.0, f.applyAsDouble(pairs[i]) + 0.0, "at " + pairs[i]);
        }
    }

    @Test
    void edges() {
        assertTable(SpecialFunctions::erf, 0, 0, INF, 1, -INF, -1, NAN, NAN, 30, 1);
        assertTable(SpecialFunctions::erfc, 0, 1, INF, 0, -INF, 2, NAN, NAN, 30, 0, 1e300, 0);
        assertTable(SpecialFunctions::erfcx, 0, 1, INF, 0, -INF, INF, NAN, NAN, -30, INF);
        assertTable(SpecialFunctions::erfinv, 0, 0, 1, INF, -1, -INF, NAN, NAN, 1.1, NAN, -1.1, NAN);
        assertTable(SpecialFunctions::erfcinv, 1, 0, 0, INF, 2, -INF, NAN, NAN, -0.1, NAN, 2.1, NAN);
        assertTable(SpecialFunctions::normalCdf, 0, 0.5, INF, 1, -INF, 0, NAN, NAN, 1e300, 1, -1e300, 0);
        assertTable(SpecialFunctions::logNormalCdf, 0, Math.log(0.5), INF, 0, -INF, -INF, NAN, NAN, -1e200, -INF);
        assertTable(SpecialFunctions::normalQuantile, 0, -INF, 0.5, 0, 1, INF, NAN, NAN, -1, NAN, 1.5, NAN);
        assertTable(
                SpecialFunctions::lgamma,
                0,
                INF,
                -0.0,
                INF,
                1,
                0,
                2,
                0,
                -1,
                INF,
                -1e300,
                INF,
                INF,
                INF,
                -INF,
                INF,
                NAN,
                NAN,
                1e308,
                INF);
        assertTable(SpecialFunctions::digamma, 0, -INF, -0.0, INF, -3, NAN, INF, INF, -INF, NAN, NAN, NAN, -1e300, NAN);
        assertTable(SpecialFunctions::trigamma, 0, INF, -0.0, INF, -3, INF, INF, 0, -INF, NAN, NAN, NAN, 1e-200, INF);
        assertTable(
                x -> SpecialFunctions.polygamma(2, x),
                0,
                -INF,
                -0.0,
                INF,
                -3,
                NAN,
                INF,
                0,
                -INF,
                NAN,
                NAN,
                NAN,
                1e-150,
                -INF);
        assertTable(SpecialFunctions::besselI0e, 0, 1, INF, 0, -INF, 0, NAN, NAN);
        assertTable(SpecialFunctions::besselI1e, 0, 0, INF, 0, -INF, 0, NAN, NAN);
        assertTable(SpecialFunctions::sigmoid, 0, 0.5, INF, 1, -INF, 0, NAN, NAN);
        assertTable(SpecialFunctions::logSigmoid, 0, -Math.log(2), INF, 0, -INF, -INF, NAN, NAN);
        assertTable(SpecialFunctions::softplus, 0, Math.log(2), INF, INF, -INF, 0, NAN, NAN);
        assertTable(SpecialFunctions::log1mexp, 0, -INF, -0.0, -INF, -INF, 0, NAN, NAN, 1, NAN);
        assertThrows(IllegalArgumentException.class, () -> SpecialFunctions.polygamma(-1, 2));
        assertThrows(IllegalArgumentException.class, () -> SpecialFunctions.polygamma(21, 2));
    }

    @Test
    void edgesOfTheIncompleteFunctions() {
        double[][] gamma = {
            {0, 0, NAN},
            {0, 1, 1},
            {0, INF, 1},
            {2, 0, 0},
            {2, INF, 1},
            {INF, 5, 0},
            {INF, 0, 0},
            {INF, INF, NAN},
            {-1, 2, NAN},
            {2, -1, NAN},
            {NAN, 1, NAN},
            {1, NAN, NAN},
            {1e300, 1, 0},
            {1, 1e300, 1},
            {1e-300, 1e-300, 1}
        };
        for (double[] g : gamma) {
            String at = g[0] + " " + g[1];
            assertEquals(g[2], SpecialFunctions.gammaP(g[0], g[1]), at);
            assertEquals(
                    Math.log(g[2]), SpecialFunctions.logGammaP(g[0], g[1]), Math.abs(g[0]) > 1e200 ? INF : 1e-200, at);
            if (g[0] != 1e-300) {
                assertEquals(1 - g[2], SpecialFunctions.gammaQ(g[0], g[1]), at);
            }
        }
        double[][] beta = {
            {2, 3, 0, 0},
            {2, 3, 1, 1},
            {0, 3, 0.5, 1},
            {2, 0, 0.5, 0},
            {2, 0, 1, 1},
            {0, 0, 0.5, NAN},
            {INF, 2, 0.5, 0},
            {INF, 2, 1, 1},
            {2, INF, 0.5, 1},
            {2, INF, 0, 0},
            {INF, INF, 0.5, NAN},
            {-1, 2, 0.5, NAN},
            {2, 2, 1.5, NAN},
            {2, 2, -0.5, NAN},
            {NAN, 2, 0.5, NAN},
            {1, 1, 0.25, 0.25}
        };
        for (double[] b : beta) {
            assertEquals(b[3], SpecialFunctions.betainc(b[0], b[1], b[2]), 1e-16, b[0] + " " + b[1] + " " + b[2]);
        }
        double[][] logBeta = {
            {1, 1, 0},
            {0, 2, INF},
            {INF, 2, -INF},
            {2, INF, -INF},
            {0, INF, NAN},
            {-1, 2, NAN},
            {NAN, 2, NAN},
            {2, NAN, NAN}
        };
        for (double[] b : logBeta) {
            assertEquals(b[2], SpecialFunctions.logBeta(b[0], b[1]) + 0.0, b[0] + " " + b[1]);
        }
        double[][] quantile = {
            {2, 0, 0}, {2, 1, INF}, {0, 0.5, NAN}, {-1, 0.5, NAN}, {2, -0.1, NAN}, {2, 1.1, NAN}, {1e-3, 0.4, 0}
        };
        for (double[] q : quantile) {
            assertEquals(q[2], SpecialFunctions.gammaQuantile(q[0], q[1]), q[0] + " " + q[1]);
        }
    }

    // Arguments of any size: no branch may leave the range of its function or give NaN.
    @Test
    void anySizeStaysInRange() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            double a = Math.pow(10, 600 * random.nextDouble() - 300);
            double b = a * Math.pow(10, random.nextBoolean() ? 4 * random.nextDouble() - 2 : 0);
            if (random.nextBoolean()) {
                b = Math.pow(10, 600 * random.nextDouble() - 300);
            }
            String at = a + " " + b;
            double p = SpecialFunctions.gammaP(a, b);
            double q = SpecialFunctions.gammaQ(a, b);
            assertTrue(p >= 0 && p <= 1 && q >= 0 && q <= 1, at);
            assertEquals(1, p + q, 4e-15, at);
            assertTrue(SpecialFunctions.logGammaP(a, b) <= 0 && SpecialFunctions.logGammaQ(a, b) <= 0, at);
            assertTrue(!Double.isNaN(SpecialFunctions.logBeta(a, b)), at);
            assertTrue(GammaSampler.logSampleDerivative(a, Math.log(b)) >= 0, at);
            double x = random.nextBoolean() ? random.nextDouble() : a / (a + b);
            double y = SpecialFunctions.betainc(a, b, x);
            assertTrue(y >= 0 && y <= 1, at + " " + x);
            assertTrue(!Double.isNaN(SpecialFunctions.gammaLogQuantile(a, x)), at + " " + x);
        }
    }

    // Identities that hold for every argument, on arguments that no table holds.
    @Test
    void identities() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            double x = 12 * random.nextDouble();
            double a = Math.exp(14 * random.nextDouble() - 7);
            double b = Math.exp(14 * random.nextDouble() - 7);
            assertEquals(2, SpecialFunctions.erfc(x) + SpecialFunctions.erfc(-x), 4e-16);
            assertClose(x, SpecialFunctions.erfcinv(SpecialFunctions.erfc(x)), 4e-15 / Math.min(1, x));
            assertClose(-x, SpecialFunctions.normalQuantile(SpecialFunctions.normalCdf(-x)), 4e-15 / Math.min(1, x));
            assertClose(SpecialFunctions.lgamma(a + 1), SpecialFunctions.lgamma(a) + Math.log(a), 8e-16, 4e-15);
            double g = a * Math.pow(0.3 + 1.4 * random.nextDouble(), 3);
            assertEquals(1, SpecialFunctions.gammaP(a, g) + SpecialFunctions.gammaQ(a, g), 4e-15);
            // The recurrence P(a, x) - P(a + 1, x) = x^a e^-x / Gamma(a + 1), where a exponent of size 40 a is rounded.
            double step = Math.exp(a * Math.log(g) - g - SpecialFunctions.lgamma(a + 1));
            assertEquals(
                    step, SpecialFunctions.gammaP(a, g) - SpecialFunctions.gammaP(a + 1, g), 1e-15 * (10 + 40 * a));
            double u = random.nextDouble();
            assertEquals(1, SpecialFunctions.betainc(a, b, u) + SpecialFunctions.betainc(b, a, 1 - u), 1e-12);
            assertEquals(SpecialFunctions.logBeta(a, b), SpecialFunctions.logBeta(b, a));
            double l = SpecialFunctions.gammaLogQuantile(a, u);
            if (l > -700) {
                assertClose(u, SpecialFunctions.gammaP(a, Math.exp(l)), 1e-14 + 4e-16 * Math.abs(l) * a);
            }
        }
    }

    private static void assertClose(double expected, double actual, double relative) {
        assertClose(expected, actual, relative, 0);
    }

    private static void assertClose(double expected, double actual, double relative, double absolute) {
        assertEquals(expected, actual, relative * Math.abs(expected) + absolute);
    }
}
