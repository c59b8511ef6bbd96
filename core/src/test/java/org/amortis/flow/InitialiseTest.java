package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.nn.Activation;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

class InitialiseTest {
    private static final Net NET = Net.plain(4, 1).with(Activation.TANH);

    private static HostArray data(int n) {
        Tensor z = Random.normal(Key.of(3), DType.F64, Shape.of(n, 2));
        return Run.eval(z.mul(Tensors.constant(HostArray.wrap(new double[] {5, 0.2}, Shape.of(2))))
                .add(Tensors.constant(HostArray.wrap(new double[] {-30, 7}, Shape.of(2)))));
    }

    private static void checkMoments(HostArray u) {
        Tensor t = Tensors.resident(u);
        assertArrayEquals(new double[2], Run.eval(t.mean(0)).toDoubles(), 1e-12);
        assertArrayEquals(new double[] {1, 1}, Run.eval(t.square().mean(0)).toDoubles(), 1e-12);
    }

    @Test
    void normalisationsTakeTheirMomentsFromTheFirstBatch() {
        for (boolean inverted : new boolean[] {false, true}) {
            ParamSpec spec = new ParamSpec(DType.F64);
            ActNorm norm = ActNorm.of(spec.at("n"), 2);
            Flow flow = inverted ? norm.inverted() : norm;
            Params params = Params.init(spec, Key.of(1));
            HostArray x = data(50);
            Flows.initialise(flow, params, x, null);
            checkMoments(Run.eval(flow.given(params.frozen()).inverse(Tensors.resident(x))));
        }
    }

    @Test
    void everyNormalisationOfAStackIsSet() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Flow first =
                Flows.chain(Coupling.affine(spec.at("a"), Split.halves(2, 0), 1, NET), ActNorm.of(spec.at("m"), 2));
        Flow flow = Flows.chain(
                ActNorm.of(spec.at("k"), 2).inverted(),
                first,
                Coupling.affine(spec.at("b"), Split.halves(2, 1), 1, NET));
        Params params = Params.ofFlat(
                spec,
                Run.eval(Random.normal(Key.of(4), DType.F64, Shape.of(spec.size()))
                        .mul(0.3)));
        HostArray x = data(40);
        HostArray context = Run.eval(Random.normal(Key.of(5), DType.F64, Shape.of(40, 1)));
        Flows.initialise(flow, params, x, context);
        checkMoments(
                Run.eval(flow.given(params.frozen(), Tensors.resident(context)).inverse(Tensors.resident(x))));
    }

    @Test
    void elementsThatDoNotVaryKeepTheirScale() {
        ParamSpec spec = new ParamSpec(DType.F32);
        ActNorm norm = ActNorm.of(spec.at("n"), 1);
        Params params = Params.init(spec, Key.of(1));
        Flows.initialise(norm, params, HostArray.wrap(new float[] {3, 3, 3}, Shape.of(3, 1)), null);
        assertEquals(0, params.get("n/logScale").get(0));
        assertEquals(3, params.get("n/shift").get(0));
    }

    @Test
    void badBatchesAreRefused() {
        ParamSpec spec = new ParamSpec(DType.F64);
        ActNorm norm = ActNorm.of(spec.at("n"), 2);
        Params params = Params.init(spec, Key.of(1));
        assertThrows(ShapeException.class, () -> Flows.initialise(norm, params, data(1), null));
        HostArray bad = HostArray.wrap(new double[] {1, 2, Double.NaN, 3}, Shape.of(2, 2));
        assertThrows(ShapeException.class, () -> Flows.initialise(norm, params, bad, null));
        assertThrows(ShapeException.class, () -> Flows.initialise(norm, params, data(5), data(5)));
    }

    @Test
    void stacksByName() {
        for (String name : FlowStacks.names()) {
            for (int size : new int[] {1, 3}) {
                ParamSpec spec = new ParamSpec(DType.F32);
                Flow flow = FlowStacks.named(name, spec.at("flow"), size, 2);
                assertEquals(Shape.of(size), flow.inputShape());
                assertEquals(2, flow.contextSize());
            }
        }
        ParamSpec spec = new ParamSpec(DType.F32);
        assertThrows(PlanException.class, () -> FlowStacks.named("none", spec.at("f"), 2, 0));
        assertThrows(PlanException.class, () -> FlowStacks.affineCoupling(spec.at("f"), 2, 0, 0, NET));
    }

    /** Reflections give an orthogonal matrix, the Cayley transform a rotation. */
    @Test
    void orthogonalMatrices() {
        for (int kind = 0; kind < 2; kind++) {
            ParamSpec spec = new ParamSpec(DType.F64);
            LinearFlow flow =
                    kind == 0 ? LinearFlow.householder(spec.at("q"), 4, 3) : LinearFlow.cayley(spec.at("q"), 4);
            Params params = Params.ofFlat(spec, Run.eval(Random.normal(Key.of(6), DType.F64, Shape.of(spec.size()))));
            params.set("q/shift", HostArray.zeros(DType.F64, Shape.of(4)));
            Tensor q = flow.given(params.frozen()).forward(org.amortis.tensor.LinearAlgebra.eye(DType.F64, 4));
            double[] product = Run.eval(q.matmul(q.transpose())).toDoubles();
            for (int i = 0; i < 16; i++) {
                assertEquals(i % 5 == 0 ? 1 : 0, product[i], 1e-13);
            }
        }
    }
}
