package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.nn.Activation;
import org.amortis.nn.Linear;
import org.amortis.param.Fans;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The network of values and context that puts out the parameters of a transformer. The first layer is a sum of a product
 * with the values and a product with the context, so that the latter is computed once for all values of a context. Without
 * values and without context the parameters are learned numbers.
 */
final class Conditioner {
    private final int in;
    private final int contextSize;
    private final Net net;
    private final @Nullable Linear values;
    private final @Nullable Linear context;
    private final List<Linear> hidden;
    private final @Nullable Linear last;
    private final @Nullable String constant;

    /**
     * Declares the network.
     *
     * @param at where its parameters go
     * @param in values, 0 or more
     * @param contextSize elements of the context, 0 or more
     * @param out parameters it puts out
     * @param net sizes
     */
    Conditioner(ParamScope at, int in, int contextSize, int out, Net net) {
        this.in = in;
        this.contextSize = contextSize;
        this.net = net;
        int w = net.width();
        boolean none = in + contextSize == 0;
        // one layer in two parts: variances as if values and context were one vector
        Fans fans = new Fans(in + contextSize, w);
        Initializer usual = net.activation().initializer();
        Initializer first = (key, dtype, shape, own) -> usual.value(key, dtype, shape, fans);
        values = in == 0 ? null : Linear.of(at.at("values"), in, w, first, Initializer.zeros());
        context = contextSize == 0
                ? null
                : in == 0
                        ? Linear.of(at.at("context"), contextSize, w, first, Initializer.zeros())
                        : Linear.withoutBias(at.at("context"), contextSize, w, first);
        List<Linear> layers = new ArrayList<>();
        if (!none && net.residual()) {
            Initializer small = (key, dtype, shape, own) ->
                    usual.value(key, dtype, shape, own).mul(0.1);
            for (int i = 0; i < net.depth(); i++) {
                ParamScope block = at.at("block" + i);
                layers.add(Linear.of(block.at(0), w, w, usual, Initializer.zeros()));
                layers.add(Linear.of(block.at(1), w, w, small, Initializer.zeros()));
            }
        } else if (!none) {
            for (int i = 1; i < net.depth(); i++) {
                layers.add(Linear.of(at.at(i), w, w, usual, Initializer.zeros()));
            }
        }
        hidden = List.copyOf(layers);
        last = none ? null : Linear.of(at.at("out"), w, out, Initializer.zeros(), Initializer.zeros());
        constant = none ? at.declare("out", Shape.of(out), Initializer.zeros()) : null;
    }

    /** Weights and the part of the first layer that the context decides. */
    record Given(Weights p, @Nullable Tensor fromContext) {}

    /** What can be computed before values are known. */
    Given given(Weights p, @Nullable Tensor c) {
        return new Given(p, context == null || c == null ? null : context.apply(p, c));
    }

    /**
     * The network.
     *
     * @param g weights and context
     * @param x values [.., in]; not read if there are none
     * @param drop key of the units that are dropped; null to drop none
     * @return parameters [.., out], with the leading axes of values and context
     */
    Tensor apply(Given g, Tensor x, @Nullable Key drop) {
        if (constant != null || last == null) {
            return g.p().get(java.util.Objects.requireNonNull(constant));
        }
        Tensor h = values == null ? null : values.apply(g.p(), x);
        Tensor fromContext = g.fromContext();
        if (fromContext != null) {
            h = h == null ? fromContext : h.add(fromContext);
        }
        Tensor y = java.util.Objects.requireNonNull(h);
        Activation f = net.activation();
        if (net.residual()) {
            for (int i = 0; i < hidden.size(); i += 2) {
                Tensor inner = hidden.get(i).apply(g.p(), f.apply(y));
                y = y.add(hidden.get(i + 1).apply(g.p(), net.dropped(f.apply(inner), drop, i)));
            }
            return last.apply(g.p(), y);
        }
        y = net.dropped(f.apply(y), drop, 0);
        for (int i = 0; i < hidden.size(); i++) {
            y = net.dropped(f.apply(hidden.get(i).apply(g.p(), y)), drop, i + 1);
        }
        return last.apply(g.p(), y);
    }

    /** Whether any unit is dropped in training. */
    boolean drops() {
        return last != null && net.dropout().rate() > 0;
    }

    @Override
    public String toString() {
        return (net.residual() ? "residual " : "") + "net " + in + (contextSize == 0 ? "" : "+" + contextSize) + "-"
                + net.width() + "x" + net.depth();
    }
}
