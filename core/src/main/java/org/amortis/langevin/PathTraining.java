package org.amortis.langevin;

import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.clipGlobalNorm;
import static org.amortis.optim.Transforms.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transform;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.train.Batches;
import org.amortis.train.Listener;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.amortis.train.Trainer;

/**
 * Trains a path on a density: Adam on the bound of a few new paths a step. If a path is lost no parameter is written, and
 * the error names step, kernel, path and quantity.
 */
public final class PathTraining implements AutoCloseable {
    private static final String PATHS = "paths";

    private final LearnedPath path;
    private final LogDensity target;
    private final int paths;
    private final Key key;
    private final Trainer trainer;

    private PathTraining(LearnedPath path, LogDensity target, int paths, Key key, Trainer trainer) {
        this.path = path;
        this.target = target;
        this.paths = paths;
        this.key = key;
        this.trainer = trainer;
    }

    /**
     * Settings of a run.
     *
     * @param paths paths a step
     * @param mode how the gradient is estimated
     * @param rate learning rate
     * @param clip limit of the gradient's norm; infinity for none
     * @param stepFactor the logarithm of the step size learns so many times faster than the rest: it may have to grow by a
     *     factor of a thousand from where stiff targets let it start
     */
    public record Settings(int paths, GradientMode mode, Schedule rate, double clip, double stepFactor) {
        /** Checks the numbers. */
        public Settings {
            if (paths < 1 || !(clip > 0) || !(stepFactor >= 0)) {
                throw new PlanException("pathTraining(paths=" + paths + ", clip=" + clip + ", stepFactor=" + stepFactor
                        + "): at least one path, a positive limit and factor");
            }
        }

        /**
         * As published: 5 paths, reparameterised gradients, no limit.
         *
         * @param rate learning rate
         * @return settings
         */
        public static Settings of(double rate) {
            return new Settings(5, GradientMode.REPARAM, Schedule.constant(rate), Double.POSITIVE_INFINITY, 10);
        }

        private Transform[] transforms(LearnedPath path) {
            List<Transform> all = new ArrayList<>();
            if (!Double.isInfinite(clip)) {
                all.add(clipGlobalNorm(clip));
            }
            all.add(adam(rate));
            if (path.steps() > 0 && stepFactor != 1) {
                all.add(scale(path.stepPath(), stepFactor));
            }
            return all.toArray(Transform[]::new);
        }
    }

    /** Batches without arrays: the noise is all a step takes. */
    record NoData() implements Batches {
        private static final Map<String, TensorType> NOTHING = Map.of();

        @Override
        public Map<String, TensorType> inputs(int step) {
            return NOTHING;
        }

        @Override
        public void fill(long key, int step, Map<String, HostArray> into) {}
    }

    /**
     * Trains the whole path.
     *
     * @param path path without tasks
     * @param target log g
     * @param params parameters to start from, changed
     * @param settings settings
     * @param device where to run
     * @param key root of all randomness of the run
     * @return training at step 0
     */
    public static PathTraining of(
            LearnedPath path, LogDensity target, Params params, Settings settings, Device device, Key key) {
        Objective bound = s -> {
            Noise noise = Noise.of(s.key().fold(PATHS), path.dtype());
            PathBound b =
                    path.bound(settings.mode(), s.params(), null, target, target, Shape.of(settings.paths()), noise);
            return Loss.minimise(b.loss()).metric("elbo", b.elbo());
        };
        return of(path, target, params, settings, device, key, bound);
    }

    /**
     * Trains q0 alone, as plain variational inference: what the chain then starts from. On targets with several modes
     * it settles on one of them; fix a broad q0 there instead.
     *
     * @param path path without tasks, with a learned q0
     * @param target log g
     * @param params parameters to start from, changed
     * @param settings settings
     * @param device where to run
     * @param key root of all randomness of the run
     * @return training at step 0
     */
    public static PathTraining ofStart(
            LearnedPath path, LogDensity target, Params params, Settings settings, Device device, Key key) {
        LearnedPath start = path.startOnly();
        Objective bound = s -> {
            Noise noise = Noise.of(s.key().fold(PATHS), path.dtype());
            PathSample q = start.sample(s.params(), null, target, Shape.of(settings.paths()), noise);
            Tensor elbo = target.logDensity(q.x()).sub(q.logRatio()).mean();
            return Loss.maximise(elbo).metric("elbo", elbo);
        };
        return of(path, target, params, settings, device, key, bound);
    }

    private static PathTraining of(
            LearnedPath path,
            LogDensity target,
            Params params,
            Settings settings,
            Device device,
            Key key,
            Objective bound) {
        Trainer trainer = Trainer.on(device)
                .params(params, key)
                .objective(bound)
                .batches(new NoData())
                .optimizer(settings.transforms(path))
                .build();
        return new PathTraining(path, target, settings.paths(), key, trainer);
    }

    /**
     * Trains until so many steps are taken in total.
     *
     * @param steps total number of steps
     * @param watchers called after each step
     * @throws NonFiniteException if a path is lost; parameters are those before the step
     */
    public void runTo(int steps, Listener... watchers) {
        try {
            trainer.runTo(steps, watchers);
        } catch (NonFiniteException e) {
            int step = trainer.steps();
            NonFiniteException why = new PathDiagnosis(path, target, trainer.params(), trainer.device())
                    .explain(
                            "training step " + step,
                            null,
                            paths,
                            -1,
                            key.fold(step).fold(PATHS));
            why.addSuppressed(e);
            throw why;
        }
    }

    /**
     * The trainer, for its losses, checkpoints and parameters.
     *
     * @return trainer
     */
    public Trainer trainer() {
        return trainer;
    }

    /**
     * The parameters as they are now.
     *
     * @return parameters, not a copy
     */
    public Params params() {
        return trainer.params();
    }

    /**
     * The parameters of a path with their first values.
     *
     * @param spec their spec
     * @param key key
     * @param device where to compute them
     * @return parameters
     */
    public static Params init(ParamSpec spec, Key key, Device device) {
        return Params.init(spec, key.fold("init"), device);
    }

    @Override
    public void close() {
        trainer.close();
    }
}
