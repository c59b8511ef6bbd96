package org.amortis.nn;

import static org.amortis.nn.Mlp.sizes;
import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.testing.Formulas;
import org.junit.jupiter.api.Test;

class MlpTest {
    private static double[] initial(ParamSpec spec) {
        return eval(spec.initialValue(Key.of(1)));
    }

    @Test
    void linearAgreesWithSumsByHand() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Linear l = Linear.of(
                spec.at("l"),
                2,
                3,
                Initializer.values(HostArray.wrap(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3))),
                Initializer.values(HostArray.of(10.0, 20.0, 30.0)));
        Map<org.amortis.tensor.State, double[]> v = Map.of(spec.flat(), initial(spec));
        Tensor x = f64(Shape.of(2, 2), 1, 1, 2, -1);
        double[] gold = {15, 27, 39, 8, 19, 30};
        assertArrayEquals(gold, eval(l.apply(spec.weights(), x), v));
        Tensor deep = l.apply(spec.weights(), x.reshape(1, 2, 1, 2));
        assertEquals(Shape.of(1, 2, 1, 3), deep.shape());
        assertArrayEquals(gold, eval(deep, v));
        assertArrayEquals(
                new double[] {15, 27, 39}, eval(l.apply(spec.weights(), x.at(0, 0)), v), "a vector is one row");
        assertEquals(Shape.of(0, 3), l.apply(spec.weights(), x.slice(0, 0, 0)).shape());
    }

    @Test
    void weightsWithLeadingAxesAreWeightsPerGroup() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Mlp net = Mlp.of(spec.at("net"), sizes(2, 4, 1), Activation.TANH);
        double[] flat = initial(spec);
        Weights p = spec.weights();
        Tensor x = Random.normal(Key.of(2), DType.F64, Shape.of(3, 5, 2));
        Tensor w = p.get("net/0/w");
        Tensor b = p.get("net/0/b");
        Weights q = p.with(
                "net/0",
                Map.of("w", Tensors.stack(0, w, w.mul(2), w.neg()), "b", Tensors.stack(0, b.add(1), b, b.sub(1))));
        double[] all = eval(net.apply(q, x), Map.of(spec.flat(), flat));
        Tensor[] ws = {w, w.mul(2), w.neg()};
        Tensor[] bs = {b.add(1), b, b.sub(1)};
        for (int g = 0; g < 3; g++) {
            Weights one = p.with("net/0", Map.of("w", ws[g], "b", bs[g]));
            double[] expected = eval(net.apply(one, x.at(0, g)), Map.of(spec.flat(), flat));
            assertArrayEquals(expected, Arrays.copyOfRange(all, 5 * g, 5 * g + 5), 1e-14);
        }
    }

    @Test
    void networkAgreesWithTheFormula() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Mlp net = Mlp.of(spec.at("net"), sizes(3, 5, 4, 2), Activation.ELU);
        Weights p = spec.weights();
        Tensor x = Random.normal(Key.of(2), DType.F64, Shape.of(6, 3));
        Tensor h = x.matmul(p.get("net/0/w")).add(p.get("net/0/b")).elu();
        h = h.matmul(p.get("net/1/w")).add(p.get("net/1/b")).elu();
        h = h.matmul(p.get("net/2/w")).add(p.get("net/2/b"));
        Map<org.amortis.tensor.State, double[]> v = Map.of(spec.flat(), initial(spec));
        assertArrayEquals(eval(h, v), eval(net.apply(p, x), v), 1e-15);
        assertEquals(3, net.in());
        assertEquals(2, net.out());
        assertTrue(net.toString().contains("net/2/w"), net.toString());
    }

    @Test
    void residualBlocksStartNearTheIdentity() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Mlp net = Mlp.residual(spec.at("net"), 3, 8, 2, 2, Activation.RELU, Initializer.zeros());
        double[] flat = initial(spec);
        Tensor x = Random.normal(Key.of(2), DType.F64, Shape.of(6, 3));
        assertArrayEquals(new double[12], eval(net.apply(spec.weights(), x), Map.of(spec.flat(), flat)));
        assertEquals(2 + 4 * 2 + 2, spec.paths().size());
        Formulas.checkGradient(t -> net.apply(spec.weights(t), x), Shape.of(flat.length), 1e-6, shifted(flat));
    }

    /** Away from the zeros of the last layer. */
    private static double[] shifted(double[] flat) {
        double[] f = flat.clone();
        for (int i = 0; i < f.length; i++) {
            f[i] += 0.1 * Math.sin(i + 1.0);
        }
        return f;
    }

    @Test
    void gradientOfANetwork() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Mlp net = Mlp.of(spec.at("net"), sizes(3, 5, 2), Activation.SILU);
        double[] flat = initial(spec);
        Tensor x = Random.normal(Key.of(2), DType.F64, Shape.of(2, 2, 3));
        Formulas.checkGradient(t -> net.apply(spec.weights(t), x).square(), Shape.of(flat.length), 1e-6, flat);
    }

    @Test
    void mistakesAreNamed() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Linear l = Linear.of(spec.at("enc/fc"), 2, 3);
        Tensor x = f64(1, 2, 3);
        ShapeException e = assertThrows(ShapeException.class, () -> l.apply(spec.weights(), x));
        assertTrue(e.getMessage().contains("enc/fc/w") && e.getMessage().contains("takes 2"), e.getMessage());
        assertThrows(ShapeException.class, () -> Mlp.of(new ParamSpec(DType.F32).at("m"), sizes(3), Activation.RELU));
    }
}
