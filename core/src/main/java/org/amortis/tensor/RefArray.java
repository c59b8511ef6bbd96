package org.amortis.tensor;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/**
 * Numbers of the reference evaluation: floats of either type as doubles, everything else as ints. The declared type is
 * kept, since random draws depend on it.
 */
public final class RefArray {
    private final TensorType type;
    private final double[] d;
    private final int[] i;

    private RefArray(TensorType type, double[] d, int[] i) {
        this.type = type;
        this.d = d;
        this.i = i;
    }

    /**
     * Zeros of a type.
     *
     * @param type element type and shape
     * @return fresh array
     */
    public static RefArray zeros(TensorType type) {
        int n = type.shape().size();
        return type.dtype().isFloat()
                ? new RefArray(type, new double[n], new int[0])
                : new RefArray(type, new double[0], new int[n * type.dtype().slots()]);
    }

    /**
     * The values of a host array.
     *
     * @param a host array
     * @return fresh array with its values
     */
    public static RefArray of(HostArray a) {
        RefArray r = zeros(new TensorType(a.dtype(), a.shape()));
        switch (a.dtype()) {
            case F32, F64 -> {
                for (int k = 0; k < r.d.length; k++) {
                    r.d[k] = a.get(k);
                }
            }
            case I32, BOOL, KEY -> System.arraycopy(a.ints(), 0, r.i, 0, r.i.length);
        }
        return r;
    }

    /**
     * Copies into a host array of the declared type; F32 values are rounded.
     *
     * @return fresh host array
     */
    public HostArray toHost() {
        if (type.dtype() == DType.F64) {
            return HostArray.wrap(d.clone(), type.shape());
        }
        if (type.dtype() == DType.F32) {
            float[] f = new float[d.length];
            for (int k = 0; k < f.length; k++) {
                f[k] = (float) d[k];
            }
            return HostArray.wrap(f, type.shape());
        }
        return HostArray.wrap(type.dtype(), i.clone(), type.shape());
    }

    /**
     * The type.
     *
     * @return element type and shape
     */
    public TensorType type() {
        return type;
    }

    /**
     * The shape.
     *
     * @return shape
     */
    public Shape shape() {
        return type.shape();
    }

    /**
     * The doubles of a float array; not a copy.
     *
     * @return values, row-major
     */
    public double[] doubles() {
        if (!type.dtype().isFloat()) {
            throw new IllegalStateException("reference array " + type + " holds no floats");
        }
        return d;
    }

    /**
     * The ints of an I32, BOOL or KEY array; not a copy.
     *
     * @return values, row-major, two an element for keys
     */
    public int[] ints() {
        if (type.dtype().isFloat()) {
            throw new IllegalStateException("reference array " + type + " holds floats");
        }
        return i;
    }

    /**
     * Copies the values of another array of the same carrier and size.
     *
     * @param from source
     */
    public void set(RefArray from) {
        System.arraycopy(from.d, 0, d, 0, d.length);
        System.arraycopy(from.i, 0, i, 0, i.length);
    }

    /**
     * The value at a flat position as a double.
     *
     * @param k flat position
     * @return the value
     */
    public double get(int k) {
        return type.dtype().isFloat() ? d[k] : i[k];
    }

    /**
     * Writes a value at a flat position; ints are truncated.
     *
     * @param k flat position
     * @param v the value
     */
    public void put(int k, double v) {
        if (type.dtype().isFloat()) {
            d[k] = v;
        } else {
            i[k] = (int) v;
        }
    }

    /** Sets every element to zero. */
    public void clear() {
        Arrays.fill(d, 0);
        Arrays.fill(i, 0);
    }
}
