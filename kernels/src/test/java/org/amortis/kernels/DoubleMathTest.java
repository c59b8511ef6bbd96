package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.amortis.math.SpecialFunctions;
import org.amortis.tensor.Unary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Double functions against {@link StrictMath}, itself within 1 ulp, over random bits and ordinary ranges. */
class DoubleMathTest {
    interface Loop {
        void run(double[] x, int xo, double[] y, int yo, int n);
    }

    /** The bound is the function's plus that of the reference formula. */
    enum Case {
        EXP(DoubleExp::exp, StrictMath::exp, 2.25),
        EXPM1(DoubleExp::expm1, StrictMath::expm1, 2.5),
        LOG(DoubleLog::log, StrictMath::log, 2),
        LOG1P(DoubleLog::log1p, StrictMath::log1p, 2.5),
        TANH(DoubleExp::tanh, StrictMath::tanh, 5.5),
        SIGMOID(DoubleExp::sigmoid, x -> (x < 0 ? StrictMath.exp(x) : 1) / (1 + StrictMath.exp(-Math.abs(x))), 5),
        SOFTPLUS(DoubleLog::softplus, x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))), 5),
        LOG_SIGMOID(DoubleLog::logSigmoid, x -> Math.min(x, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(x))), 5),
        SILU(DoubleExp::silu, x -> x * ((x < 0 ? StrictMath.exp(x) : 1) / (1 + StrictMath.exp(-Math.abs(x)))), 7),
        ELU((x, xo, y, yo, n) -> DoubleExp.elu(x, xo, 0.75, y, yo, n), x -> x > 0 ? x : 0.75 * StrictMath.expm1(x), 4),
        SIN(DoubleTrig::sin, StrictMath::sin, 3),
        COS(DoubleTrig::cos, StrictMath::cos, 3),
        ERF(DoubleErf::erf, SpecialFunctions::erf, 4),
        ERFC(DoubleErf::erfc, SpecialFunctions::erfc, 12),
        GELU(DoubleErf::gelu, x -> x * SpecialFunctions.normalCdf(x), 12),
        LOG_NORMAL_CDF(DoubleNormal::logNormalCdf, SpecialFunctions::logNormalCdf, 12),
        INVERSE_MILLS(DoubleNormal::inverseMills, DoubleMathTest::inverseMills, 12),
        NORMAL_QUANTILE(DoubleSpecial::normalQuantile, SpecialFunctions::normalQuantile, 14),
        LGAMMA(DoubleSpecial::lgamma, x -> 0.0 + SpecialFunctions.lgamma(x), 14),
        TRIGAMMA(DoubleSpecial::trigamma, SpecialFunctions::trigamma, 14),
        SQRT(DoubleUnary::sqrt, Math::sqrt, 0),
        RSQRT(DoubleUnary::rsqrt, x -> 1 / Math.sqrt(x), 0),
        RECIPROCAL(DoubleUnary::reciprocal, x -> 1 / x, 0),
        SQUARE(DoubleUnary::square, x -> x * x, 0),
        FLOOR(DoubleUnary::floor, Math::floor, 0),
        SIGN(DoubleUnary::sign, Math::signum, 0),
        NEG(DoubleUnary::neg, x -> -x, 0),
        ABS(DoubleUnary::abs, Math::abs, 0),
        RELU(DoubleUnary::relu, x -> Math.max(x, 0), 0),
        LEAKY_RELU((x, xo, y, yo, n) -> DoubleUnary.leakyRelu(x, xo, 0.25, y, yo, n), x -> x > 0 ? x : 0.25 * x, 0);

        final Loop loop;
        final DoubleUnaryOperator exact;
        final double ulps;

        Case(Loop loop, DoubleUnaryOperator exact, double ulps) {
            this.loop = loop;
            this.exact = exact;
            this.ulps = ulps;
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void keepsItsBound(Case c) {
        double[] special = {
            0.0,
            -0.0,
            1,
            -1,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            709.7,
            709.8,
            -708.3,
            -745.1,
            -745.2,
            -0.9999999999999999,
            4503599627370495.5,
            -4503599627370495.5
        };
        Random random = new Random(7);
        int n = 1021;
        double[] x = new double[n];
        double[] y = new double[n + 1];
        double worst = 0;
        double at = 0;
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < n; i++) {
                x[i] = switch (random.nextInt(4)) {
                    case 0 -> Double.longBitsToDouble(random.nextLong());
                    case 1 -> 300 * random.nextGaussian();
                    case 2 -> random.nextGaussian();
                    default ->
                        random.nextInt(20) == 0
                                ? special[random.nextInt(special.length)]
                                : Math.scalb(random.nextGaussian(), -random.nextInt(60));
                };
            }
            c.loop.run(x, 0, y, 1, n);
            for (int i = 0; i < n; i++) {
                double e = error(c.exact.applyAsDouble(x[i]), y[i + 1]);
                if (e > worst) {
                    worst = e;
                    at = x[i];
                }
            }
        }
        if (Boolean.getBoolean("amortis.test.print")) {
            System.out.printf("%-12s %.3f ulp at %s%n", c, worst, at);
        }
        assertTrue(worst <= c.ulps, c + ": " + worst + " ulp at " + at);
    }

    /** The portable function; on the right, where it overflows inside and carries the rounding of x^2, the quotient itself. */
    private static double inverseMills(double x) {
        if (x > 1) {
            double s = x * x;
            double lost = x > 40 ? 0 : Math.fma(x, x, -s);
            return Math.exp(-s / 2) * (1 - lost / 2) / Math.sqrt(2 * Math.PI) / SpecialFunctions.normalCdf(x);
        }
        return x < -1e9 ? -x : Unary.INVERSE_MILLS.apply(x, 0, 0);
    }

    private static double error(double exact, double y) {
        if (Double.isNaN(exact) || Double.isInfinite(exact) || exact == 0 || Double.isNaN(y)) {
            return Double.compare(exact, y) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(y - exact) / Math.ulp(exact);
    }
}
