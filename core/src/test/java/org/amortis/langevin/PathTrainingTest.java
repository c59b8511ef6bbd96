package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.AmortisException;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training, and what goes wrong in it. */
final class PathTrainingTest {
    private static final Device DEVICE = Device.builder().threads(1).build();
    private static final LogDensity NORMAL = x -> x.sub(1).square().mul(-2).sum(-1);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static LearnedPath path(ParamSpec spec, Method m, int steps, PathSettings s) {
        return LearnedPath.of(spec.at(""), m, 2, steps, s, ResidualControl::of, 0);
    }

    private static PathTraining training(LearnedPath p, ParamSpec spec, LogDensity g) {
        return PathTraining.of(
                p, g, PathTraining.init(spec, Key.of(1), DEVICE), PathTraining.Settings.of(1e-2), DEVICE, Key.of(2));
    }

    private static NonFiniteException failure(LogDensity g, PathSettings s, int steps) {
        ParamSpec spec = new ParamSpec(DType.F32);
        LearnedPath p = path(spec, Method.LDVI, steps, s);
        try (PathTraining t = training(p, spec, g)) {
            float[] before = t.params().flat().floats().clone();
            NonFiniteException e = assertThrows(NonFiniteException.class, () -> t.runTo(200));
            if (t.trainer().steps() == 0) {
                assertArrayEquals(before, t.params().flat().floats(), "parameters are those before the step");
            }
            for (float v : t.params().flat().floats()) {
                assertTrue(Float.isFinite(v), "parameters stay finite");
            }
            return e;
        }
    }

    /** q0 first, then the chain: from the bound of the mean field to nearly log Z = log(pi / 2). */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"LDVI", "CMCD", "PIS"})
    void trains(Method m) {
        ParamSpec spec = new ParamSpec(DType.F32);
        LearnedPath p = path(spec, m, 4, PathSettings.of(m));
        Params params = PathTraining.init(spec, Key.of(1), DEVICE);
        PathTraining.Settings fast = PathTraining.Settings.of(1e-2);
        if (m != Method.PIS) {
            try (PathTraining t = PathTraining.ofStart(p, NORMAL, params, fast, DEVICE, Key.of(2))) {
                t.runTo(500);
            }
        }
        double first = PathEvaluation.of(p, NORMAL, params, DEVICE)
                .run(1000, Key.of(4))
                .statistics()
                .elbo();
        try (PathTraining t = PathTraining.of(p, NORMAL, params, fast, DEVICE, Key.of(3))) {
            t.runTo(m == Method.PIS ? 1000 : 200);
            assertEquals(1, t.trainer().compiled());
        }
        PathStatistics s = PathEvaluation.of(p, NORMAL, params, DEVICE)
                .run(4000, Key.of(5))
                .statistics();
        double logZ = Math.log(Math.PI / 2);
        assertEquals(logZ, s.elbo(), m == Method.PIS ? .2 : .05, "from " + first + ": " + s);
        assertTrue(s.elbo() < logZ + 3 * s.elboError(), s.toString());
    }

    @Test
    void lostPathsAreNamed() {
        PathSettings usual = PathSettings.of(Method.LDVI);
        NonFiniteException nan =
                failure(x -> x.sub(x.ge(9).cast(x.dtype()).mul(0)).log().sum(-1), usual, 3);
        assertTrue(nan.getMessage().contains("training step 0"), nan.getMessage());
        assertTrue(nan.getMessage().contains("at the start, path "), nan.getMessage());
        assertTrue(nan.getMessage().contains("log density of the target is NaN"), nan.getMessage());
        NonFiniteException high = failure(x -> x.mul(200).exp().sum(-1), usual, 2);
        assertTrue(high.getMessage().contains("log density of the target is Infinity"), high.getMessage());
        NonFiniteException explodes =
                failure(x -> x.square().square().sum(-1).neg(), usual.steps(PathSettings.StepSizes.ONE, 10), 8);
        assertTrue(explodes.getMessage().contains("after kernel "), explodes.getMessage());
        assertTrue(explodes.getMessage().contains(", path "), explodes.getMessage());
    }

    /** The path of an evaluation, by its number in the whole run, with the kernel and the quantity; so do paths run back. */
    @Test
    void lostPathsOfAnEvaluationAreNamed() {
        ParamSpec spec = new ParamSpec(DType.F32);
        LearnedPath p = path(spec, Method.LDVI, 6, PathSettings.of(Method.LDVI).steps(PathSettings.StepSizes.ONE, 10));
        LogDensity g = x -> x.square().square().sum(-1).neg();
        PathEvaluation e = PathEvaluation.of(p, g, PathTraining.init(spec, Key.of(1), DEVICE), DEVICE)
                .block(3);
        String text = assertThrows(NonFiniteException.class, () -> e.run(9, Key.of(3)))
                .getMessage();
        assertTrue(text.matches(".*evaluation, path [0-8]\\): after kernel [0-5], path [0-2]: .* is .*"), text);
        HostArray far = HostArray.wrap(new float[] {0, 1, 1e13f, 1}, Shape.of(2, 2));
        String back = assertThrows(NonFiniteException.class, () -> e.runBackwards(far, Key.of(3)))
                .getMessage();
        assertTrue(back.contains("backwards, path ") && back.contains("log w"), back);
    }

    private static <E extends AmortisException> void refused(
            Class<E> type, String part, org.junit.jupiter.api.function.Executable what) {
        E e = assertThrows(type, what);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void badInput() {
        ParamSpec spec = new ParamSpec(DType.F32);
        PathSettings s = PathSettings.of(Method.LDVI);
        LearnedPath p = path(spec, Method.LDVI, 3, s);
        refused(
                ShapeException.class,
                "needs one number for each row",
                () -> training(p, spec, x -> x.square().neg()).runTo(1));
        refused(
                PlanException.class,
                "has no gradient",
                () -> training(p, spec, x -> Tensors.zeros(DType.F32, x.shape().drop(-1)))
                        .runTo(1));
        refused(
                ShapeException.class,
                "matmul",
                () -> training(
                                p,
                                spec,
                                x -> x.matmul(Tensors.ones(DType.F32, Shape.of(3, 1)))
                                        .reshape(x.shape().drop(-1)))
                        .runTo(1));
        refused(PlanException.class, "negative", () -> Method.ULA.path(-1));
        refused(PlanException.class, "takes 1", () -> Method.LDVI.path(2));
        refused(
                PlanException.class,
                "without kernels",
                () -> path(new ParamSpec(DType.F32), Method.PIS, 0, PathSettings.of(Method.PIS)));
        refused(
                PlanException.class,
                "undoes the leapfrog",
                () -> new Path(Integrator.OBAB, 1, Drift.ANNEALED, Drift.NONE, Controls.none(), 2, 1, 0, 0));
        refused(
                PlanException.class,
                "at least one path",
                () -> new PathTraining.Settings(
                        0, GradientMode.REPARAM, org.amortis.optim.Schedule.constant(.1), 1, 1));
        Params params = PathTraining.init(spec, Key.of(1), DEVICE);
        PathEvaluation e = PathEvaluation.of(p, NORMAL, params, DEVICE);
        refused(PlanException.class, "paths=0", () -> e.run(0, Key.of(1)));
        refused(
                ShapeException.class,
                "needs [N, 2]",
                () -> e.runBackwards(HostArray.zeros(DType.F32, Shape.of(5, 3)), Key.of(1)));
        refused(
                PlanException.class,
                "two paths",
                () -> p.bound(
                        GradientMode.LOGVAR,
                        spec.weights(),
                        null,
                        NORMAL,
                        NORMAL,
                        Shape.of(1),
                        Noise.of(Key.of(1), DType.F32)));
        refused(
                PlanException.class,
                "the path has 3 coordinates, the latent vector 2",
                () -> LangevinPosterior.of(
                        new Regression(),
                        LearnedPath.of(new ParamSpec(DType.F32).at(""), Method.LDVI, 3, 2, s, ResidualControl::of, 1),
                        (w, c) -> c.data()));
        refused(PlanException.class, "unknown", () -> Method.named("nuts"));
        assertEquals(Method.CMCD_UD, Method.named("cmcd-ud"));
    }

    /** Without kernels every method with a learned q0 is plain variational inference. */
    @Test
    void noKernels() {
        ParamSpec spec = new ParamSpec(DType.F32);
        LearnedPath p = path(spec, Method.LDVI, 0, PathSettings.of(Method.LDVI));
        try (PathTraining t = training(p, spec, NORMAL)) {
            t.runTo(600);
            PathStatistics s = PathEvaluation.of(p, NORMAL, t.params(), DEVICE)
                    .run(4000, Key.of(5))
                    .statistics();
            assertEquals(Math.log(Math.PI / 2), s.elbo(), .02);
        }
    }
}
