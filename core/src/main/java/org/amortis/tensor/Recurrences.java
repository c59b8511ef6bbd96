package org.amortis.tensor;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/**
 * First-order linear recurrences along an axis, elementwise: decays, exponential averages, discounted sums, and all
 * linear state-space models with a diagonal transition. One operation whose gradient is the recurrence in the other
 * direction; a loop of {@link Scan} does the same, one step a turn. Float32 is computed in double and rounded once.
 * Recurrences that are not elementwise: {@link Scan#associative}.
 */
public final class Recurrences {
    private Recurrences() {}

    /**
     * y[t] = a[t] y[t - 1] + b[t] with y[0] = b[0].
     *
     * @param a factors; broadcast against b
     * @param b terms; broadcast against a
     * @param axis the axis of t in the common shape, negative counts from the end
     * @return tensor of the common shape
     * @throws ShapeException if the shapes do not broadcast
     */
    public static Tensor linear(Tensor a, Tensor b, int axis) {
        return of(false, a, b, axis);
    }

    /**
     * y[t] = a[t] y[t - 1] + b[t] with y[-1] given.
     *
     * @param a factors; broadcast against b
     * @param b terms; broadcast against a
     * @param initial y[-1], of the common shape without the axis
     * @param axis the axis of t in the common shape, negative counts from the end
     * @return tensor of the common shape
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor linear(Tensor a, Tensor b, Tensor initial, int axis) {
        return of(false, a, b, axis, initial);
    }

    /**
     * y[t] = a[t] y[t + 1] + b[t] with y[n - 1] = b[n - 1].
     *
     * @param a factors; broadcast against b
     * @param b terms; broadcast against a
     * @param axis the axis of t in the common shape, negative counts from the end
     * @return tensor of the common shape
     * @throws ShapeException if the shapes do not broadcast
     */
    public static Tensor reverseLinear(Tensor a, Tensor b, int axis) {
        return of(true, a, b, axis);
    }

    /**
     * y[t] = a[t] y[t + 1] + b[t] with y[n] given.
     *
     * @param a factors; broadcast against b
     * @param b terms; broadcast against a
     * @param end y[n], of the common shape without the axis
     * @param axis the axis of t in the common shape, negative counts from the end
     * @return tensor of the common shape
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor reverseLinear(Tensor a, Tensor b, Tensor end, int axis) {
        return of(true, a, b, axis, end);
    }

    private static Tensor of(boolean reverse, Tensor a, Tensor b, int axis, Tensor... initial) {
        Shape s = Shape.broadcastOrNull(a.shape(), b.shape());
        if (s == null) {
            throw new ShapeException("linearRecurrence(a=" + a.describe() + ", b=" + b.describe()
                    + "): shapes do not broadcast" + Messages.at());
        }
        IndexOp op = new IndexOp.LinearRecurrence(s.axis(axis), reverse, false);
        Tensor x = a.broadcastTo(s);
        Tensor y = b.broadcastTo(s);
        return (initial.length == 0 ? Node.of(op, x, y) : Node.of(op, x, y, initial[0])).result(0);
    }
}
