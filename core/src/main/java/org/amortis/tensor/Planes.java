package org.amortis.tensor;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/** Numbers of many parameters apart: of P d numbers the k-th group of d holds parameter k of d elements. */
public final class Planes {
    private Planes() {}

    /**
     * The parameters apart, each one range of memory.
     *
     * @param parameters [.., P d]
     * @param count P
     * @return P tensors [.., d]
     * @throws ShapeException if the last axis does not divide by P
     */
    public static Tensor[] of(Tensor parameters, int count) {
        Shape each = shape(parameters, count);
        int r = each.rank();
        if (count == 1) {
            return new Tensor[] {parameters};
        }
        Tensor first = parameters;
        if (r > 1) {
            // one copy that makes every plane contiguous, instead of a strided copy for each
            int[] order = new int[r + 1];
            order[0] = r - 1;
            for (int i = 1; i < r; i++) {
                order[i] = i - 1;
            }
            order[r] = r;
            first = parameters.reshape(each.insert(r - 1, count)).transpose(order);
        }
        first = first.reshape(each.insert(0, count));
        Tensor[] planes = new Tensor[count];
        for (int k = 0; k < count; k++) {
            planes[k] = first.at(0, k);
        }
        return planes;
    }

    /**
     * Shape of one plane.
     *
     * @param parameters [.., P d]
     * @param count P
     * @return [.., d]
     * @throws ShapeException if the last axis does not divide by P
     */
    public static Shape shape(Tensor parameters, int count) {
        Shape s = parameters.shape();
        if (s.rank() == 0 || s.dim(-1) % count != 0) {
            throw new ShapeException("planes(parameters=" + parameters.describe() + "): the last axis is not " + count
                    + " planes" + Messages.at());
        }
        return s.with(-1, s.dim(-1) / count);
    }
}
