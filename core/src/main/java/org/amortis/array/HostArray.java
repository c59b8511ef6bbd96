package org.amortis.array;

import java.util.Arrays;
import java.util.Locale;

/**
 * Concrete numbers on the host: a shape over a Java array, row-major, without copy. F32 wraps {@code float[]}, F64
 * {@code double[]}, I32 {@code int[]}, BOOL an {@code int[]} of zeros and ones, KEY an {@code int[]} of two words an
 * element. The array is shared with whoever wrapped it: a writer must know all readers.
 */
public final class HostArray {
    private final Shape shape;
    private final DType dtype;
    private final Object data;

    private HostArray(DType dtype, Shape shape, Object data, int length) {
        if (length != shape.size() * dtype.slots()) {
            throw new ShapeException("HostArray(length=" + length + ", shape=" + shape + ", dtype=" + dtype
                    + "): the shape needs " + shape.size() * dtype.slots() + " array elements");
        }
        this.dtype = dtype;
        this.shape = shape;
        this.data = data;
    }

    /**
     * Wraps floats as F32.
     *
     * @param data the elements, not copied
     * @param shape their shape
     * @return the array
     * @throws ShapeException if the length does not fit the shape
     */
    public static HostArray wrap(float[] data, Shape shape) {
        return new HostArray(DType.F32, shape, data, data.length);
    }

    /**
     * Wraps doubles as F64.
     *
     * @param data the elements, not copied
     * @param shape their shape
     * @return the array
     * @throws ShapeException if the length does not fit the shape
     */
    public static HostArray wrap(double[] data, Shape shape) {
        return new HostArray(DType.F64, shape, data, data.length);
    }

    /**
     * Wraps ints as I32.
     *
     * @param data the elements, not copied
     * @param shape their shape
     * @return the array
     * @throws ShapeException if the length does not fit the shape
     */
    public static HostArray wrap(int[] data, Shape shape) {
        return new HostArray(DType.I32, shape, data, data.length);
    }

    /**
     * Wraps ints as I32, BOOL or KEY.
     *
     * @param dtype how the ints are to be read
     * @param data the elements, not copied
     * @param shape their shape
     * @return the array
     * @throws ShapeException if the length does not fit the shape
     * @throws DTypeException if the type is a float type
     */
    public static HostArray wrap(DType dtype, int[] data, Shape shape) {
        if (dtype.isFloat()) {
            throw new DTypeException("HostArray.wrap(int[], dtype=" + dtype + "): ints cannot be read as floats");
        }
        return new HostArray(dtype, shape, data, data.length);
    }

    /**
     * A vector of F32 values.
     *
     * @param values elements, not copied
     * @return an array of rank 1
     */
    public static HostArray of(float... values) {
        return wrap(values, Shape.of(values.length));
    }

    /**
     * A vector of F64 values.
     *
     * @param values elements, not copied
     * @return an array of rank 1
     */
    public static HostArray of(double... values) {
        return wrap(values, Shape.of(values.length));
    }

    /**
     * A fresh array of zeros.
     *
     * @param dtype element type
     * @param shape shape
     * @return the array
     */
    public static HostArray zeros(DType dtype, Shape shape) {
        int n = shape.size() * dtype.slots();
        Object data = switch (dtype) {
            case F32 -> new float[n];
            case F64 -> new double[n];
            case I32, BOOL, KEY -> new int[n];
        };
        return new HostArray(dtype, shape, data, n);
    }

    /**
     * The shape.
     *
     * @return the shape
     */
    public Shape shape() {
        return shape;
    }

    /**
     * The element type.
     *
     * @return the type
     */
    public DType dtype() {
        return dtype;
    }

    /**
     * The wrapped floats of an F32 array; not a copy.
     *
     * @return the array itself
     * @throws DTypeException if this is not F32
     */
    public float[] floats() {
        if (data instanceof float[] f) {
            return f;
        }
        throw new DTypeException(
                "floats(): array " + dtype + shape + " is not F32; use toFloats() for a converted copy");
    }

    /**
     * The wrapped doubles of an F64 array; not a copy.
     *
     * @return the array itself
     * @throws DTypeException if this is not F64
     */
    public double[] doubles() {
        if (data instanceof double[] d) {
            return d;
        }
        throw new DTypeException(
                "doubles(): array " + dtype + shape + " is not F64; use toDoubles() for a converted copy");
    }

    /**
     * The wrapped ints of an I32, BOOL or KEY array; not a copy.
     *
     * @return the array itself
     * @throws DTypeException if this is a float array
     */
    public int[] ints() {
        if (data instanceof int[] i) {
            return i;
        }
        throw new DTypeException("ints(): array " + dtype + shape + " holds floats");
    }

    /**
     * The elements converted to double.
     *
     * @return fresh array of the values, row-major
     * @throws DTypeException for keys
     */
    public double[] toDoubles() {
        double[] d = new double[shape.size()];
        for (int i = 0; i < d.length; i++) {
            d[i] = get(i);
        }
        return d;
    }

    /**
     * The elements converted to float.
     *
     * @return fresh array of the values, row-major
     * @throws DTypeException for keys
     */
    public float[] toFloats() {
        float[] f = new float[shape.size()];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) get(i);
        }
        return f;
    }

    /**
     * The element at a flat, row-major position.
     *
     * @param flat position
     * @return its value
     * @throws DTypeException for keys
     */
    public double get(int flat) {
        return switch (data) {
            case float[] f -> f[flat];
            case double[] d -> d[flat];
            case int[] i when dtype != DType.KEY -> i[flat];
            default -> throw new DTypeException("get: a key has no numeric value");
        };
    }

    /**
     * The element at an index.
     *
     * @param index one number an axis
     * @return its value
     * @throws ShapeException if the index does not fit the shape
     */
    public double at(int... index) {
        if (index.length != shape.rank()) {
            throw new ShapeException("at(" + Arrays.toString(index) + "): array of shape " + shape + " needs "
                    + shape.rank() + " indices");
        }
        int flat = 0;
        for (int a = 0; a < index.length; a++) {
            if (index[a] < 0 || index[a] >= shape.dim(a)) {
                throw new ShapeException("at(" + Arrays.toString(index) + "): out of range for shape " + shape);
            }
            flat = flat * shape.dim(a) + index[a];
        }
        return get(flat);
    }

    /**
     * The single element of an array of size 1.
     *
     * @return its value
     * @throws ShapeException if there is not exactly one element
     */
    public double scalar() {
        if (shape.size() != 1) {
            throw new ShapeException("scalar(): array of shape " + shape + " has " + shape.size() + " elements");
        }
        return get(0);
    }

    /**
     * The same elements under another shape; shares the data.
     *
     * @param to shape with the same number of elements
     * @return the view
     * @throws ShapeException if the sizes differ
     */
    public HostArray reshape(Shape to) {
        if (to.size() != shape.size()) {
            throw new ShapeException(
                    "reshape(" + shape + " -> " + to + "): " + shape.size() + " != " + to.size() + " elements");
        }
        return new HostArray(dtype, to, data, to.size() * dtype.slots());
    }

    /**
     * A copy of a range of rows (of the first axis).
     *
     * @param from first row
     * @param to one past the last row
     * @return fresh array [to-from, ...]
     * @throws ShapeException if the range does not lie inside
     */
    public HostArray rows(int from, int to) {
        if (shape.rank() == 0 || from < 0 || to < from || to > shape.dim(0)) {
            throw new ShapeException("rows(" + from + ", " + to + "): out of range for shape " + shape);
        }
        int row = (shape.dim(0) == 0 ? 0 : shape.size() / shape.dim(0)) * dtype.slots();
        Shape s = shape.with(0, to - from);
        Object part = switch (data) {
            case float[] f -> Arrays.copyOfRange(f, from * row, to * row);
            case double[] d -> Arrays.copyOfRange(d, from * row, to * row);
            case int[] i -> Arrays.copyOfRange(i, from * row, to * row);
            default -> throw new IllegalStateException("no such carrier");
        };
        return new HostArray(dtype, s, part, (to - from) * row);
    }

    /**
     * A copy in another numeric type. Float to int conversion refuses values that are not whole or out of range.
     *
     * @param to the wanted type: F32, F64, I32 or BOOL
     * @return this array if it already has the type, else a fresh one
     * @throws DTypeException if a value cannot be represented, or for keys
     */
    public HostArray cast(DType to) {
        if (to == dtype) {
            return this;
        }
        if (to == DType.KEY || dtype == DType.KEY) {
            throw new DTypeException("cast(" + dtype + " -> " + to + "): keys are not numbers");
        }
        HostArray r = zeros(to, shape);
        for (int i = 0; i < shape.size(); i++) {
            double v = get(i);
            switch (r.data) {
                case float[] f -> f[i] = (float) v;
                case double[] d -> d[i] = v;
                case int[] n -> {
                    if (v != (int) v || (to == DType.BOOL && v != 0 && v != 1)) {
                        throw new DTypeException(
                                "cast(" + dtype + " -> " + to + "): value " + v + " at " + i + " is not representable");
                    }
                    n[i] = (int) v;
                }
                default -> throw new IllegalStateException("no such carrier");
            }
        }
        return r;
    }

    /**
     * A copy that shares nothing.
     *
     * @return fresh array
     */
    public HostArray copy() {
        HostArray r = zeros(dtype, shape);
        System.arraycopy(data, 0, r.data, 0, shape.size() * dtype.slots());
        return r;
    }

    /** Prints type, shape and elements; long axes are cut to their first and last three. */
    @Override
    public String toString() {
        StringBuilder b = new StringBuilder(dtype + shape.toString() + " ");
        print(b, 0, 0);
        return b.toString();
    }

    private void print(StringBuilder b, int axis, int offset) {
        if (axis == shape.rank()) {
            b.append(
                    switch (data) {
                        case float[] f -> Float.toString(f[offset]);
                        case double[] d -> Double.toString(d[offset]);
                        case int[] i
                        when dtype == DType.KEY ->
                            String.format(Locale.ROOT, "%08x%08x", i[2 * offset + 1], i[2 * offset]);
                        case int[] i when dtype == DType.BOOL -> Boolean.toString(i[offset] != 0);
                        case int[] i -> Integer.toString(i[offset]);
                        default -> "?";
                    });
            return;
        }
        int n = shape.dim(axis);
        int stride = shape.product(axis + 1, shape.rank());
        b.append('[');
        for (int i = 0; i < n; i++) {
            if (n > 8 && i == 3) {
                b.append(", ...");
                i = n - 3;
            }
            if (i > 0) {
                b.append(", ");
            }
            print(b, axis + 1, offset + i * stride);
        }
        b.append(']');
    }
}
