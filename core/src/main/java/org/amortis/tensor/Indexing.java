package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;

/** Elements by index, running sums and products, masks. {@link Tensor#gather} and {@link Tensors#scatterAdd} are basic. */
public final class Indexing {
    private Indexing() {}

    /**
     * Vectors that are 1 at an index and 0 elsewhere; all 0 where the index is outside.
     *
     * @param index I32 of any shape
     * @param depth length of the vectors
     * @param dtype element type of the result
     * @return [index shape, depth]
     */
    public static Tensor oneHot(Tensor index, int depth, DType dtype) {
        requireIndex("oneHot", index);
        return index.expandDims(-1).eq(Tensors.iota(Shape.of(depth), 0)).cast(dtype);
    }

    /**
     * One element for each index, along an axis: y[.., k, ..] = x[.., index[.., k, ..], ..].
     *
     * @param x values
     * @param index I32, of the shape of x but for the axis
     * @param axis axis, negative counts from the end
     * @return tensor of the shape of the index
     */
    public static Tensor takeAlongAxis(Tensor x, Tensor index, int axis) {
        requireIndex("takeAlongAxis", index);
        return Node.of(new IndexOp.TakeAlong(x.shape().axis(axis)), x, index).result(0);
    }

    /**
     * Adds elements into zeros where an index says, along an axis: y[.., index[.., k, ..], ..] += x[.., k, ..]. It undoes
     * {@link #takeAlongAxis} where the rows of the index are permutations.
     *
     * @param x values
     * @param index I32 of the shape of x, values in 0..size-1
     * @param axis axis, negative counts from the end
     * @param size size of the axis in the result
     * @return tensor of the shape of x but for the axis
     */
    public static Tensor addAlongAxis(Tensor x, Tensor index, int axis, int size) {
        requireIndex("addAlongAxis", index);
        return Node.of(new IndexOp.AddAlong(x.shape().axis(axis), size), x, index)
                .result(0);
    }

    /**
     * Running sums from the end of an axis, the element itself included; {@link Tensor#cumsum} starts at the other end.
     *
     * @param x numbers
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public static Tensor reverseCumsum(Tensor x, int axis) {
        return Node.of(new IndexOp.Cumsum(x.shape().axis(axis), true), x).result(0);
    }

    /**
     * Running products from the start of an axis, the element itself included. Exact with zeros, in the gradients too:
     * nothing is divided. In double, rounded once.
     *
     * @param x numbers
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public static Tensor cumprod(Tensor x, int axis) {
        return Node.of(new IndexOp.Cumprod(x.shape().axis(axis), false), x).result(0);
    }

    /**
     * Running products from the end of an axis, the element itself included; {@link #cumprod} starts at the other end.
     *
     * @param x numbers
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public static Tensor reverseCumprod(Tensor x, int axis) {
        return Node.of(new IndexOp.Cumprod(x.shape().axis(axis), true), x).result(0);
    }

    /**
     * True on and below a diagonal: row + diagonal at least the column.
     *
     * @param rows rows
     * @param columns columns
     * @param diagonal the last diagonal that is true: 0 is the main one, -1 the one below it
     * @return BOOL [rows, columns]
     */
    public static Tensor lowerMask(int rows, int columns, int diagonal) {
        Shape s = Shape.of(rows, columns);
        return Tensors.iota(s, 0).add(diagonal).ge(Tensors.iota(s, 1));
    }

    private static void requireIndex(String op, Tensor index) {
        if (index.dtype() != DType.I32) {
            throw new DTypeException(op + "(index=" + index.describe() + "): the index is not I32" + Messages.at());
        }
    }
}
