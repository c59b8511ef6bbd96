package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Compositions of flows. */
public final class Flows {
    private Flows() {}

    /**
     * Flows one after the other, from the base variable to the value. All that take a context take the same.
     *
     * @param flows at least one
     * @return the composition
     * @throws ShapeException if there is none, or event shapes or context sizes do not fit
     */
    public static Flow chain(Flow... flows) {
        if (flows.length == 0) {
            throw new ShapeException("chain(): needs a flow");
        }
        List<Flow> parts = new ArrayList<>();
        for (Flow f : flows) {
            if (f instanceof Chain c) {
                parts.addAll(c.parts());
            } else {
                parts.add(f);
            }
        }
        int context = 0;
        for (int i = 0; i < parts.size(); i++) {
            Flow f = parts.get(i);
            if (i > 0 && !parts.get(i - 1).outputShape().equals(f.inputShape())) {
                throw new ShapeException("chain: " + parts.get(i - 1) + " gives events "
                        + parts.get(i - 1).outputShape() + ", " + f + " takes " + f.inputShape());
            }
            if (f.contextSize() != 0 && context != 0 && f.contextSize() != context) {
                throw new ShapeException(
                        "chain: " + f + " takes a context of " + f.contextSize() + ", those before it of " + context);
            }
            context = Math.max(context, f.contextSize());
        }
        return parts.size() == 1 ? parts.get(0) : new Chain(List.copyOf(parts), context);
    }

    /**
     * A flow of a fixed bijection, without weights: a transform of the data such as a logit, a permutation, a scaling.
     *
     * @param bijection map
     * @return the flow
     */
    public static Flow of(Bijection bijection) {
        return new Fixed(bijection);
    }

    /**
     * A flow of a fixed map of numbers, applied to each element of a vector: a logit of pixels, a soft clip.
     *
     * @param elementwise bijection of scalar events
     * @param size elements of the vector
     * @return the flow
     * @throws ShapeException if the bijection takes larger events
     */
    public static Flow each(Bijection elementwise, int size) {
        if (elementwise.inputShape().rank() != 0 || elementwise.outputShape().rank() != 0) {
            throw new ShapeException("each(" + elementwise + "): takes events " + elementwise.inputShape()
                    + ", not single numbers; use Flows.of");
        }
        return new Fixed(new Each(elementwise, Shape.of(size)));
    }

    /**
     * Sets the normalisations in a flow from a first batch, from the data towards the base: each {@link ActNorm} and
     * each channel of a {@link ChannelMix} then has mean 0 and variance 1 on that batch. Flows without one are left as they are.
     *
     * @param flow flow
     * @param params its numbers, changed
     * @param x first batch [n, event]
     * @param context context of the batch [n, contextSize]; null exactly if the flow takes none
     * @throws ShapeException if the batch does not fit or is not finite
     */
    public static void initialise(Flow flow, Params params, HostArray x, @Nullable HostArray context) {
        Tensor c = context == null ? null : Tensors.resident(context);
        checkContext(flow, c);
        fit(flow, params, x, c);
    }

    /** Sets the normalisations of a flow and gives what it makes of the batch. */
    static HostArray fit(Flow flow, Params params, HostArray x, @Nullable Tensor context) {
        if (flow instanceof Chain chain) {
            HostArray v = x;
            for (Flow f : chain.parts().reversed()) {
                v = fit(f, params, v, context);
            }
            return v;
        }
        if (flow instanceof ActNorm a) {
            a.fit(params, x, false);
        } else if (flow instanceof Inverted i && i.original() instanceof ActNorm a) {
            a.fit(params, x, true);
        } else if (flow instanceof ChannelMix m) {
            m.fit(params, x);
        } else if (flow instanceof Multiscale m) {
            m.fit(params, x, context);
        }
        Bijection b = flow.given(params.frozen(), flow.contextSize() == 0 ? null : context);
        return Run.eval(b.inverse(Tensors.resident(x)));
    }

    static Flow inverted(Flow flow) {
        return flow instanceof Inverted i ? i.original() : new Inverted(flow);
    }

    /** Refuses a context that is missing, superfluous or of another size. */
    static void checkContext(Flow flow, @Nullable Tensor context) {
        int size = flow.contextSize();
        if (size == 0 ? context != null : context == null) {
            throw new ShapeException(
                    flow + ": " + (size == 0 ? "takes no context" : "needs a context [.., " + size + "]"));
        }
        if (context != null && (context.shape().rank() == 0 || context.shape().dim(-1) != size)) {
            throw new ShapeException(flow + ": context " + context.describe() + " is not [.., " + size + "]");
        }
    }

    /** Refuses a value that does not end with the event. */
    static void checkEvent(Object flow, Shape event, Tensor value) {
        Shape s = value.shape();
        int r = s.rank() - event.rank();
        if (r < 0 || !s.slice(r, s.rank()).equals(event)) {
            throw new ShapeException(flow + ": value " + value.describe() + " does not end with an event " + event);
        }
    }

    private record Chain(List<Flow> parts, int contextSize) implements Flow {
        @Override
        public Shape inputShape() {
            return parts.get(0).inputShape();
        }

        @Override
        public Shape outputShape() {
            return parts.get(parts.size() - 1).outputShape();
        }

        @Override
        public Bijection given(Weights p, @Nullable Tensor context) {
            checkContext(this, context);
            Bijection all = null;
            for (Flow f : parts) {
                Bijection b = f.given(p, f.contextSize() == 0 ? null : context);
                all = all == null ? b : all.then(b);
            }
            return Objects.requireNonNull(all);
        }

        @Override
        public Flow training(Key key) {
            List<Flow> all = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                all.add(parts.get(i).training(key.fold(i)));
            }
            return new Chain(List.copyOf(all), contextSize);
        }

        @Override
        public Flow inverted() {
            return new Chain(parts.reversed().stream().map(Flow::inverted).toList(), contextSize);
        }
    }

    private record Inverted(Flow original) implements Flow {
        @Override
        public Shape inputShape() {
            return original.outputShape();
        }

        @Override
        public Shape outputShape() {
            return original.inputShape();
        }

        @Override
        public int contextSize() {
            return original.contextSize();
        }

        @Override
        public Bijection given(Weights p, @Nullable Tensor context) {
            return original.given(p, context).inverted();
        }

        @Override
        public Flow training(Key key) {
            return new Inverted(original.training(key));
        }
    }

    private record Fixed(Bijection bijection) implements Flow {
        @Override
        public Shape inputShape() {
            return bijection.inputShape();
        }

        @Override
        public Shape outputShape() {
            return bijection.outputShape();
        }

        @Override
        public int contextSize() {
            return 0;
        }

        @Override
        public Bijection given(Weights p, @Nullable Tensor context) {
            checkContext(this, context);
            return bijection;
        }
    }

    private record Each(Bijection part, Shape event) implements Bijection {
        @Override
        public Shape inputShape() {
            return event;
        }

        private static Mapped total(Mapped m) {
            return new Mapped(m.value(), m.logDet().sum(-1));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            checkEvent(part, event, u);
            return total(part.forwardAndLogDet(u));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            checkEvent(part, event, x);
            return total(part.inverseAndLogDet(x));
        }

        @Override
        public Bijection stopGradient() {
            return new Each(part.stopGradient(), event);
        }
    }
}
