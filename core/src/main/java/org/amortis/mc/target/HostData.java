package org.amortis.mc.target;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Numbers of a target, prepared in double and given in the float type that a formula has. */
public final class HostData {
    /** Above this many elements numbers are bound to a run once instead of being copied into the formula. */
    private static final int SMALL = 4096;

    private final Tensor doubles;
    private final Tensor floats;

    private HostData(HostArray data) {
        this.doubles = leaf(data);
        this.floats = leaf(data.cast(DType.F32));
    }

    /**
     * Numbers.
     *
     * @param data F64
     * @return the same for both float types
     */
    public static HostData of(HostArray data) {
        if (data.dtype() != DType.F64) {
            throw new DTypeException("hostData(" + data + "): needs F64");
        }
        return new HostData(data);
    }

    /**
     * Numbers in a shape.
     *
     * @param shape shape
     * @param data row-major, not copied
     * @return the same for both float types
     */
    public static HostData of(Shape shape, double... data) {
        return new HostData(HostArray.wrap(data, shape));
    }

    private static Tensor leaf(HostArray a) {
        return a.shape().size() > SMALL ? Tensors.resident(a) : Tensors.constant(a);
    }

    /**
     * The numbers in the type of a tensor.
     *
     * @param z F32 or F64
     * @return a leaf of that type
     */
    public Tensor like(Tensor z) {
        return z.dtype() == DType.F64 ? doubles : floats;
    }
}
