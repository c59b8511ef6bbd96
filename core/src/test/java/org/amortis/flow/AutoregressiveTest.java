package org.amortis.flow;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.dist.MultivariateNormal;
import org.amortis.grad.PerRow;
import org.amortis.nn.Activation;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Key;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoregressiveTest {
    private static boolean[][] rows(String... rows) {
        return Arrays.stream(rows)
                .map(r -> {
                    boolean[] b = new boolean[r.length()];
                    for (int i = 0; i < b.length; i++) {
                        b[i] = r.charAt(i) == '1';
                    }
                    return b;
                })
                .toArray(boolean[][]::new);
    }

    /** The example of three inputs and four hidden units. */
    @Test
    void masks() {
        int[] in = Made.degrees(3, 1, 3);
        int[] hidden = Made.degrees(4, 1, 2);
        assertArrayEquals(new int[] {1, 2, 1, 2}, hidden);
        assertArrayEquals(rows("100", "110", "100", "110"), Made.mask(in, hidden, false));
        assertArrayEquals(rows("0000", "1010", "1111"), Made.mask(hidden, in, true));
    }

    @Test
    void fewUnitsAreSpreadOverTheDegrees() {
        assertArrayEquals(new int[] {2, 5, 8}, Made.degrees(3, 0, 8));
        assertArrayEquals(new int[] {9}, Made.degrees(1, 1, 9));
        assertArrayEquals(new int[] {0, 0, 0}, Made.degrees(3, 0, 0));
    }

    /** Outputs of element i depend on elements before i, on all of them, and on nothing else. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dependsOnWhatComesBefore(boolean blocks) {
        ParamSpec spec = new ParamSpec(DType.F64);
        int d = 6;
        Made made = Made.of(
                spec.at("made"), d, 2, 3, new Net(17, 2, Activation.TANH, blocks), (k, t, s, f) -> Tensors.zeros(t, s));
        Weights p = spec.weights(Random.normal(Key.of(1), DType.F64, Shape.of(spec.size())));
        Tensor x = f64(Shape.of(1, d), eval(Random.normal(Key.of(2), DType.F64, Shape.of(1, d))));
        Tensor c = f64(Shape.of(1, 2), 0.3, -1.2);
        Tensor y = made.apply(p, x, c);
        assertEquals(Shape.of(1, d, 3), y.shape());
        double[] j = eval(PerRow.jacobian(y.reshape(1, 3 * d), x));
        for (int i = 0; i < 3 * d; i++) {
            for (int k = 0; k < d; k++) {
                assertEquals(k < i / 3, j[i * d + k] != 0, "output " + i + ", input " + k);
            }
        }
        double[] byContext = eval(PerRow.jacobian(y.reshape(1, 3 * d), c));
        assertTrue(Arrays.stream(byContext).allMatch(v -> v != 0));
        assertThrows(ShapeException.class, () -> made.apply(p, x, null));
    }

    /** One unit at a time: the pass is repeated until all elements are known, as libraries do it. */
    private static Tensor naive(Autoregressive flow, Bijection b, Tensor u) {
        // x_i = u_i - (inverse(x)_i - x_i) needs the map itself: with affine maps inverse is linear in x_i
        int d = flow.inputShape().dim(0);
        Tensor x = Tensors.zeros(u.dtype(), u.shape());
        for (int i = 0; i < d; i++) {
            Tensor at0 = b.inverse(x);
            Tensor unit = Tensors.iota(Shape.of(d), 0).eq(i).cast(u.dtype());
            Tensor at1 = b.inverse(x.add(unit));
            Tensor slope = at1.sub(at0);
            x = x.add(Tensors.where(unit.eq(1), u.sub(at0).div(Tensors.where(unit.eq(1), slope, 1)), 0));
        }
        return x;
    }

    /** Several chunks, more and fewer units than degrees, two axes in front, with a context. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11, 30})
    void inOrderIsTheRepeatedPass(int width) {
        for (boolean blocks : new boolean[] {false, true}) {
            ParamSpec spec = new ParamSpec(DType.F64);
            int d = 13;
            Autoregressive flow = Autoregressive.of(
                    spec.at("f"), d, 2, Transformer.affine(), new Net(width, 2, Activation.TANH, blocks));
            Tensor p = f64(eval(
                    Random.normal(Key.of(1), DType.F64, Shape.of(spec.size())).mul(0.3)));
            Tensor c = f64(Shape.of(2, 2), 1, -0.5, 0.2, 2);
            Tensor u = f64(Shape.of(3, 2, d), eval(Random.normal(Key.of(3), DType.F64, Shape.of(3, 2, d))));
            Bijection b = flow.given(spec.weights(p), c);
            assertArrayEquals(eval(naive(flow, b, u)), eval(b.forward(u)), 1e-11);
        }
    }

    /** Blocks of the masked product are those of the whole product. */
    @Test
    void largeLayersAreMultipliedInBlocks() {
        ParamSpec spec = new ParamSpec(DType.F64);
        int[] in = new int[150];
        Arrays.setAll(in, i -> i / 11);
        int[] out = new int[140];
        Arrays.setAll(out, i -> i / 10);
        MaskedLinear layer = MaskedLinear.of(
                spec.at("l"), in, out, (k, t, s, f) -> Random.normal(k, t, s), (k, t, s, f) -> Random.normal(k, t, s));
        Weights p = spec.weights(spec.initialValue(Key.of(1)));
        Tensor x = Random.normal(Key.of(2), DType.F64, Shape.of(150, 3));
        Tensor whole = Tensors.where(layer.mask(), p.get("l/w"), 0)
                .matmul(x)
                .add(p.get("l/b").reshape(140, 1));
        assertArrayEquals(eval(whole), eval(layer.apply(p, x, null)), 1e-12);
    }

    /** Mean and Cholesky factor from a flow that is linear: rectifiers that stay positive. */
    private record Linear(Bijection map, Tensor mean, Tensor factor) {}

    /** u_i = (x_i - m_i - sum_k w_ik x_k) / s_i as weights of a MADE with one hidden layer of one unit for each degree. */
    private static Linear linear(Transformer transformer, double[] logScale) {
        int d = 4;
        ParamSpec spec = new ParamSpec(DType.F64);
        Net net = new Net(d - 1, 1, Activation.IDENTITY, false);
        Autoregressive flow = Autoregressive.of(spec.at("f"), d, 0, transformer, net);
        double[][] l = {{1.3, 0, 0, 0}, {-0.4, 0.7, 0, 0}, {2, 0.1, 1.9, 0}, {0.5, -1, 0.3, 0.2}};
        double[] mean = {0.3, -2, 1, 0.5};
        for (int i = 0; i < d; i++) {
            double s = Math.exp(logScale[i]) / l[i][i];
            for (int k = 0; k <= i; k++) {
                l[i][k] *= s;
            }
        }
        // precision factor: rows of L^-1, x_i | x_<i has mean m_i - sum_k P_ik / P_ii (x_k - m_k)
        double[][] inverse = new double[d][d];
        for (int k = 0; k < d; k++) {
            for (int i = k; i < d; i++) {
                double r = i == k ? 1 : 0;
                for (int q = k; q < i; q++) {
                    r -= l[i][q] * inverse[q][k];
                }
                inverse[i][k] = r / l[i][i];
            }
        }
        // hidden unit k is x_k + 2 x_(k-1) + .., so that the mask matters; planes: [scale, shift] of each element
        double[] w1 = new double[(d - 1) * d];
        for (int i = 0; i < d - 1; i++) {
            w1[i * d + i] = 1;
            if (i > 0) {
                w1[i * d + i - 1] = 2;
            }
        }
        double[] w2 = new double[2 * d * (d - 1)];
        double[] b2 = new double[2 * d];
        for (int i = 0; i < d; i++) {
            double shift = mean[i];
            double[] onX = new double[d];
            for (int k = 0; k < i; k++) {
                onX[k] = -inverse[i][k] / inverse[i][i];
                shift -= onX[k] * mean[k];
            }
            for (int k = i - 1; k >= 0; k--) {
                // h_k = x_k + 2 x_(k-1)
                w2[(2 * i + 1) * (d - 1) + k] = onX[k];
                if (k > 0) {
                    onX[k - 1] -= 2 * onX[k];
                }
            }
            b2[2 * i] = logScale[i];
            b2[2 * i + 1] = shift;
        }
        Map<String, Tensor> values = new HashMap<>();
        values.put("in/w", f64(Shape.of(d - 1, d), w1));
        values.put("in/b", f64(new double[d - 1]));
        values.put("out/w", f64(Shape.of(2 * d, d - 1), w2));
        values.put("out/b", f64(b2));
        Weights p = spec.weights(f64(new double[spec.size()])).with("f", values);
        double[] flat = new double[d * d];
        for (int i = 0; i < d; i++) {
            System.arraycopy(l[i], 0, flat, i * d, d);
        }
        return new Linear(flow.given(p), f64(mean), f64(Shape.of(d, d), flat));
    }

    @Test
    void linearConditionersGiveAGaussian() {
        double[] logScale = {0.3, -0.5, 0.1, -1};
        Linear a = linear(Transformer.affine(ScaleMap.EXP), logScale);
        MultivariateNormal expected = MultivariateNormal.ofMeanCholesky(a.mean(), a.factor());
        Tensor x = f64(Shape.of(5, 4), eval(Random.normal(Key.of(3), DType.F64, Shape.of(5, 4))));
        FlowDistribution q =
                FlowDistribution.of(Base.normal(4).given(new ParamSpec(DType.F64).weights(), Shape.SCALAR), a.map());
        assertArrayEquals(eval(expected.logProb(x)), eval(q.logProb(x)), 1e-12);
        // the same map the other way: a draw is the mean plus the factor times noise
        Tensor u = f64(Shape.of(5, 4), eval(Random.normal(Key.of(4), DType.F64, Shape.of(5, 4))));
        Tensor drawn = Tensors.matmul(u, a.factor(), false, true).add(a.mean());
        assertArrayEquals(eval(drawn), eval(a.map().forward(u)), 1e-12);
    }

    /** A step of inverse autoregressive flow with linear conditioners: z' = diag(g) z + (1 - g)(W z + b), lower triangular. */
    @Test
    void oneLinearGatedStepGivesAFullCovariance() {
        int d = 3;
        ParamSpec spec = new ParamSpec(DType.F64);
        Flow flow = Autoregressive.of(
                        spec.at("f"), d, 0, new GatedTransformer(1), new Net(2, 1, Activation.IDENTITY, false))
                .inverted();
        Map<String, Tensor> values = Map.of(
                "in/w", f64(Shape.of(2, 3), 1, 0, 0, 0.5, 1, 0),
                "in/b", f64(0.0, 0),
                "out/w", f64(Shape.of(6, 2), 0, 0, 0, 0, 2, 0, 0, 0, -1, 3, 0, 0),
                "out/b", f64(0.1, 0.2, 0.3, -0.4, 0.5, 0.6));
        Bijection b = flow.given(spec.weights(f64(new double[spec.size()])).with("f", values));
        double[] g = {1 / (1 + Math.exp(-1.2)), 1 / (1 + Math.exp(-0.6)), 1 / (1 + Math.exp(-1.6))};
        double[] factor = {
            g[0], 0, 0, 2 * (1 - g[1]), g[1], 0, (-1 + 1.5) * (1 - g[2]), 3 * (1 - g[2]), g[2],
        };
        double[] mean = {0.1 * (1 - g[0]), 0.3 * (1 - g[1]), 0.5 * (1 - g[2])};
        MultivariateNormal expected = MultivariateNormal.ofMeanCholesky(f64(mean), f64(Shape.of(3, 3), factor));
        Tensor z = f64(Shape.of(4, 3), eval(Random.normal(Key.of(3), DType.F64, Shape.of(4, 3))));
        Mapped m = b.forwardAndLogDet(z);
        Tensor log =
                Base.normal(3).given(spec.weights(), Shape.SCALAR).logProb(z).sub(m.logDet());
        assertArrayEquals(eval(expected.logProb(m.value())), eval(log), 1e-12);
    }

    /** Nodes grow with the number of elements, and what is copied to join units with its root. */
    @Test
    void sizeOfTheFormula() {
        long[] nodes = new long[2];
        long[] copied = new long[2];
        for (int k = 0; k < 2; k++) {
            int d = k == 0 ? 64 : 256;
            ParamSpec spec = new ParamSpec(DType.F32);
            Autoregressive flow = Autoregressive.of(spec.at("f"), d, 0, Transformer.affine(), Net.plain(1024, 1));
            Tensor x = flow.given(spec.weights()).forward(Tensors.input("u", DType.F32, 1, d));
            for (Node n : Graphs.topological(List.of(x))) {
                nodes[k]++;
                if (n.op() instanceof LayoutOp.Concat) {
                    copied[k] += n.result(0).shape().size();
                }
            }
        }
        assertTrue(nodes[1] < 4.5 * nodes[0], Arrays.toString(nodes));
        assertTrue(copied[1] < 2.5 * copied[0], Arrays.toString(copied));
    }
}
