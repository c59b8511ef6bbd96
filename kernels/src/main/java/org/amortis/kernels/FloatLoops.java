package org.amortis.kernels;

import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Unary;
import org.jspecify.annotations.Nullable;

/** Which float kernel computes which operation: one small object each, so that call sites see kernels and not switches. */
final class FloatLoops {
    private FloatLoops() {}

    /** An operation of one operand. */
    private interface One {
        void run(float[] x, int xo, float[] y, int yo, int n);
    }

    /** An operation of two operands. */
    private interface Two {
        void run(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);
    }

    /** A comparison. */
    private interface Test {
        void run(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n);
    }

    private static ElementwiseLoop one(One loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((float[]) a, ao, (float[]) y, yo, n);
    }

    private static ElementwiseLoop two(Two loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((float[]) a, ao, (float[]) b, bo, (float[]) y, yo, n);
    }

    private static ElementwiseLoop test(Test loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((float[]) a, ao, (float[]) b, bo, (int[]) y, yo, n);
    }

    static @Nullable ElementwiseLoop unary(Unary op) {
        return switch (op) {
            case NEG -> one(FloatUnary::neg);
            case ABS -> one(FloatUnary::abs);
            case SIGN -> one(FloatUnary::sign);
            case FLOOR -> one(FloatUnary::floor);
            case SQUARE -> one(FloatUnary::square);
            case RECIPROCAL -> one(FloatUnary::reciprocal);
            case SQRT -> one(FloatUnary::sqrt);
            case RSQRT -> one(FloatUnary::rsqrt);
            case EXP -> one(FloatExp::exp);
            case EXPM1 -> one(FloatExp::expm1);
            case LOG -> one(FloatLog::log);
            case LOG1P -> one(FloatLog::log1p);
            case SIN -> one(FloatTrig::sin);
            case COS -> one(FloatTrig::cos);
            case TANH -> one(FloatExp::tanh);
            case SIGMOID -> one(FloatExp::sigmoid);
            case SOFTPLUS -> one(FloatLog::softplus);
            case LOG_SIGMOID -> one(FloatLog::logSigmoid);
            case RELU -> one(FloatUnary::relu);
            case SILU -> one(FloatExp::silu);
            case ERF -> one(FloatErf::erf);
            case ERFC -> one(FloatErf::erfc);
            case LOG_NORMAL_CDF -> one(FloatNormal::logNormalCdf);
            case INVERSE_MILLS -> one(FloatNormal::inverseMills);
            case GELU -> one(FloatGelu.applies() ? FloatGelu::gelu : FloatErf::gelu);
            case NORMAL_QUANTILE, LGAMMA, LOG_BESSEL, BESSEL_REST -> null;
        };
    }

    static @Nullable ElementwiseLoop parametric(ParamUnary op) {
        return switch (op) {
            case ParamUnary.LeakyRelu p -> {
                float slope = (float) p.slope();
                yield one((x, xo, y, yo, n) -> FloatUnary.leakyRelu(x, xo, slope, y, yo, n));
            }
            case ParamUnary.Elu p -> {
                float alpha = (float) p.alpha();
                yield one((x, xo, y, yo, n) -> FloatExp.elu(x, xo, alpha, y, yo, n));
            }
            case ParamUnary.Clamp p -> {
                float low = (float) p.low();
                float high = (float) p.high();
                yield one((x, xo, y, yo, n) -> FloatSelect.clamp(x, xo, low, high, y, yo, n));
            }
            case ParamUnary.Polygamma p -> null;
        };
    }

    static ElementwiseLoop binary(Binary op) {
        return switch (op) {
            case ADD -> two(FloatBinary::add);
            case SUB -> two(FloatBinary::sub);
            case MUL -> two(FloatBinary::mul);
            case DIV -> two(FloatBinary::div);
            case POW -> two(FloatBinary::pow);
            case MIN -> two(FloatBinary::min);
            case MAX -> two(FloatBinary::max);
        };
    }

    static ElementwiseLoop compare(Compare op) {
        return switch (op) {
            case EQ -> test(FloatSelect::equal);
            case NE -> test(FloatSelect::notEqual);
            case LT -> test(FloatSelect::less);
            case LE -> test(FloatSelect::lessEqual);
            case GT -> test(FloatSelect::greater);
            case GE -> test(FloatSelect::greaterEqual);
        };
    }

    static ElementwiseLoop where() {
        return (a, ao, b, bo, c, co, y, yo, n) ->
                FloatSelect.where((int[]) a, ao, (float[]) b, bo, (float[]) c, co, (float[]) y, yo, n);
    }

    /** A range and a number. */
    private interface RangeNumber {
        void run(float[] a, int ao, float s, float[] y, int yo, int n);
    }

    /** A number and a range. */
    private interface NumberRange {
        void run(float s, float[] a, int ao, float[] y, int yo, int n);
    }

    /** A comparison of a range with a number. */
    private interface TestNumber {
        void run(float[] a, int ao, float s, int[] y, int yo, int n);
    }

    private static ScalarLoop range(RangeNumber loop) {
        return (a, ao, s, y, yo, n) -> loop.run((float[]) a, ao, (float) s, (float[]) y, yo, n);
    }

    private static ScalarLoop number(NumberRange loop) {
        return (a, ao, s, y, yo, n) -> loop.run((float) s, (float[]) a, ao, (float[]) y, yo, n);
    }

    private static ScalarLoop testNumber(TestNumber loop) {
        return (a, ao, s, y, yo, n) -> loop.run((float[]) a, ao, (float) s, (int[]) y, yo, n);
    }

    static @Nullable ScalarLoop scalarRight(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                switch (b) {
                    case ADD -> range(FloatBinary::addScalar);
                    case SUB -> range(FloatBinary::subScalar);
                    case MUL -> range(FloatBinary::mulScalar);
                    case DIV -> range(FloatBinary::divScalar);
                    case POW -> range(FloatBinary::powScalar);
                    case MIN -> range(FloatBinary::minScalar);
                    case MAX -> range(FloatBinary::maxScalar);
                };
            case Compare c ->
                switch (c) {
                    case EQ -> testNumber(FloatSelect::equalScalar);
                    case NE -> testNumber(FloatSelect::notEqualScalar);
                    case LT -> testNumber(FloatSelect::lessScalar);
                    case LE -> testNumber(FloatSelect::lessEqualScalar);
                    case GT -> testNumber(FloatSelect::greaterScalar);
                    case GE -> testNumber(FloatSelect::greaterEqualScalar);
                };
            default -> null;
        };
    }

    static @Nullable ScalarLoop scalarLeft(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                switch (b) {
                    case ADD -> range(FloatBinary::addScalar);
                    case SUB -> number(FloatBinary::scalarSub);
                    case MUL -> range(FloatBinary::mulScalar);
                    case DIV -> number(FloatBinary::scalarDiv);
                    case POW -> number(FloatBinary::scalarPow);
                    case MIN -> range(FloatBinary::minScalar);
                    case MAX -> range(FloatBinary::maxScalar);
                };
            case Compare c ->
                switch (c) {
                    case EQ -> testNumber(FloatSelect::equalScalar);
                    case NE -> testNumber(FloatSelect::notEqualScalar);
                    case LT -> testNumber(FloatSelect::greaterScalar);
                    case LE -> testNumber(FloatSelect::greaterEqualScalar);
                    case GT -> testNumber(FloatSelect::lessScalar);
                    case GE -> testNumber(FloatSelect::lessEqualScalar);
                };
            default -> null;
        };
    }
}
