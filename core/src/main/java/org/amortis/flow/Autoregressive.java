package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Masked autoregressive flow (Papamakarios and others 2017): u_i is a map of x_i whose parameters a {@link Made} computes
 * from the elements of x before i and the context. Inverse, the direction of densities, is one pass; forward goes element
 * by element with the work of one pass. Its {@link #inverted} is the inverse autoregressive flow.
 */
public final class Autoregressive implements Flow {
    private final Shape event;
    private final int contextSize;
    private final Made made;
    private final Transformer transformer;
    private final String path;
    private final @Nullable Key drop;

    private Autoregressive(
            int size, int contextSize, Made made, Transformer transformer, String path, @Nullable Key drop) {
        this.event = Shape.of(size);
        this.contextSize = contextSize;
        this.made = made;
        this.transformer = transformer;
        this.path = path;
        this.drop = drop;
    }

    /**
     * A flow that starts at what the transformer does for zeros, the identity as a rule.
     *
     * @param at where its parameters go
     * @param size D, at least 1
     * @param context elements of the context; 0 for none
     * @param transformer map of each element; forward from u to x
     * @param net the masked network
     * @return the flow
     */
    public static Autoregressive of(ParamScope at, int size, int context, Transformer transformer, Net net) {
        Made made = Made.of(at, size, context, transformer.parameters(), net, Initializer.zeros());
        return new Autoregressive(size, context, made, transformer, at.path(), null);
    }

    @Override
    public Shape inputShape() {
        return event;
    }

    @Override
    public int contextSize() {
        return contextSize;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new Bound(this, p, made.feed(p, context));
    }

    @Override
    public Autoregressive training(Key key) {
        return made.drops() ? new Autoregressive(event.dim(0), contextSize, made, transformer, path, key) : this;
    }

    /** The transformer on all elements of x, parameters [P, shape of x]: in memory the planes it takes. */
    private Mapped transform(Tensor x, Tensor parameters, boolean forward) {
        int n = x.shape().size();
        Bijection b = transformer.of(parameters.reshape(transformer.parameters() * n));
        Tensor flat = x.reshape(n);
        Mapped m = forward ? b.forwardAndLogDet(flat) : b.inverseAndLogDet(flat);
        return new Mapped(m.value().reshape(x.shape()), m.logDet().reshape(x.shape()));
    }

    @Override
    public String toString() {
        return "autoregressive " + path + " " + transformer + " " + event;
    }

    private record Bound(Autoregressive flow, Weights p, Made.@Nullable Fed fed) implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.event;
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Shape batch = Events.batch(flow, x, flow.event, fed == null ? null : fed.in());
            Tensor rows = Events.lastToFront(x.broadcastTo(batch.concat(flow.event)));
            Tensor all = flow.made.atOnce(p, rows, fed, flow.drop); // [D, P, batch]
            Mapped m = flow.transform(rows, Events.swapFirst(all), false);
            return new Mapped(Events.frontToLast(m.value()), m.logDet().sum(0));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            if (flow.drop != null) {
                throw new PlanException(flow + ": goes element by element in this direction, which dropout is not there"
                        + " for; take the flow without training(key), or a net without dropout");
            }
            Shape batch = Events.batch(flow, u, flow.event, fed == null ? null : fed.in());
            Tensor columns = Events.lastToFront(u.broadcastTo(batch.concat(flow.event)));
            List<Tensor> x = new ArrayList<>();
            List<Tensor> logDets = new ArrayList<>();
            flow.made.inOrder(p, batch, fed, (i, outputs) -> {
                Mapped m = flow.transform(columns.at(0, i), outputs, true);
                x.add(m.value());
                logDets.add(m.logDet());
                return m.value();
            });
            Tensor value = Events.frontToLast(Tensors.stack(0, x.toArray(Tensor[]::new)));
            return new Mapped(
                    value, Tensors.stack(0, logDets.toArray(Tensor[]::new)).sum(0));
        }

        @Override
        public Bijection stopGradient() {
            return new Bound(flow, p.stopGradient(flow.path), fed == null ? null : fed.stopGradient());
        }

        @Override
        public String toString() {
            return flow.toString();
        }
    }
}
