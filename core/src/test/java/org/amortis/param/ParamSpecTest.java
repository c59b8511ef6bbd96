package org.amortis.param;

import static org.amortis.testing.Formulas.eval;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Key;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamSpecTest {
    private static ParamSpec spec() {
        ParamSpec s = new ParamSpec(DType.F64);
        s.at("enc").declare("w", Shape.of(3, 7), Initializer.glorotUniform(), "decay");
        s.at("enc").declare("b", Shape.of(7), Initializer.zeros());
        s.at("dec").declare("w", Shape.of(16), Initializer.normal(2), "decay");
        s.at("").declare("scale", Shape.SCALAR, Initializer.constant(5));
        return s;
    }

    @Test
    void parametersAreAlignedViewsOfOneRange() {
        ParamSpec s = spec();
        assertEquals(List.of("enc/w", "enc/b", "dec/w", "scale"), s.paths());
        assertEquals(0, s.parameter("enc/w").offset());
        assertEquals(32, s.parameter("enc/b").offset());
        assertEquals(48, s.parameter("dec/w").offset());
        assertEquals(64, s.parameter("scale").offset());
        assertEquals(80, s.size());
        assertEquals(21 + 7 + 16 + 1, s.count());
        double[] flat = new double[80];
        Arrays.setAll(flat, i -> i);
        Map<State, double[]> values = Map.of(s.flat(), flat);
        double[] b = eval(s.weights().get("enc/b"), values);
        assertArrayEquals(new double[] {32, 33, 34, 35, 36, 37, 38}, b);
        assertEquals(64, eval(s.weights().get("scale"), values)[0]);
        assertTrue(s.toString().contains("enc/w"), s.toString());
        assertEquals("enc/b F64[7]", s.weights().get("enc/b").describe());
    }

    @Test
    void initialValueDependsOnPathAloneAndPadsWithZeros() {
        ParamSpec a = spec();
        double[] v = eval(a.initialValue(Key.of(3)));
        assertEquals(80, v.length);
        ParamSpec b = new ParamSpec(DType.F64);
        b.at("dec").declare("w", Shape.of(16), Initializer.normal(2));
        assertArrayEquals(eval(b.initialValue(Key.of(3))), Arrays.copyOfRange(v, 48, 64));
        for (int i = 0; i < 80; i++) {
            boolean pad = (i >= 21 && i < 32) || i > 64;
            boolean zero = pad || (i >= 32 && i < 48);
            assertEquals(zero, v[i] == 0, "element " + i);
        }
        assertEquals(5, v[64]);
        assertEquals(0, eval(new ParamSpec(DType.F32).initialValue(Key.of(3))).length);
    }

    @Test
    void gradientOfTheFlatRangeIsOneFormulaWithoutPaddedSums() {
        ParamSpec s = spec();
        Weights p = s.weights();
        Tensor loss = p.get("enc/w")
                .square()
                .sum()
                .add(p.get("scale").mul(3))
                .add(p.get("enc/b").sum());
        Tensor g = Gradients.orZeros(loss, List.of(p.flat())).get(0);
        assertEquals(
                0,
                Graphs.topological(List.of(g)).stream()
                        .filter(n -> n.op() instanceof LayoutOp.Pad)
                        .count());
        double[] flat = new double[80];
        Arrays.setAll(flat, i -> i);
        double[] d = eval(g, Map.of(s.flat(), flat));
        for (int i = 0; i < 80; i++) {
            double expected = i < 21 ? 2 * i : i >= 32 && i < 39 ? 1 : i == 64 ? 3 : 0;
            assertEquals(expected, d[i], "element " + i);
        }
    }

    /** Forty parameters of which each is used three times: one concatenation, whatever their number. */
    @Test
    void gradientNodesGrowWithUsesAlone() {
        int[] nodes = new int[2];
        for (int k = 0; k < 2; k++) {
            ParamSpec s = new ParamSpec(DType.F64);
            int n = 20 * (k + 1);
            for (int i = 0; i < n; i++) {
                s.at("layer").at(i).declare("w", Shape.of(5), Initializer.zeros());
            }
            Weights p = s.weights();
            Tensor loss = Tensors.scalarLike(p.flat(), 0);
            for (String path : s.paths()) {
                Tensor w = p.get(path);
                loss = loss.add(w.mul(w.tanh()).sum());
            }
            var graph = Graphs.topological(List.of(Gradients.of(loss, p.flat())));
            assertEquals(
                    1,
                    graph.stream()
                            .filter(m -> m.op() instanceof LayoutOp.Concat)
                            .count());
            assertTrue(graph.stream().noneMatch(m -> m.op() instanceof LayoutOp.Pad));
            nodes[k] = graph.size();
        }
        assertTrue(nodes[1] <= 2 * nodes[0], Arrays.toString(nodes));
    }

    @Test
    void weightsAreReplacedAndDetachedByPrefix() {
        ParamSpec s = spec();
        Weights p = s.weights();
        Tensor loss =
                p.stopGradient("enc").get("enc/w").sum().add(p.get("enc/b").sum());
        double[] zero = new double[80];
        double[] g = eval(Gradients.of(loss, p.flat()), Map.of(s.flat(), zero));
        assertEquals(0, g[0]);
        assertEquals(1, g[32]);

        Tensor twice = Tensors.fill(2, DType.F64, Shape.of(3, 7));
        Weights q = p.with("enc", Map.of("w", twice));
        assertEquals(twice, q.get("enc/w"));
        assertEquals(p.get("enc/b"), q.get("enc/b"));
        assertEquals(List.of("w", "b"), List.copyOf(q.under("enc").keySet()));
        assertEquals(
                Shape.of(5, 7),
                p.with("", Map.of("enc/b", Tensors.zeros(DType.F64, Shape.of(5, 7))))
                        .get("enc/b")
                        .shape());

        State average = new State("avg", s.flat().type());
        double[] ones = new double[80];
        Arrays.fill(ones, 1);
        Weights r = p.with("dec", average.value());
        Map<State, double[]> values = Map.of(s.flat(), zero, average, ones);
        assertEquals(16, eval(r.get("dec/w").sum(), values)[0]);
        assertEquals(0, eval(r.get("enc/w").sum(), values)[0]);
        assertEquals(21, eval(p.with(average.value()).get("enc/w").sum(), values)[0]);
    }

    @Test
    void mistakesAreNamed() {
        ParamSpec s = spec();
        assertThrows(PlanException.class, () -> s.at("enc").declare("w", Shape.of(2), Initializer.zeros()));
        assertThrows(PlanException.class, () -> s.at("enc/w").declare("x", Shape.of(2), Initializer.zeros()));
        assertThrows(PlanException.class, () -> s.at("a//b").declare("x", Shape.of(2), Initializer.zeros()));
        Weights p = s.weights();
        assertThrows(PlanException.class, () -> s.at("late").declare("x", Shape.of(2), Initializer.zeros()));
        assertThrows(PlanException.class, () -> p.get("enc/q"));
        assertThrows(PlanException.class, () -> p.stopGradient("en"));
        assertThrows(PlanException.class, () -> Initializer.named("nope"));
        Tensor wrong = Tensors.zeros(DType.F64, Shape.of(7, 3));
        ShapeException e = assertThrows(ShapeException.class, () -> p.with("enc", Map.of("w", wrong)));
        assertTrue(e.getMessage().contains("[7,3]") && e.getMessage().contains("[3,7]"), e.getMessage());
        assertThrows(ShapeException.class, () -> p.with(wrong));
    }

    @Test
    void fingerprintSeesPathsShapesAndType() {
        ParamSpec wide = new ParamSpec(DType.F32);
        wide.at("enc").declare("w", Shape.of(3, 7), Initializer.zeros());
        ParamSpec other = new ParamSpec(DType.F32);
        other.at("enc").declare("w", Shape.of(7, 3), Initializer.zeros());
        ParamSpec same = new ParamSpec(DType.F32);
        same.at("enc").declare("w", Shape.of(3, 7), Initializer.ones(), "decay");
        assertNotEquals(wide.fingerprint(), other.fingerprint());
        assertEquals(wide.fingerprint(), same.fingerprint());
        // written in files, so it must never change; FNV-1a 64 by five lines of python
        wide.at("enc").declare("b", Shape.of(7), Initializer.zeros());
        wide.at("").declare("s", Shape.SCALAR, Initializer.zeros());
        assertEquals(0x69411d437539ad89L, wide.fingerprint());
    }

    @ParameterizedTest
    @CsvSource({
        "glorotUniform, 0.0032", // 2 / (400 + 225)
        "glorotNormal, 0.0032",
        "heUniform, 0.005", // 2 / 400
        "heNormal, 0.005",
        "lecunNormal, 0.0025",
        "zeros, 0"
    })
    void initialisersHaveTheStatedVariance(String name, double variance) {
        Shape s = Shape.of(400, 225);
        double[] v = eval(Initializer.named(name).value(Key.of(1), DType.F64, s, Fans.of(s)));
        double mean = Arrays.stream(v).average().orElseThrow();
        double square = Arrays.stream(v).map(x -> x * x).average().orElseThrow();
        // 90,000 draws: five standard errors of the mean and of the variance of a normal
        assertEquals(0, mean, 5 * Math.sqrt(variance / v.length));
        assertEquals(variance, square, 5 * variance * Math.sqrt(2.0 / v.length));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,7", "64,64", "5,40", "40,5"})
    void orthogonalHasOrthonormalRowsOrColumns(int m, int n) {
        Shape s = Shape.of(m, n);
        Tensor q = Initializer.orthogonal(3).value(Key.of(2), DType.F64, s, Fans.of(s));
        Tensor g = m <= n ? Tensors.matmul(q, q, false, true) : Tensors.matmul(q, q, true, false);
        double[] v = eval(g);
        int k = Math.min(m, n);
        for (int i = 0; i < v.length; i++) {
            assertEquals(i / k == i % k ? 9 : 0, v[i], 1e-11, "element " + i);
        }
    }

    @Test
    void valuesAndConvolutionFans() {
        Shape s = Shape.of(2);
        HostArray h = HostArray.of(1.5, 2.5);
        Tensor t = Initializer.values(h).value(Key.of(1), DType.F32, s, Fans.of(s));
        assertEquals(new TensorType(DType.F32, s), t.type());
        assertEquals(new Fans(3 * 3 * 8, 3 * 3 * 4), Fans.of(Shape.of(3, 3, 8, 4)));
    }
}
