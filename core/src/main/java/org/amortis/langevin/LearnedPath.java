package org.amortis.langevin;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** A method with its learned numbers and networks, for all tasks alike or with heads on an embedding of the task. */
public final class LearnedPath {
    private final Method method;
    private final Path path;
    private final PathParameters parameters;
    private final int d;
    private final DType dtype;

    /** Number of kernels the parameters were declared for. */
    private final int trained;

    private LearnedPath(Method method, Path path, PathParameters parameters, int d, DType dtype, int trained) {
        this.method = method;
        this.path = path;
        this.parameters = parameters;
        this.d = d;
        this.dtype = dtype;
        this.trained = trained;
    }

    /** Makes the networks of a path. */
    @FunctionalInterface
    public interface Networks {
        /**
         * One network.
         *
         * @param at where parameters go
         * @param d size of x
         * @param momentum whether the path has one
         * @param steps number of kernels K
         * @param context size of the embedding of tasks, 0 for none
         * @return control
         */
        Control of(ParamScope at, int d, boolean momentum, int steps, int context);
    }

    /**
     * Declares a path: numbers at "path", networks at "net" and "net2".
     *
     * @param at where parameters go
     * @param method method
     * @param d size of x
     * @param steps number of kernels K; 0 is plain variational inference, for methods with a learned q0
     * @param settings what is learned, and first values
     * @param networks makes networks where the method has them
     * @param embedding size of the embedding of tasks; 0 for one set of numbers
     * @return the path
     */
    public static LearnedPath of(
            ParamScope at, Method method, int d, int steps, PathSettings settings, Networks networks, int embedding) {
        if (d < 1) {
            throw new PlanException("learnedPath(method=" + method + ", d=" + d + "): at least one coordinate");
        }
        if (steps == 0 && (method == Method.PIS || !settings.learnFirst())) {
            throw new PlanException("learnedPath(method=" + method
                    + ", steps=0): without kernels only q0 is left, and it" + " is not learned here");
        }
        Control[] nets = new Control[steps == 0 ? 0 : method.arrangement().networks()];
        boolean momentum = method.integrator().momentum();
        for (int i = 0; i < nets.length; i++) {
            nets[i] = networks.of(at.at(i == 0 ? "net" : "net2"), d, momentum, steps, embedding);
        }
        Path path = steps == 0 ? Method.ULA.path(0) : method.path(steps, nets);
        return new LearnedPath(
                method,
                path,
                PathParameters.of(at.at("path"), method, d, steps, settings, embedding),
                d,
                at.dtype(),
                steps);
    }

    /**
     * With the same parameters and another form of the path, such as another integrator of the same kind.
     *
     * @param other path with the same number of kernels
     * @return a copy
     */
    public LearnedPath path(Path other) {
        if (other.steps() != path.steps()
                || other.integrator().momentum() != path.integrator().momentum()) {
            throw new PlanException("learnedPath.path(" + other + "): the parameters are those of " + path);
        }
        return new LearnedPath(method, other, parameters, d, dtype, trained);
    }

    /**
     * With another number of kernels and the same parameters: temperatures, step sizes and features of the time are
     * interpolated, step sizes multiplied by the ratio, so that the path takes as long.
     *
     * @param steps number of kernels, positive
     * @return a copy
     */
    public LearnedPath stretched(int steps) {
        if (steps < 1 || trained < 1) {
            throw new PlanException(
                    "learnedPath.stretched(steps=" + steps + "): at least one kernel, from at least one");
        }
        Controls c = path.controls();
        Controls all = new Controls(c.arrangement(), stretched(c.first()), stretched(c.second()));
        Path longer = new Path(
                path.integrator(),
                path.leapfrog(),
                path.forward(),
                path.backward(),
                all,
                steps,
                path.scoreLimit(),
                path.unrolled(),
                path.checkpoint());
        return new LearnedPath(method, longer, parameters, d, dtype, trained);
    }

    private @Nullable Control stretched(@Nullable Control c) {
        return c == null || c instanceof Stretched ? c : new Stretched(c, trained);
    }

    /** The same q0 without kernels. */
    LearnedPath startOnly() {
        if (method == Method.PIS) {
            throw new PlanException("learnedPath(" + this + "): starts at a point, which has no density");
        }
        return new LearnedPath(method, Method.ULA.path(0), parameters, d, dtype, trained);
    }

    /**
     * The form of the path.
     *
     * @return path
     */
    public Path path() {
        return path;
    }

    /**
     * The method.
     *
     * @return method
     */
    public Method method() {
        return method;
    }

    /**
     * Size of x.
     *
     * @return d
     */
    public int size() {
        return d;
    }

    /**
     * Number of kernels.
     *
     * @return K
     */
    public int steps() {
        return path.steps();
    }

    /**
     * Float type.
     *
     * @return type of the parameters
     */
    public DType dtype() {
        return dtype;
    }

    /**
     * The learned numbers.
     *
     * @param p weights
     * @param e embeddings of the tasks [B, size]; null for none
     * @return formulas
     */
    public PathValues values(Weights p, @Nullable Tensor e) {
        PathValues v = parameters.values(p, e);
        int k = path.steps();
        if (k == trained) {
            return v;
        }
        if (k == 0) {
            Tensor none = Tensors.zeros(dtype, Shape.of(0, 1));
            return new PathValues(v.first(), none, none, null, null);
        }
        // temperature 0 stands in front, so that the ends of both ladders agree
        double ratio = trained / (double) k;
        Tensor betas = Tensors.concat(0, Tensors.zeros(dtype, v.betas().shape().with(0, 1)), v.betas());
        return new PathValues(
                v.first(),
                Stretched.interpolated(betas, k, ratio, ratio),
                Stretched.interpolated(v.steps(), k, 0.5 * (ratio - 1), ratio).mul(ratio),
                v.damping(),
                v.mass());
    }

    /**
     * Where the logarithm of the step size is among the parameters.
     *
     * @return path of the parameter
     * @throws PlanException if the path has no kernels
     */
    public String stepPath() {
        return parameters.path("logStep");
    }

    /**
     * Draws paths.
     *
     * @param p weights
     * @param e embeddings of the tasks [B, size]; null for none
     * @param drift log g for the drift
     * @param lead [n], or [n, B] with tasks
     * @param noise random numbers
     * @return paths
     */
    public PathSample sample(Weights p, @Nullable Tensor e, LogDensity drift, Shape lead, Noise noise) {
        return path.sample(values(p, e), drift, p, e, lead, d, noise);
    }

    /**
     * The bound of new paths.
     *
     * @param mode how its gradient is estimated
     * @param p weights
     * @param e embeddings of the tasks [B, size]; null for none
     * @param target log g, at the end of the path
     * @param drift log g for the drift; the target, or any stand-in that need not be exact: the bound holds for every drift
     * @param lead [n], or [n, B] with tasks
     * @param noise random numbers
     * @return bound for each task
     */
    public PathBound bound(
            GradientMode mode,
            Weights p,
            @Nullable Tensor e,
            LogDensity target,
            LogDensity drift,
            Shape lead,
            Noise noise) {
        int n = lead.rank() == 0 ? 0 : lead.dim(0);
        if (n < 1 || mode != GradientMode.REPARAM && n < 2) {
            throw new PlanException("bound(mode=" + mode + ", paths=" + n + "): needs at least "
                    + (mode == GradientMode.REPARAM ? "one path" : "two paths"));
        }
        PathSample s = sample(p, e, drift, lead, noise);
        if (mode == GradientMode.REPARAM) {
            Tensor w = target.logDensity(s.x()).sub(s.logRatio());
            return new PathBound(w, w.mean(0).neg(), s);
        }
        PathSample held = path.replay(values(p, e), drift, p, e, s);
        Tensor w = target.logDensity(held.x()).sub(held.logRatio());
        Tensor centred = w.mean(0).sub(w).stopGradient();
        if (mode == GradientMode.LOGVAR) {
            // gradient of half the unbiased variance: (l_i - mean) grad l_i / (n - 1), the mean's own part cancels
            return new PathBound(w.stopGradient(), w.neg().mul(centred).sum(0).div(n - 1), s);
        }
        Tensor logQ = java.util.Objects.requireNonNull(held.logForward());
        // l - mean of the others = n / (n - 1) (l - mean); log P = log w + log Q
        Tensor score = centred.mul(n / (n - 1.0)).mul(logQ).sub(w.add(logQ));
        return new PathBound(w.stopGradient(), score.mean(0), s);
    }

    @Override
    public String toString() {
        return "LearnedPath(" + method + ", d=" + d + ", " + path + ")";
    }
}
