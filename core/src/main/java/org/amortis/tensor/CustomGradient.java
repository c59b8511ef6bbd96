package org.amortis.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A formula with a gradient that is not its own: straight-through estimators, gradients that are known in closed form,
 * gradients that are made safe. What the formula reads beside its operands gets no gradient through it.
 */
public final class CustomGradient {
    private final Forward forward;
    private final Vjp vjp;

    /** The formula. */
    @FunctionalInterface
    public interface Forward {
        /**
         * Builds the formula.
         *
         * @param operands the operands
         * @return its result
         */
        Tensor of(Tensor... operands);
    }

    /** The gradient. */
    @FunctionalInterface
    public interface Vjp {
        /**
         * Builds the gradient, itself a formula that can be differentiated.
         *
         * @param operands the operands
         * @param result the result
         * @param cotangent cotangent of the result
         * @return a cotangent for each operand, of its type; null where none flows
         */
        @Nullable
        Tensor[] of(Tensor[] operands, Tensor result, Tensor cotangent);
    }

    private CustomGradient(Forward forward, Vjp vjp) {
        this.forward = forward;
        this.vjp = vjp;
    }

    /**
     * A formula and its gradient.
     *
     * @param forward the formula
     * @param vjp the gradient
     * @return the pair, to be applied any number of times
     */
    public static CustomGradient of(Forward forward, Vjp vjp) {
        return new CustomGradient(forward, vjp);
    }

    /**
     * Applies the formula.
     *
     * @param operands the operands
     * @return its result, whose gradient is the given one
     */
    public Tensor apply(Tensor... operands) {
        List<Tensor> named = List.of(operands);
        Tensor y = forward.of(operands.clone());
        return SubgraphOp.withGradient("customGradient", named, y, (all, result, dy) -> {
            Tensor[] own = java.util.Arrays.copyOf(all, named.size());
            @Nullable Tensor[] g = vjp.of(own, result, dy);
            if (g.length != own.length) {
                throw new IllegalArgumentException(
                        "customGradient: " + g.length + " cotangents for " + own.length + " operands");
            }
            return g;
        });
    }
}
