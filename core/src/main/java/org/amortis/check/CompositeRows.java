package org.amortis.check;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Composites;
import org.amortis.tensor.Node;
import org.amortis.tensor.SoftmaxOp;
import org.amortis.tensor.Tensor;

/** Samples of composites that backends have kernels for, and of their gradients. */
final class CompositeRows {
    private final Rows rows;

    private CompositeRows(Rows rows) {
        this.rows = rows;
    }

    static void addTo(Rows rows) {
        new CompositeRows(rows).composites();
    }

    private static Rows.Two along(IntFunction<SoftmaxOp> op) {
        return (y, dy) -> Node.of(op.apply(y.shape().rank() - 1), y, dy).result(0);
    }

    private static Tensor gradientOfLogSumExp(Tensor x) {
        Tensor y = x.logsumexp(1);
        return Node.of(new SoftmaxOp.LogSumExpGradient(Axes.of(1)), x, y, y).result(0);
    }

    /** Numbers that are none, the first of each row. */
    private void specials(String name, int n, Rows.One f, Operand x) {
        rows.one(name + " of " + n + " specials", Derivatives.UNTESTED, Scale.OPERANDS, t -> f.of(t.slice(1, 0, n)), x);
    }

    private void composites() {
        Values any = Values.between(-2, 2);
        for (int[] s :
                new int[][] {{1}, {7}, {17}, {3, 16}, {2, 33}, {2, 3, 5}, {0, 4}, {19, 2}, {11, 3}, {5, 8}, {3, 67}}) {
            Operand x = Operand.real(any, s);
            rows.one("softmax", Derivatives.TWICE, Scale.OPERANDS, t -> t.softmax(-1), x);
            rows.one("logSoftmax", Derivatives.TWICE, Scale.OPERANDS, t -> t.logSoftmax(-1), x);
            Operand y = Operand.real(Values.between(0, 1), s);
            Operand dy = Operand.real(any, s);
            rows.two(
                    "softmaxGradient", Derivatives.TWICE, Scale.OPERANDS, along(SoftmaxOp.SoftmaxGradient::new), y, dy);
            rows.two(
                    "logSoftmaxGradient",
                    Derivatives.TWICE,
                    Scale.OPERANDS,
                    along(SoftmaxOp.LogSoftmaxGradient::new),
                    x,
                    dy);
            int[] dropped = Arrays.copyOf(s, s.length - 1);
            rows.add(
                    "logsumexpGradient",
                    Derivatives.TWICE,
                    Scale.OPERANDS,
                    t -> new Tensor[] {
                        Node.of(new SoftmaxOp.LogSumExpGradient(Axes.of(s.length - 1)), t)
                                .result(0)
                    },
                    x,
                    Operand.real(any, dropped),
                    Operand.real(any, dropped));
            if (s[s.length - 1] > 1) {
                rows.two(
                        "layerNormGradient",
                        Derivatives.TWICE,
                        Scale.OPERANDS,
                        (a, b) -> Node.of(new Composites.LayerNormGradient(1e-3), a, b)
                                .result(0),
                        x,
                        dy);
                rows.one("layerNorm", Derivatives.TWICE, Scale.OPERANDS, t -> Composites.layerNorm(t, 1e-3), x);
            }
            int[] wide = s.clone();
            wide[s.length - 1] *= 3;
            rows.add(
                    "gruCell",
                    Derivatives.TWICE,
                    Scale.OPERANDS,
                    t -> new Tensor[] {Composites.gruCell(t[0], t[1], t[2])},
                    Operand.real(any, wide),
                    Operand.real(any, wide),
                    x);
            rows.add(
                    "gruCellGradient",
                    Derivatives.TWICE,
                    Scale.OPERANDS,
                    t -> {
                        Node n = Node.of(new Composites.GruCellGradient(), t);
                        return new Tensor[] {n.result(0), n.result(1), n.result(2)};
                    },
                    Operand.real(any, wide),
                    Operand.real(any, wide),
                    x,
                    dy);
            rows.add(
                    "gaussianLogDensity",
                    Derivatives.TWICE,
                    Scale.OPERANDS,
                    t -> new Tensor[] {Composites.gaussianLogDensity(t[0], t[1], t[2])},
                    x,
                    Operand.real(any, s),
                    Operand.real(Values.between(-1, 1)));
        }
        rows.one(
                "softmax of the first axis",
                Derivatives.TWICE,
                Scale.OPERANDS,
                t -> t.softmax(0),
                Operand.real(any, 5, 3));
        rows.one(
                "logSoftmax of the middle axis",
                Derivatives.TWICE,
                Scale.OPERANDS,
                t -> t.logSoftmax(1),
                Operand.real(any, 2, 5, 3));
        rows.one(
                "softmax of -inf",
                Derivatives.UNTESTED,
                Scale.OPERANDS,
                t -> t.softmax(1),
                Operand.real(Values.cycle(Double.NEGATIVE_INFINITY, 1, 2, 3, Double.NEGATIVE_INFINITY), 4, 3));
        for (int n : new int[] {1, 5, 16, 17}) {
            Operand wide = Operand.real(Rows.specials(3).values(), 17, 17);
            // the result of a row of large numbers is rounded to more than the exponential bears
            Values few = Values.cycle(Double.NaN, 1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 2, -3);
            Operand small = Operand.real(few, 17, 17);
            specials("softmax", n, t -> t.softmax(1), wide);
            specials("logSoftmax", n, t -> t.logSoftmax(1), wide);
            specials("logsumexp", n, t -> t.logsumexp(1), wide);
            specials("logsumexp gradient", n, CompositeRows::gradientOfLogSumExp, small);
        }
    }
}
