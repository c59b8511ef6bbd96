package org.amortis.check;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Formula;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.tensor.Unary;

/** Samples of functions of single elements. */
final class ElementwiseRows {
    private final Rows rows;

    private ElementwiseRows(Rows rows) {
        this.rows = rows;
    }

    static void addTo(Rows rows) {
        ElementwiseRows r = new ElementwiseRows(rows);
        r.unary();
        r.binary();
        r.selection();
    }

    private void unary() {
        for (Unary op : Unary.values()) {
            Values v = switch (op) {
                case ABS, SIGN, RELU, RECIPROCAL -> Values.signed(0.2, 2);
                case FLOOR ->
                    (s, r) -> {
                        double[] x = Values.between(0.1, 0.9).make(s, r);
                        for (int i = 0; i < x.length; i++) {
                            x[i] += i % 7 - 3;
                        }
                        return x;
                    };
                case SQRT, RSQRT, LOG, LGAMMA, LOG_BESSEL, BESSEL_REST -> Values.between(0.3, 4);
                case LOG1P -> Values.between(-0.6, 3);
                case NORMAL_QUANTILE -> Values.between(0.05, 0.95);
                case NEG, SQUARE, EXP, EXPM1, SIN, COS, TANH, SIGMOID, SOFTPLUS, LOG_SIGMOID, SILU, ERF, ERFC ->
                    Values.between(-2, 2);
                case LOG_NORMAL_CDF, INVERSE_MILLS, GELU -> Values.between(-3, 3);
            };
            Derivatives d = op == Unary.SIGN || op == Unary.FLOOR ? Derivatives.REFUSED : Derivatives.TWICE;
            rows.elementwise(op.name(), d, Scale.RESULT, v, apply(op));
            if (op != Unary.LGAMMA) {
                rows.one(op.name() + " specials", Derivatives.UNTESTED, scale(op), apply(op), Rows.specials(1));
            }
        }
        Values wide = Values.between(-30, 30);
        for (Unary op : List.of(Unary.SIGMOID, Unary.SOFTPLUS, Unary.TANH, Unary.LOG_SIGMOID, Unary.ERFC, Unary.EXP)) {
            rows.one(op.name() + " wide", Derivatives.UNTESTED, Scale.RESULT, apply(op), Operand.real(wide, 67));
        }
        rows.one(
                "LGAMMA wide",
                Derivatives.UNTESTED,
                Scale.OPERANDS,
                Tensor::lgamma,
                Operand.real(Values.between(0.01, 90), 67));
        rows.elementwise("leakyRelu", Derivatives.TWICE, Scale.RESULT, Values.signed(0.2, 2), x -> x.leakyRelu(0.1));
        rows.elementwise("elu", Derivatives.TWICE, Scale.RESULT, Values.signed(0.2, 2), apply(new ParamUnary.Elu(1.3)));
        rows.elementwise("clamp", Derivatives.TWICE, Scale.RESULT, Values.signed(0.2, 2), x -> x.clamp(-1.003, 0.9007));
        rows.elementwise("polygamma0", Derivatives.TWICE, Scale.OPERANDS, Values.between(0.4, 5), x -> x.polygamma(0));
        rows.elementwise("polygamma2", Derivatives.TWICE, Scale.RESULT, Values.between(0.4, 5), x -> x.polygamma(2));
        rows.one("elu specials", Derivatives.UNTESTED, Scale.RESULT, apply(new ParamUnary.Elu(2)), Rows.specials(1));
        rows.one("clamp specials", Derivatives.UNTESTED, Scale.RESULT, x -> x.clamp(-2, 3), Rows.specials(1));
        rows.one(
                "cast F64",
                Derivatives.TWICE,
                Scale.RESULT,
                x -> x.cast(DType.F64).square(),
                Operand.real(Values.between(-2, 2), 17));
        rows.one(
                "cast F32",
                Derivatives.UNTESTED,
                Scale.RESULT,
                x -> x.cast(DType.F32),
                Operand.real(Values.between(-2, 2), 17));
        rows.one(
                "cast I32",
                Derivatives.REFUSED,
                Scale.RESULT,
                x -> x.cast(DType.I32),
                Operand.real(Values.signed(0.2, 9.7), 33));
        rows.one("cast I32 specials", Derivatives.UNTESTED, Scale.RESULT, x -> x.cast(DType.I32), Rows.specials(1));
        rows.one(
                "cast BOOL",
                Derivatives.REFUSED,
                Scale.RESULT,
                x -> x.cast(DType.BOOL),
                Operand.real(Values.cycle(0, 1, -2), 17));
        for (int[] shape : Rows.SHAPES) {
            Operand i = Operand.ints(Values.below(9), shape);
            rows.one(
                    "int neg abs sign square",
                    Derivatives.REFUSED,
                    Scale.RESULT,
                    x -> x.sub(4).neg().abs().sign().square(),
                    i);
        }
    }

    private static Rows.One apply(ElementwiseOp op) {
        return x -> Node.of(op, x).result(0);
    }

    /** Near 1, x, e^x and their like: what is exact to a few ulps of the result may still be tiny there. */
    private static Scale scale(Unary op) {
        return switch (op) {
            case SIN, COS, LOG, LOG1P -> Scale.OPERANDS;
            default -> Scale.RESULT;
        };
    }

    private void binary() {
        Values any = Values.between(-2, 2);
        Values positive = Values.between(0.3, 3);
        for (int[][] p : Rows.PAIRS) {
            Operand a = Operand.real(any, p[0]);
            Operand b = Operand.real(any, p[1]);
            rows.two("add", Derivatives.TWICE, Scale.RESULT, Tensor::add, a, b);
            rows.two("sub", Derivatives.TWICE, Scale.RESULT, Tensor::sub, a, b);
            rows.two("mul", Derivatives.TWICE, Scale.RESULT, Tensor::mul, a, b);
            rows.two("div", Derivatives.TWICE, Scale.RESULT, Tensor::div, a, Operand.real(Values.signed(0.5, 2), p[1]));
            rows.two("pow", Derivatives.TWICE, Scale.RESULT, Tensor::pow, Operand.real(positive, p[0]), b);
            Operand c = Operand.real(Values.distinct(0), p[0]);
            Operand d = Operand.real(Values.distinct(0.5), p[1]);
            rows.two("minimum", Derivatives.TWICE, Scale.RESULT, Tensor::minimum, c, d);
            rows.two("maximum", Derivatives.TWICE, Scale.RESULT, Tensor::maximum, c, d);
            Operand i = Operand.ints(Values.below(4), p[0]);
            Operand j = Operand.ints(Values.below(4), p[1]);
            Operand k = Operand.real(Values.below(3), p[0]);
            Operand l = Operand.real(Values.below(3), p[1]);
            comparisons(i, j, Derivatives.REFUSED);
            comparisons(k, l, Derivatives.REFUSED);
            rows.two("int arithmetic", Derivatives.REFUSED, Scale.RESULT, ElementwiseRows::intArithmetic, i, j);
            Operand u = Operand.bools(p[0]);
            Operand v = Operand.bools(p[1]);
            rows.two("and", Derivatives.REFUSED, Scale.RESULT, Tensor::and, u, v);
            rows.two("or", Derivatives.REFUSED, Scale.RESULT, Tensor::or, u, v);
            rows.two("xor", Derivatives.REFUSED, Scale.RESULT, Tensor::xor, u, v);
            rows.two("not", Derivatives.REFUSED, Scale.RESULT, (x, y) -> x.not(), u, v);
        }
        Operand s = Rows.specials(2);
        Operand t = Rows.specials(3);
        rows.two("add specials", Derivatives.UNTESTED, Scale.RESULT, Tensor::add, s, t);
        rows.two("sub specials", Derivatives.UNTESTED, Scale.RESULT, Tensor::sub, s, t);
        rows.two("mul specials", Derivatives.UNTESTED, Scale.RESULT, Tensor::mul, s, t);
        rows.two("div specials", Derivatives.UNTESTED, Scale.RESULT, Tensor::div, s, t);
        rows.two("minimum specials", Derivatives.UNTESTED, Scale.RESULT, Tensor::minimum, s, t);
        rows.two("maximum specials", Derivatives.UNTESTED, Scale.RESULT, Tensor::maximum, s, t);
        comparisons(s, t, Derivatives.UNTESTED);
        rows.one(
                "scalars",
                Derivatives.TWICE,
                Scale.OPERANDS,
                x -> x.add(2).mul(3).sub(0.5).div(4).rsub(5).rdiv(2),
                Operand.real(Values.between(-1, 0.5), 17));
        rows.one("pow scalar", Derivatives.TWICE, Scale.RESULT, x -> x.pow(2.5), Operand.real(positive, 17));
        rows.one(
                "pow integer of a negative",
                Derivatives.TWICE,
                Scale.RESULT,
                x -> x.pow(3),
                Operand.real(Values.signed(0.5, 2), 7));
    }

    private static Tensor intArithmetic(Tensor a, Tensor b) {
        return a.mul(b).sub(b).add(7).minimum(a.add(5)).maximum(b).div(b.add(1));
    }

    private void comparisons(Operand a, Operand b, Derivatives d) {
        rows.two("eq", d, Scale.RESULT, Tensor::eq, a, b);
        rows.two("ne", d, Scale.RESULT, Tensor::ne, a, b);
        rows.two("lt", d, Scale.RESULT, Tensor::lt, a, b);
        rows.two("le", d, Scale.RESULT, Tensor::le, a, b);
        rows.two("gt", d, Scale.RESULT, Tensor::gt, a, b);
        rows.two("ge", d, Scale.RESULT, Tensor::ge, a, b);
    }

    private void selection() {
        Values any = Values.between(-2, 2);
        for (int[][] p : Rows.PAIRS) {
            Formula f = t -> new Tensor[] {Tensors.where(t[0], t[1], t[2])};
            rows.add(
                    "where",
                    Derivatives.TWICE,
                    Scale.RESULT,
                    f,
                    Operand.bools(p[0]),
                    Operand.real(any, p[1]),
                    Operand.real(any, p[0]));
            rows.add(
                    "where int",
                    Derivatives.REFUSED,
                    Scale.RESULT,
                    f,
                    Operand.bools(p[1]),
                    Operand.ints(Values.below(5), p[0]),
                    Operand.ints(Values.below(5), p[0]));
        }
    }
}
