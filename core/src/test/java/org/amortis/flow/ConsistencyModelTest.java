package org.amortis.flow;

import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.AmortisException;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.grad.Gradients;
import org.amortis.math.SpecialFunctions;
import org.amortis.nn.Activation;
import org.amortis.optim.Schedule;
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
import org.junit.jupiter.api.Test;

final class ConsistencyModelTest {
    private static final NoiseLevels LEVELS = NoiseLevels.usual(10_000);

    /** Gold values in double, from the formulas by another program. */
    @Test
    void levelsAndTheirGrowth() {
        double[] t = {
            0.001, 0.010631, 0.062035, 0.253504, 0.817974, 2.230666, 5.363428, 11.694273, 23.580625, 44.604763, 80
        };
        for (int i = 1; i <= 11; i++) {
            assertEquals(t[i - 1], LEVELS.level(i, 11), 5e-7);
        }
        assertEquals(2037, LEVELS.period());
        int[][] counts = {
            {0, 11}, {2036, 11}, {2037, 21}, {4073, 21}, {4074, 41}, {6111, 81}, {8147, 81}, {8148, 151}, {99_999, 151}
        };
        List<Tensor> formulas = new ArrayList<>();
        for (int[] c : counts) {
            assertEquals(c[1], LEVELS.count(c[0]));
            formulas.add(LEVELS.count(Tensors.constant(HostArray.wrap(new int[] {c[0]}, Shape.SCALAR))));
        }
        formulas.add(LEVELS.levels(formulas.get(0), DType.F64));
        List<HostArray> v = Run.eval(formulas);
        for (int i = 0; i < counts.length; i++) {
            assertEquals(counts[i][1], v.get(i).scalar());
        }
        HostArray all = v.get(counts.length);
        assertEquals(151, all.shape().size());
        for (int i = 0; i < 151; i++) {
            assertEquals(t[Math.min(i, 10)], all.get(i), 5e-7);
        }
        // s1 need not be s0 times a power of two, nor larger at all
        assertEquals(7, new NoiseLevels(0.1, 1, 3, 3, 7, 10).count(9));
        assertEquals(8, new NoiseLevels(0.1, 1, 3, 3, 7, 10).count(10));
        assertEquals(4, new NoiseLevels(0.1, 1, 3, 3, 3, 10).count(9));
    }

    /** Frequencies of 20,000 draws against the differences of error functions, 4.5 standard errors. */
    @Test
    void intervals() {
        int rows = 20_000;
        Tensor n = Tensors.constant(HostArray.wrap(new int[] {11}, Shape.SCALAR));
        Tensor u = Random.uniform(Key.of(3), DType.F32, Shape.of(rows));
        HostArray index = Run.eval(ConsistencyModel.interval(LEVELS.levels(n, DType.F32), n, u));
        int[] count = new int[10];
        for (int i : index.ints()) {
            count[i]++;
        }
        double[] p = new double[10];
        double sum = 0;
        for (int i = 0; i < 10; i++) {
            p[i] = cumulated(i + 2) - cumulated(i + 1);
            sum += p[i];
        }
        for (int i = 0; i < 10; i++) {
            double q = p[i] / sum;
            assertEquals(q, count[i] / (double) rows, 4.5 * Math.sqrt(q * (1 - q) / rows), "interval " + i);
        }
        // ends of the uniform numbers stay inside
        HostArray ends = Run.eval(ConsistencyModel.interval(LEVELS.levels(n, DType.F64), n, f64(1e-17, 1 - 1e-17, 1)));
        assertArrayEquals(new double[] {0, 9, 9}, ends.toDoubles());
    }

    private static double cumulated(int level) {
        return SpecialFunctions.erf((Math.log(LEVELS.level(level, 11)) + 1.1) / (2 * Math.sqrt(2)));
    }

    private record Net(ParamSpec spec, TimeMlp mlp, ConsistencyModel model) {
        static Net of(int size, int context) {
            ParamSpec spec = new ParamSpec(DType.F64);
            TimeMlp mlp = TimeMlp.of(
                    spec.at("f"), size, context, new int[] {5}, Activation.TANH, Initializer.glorotUniform());
            return new Net(spec, mlp, ConsistencyModel.of(mlp, LEVELS));
        }
    }

    /** Identity at the least level; skip and output factors written out; what the network sees, scaled and plain. */
    @Test
    void denoiser() {
        Net n = Net.of(2, 0);
        Weights p = Params.init(n.spec, Key.of(4)).frozen();
        Tensor x = f64(Shape.of(2, 2), 3, -1, 20, 0.4);
        Tensor t = f64(0.001, 12.5);
        double s = 0.7;
        Tensor plain = n.mlp.given(p, null).at(t.mul(1.0 / 80), x);
        Tensor variance = t.square().add(s * s).expandDims(-1);
        Tensor scaled = n.mlp.given(p, null).at(t.log().div(4), x.div(variance.sqrt()));
        ConsistencyModel model = n.model.deviation(s);
        List<HostArray> v = Run.eval(List.of(
                model.denoiser(p, null).at(t, x),
                scaled,
                model.plainInput().denoiser(p, null).at(t, x),
                plain));
        double skip = s * s / (12.499 * 12.499 + s * s);
        double out = s * 12.499 / Math.sqrt(s * s + 12.5 * 12.5);
        for (int k = 0; k < 4; k += 2) {
            HostArray net = v.get(k + 1);
            double[] want = {3, -1, skip * 20 + out * net.get(2), skip * 0.4 + out * net.get(3)};
            assertArrayEquals(want, v.get(k).toDoubles(), 1e-13);
        }
    }

    /** The gradient is that of the student alone: differences of the loss with the teacher's weights held. */
    @Test
    void gradientOfTheStudent() {
        Net n = Net.of(2, 1);
        HostArray flat = Run.eval(n.spec.initialValue(Key.of(5)));
        Tensor x = f64(Shape.of(3, 2), 0.3, -1, 0.5, 2, -0.2, 0.1);
        Tensor c = f64(Shape.of(3, 1), 1, -1, 0.3);
        Tensor step = Tensors.constant(HostArray.wrap(new int[] {0}, Shape.SCALAR));
        for (ConsistencyModel m : List.of(n.model, n.model.vectorLoss().plainInput())) {
            Tensor w = Tensors.constant(flat);
            Tensor g = Gradients.of(
                    m.loss(n.spec.weights(w), x, c, step, Key.of(6)).sum(), w);
            Tensor written = written(n, m, w, Tensors.resident(flat), x, c);
            // evaluated apart: what draws the same numbers twice is refused in one program
            List<HostArray> v = new ArrayList<>(Run.eval(List.of(g)));
            v.addAll(Run.eval(List.of(Gradients.of(written, w), written)));
            v.add(Run.eval(m.loss(n.spec.weights(w), x, c, step, Key.of(6)).sum()));
            assertEquals(v.get(2).scalar(), v.get(3).scalar(), 1e-9 * v.get(2).scalar());
            assertArrayEquals(v.get(1).toDoubles(), v.get(0).toDoubles(), 1e-7);
            GradientCheck.check(
                    "consistency loss",
                    y -> new Tensor[] {written(n, m, y[0], Tensors.resident(flat), x, c)},
                    List.of(flat),
                    1,
                    Evaluator.reference());
        }
    }

    /** The loss written out, with weights of its own for the teacher. */
    private static Tensor written(Net n, ConsistencyModel m, Tensor w, Tensor teacher, Tensor x, Tensor c) {
        Tensor count = Tensors.constant(HostArray.wrap(new int[] {11}, Shape.SCALAR));
        Tensor all = LEVELS.levels(count, DType.F64);
        Tensor u = Random.uniform(Key.of(6).fold("level"), DType.F64, Shape.of(3));
        HostArray index = Run.eval(ConsistencyModel.interval(all, count, u));
        double[] low = new double[3];
        double[] high = new double[3];
        for (int i = 0; i < 3; i++) {
            low[i] = LEVELS.level((int) index.get(i) + 1, 11);
            high[i] = LEVELS.level((int) index.get(i) + 2, 11);
        }
        Tensor z = Random.normal(Key.of(6).fold("noise"), DType.F64, x.shape());
        Tensor a = m.denoiser(n.spec.weights(w), c).at(f64(high), x.add(z.mul(f64(Shape.of(3, 1), high))));
        Tensor b = m.denoiser(n.spec.weights(teacher), c).at(f64(low), x.add(z.mul(f64(Shape.of(3, 1), low))));
        Tensor d = a.sub(b);
        double h = 0.00054 * Math.sqrt(2);
        Tensor square = m.toString().contains("vector") ? d.square().sum(1) : d.square();
        Tensor huber = square.add(h * h).sqrt().sub(h);
        Tensor each = huber.shape().rank() == 1 ? huber : huber.mean(1);
        return each.div(f64(high).sub(f64(low))).sum();
    }

    /** The exact model of a normal: at level t its posterior flow; one step and ten give its moments. */
    @Test
    void samplesOfTheExactModel() {
        double m = 1.5;
        double s = 0.5;
        double e = LEVELS.least();
        // x at level t is N(m, s^2 + t^2); the way of the probability flow keeps the quantile
        Velocity exact = Velocities.of(1, (share, x) -> {
            Tensor t = share.mul(80).expandDims(-1);
            Tensor far = t.sub(e);
            Tensor skip = far.square().add(1).rdiv(1);
            Tensor out = far.mul(t.square().add(1).rsqrt());
            Tensor f = x.sub(m)
                    .mul(t.square().add(s * s).rsqrt())
                    .mul(Math.sqrt(s * s + e * e))
                    .add(m);
            return f.sub(skip.mul(x)).div(out);
        });
        ConsistencyModel model = ConsistencyModel.of(exact, LEVELS).plainInput();
        ParamSpec spec = new ParamSpec(DType.F64);
        spec.at("unused").declare("x", Shape.of(1), Initializer.zeros());
        Weights p = Params.init(spec, Key.of(1)).frozen();
        int n = 10_000;
        for (int steps : new int[] {1, 2, 10}) {
            Tensor x = model.sample(p, null, Key.of(9), n, steps);
            Tensor d = x.sub(x.mean());
            List<HostArray> v = Run.eval(List.of(x.mean(), d.square().mean()));
            assertEquals(Shape.of(n, 1), x.shape());
            // the start is N(0, T^2) in place of N(m, s^2 + T^2): a shift of s m / T
            assertEquals(m, v.get(0).scalar(), 4.5 * s / Math.sqrt(n) + s * m / 80);
            assertEquals(s * s, v.get(1).scalar(), 4.5 * s * s * Math.sqrt(2.0 / n) + 1e-4);
        }
    }

    @Test
    void samplesHaveTheRowsOfTheContext() {
        Net n = Net.of(2, 3);
        Weights p = Params.init(n.spec, Key.of(4)).frozen();
        Tensor c = Random.normal(Key.of(2), DType.F64, Shape.of(4, 3));
        Tensor x = n.model.sample(p, c, Key.of(1), 5, 3);
        assertEquals(Shape.of(5, 4, 2), x.shape());
        for (double v : Run.eval(x).toDoubles()) {
            assertTrue(Double.isFinite(v));
        }
    }

    /**
     * Trained on N(1.5, 0.25): moments of draws of one, two and ten steps within 5%, of which 40,000 draws leave 0.4% of
     * the deviation.
     */
    @Test
    void training() {
        int steps = 3000;
        HostArray x = Run.eval(Random.normal(Key.of(11), DType.F32, Shape.of(65536, 1))
                .mul(0.5)
                .add(1.5));
        ParamSpec spec = new ParamSpec(DType.F32);
        TimeMlp net = TimeMlp.of(spec.at("f"), 1, 0, new int[] {32, 32}, Activation.SILU);
        ConsistencyModel m = ConsistencyModel.of(net, NoiseLevels.usual(steps));
        try (Device d = Device.builder().threads(1).build();
                Trainer t = Trainer.on(d)
                        .params(spec, Key.of(1))
                        .objective(m.objective())
                        .batches(Batches.shuffled(x, 512))
                        .optimizer(Transforms.adam(Schedule.cosine(0.003, 0, steps)), Transforms.ema(0.99))
                        .build()) {
            t.run(steps);
            Weights p = t.averaged().orElseThrow().frozen();
            for (int k : new int[] {1, 2, 10}) {
                Tensor y = m.sample(p, null, Key.of(5), 40_000, k);
                List<HostArray> v = Run.eval(
                        d, List.of(y.mean(), y.sub(y.mean()).square().mean().sqrt()));
                assertEquals(1.5, v.get(0).scalar(), 0.05 * 1.5, "mean of " + k + " steps");
                assertEquals(0.5, v.get(1).scalar(), 0.05 * 0.5, "deviation of " + k + " steps");
            }
        }
    }

    @Test
    void wrongUseIsExplained() {
        Net n = Net.of(2, 0);
        Weights p = Params.init(n.spec, Key.of(4)).frozen();
        for (Runnable bad : List.<Runnable>of(
                () -> new NoiseLevels(0, 1, 7, 10, 150, 10),
                () -> new NoiseLevels(1, 1, 7, 10, 150, 10),
                () -> new NoiseLevels(0.1, 1, Double.NaN, 10, 150, 10),
                () -> new NoiseLevels(0.1, 1, 7, 10, 9, 10),
                () -> new NoiseLevels(0.1, 1, 7, 10, 150, 0),
                () -> LEVELS.level(0, 11),
                () -> LEVELS.level(12, 11),
                () -> LEVELS.level(1, 1),
                () -> n.model.deviation(0),
                () -> n.model.sample(p, null, Key.of(1), 3, 0),
                () -> n.model.sample(p, f64(1, 2), Key.of(1), 3, 1))) {
            assertThrows(AmortisException.class, bad::run);
        }
    }
}
