package org.amortis.kernels;

import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Unary;
import org.jspecify.annotations.Nullable;

/** Which double kernel computes which operation: one small object each, so that call sites see kernels and not switches. */
final class DoubleLoops {
    private DoubleLoops() {}

    /** An operation of one operand. */
    private interface One {
        void run(double[] x, int xo, double[] y, int yo, int n);
    }

    /** An operation of two operands. */
    private interface Two {
        void run(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n);
    }

    /** A comparison. */
    private interface Test {
        void run(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n);
    }

    private static ElementwiseLoop one(One loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((double[]) a, ao, (double[]) y, yo, n);
    }

    private static ElementwiseLoop two(Two loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((double[]) a, ao, (double[]) b, bo, (double[]) y, yo, n);
    }

    private static ElementwiseLoop test(Test loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((double[]) a, ao, (double[]) b, bo, (int[]) y, yo, n);
    }

    static @Nullable ElementwiseLoop unary(Unary op) {
        return switch (op) {
            case NEG -> one(DoubleUnary::neg);
            case ABS -> one(DoubleUnary::abs);
            case SIGN -> one(DoubleUnary::sign);
            case FLOOR -> one(DoubleUnary::floor);
            case SQUARE -> one(DoubleUnary::square);
            case RECIPROCAL -> one(DoubleUnary::reciprocal);
            case SQRT -> one(DoubleUnary::sqrt);
            case RSQRT -> one(DoubleUnary::rsqrt);
            case EXP -> one(DoubleExp::exp);
            case EXPM1 -> one(DoubleExp::expm1);
            case LOG -> one(DoubleLog::log);
            case LOG1P -> one(DoubleLog::log1p);
            case TANH -> one(DoubleExp::tanh);
            case SIGMOID -> one(DoubleExp::sigmoid);
            case SOFTPLUS -> one(DoubleLog::softplus);
            case LOG_SIGMOID -> one(DoubleLog::logSigmoid);
            case RELU -> one(DoubleUnary::relu);
            case SILU -> one(DoubleExp::silu);
            case SIN -> one(DoubleTrig::sin);
            case COS -> one(DoubleTrig::cos);
            case ERF -> one(DoubleErf::erf);
            case ERFC -> one(DoubleErf::erfc);
            case LOG_NORMAL_CDF -> one(DoubleNormal::logNormalCdf);
            case INVERSE_MILLS -> one(DoubleNormal::inverseMills);
            case GELU -> one(DoubleErf::gelu);
            case NORMAL_QUANTILE -> one(DoubleSpecial::normalQuantile);
            case LGAMMA -> one(DoubleSpecial::lgamma);
            case LOG_BESSEL, BESSEL_REST -> null;
        };
    }

    static @Nullable ElementwiseLoop parametric(ParamUnary op) {
        return switch (op) {
            case ParamUnary.LeakyRelu p -> {
                double slope = p.slope();
                yield one((x, xo, y, yo, n) -> DoubleUnary.leakyRelu(x, xo, slope, y, yo, n));
            }
            case ParamUnary.Elu p -> {
                double alpha = p.alpha();
                yield one((x, xo, y, yo, n) -> DoubleExp.elu(x, xo, alpha, y, yo, n));
            }
            case ParamUnary.Clamp p -> {
                double low = p.low();
                double high = p.high();
                yield one((x, xo, y, yo, n) -> DoubleSelect.clamp(x, xo, low, high, y, yo, n));
            }
            case ParamUnary.Polygamma p ->
                switch (p.n()) {
                    case 0 -> one(DoubleSpecial::digamma);
                    case 1 -> one(DoubleSpecial::trigamma);
                    default -> null;
                };
        };
    }

    static ElementwiseLoop binary(Binary op) {
        return switch (op) {
            case ADD -> two(DoubleBinary::add);
            case SUB -> two(DoubleBinary::sub);
            case MUL -> two(DoubleBinary::mul);
            case DIV -> two(DoubleBinary::div);
            case POW -> two(DoubleBinary::pow);
            case MIN -> two(DoubleBinary::min);
            case MAX -> two(DoubleBinary::max);
        };
    }

    static ElementwiseLoop compare(Compare op) {
        return switch (op) {
            case EQ -> test(DoubleSelect::equal);
            case NE -> test(DoubleSelect::notEqual);
            case LT -> test(DoubleSelect::less);
            case LE -> test(DoubleSelect::lessEqual);
            case GT -> test(DoubleSelect::greater);
            case GE -> test(DoubleSelect::greaterEqual);
        };
    }

    static ElementwiseLoop where() {
        return (a, ao, b, bo, c, co, y, yo, n) ->
                DoubleSelect.where((int[]) a, ao, (double[]) b, bo, (double[]) c, co, (double[]) y, yo, n);
    }

    /** A range and a number. */
    private interface RangeNumber {
        void run(double[] a, int ao, double s, double[] y, int yo, int n);
    }

    /** A number and a range. */
    private interface NumberRange {
        void run(double s, double[] a, int ao, double[] y, int yo, int n);
    }

    /** A comparison of a range with a number. */
    private interface TestNumber {
        void run(double[] a, int ao, double s, int[] y, int yo, int n);
    }

    private static ScalarLoop range(RangeNumber loop) {
        return (a, ao, s, y, yo, n) -> loop.run((double[]) a, ao, s, (double[]) y, yo, n);
    }

    private static ScalarLoop number(NumberRange loop) {
        return (a, ao, s, y, yo, n) -> loop.run(s, (double[]) a, ao, (double[]) y, yo, n);
    }

    private static ScalarLoop testNumber(TestNumber loop) {
        return (a, ao, s, y, yo, n) -> loop.run((double[]) a, ao, s, (int[]) y, yo, n);
    }

    static @Nullable ScalarLoop scalarRight(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                switch (b) {
                    case ADD -> range(DoubleBinary::addScalar);
                    case SUB -> range(DoubleBinary::subScalar);
                    case MUL -> range(DoubleBinary::mulScalar);
                    case DIV -> range(DoubleBinary::divScalar);
                    case POW -> range(DoubleBinary::powScalar);
                    case MIN -> range(DoubleBinary::minScalar);
                    case MAX -> range(DoubleBinary::maxScalar);
                };
            case Compare c ->
                switch (c) {
                    case EQ -> testNumber(DoubleSelect::equalScalar);
                    case NE -> testNumber(DoubleSelect::notEqualScalar);
                    case LT -> testNumber(DoubleSelect::lessScalar);
                    case LE -> testNumber(DoubleSelect::lessEqualScalar);
                    case GT -> testNumber(DoubleSelect::greaterScalar);
                    case GE -> testNumber(DoubleSelect::greaterEqualScalar);
                };
            default -> null;
        };
    }

    static @Nullable ScalarLoop scalarLeft(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                switch (b) {
                    case ADD -> range(DoubleBinary::addScalar);
                    case SUB -> number(DoubleBinary::scalarSub);
                    case MUL -> range(DoubleBinary::mulScalar);
                    case DIV -> number(DoubleBinary::scalarDiv);
                    case POW -> number(DoubleBinary::scalarPow);
                    case MIN -> range(DoubleBinary::minScalar);
                    case MAX -> range(DoubleBinary::maxScalar);
                };
            case Compare c ->
                switch (c) {
                    case EQ -> testNumber(DoubleSelect::equalScalar);
                    case NE -> testNumber(DoubleSelect::notEqualScalar);
                    case LT -> testNumber(DoubleSelect::greaterScalar);
                    case LE -> testNumber(DoubleSelect::greaterEqualScalar);
                    case GT -> testNumber(DoubleSelect::lessScalar);
                    case GE -> testNumber(DoubleSelect::lessEqualScalar);
                };
            default -> null;
        };
    }
}
