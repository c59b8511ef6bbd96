package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.nn.Activation;
import org.amortis.nn.DeepSet;
import org.amortis.nn.Gru;
import org.amortis.nn.Mlp;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transforms;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.Trainer;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.LatentModel;
import org.amortis.vi.LogWeights;
import org.amortis.vi.TractableVariational;
import org.amortis.vi.Variational;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One path for many tasks. */
final class AmortizedPathTest {
    /** Means of products of each row and their number, which is what the posterior depends on, through a network. */
    static TaskEncoder encoder(ParamSpec spec, int hidden, int size) {
        Mlp after = Mlp.of(spec.at("encoder"), Mlp.sizes(6, hidden, hidden, size - 1), Activation.SILU);
        return TaskEncoder.set(DeepSet.of(
                (p, x) -> {
                    Tensor[] c = x.split(-1, 1, 1, 1);
                    return Tensors.concat(
                            -1,
                            c[0].square(),
                            c[0].mul(c[1]),
                            c[1].square(),
                            c[0].mul(c[2]),
                            c[1].mul(c[2]),
                            Tensors.ones(x.dtype(), c[0].shape()));
                },
                DeepSet.Pooling.SUM,
                (p, s) -> {
                    Tensor n = s.slice(-1, 5, 6).add(1);
                    return after.apply(p, Tensors.concat(-1, s.slice(-1, 0, 5).div(n), n.log()));
                }));
    }

    static Map<String, HostArray> padded(List<double[][]> tasks, DType type) {
        int b = tasks.size();
        double[] x = new double[b * Regression.MOST * 3];
        int[] mask = new int[b * Regression.MOST];
        for (int i = 0; i < b; i++) {
            double[][] rows = tasks.get(i);
            for (int j = 0; j < rows.length; j++) {
                System.arraycopy(rows[j], 0, x, (i * Regression.MOST + j) * 3, 3);
                mask[i * Regression.MOST + j] = 1;
            }
        }
        return Map.of(
                Context.DATA,
                HostArray.wrap(x, Shape.of(b, Regression.MOST, 3)).cast(type),
                TaskEncoder.MASK,
                HostArray.wrap(DType.BOOL, mask, Shape.of(b, Regression.MOST)));
    }

    /** Mean of evidence less bound over tasks of n rows, and its standard error. */
    static double[] gap(LatentModel model, Variational q, Params params, int n, int tasks, int draws, Device device) {
        List<double[][]> all = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            all.add(Regression.task(n, 1000L * n + i));
        }
        double[][] w = RefinementGain.logWeights(
                model, params, padded(all, params.spec().dtype()), q, draws, Key.of(77), device);
        double[] g = new double[tasks];
        for (int i = 0; i < tasks; i++) {
            g[i] = Regression.logEvidence(all.get(i)) - LogWeights.mean(w[i]);
        }
        return new double[] {LogWeights.mean(g), LogWeights.standardDeviation(g) / Math.sqrt(tasks)};
    }

    private static final Device DEVICE = Device.builder().threads(1).build();

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static LearnedPath path(ParamSpec spec, Method m, int d, int steps, double step, int size) {
        PathSettings s = PathSettings.of(m)
                .steps(PathSettings.StepSizes.EACH_STEP, step)
                .damping(2)
                .mass(PathSettings.Mass.MATCHED);
        return LearnedPath.of(spec.at("q"), m, d, steps, s, ResidualControl::of, size);
    }

    /** Heads start at zero: all tasks have the same numbers, and a chain that does not move has the bound of q0. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"LDVI", "CMCD", "DBS_UD"})
    void startsAlike(Method m) {
        ParamSpec spec = new ParamSpec(DType.F64);
        TaskEncoder enc = encoder(spec, 8, 6);
        LangevinPosterior q = LangevinPosterior.of(new Regression(), path(spec, m, 2, 4, 1e-20, 6), enc);
        Weights w = Params.init(spec, Key.of(1)).frozen();
        Context c = Regression.tasks(Key.of(4), DType.F64, 5);
        PathValues v = q.values(c, w);
        PathSample s = q.sample(c, w, Key.of(2), 3);
        DiagonalInitial g = (DiagonalInitial) v.first();
        List<HostArray> r = Run.eval(List.of(
                g.mean(), v.steps().log(), v.betas(), s.logRatio(), g.logDensity(s.start()), s.x().sub(s.start())));
        for (double mean : r.get(0).doubles()) {
            assertEquals(0, mean);
        }
        for (double log : r.get(1).doubles()) {
            assertEquals(Math.log(1e-20), log, 1e-9);
        }
        double[] betas = r.get(2).doubles();
        for (int i = 0; i < betas.length; i++) {
            assertEquals((i / 5 + 1) / 5.0, betas[i], 1e-12);
        }
        assertArrayEquals(r.get(4).doubles(), r.get(3).doubles(), 1e-6);
        for (double moved : r.get(5).doubles()) {
            assertEquals(0, moved, 1e-5);
        }
    }

    /**
     * A little training takes most of the gap to the evidence away, on tasks of every size, and never goes above it. With
     * -Damortis.test.steps=15000 (some minutes) less than .02 nats are left.
     */
    @Test
    void trainingClosesTheGap() {
        int steps = Integer.getInteger("amortis.test.steps", 400);
        ParamSpec spec = new ParamSpec(DType.F32);
        Regression model = new Regression();
        PathSettings settings = PathSettings.of(Method.LDVI)
                .steps(PathSettings.StepSizes.EACH_STEP, .1)
                .damping(2)
                .covariance(PathSettings.Covariance.FULL);
        LearnedPath path = LearnedPath.of(spec.at("q"), Method.LDVI, 2, 8, settings, ResidualControl::of, 17);
        // kernels that are too long for a task in the beginning end the training of all
        path = path.path(path.path().scoreLimit(50));
        LangevinPosterior q = LangevinPosterior.of(model, path, encoder(spec, 64, 17));
        Params params = Params.init(spec, Key.of(1));
        double before = gap(model, q, params, 5, 40, 8, DEVICE)[0];
        try (Trainer t = Trainer.on(DEVICE)
                .params(params, Key.of(2))
                .objective(s -> Loss.minimise(Bound.elboSampled(1)
                        .of(
                                model,
                                q,
                                Regression.tasks(s.key().fold("task"), DType.F32, 64),
                                s.params(),
                                s.key().fold("paths"))
                        .loss()))
                .batches(new PathTraining.NoData())
                .optimizer(Transforms.clipGlobalNorm(5), Transforms.adam(Schedule.cosine(5e-3, 5e-5, steps)))
                .build()) {
            t.run(steps);
        }
        for (int n : new int[] {0, 1, 5, 20}) {
            double[] g = gap(model, q, params, n, 400, 16, DEVICE);
            System.getLogger("org.amortis.test").log(System.Logger.Level.INFO, n + " rows: " + g[0] + " +- " + g[1]);
            assertTrue(g[0] > -3 * g[1], n + " rows: above the evidence by " + -g[0]);
            assertTrue(
                    g[0] < (steps >= 15_000 ? .02 : n == 0 ? .5 : .2 * before), n + " rows: " + g[0] + " of " + before);
        }
        // a task of its own: what fine-tuning gains is not negative, and the estimate of log Z is near the evidence
        double[][] task = Regression.task(5, 3);
        AmortizationGap own = AmortizationGap.of(
                model,
                q,
                params,
                new String[0],
                padded(List.<double[][]>of(task), DType.F32),
                1e-2,
                512,
                Key.of(3),
                DEVICE);
        assertTrue(own.fineTuning().gain() > -4 * own.fineTuning().standardError(), own.toString());
        assertEquals(Regression.logEvidence(task), own.logZ(), .15);
        assertTrue(own.total() > -.05, own.toString());
    }

    /** Another number of kernels keeps weights unbiased; draws of a task do not depend on its padding. */
    @Test
    void stretchedPathsStayUnbiased() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Regression model = new Regression();
        LangevinPosterior q = LangevinPosterior.of(model, path(spec, Method.LDVI, 2, 3, .3, 6), encoder(spec, 8, 6));
        Params params = Params.init(spec, Key.of(1));
        double[][] task = Regression.task(1, 12);
        for (int k : new int[] {2, 7}) {
            double[] w = RefinementGain.logWeights(
                    model,
                    params,
                    padded(List.<double[][]>of(task), DType.F64),
                    q.stretched(k),
                    4_000,
                    Key.of(k),
                    DEVICE)[0];
            PathStatistics s = PathStatistics.of(w);
            assertEquals(Regression.logEvidence(task), s.logZ(), 5 * s.logZError(), k + " kernels");
            assertTrue(s.logZError() < .1, s.toString());
        }
    }

    /** Annealed steps from a poor answer: the gain is certain, no step at all is the worst. */
    @Test
    void refinement() {
        ParamSpec spec = new ParamSpec(DType.F64);
        spec.at("x").declare("unused", Shape.SCALAR, org.amortis.param.Initializer.zeros());
        Params params = Params.init(spec, Key.of(1));
        Regression model = new Regression();
        TractableVariational base = (c, w) -> Independent.of(
                Normal.standard(DType.F64, Shape.of(c.data().shape().dim(0), 2)));
        List<double[][]> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            tasks.add(Regression.task(5, i));
        }
        Map<String, HostArray> data = padded(tasks, DType.F64);
        RefinedPosterior refined = RefinementGain.choose(
                model, params, data, RefinedPosterior.of(model, base, 16, .1), 100, Key.of(5), DEVICE);
        List<RefinementGain> gains = RefinementGain.of(model, params, data, base, refined, 2_000, Key.of(6), DEVICE);
        for (int i = 0; i < gains.size(); i++) {
            RefinementGain g = gains.get(i);
            assertTrue(g.certified() > 0, g.toString());
            assertTrue(g.after() < Regression.logEvidence(tasks.get(i)) + 4 * g.standardError(), g.toString());
        }
        RefinementGain none = RefinementGain.of(
                        model, params, data, base, refined.stepSize(0), 2_000, Key.of(6), DEVICE)
                .get(0);
        assertEquals(0, none.gain(), 4.5 * none.standardError());
    }

    /** Embeddings of sets and series do not see what stands in empty places. */
    @Test
    void padding() {
        ParamSpec spec = new ParamSpec(DType.F64);
        TaskEncoder set = encoder(spec, 8, 6);
        TaskEncoder series = TaskEncoder.series(Gru.of(spec.at("gru"), 3, 4));
        Weights w = Params.init(spec, Key.of(1)).frozen();
        Tensor x = org.amortis.tensor.Random.normal(Key.of(3), DType.F64, Shape.of(2, 5, 3));
        Tensor mask = Tensors.iota(Shape.of(2, 5), 1).lt(3);
        Tensor other = Tensors.where(mask.expandDims(-1), x, 77);
        for (TaskEncoder e : List.of(set, series)) {
            List<HostArray> r = Run.eval(List.of(
                    e.embed(w, Context.of(x).with(TaskEncoder.MASK, mask)),
                    e.embed(w, Context.of(other).with(TaskEncoder.MASK, mask)),
                    e.embed(w, Context.of(x.slice(1, 0, 3)))));
            assertArrayEquals(r.get(0).doubles(), r.get(1).doubles(), 1e-13);
            assertArrayEquals(r.get(0).doubles(), r.get(2).doubles(), 1e-13);
        }
    }
}
