package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.vi.Context;
import org.amortis.vi.Draw;
import org.amortis.vi.LatentModel;
import org.amortis.vi.Variational;
import org.jspecify.annotations.Nullable;

/**
 * An approximate posterior that walks: from a Gaussian through K kernels towards p(z) p(x | z), with all its numbers and
 * networks given by an embedding of x. Any model with a latent vector can use it as its q, with the bounds that do not
 * need the density of q.
 *
 * <pre>{@code
 * Variational q = LangevinPosterior.of(vae, path, TaskEncoder.of(encoder));
 * Tensor loss = Bound.elboSampled(1).of(vae, q, Context.of(x), weights, key).loss();
 * }</pre>
 */
public final class LangevinPosterior implements Variational {
    private final LatentModel model;
    private final LearnedPath path;
    private final TaskEncoder encoder;
    private final boolean detached;

    private LangevinPosterior(LatentModel model, LearnedPath path, TaskEncoder encoder, boolean detached) {
        if (path.size() != model.latentSize()) {
            throw new PlanException("langevinPosterior(path=" + path + ", model=" + model + "): the path has "
                    + path.size() + " coordinates, the latent vector " + model.latentSize());
        }
        this.model = model;
        this.path = path;
        this.encoder = encoder;
        this.detached = detached;
    }

    /**
     * Of a path with heads.
     *
     * @param model the model whose joint density drives the path
     * @param path path declared with the size of the embedding
     * @param encoder embedding of the data
     * @return approximate posterior
     */
    public static LangevinPosterior of(LatentModel model, LearnedPath path, TaskEncoder encoder) {
        return new LangevinPosterior(model, path, encoder, false);
    }

    /**
     * With the model's parameters held in the drift: they are then trained through the end of the path alone, which is
     * cheaper. The bound holds all the same, since any drift is allowed.
     *
     * @return a copy
     */
    public LangevinPosterior detached() {
        return new LangevinPosterior(model, path, encoder, true);
    }

    /**
     * With another number of kernels and the same parameters: temperatures and features of the time are interpolated,
     * step sizes multiplied by the ratio. More kernels are more work for a better answer, without training.
     *
     * @param steps number of kernels, positive
     * @return a copy
     */
    public LangevinPosterior stretched(int steps) {
        return new LangevinPosterior(model, path.stretched(steps), encoder, detached);
    }

    /**
     * The path.
     *
     * @return path with its parameters
     */
    public LearnedPath path() {
        return path;
    }

    /**
     * The model.
     *
     * @return model whose joint density drives the path
     */
    public LatentModel model() {
        return model;
    }

    /**
     * The paths.
     *
     * @param context what is observed, B rows
     * @param p weights
     * @param key a key, or one for each row
     * @param n how many for each row
     * @return paths [n, B, ..]
     */
    public PathSample sample(Context context, Weights p, Key key, int n) {
        Tensor e = encoder.embed(p, context);
        if (e.shape().rank() != 2) {
            throw new PlanException(
                    "langevinPosterior(encoder=" + encoder + "): gives " + e.describe() + ", needs [B, size]");
        }
        LogDensity drift = model.joint(detached ? held(p) : p).given(context);
        return path.sample(p, e, drift, Shape.of(n, e.shape().dim(0)), Noise.of(key, path.dtype()));
    }

    private static Weights held(Weights p) {
        return p.stopGradient("");
    }

    @Override
    public Draw draw(Context context, Weights weights, Key key, int n) {
        PathSample s = sample(context, weights, key, n);
        return new Draw(s.x(), s.logRatio());
    }

    /**
     * The numbers of the path of each row.
     *
     * @param context what is observed, B rows
     * @param p weights
     * @return formulas
     */
    public PathValues values(Context context, Weights p) {
        @Nullable Tensor e = encoder.embed(p, context);
        return path.values(p, e);
    }

    @Override
    public String toString() {
        return "LangevinPosterior(" + path + ")";
    }
}
