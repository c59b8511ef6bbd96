package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A bijection with learned weights, one layer or many, optionally conditional. It holds no numbers: its parameters are
 * declared in a ParamSpec when it is made, and {@link #given} makes the {@link Bijection} of weights and context. What
 * depends on the context alone is computed once there, however many values are mapped for it.
 *
 * <p>Forward goes from the base variable u to the value x. Values are [.., event]; a context [B.., C] broadcasts against
 * the axes in front of the event, so that n values of each of B contexts are [n, B, event].
 */
public interface Flow {
    /**
     * Shape of one u.
     *
     * @return shape
     */
    Shape inputShape();

    /**
     * Shape of one x.
     *
     * @return shape; that of u unless the flow says otherwise
     */
    default Shape outputShape() {
        return inputShape();
    }

    /**
     * Number of elements of the context vector.
     *
     * @return size of the last axis of the context; 0 if the flow takes none
     */
    int contextSize();

    /**
     * The map of given weights and context.
     *
     * @param p weights
     * @param context [.., contextSize]; null exactly if {@link #contextSize} is 0
     * @return bijection
     * @throws org.amortis.array.ShapeException if a context is missing, superfluous or of another size
     */
    Bijection given(Weights p, @Nullable Tensor context);

    /**
     * The map of given weights, of a flow without context.
     *
     * @param p weights
     * @return bijection
     * @throws org.amortis.array.ShapeException if the flow takes a context
     */
    default Bijection given(Weights p) {
        return given(p, null);
    }

    /**
     * The flow in the other direction, at no cost: inverting a MAF gives the IAF of the same weights.
     *
     * @return flow whose forward is the inverse of this one
     */
    default Flow inverted() {
        return Flows.inverted(this);
    }

    /**
     * The flow as one step of training sees it: networks with a {@link Net#dropping dropout rate} drop units. Densities of
     * draws and of values are those of two different flows then, so that it is meant for the likelihood of data.
     *
     * @param key key of the step
     * @return flow of the same weights; this one if it drops nothing
     */
    default Flow training(Key key) {
        return this;
    }

    /**
     * This flow, then another; both read the same context where they take one.
     *
     * @param next applied to the output of this one
     * @return both
     */
    default Flow then(Flow next) {
        return Flows.chain(this, next);
    }
}
