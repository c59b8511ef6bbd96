package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
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

    private Coupling(String path, Split split, int contextSize, Transformer transformer, Conditioner net) {
        this.path = path;
        this.split = split;
        this.contextSize = contextSize;
        this.transformer = transformer;
        this.net = net;
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
        return new Coupling(at.path(), split, contextSize, transformer, c);
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
            Bijection b = flow.transformer.of(flow.net.apply(given, kept));
            Mapped m = forward ? b.forwardAndLogDet(changed) : b.inverseAndLogDet(changed);
            return new Mapped(flow.split.join(kept, m.value()), m.logDet().sum(-1));
        }

        @Override
        public Bijection stopGradient() {
            return flow.given(p.stopGradient(flow.path), context == null ? null : context.stopGradient());
        }
    }
}
