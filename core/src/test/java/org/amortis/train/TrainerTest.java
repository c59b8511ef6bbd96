package org.amortis.train;

import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.clipGlobalNorm;
import static org.amortis.optim.Transforms.ema;
import static org.amortis.optim.Transforms.momentum;
import static org.amortis.optim.Transforms.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.math.Philox;
import org.amortis.nn.Linear;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transform;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

final class TrainerTest {
    private static Device one() {
        return Device.builder().threads(1).build();
    }

    /** y = 2 a - 3 b + 0.5 + noise, least squares. */
    private static final class Regression {
        final int n = 64;
        final double[] x = new double[2 * n];
        final double[] y = new double[n];
        final ParamSpec spec = new ParamSpec(DType.F64);
        final Linear line = Linear.of(spec.at("line"), 2, 1);
        final Objective squares = s -> {
            Tensor e = line.apply(s.params(), s.in("x")).sub(s.in("y"));
            return Loss.minimise(e.square().mean().mul(0.5)).metric("bias", e.mean());
        };

        Regression() {
            for (int i = 0; i < n; i++) {
                x[2 * i] = Philox.uniform32(1, 2L * i, 0, 0) * 2 - 1;
                x[2 * i + 1] = Philox.uniform32(1, 2L * i + 1, 0, 0) * 2 - 1;
                y[i] = 2 * x[2 * i] - 3 * x[2 * i + 1] + 0.5 + 0.3 * (Philox.uniform32(2, i, 0, 0) - 0.5);
            }
        }

        Map<String, HostArray> data() {
            return Map.of("x", HostArray.wrap(x, Shape.of(n, 2)), "y", HostArray.wrap(y, Shape.of(n, 1)));
        }

        Trainer.Builder trainer(Device d) {
            return Trainer.on(d).params(spec, Key.of(5)).objective(squares);
        }

        /** The normal equations by Cramer's rule. */
        double[] closedForm() {
            double[][] a = new double[3][4];
            for (int i = 0; i < n; i++) {
                double[] r = {x[2 * i], x[2 * i + 1], 1};
                for (int j = 0; j < 3; j++) {
                    for (int k = 0; k < 3; k++) {
                        a[j][k] += r[j] * r[k];
                    }
                    a[j][3] += r[j] * y[i];
                }
            }
            double d = det(a, 3);
            return new double[] {det(a, 0) / d, det(a, 1) / d, det(a, 2) / d};
        }

        private static double det(double[][] a, int replaced) {
            double[][] m = new double[3][3];
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 3; k++) {
                    m[j][k] = k == replaced ? a[j][3] : a[j][k];
                }
            }
            return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                    - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                    + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
        }
    }

    @Test
    void leastSquaresReachTheClosedForm() {
        Regression r = new Regression();
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .batches(Batches.full(r.data()))
                        .optimizer(momentum(Schedule.constant(0.5), 0.8, false))
                        .build()) {
            t.run(400);
            double[] want = r.closedForm();
            // the slowest direction shrinks by at most sqrt(0.8) a step: 0.894^400 = 4e-20
            assertArrayEquals(
                    new double[] {want[0], want[1]}, t.params().get("line/w").toDoubles(), 1e-12);
            assertArrayEquals(new double[] {want[2]}, t.params().get("line/b").toDoubles(), 1e-12);
            assertEquals(0, t.metric("bias"), 1e-12, "residuals of least squares with intercept sum to zero");
            assertEquals(0, t.gradientNorm(), 1e-12);
        }
    }

    @Test
    void aVaeLearnsPrototypes() {
        Models.Vae vae = Models.Vae.of(DType.F32, 36, 32, 2);
        HostArray data = Models.prototypes(512, 36, 4, 0.05);
        List<String> lines = new ArrayList<>();
        try (Device d = one();
                Trainer t = Trainer.on(d)
                        .params(vae.spec(), Key.of(7))
                        .objective(vae.elbo())
                        .batches(Batches.shuffled(data, 64))
                        .optimizer(clipGlobalNorm(10), adam(5e-3), ema(0.99))
                        .build()) {
            Batches all = Batches.sequential(data, 100);
            Evaluation before = t.evaluate(all);
            t.run(800, Progress.every(200).to(lines::add));
            Evaluation after = t.evaluate(all);
            // 36 fair coins cost 25 nats; knowing the prototype leaves 36 H(0.05) = 7.1 and log 4 = 1.4 for its choice
            assertTrue(before.loss() > 24, before.toString());
            assertTrue(after.loss() < 12, after.toString());
            assertTrue(after.loss() > 8.4, "below the entropy of the source: " + after);
            assertEquals(-after.loss(), after.get("elbo"), 1e-4);
            assertEquals(512, after.rows());
            assertTrue(t.evaluateAveraged(all).loss() < 12, "averaged weights");
            assertEquals(4, lines.size());
            assertTrue(lines.get(0).matches("step 200/800  loss .* elbo .* steps/s  \\d+ s left"), lines.get(0));
            // training, two batch sizes of evaluation, the same averaged
            assertEquals(5, t.compiled());
        }
    }

    @Test
    void oneCompileInTenThousandSteps() {
        Regression r = new Regression();
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .batches(Batches.shuffled(r.data(), 8))
                        .optimizer(sgd(1e-2))
                        .build()) {
            t.run(10_000);
            assertEquals(10_000, t.steps());
            assertEquals(1, t.compiled());
        }
    }

    @Test
    void aSecondShapeSetCompilesASecondStepAndIsCounted() {
        Regression r = new Regression();
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .batches(Batches.shuffled(r.data(), 60).kept())
                        .optimizer(sgd(1e-2))
                        .build()) {
            t.run(1);
            assertEquals(1, t.compiled());
            t.run(9);
            assertEquals(2, t.compiled());
        }
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .batches(Batches.shuffled(r.data(), 60).kept())
                        .optimizer(sgd(1e-2))
                        .programs(1)
                        .build()) {
            t.run(4);
            assertEquals(4, t.compiled(), "with room for one step each change of shape compiles again");
        }
    }

    @Test
    void paddedRowsAreMasked() {
        Regression r = new Regression();
        Objective masked = s -> {
            Tensor e = r.line.apply(s.params(), s.in("x")).sub(s.in("y")).at(1, 0);
            Tensor m = s.in("mask");
            return Loss.minimise(e.square().mul(m).sum().div(m.sum()).mul(0.5));
        };
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .batches(Batches.full(r.data()))
                        .optimizer(sgd(0.1))
                        .build()) {
            double want = t.evaluate(Batches.full(r.data())).loss();
            Batches padded = Batches.sequential(r.data(), 50).padded();
            assertEquals(want, t.evaluate(padded, masked, false).loss(), 1e-12);
            assertEquals(want, t.evaluate(Batches.sequential(r.data(), 50)).loss(), 1e-12);
        }
    }

    @Test
    void twoStatesOfOneNameAreRefused() {
        Regression r = new Regression();
        State a = new State("seen", new TensorType(DType.F64, Shape.SCALAR));
        State b = new State("seen", new TensorType(DType.F64, Shape.of(2)));
        try (Device d = one()) {
            Trainer.Builder builder = r.trainer(d)
                    .batches(Batches.full(r.data()))
                    .optimizer(sgd(0.1))
                    .state(a, HostArray.zeros(DType.F64, Shape.SCALAR))
                    .state(b, HostArray.zeros(DType.F64, Shape.of(2)));
            PlanException e = assertThrows(PlanException.class, builder::build);
            assertTrue(e.getMessage().contains("seen"), e.getMessage());
        }
    }

    private static HostArray trained(int threads) {
        Models.Vae vae = Models.Vae.of(DType.F32, 100, 130, 8);
        HostArray data = Models.prototypes(300, 100, 4, 0.1);
        try (Device d = Device.builder().threads(threads).build();
                Trainer t = Trainer.on(d)
                        .params(vae.spec(), Key.of(3))
                        .objective(vae.elbo())
                        .batches(Batches.shuffled(data, 128))
                        .optimizer(clipGlobalNorm(10), adam(1e-3))
                        .build()) {
            t.run(30);
            return t.params().flat();
        }
    }

    @Test
    void threadsDoNotChangeABit() {
        float[] want = trained(1).floats();
        assertArrayEquals(want, trained(2).floats());
        assertArrayEquals(want, trained(4).floats());
    }

    @Test
    void aStepThatIsNotFiniteLeavesParametersAndSaysWhichStep() {
        Regression r = new Regression();
        HostArray y = HostArray.wrap(r.y.clone(), Shape.of(r.n, 1));
        Objective bad = s -> Loss.minimise(
                r.line.apply(s.params(), s.in("x")).sub(s.in("y")).sqrt().mean());
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .objective(bad)
                        .batches(Batches.full(Map.of("x", HostArray.wrap(r.x, Shape.of(r.n, 2)), "y", y)))
                        .optimizer(adam(1e-3))
                        .build()) {
            HostArray before = t.params().flat();
            NonFiniteException e = assertThrows(NonFiniteException.class, () -> t.run(5));
            assertTrue(e.getMessage().contains("step=0") && e.getMessage().contains("SQRT"), e.getMessage());
            assertTrue(e.getMessage().contains("TrainerTest.java"), e.getMessage());
            assertArrayEquals(before.doubles(), t.params().flat().doubles());
            assertEquals(0, t.steps());
        }
    }

    @Test
    void aProgramOnTheSameStoreSeesEachStep() {
        Regression r = new Regression();
        try (Device d = one();
                Trainer t = r.trainer(d)
                        .batches(Batches.shuffled(r.data(), 16))
                        .optimizer(sgd(0.1))
                        .build()) {
            Runner predict = Program.of(r.line.apply(r.spec.weights(), Tensors.input("x", DType.F64, 1, 2)))
                    .open(d, t.params().store());
            predict.feed("x", HostArray.wrap(new double[] {1, 1}, Shape.of(1, 2)));
            for (int i = 0; i < 3; i++) {
                t.run(1);
                predict.run();
                double[] w = t.params().get("line/w").doubles();
                assertEquals(w[0] + w[1] + t.params().get("line/b").get(0), predict.scalar(0), 1e-15);
            }
        }
    }

    @Test
    void statesOfTheObjectiveAreUpdatedWithTheStep() {
        Regression r = new Regression();
        State seen = new State("seen", new TensorType(DType.F64, Shape.SCALAR));
        Objective counting = s -> {
            Loss l = r.squares.apply(s);
            return s.training() ? l.update(seen, seen.value().add(l.value())) : l;
        };
        try (Device d = one()) {
            Trainer.Builder b = r.trainer(d)
                    .objective(counting)
                    .batches(Batches.shuffled(r.data(), 16))
                    .optimizer(sgd(0.1));
            try (Trainer t = b.build()) {
                PlanException e = assertThrows(PlanException.class, () -> t.run(1));
                assertTrue(e.getMessage().contains("seen"), e.getMessage());
            }
            try (Trainer t =
                    b.state(seen, HostArray.wrap(new double[1], Shape.SCALAR)).build()) {
                double sum = 0;
                for (int i = 0; i < 4; i++) {
                    t.run(1);
                    sum += t.loss();
                }
                assertEquals(sum, t.params().store().get(seen).scalar(), 1e-15);
            }
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        Regression r = new Regression();
        try (Device d = one()) {
            PlanException e = assertThrows(
                    PlanException.class,
                    () -> r.trainer(d).optimizer(new Transform[0]).build());
            assertTrue(e.getMessage().endsWith("missing batches optimizer"), e.getMessage());
            Trainer t = r.trainer(d)
                    .batches(Batches.full(r.data().get("x")))
                    .optimizer(sgd(1))
                    .build();
            PlanException in = assertThrows(PlanException.class, () -> t.run(1));
            assertTrue(in.getMessage().contains("in(y)") && in.getMessage().contains("[x]"), in.getMessage());
            assertThrows(PlanException.class, t::loss);
            Params.init(r.spec, Key.of(1));
        }
    }
}
