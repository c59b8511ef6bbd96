package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.nn.Activation;
import org.amortis.nn.Linear;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Masked network (Germain and others 2015): the outputs of element i of an event see the elements before i, and the whole
 * context. Input i has degree i = 1..D; hidden units have degrees 1..D-1 in turn (0..D-1 with a context, so that the first
 * element has units of its own), spread evenly where there are fewer units than degrees. A unit reads units of at most its
 * degree, outputs those of less than theirs.
 *
 * <p>Paths: "in", "hidden0", .. or "block0/0", "block0/1", .., "out", each with W [out, in] and b; "context" and
 * "contextOut", without bias. Weights and hidden units are sorted by degree.
 */
public final class Made {
    private final int size;
    private final int outputs;
    private final Net net;
    private final MaskedLinear in;
    private final List<MaskedLinear> hidden;
    private final MaskedLinear out;
    private final @Nullable Linear contextIn;
    private final @Nullable Linear contextOut;

    private Made(
            int size,
            int outputs,
            Net net,
            MaskedLinear in,
            List<MaskedLinear> hidden,
            MaskedLinear out,
            @Nullable Linear contextIn,
            @Nullable Linear contextOut) {
        this.size = size;
        this.outputs = outputs;
        this.net = net;
        this.in = in;
        this.hidden = List.copyOf(hidden);
        this.out = out;
        this.contextIn = contextIn;
        this.contextOut = contextOut;
    }

    /**
     * What the context alone gives to the first layer and to the last.
     *
     * @param in [.., width]
     * @param out [.., D outputs]
     */
    record Fed(Tensor in, Tensor out) {
        Fed stopGradient() {
            return new Fed(in.stopGradient(), out.stopGradient());
        }
    }

    /**
     * A network whose last weights are zero, so that its outputs start at the last bias.
     *
     * @param at where its parameters go
     * @param size D, at least 1
     * @param context elements of the context; 0 for none
     * @param outputs numbers for each element of the event
     * @param net width, depth, activation
     * @param lastBias initialiser of [D outputs]: outputs of the first element, of the second, ..
     * @return the network
     */
    public static Made of(ParamScope at, int size, int context, int outputs, Net net, Initializer lastBias) {
        if (size < 1 || context < 0 || outputs < 1) {
            throw new ShapeException("made(size=" + size + ", context=" + context + ", outputs=" + outputs
                    + "): needs at least one element and one output");
        }
        int[] inputs = degrees(size, 1, size);
        int[] units = sortedDegrees(net.width(), context > 0 ? 0 : Math.min(1, size - 1), size - 1);
        int[] last = new int[size * outputs];
        for (int i = 0; i < last.length; i++) {
            last[i] = i / outputs; // one less than the degree: strictly before
        }
        Initializer usual = net.activation().initializer();
        Initializer zeros = Initializer.zeros();
        Initializer small = (key, dtype, shape, fans) ->
                usual.value(key, dtype, shape, fans).mul(0.1);
        MaskedLinear first = MaskedLinear.of(at.at("in"), inputs, units, usual, zeros);
        List<MaskedLinear> hidden = new ArrayList<>();
        for (int i = 0; i < (net.residual() ? net.depth() : net.depth() - 1); i++) {
            if (net.residual()) {
                hidden.add(MaskedLinear.of(at.at("block" + i).at(0), units, units, usual, zeros));
                hidden.add(MaskedLinear.of(at.at("block" + i).at(1), units, units, small, zeros));
            } else {
                hidden.add(MaskedLinear.of(at.at("hidden" + i), units, units, usual, zeros));
            }
        }
        MaskedLinear end = MaskedLinear.of(at.at("out"), units, last, zeros, lastBias);
        return new Made(
                size,
                outputs,
                net,
                first,
                hidden,
                end,
                context == 0 ? null : Linear.withoutBias(at.at("context"), context, net.width(), usual),
                context == 0 ? null : Linear.withoutBias(at.at("contextOut"), context, last.length, zeros));
    }

    /**
     * Degrees in turn.
     *
     * @param n how many
     * @param low first degree
     * @param high last degree
     * @return low, low + 1, .., high, low, ..; n of them from low to high in even steps if there are fewer than degrees
     */
    static int[] degrees(int n, int low, int high) {
        int range = high - low + 1;
        int[] d = new int[n];
        for (int i = 0; i < n; i++) {
            d[i] = n >= range ? low + i % range : high - (int) ((long) (n - 1 - i) * range / n);
        }
        return d;
    }

    private static int[] sortedDegrees(int n, int low, int high) {
        int[] d = degrees(n, low, high);
        java.util.Arrays.sort(d);
        return d;
    }

    /** Whether units of the given degrees read units of others, BOOL [to, from]: the mask of a layer. */
    static boolean[][] mask(int[] from, int[] to, boolean strictly) {
        boolean[][] m = new boolean[to.length][from.length];
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < from.length; j++) {
                m[i][j] = strictly ? to[i] > from[j] : to[i] >= from[j];
            }
        }
        return m;
    }

    /** What the context gives, computed once. */
    @Nullable
    Fed feed(Weights p, @Nullable Tensor context) {
        return context == null
                ? null
                : new Fed(
                        Objects.requireNonNull(contextIn).apply(p, context),
                        Objects.requireNonNull(contextOut).apply(p, context));
    }

    /**
     * The outputs for all elements.
     *
     * @param p weights
     * @param x events [.., D]
     * @param context [.., C], broadcast against the axes before the last of x; null if the network has none
     * @return [.., D, outputs]; row i depends on elements before i
     */
    public Tensor apply(Weights p, Tensor x, @Nullable Tensor context) {
        if ((context == null) != (contextIn == null)) {
            throw new ShapeException(this + ": " + (context == null ? "needs a context" : "takes no context"));
        }
        Fed fed = feed(p, context);
        Shape batch = Events.batch(this, x, Shape.of(size), context);
        Tensor all = Events.lastToFront(x.broadcastTo(batch.concat(Shape.of(size))));
        return Events.frontToLast(Events.frontToLast(atOnce(p, all, fed, null)));
    }

    /**
     * The outputs for all elements.
     *
     * @param p weights
     * @param x elements [D, batch]
     * @param fed what the context gives; null without
     * @param drop key of the units that are dropped; null to drop none
     * @return [D, outputs, batch]
     */
    Tensor atOnce(Weights p, Tensor x, @Nullable Fed fed, @Nullable Key drop) {
        Shape batch = x.shape().slice(1, x.shape().rank());
        Activation f = net.activation();
        Tensor h = in.apply(p, x, fed == null ? null : perUnit(fed.in(), batch));
        if (net.residual()) {
            for (int i = 0; i < hidden.size(); i += 2) {
                Tensor inner = hidden.get(i).apply(p, f.apply(h), null);
                h = h.add(hidden.get(i + 1).apply(p, net.dropped(f.apply(inner), drop, i), null));
            }
        } else {
            h = net.dropped(f.apply(h), drop, 0);
            for (int i = 0; i < hidden.size(); i++) {
                h = net.dropped(f.apply(hidden.get(i).apply(p, h, null)), drop, i + 1);
            }
        }
        Tensor y = out.apply(p, h, fed == null ? null : perUnit(fed.out(), batch));
        return y.reshape(Shape.of(size, outputs).concat(batch));
    }

    /** Makes an element of the event from its outputs. */
    @FunctionalInterface
    interface Element {
        /**
         * The element.
         *
         * @param i which
         * @param outputs [outputs, batch]
         * @return [batch]
         */
        Tensor of(int i, Tensor outputs);
    }

    /**
     * Elements in order, each made from outputs that depend on those before it. A hidden unit is computed when the inputs
     * of its degree are known and not again, so that the work is that of one pass.
     *
     * @param p weights
     * @param batch batch axes of elements
     * @param fed what the context gives; null without
     * @param element makes an element
     */
    void inOrder(Weights p, Shape batch, @Nullable Fed fed, Element element) {
        int chunk = Math.max(1, (int) Math.ceil(Math.sqrt(size)));
        Activation f = net.activation();
        MaskedLinear.Sequence first = in.sequence(p, batch, fed == null ? null : perUnit(fed.in(), batch), chunk);
        List<MaskedLinear.Sequence> inner = new ArrayList<>();
        for (MaskedLinear layer : hidden) {
            inner.add(layer.sequence(p, batch, null, chunk));
        }
        MaskedLinear.Sequence end = out.sequence(p, batch, fed == null ? null : perUnit(fed.out(), batch), chunk);
        Tensor x = null;
        for (int t = 0; t < size; t++) {
            Tensor h = first.next(t, x == null ? null : x.expandDims(0));
            if (net.residual()) {
                for (int i = 0; i < inner.size(); i += 2) {
                    Tensor a = inner.get(i).next(t, h == null ? null : f.apply(h));
                    Tensor b = inner.get(i + 1).next(t, a == null ? null : f.apply(a));
                    h = h == null || b == null ? h : h.add(b);
                }
            } else {
                h = h == null ? null : f.apply(h);
                for (MaskedLinear.Sequence layer : inner) {
                    Tensor a = layer.next(t, h);
                    h = a == null ? null : f.apply(a);
                }
            }
            x = element.of(t, Objects.requireNonNull(end.next(t, h)));
        }
    }

    /** [c.., n] as [n, 1.., c..], which broadcasts to [n, batch]. */
    private static Tensor perUnit(Tensor fed, Shape batch) {
        Tensor units = Events.lastToFront(fed);
        Shape s = units.shape();
        int[] d = new int[batch.rank() + 1];
        java.util.Arrays.fill(d, 1);
        d[0] = s.dim(0);
        for (int i = 1; i < s.rank(); i++) {
            d[d.length - s.rank() + i] = s.dim(i);
        }
        return units.reshape(Shape.of(d));
    }

    /**
     * Elements of an event.
     *
     * @return D
     */
    public int size() {
        return size;
    }

    /** Whether any unit is dropped in training. */
    boolean drops() {
        return net.dropout().rate() > 0;
    }

    @Override
    public String toString() {
        return "made of " + size + " elements, " + outputs + " outputs each, " + net;
    }
}
