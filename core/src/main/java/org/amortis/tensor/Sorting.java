package org.amortis.tensor;

/** Order. */
public final class Sorting {
    private Sorting() {}

    /**
     * Sorted values and where they came from.
     *
     * @param values ascending along the axis, NaN last
     * @param indices I32, index that each value had
     */
    public record Sorted(Tensor values, Tensor indices) {}

    /**
     * Values and indices in ascending order; stable, NaN last.
     *
     * @param x numbers
     * @param axis axis, negative counts from the end
     * @return both
     */
    public static Sorted sortWithIndices(Tensor x, int axis) {
        Node n = Node.of(new SortOp.Sort(x.shape().axis(axis)), x);
        return new Sorted(n.result(0), n.result(1));
    }

    /**
     * Values in ascending order; NaN last. The gradient follows each value to its place.
     *
     * @param x numbers
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public static Tensor sort(Tensor x, int axis) {
        return sortWithIndices(x, axis).values();
    }

    /**
     * Indices that sort: stable, ascending, NaN last.
     *
     * @param x numbers
     * @param axis axis, negative counts from the end
     * @return I32 of this shape
     */
    public static Tensor argsort(Tensor x, int axis) {
        return sortWithIndices(x, axis).indices();
    }
}
