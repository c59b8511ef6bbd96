package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.nn.Linear;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A network whose Lipschitz constant is below a bound: linear layers with limited singular values and LipSwish,
 * x sigmoid(softplus(b) x) / 1.1, between them, which has slope at most 1 and does not lose its curvature there. The
 * context enters the first layer without limit.
 */
final class LipschitzNet {
    private final double each;
    private final List<String> weights;
    private final List<String> biases;
    private final List<String> sharpness;
    private final @Nullable Linear context;

    LipschitzNet(ParamScope at, int size, int contextSize, Net net, double bound) {
        int layers = net.depth() + 1;
        this.each = Math.pow(bound, 1.0 / layers);
        this.weights = new ArrayList<>();
        this.biases = new ArrayList<>();
        this.sharpness = new ArrayList<>();
        Initializer usual = Initializer.glorotUniform();
        Initializer small = (key, dtype, shape, fans) ->
                usual.value(key, dtype, shape, fans).mul(0.1);
        for (int i = 0; i < layers; i++) {
            int in = i == 0 ? size : net.width();
            int out = i == layers - 1 ? size : net.width();
            ParamScope layer = at.at(i);
            weights.add(layer.declare("w", Shape.of(in, out), i == layers - 1 ? small : usual, "decay"));
            biases.add(layer.declare("b", Shape.of(out), Initializer.zeros()));
            if (i > 0) {
                sharpness.add(layer.declare("sharpness", Shape.of(1), Initializer.constant(0.5)));
            }
        }
        this.context = contextSize == 0 ? null : Linear.withoutBias(at.at("context"), contextSize, net.width(), usual);
    }

    /** What the context gives to the first layer [.., width]. */
    @Nullable
    Tensor feed(Weights p, @Nullable Tensor c) {
        return context == null || c == null ? null : context.apply(p, c);
    }

    /** The tensors that {@link #apply} is a function of beside x. */
    Tensor[] tensors(Weights p) {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            all.add(SpectralNorm.limited(p.get(weights.get(i)), each));
            all.add(p.get(biases.get(i)));
            if (i > 0) {
                all.add(p.get(sharpness.get(i - 1)).softplus());
            }
        }
        return all.toArray(Tensor[]::new);
    }

    /**
     * The network.
     *
     * @param x [N, D]
     * @param tensors of {@link #tensors}, and what the context gives [N, width] as the last of them if there is one
     * @return [N, D]
     */
    static Tensor apply(Tensor x, Tensor... tensors) {
        int layers = (tensors.length + 1) / 3;
        boolean fed = tensors.length == 3 * layers;
        Tensor h = x.matmul(tensors[0]).add(tensors[1]);
        if (fed) {
            h = h.add(tensors[tensors.length - 1]);
        }
        for (int i = 1; i < layers; i++) {
            Tensor swish = h.mul(h.mul(tensors[3 * i + 1]).sigmoid()).mul(1 / 1.1);
            h = swish.matmul(tensors[3 * i - 1]).add(tensors[3 * i]);
        }
        return h;
    }
}
