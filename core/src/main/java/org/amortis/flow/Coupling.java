package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A coupling layer (Dinh and others 2017): some elements of a vector are kept, the others go through a transformer whose
 * parameters a network computes from the kept ones and the context. Both directions take one pass. The network's last
 * layer starts at zero, so the layer starts at what the transformer does for zeros, the identity as a rule.
 *
 * <p>If nothing is kept (a single element, or a mask that says so) the network sees the context alone; without context
 * the parameters are learned numbers.
 */
public final class Coupling implements Flow {
    private final String path;
    private final Split split;
    private final int contextSize;
    private final Transformer transformer;
    private final Conditioner net;
    private final @Nullable Transformer ownOfKept;
    private final @Nullable Key drop;

    private Coupling(
            String path,
            Split split,
            int contextSize,
            Transformer transformer,
            Conditioner net,
            @Nullable Transformer ownOfKept,
            @Nullable Key drop) {
        this.path = path;
        this.split = split;
        this.contextSize = contextSize;
        this.transformer = transformer;
        this.net = net;
        this.ownOfKept = ownOfKept;
        this.drop = drop;
    }

    /**
     * A layer with a transformer.
     *
     * @param at where its parameters go
     * @param split what is kept and what is changed
     * @param contextSize elements of the context, 0 for none
     * @param transformer what the changed elements go through
     * @param net network that sees the kept elements and the context
     * @return the layer
     */
    public static Coupling of(ParamScope at, Split split, int contextSize, Transformer transformer, Net net) {
        if (contextSize < 0) {
            throw new ShapeException("coupling(contextSize=" + contextSize + "): negative");
        }
        Conditioner c = new Conditioner(at, split.kept(), contextSize, transformer.parameters() * split.changed(), net);
        return new Coupling(at.path(), split, contextSize, transformer, c, null, null);
    }

    /**
     * A layer in which the other elements are not kept as they are, but each goes through a transformer with learned
     * parameters of its own, as in neural spline flows. The network sees them before it.
     *
     * @param at where its parameters go; those of the other elements at "kept"
     * @param split what the network sees and what it changes
     * @param contextSize elements of the context, 0 for none
     * @param transformer what the changed elements go through
     * @param net network
     * @param ofKept what the other elements go through
     * @return the layer
     */
    public static Coupling of(
            ParamScope at, Split split, int contextSize, Transformer transformer, Net net, Transformer ofKept) {
        Coupling c = of(at, split, contextSize, transformer, net);
        if (split.kept() == 0) {
            return c;
        }
        at.declare("kept", Shape.of(ofKept.parameters() * split.kept()), Initializer.zeros());
        return new Coupling(at.path(), split, contextSize, transformer, c.net, ofKept, null);
    }

    /**
     * Every element through a transformer of its own, with learned parameters or those that a network makes of the
     * context.
     *
     * @param at where its parameters go
     * @param size elements
     * @param contextSize elements of the context, 0 for none
     * @param transformer what the elements go through
     * @param net network that sees the context; not used without one
     * @return the layer
     */
    public static Coupling elementwise(ParamScope at, int size, int contextSize, Transformer transformer, Net net) {
        boolean[] all = new boolean[size];
        java.util.Arrays.fill(all, true);
        return of(at, Split.of(all), contextSize, transformer, net);
    }

    /**
     * An affine layer, its scale between 1e-3 and 1e3.
     *
     * @param at where its parameters go
     * @param split what is kept and what is changed
     * @param contextSize elements of the context, 0 for none
     * @param net network that sees the kept elements and the context
     * @return the layer
     */
    public static Coupling affine(ParamScope at, Split split, int contextSize, Net net) {
        return of(at, split, contextSize, Transformer.affine(), net);
    }

    @Override
    public Shape inputShape() {
        return Shape.of(split.size());
    }

    @Override
    public int contextSize() {
        return contextSize;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new Bound(this, p, context, net.given(p, context));
    }

    @Override
    public Coupling training(Key key) {
        return net.drops() ? new Coupling(path, split, contextSize, transformer, net, ownOfKept, key) : this;
    }

    @Override
    public String toString() {
        return "coupling " + path + " [" + split.size() + "] " + transformer + ", " + net;
    }

    private record Bound(Coupling flow, Weights p, @Nullable Tensor context, Conditioner.Given given)
            implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.inputShape();
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return apply(u, true);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return apply(x, false);
        }

        private Mapped apply(Tensor value, boolean forward) {
            Flows.checkEvent(flow, flow.inputShape(), value);
            Tensor kept = flow.split.kept(value);
            Tensor changed = flow.split.changed(value);
            Transformer own = flow.ownOfKept;
            if (own == null) {
                Mapped m = map(kept, changed, forward);
                return new Mapped(flow.split.join(kept, m.value()), m.logDet().sum(-1));
            }
            Bijection b = own.of(p.get(flow.path + "/kept"));
            Mapped k = forward ? b.forwardAndLogDet(kept) : b.inverseAndLogDet(kept);
            // the network sees the base side, which is the input in one direction and what came out in the other
            Tensor seen = forward ? kept : k.value();
            Mapped m = map(seen, changed, forward);
            return new Mapped(
                    flow.split.join(k.value(), m.value()),
                    k.logDet().sum(-1).add(m.logDet().sum(-1)));
        }

        private Mapped map(Tensor seen, Tensor changed, boolean forward) {
            Tensor parameters = flow.net.apply(given, seen, flow.drop);
            Bijection b = flow.transformer.of(parameters);
            Mapped m = forward ? b.forwardAndLogDet(changed) : b.inverseAndLogDet(changed);
            // a transformer that needs no parameter, as of one bin, does not know the batch of the context
            Shape lead = Shape.broadcastOrNull(
                    m.value().shape().drop(-1), parameters.shape().drop(-1));
            if (lead == null) {
                throw new ShapeException(flow + ": value " + changed.describe() + " and context "
                        + (context == null ? "" : context.describe()) + " do not broadcast");
            }
            Shape s = lead.concat(Shape.of(flow.split.changed()));
            return new Mapped(m.value().broadcastTo(s), m.logDet().broadcastTo(s));
        }

        @Override
        public Bijection stopGradient() {
            return flow.given(p.stopGradient(flow.path), context == null ? null : context.stopGradient());
        }
    }
}
