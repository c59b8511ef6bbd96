package org.amortis.vi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A trained posterior in a program of one's own: arrays in, arrays out. Compiled at the first observation of a shape;
 * draws are made in blocks of {@value #BLOCK}, so another number of draws compiles nothing. Threads may share it: each
 * call takes a runner of its own, and the parameters are read only. No thread is started.
 *
 * <pre>{@code
 * try (Posterior posterior = Posterior.load(file, spec, model)) {
 *     float[] draws = posterior.sample(observed, 10_000, Key.of(2));
 * }
 * }</pre>
 */
public final class Posterior implements AutoCloseable {
    /** Draws in one run of the program. */
    public static final int BLOCK = 256;

    private final LatentModel model;
    private final Variational q;
    private final ParamSpec spec;
    private final StateStore store = new StateStore();
    private final Device device = Device.builder().threads(1).build();
    private final Map<Use, Compiled> programs = new ConcurrentHashMap<>();

    private enum Kind {
        SAMPLE,
        WEIGH,
        DENSITY
    }

    private record Use(Kind kind, DType dtype, Shape datum) {}

    /** A program and its runners that are not in use. */
    private record Compiled(Program program, Queue<Runner> idle) {}

    private Posterior(LatentModel model, Variational q, Params params) {
        this.model = model;
        this.q = q;
        this.spec = params.spec();
        store.set(spec.flat(), params.flat());
    }

    /**
     * Of parameters in memory.
     *
     * @param model model with its encoder
     * @param params its parameters, copied
     * @return the posterior, to be closed
     */
    public static Posterior of(AmortizedModel model, Params params) {
        return new Posterior(model, model.posterior(), params);
    }

    /**
     * Of any approximate posterior and parameters in memory. Where its density is not known, {@link #logProb} is refused,
     * and weights come from the log ratio of each draw.
     *
     * @param model model
     * @param q approximate posterior of its latent vectors
     * @param params parameters of both, copied
     * @return the posterior, to be closed
     */
    public static Posterior of(LatentModel model, Variational q, Params params) {
        return new Posterior(model, q, params);
    }

    /**
     * Of parameters in a file.
     *
     * @param file what {@link Params#save} wrote, or a checkpoint
     * @param spec the parameters of the model
     * @param model model with its encoder
     * @return the posterior, to be closed
     * @throws IOException if the file cannot be read
     */
    public static Posterior load(Path file, ParamSpec spec, AmortizedModel model) throws IOException {
        return new Posterior(model, model.posterior(), Params.load(file, spec));
    }

    /**
     * Draws.
     *
     * @param x one observation
     * @param n how many
     * @param key key; the same key gives the same draws, and n of them begin n + m of them
     * @return n x d values, row-major
     */
    public float[] sample(float[] x, int n, Key key) {
        return sample(HostArray.wrap(x, Shape.of(x.length)), n, key);
    }

    /**
     * Draws.
     *
     * @param x one observation
     * @param n how many
     * @param key key; the same key gives the same draws, and n of them begin n + m of them
     * @return n x d values, row-major
     */
    public float[] sample(HostArray x, int n, Key key) {
        return draw(Kind.SAMPLE, x, n, key).draws();
    }

    /**
     * Draws with the weights that correct them for what the encoder misses.
     *
     * @param x one observation
     * @param n how many
     * @param key key
     * @return draws and weights
     */
    public WeightedDraws weightedSample(HostArray x, int n, Key key) {
        return draw(Kind.WEIGH, x, n, key);
    }

    private WeightedDraws draw(Kind kind, HostArray x, int n, Key key) {
        if (n < 0) {
            throw new ShapeException("sample(n=" + n + "): negative");
        }
        int d = model.latentSize();
        float[] draws = new float[Math.multiplyExact(n, d)];
        double[] logWeights = new double[kind == Kind.WEIGH ? n : 0];
        HostArray words = words(key);
        Use use = new Use(kind, x.dtype(), x.shape());
        Compiled c = compiled(use);
        Runner r = take(c);
        r.feed("x", x.reshape(x.shape().insert(0, 1))).feed("key", words);
        for (int from = 0; from < n; from += BLOCK) {
            r.feed("block", HostRows.scalar(from / BLOCK)).run();
            int count = Math.min(BLOCK, n - from);
            System.arraycopy(r.output(0).toFloats(), 0, draws, from * d, count * d);
            if (kind == Kind.WEIGH) {
                System.arraycopy(r.output(1).toDoubles(), 0, logWeights, from, count);
            }
        }
        // a runner that failed is not given back
        c.idle().add(r);
        return new WeightedDraws(draws, logWeights);
    }

    /**
     * Log density.
     *
     * @param x one observation
     * @param z values [n, d]
     * @return n log densities
     */
    public double[] logProb(HostArray x, HostArray z) {
        int d = model.latentSize();
        if (z.shape().rank() != 2 || z.shape().dim(1) != d) {
            throw new ShapeException("logProb(z=" + z.dtype() + z.shape() + "): needs [n, " + d + "]");
        }
        int n = z.shape().dim(0);
        double[] out = new double[n];
        if (n == 0) {
            return out;
        }
        HostArray values = z.cast(spec.dtype());
        Compiled c = compiled(new Use(Kind.DENSITY, x.dtype(), x.shape()));
        Runner r = take(c);
        r.feed("x", x.reshape(x.shape().insert(0, 1)));
        for (int from = 0; from < n; from += BLOCK) {
            r.feed("z", HostRows.block(values, from, BLOCK)).run();
            System.arraycopy(r.output(0).toDoubles(), 0, out, from, Math.min(BLOCK, n - from));
        }
        c.idle().add(r);
        return out;
    }

    private Compiled compiled(Use use) {
        return programs.computeIfAbsent(use, u -> new Compiled(compile(u), new ConcurrentLinkedQueue<>()));
    }

    private Runner take(Compiled c) {
        Runner r = c.idle().poll();
        return r == null ? c.program().open(device, store) : r;
    }

    private Program compile(Use use) {
        Tensor x = Tensors.input("x", use.dtype(), use.datum().insert(0, 1).toArray());
        Context context = Context.of(x);
        Weights p = spec.weights();
        int d = model.latentSize();
        if (use.kind() == Kind.DENSITY) {
            if (!(q instanceof TractableVariational tractable)) {
                throw new PlanException("logProb(" + q + "): this posterior has draws and weights, no density");
            }
            Distribution given = tractable.given(context, p);
            Tensor z = Tensors.input("z", spec.dtype(), BLOCK, d);
            return Program.of(given.logProb(z.reshape(BLOCK, 1, d)).reshape(BLOCK));
        }
        Key key = Key.of(Tensors.input("key", DType.KEY)).fold(Tensors.input("block", DType.I32));
        Draw drawn = q.draw(context, p, key, BLOCK);
        Tensor draws = drawn.z().reshape(BLOCK, d);
        if (use.kind() == Kind.SAMPLE) {
            return Program.of(draws);
        }
        Tensor joint = model.joint(p).given(context).logDensity(drawn.z());
        return Program.of(draws, joint.sub(drawn.logRatio()).reshape(BLOCK));
    }

    /** The words of a key that was made on the host; a derived one is computed. */
    private HostArray words(Key key) {
        return key.tensor().node().op() instanceof LeafOp.Constant c
                ? c.data()
                : Run.eval(device, List.of(key.tensor())).get(0);
    }

    /** Gives its device back. */
    @Override
    public void close() {
        device.close();
    }

    @Override
    public String toString() {
        return "Posterior(" + model + ")";
    }
}
