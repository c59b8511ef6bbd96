package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Mapped;
import org.amortis.grad.PerRow;
import org.amortis.nn.Activation;
import org.amortis.param.ParamScope;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flows whose networks drop units in training. */
class FlowTrainingTest {
    private static final int D = 3;

    /** A flow of each kind of layer and of network, from the net's dropout. */
    record Case(String name, Function<ParamScope, Flow> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        Net plain = new Net(8, 2, Activation.TANH, false).dropping(0.5);
        Net blocks = new Net(8, 1, Activation.TANH, true).dropping(0.5);
        return List.of(
                new Case("coupling", at -> Coupling.affine(at, Split.half(D), 0, plain)),
                new Case(
                        "couplings, inverted",
                        at -> Coupling.affine(at.at(0), Split.halves(D, 0), 0, blocks)
                                .then(Coupling.affine(at.at(1), Split.halves(D, 1), 0, plain))
                                .inverted()),
                new Case("masked", at -> Autoregressive.of(at, D, 0, Transformer.affine(), plain)),
                new Case("masked blocks", at -> Autoregressive.of(at, D, 0, Transformer.affine(), blocks)));
    }

    private static Weights weights(ParamSpec spec) {
        return spec.weights(Tensors.resident(Run.eval(spec.initialValue(Key.of(1))
                .add(Random.normal(Key.of(2), DType.F64, Shape.of(spec.size())).mul(0.5)))));
    }

    private static Tensor values(int rows) {
        return Tensors.resident(Run.eval(Random.normal(Key.of(3), DType.F64, Shape.of(rows, D))));
    }

    /** With a key the map is a function of its own for each row: other keys other numbers, log determinant its Jacobian's. */
    @ParameterizedTest
    @MethodSource("cases")
    void dropsUnits(Case c) {
        ParamSpec spec = new ParamSpec(DType.F64);
        Flow flow = c.make.apply(spec.at("f"));
        Weights p = weights(spec);
        Tensor x = values(6);
        Mapped whole = flow.given(p).inverseAndLogDet(x);
        Mapped one = flow.training(Key.of(4)).given(p).inverseAndLogDet(x);
        Mapped other = flow.training(Key.of(5)).given(p).inverseAndLogDet(x);
        List<HostArray> r = Run.eval(
                List.of(whole.value(), one.value(), other.value(), one.logDet(), PerRow.jacobian(one.value(), x)));
        assertFalse(Arrays.equals(r.get(0).doubles(), r.get(1).doubles()));
        assertFalse(Arrays.equals(r.get(1).doubles(), r.get(2).doubles()));
        // the same key again, in a program of its own
        assertArrayEquals(
                r.get(1).doubles(),
                Run.eval(flow.training(Key.of(4)).given(p).inverse(x)).doubles());
        for (int i = 0; i < 6; i++) {
            double[] j = Arrays.copyOfRange(r.get(4).doubles(), i * D * D, (i + 1) * D * D);
            double det = j[0] * (j[4] * j[8] - j[5] * j[7])
                    - j[1] * (j[3] * j[8] - j[5] * j[6])
                    + j[2] * (j[3] * j[7] - j[4] * j[6]);
            assertEquals(Math.log(Math.abs(det)), r.get(3).get(i), 1e-10);
        }
    }

    /** Equal rows do not lose the same units, and the mean over many is near what nothing dropped gives: the net is linear. */
    @Test
    void rowsDropUnitsOfTheirOwn() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Net net = new Net(8, 1, Activation.IDENTITY, false).dropping(0.3);
        Flow flow = Coupling.of(spec.at("f"), Split.half(D), 0, Transformer.shift(), net);
        Weights p = weights(spec);
        int rows = 4_000;
        Tensor x = Tensors.fill(0.7, DType.F64, Shape.of(rows, D));
        Tensor u = flow.training(Key.of(6)).given(p).inverse(x);
        List<HostArray> r = Run.eval(
                List.of(u.mean(0), u.square().mean(0), flow.given(p).inverse(x).at(0, 0)));
        double variance = r.get(1).get(2) - r.get(0).get(2) * r.get(0).get(2);
        assertTrue(variance > 1e-4, "variance " + variance);
        // 4.5 standard errors
        assertEquals(r.get(2).get(2), r.get(0).get(2), 4.5 * Math.sqrt(variance / rows));
    }

    @Test
    void nothingIsDroppedWithoutARate() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Flow coupling = Coupling.affine(spec.at("c"), Split.half(D), 0, Net.plain(4, 1));
        Flow masked = Autoregressive.of(spec.at("m"), D, 0, Transformer.affine(), Net.plain(4, 1));
        Flow linear = LinearFlow.lu(spec.at("l"), D);
        for (Flow f : List.of(coupling, masked, linear)) {
            assertSame(f, f.training(Key.of(1)));
        }
        // a single element without context has no network
        Flow one =
                Coupling.affine(spec.at("o"), Split.half(1), 0, Net.plain(4, 1).dropping(0.5));
        assertSame(one, one.training(Key.of(1)));
    }

    @Test
    void elementByElementIsRefused() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Flow masked = Autoregressive.of(
                spec.at("m"), D, 0, Transformer.affine(), Net.plain(4, 1).dropping(0.5));
        Weights p = weights(spec);
        String message = String.valueOf(assertThrows(
                        PlanException.class,
                        () -> masked.training(Key.of(1)).given(p).forward(values(2)))
                .getMessage());
        assertTrue(message.contains("dropout"), message);
        assertThrows(PlanException.class, () -> Net.plain(4, 1).dropping(1));
    }
}
