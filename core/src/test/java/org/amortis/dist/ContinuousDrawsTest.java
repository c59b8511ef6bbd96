package org.amortis.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.math.SpecialFunctions;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws as programs make them, in both float types, against distribution functions of their own. */
class ContinuousDrawsTest {
    private static final int MANY = 4000;

    private static double phi(double z) {
        return SpecialFunctions.normalCdf(z);
    }

    /** Distribution function of a truncated normal variable, from the end that is nearer. */
    private static double truncated(double a, double b, double z) {
        if (a > 0) {
            return 1 - truncated(-b, -a, -z);
        }
        double top = SpecialFunctions.logNormalCdf(b);
        double rest = Double.isInfinite(a) ? 0 : Math.exp(SpecialFunctions.logNormalCdf(a) - top);
        return (Math.exp(SpecialFunctions.logNormalCdf(z) - top) - rest) / (1 - rest);
    }

    /** By Simpson's rule on the density. */
    private static double vonMises(double location, double concentration, double x) {
        int n = 2000;
        double h = (x + Math.PI) / n;
        double sum = 0;
        for (int i = 0; i <= n; i++) {
            double w = i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2;
            sum += w * Math.exp(concentration * (Math.cos(-Math.PI + i * h - location) - 1));
        }
        return sum * h / 3 / (2 * Math.PI * SpecialFunctions.besselI0e(concentration));
    }

    private static DoubleUnaryOperator distribution(String name, double... p) {
        double s = p.length > 1 ? p[1] : p[0];
        return switch (name) {
            case "laplace" -> x -> x < p[0] ? 0.5 * Math.exp((x - p[0]) / s) : 1 - 0.5 * Math.exp((p[0] - x) / s);
            case "logistic" -> x -> 1 / (1 + Math.exp((p[0] - x) / s));
            case "cauchy" -> x -> 0.5 + Math.atan((x - p[0]) / s) / Math.PI;
            case "gumbel" -> x -> Math.exp(-Math.exp((p[0] - x) / s));
            case "studentT" ->
                x -> {
                    double z = (x - p[1]) / p[2];
                    double half = 0.5 * SpecialFunctions.betainc(p[0] / 2, 0.5, p[0] / (p[0] + z * z));
                    return z < 0 ? half : 1 - half;
                };
            case "gamma" -> x -> SpecialFunctions.gammaP(p[0], p[1] * x);
            case "inverseGamma" -> x -> SpecialFunctions.gammaQ(p[0], p[1] / x);
            case "beta" -> x -> SpecialFunctions.betainc(p[0], p[1], x);
            case "exponential" -> x -> -Math.expm1(-p[0] * x);
            case "chi2" -> x -> SpecialFunctions.gammaP(p[0] / 2, x / 2);
            case "halfNormal" -> x -> SpecialFunctions.erf(x / (p[0] * Math.sqrt(2)));
            case "halfCauchy" -> x -> 2 / Math.PI * Math.atan(x / p[0]);
            case "weibull" -> x -> -Math.expm1(-Math.pow(x / p[0], p[1]));
            case "logNormal" -> x -> phi((Math.log(x) - p[0]) / s);
            case "truncatedNormal" -> x -> truncated((p[2] - p[0]) / s, (p[3] - p[0]) / s, (x - p[0]) / s);
            case "vonMises" -> x -> vonMises(p[0], p[1], x);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The Kolmogorov-Smirnov distance; sqrt(n) times it is above 2.3 once in 20,000 times. */
    @ParameterizedTest
    @CsvSource({
        "laplace, 0.5 2",
        "logistic, 0.5 2",
        "cauchy, 0.5 2",
        "gumbel, 0.5 2",
        "studentT, 3.5 0.5 2",
        "studentT, 0.7 0 1",
        "gamma, 2.5 0.5",
        "gamma, 0.2 3",
        "gamma, 300 2",
        "inverseGamma, 2.5 0.5",
        "inverseGamma, 0.3 2",
        "beta, 2.5 0.75",
        "beta, 0.3 0.4",
        "beta, 30 200",
        "exponential, 2",
        "chi2, 3",
        "halfNormal, 2",
        "halfCauchy, 2",
        "weibull, 2 1.5",
        "weibull, 2 0.3",
        "logNormal, 0.5 0.75",
        "truncatedNormal, 0.5 2 -1 3",
        "truncatedNormal, 0 1 5 Infinity",
        "truncatedNormal, 0 1 -Infinity -30",
        "truncatedNormal, 0 1 100 100.02",
        "truncatedNormal, 1 0.5 -Infinity 40",
        "truncatedNormal, 0 1 -0.1 Infinity",
        "truncatedNormal, 2 3 -Infinity Infinity",
        "truncatedNormal, 0 1 -3 -0.01",
        "vonMises, 0.5 2",
        "vonMises, 3 0.2",
        "vonMises, -1 0.49",
        "vonMises, 2 200"
    })
    void drawsHaveTheirDistribution(String name, String parameters) {
        double[] p = ContinuousFamiliesTest.numbers(parameters);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Tensor[] t = Arrays.stream(p)
                    .mapToObj(v -> Tensors.fill(v, type, Shape.SCALAR))
                    .toArray(Tensor[]::new);
            Distribution d = ContinuousFamiliesTest.make(name, t);
            Tensor x = d.sample(Key.of(11), MANY);
            double[] draws = Run.eval(x).toDoubles();
            assertTrue(
                    Arrays.stream(Run.eval(d.support().contains(x).cast(DType.F32))
                                    .toDoubles())
                            .allMatch(v -> v == 1),
                    "inside the support");
            assertTrue(
                    Arrays.stream(Run.eval(d.sampleAndLogProb(Key.of(11), MANY).logProb())
                                    .toDoubles())
                            .allMatch(Double::isFinite),
                    "density of draws");
            Arrays.sort(draws);
            DoubleUnaryOperator f = distribution(name, p);
            double distance = 0;
            for (int i = 0; i < MANY; i++) {
                double q = f.applyAsDouble(draws[i]);
                distance = Math.max(distance, Math.max(q - i / (double) MANY, (i + 1) / (double) MANY - q));
            }
            assertTrue(Math.sqrt(MANY) * distance < 2.3, type + ": " + Math.sqrt(MANY) * distance);
        }
    }

    /** Far out draws stay finite numbers inside the support, and their density comes with them. */
    @ParameterizedTest
    @CsvSource({
        "gamma, 0.001 1", "gamma, 1e6 1e-3", "inverseGamma, 0.001 1", "beta, 0.001 0.001", "beta, 1e-3 1e4",
        "studentT, 0.01 0 1", "chi2, 0.01", "weibull, 1 0.01", "logNormal, 80 30", "truncatedNormal, 0 1 1000 Infinity",
        "truncatedNormal, 0 1e-3 1 2", "vonMises, 1 1e6", "vonMises, 1 1e-6", "halfCauchy, 1e10"
    })
    void extremeDrawsAreFinite(String name, String parameters) {
        Tensor[] t = Arrays.stream(ContinuousFamiliesTest.numbers(parameters))
                .mapToObj(v -> Tensors.fill(v, DType.F32, Shape.SCALAR))
                .toArray(Tensor[]::new);
        Distribution d = ContinuousFamiliesTest.make(name, t);
        Drawn drawn = d.sampleAndLogProb(Key.of(12), 1000);
        double[] x = Run.eval(drawn.value()).toDoubles();
        double[] p = Run.eval(drawn.logProb()).toDoubles();
        double[] inside =
                Run.eval(d.support().contains(drawn.value()).cast(DType.F32)).toDoubles();
        for (int i = 0; i < x.length; i++) {
            assertTrue(Double.isFinite(x[i]) && Double.isFinite(p[i]), name + ": " + x[i] + " with " + p[i]);
            assertEquals(1, inside[i], name + ": " + x[i]);
        }
    }
}
