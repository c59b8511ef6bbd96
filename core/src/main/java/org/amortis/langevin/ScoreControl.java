package org.amortis.langevin;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.nn.Activation;
import org.amortis.nn.Mlp;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * The network that looks at the score (as in PIS, DDS and the diffusion bridges): Fourier features of the time, with
 * learned phases, through a small network; x, the momentum and these through two hidden layers; and a multiple, learned for
 * each time and coordinate, of the score of the annealed density, which is clipped and has no gradient here.
 */
public final class ScoreControl implements Control {
    private static final double OUTPUT_LIMIT = 1e4;
    private static final double SCORE_LIMIT = 100;

    private final int width;
    private final String phase;
    private final Mlp time;
    private final Mlp state;
    private final Mlp gain;

    private ScoreControl(ParamScope at, int d, boolean momentum, int width, int context, double firstGain) {
        this.width = width;
        int in = d * (momentum ? 2 : 1) + width + context;
        Initializer tiny = Initializer.normal(1e-8);
        phase = at.declare("phase", Shape.of(width), Initializer.zeros());
        time = Mlp.of(at.at("time"), Mlp.sizes(2 * width, width, width), Activation.GELU);
        state = Mlp.of(at.at("state"), Mlp.sizes(in, width, width, d), Activation.GELU, tiny, Initializer.zeros());
        gain = Mlp.of(
                at.at("gain"), Mlp.sizes(2 * width, width, d), Activation.GELU, tiny, Initializer.constant(firstGain));
    }

    /**
     * The network.
     *
     * @param at where parameters go
     * @param d size of x
     * @param momentum whether the path has one
     * @param width of hidden layers, 64 as published
     * @param context size of the embedding of tasks, 0 for none
     * @param firstGain what the score is multiplied by at first: 0, or 1 for methods without drift
     * @return control
     */
    public static ScoreControl of(ParamScope at, int d, boolean momentum, int width, int context, double firstGain) {
        return new ScoreControl(at, d, momentum, width, context, firstGain);
    }

    /** Features of the time, then the multiples of the score. */
    @Override
    public Tensor times(Weights p, int steps) {
        DType type = p.dtype();
        Tensor t = Tensors.iota(Shape.of(steps + 1, 1), 0).cast(type);
        Tensor c = Tensors.iota(Shape.of(width), 0)
                .cast(type)
                .mul(width > 1 ? 99.9 / (width - 1) : 0)
                .add(0.1);
        Tensor angle = t.mul(c).add(p.get(phase));
        Tensor features = Tensors.concat(Tensor.LAST, angle.sin(), angle.cos());
        return Tensors.concat(Tensor.LAST, time.apply(p, features), gain.apply(p, features));
    }

    @Override
    public Tensor apply(Weights p, ControlInput in) {
        int d = in.x().shape().dim(-1);
        Tensor[] parts = in.time().split(Tensor.LAST, width, d);
        Tensor net = state.apply(p, in.concatenated(parts[0])).clamp(-OUTPUT_LIMIT, OUTPUT_LIMIT);
        return net.add(parts[1].mul(in.score().clamp(-SCORE_LIMIT, SCORE_LIMIT)));
    }

    @Override
    public String toString() {
        return "score control " + state;
    }
}
