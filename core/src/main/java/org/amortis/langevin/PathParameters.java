package org.amortis.langevin;

import java.util.HashMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.MultivariateNormal;
import org.amortis.nn.Linear;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The learned numbers of a path: one set for all, or, with an embedding of the task, that set plus a linear head that
 * starts at zero, so that all tasks start alike. Positive numbers are learned by their logarithms, increments of the
 * temperature through softplus.
 */
public final class PathParameters {
    /** Increments of the temperature at most. */
    public static final int GRID = 32;

    /** Logarithms of standard deviations of q0 are not below this: some targets are unbounded there. */
    public static final double LEAST_LOG_STD = -10;

    /** Width, damping and mass of a task differ from those of all by at most a factor of e^3. */
    private static final double SPREAD = 3;

    /** Step size likewise; leapfrog steps that are too long grow like a power of K. */
    private static final double STEP_SPREAD = 1;

    /** softplus of it is one. */
    private static final double UNIT = Math.log(Math.expm1(1));

    private final Method method;
    private final PathSettings settings;
    private final int d;
    private final int steps;
    private final int increments;
    private final DType dtype;
    private final Map<String, String> paths = new HashMap<>();
    private final Map<String, Linear> heads = new HashMap<>();

    private PathParameters(ParamScope at, Method method, int d, int steps, PathSettings settings, int embedding) {
        this.method = method;
        this.settings = settings;
        this.d = d;
        this.steps = steps;
        this.dtype = at.dtype();
        this.increments = settings.betas() == PathSettings.Betas.GRID ? Math.min(GRID, steps) + 1 : steps;
        boolean first = settings.learnFirst() && method != Method.PIS;
        if (first) {
            declare(at, "mean", d, settings.mean(), embedding);
            declare(at, "logStd", d, Math.log(settings.std()), embedding);
            if (settings.covariance() == PathSettings.Covariance.FULL && d > 1) {
                declare(at, "lower", d * (d - 1) / 2, 0, embedding);
            }
        }
        if (steps == 0) {
            return;
        }
        int sizes = switch (settings.stepSizes()) {
            case ONE -> 1;
            case EACH_STEP -> steps;
            case EACH_COORDINATE -> d;
        };
        declare(
                at,
                "logStep",
                sizes,
                Math.log(settings.firstStep()),
                settings.stepSizes() == PathSettings.StepSizes.EACH_STEP ? 0 : embedding);
        if (settings.stepSizes() == PathSettings.StepSizes.EACH_STEP && embedding > 0) {
            head(at, "logStep", 1, embedding);
        }
        if (settings.betas() != PathSettings.Betas.LINEAR && usesBeta()) {
            declare(at, "increments", increments, UNIT, embedding);
        }
        if (method.integrator().momentum()) {
            declare(at, "logDamping", 1, Math.log(settings.firstDamping()), embedding);
            if (settings.mass() == PathSettings.Mass.LEARNED) {
                declare(at, "logMass", d, 0, embedding);
            }
        }
    }

    /**
     * Declares what a method learns.
     *
     * @param at where parameters go
     * @param method method
     * @param d size of x
     * @param steps number of kernels K
     * @param settings what is learned, and first values
     * @param embedding size of the embedding of tasks; 0 for one set of numbers
     * @return the parameters
     */
    public static PathParameters of(
            ParamScope at, Method method, int d, int steps, PathSettings settings, int embedding) {
        return new PathParameters(at, method, d, steps, settings, embedding);
    }

    private boolean usesBeta() {
        // a network that is shown the score reads the temperature too
        return method.drift() == Drift.ANNEALED;
    }

    private void declare(ParamScope at, String name, int n, double first, int embedding) {
        paths.put(name, at.declare(name, Shape.of(n), Initializer.constant(first)));
        if (embedding > 0) {
            head(at, name, n, embedding);
        }
    }

    private void head(ParamScope at, String name, int n, int embedding) {
        heads.put(name, Linear.withoutBias(at.at("heads").at(name), embedding, n, Initializer.zeros()));
    }

    /** Full path of a parameter. */
    String path(String name) {
        String p = paths.get(name);
        if (p == null) {
            throw new org.amortis.array.PlanException("pathParameters(" + name + "): there are " + paths.keySet());
        }
        return p;
    }

    /**
     * The number or numbers of a name [n] or [B, n], the head limited softly. Without limits one task whose step is too
     * large for it ends the training of all.
     */
    private Tensor get(String name, Weights p, @Nullable Tensor e, double limit) {
        Tensor global = p.get(path(name));
        Linear head = heads.get(name);
        if (e == null || head == null) {
            return global;
        }
        Tensor offset = head.apply(p, e);
        return global.add(limited(offset, limit));
    }

    private static Tensor limited(Tensor offset, double limit) {
        return Double.isInfinite(limit) ? offset : offset.div(limit).tanh().mul(limit);
    }

    /**
     * The numbers.
     *
     * @param p weights
     * @param e embeddings of the tasks [B, size]; null for none
     * @return formulas
     */
    public PathValues values(Weights p, @Nullable Tensor e) {
        InitialDensity first = first(p, e);
        if (steps == 0) {
            Tensor none = Tensors.zeros(dtype, Shape.of(0, 1));
            return new PathValues(first, none, none, null, null);
        }
        boolean momentum = method.integrator().momentum();
        boolean matched = settings.mass() == PathSettings.Mass.MATCHED && first instanceof DiagonalInitial;
        Tensor width = matched && first instanceof DiagonalInitial g ? g.logStd() : null;
        Tensor d = steps(p, e);
        Tensor mass = null;
        if (momentum && width != null) {
            mass = width.mul(-2).exp();
        } else if (momentum && settings.mass() == PathSettings.Mass.LEARNED) {
            mass = get("logMass", p, e, SPREAD).exp();
        } else if (width != null) {
            d = d.mul(width.mul(2).exp());
        }
        return new PathValues(
                first,
                betas(p, e),
                d,
                momentum ? get("logDamping", p, e, SPREAD).exp() : null,
                mass);
    }

    private InitialDensity first(Weights p, @Nullable Tensor e) {
        if (method == Method.PIS) {
            return new PointInitial();
        }
        Tensor fixedMean = Tensors.fill(settings.mean(), dtype, Shape.of(d));
        Tensor fixedLogStd = Tensors.fill(Math.log(settings.std()), dtype, Shape.of(d));
        if (!settings.learnFirst()) {
            return new DiagonalInitial(fixedMean, fixedLogStd);
        }
        Tensor mean = get("mean", p, e, Double.POSITIVE_INFINITY);
        Tensor logStd = get("logStd", p, e, SPREAD).maximum(LEAST_LOG_STD);
        int n = settings.fixedCoordinates();
        if (n > 0) {
            Tensor learned = Tensors.iota(Shape.of(d), 0).ge(n);
            mean = Tensors.where(learned, mean, fixedMean);
            logStd = Tensors.where(learned, logStd, fixedLogStd);
        }
        return paths.containsKey("lower")
                ? new FullInitial(
                        MultivariateNormal.ofMeanFree(mean, free(logStd, get("lower", p, e, Double.POSITIVE_INFINITY))))
                : new DiagonalInitial(mean, logStd);
    }

    /** Matrices with the logarithms on the diagonal and the rows of the strict triangle below it. */
    private Tensor free(Tensor logStd, Tensor lower) {
        int[] place = new int[d * d];
        int at = d;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                // what lies above is not read
                place[i * d + j] = i > j ? at++ : i;
            }
        }
        Tensor all = Tensors.concat(Tensor.LAST, logStd, lower);
        Tensor index = Tensors.constant(HostArray.wrap(place, Shape.of(d * d)));
        return all.gather(-1, index).reshape(logStd.shape().concat(Shape.of(d)));
    }

    /** [K, .., 1]. */
    private Tensor betas(Weights p, @Nullable Tensor e) {
        if (!paths.containsKey("increments")) {
            double[] b = new double[steps];
            for (int k = 0; k < steps; k++) {
                b[k] = (k + 1.0) / (steps + 1);
            }
            return Tensors.constant(HostArray.wrap(b, Shape.of(steps, 1)).cast(dtype));
        }
        Tensor y = get("increments", p, e, 1).softplus();
        Tensor share = y.cumsum(-1).div(y.sum(-1).keepDims(y, -1));
        Tensor b = settings.betas() == PathSettings.Betas.GRID ? interpolated(share) : share;
        return b.shape().rank() == 1 ? b.expandDims(-1) : b.transpose().expandDims(-1);
    }

    /**
     * Nodes at equal distances, the first 0, the others the G + 1 shares; beta_k lies at k / (K + 1) of the way: a linear
     * function of the shares.
     */
    private Tensor interpolated(Tensor share) {
        int g = increments;
        double[] w = new double[g * steps];
        for (int k = 0; k < steps; k++) {
            double at = (k + 1.0) / (steps + 1) * g;
            int low = Math.min((int) Math.floor(at + 1e-9), g - 1);
            double t = Math.max(0, at - low);
            add(w, low, k, 1 - t);
            add(w, low + 1, k, t);
        }
        Tensor matrix = Tensors.constant(HostArray.wrap(w, Shape.of(g, steps)).cast(dtype));
        boolean one = share.shape().rank() == 1;
        Tensor rows = one ? share.expandDims(0) : share;
        Tensor b = rows.matmul(matrix);
        return one ? b.reshape(steps) : b;
    }

    /** Adds to the weight of a node; node 0 is zero. */
    private void add(double[] w, int node, int k, double weight) {
        if (node >= 1) {
            w[(node - 1) * steps + k] += weight;
        }
    }

    /** [K, .., 1 or d]. */
    private Tensor steps(Weights p, @Nullable Tensor e) {
        boolean each = settings.stepSizes() == PathSettings.StepSizes.EACH_STEP;
        Tensor log;
        if (each) {
            log = p.get(path("logStep")).expandDims(-1);
            Linear head = heads.get("logStep");
            if (e != null && head != null) {
                // a profile for all, a factor for each task
                log = log.expandDims(-1).add(limited(head.apply(p, e), STEP_SPREAD));
            }
        } else {
            Tensor one = get("logStep", p, e, STEP_SPREAD);
            log = one.broadcastTo(one.shape().insert(0, steps));
        }
        if (settings.profile() == PathSettings.Profile.COSINE) {
            double[] f = new double[steps];
            for (int k = 0; k < steps; k++) {
                double c = Math.cos(0.5 * Math.PI * k / steps);
                f[k] = Math.log(0.99 * c * c + 0.01);
            }
            int[] dims = new int[log.shape().rank()];
            java.util.Arrays.fill(dims, 1);
            dims[0] = steps;
            log = log.add(Tensors.constant(HostArray.wrap(f, Shape.of(dims)).cast(dtype)));
        }
        return log.exp();
    }
}
