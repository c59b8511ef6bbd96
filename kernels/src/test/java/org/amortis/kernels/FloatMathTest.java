package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.amortis.math.SpecialFunctions;
import org.amortis.tensor.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ulp bounds stated in FloatMath, over floats of every sign and exponent, and its special values. */
class FloatMathTest {
    /** Prime, so that low mantissa bits vary; about two million floats. */
    private static final int STRIDE = Integer.getInteger("amortis.test.stride", 1999);

    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        -0.5f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        -0x1.fffffep-1f,
        88.7f,
        88.73f,
        89f,
        -87.3f,
        -103.9f,
        -104f,
        0.92499995f,
        0.925f,
        4f,
        5.5371094f,
        -5.5371094f,
        -5.53711f,
        0x1p16f,
        0x1.000002p16f,
        0x1p23f,
        -0x1p23f,
        8388607.5f,
        -8388607.5f
    };

    @FunctionalInterface
    interface Loop {
        void run(float[] x, int xo, float[] y, int yo, int n);
    }

    /** Function, bound in ulps, an absolute part of the bound per |x|, whether -0 must stay. */
    enum Case {
        EXP(FloatExp::exp, Math::exp, 1.25, 0),
        EXPM1(FloatExp::expm1, Math::expm1, 1.5, 0),
        LOG(FloatLog::log, Math::log, 1, 0),
        LOG1P(FloatLog::log1p, Math::log1p, 2, 0),
        TANH(FloatExp::tanh, Math::tanh, 3, 0),
        SIGMOID(FloatExp::sigmoid, x -> 1 / (1 + Math.exp(-x)), 2.5, 0),
        SOFTPLUS(FloatLog::softplus, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 2.25, 0),
        LOG_SIGMOID(FloatLog::logSigmoid, x -> Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))), 2.25, 0),
        ERF(FloatErf::erf, Oracle::erf, 1.5, 0),
        SIN(FloatTrig::sin, Math::sin, 2, 0),
        COS(FloatTrig::cos, Math::cos, 2, 0),
        SILU(
                FloatExp::silu,
                x -> x * (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
                3.5,
                0x1p-149),
        GELU(FloatErf::gelu, x -> x * SpecialFunctions.normalCdf(x), 5, 0x1p-149),
        GELU_BY_TABLES(
                FloatGelu.applies() ? FloatGelu::gelu : FloatErf::gelu,
                x -> x * SpecialFunctions.normalCdf(x),
                FloatGelu.applies() ? 4.5 : 5,
                0x1p-149),
        ERFC(FloatErf::erfc, SpecialFunctions::erfc, 5, 0),
        LOG_NORMAL_CDF(FloatNormal::logNormalCdf, SpecialFunctions::logNormalCdf, 5, 0),
        INVERSE_MILLS(FloatNormal::inverseMills, x -> Unary.INVERSE_MILLS.apply(x, 0, 0), 5, 0),
        ELU((x, xo, y, yo, n) -> FloatExp.elu(x, xo, 0.75f, y, yo, n), x -> x > 0 ? x : 0.75 * Math.expm1(x), 2, 0),
        SQRT(FloatUnary::sqrt, Math::sqrt, 0.5, 0),
        RSQRT(FloatUnary::rsqrt, x -> 1 / Math.sqrt(x), 1.5, 0),
        RECIPROCAL(FloatUnary::reciprocal, x -> 1 / x, 0.5, 0),
        SQUARE(FloatUnary::square, x -> x * x, 0.5, 0),
        FLOOR(FloatUnary::floor, Math::floor, 0, 0),
        SIGN(FloatUnary::sign, Math::signum, 0, 0),
        NEG(FloatUnary::neg, x -> -x, 0, 0),
        ABS(FloatUnary::abs, Math::abs, 0, 0),
        RELU(FloatUnary::relu, x -> Math.max(x, 0), 0, 0),
        LEAKY_RELU(
                (x, xo, y, yo, n) -> FloatUnary.leakyRelu(x, xo, 0.25f, y, yo, n), x -> x > 0 ? x : 0.25 * x, 0.5, 0);

        final Loop loop;
        final DoubleUnaryOperator exact;
        final double ulps;
        final double absolute;

        Case(Loop loop, DoubleUnaryOperator exact, double ulps, double absolute) {
            this.loop = loop;
            this.exact = exact;
            this.ulps = ulps;
            this.absolute = absolute;
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void keepsItsBoundOverAllExponents(Case c) {
        int n = 1024;
        float[] x = new float[n];
        float[] y = new float[n];
        double worst = 0;
        float at = 0;
        for (long start = Integer.MIN_VALUE; start <= Integer.MAX_VALUE; start += (long) STRIDE * n) {
            for (int i = 0; i < n; i++) {
                x[i] = Float.intBitsToFloat((int) Math.min(start + (long) STRIDE * i, Integer.MAX_VALUE));
            }
            c.loop.run(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                double error = error(c, x[i], y[i]);
                if (error > worst) {
                    worst = error;
                    at = x[i];
                }
            }
        }
        if (Boolean.getBoolean("amortis.test.print")) {
            System.out.printf("%-12s %.3f ulp at %s%n", c, worst, at);
        }
        assertTrue(worst <= c.ulps, c + ": " + worst + " ulp at " + at);
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void specialValuesInEveryLane(Case c) {
        int n = SPECIAL.length;
        for (int shift = 0; shift < n; shift++) {
            float[] x = new float[n + 1];
            float[] y = new float[n + 1];
            for (int i = 0; i < n; i++) {
                x[1 + i] = SPECIAL[(i + shift) % n];
            }
            c.loop.run(x, 1, y, 1, n);
            for (int i = 1; i <= n; i++) {
                double error = error(c, x[i], y[i]);
                assertTrue(error <= c.ulps, c + "(" + x[i] + ") = " + y[i] + ": " + error + " ulp");
            }
        }
    }

    /** Numbers far left go through another loop: nobody's result may depend on whether there are any beside it. */
    @Test
    void geluDoesNotDependOnItsNeighbours() {
        Random random = new Random(3);
        for (int n : new int[] {1, 15, 16, 17, 511, 1023, 1024, 1025, 2100}) {
            float[] x = new float[n];
            for (int i = 0; i < n; i++) {
                x[i] = i % 97 == 96 ? Float.NaN : (float) (3 * random.nextGaussian());
            }
            float[] expected = new float[n];
            for (int i = 0; i < n; i++) {
                Case.GELU_BY_TABLES.loop.run(x, i, expected, i, 1);
            }
            float[] y = new float[n];
            Case.GELU_BY_TABLES.loop.run(x, 0, y, 0, n);
            assertArrayEquals(expected, y);
            Case.GELU_BY_TABLES.loop.run(x, 0, x, 0, n);
            assertArrayEquals(expected, x);
        }
    }

    /** Error in ulps beyond the absolute part; infinite where NaN, an infinity or the sign of zero is wrong. */
    private static double error(Case c, float x, float y) {
        double exact = c.exact.applyAsDouble(x);
        float rounded = (float) exact;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || Float.isNaN(y)) {
            // rounding to infinity is decided within the bound: the largest float is one ulp away
            boolean near = Float.isInfinite(rounded) && !Double.isInfinite(exact) && Math.abs(y) == Float.MAX_VALUE;
            return Float.compare(rounded, y) == 0 || near ? 0 : Double.POSITIVE_INFINITY;
        }
        if (exact == 0 && Float.floatToRawIntBits(rounded) != Float.floatToRawIntBits(y)) {
            return Double.POSITIVE_INFINITY;
        }
        double slack = c.absolute == 0 ? 0 : c.absolute * Math.abs(x);
        return Math.max(0, Math.abs(y - exact) - slack) / Math.ulp(rounded);
    }
}
