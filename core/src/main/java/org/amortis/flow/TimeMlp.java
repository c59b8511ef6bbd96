package org.amortis.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.nn.Activation;
import org.amortis.nn.Linear;
import org.amortis.param.Fans;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A network to whose every layer time and context are inputs beside the layer below (Grathwohl et al. 2019): the layers of
 * {@code Mlp} on [h, t, c]. The weights of the three parts are parameters of their own, "0/h/w", "0/h/b", "0/t" and
 * "0/c/w", drawn as columns of one matrix, so that the part of the context is computed once for all times.
 */
public final class TimeMlp implements Velocity {
    private final List<Layer> layers;
    private final List<String> parameters;
    private final Activation activation;
    private final int context;

    /** A layer: the part of what is below, the vector that time multiplies, the part of the context. */
    private record Layer(
            Linear below, String time, @Nullable Linear context) {}

    private TimeMlp(List<Layer> layers, List<String> parameters, Activation activation, int context) {
        this.layers = List.copyOf(layers);
        this.parameters = List.copyOf(parameters);
        this.activation = activation;
        this.context = context;
    }

    /**
     * A network that starts at zero everywhere: as a flow, at the identity.
     *
     * @param at where parameters go
     * @param size D
     * @param context number of elements of the context; 0 for none
     * @param hidden widths of hidden layers
     * @param activation between layers; smooth, since flows differentiate it
     * @return the network
     */
    public static TimeMlp of(ParamScope at, int size, int context, int[] hidden, Activation activation) {
        return of(at, size, context, hidden, activation, Initializer.zeros());
    }

    /**
     * A network with a given initialiser of the last weight.
     *
     * @param at where parameters go
     * @param size D
     * @param context number of elements of the context; 0 for none
     * @param hidden widths of hidden layers
     * @param activation between layers; smooth, since flows differentiate it
     * @param last initialiser of all weights of the last layer
     * @return the network
     * @throws ShapeException if a width is not positive
     */
    public static TimeMlp of(
            ParamScope at, int size, int context, int[] hidden, Activation activation, Initializer last) {
        if (size < 1 || context < 0 || Arrays.stream(hidden).anyMatch(h -> h < 1)) {
            throw new ShapeException("timeMlp(size=" + size + ", context=" + context + ", hidden="
                    + Arrays.toString(hidden) + "): needs positive widths and a context of at least 0");
        }
        List<Layer> layers = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i <= hidden.length; i++) {
            int in = i == 0 ? size : hidden[i - 1];
            int out = i == hidden.length ? size : hidden[i];
            Initializer part = i == hidden.length ? last : activation.initializer();
            Fans fans = new Fans(in + 1 + context, out);
            // three blocks of rows of one matrix: all are scaled by the inputs of the whole
            Initializer whole = (key, dtype, shape, own) -> part.value(key, dtype, shape, fans);
            ParamScope layer = at.at(i);
            Linear below = Linear.of(layer.at("h"), in, out, whole, Initializer.zeros());
            String time = layer.declare("t", Shape.of(out), whole, fans, "decay");
            Linear c = context == 0 ? null : Linear.withoutBias(layer.at("c"), context, out, whole);
            String path = layer.path() + "/";
            paths.addAll(List.of(path + "h/w", path + "h/b", time));
            if (c != null) {
                paths.add(path + "c/w");
            }
            layers.add(new Layer(below, time, c));
        }
        return new TimeMlp(layers, paths, activation, context);
    }

    @Override
    public int size() {
        return layers.get(0).below().in();
    }

    @Override
    public int contextSize() {
        return context;
    }

    @Override
    public List<String> parameters() {
        return parameters;
    }

    @Override
    public VelocityField given(Weights p, @Nullable Tensor c) {
        Velocities.checkContext(this, c);
        List<Tensor> shifts = new ArrayList<>();
        for (Layer l : layers) {
            if (c != null && l.context() != null) {
                shifts.add(l.context().apply(p, c));
            }
        }
        return (t, z) -> {
            Tensor h = z;
            for (int i = 0; i < layers.size(); i++) {
                Layer l = layers.get(i);
                Tensor a = l.below().apply(p, h).add(t.expandDims(-1).mul(p.get(l.time())));
                if (!shifts.isEmpty()) {
                    a = a.add(shifts.get(i));
                }
                h = i + 1 < layers.size() ? activation.apply(a) : a;
            }
            return h;
        };
    }

    @Override
    public String toString() {
        return "time mlp(size=" + size() + ", context=" + context + ", " + layers.size() + " layers, " + activation
                + ")";
    }
}
