package org.amortis.tensor;

import java.util.function.DoubleUnaryOperator;
import org.amortis.array.DType;
import org.amortis.math.SpecialFunctions;
import org.jspecify.annotations.Nullable;

/** Elementwise functions of one argument. A null gradient rule means the derivative is zero wherever it exists. */
public enum Unary implements ElementwiseOp {
    /** -x. */
    NEG(x -> -x, (x, y, dy) -> dy.neg(), 0),
    /** |x|; gradient sign(x), 0 at 0. */
    ABS(Math::abs, (x, y, dy) -> dy.mul(x.sign()), 0),
    /** -1, 0 or 1. */
    SIGN(Math::signum, null, 0),
    /** Largest integer not above x. */
    FLOOR(Math::floor, null, 0),
    /** x^2. */
    SQUARE(x -> x * x, (x, y, dy) -> dy.mul(x).mul(2), 1),
    /** 1/x. */
    RECIPROCAL(x -> 1 / x, (x, y, dy) -> dy.mul(y.square()).neg(), 1),
    /** Square root. */
    SQRT(Math::sqrt, (x, y, dy) -> dy.div(y).mul(0.5), 1),
    /** 1/sqrt(x). */
    RSQRT(x -> 1 / Math.sqrt(x), (x, y, dy) -> dy.mul(y.div(x)).mul(-0.5), 2),
    /** e^x. */
    EXP(Math::exp, (x, y, dy) -> dy.mul(y), 2),
    /** e^x - 1, right near 0. */
    EXPM1(Math::expm1, (x, y, dy) -> dy.mul(x.exp()), 4),
    /** Natural logarithm. */
    LOG(Math::log, (x, y, dy) -> dy.div(x), 2),
    /** log(1 + x), right near 0. */
    LOG1P(Math::log1p, (x, y, dy) -> dy.div(x.add(1)), 4),
    /** Sine. */
    SIN(Math::sin, (x, y, dy) -> dy.mul(x.cos()), 4),
    /** Cosine. */
    COS(Math::cos, (x, y, dy) -> dy.mul(x.sin()).neg(), 4),
    /** Hyperbolic tangent; gradient dy (1 - y^2). */
    TANH(Math::tanh, (x, y, dy) -> dy.mul(y.square().rsub(1)), 6),
    /** 1/(1+e^-x). */
    SIGMOID(Unary::sigmoid, (x, y, dy) -> dy.mul(y.mul(y.rsub(1))), 6),
    /** log(1+e^x) without overflow. */
    SOFTPLUS(Unary::softplus, (x, y, dy) -> dy.mul(x.sigmoid()), 6),
    /** log sigmoid(x) = -softplus(-x). */
    LOG_SIGMOID(x -> -softplus(-x), (x, y, dy) -> dy.mul(x.neg().sigmoid()), 6),
    /** max(x, 0); gradient 0 at 0, told by the result, which the next layer keeps anyway. */
    RELU(x -> Math.max(x, 0), (x, y, dy) -> Tensors.where(y.gt(0), dy, 0), 0),
    /** x sigmoid(x). */
    SILU(
            x -> x * sigmoid(x),
            (x, y, dy) -> {
                Tensor s = x.sigmoid();
                return dy.mul(s.add(y.mul(s.rsub(1))));
            },
            8),
    /** 2/sqrt(pi) times the integral of e^-t^2 from 0 to x. */
    ERF(SpecialFunctions::erf, (x, y, dy) -> Unary.erfGradient(x, dy), 8),
    /** 1 - erf(x), right where it is tiny. */
    ERFC(SpecialFunctions::erfc, (x, y, dy) -> Unary.erfGradient(x, dy).neg(), 64),
    /** Logarithm of the normal distribution function. */
    LOG_NORMAL_CDF(SpecialFunctions::logNormalCdf, (x, y, dy) -> dy.mul(Unary.inverseMills(x)), 16),
    /**
     * Normal density over distribution function, the derivative of {@link #LOG_NORMAL_CDF}; its own derivative is -y
     * (x + y), so that all orders are made of it.
     */
    INVERSE_MILLS(
            x -> Math.sqrt(2 / Math.PI) / SpecialFunctions.erfcx(-x * Math.sqrt(0.5)),
            (x, y, dy) -> dy.mul(y).mul(x.add(y)).neg(),
            64),
    /** Inverse of the normal distribution function. */
    NORMAL_QUANTILE(
            SpecialFunctions::normalQuantile,
            (x, y, dy) -> dy.mul(y.square().mul(0.5).exp()).mul(Math.sqrt(2 * Math.PI)),
            16),
    /** x times the normal distribution function of x. */
    GELU(x -> x * SpecialFunctions.normalCdf(x), Unary::geluGradient, 64),
    /** Logarithm of |gamma(x)|. */
    LGAMMA(SpecialFunctions::lgamma, (x, y, dy) -> dy.mul(x.polygamma(0)), 16),
    /** log I0(x) - x with I0 the modified Bessel function: what an exponentially scaled density is normalised by. */
    LOG_BESSEL(Unary::logBessel, (x, y, dy) -> dy.mul(Unary.besselRest(x)).neg(), 16),
    /**
     * 1 - I1(x) / I0(x), minus the derivative of {@link #LOG_BESSEL}, right where it is small; its own derivative is made of
     * itself: (1 - y) / x - y (2 - y).
     */
    BESSEL_REST(
            Unary::besselRest,
            (x, y, dy) -> {
                // I1 / I0 is x/2 - x^3/16 near 0
                Tensor near = x.abs().lt(1e-3);
                Tensor safe = Tensors.where(near, Tensors.scalarLike(x, 1), x);
                Tensor ratio = Tensors.where(
                        near, x.square().mul(-1.0 / 16).add(0.5), y.rsub(1).div(safe));
                return dy.mul(ratio.sub(y.mul(y.rsub(2))));
            },
            64);

    private final DoubleUnaryOperator function;
    private final @Nullable Rule rule;
    private final double ulps;

    /** Gradient rule of one argument. */
    private interface Rule {
        Tensor dx(Tensor x, Tensor y, Tensor dy);
    }

    Unary(DoubleUnaryOperator function, @Nullable Rule rule, double ulps) {
        this.function = function;
        this.rule = rule;
        this.ulps = ulps;
    }

    private static Tensor erfGradient(Tensor x, Tensor dy) {
        return dy.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI));
    }

    private static Tensor inverseMills(Tensor x) {
        return Node.of(INVERSE_MILLS, x).result(0);
    }

    private static Tensor geluGradient(Tensor x, Tensor y, Tensor dy) {
        Tensor distribution = x.mul(-Math.sqrt(0.5)).erfc().mul(0.5);
        Tensor density = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
        return dy.mul(distribution.add(x.mul(density)));
    }

    private static Tensor besselRest(Tensor x) {
        return Node.of(BESSEL_REST, x).result(0);
    }

    private static double logBessel(double x) {
        return Math.log(SpecialFunctions.besselI0e(x)) + (x < 0 ? -2 * x : 0);
    }

    private static double besselRest(double x) {
        if (x > 1e4) {
            // the difference of the two functions would keep 16 - log10(x) digits
            double r = 1 / x;
            return r * (0.5 + r * (0.125 + r * (0.125 + r * 25 / 128)));
        }
        double ratio = SpecialFunctions.besselI1e(Math.abs(x)) / SpecialFunctions.besselI0e(x);
        return x < 0 ? 1 + ratio : 1 - ratio;
    }

    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public int arity() {
        return 1;
    }

    @Override
    public double apply(double a, double b, double c) {
        return function.applyAsDouble(a);
    }

    @Override
    public DType resultType(Tensor[] operands) {
        boolean exactOnInts = this == NEG || this == ABS || this == SIGN || this == SQUARE;
        return exactOnInts ? ElementwiseOp.sameNumeric(this, operands, 0) : ElementwiseOp.sameFloat(this, operands, 0);
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor dy = cotangents[0];
        if (rule == null || dy == null || !node.result(0).dtype().isFloat()) {
            return new Tensor[1];
        }
        return new Tensor[] {rule.dx(node.operand(0), node.result(0), dy)};
    }

    @Override
    public double ulps() {
        return ulps;
    }
}
