package org.amortis.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Densities of continuous families far out and at extreme parameters, in float32 as programs compute them: value and
 * gradient against float64. What rounding value and parameters alone would change, 2^-24 of each number times its
 * derivative, is the unit of the tolerance: a formula that subtracts large terms does not pass. Derivatives may change by
 * what rounding changes of them.
 */
class ContinuousTailsTest {
    private static final double UNIT = 0x1p-24;

    @ParameterizedTest
    @CsvSource({
        "laplace, 1e6, 0 1",
        "laplace, 1e-10, 0 1e-12",
        "logistic, 200, 0 1",
        "logistic, -1e4, 0 1e-2",
        "cauchy, 1e30, 0 1",
        "cauchy, 1e-30, 0 1e-15",
        "gumbel, 100, 0 1",
        "gumbel, -3, 0 1",
        "gumbel, -60, 0 1",
        "studentT, 0.3, 1e6 0 1",
        "studentT, 3, 1e8 0 1",
        "studentT, 1e25, 2.5 0 1",
        "studentT, 1e10, 0.01 0 1",
        "gamma, 100500, 1e5 1",
        "gamma, 1e6, 1e6 1",
        "gamma, 1e-30, 0.01 1",
        "gamma, 80, 0.5 1",
        "gamma, 1e-3, 50 1",
        "gamma, 3e4, 30 1e-3",
        "inverseGamma, 1e10, 0.1 1",
        "inverseGamma, 0.01, 2 1",
        "inverseGamma, 1e-4, 1e4 1",
        "beta, 1e-20, 0.01 0.02",
        "beta, 0.3, 1e4 2e4",
        "beta, 0.3333, 1e5 2e5",
        "beta, 1e-4, 0.5 1e4",
        "beta, 0.9999999, 3 0.5",
        "exponential, 1e6, 1",
        "chi2, 1000, 1000",
        "chi2, 1e-20, 0.1",
        "halfNormal, 1e5, 1",
        "halfCauchy, 1e30, 1e-3",
        "weibull, 1e-20, 1 0.05",
        "weibull, 3, 1 5",
        "logNormal, 1e-30, 0 1",
        "logNormal, 1e30, 0 10",
        "truncatedNormal, 5.5, 0 1 5 Infinity",
        "truncatedNormal, 1000.001, 0 1 1000 Infinity",
        "truncatedNormal, -30.5, 0 1 -Infinity -30",
        "truncatedNormal, 100.25, 0 1 100 100.5",
        "truncatedNormal, 0.5, 0 1 -Infinity Infinity",
        "truncatedNormal, 3, 0 1 -Infinity 40",
        "truncatedNormal, -0.01, 0 1 -3 -0.001",
        "vonMises, 1.001, 1 1e6",
        "vonMises, -2, 1 1e-6",
        "vonMises, -2, 1 100"
    })
    void densityInFloat32(String name, double x, String parameters) {
        double[] p = ContinuousFamiliesTest.numbers(parameters);
        double[] at = new double[p.length + 1];
        at[0] = (float) x;
        for (int i = 0; i < p.length; i++) {
            at[i + 1] = (float) p[i];
        }
        TailsTest.Formula density = t -> {
            Tensor[] parts = new Tensor[p.length];
            Arrays.setAll(parts, i -> t.at(0, i + 1));
            return ContinuousFamiliesTest.make(name, parts).logProb(t.at(0, 0));
        };
        double[] wide = TailsTest.valueAndGradient(DType.F64, density, at);
        double[] narrow = TailsTest.valueAndGradient(DType.F32, density, at);
        double sensitivity = 1 + Math.abs(wide[0]);
        for (int i = 0; i < at.length; i++) {
            sensitivity += Double.isInfinite(at[i]) ? 0 : Math.abs(wide[i + 1] * at[i]);
        }
        assertTrue(Double.isFinite(wide[0]) && Double.isFinite(narrow[0]), wide[0] + " and " + narrow[0]);
        assertEquals(wide[0], narrow[0], 32 * UNIT * sensitivity);
        double[] curvature = null;
        for (int i = 0; i < at.length; i++) {
            assertTrue(Double.isFinite(narrow[i + 1]), "derivative " + i + " is " + narrow[i + 1]);
            // a derivative counts by what it does to the density over the size of its argument
            double size = Double.isInfinite(at[i]) ? 1 : Math.abs(at[i]);
            double error = Math.abs(wide[i + 1] - narrow[i + 1]) * size;
            double tolerance = 64 * UNIT * sensitivity;
            if (error > tolerance) {
                curvature = curvature == null ? curvature(density, at, wide) : curvature;
                tolerance += 32 * size * curvature[i + 1];
            }
            assertTrue(error <= tolerance, "derivative " + i + ": " + wide[i + 1] + " and " + narrow[i + 1]);
        }
    }

    /** What rounding the numbers alone changes of the derivatives: sums over changes of one number by 2^-24 of itself. */
    private static double[] curvature(TailsTest.Formula density, double[] at, double[] wide) {
        double[] sum = new double[wide.length];
        for (int j = 0; j < at.length; j++) {
            double[] moved = at.clone();
            moved[j] *= 1 + UNIT;
            double[] other = TailsTest.valueAndGradient(DType.F64, density, moved);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += Math.abs(other[i] - wide[i]);
            }
        }
        return sum;
    }
}
