package org.amortis.flow;

import java.util.List;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Velocities that are not networks, and what all of them check. */
public final class Velocities {
    private Velocities() {}

    /**
     * A field without parameters and context: known dynamics, closed forms.
     *
     * @param size D
     * @param field velocity
     * @return the velocity
     */
    public static Velocity of(int size, VelocityField field) {
        return new Fixed(size, field);
    }

    private record Fixed(int size, VelocityField field) implements Velocity {
        @Override
        public int contextSize() {
            return 0;
        }

        @Override
        public List<String> parameters() {
            return List.of();
        }

        @Override
        public VelocityField given(Weights p, @Nullable Tensor context) {
            checkContext(this, context);
            return field;
        }
    }

    /** Refuses a context that is missing, superfluous or of another size. */
    static void checkContext(Velocity v, @Nullable Tensor context) {
        int size = v.contextSize();
        if (size == 0 ? context != null : context == null) {
            throw new ShapeException(
                    v + ": " + (size == 0 ? "takes no context" : "needs a context [.., " + size + "]"));
        }
        if (context != null && (context.shape().rank() == 0 || context.shape().dim(-1) != size)) {
            throw new ShapeException(v + ": context " + context.describe() + " is not [.., " + size + "]");
        }
    }

    /** Rows of values and context together; refuses values that are not [.., D]. */
    static Shape rows(Velocity v, Tensor z, @Nullable Tensor context) {
        Shape s = z.shape();
        if (s.rank() == 0 || s.dim(-1) != v.size()) {
            throw new ShapeException(v + ": values " + z.describe() + " are not [.., " + v.size() + "]");
        }
        Shape rows = s.slice(0, s.rank() - 1);
        if (context == null) {
            return rows;
        }
        Shape c = context.shape();
        Shape both = Shape.broadcastOrNull(rows, c.slice(0, c.rank() - 1));
        if (both == null) {
            throw new ShapeException(v + ": rows of values " + z.describe() + " and context " + context.describe()
                    + " do not broadcast");
        }
        return both;
    }
}
