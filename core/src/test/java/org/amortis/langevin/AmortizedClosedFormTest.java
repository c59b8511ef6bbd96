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
import org.amortis.nn.DeepSet;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transforms;
import org.amortis.param.ParamSpec;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.Trainer;
import org.amortis.vi.Bound;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Linear heads on an embedding that knows the posterior, which is Gaussian with correlations: bounds against the exact
 * evidence.
 */
final class AmortizedClosedFormTest {
    private static final int[] SIZES = {0, 1, 5, 20};
    private static final int EMBEDDING = 6;
    private static final Device DEVICE = Device.builder().threads(1).build();

    private final ParamSpec spec = Cases.f64();
    private final Regression model = new Regression();

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    /**
     * Mean and Cholesky factor of the posterior from the sums over the set, with logarithms of the diagonal as the heads of
     * widths have them, which pass a number l on as 3 tanh(l / 3); and log(1 + n).
     */
    private static TaskEncoder exact() {
        return TaskEncoder.set(DeepSet.of(
                (p, x) -> {
                    Tensor[] c = x.split(-1, 1, 1, 1);
                    return Tensors.concat(
                            -1, c[0].square(), c[0].mul(c[1]), c[1].square(), c[0].mul(c[2]), c[1].mul(c[2]));
                },
                DeepSet.Pooling.SUM,
                (p, sums) -> {
                    // precision [[a, b], [b, c]]
                    Tensor[] s = sums.mul(4).split(-1, 1, 1, 1, 1, 1);
                    Tensor a = s[0].add(1);
                    Tensor b = s[1];
                    Tensor c = s[2].add(1);
                    Tensor det = a.mul(c).sub(b.square());
                    Tensor m1 = c.mul(s[3]).sub(b.mul(s[4])).div(det);
                    Tensor m2 = a.mul(s[4]).sub(b.mul(s[3])).div(det);
                    Tensor l11 = c.div(det).sqrt();
                    Tensor l22 = c.sqrt().reciprocal();
                    Tensor l21 = b.neg().div(det).div(l11);
                    return Tensors.concat(-1, m1, m2, unlimited(l11.log()), unlimited(l22.log()), l21);
                }));
    }

    /** 3 artanh(l / 3). */
    private static Tensor unlimited(Tensor l) {
        return l.add(3).div(l.rsub(3)).log().mul(1.5);
    }

    private LangevinPosterior posterior(int steps, double step) {
        PathSettings s = PathSettings.of(Method.LDVI)
                .steps(PathSettings.StepSizes.EACH_STEP, step)
                .damping(2)
                .covariance(PathSettings.Covariance.FULL);
        LearnedPath path = LearnedPath.of(spec.at("q"), Method.LDVI, 2, steps, s, ResidualControl::of, EMBEDDING);
        return LangevinPosterior.of(model, path, exact());
    }

    private double[][] logWeights(LangevinPosterior q, Params params, List<double[][]> tasks, int draws) {
        Map<String, HostArray> data = AmortizedPathTest.padded(tasks, DType.F64);
        return RefinementGain.logWeights(model, params, data, q, draws, Key.of(9), DEVICE);
    }

    private LangevinPosterior start(LangevinPosterior q) {
        return LangevinPosterior.of(model, q.path().startOnly(), exact());
    }

    private static void set(Params params, String path, int[] at, double value) {
        double[] x = params.flat().doubles().clone();
        Parameter p = params.spec().parameter(path);
        for (int i : at) {
            x[p.offset() + i] = value;
        }
        params.set(HostArray.wrap(x, Shape.of(x.length)));
    }

    private static List<double[][]> tasks(int n) {
        List<double[][]> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(Regression.task(n, 100L * n + i));
        }
        return all;
    }

    /** With heads that read the posterior off its embedding every weight is the evidence, and steps of zero keep it. */
    @Test
    void exactHeadsGiveTheEvidence() {
        LangevinPosterior q = posterior(4, 1e-20);
        Params params = Params.init(spec, Key.of(1));
        set(params, "q/path/heads/mean/w", new int[] {0, 3}, 1);
        set(params, "q/path/heads/logStd/w", new int[] {4, 7}, 1);
        set(params, "q/path/heads/lower/w", new int[] {4}, 1);
        for (int n : SIZES) {
            List<double[][]> tasks = tasks(n);
            double[][] moved = logWeights(q, params, tasks, 5);
            double[][] start = logWeights(start(q), params, tasks, 5);
            for (int i = 0; i < tasks.size(); i++) {
                double evidence = Regression.logEvidence(tasks.get(i));
                for (int j = 0; j < 5; j++) {
                    assertEquals(evidence, start[i][j], 1e-10, n + " rows");
                    assertEquals(evidence, moved[i][j], 1e-6, n + " rows");
                }
            }
        }
    }

    /**
     * Trained from zero the bound comes within .02 nats of the evidence for sets of each size, q0 and kernels together;
     * with steps of zero it is the bound of q0.
     */
    @Test
    void trainedHeadsReachTheEvidence() {
        LangevinPosterior q = posterior(4, .2);
        Params params = Params.init(spec, Key.of(1));
        int steps = 1000;
        try (Trainer t = Trainer.on(DEVICE)
                .params(params, Key.of(2))
                .objective(s -> Loss.minimise(Bound.elboSampled(1)
                        .of(
                                model,
                                q,
                                Regression.tasks(s.key().fold("task"), DType.F64, 64),
                                s.params(),
                                s.key().fold("paths"))
                        .loss()))
                .batches(new PathTraining.NoData())
                .optimizer(Transforms.clipGlobalNorm(5), Transforms.adam(Schedule.cosine(5e-2, 5e-5, steps)))
                .build()) {
            t.run(steps);
        }
        StringBuilder all = new StringBuilder();
        for (int n : SIZES) {
            double[] gap = AmortizedPathTest.gap(model, q, params, n, 200, 16, DEVICE);
            double[] first = AmortizedPathTest.gap(model, start(q), params, n, 200, 16, DEVICE);
            all.append(n + " rows: gap " + gap[0] + " +- " + gap[1] + ", of q0 " + first[0] + "; ");
            assertTrue(gap[0] + gap[1] < .02, all.toString());
            assertTrue(gap[0] > -3 * gap[1], all.toString());
        }
        System.getLogger("org.amortis.test").log(System.Logger.Level.INFO, all);
        set(params, "q/path/logStep", new int[] {0, 1, 2, 3}, -50);
        List<double[][]> tasks = tasks(5);
        double[][] still = logWeights(q, params, tasks, 5);
        double[][] start = logWeights(start(q), params, tasks, 5);
        for (int i = 0; i < tasks.size(); i++) {
            assertArrayEquals(start[i], still[i], 1e-6);
        }
    }
}
