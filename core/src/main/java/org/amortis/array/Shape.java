package org.amortis.array;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sizes of the axes of a tensor, row-major. Immutable. Rank 0 is a scalar; zero sizes are legal.
 */
public final class Shape {
    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        long n = 1;
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException("shape " + Arrays.toString(dims) + ": negative size " + d);
            }
            n *= d;
            if (n > Integer.MAX_VALUE) {
                // later zero sizes could still make this legal, but nobody builds such a shape on purpose
                throw new ShapeException("shape " + Arrays.toString(dims) + ": more than 2^31-1 elements");
            }
        }
        this.size = (int) n;
    }

    /**
     * A shape of the given sizes.
     *
     * @param dims size of each axis, outermost first
     * @return the shape
     * @throws ShapeException if a size is negative or the element count does not fit an int
     */
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /**
     * Number of axes.
     *
     * @return rank, 0 for a scalar
     */
    public int rank() {
        return dims.length;
    }

    /**
     * Size of an axis.
     *
     * @param axis axis, negative counts from the end
     * @return its size
     * @throws ShapeException if there is no such axis
     */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /**
     * Number of elements.
     *
     * @return product of the sizes, 1 for a scalar
     */
    public int size() {
        return size;
    }

    /**
     * Normalises an axis number.
     *
     * @param axis axis, negative counts from the end
     * @return the axis in 0 .. rank-1
     * @throws ShapeException if there is no such axis
     */
    public int axis(int axis) {
        int a = axis < 0 ? axis + dims.length : axis;
        if (a < 0 || a >= dims.length) {
            throw new ShapeException("axis=" + axis + " does not exist in shape " + this + " of rank " + dims.length);
        }
        return a;
    }

    /**
     * The sizes as a fresh array.
     *
     * @return copy of the sizes
     */
    public int[] toArray() {
        return dims.clone();
    }

    /**
     * Row-major strides in elements.
     *
     * @return stride of each axis
     */
    public int[] strides() {
        int[] s = new int[dims.length];
        int n = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            s[i] = n;
            n *= dims[i];
        }
        return s;
    }

    /**
     * Product of the sizes of a range of axes.
     *
     * @param from first axis
     * @param to one past the last axis
     * @return product, 1 if the range is empty
     */
    public int product(int from, int to) {
        int n = 1;
        for (int i = from; i < to; i++) {
            n *= dims[i];
        }
        return n;
    }

    /**
     * The shape with another size at an axis.
     *
     * @param axis axis, negative counts from the end
     * @param size its new size
     * @return the changed shape
     */
    public Shape with(int axis, int size) {
        int[] d = dims.clone();
        d[axis(axis)] = size;
        return new Shape(d);
    }

    /**
     * The shape without an axis.
     *
     * @param axis axis, negative counts from the end
     * @return the shape of one rank less
     */
    public Shape drop(int axis) {
        int a = axis(axis);
        int[] d = new int[dims.length - 1];
        System.arraycopy(dims, 0, d, 0, a);
        System.arraycopy(dims, a + 1, d, a, d.length - a);
        return new Shape(d);
    }

    /**
     * The shape with a new axis.
     *
     * @param axis position of the new axis in the result, 0 .. rank
     * @param size its size
     * @return the shape of one rank more
     */
    public Shape insert(int axis, int size) {
        if (axis < 0 || axis > dims.length) {
            throw new ShapeException("insert(" + this + ", axis=" + axis + "): axis must be 0.." + dims.length);
        }
        int[] d = new int[dims.length + 1];
        System.arraycopy(dims, 0, d, 0, axis);
        d[axis] = size;
        System.arraycopy(dims, axis, d, axis + 1, dims.length - axis);
        return new Shape(d);
    }

    /**
     * Joins the axes of two shapes.
     *
     * @param inner the axes that follow
     * @return axes of this shape, then those of {@code inner}
     */
    public Shape concat(Shape inner) {
        int[] d = Arrays.copyOf(dims, dims.length + inner.dims.length);
        System.arraycopy(inner.dims, 0, d, dims.length, inner.dims.length);
        return of(d);
    }

    /**
     * A contiguous range of the axes as a shape.
     *
     * @param from first axis
     * @param to one past the last axis
     * @return the sizes of these axes
     */
    public Shape slice(int from, int to) {
        return of(Arrays.copyOfRange(dims, from, to));
    }

    /**
     * Numpy broadcasting of two shapes.
     *
     * @param a a shape
     * @param b a shape
     * @return the common shape, or null if they do not broadcast
     */
    public static @Nullable Shape broadcastOrNull(Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int r = Math.max(a.dims.length, b.dims.length);
        int[] d = new int[r];
        for (int i = 0; i < r; i++) {
            int ia = i - (r - a.dims.length);
            int ib = i - (r - b.dims.length);
            int da = ia < 0 ? 1 : a.dims[ia];
            int db = ib < 0 ? 1 : b.dims[ib];
            if (da != db && da != 1 && db != 1) {
                return null;
            }
            d[i] = da == 1 ? db : da;
        }
        return of(d);
    }

    /**
     * Whether a tensor of this shape can be broadcast to a target shape.
     *
     * @param target the wanted shape
     * @return true if numpy would broadcast it
     */
    public boolean broadcastsTo(Shape target) {
        return target.equals(broadcastOrNull(this, target));
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        StringBuilder b = new StringBuilder("[");
        for (int i = 0; i < dims.length; i++) {
            if (i > 0) {
                b.append(',');
            }
            b.append(dims[i]);
        }
        return b.append(']').toString();
    }
}
