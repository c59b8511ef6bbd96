package org.amortis.flow;

import java.util.List;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A velocity with learned weights and optional context: what continuous flows integrate, flow matching regresses and, with
 * noise levels in place of times, consistency models denoise by. It holds no numbers.
 */
public interface Velocity {
    /**
     * Number of elements of z.
     *
     * @return D
     */
    int size();

    /**
     * Number of elements of the context vector.
     *
     * @return size of the last axis of the context; 0 if there is none
     */
    int contextSize();

    /**
     * The parameters it reads: what the adjoint equation differentiates with respect to.
     *
     * @return full paths
     */
    List<String> parameters();

    /**
     * The velocity of given weights and context. What depends on the context alone is computed here, once for all times.
     *
     * @param p weights
     * @param context [.., contextSize], broadcast against the rows of z; null exactly if {@link #contextSize} is 0
     * @return the field
     */
    VelocityField given(Weights p, @Nullable Tensor context);
}
