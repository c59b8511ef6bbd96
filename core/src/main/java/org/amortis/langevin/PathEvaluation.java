package org.amortis.langevin;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Evaluates a learned path on many new paths, in blocks of one compiled program. */
public final class PathEvaluation {
    /** Paths of a block unless said otherwise. */
    public static final int BLOCK = 500;

    private final LearnedPath path;
    private final LogDensity target;
    private final Params params;
    private final Device device;
    private final int block;

    private PathEvaluation(LearnedPath path, LogDensity target, Params params, Device device, int block) {
        this.path = path;
        this.target = target;
        this.params = params;
        this.device = device;
        this.block = block;
    }

    /**
     * Of a path with trained parameters.
     *
     * @param path path without tasks
     * @param target log g
     * @param params its parameters
     * @param device where to run
     * @return evaluation
     */
    public static PathEvaluation of(LearnedPath path, LogDensity target, Params params, Device device) {
        return new PathEvaluation(path, target, params, device, BLOCK);
    }

    /**
     * Of q0 alone, as if the path had no kernels: what the chain starts from.
     *
     * @param path path without tasks
     * @param target log g
     * @param params its parameters
     * @param device where to run
     * @return evaluation
     */
    public static PathEvaluation ofStart(LearnedPath path, LogDensity target, Params params, Device device) {
        return new PathEvaluation(path.startOnly(), target, params, device, BLOCK);
    }

    /**
     * With blocks of another size.
     *
     * @param paths paths of a block
     * @return a copy
     */
    public PathEvaluation block(int paths) {
        return new PathEvaluation(path, target, params, device, paths);
    }

    /** Draws with their log weights. */
    public static final class Result {
        private final HostArray draws;
        private final double[] logWeights;

        private Result(HostArray draws, double[] logWeights) {
            this.draws = draws;
            this.logWeights = logWeights;
        }

        /**
         * Last points of the paths, or the first where they were run backwards.
         *
         * @return [N, d], not a copy
         */
        public HostArray draws() {
            return draws;
        }

        /**
         * Logarithms of their weights.
         *
         * @return N values, not a copy
         */
        public double[] logWeights() {
            return logWeights;
        }

        /**
         * Mean, log Z estimate and effective share, with errors. Of paths that ran backwards the mean is the upper bound;
         * the other two mean nothing there.
         *
         * @return statistics
         */
        public PathStatistics statistics() {
            return PathStatistics.of(logWeights);
        }
    }

    /**
     * Paths from q0.
     *
     * @param n how many, a whole number of blocks is the least work
     * @param key key
     * @return draws and log weights
     * @throws NonFiniteException if a path is lost
     */
    public Result run(int n, Key key) {
        if (n < 1) {
            throw new PlanException("pathEvaluation(paths=" + n + "): at least one");
        }
        Tensor number = Tensors.input("block", DType.I32);
        Noise noise = Noise.of(key.fold("evaluation").fold(number), path.dtype());
        PathSample s = path.sample(params.spec().weights(), null, target, Shape.of(block), noise);
        Program program = Program.of(target.logDensity(s.x()).sub(s.logRatio()), s.x());
        return blocks(program, n, null, key, "evaluation");
    }

    /**
     * Paths from exact draws of the target, run backwards: the mean of their log weights is an upper bound of log Z.
     *
     * @param exact draws of the target [N, d]
     * @param key key
     * @return draws of q0 they lead to, and log weights
     * @throws NonFiniteException if a path is lost
     */
    public Result runBackwards(HostArray exact, Key key) {
        Shape shape = exact.shape();
        if (shape.rank() != 2 || shape.dim(1) != path.size() || shape.dim(0) == 0) {
            throw new ShapeException(
                    "pathEvaluation(exact=" + exact.dtype() + shape + "): needs [N, " + path.size() + "] with N > 0");
        }
        Tensor number = Tensors.input("block", DType.I32);
        Tensor x = Tensors.input("x", path.dtype(), block, path.size());
        Noise noise = Noise.of(key.fold("backwards").fold(number), path.dtype());
        PathSample s = path.path()
                .backward(
                        path.values(params.spec().weights(), null),
                        target,
                        params.spec().weights(),
                        null,
                        x,
                        noise);
        Program program = Program.of(target.logDensity(x).sub(s.logRatio()), s.start());
        return blocks(program, shape.dim(0), exact.cast(path.dtype()), key, "backwards");
    }

    private Result blocks(
            Program program, int n, @org.jspecify.annotations.Nullable HostArray exact, Key key, String what) {
        StateStore store = new StateStore();
        store.set(params.spec().flat(), params.flat());
        Runner r = program.open(device, store);
        int d = path.size();
        double[] logWeights = new double[n];
        HostArray draws = HostArray.zeros(path.dtype(), Shape.of(n, d));
        for (int from = 0; from < n; from += block) {
            if (program.inputs().contains("block")) {
                r.feed("block", HostArray.wrap(new int[] {from / block}, Shape.SCALAR));
            }
            if (exact != null) {
                r.feed("x", rows(exact, from));
            }
            r.run();
            int count = Math.min(block, n - from);
            double[] w = r.output(0).toDoubles();
            for (int i = 0; i < count; i++) {
                if (!Double.isFinite(w[i])) {
                    throw new PathDiagnosis(path, target, params, device)
                            .explain(
                                    what + ", path " + (from + i),
                                    exact,
                                    block,
                                    i,
                                    key.fold(what).fold(from / block));
                }
            }
            System.arraycopy(w, 0, logWeights, from, count);
            copy(r.output(1), draws, from * d, count * d);
        }
        return new Result(draws, logWeights);
    }

    private HostArray rows(HostArray a, int from) {
        int n = a.shape().dim(0);
        HostArray b = HostArray.zeros(a.dtype(), Shape.of(block, path.size()));
        for (int i = 0; i < block; i++) {
            // past the end the last row again
            int at = Math.min(from + i, n - 1) * path.size();
            switch (a.dtype()) {
                case F32 -> System.arraycopy(a.floats(), at, b.floats(), i * path.size(), path.size());
                case F64 -> System.arraycopy(a.doubles(), at, b.doubles(), i * path.size(), path.size());
                case I32, BOOL, KEY -> throw new IllegalStateException("draws");
            }
        }
        return b;
    }

    private static void copy(HostArray from, HostArray to, int offset, int count) {
        switch (from.dtype()) {
            case F32 -> System.arraycopy(from.floats(), 0, to.floats(), offset, count);
            case F64 -> System.arraycopy(from.doubles(), 0, to.doubles(), offset, count);
            case I32, BOOL, KEY -> throw new IllegalStateException("draws");
        }
    }
}
