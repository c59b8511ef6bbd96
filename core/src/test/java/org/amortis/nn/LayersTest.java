package org.amortis.nn;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.testing.Formulas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LayersTest {
    /**
     * One layer: adding a row adds its gradient and shape tests.
     *
     * @param name printed
     * @param make declares it
     * @param in shape of an input
     * @param out shape of its output
     */
    record Row(String name, Function<ParamScope, Layer> make, Shape in, Shape out) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> layers() {
        Initializer he = Initializer.heNormal();
        return List.of(
                new Row("linear", at -> Linear.of(at, 3, 2), Shape.of(4, 3), Shape.of(4, 2)),
                new Row("linear without bias", at -> Linear.withoutBias(at, 3, 2, he), Shape.of(4, 3), Shape.of(4, 2)),
                new Row("layer norm", at -> LayerNorm.of(at, 5), Shape.of(2, 3, 5), Shape.of(2, 3, 5)),
                new Row("conv", at -> Conv2d.of(at, 2, 3, 3, 2, 1, he), Shape.of(2, 2, 5, 4), Shape.of(2, 3, 3, 2)),
                new Row(
                        "conv of one image",
                        at -> Conv2d.of(at, 2, 3, 3, 1, 0, he),
                        Shape.of(2, 5, 4),
                        Shape.of(3, 3, 2)),
                new Row(
                        "transposed conv",
                        at -> Conv2d.transposed(at, 2, 3, 3, 2, 1, 1, he),
                        Shape.of(2, 1, 2, 3, 2),
                        Shape.of(2, 1, 3, 6, 4)),
                new Row(
                        "gru",
                        at -> {
                            Gru gru = Gru.of(at, 2, 3);
                            return gru::apply;
                        },
                        Shape.of(4, 2, 2),
                        Shape.of(4, 2, 3)),
                new Row(
                        "attention to itself",
                        at -> {
                            MultiHeadAttention a = MultiHeadAttention.of(at, 4, 4, 4, 2);
                            return (p, x) -> a.self(p, x, MultiHeadAttention.causal(3));
                        },
                        Shape.of(2, 3, 4),
                        Shape.of(2, 3, 4)),
                new Row("deep set, sum", at -> deepSet(at, DeepSet.Pooling.SUM), Shape.of(2, 4, 3), Shape.of(2, 2)),
                new Row("deep set, mean", at -> deepSet(at, DeepSet.Pooling.MEAN), Shape.of(4, 3), Shape.of(2)),
                new Row("deep set, max", at -> deepSet(at, DeepSet.Pooling.MAX), Shape.of(2, 4, 3), Shape.of(2, 2)));
    }

    private static DeepSet deepSet(ParamScope at, DeepSet.Pooling pooling) {
        return DeepSet.of(
                Mlp.of(at.at("each"), Mlp.sizes(3, 4, 5), Activation.TANH),
                pooling,
                Mlp.of(at.at("after"), Mlp.sizes(5, 2), Activation.TANH));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void shapesAndGradients(Row row) {
        ParamSpec spec = new ParamSpec(DType.F64);
        Layer layer = row.make().apply(spec.at("layer"));
        double[] flat = eval(spec.initialValue(Key.of(1)));
        double[] x = eval(Random.normal(Key.of(2), DType.F64, row.in()));
        Tensor input = f64(row.in(), x);
        assertEquals(row.out(), layer.apply(spec.weights(), input).shape());
        Formulas.checkGradient(t -> layer.apply(spec.weights(t), input).square(), Shape.of(flat.length), 1e-6, flat);
        Tensor values = f64(flat);
        Formulas.checkGradient(t -> layer.apply(spec.weights(values), t).square(), row.in(), 1e-6, x);
    }

    /** Output and gradient in a compiled float32 program: 2^-24 times the length of sums and a factor for their depth. */
    @ParameterizedTest
    @MethodSource("layers")
    void programsAgreeWithTheReference(Row row) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Layer layer = row.make().apply(spec.at("layer"));
        Tensor x = Random.normal(Key.of(2), DType.F32, row.in());
        Tensor y = layer.apply(spec.weights(), x);
        Tensor g = Gradients.of(y.square().sum(), spec.flat().value());
        Params start = Params.init(spec, Key.of(1));
        Map<State, double[]> v = Map.of(spec.flat(), start.flat().toDoubles());
        StateStore store = new StateStore();
        start.into(store);
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.of(y, g).open(d, store);
            r.run();
            close(eval(y, v), r.output(0).toDoubles());
            close(eval(g, v), r.output(1).toDoubles());
        }
    }

    private static void close(double[] expected, double[] actual) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElse(1);
        assertArrayEquals(expected, actual, 100 * 0x1p-24 * Math.max(1, scale));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activationsAgreeWithTheirFormulas(Activation a) {
        double[] x = {-3, -0.5, 0, 0.25, 2};
        double[] y = eval(a.apply(f64(x)));
        for (int i = 0; i < x.length; i++) {
            assertEquals(byHand(a, x[i]), y[i], 2e-15, a + "(" + x[i] + ")");
        }
        Formulas.checkGradient(a::apply, Shape.of(4), 1e-6, -3, -0.5, 0.25, 2);
    }

    private static double byHand(Activation a, double x) {
        double sigmoid = 1 / (1 + Math.exp(-x));
        return switch (a) {
            case TANH -> Math.tanh(x);
            case RELU -> Math.max(0, x);
            case ELU -> x > 0 ? x : Math.exp(x) - 1;
            case SILU -> x * sigmoid;
            // scipy.special: x * ndtr(x)
            case GELU ->
                x == -3
                        ? -0.00404969409489028
                        : x == -0.5
                                ? -0.15426876936299344
                                : x == 0 ? 0 : x == 0.25 ? 0.14967658142073093 : 1.9544997361036416;
            case SIGMOID -> sigmoid;
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case LEAKY_RELU -> x > 0 ? x : 0.01 * x;
            case IDENTITY -> x;
        };
    }

    /** Against numpy: h' = (1 - z) n + z h, n = tanh(x_n + r h_n), gates in the order r, z, n. */
    @Test
    void gruAgreesWithLoopsAndKeepsMaskedStates() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Gru gru = Gru.of(spec.at("g"), 2, 2);
        double[] flat = eval(spec.initialValue(Key.of(1)));
        Map<State, double[]> v = Map.of(spec.flat(), flat);
        double[] wx = eval(spec.weights().get("g/x/w"), v);
        double[] wh = eval(spec.weights().get("g/h/w"), v);
        double[] xs = {0.3, -1, 2, 0.5, -0.7, 0.1};
        boolean[] on = {true, false, true};
        double[] h = {0.2, -0.4};
        double[] expected = new double[6];
        for (int t = 0; t < 3; t++) {
            double[] a = new double[6];
            double[] b = new double[6];
            for (int j = 0; j < 6; j++) {
                for (int i = 0; i < 2; i++) {
                    a[j] += xs[2 * t + i] * wx[6 * i + j];
                    b[j] += h[i] * wh[6 * i + j];
                }
            }
            double[] next = h.clone();
            for (int j = 0; j < 2 && on[t]; j++) {
                double r = 1 / (1 + Math.exp(-a[j] - b[j]));
                double z = 1 / (1 + Math.exp(-a[2 + j] - b[2 + j]));
                double n = Math.tanh(a[4 + j] + r * b[4 + j]);
                next[j] = (1 - z) * n + z * h[j];
            }
            h = next;
            System.arraycopy(h, 0, expected, 2 * t, 2);
        }
        Tensor mask = Tensors.constant(HostArray.wrap(DType.BOOL, new int[] {1, 0, 1}, Shape.of(3)));
        Tensor start = f64(0.2, -0.4);
        Tensor y = gru.run(spec.weights(), f64(Shape.of(3, 2), xs), start, mask, false);
        assertArrayEquals(expected, eval(y, v), 1e-15);
        Tensor backwards = gru.run(spec.weights(), f64(Shape.of(3, 2), xs).flip(0), start, mask, true)
                .flip(0);
        assertArrayEquals(expected, eval(backwards, v), 1e-15);
        Tensor one = gru.step(spec.weights(), f64(0.3, -1), start);
        assertArrayEquals(Arrays.copyOf(expected, 2), eval(one, v), 1e-15);
        // orthogonal for each gate
        Tensor gate = spec.weights().get("g/h/w").slice(1, 2, 4);
        assertArrayEquals(new double[] {1, 0, 0, 1}, eval(Tensors.matmul(gate, gate, true, false), v), 1e-12);
    }

    @Test
    void attentionSeesOnlyWhatTheMaskLets() {
        ParamSpec spec = new ParamSpec(DType.F64);
        MultiHeadAttention a = MultiHeadAttention.of(spec.at("a"), 3, 2, 4, 2);
        Map<State, double[]> v = Map.of(spec.flat(), eval(spec.initialValue(Key.of(1))));
        Tensor q = Random.normal(Key.of(2), DType.F64, Shape.of(2, 5, 3));
        Tensor kv = Random.normal(Key.of(3), DType.F64, Shape.of(2, 6, 2));
        Tensor lengths = Tensors.constant(HostArray.wrap(new int[] {4, 0}, Shape.of(2)));
        Tensor mask = MultiHeadAttention.lengths(lengths, 6);
        double[] masked = eval(a.apply(spec.weights(), q, kv, mask), v);
        double[] cut = eval(a.apply(spec.weights(), q.at(0, 0), kv.at(0, 0).slice(0, 0, 4), null), v);
        assertArrayEquals(cut, Arrays.copyOf(masked, 20), 1e-14);
        assertArrayEquals(new double[20], Arrays.copyOfRange(masked, 20, 40), "nothing to see: the bias, zero");
        Tensor loss = a.apply(spec.weights(), q, kv, mask).square().sum();
        for (double g : eval(Gradients.of(loss, spec.flat().value()), v)) {
            assertEquals(g, g, 0); // no NaN: NaN differs from itself
        }
        // values that the causal mask hides change nothing before them
        MultiHeadAttention self = MultiHeadAttention.of(new ParamSpec(DType.F64).at("s"), 3, 3, 3, 1);
        assertEquals("attention of 1 heads: linear s/out/w [3, 3]", self.toString());
    }

    /** One head by hand: softmax(q k' / sqrt(d)) v, with every layer the identity. */
    @Test
    void attentionOfOneHeadByHand() {
        ParamSpec spec = new ParamSpec(DType.F64);
        MultiHeadAttention a = MultiHeadAttention.of(spec.at("a"), 2, 2, 2, 1);
        Tensor eye = f64(Shape.of(2, 2), 1, 0, 0, 1);
        Map<String, Tensor> identity = Map.of("query/w", eye, "key/w", eye, "value/w", eye, "out/w", eye);
        Map<State, double[]> v = Map.of(spec.flat(), new double[spec.size()]);
        Tensor x = f64(Shape.of(2, 2), 1, 2, -1, 0.5);
        double[] y = eval(a.self(spec.weights().with("a", identity), x, null), v);
        double[][] rows = {{1, 2}, {-1, 0.5}};
        for (int i = 0; i < 2; i++) {
            double s0 = Math.exp((rows[i][0] * 1 + rows[i][1] * 2) / Math.sqrt(2));
            double s1 = Math.exp((rows[i][0] * -1 + rows[i][1] * 0.5) / Math.sqrt(2));
            assertEquals((s0 * 1 + s1 * -1) / (s0 + s1), y[2 * i], 1e-15);
            assertEquals((s0 * 2 + s1 * 0.5) / (s0 + s1), y[2 * i + 1], 1e-15);
        }
    }

    @Test
    void deepSetsIgnoreOrderAndEmptyPlaces() {
        for (DeepSet.Pooling pooling : DeepSet.Pooling.values()) {
            ParamSpec spec = new ParamSpec(DType.F64);
            DeepSet s = deepSet(spec.at("s"), pooling);
            Map<State, double[]> v = Map.of(spec.flat(), eval(spec.initialValue(Key.of(1))));
            Tensor x = Random.normal(Key.of(2), DType.F64, Shape.of(4, 3));
            double[] y = eval(s.apply(spec.weights(), x), v);
            assertArrayEquals(y, eval(s.apply(spec.weights(), x.flip(0)), v), 1e-14, pooling.name());
            Tensor padded = Tensors.concat(0, x, Tensors.fill(Double.NaN, DType.F64, Shape.of(2, 3)));
            Tensor mask = Tensors.iota(Shape.of(6), 0).lt(4);
            assertArrayEquals(y, eval(s.apply(spec.weights(), padded, mask), v), 1e-14, pooling.name());
            Tensor none = Tensors.iota(Shape.of(6), 0).lt(0);
            for (double e : eval(s.apply(spec.weights(), padded, none), v)) {
                assertEquals(0, e, "the bias of the last layer, " + pooling);
            }
        }
    }

    @Test
    void dropoutKeepsTheMean() {
        Tensor x = Tensors.ones(DType.F64, Shape.of(40_000));
        Dropout d = new Dropout(0.3);
        assertEquals(x, d.apply(x, Key.of(1), false));
        double[] y = eval(d.apply(x, Key.of(1), true));
        long zeros = Arrays.stream(y).filter(e -> e == 0).count();
        assertEquals(0.3, zeros / 40_000.0, 6 * Math.sqrt(0.21 / 40_000));
        assertEquals(1 / 0.7, Arrays.stream(y).max().orElseThrow(), 1e-15);
        assertThrows(PlanException.class, () -> new Dropout(1));
    }

    @Test
    void embeddingLooksUpRows() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Embedding e = Embedding.of(
                spec.at("e"),
                3,
                2,
                Initializer.values(HostArray.wrap(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(3, 2))));
        Map<State, double[]> v = Map.of(spec.flat(), eval(spec.initialValue(Key.of(1))));
        Tensor index = Tensors.constant(HostArray.wrap(new int[] {2, 0, 2}, Shape.of(3)));
        assertArrayEquals(new double[] {5, 6, 1, 2, 5, 6}, eval(e.apply(spec.weights(), index), v));
        Tensor g =
                Gradients.of(e.apply(spec.weights(), index).sum(), spec.flat().value());
        assertArrayEquals(new double[] {1, 1, 0, 0, 2, 2}, Arrays.copyOf(eval(g, v), 6));
    }

    @Test
    void mistakesAreNamed() {
        ParamScope at = new ParamSpec(DType.F64).at("x");
        assertThrows(ShapeException.class, () -> MultiHeadAttention.of(at, 3, 3, 4, 3));
        Conv2d c = Conv2d.of(at, 2, 3, 3, 1, 0, Initializer.zeros());
        ParamSpec spec = new ParamSpec(DType.F64);
        Conv2d d = Conv2d.of(spec.at("conv"), 2, 3, 3, 1, 0, Initializer.zeros());
        ShapeException e = assertThrows(
                ShapeException.class, () -> d.apply(spec.weights(), Tensors.zeros(DType.F64, Shape.of(1, 3, 5, 5))));
        assertEquals(true, e.getMessage().contains("conv/w"), e.getMessage() + c);
        assertThrows(
                ShapeException.class,
                () -> Gru.of(new ParamSpec(DType.F64).at("g"), 2, 3).apply(spec.weights(), f64(1, 2)));
    }
}
