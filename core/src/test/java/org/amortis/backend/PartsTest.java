package org.amortis.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.check.Evaluator;
import org.amortis.check.OpConformance;
import org.amortis.check.Sample;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Composites;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.IndexOp;
import org.amortis.tensor.Indexing;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Node;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.Recurrences;
import org.amortis.tensor.ReduceOp;
import org.amortis.tensor.Sorting;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels at sizes that are cut into parts, with a short last one: right within the error of the operation, and the same
 * bits whether one worker runs all parts or three share them.
 */
class PartsTest {
    private static final Device ALONE =
            Device.builder().backend("scalar").threads(1).build();
    private static final Device SHARED =
            Device.builder().backend("scalar").threads(3).build();

    @AfterAll
    static void close() {
        ALONE.close();
        SHARED.close();
    }

    /** A function of two numbers that only this test knows. */
    private record Hypot() implements CustomOp.Binary {
        @Override
        public double reference(double a, double b) {
            return Math.sqrt(a * a + b * b);
        }

        @Override
        public Tensor[] vjp(Tensor a, Tensor b, Tensor y, Tensor dy) {
            return new Tensor[] {dy.mul(a).div(y), dy.mul(b).div(y)};
        }
    }

    private static double[] fill(Shape s, SplittableRandom r, double low, double high) {
        return r.doubles(s.size(), low, high).toArray();
    }

    private static Operand real(int... dims) {
        return Operand.real((s, r) -> fill(s, r, -1, 1), dims);
    }

    private static Operand ints(int bound, int... dims) {
        return Operand.ints((s, r) -> fill(s, r, 0, bound), dims);
    }

    /** Diagonally dominant, so that a solve does not grow. */
    private static Operand matrices(int... dims) {
        return Operand.real(
                (s, r) -> {
                    double[] v = fill(s, r, -0.5, 0.5);
                    int n = s.dim(-1);
                    for (int i = 0; i < v.length; i++) {
                        int row = i / n % n;
                        v[i] = i % n == row ? n : v[i - i % n + Math.min(row, i % n)] / 2;
                    }
                    // symmetric: the element below the diagonal is the one above it
                    for (int i = 0; i < v.length; i++) {
                        int base = i / (n * n) * n * n;
                        int row = i / n % n;
                        int column = i % n;
                        v[i] = row > column ? v[base + column * n + row] : v[i];
                    }
                    return v;
                },
                dims);
    }

    private interface One {
        Tensor of(Tensor... x);
    }

    private static Sample row(String name, Scale scale, One f, Operand... operands) {
        return new Sample(name, List.of(operands), x -> new Tensor[] {f.of(x)}, Derivatives.UNTESTED, scale);
    }

    private static Tensor reduce(ReduceOp.Kind kind, Tensor x, int... axes) {
        return Node.of(new ReduceOp.Reduction(kind, Axes.of(axes)), x).result(0);
    }

    private static Tensor draw(RandomOp.Kind kind, DType type, Tensor key, int... dims) {
        return Node.of(new RandomOp.Draw(kind, new TensorType(type, Shape.of(dims))), key)
                .result(0);
    }

    static List<Sample> samples() {
        List<Sample> r = new ArrayList<>();
        Operand x = real(7, 31, 5, 67);
        Operand i = ints(1000, 7, 31, 5, 67);
        Operand b = Operand.bools(7, 31, 5, 67);
        for (int[] axes : new int[][] {{0, 2}, {1, 3}, {0, 3}, {0, 1, 3}}) {
            for (ReduceOp.Kind k : List.of(ReduceOp.Kind.SUM, ReduceOp.Kind.MAX, ReduceOp.Kind.MIN)) {
                String name = k + Axes.of(axes).toString();
                r.add(row(name, Scale.TERMS, t -> reduce(k, t[0], axes), x));
                r.add(row("int " + name, Scale.TERMS, t -> reduce(k, t[0], axes), i));
            }
            for (ReduceOp.Kind k : List.of(ReduceOp.Kind.ANY, ReduceOp.Kind.ALL)) {
                r.add(row(k + Axes.of(axes).toString(), Scale.RESULT, t -> reduce(k, t[0], axes), b));
            }
        }
        r.add(row("int sum of all", Scale.TERMS, t -> t[0].sum(), i));
        r.add(row("wide columns", Scale.TERMS, t -> reduce(ReduceOp.Kind.SUM, t[0], 0, 2), real(5, 3, 70, 600)));
        for (int n : new int[] {128, 447, 512}) {
            // wider than tall: cut by columns
            r.add(row("product", Scale.TERMS, t -> t[0].matmul(t[1]), real(33, 300), real(300, n)));
            r.add(row("product of one row", Scale.TERMS, t -> t[0].matmul(t[1]), real(1, 9000), real(9000, n)));
            r.add(row(
                    "with bias", Scale.TERMS, t -> t[0].matmul(t[1]).add(t[2]), real(33, 300), real(300, n), real(n)));
            r.add(row("A B^T", Scale.TERMS, t -> t[0].matmul(t[1].transpose()), real(33, 300), real(n, 300)));
            r.add(row("A^T B", Scale.TERMS, t -> t[0].transpose().matmul(t[1]), real(300, 33), real(300, n)));
            r.add(row("batch", Scale.TERMS, t -> t[0].matmul(t[1]), real(3, 33, 100), real(3, 100, n)));
        }
        r.add(row("argmax", Scale.RESULT, t -> t[0].argmax(1), x));
        r.add(row("argmax last", Scale.RESULT, t -> t[0].argmax(-1), x));
        r.add(row("concat", Scale.RESULT, t -> Tensors.concat(2, t[0], t[1]), x, real(7, 31, 2, 67)));
        r.add(row("transpose", Scale.RESULT, t -> t[0].transpose(3, 1, 0, 2), x));
        for (int cols : new int[] {3, 40, 2500}) {
            int rows = cols == 3 ? 1501 : 131;
            Operand a = real(rows, cols);
            r.add(row("softmax " + cols, Scale.OPERANDS, t -> t[0].softmax(1), a));
            r.add(row("logSoftmax " + cols, Scale.OPERANDS, t -> t[0].logSoftmax(1), a));
            r.add(row("logsumexp " + cols, Scale.OPERANDS, t -> t[0].logsumexp(1), a));
            r.add(row("layerNorm " + cols, Scale.OPERANDS, t -> Composites.layerNorm(t[0], 0.1), a));
        }
        r.add(row(
                "gruCell",
                Scale.OPERANDS,
                t -> Composites.gruCell(t[0], t[1], t[2]),
                real(131, 105),
                real(131, 105),
                real(131, 35)));
        // several blocks of rows in an image, more images than groups
        ConvOp.Window window = ConvOp.Window.of(1, 2, 1);
        Operand images = real(11, 16, 14, 14);
        Operand outputs = real(11, 3, 14, 14);
        Operand weights = real(3, 16, 5, 5);
        r.add(row("conv2d", Scale.TERMS, t -> node(new ConvOp.Conv2d(window), t), images, weights));
        r.add(row(
                "conv images", Scale.TERMS, t -> node(new ConvOp.InputGradient(window, 14, 14), t), outputs, weights));
        r.add(row("conv weights", Scale.TERMS, t -> node(new ConvOp.WeightGradient(window, 5, 5), t), images, outputs));
        SplineForm form = new SplineForm(5, SplineForm.Ends.FREE, 0.02, 0.1, 1);
        for (int[] d : new int[][] {{531, 7}, {2, 2500}}) {
            r.add(row(
                    "spline of rows of " + d[1],
                    Scale.OPERANDS,
                    t -> SplineOp.apply(form, false, t[0].sigmoid(), t[1])[0],
                    real(d),
                    real(d[0], d[1] * form.parameters())));
        }
        r.add(row("cumsum", Scale.TERMS, t -> t[0].cumsum(1), x));
        r.add(row("cumsum last", Scale.TERMS, t -> t[0].cumsum(3), x));
        r.add(row("cumsum last from the end", Scale.TERMS, t -> node(new IndexOp.Cumsum(1, true), t), real(131, 67)));
        r.add(row("int cumsum", Scale.TERMS, t -> t[0].cumsum(3), i));
        r.add(row("cumprod", Scale.RESULT, t -> Indexing.cumprod(t[0], 1), x));
        r.add(row("linear", Scale.TERMS, t -> Recurrences.linear(t[0], t[0].sin(), 1), x));
        r.add(row("linear last", Scale.TERMS, t -> Recurrences.linear(t[0], t[0].sin(), 3), x));
        r.add(row(
                "linear last from the end",
                Scale.TERMS,
                t -> Recurrences.reverseLinear(t[0], t[0].sin(), t[1], 1),
                real(131, 67),
                real(131)));
        r.add(row("int linear", Scale.TERMS, t -> Recurrences.linear(t[0], t[0], 3), i));
        r.add(row("sort", Scale.RESULT, t -> Sorting.sort(t[0], 1), x));
        r.add(row("sort last", Scale.RESULT, t -> Sorting.sort(t[0], -1), real(3, 4099)));
        r.add(row("argsort of ties", Scale.RESULT, t -> Sorting.argsort(t[0], -1), ints(9, 3, 4099)));
        r.add(row("gather", Scale.RESULT, t -> node(new IndexOp.Gather(1), t), real(3, 29, 65), ints(29, 301)));
        r.add(row(
                "scatterAdd", Scale.TERMS, t -> node(new IndexOp.ScatterAdd(0, 301), t), real(97, 131), ints(301, 97)));
        r.add(row(
                "takeAlong",
                Scale.RESULT,
                t -> node(new IndexOp.TakeAlong(1), t),
                real(37, 29, 65),
                ints(29, 37, 7, 65)));
        r.add(row(
                "addAlong",
                Scale.TERMS,
                t -> node(new IndexOp.AddAlong(1, 29), t),
                real(37, 7, 365),
                ints(29, 37, 7, 365)));
        r.add(row("cholesky", Scale.OPERANDS, t -> LinearAlgebra.cholesky(t[0]), matrices(41, 17, 17)));
        for (int m : new int[] {1, 71}) {
            for (boolean lower : new boolean[] {true, false}) {
                for (boolean transpose : new boolean[] {true, false}) {
                    r.add(row(
                            "triangularSolve " + m + lower + transpose,
                            Scale.OPERANDS,
                            t -> LinearAlgebra.triangularSolve(t[0], t[1], lower, transpose, false),
                            matrices(5, 1, 33, 33),
                            real(7, 33, m)));
                }
            }
        }
        Operand keys = Operand.keys(1501);
        r.add(row("fold", Scale.RESULT, t -> node(new RandomOp.FoldConstant(5, 1), t), keys));
        r.add(row(
                "foldIndex", Scale.RESULT, t -> node(new RandomOp.FoldIndex(), t), Operand.keys(40, 1), ints(99, 41)));
        r.add(row("split", Scale.RESULT, t -> node(new RandomOp.Split(3), t), keys));
        r.add(row("bits", Scale.RESULT, t -> draw(RandomOp.Kind.BITS, DType.I32, t[0], 9001), Operand.keys()));
        r.add(row("bits of keys", Scale.RESULT, t -> draw(RandomOp.Kind.BITS, DType.I32, t[0], 1501, 7), keys));
        Operand alpha = Operand.real((s, g) -> fill(s, g, 0.2, 3), 13, 50);
        r.add(row("gamma", Scale.RESULT, t -> node(new RandomOp.GammaDraw(false), t), Operand.keys(13), alpha));
        r.add(row("gammaDerivative", Scale.RESULT, t -> node(new RandomOp.GammaDerivative(false), t), alpha, alpha));
        r.add(row("custom", Scale.RESULT, t -> new Hypot().apply(t[0], t[1]), real(71, 1, 67), real(5, 1)));
        r.add(row("custom flat", Scale.RESULT, t -> new Hypot().apply(t[0], t[1]), real(71, 67), real(71, 67)));
        return r;
    }

    private static Tensor node(org.amortis.tensor.Op op, Tensor... x) {
        return Node.of(op, x).result(0);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void agreesWithTheReference(Sample sample) {
        OpConformance.check(sample, DType.F32, Evaluator.on(SHARED));
        OpConformance.check(sample, DType.F64, Evaluator.on(SHARED));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void workersChangeNoBit(Sample sample) {
        List<HostArray> at = sample.arrays(DType.F32);
        Tensor[] x = IntStream.range(0, at.size())
                .mapToObj(k -> Tensors.input(
                        "x" + k, at.get(k).dtype(), at.get(k).shape().toArray()))
                .toArray(Tensor[]::new);
        Program p = Program.of(sample.formula().of(x));
        List<HostArray> r = new ArrayList<>();
        for (Device d : List.of(ALONE, SHARED)) {
            Runner runner = p.open(d);
            for (int k = 0; k < x.length; k++) {
                runner.feed("x" + k, at.get(k));
            }
            runner.run();
            r.add(runner.output(0));
        }
        for (int k = 0; k < r.get(0).shape().size() && r.get(0).dtype() != DType.KEY; k++) {
            assertEquals(r.get(0).get(k), r.get(1).get(k), "element " + k);
        }
    }
}
