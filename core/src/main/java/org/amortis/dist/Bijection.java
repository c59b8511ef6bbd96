package org.amortis.dist;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;

/**
 * An invertible differentiable map of events, with the logarithm of the absolute determinant of its Jacobian. Weights and
 * context are captured: what has learned weights is a {@code Flow}, which becomes a bijection once they are given.
 *
 * <p>Forward goes from the base variable u to the value x, inverse from x to u. Values are [.., event], log determinants
 * [..]; a bijection of scalar events acts on each element. Rows do not depend on each other. Value and determinant come
 * from one call, since they share most of their work; whoever needs one of them alone leaves the other unread and pays
 * nothing for it.
 *
 * <p>To write one: the event shape, both directions and {@link #stopGradient}.
 */
public interface Bijection {
    /**
     * Shape of one u.
     *
     * @return shape; [] if the map acts on each element
     */
    Shape inputShape();

    /**
     * Shape of one x.
     *
     * @return shape; that of u unless the map says otherwise
     */
    default Shape outputShape() {
        return inputShape();
    }

    /**
     * From the base variable to the value.
     *
     * @param u base variable [.., input event]
     * @return x [.., output event] and log |det dx/du| [..]
     * @throws PlanException if the direction does not exist in closed form
     */
    Mapped forwardAndLogDet(Tensor u);

    /**
     * From the value to the base variable.
     *
     * @param x value [.., output event]
     * @return u [.., input event] and log |det du/dx| [..]
     * @throws PlanException if the direction does not exist in closed form
     */
    Mapped inverseAndLogDet(Tensor x);

    /**
     * From the base variable to the value.
     *
     * @param u base variable [.., input event]
     * @return x [.., output event]
     */
    default Tensor forward(Tensor u) {
        return forwardAndLogDet(u).value();
    }

    /**
     * From the value to the base variable.
     *
     * @param x value [.., output event]
     * @return u [.., input event]
     */
    default Tensor inverse(Tensor x) {
        return inverseAndLogDet(x).value();
    }

    /**
     * The same map with weights and context that no gradient flows into; gradients with respect to u and x stay.
     *
     * @return bijection of the same shapes
     */
    Bijection stopGradient();

    /**
     * The map in the other direction, at no cost.
     *
     * @return bijection whose forward is the inverse of this one
     */
    default Bijection inverted() {
        return new InvertedBijection(this);
    }

    /**
     * This map, then another. Of two event shapes the smaller is applied to the trailing axes of the larger.
     *
     * @param next applied to the output of this one
     * @return both
     */
    default Bijection then(Bijection next) {
        return ChainedBijection.of(this, next);
    }
}
