package org.amortis.flow;

import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.dist.Mapped;
import org.amortis.flow.ode.AdaptiveSteps;
import org.amortis.flow.ode.FixedSteps;
import org.amortis.flow.ode.OdeSolver;
import org.amortis.flow.ode.Tableau;
import org.amortis.grad.Gradients;
import org.amortis.nn.Activation;
import org.amortis.optim.Transforms;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Batches;
import org.amortis.train.Trainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ContinuousFlowTest {
    private static final AdaptiveSteps TIGHT = AdaptiveSteps.dormandPrince(1e-11, 1e-11);

    /** dz/dt = A z with A a parameter. */
    private record LinearField(String path) implements Velocity {
        static LinearField of(ParamSpec spec) {
            return new LinearField(spec.at("field")
                    .declare(
                            "a",
                            Shape.of(2, 2),
                            Initializer.values(HostArray.wrap(new double[] {-0.5, 1, -1, -0.2}, Shape.of(2, 2)))));
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public int contextSize() {
            return 0;
        }

        @Override
        public List<String> parameters() {
            return List.of(path);
        }

        @Override
        public VelocityField given(Weights p, @Nullable Tensor context) {
            return (t, z) -> Tensors.matmul(z, p.get(path), false, true);
        }
    }

    private final ParamSpec linearSpec = new ParamSpec(DType.F64);
    private final ContinuousFlow linear = ContinuousFlow.of(LinearField.of(linearSpec));
    private final Weights linearWeights = Params.init(linearSpec, Key.of(1)).frozen();
    private static final Tensor FROM = f64(Shape.of(1, 2), 1, -2);
    private static final double[] TO = {-0.892605608004, -1.548832425560};

    /** Gold values: the matrix exponential. Kinetic energy by 30-point Gauss quadrature of |A e^(At) z|^2. */
    @Test
    void linearField() {
        for (OdeSolver s : List.of(TIGHT, FixedSteps.of(Tableau.DORMAND_PRINCE, 40))) {
            ContinuousMap map = linear.with(s).given(linearWeights);
            Mapped x = map.forwardAndLogDet(FROM);
            Mapped u = map.inverseAndLogDet(f64(Shape.of(1, 2), TO));
            ContinuousSolution all = map.forwardWithPenalties(FROM);
            ContinuousSolution back = map.inverseWithPenalties(x.value());
            List<HostArray> v = Run.eval(List.of(
                    x.value(),
                    x.logDet(),
                    map.forward(FROM),
                    u.value(),
                    u.logDet(),
                    map.inverse(f64(Shape.of(1, 2), TO)),
                    map.reverseError(FROM),
                    all.kinetic(),
                    all.jacobian(),
                    back.kinetic(),
                    back.jacobian(),
                    map.straightness(FROM),
                    all.value(),
                    all.logDet(),
                    all.evaluations()));
            assertArrayEquals(TO, v.get(0).toDoubles(), 1e-9);
            assertEquals(-0.7, v.get(1).get(0), 1e-10);
            assertArrayEquals(TO, v.get(2).toDoubles(), 1e-9);
            assertArrayEquals(new double[] {1, -2}, v.get(3).toDoubles(), 1e-9);
            assertEquals(0.7, v.get(4).get(0), 1e-10);
            assertArrayEquals(new double[] {1, -2}, v.get(5).toDoubles(), 1e-9);
            assertTrue(v.get(6).get(0) < 1e-9, () -> "comes back within " + v.get(6));
            assertEquals(KINETIC, v.get(7).get(0), 1e-8);
            assertEquals(2.29, v.get(8).get(0), 1e-9);
            assertEquals(KINETIC, v.get(9).get(0), 1e-8);
            assertEquals(2.29, v.get(10).get(0), 1e-9);
            assertEquals(STRAIGHTNESS, v.get(11).get(0), 1e-8);
            assertArrayEquals(TO, v.get(12).toDoubles(), 1e-9);
            assertEquals(-0.7, v.get(13).get(0), 1e-10);
            assertTrue(v.get(14).get(0) > 20);
        }
    }

    private static final double KINETIC = 4.238243188562249;
    private static final double STRAIGHTNESS = 0.4527350208897647;

    /** The variances of the estimate: 0.58 for normal noise, of which 40,000 draws leave 0.0097; none for signs. */
    @Test
    void hutchinson() {
        int n = 40_000;
        Tensor z = FROM.broadcastTo(Shape.of(n, 2));
        ContinuousFlow one = linear.with(FixedSteps.rk4(1));
        Tensor normal = one.with(TraceEstimate.hutchinsonNormal(Key.of(2)))
                .given(linearWeights)
                .forwardAndLogDet(z)
                .logDet();
        ContinuousMap bySigns = one.with(TraceEstimate.hutchinson(Key.of(3))).given(linearWeights);
        ContinuousSolution signs = bySigns.forwardWithPenalties(z);
        List<HostArray> v = Run.eval(List.of(
                normal.mean(),
                normal.sub(normal.mean()).square().mean(),
                signs.logDet().add(0.7).abs().max(),
                signs.jacobian().mean(),
                bySigns.inverseAndLogDet(z).logDet().sub(0.7).abs().max()));
        assertEquals(-0.7, v.get(0).get(0), 4.5 * Math.sqrt(0.58 / n));
        assertEquals(0.58, v.get(1).get(0), 4.5 * 1.937 / Math.sqrt(n));
        assertEquals(0, v.get(2).get(0), 1e-14);
        // |e'A|^2 = 2.29 + 2 e1 e2 (A A')_12, (A A')_12 = 0.3
        assertEquals(2.29, v.get(3).get(0), 4.5 * 0.6 / Math.sqrt(n));
        assertEquals(0, v.get(4).get(0), 1e-14);
    }

    private record Net(ParamSpec spec, ContinuousFlow flow, List<HostArray> at) {
        /** A network that is not at the identity, values and contexts. */
        static Net of(int size, int context, int... hidden) {
            ParamSpec spec = new ParamSpec(DType.F64);
            TimeMlp mlp = TimeMlp.of(spec.at("v"), size, context, hidden, Activation.TANH, Initializer.glorotUniform());
            HostArray flat = Run.eval(spec.initialValue(Key.of(4)).mul(1.5));
            HostArray u = Run.eval(Random.normal(Key.of(5), DType.F64, Shape.of(3, size)));
            HostArray c = Run.eval(Random.normal(Key.of(6), DType.F64, Shape.of(3, Math.max(1, context))));
            return new Net(spec, ContinuousFlow.of(mlp), context == 0 ? List.of(u, flat) : List.of(u, flat, c));
        }

        ContinuousMap map(ContinuousFlow f, Tensor... x) {
            return f.given(spec.weights(x[1]), x.length > 2 ? x[2] : null);
        }
    }

    private static Tensor both(Mapped m) {
        return Tensors.concat(Tensor.LAST, m.value(), m.logDet().expandDims(-1));
    }

    /** With respect to values, weights and context, to second order. */
    @Test
    void gradientThroughTheSteps() {
        Net n = Net.of(2, 1, 3);
        ContinuousFlow f = n.flow().with(FixedSteps.rk4(2));
        GradientCheck.check(
                "continuous flow",
                x -> new Tensor[] {both(n.map(f, x).forwardAndLogDet(x[0]))},
                n.at(),
                2,
                Evaluator.reference());
    }

    /** Exact trace and one estimate, both directions, all penalties: the adjoint gives the gradient of many steps. */
    @Test
    void adjointGradientIsTheExactOne() {
        Net n = Net.of(2, 2, 6, 5);
        OdeSolver steps = FixedSteps.of(Tableau.DORMAND_PRINCE, 64);
        List<Tensor> g = new ArrayList<>();
        for (boolean adjoint : new boolean[] {false, true}) {
            for (TraceEstimate trace : List.of(TraceEstimate.exact(), TraceEstimate.hutchinson(Key.of(9)))) {
                Tensor[] x = n.at().stream().map(Tensors::constant).toArray(Tensor[]::new);
                ContinuousFlow f = n.flow().with(steps).with(trace);
                ContinuousMap map = n.map(adjoint ? f.adjoint(TIGHT) : f, x);
                ContinuousSolution s = map.inverseWithPenalties(x[0]);
                Tensor loss = both(map.forwardAndLogDet(x[0]))
                        .sin()
                        .sum()
                        .add(s.value().cos().sum())
                        .add(s.logDet().sum())
                        .add(s.kinetic().sum().mul(0.3))
                        .add(s.jacobian().sum().mul(0.2));
                g.addAll(Gradients.of(loss, List.of(x)));
            }
        }
        List<HostArray> v = Run.eval(g);
        for (int i = 0; i < 6; i++) {
            double[] want = v.get(i).toDoubles();
            assertArrayEquals(want, v.get(i + 6).toDoubles(), 2e-8, "gradient " + i);
            assertTrue(java.util.Arrays.stream(want).anyMatch(e -> Math.abs(e) > 0.01), "gradient " + i + " vanishes");
        }
    }

    /** Forward and backward are counted apart; rows of adaptive steps each for themselves. */
    @Test
    void evaluationsOfTheAdjoint() {
        Net n = Net.of(2, 0, 4);
        Tensor[] x = n.at().stream().map(Tensors::constant).toArray(Tensor[]::new);
        ContinuousFlow f = n.flow().with(FixedSteps.rk4(3));
        ContinuousMap fixed = n.map(f.adjoint(FixedSteps.of(Tableau.TSITOURAS, 5)), x);
        List<HostArray> v = Run.eval(List.of(
                fixed.forwardWithPenalties(x[0]).evaluations(),
                fixed.adjointEvaluations(x[0]),
                n.map(f.adjoint(TIGHT), x).adjointEvaluations(x[0])));
        assertArrayEquals(new double[] {12, 12, 12}, v.get(0).toDoubles());
        assertArrayEquals(new double[] {30, 30, 30}, v.get(1).toDoubles());
        assertTrue(v.get(2).get(0) > 30 && v.get(2).get(0) != v.get(2).get(1), () -> "evaluations " + v.get(2));
        assertThrows(PlanException.class, () -> n.map(f, x).adjointEvaluations(x[0]));
    }

    /** The log determinant against the determinant of the Jacobian by differences, and the way back. */
    @Test
    void logDeterminant() {
        Net n = Net.of(2, 1, 8);
        double h = 1e-5;
        double[] u = {0.3, -0.8};
        double[] rows = {u[0], u[1], u[0] + h, u[1], u[0] - h, u[1], u[0], u[1] + h, u[0], u[1] - h};
        Tensor w = Tensors.constant(n.at().get(1));
        ContinuousMap map = n.flow().with(TIGHT).given(n.spec().weights(w), f64(0.7));
        Mapped m = map.forwardAndLogDet(f64(Shape.of(5, 2), rows));
        Mapped back = map.inverseAndLogDet(m.value());
        List<HostArray> v = Run.eval(List.of(m.value(), m.logDet(), back.value(), back.logDet()));
        double[] x = v.get(0).toDoubles();
        double det = (x[2] - x[4]) * (x[7] - x[9]) - (x[6] - x[8]) * (x[3] - x[5]);
        assertEquals(Math.log(Math.abs(det) / (4 * h * h)), v.get(1).get(0), 1e-7);
        assertTrue(Math.abs(v.get(1).get(0)) > 0.05);
        assertArrayEquals(rows, v.get(2).toDoubles(), 1e-8);
        assertEquals(v.get(1).get(0), -v.get(3).get(0), 1e-8);
    }

    /** [n, B, D] with contexts [B, C]: the same numbers as row by row; gradients of what is stopped are gone. */
    @Test
    void manyValuesForEachContext() {
        Net n = Net.of(2, 3, 4);
        Tensor w = Tensors.constant(n.at().get(1));
        Tensor c = Tensors.constant(n.at().get(2));
        Tensor u = Random.normal(Key.of(7), DType.F64, Shape.of(4, 3, 2));
        ContinuousMap map = n.flow().given(n.spec().weights(w), c);
        Mapped all = map.forwardAndLogDet(u);
        Mapped one = n.flow()
                .given(n.spec().weights(w), c.at(0, 1))
                .forwardAndLogDet(u.at(0, 2).at(0, 1));
        Mapped wide = map.forwardAndLogDet(u.at(0, 2).at(0, 1));
        Tensor stopped = both(map.stopGradient().forwardAndLogDet(u)).sum();
        List<Tensor> g = Gradients.orZeros(stopped, List.of(w, c, u));
        List<HostArray> v = Run.eval(List.of(
                all.value().at(0, 2).at(0, 1),
                one.value(),
                all.logDet().at(0, 2).at(0, 1),
                one.logDet(),
                wide.value().at(0, 1),
                g.get(0).abs().sum(),
                g.get(1).abs().sum(),
                g.get(2).abs().sum()));
        assertArrayEquals(v.get(0).toDoubles(), v.get(1).toDoubles(), 1e-14);
        assertArrayEquals(v.get(2).toDoubles(), v.get(3).toDoubles(), 1e-14);
        assertArrayEquals(v.get(0).toDoubles(), v.get(4).toDoubles(), 1e-14);
        assertEquals(0, v.get(5).get(0));
        assertEquals(0, v.get(6).get(0));
        assertTrue(v.get(7).get(0) > 1);
    }

    @Test
    void startsAtTheIdentity() {
        for (DType type : List.of(DType.F32, DType.F64)) {
            ParamSpec spec = new ParamSpec(type);
            ContinuousFlow f = ContinuousFlow.of(spec.at("flow"), 3, 0, new int[] {8, 8}, Activation.SOFTPLUS);
            ContinuousMap map = f.given(Params.init(spec, Key.of(2)).frozen());
            Tensor u = Random.normal(Key.of(1), type, Shape.of(5, 3));
            List<HostArray> v =
                    Run.eval(List.of(u, map.forward(u), map.forwardAndLogDet(u).logDet()));
            assertArrayEquals(v.get(0).toDoubles(), v.get(1).toDoubles());
            assertArrayEquals(new double[5], v.get(2).toDoubles());
        }
    }

    /**
     * Maximum likelihood of a normal with the estimate of the trace: the entropy is the least; from 150 batches of 256 the
     * mean over the 4096 rows of the evaluation is within 0.05 of it, 4.5 standard errors of that mean.
     */
    @Test
    void maximumLikelihood() {
        int rows = 4096;
        ParamSpec spec = new ParamSpec(DType.F32);
        ContinuousFlow flow = ContinuousFlow.of(spec.at("flow"), 2, 0, new int[] {16}, Activation.TANH)
                .with(FixedSteps.rk4(4))
                .with(TraceEstimate.hutchinson(Key.of(0)));
        Tensor z = Random.normal(Key.of(8), DType.F32, Shape.of(rows, 2));
        HostArray data = Run.eval(z.mul(0.6).add(1));
        try (Device d = Device.builder().threads(1).build();
                Trainer t = Trainer.on(d)
                        .params(spec, Key.of(9))
                        .objective(flow.likelihood(Base.normal(2), 0.001, 0.001))
                        .batches(Batches.shuffled(data, 256))
                        .optimizer(Transforms.adam(0.02))
                        .build()) {
            t.run(150);
            assertTrue(t.metric("kinetic") > 0 && t.metric("jacobian") > 0);
            double entropy = 2 * (0.5 * Math.log(2 * Math.PI * Math.E) + Math.log(0.6));
            double nll = t.evaluate(Batches.sequential(data, rows)).loss();
            assertEquals(entropy, nll, 0.05);
        }
    }

    @Test
    void wrongUseIsExplained() {
        ParamSpec spec = new ParamSpec(DType.F64);
        ContinuousFlow f = ContinuousFlow.of(spec.at("flow"), 2, 3, new int[] {4}, Activation.TANH);
        Weights p = spec.weights(Tensors.zeros(DType.F64, Shape.of(spec.size())));
        Tensor c = f64(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        for (Runnable bad : List.<Runnable>of(
                () -> f.given(p),
                () -> f.given(p, f64(1, 2)),
                () -> linear.given(linearWeights, c),
                () -> f.given(p, c).forward(f64(1, 2, 3)),
                () -> f.given(p, c).forward(Tensors.zeros(DType.F64, Shape.of(3, 2))),
                () -> TimeMlp.of(new ParamSpec(DType.F32).at("x"), 0, 0, new int[0], Activation.TANH),
                () -> TimeMlp.of(new ParamSpec(DType.F32).at("x"), 1, 0, new int[] {0}, Activation.TANH))) {
            assertThrows(ShapeException.class, bad::run);
        }
    }
}
