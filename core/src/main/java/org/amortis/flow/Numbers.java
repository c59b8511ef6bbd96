package org.amortis.flow;

import java.util.Objects;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.nn.Linear;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that parametrise a map: learned (path "value"), or a linear function of a context such as the last hidden layer of
 * an encoder, whose weight starts small and whose bias starts where the learned numbers would.
 */
final class Numbers {
    private final @Nullable String value;
    private final @Nullable Linear linear;

    private Numbers(@Nullable String value, @Nullable Linear linear) {
        this.value = value;
        this.linear = linear;
    }

    static Numbers of(ParamScope at, int context, int count, Initializer start) {
        if (context < 0) {
            throw new ShapeException("flow(context=" + context + "): negative");
        }
        return context == 0
                ? new Numbers(at.declare("value", Shape.of(count), start), null)
                : new Numbers(null, Linear.of(at, context, count, Initializer.normal(0.01), start));
    }

    /** [count], or [.., count] with the axes of the context. */
    Tensor given(Weights p, @Nullable Tensor context) {
        return value != null ? p.get(value) : Objects.requireNonNull(linear).apply(p, Objects.requireNonNull(context));
    }
}
