package org.amortis.bench.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.Shape;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyException;
import org.amortis.langevin.Drift;
import org.amortis.langevin.GradientMode;
import org.amortis.langevin.LearnedPath;
import org.amortis.langevin.Method;
import org.amortis.langevin.PathEvaluation;
import org.amortis.langevin.PathSettings;
import org.amortis.langevin.PathStatistics;
import org.amortis.langevin.PathTraining;
import org.amortis.langevin.PathValues;
import org.amortis.langevin.ResidualControl;
import org.amortis.langevin.ScoreControl;
import org.amortis.mc.Target;
import org.amortis.optim.Schedule;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.train.Checkpoint;

/** Trains and evaluates one cell. */
final class CellRun {
    private static final int CHECKPOINTS = 20;
    private static final int DRAWS = 2_000;
    private static final int NET_WIDTH = 64;

    private final Cell cell;
    private final Target target;
    private final SampleSettings settings;
    private final long seed;
    private final Device device;
    private final Console console;
    private final ParamSpec spec = new ParamSpec(DType.F32);
    private final LearnedPath path;
    private final boolean startsLearned;

    CellRun(Cell cell, Target target, SampleSettings settings, long seed, Device device, Console console) {
        this.cell = cell;
        this.target = target;
        this.settings = settings;
        this.seed = seed;
        this.device = device;
        this.console = console;
        Method m = cell.method();
        PathSettings s = PathSettings.of(m);
        s = s.steps(settings.stepSizes(), s.firstStep()).profile(settings.profile());
        // without kernels q0 is all that there is to learn
        int fixed = cell.k() == 0 ? 0 : wide(target);
        if (m != Method.PIS && fixed > 0) {
            boolean all = fixed == target.dimension();
            s = s.first(0, width(target), !all).fixedCoordinates(fixed);
        }
        startsLearned = m != Method.PIS && fixed < target.dimension();
        path = LearnedPath.of(spec.at("path"), m, target.dimension(), cell.k(), s, networks(m), 0);
    }

    /** Methods without a drift towards the target see its score in their network. */
    private static LearnedPath.Networks networks(Method m) {
        if (m.drift() == Drift.ANNEALED) {
            return ResidualControl::of;
        }
        double gain = m == Method.GBS ? 0 : 1;
        return (at, d, momentum, steps, context) -> ScoreControl.of(at, d, momentum, NET_WIDTH, context, gain);
    }

    /**
     * A bound pulls q0 to one mode. Where modes are known q0 stays wide in the coordinates in which they differ: these lead,
     * or all are meant.
     */
    static int wide(Target t) {
        if (t.modes().isEmpty()) {
            return 0;
        }
        HostArray m = t.modes().get();
        int d = t.dimension();
        int last = 0;
        for (int i = d; i < m.shape().size(); i++) {
            if (m.get(i) != m.get(i % d)) {
                last = Math.max(last, i % d + 1);
            }
        }
        return last;
    }

    /** Standard deviation of q0 there: what the target says, else sqrt 2 times the farthest mode. */
    static double width(Target t) {
        if (t.scale() != 1) {
            return t.scale();
        }
        double far = 0;
        for (double v : t.modes().orElseThrow().toDoubles()) {
            far = Math.max(far, Math.abs(v));
        }
        return Math.max(1, Math.sqrt(2) * far);
    }

    CellResult run(Path work) throws IOException {
        Params params = PathTraining.init(spec, Key.of(seed), device);
        Key key = Key.of(seed).fold(cell.name());
        double seconds = 0;
        Map<String, HostArray> curves = new LinkedHashMap<>();
        if (startsLearned && settings.startSteps() > 0) {
            Progressed p = new Progressed(cell.name() + ": q0", settings.startSteps(), console);
            try (PathTraining t = PathTraining.ofStart(
                    path,
                    target,
                    params,
                    training(Schedule.constant(SampleSettings.START_RATE), GradientMode.REPARAM),
                    device,
                    key.fold("start"))) {
                train(t, settings.startSteps(), work.resolve(cell.name() + ".start"), p);
            }
            seconds += p.seconds();
        }
        PathStatistics start = cell.method() == Method.PIS
                ? new PathStatistics(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
                : PathEvaluation.ofStart(path, target, params, device)
                        .run(settings.evaluation(), key.fold("q0"))
                        .statistics();
        if (cell.k() > 0) {
            Progressed p = new Progressed(cell.name(), settings.steps(), console);
            try (PathTraining t = PathTraining.of(
                    path,
                    target,
                    params,
                    training(settings.schedule(), settings.gradient()),
                    device,
                    key.fold("train"))) {
                train(t, settings.steps(), work.resolve(cell.name() + ".train"), p);
            }
            seconds += p.seconds();
            curves.put("curve", p.curve());
        }
        long begin = System.nanoTime();
        console.progress(cell.name() + ": evaluation", 0, settings.evaluation() + " paths");
        PathEvaluation evaluation = PathEvaluation.of(path, target, params, device);
        PathEvaluation.Result r = guarded(() -> evaluation.run(settings.evaluation(), key.fold("evaluate")));
        double[] eubo = {Double.NaN, Double.NaN};
        if (target.sampler().isPresent()) {
            HostArray exact = target.sampler().get().sample(settings.evaluation(), seed);
            PathStatistics up = guarded(() -> evaluation.runBackwards(exact, key.fold("evaluate")))
                    .statistics();
            eubo = new double[] {up.elbo(), up.elboError()};
        }
        console.progress(cell.name() + ": evaluation", 1, "");
        curves.put("draws", some(r.draws()));
        numbers(params, curves);
        return CellResult.of(
                cell,
                r.statistics(),
                start,
                eubo,
                modes(r.draws()),
                seconds,
                (System.nanoTime() - begin) * 1e-9,
                curves);
    }

    private interface Evaluated<T> {
        T get();
    }

    private <T> T guarded(Evaluated<T> what) {
        try {
            return what.get();
        } catch (NonFiniteException e) {
            throw new StudyException(cell.name() + ": " + e.getMessage(), e);
        }
    }

    private PathTraining.Settings training(Schedule rate, GradientMode gradient) {
        PathTraining.Settings usual = PathTraining.Settings.of(settings.rate());
        return new PathTraining.Settings(settings.paths(), gradient, rate, usual.clip(), usual.stepFactor());
    }

    private void train(PathTraining t, int steps, Path checkpoints, Progressed p) throws IOException {
        Optional<Path> last = Checkpoint.latest(checkpoints);
        if (last.isPresent()) {
            t.trainer().resume(last.get());
        }
        guarded(() -> {
            t.runTo(steps, p, Checkpoint.every(Math.max(1, steps / CHECKPOINTS), checkpoints));
            return t;
        });
    }

    private static HostArray some(HostArray draws) {
        int n = Math.min(DRAWS, draws.shape().dim(0));
        int d = draws.shape().dim(1);
        int shown = Math.min(2, d);
        double[] x = new double[n * shown];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < shown; j++) {
                x[i * shown + j] = draws.get(i * d + j);
            }
        }
        return HostArray.wrap(x, Shape.of(n, shown));
    }

    /** Share of the known modes that are nearest to at least one of the first draws. */
    private double modes(HostArray draws) {
        if (target.modes().isEmpty()) {
            return Double.NaN;
        }
        HostArray m = target.modes().get();
        int count = m.shape().dim(0);
        int d = target.dimension();
        boolean[] hit = new boolean[count];
        for (int i = 0; i < Math.min(DRAWS, draws.shape().dim(0)); i++) {
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < count; k++) {
                double s = 0;
                for (int j = 0; j < d; j++) {
                    double e = draws.get(i * d + j) - m.get(k * d + j);
                    s += e * e;
                }
                if (s < least) {
                    least = s;
                    nearest = k;
                }
            }
            hit[nearest] = true;
        }
        int n = 0;
        for (boolean h : hit) {
            n += h ? 1 : 0;
        }
        return n / (double) count;
    }

    /** Temperatures, step sizes and damping as they were learned. */
    private void numbers(Params params, Map<String, HostArray> curves) {
        if (cell.k() == 0) {
            curves.put("steps", HostArray.zeros(DType.F64, Shape.of(0)));
            return;
        }
        PathValues v = path.values(spec.weights(), null);
        Tensor steps = v.steps().mean(-1);
        List<Tensor> all = new java.util.ArrayList<>(List.of(v.betas().reshape(cell.k()), steps));
        if (v.damping() != null) {
            all.add(v.damping());
        }
        Runner r = Program.of(all.toArray(Tensor[]::new)).open(device, params.store());
        r.run();
        curves.put("betas", r.output(0).cast(DType.F64));
        curves.put("steps", r.output(1).cast(DType.F64));
        if (all.size() > 2) {
            curves.put("damping", r.output(2).cast(DType.F64));
        }
    }
}
