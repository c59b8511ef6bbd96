package org.amortis.langevin;

import org.amortis.array.Shape;
import org.amortis.nn.Embedding;
import org.amortis.nn.Linear;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/**
 * The network of LDVI: x, the momentum and a learned embedding of the time go through two blocks h + softplus(W h + b) of
 * the width of the input, then a linear layer. The result is multiplied by a number that starts at zero, so that
 * training starts at the method without network and the network cannot hurt there.
 */
public final class ResidualControl implements Control {
    /** Size of the embedding of a time. */
    public static final int EMBEDDING = 20;

    private static final int BLOCKS = 2;

    private final Embedding embedding;
    private final Linear[] blocks = new Linear[BLOCKS];
    private final Linear out;
    private final String scale;

    private ResidualControl(ParamScope at, int d, boolean momentum, int steps, int context) {
        Initializer bias = Initializer.normal(0.01);
        int width = d * (momentum ? 2 : 1) + EMBEDDING + context;
        embedding = Embedding.of(at.at("times"), steps + 1, EMBEDDING, Initializer.normal(0.05));
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = Linear.of(at.at("block" + i), width, width, Initializer.glorotNormal(), bias);
        }
        out = Linear.of(at.at("out"), width, d, Initializer.glorotNormal(), bias);
        scale = at.declare("scale", Shape.SCALAR, Initializer.zeros());
    }

    /**
     * The network.
     *
     * @param at where parameters go
     * @param d size of x
     * @param momentum whether the path has one
     * @param steps number of kernels K; there are K + 1 times
     * @param context size of the embedding of tasks, 0 for none
     * @return control
     */
    public static ResidualControl of(ParamScope at, int d, boolean momentum, int steps, int context) {
        return new ResidualControl(at, d, momentum, steps, context);
    }

    @Override
    public Tensor times(Weights p, int steps) {
        return embedding.apply(p, org.amortis.tensor.Tensors.iota(Shape.of(steps + 1), 0));
    }

    @Override
    public Tensor apply(Weights p, ControlInput in) {
        Tensor h = in.concatenated();
        for (Linear b : blocks) {
            h = h.add(b.apply(p, h).softplus());
        }
        return out.apply(p, h).mul(p.get(scale));
    }

    @Override
    public String toString() {
        return "residual control " + out;
    }
}
