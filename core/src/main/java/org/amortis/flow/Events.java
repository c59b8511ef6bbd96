package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Axes in front of events. */
final class Events {
    private Events() {}

    /**
     * The axes in front of the event.
     *
     * @throws ShapeException if the trailing axes are not the event
     */
    static Shape batch(Object flow, Tensor x, Shape event) {
        Flows.checkEvent(flow, event, x);
        return x.shape().slice(0, x.shape().rank() - event.rank());
    }

    /**
     * The axes in front of the event, with those of the context.
     *
     * @param context [.., c] whatever its last axis; null for none
     * @throws ShapeException if they do not broadcast
     */
    static Shape batch(Object flow, Tensor x, Shape event, @Nullable Tensor context) {
        Shape own = batch(flow, x, event);
        if (context == null) {
            return own;
        }
        Shape of = context.shape().slice(0, context.shape().rank() - 1);
        Shape both = Shape.broadcastOrNull(own, of);
        if (both == null) {
            throw new ShapeException(flow + ": value " + x.describe() + " and a context of " + of
                    + " do not broadcast; n values for each context are [n, ..context.., event]");
        }
        return both;
    }

    /** The last axis moved to the front. */
    static Tensor lastToFront(Tensor x) {
        int r = x.shape().rank();
        int[] p = new int[r];
        p[0] = r - 1;
        for (int i = 1; i < r; i++) {
            p[i] = i - 1;
        }
        return x.transpose(p);
    }

    /** The first axis moved to the end. */
    static Tensor frontToLast(Tensor x) {
        int r = x.shape().rank();
        int[] p = new int[r];
        p[r - 1] = 0;
        for (int i = 0; i + 1 < r; i++) {
            p[i] = i + 1;
        }
        return x.transpose(p);
    }

    /** The first two axes exchanged. */
    static Tensor swapFirst(Tensor x) {
        int[] p = new int[x.shape().rank()];
        java.util.Arrays.setAll(p, i -> i == 0 ? 1 : i == 1 ? 0 : i);
        return x.transpose(p);
    }
}
