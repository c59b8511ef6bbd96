package org.amortis.spi;

import org.amortis.tensor.TensorType;

/**
 * A contiguous, row-major range of planned memory.
 *
 * @param space where it lies
 * @param index which state or resident array; 0 in the slab
 * @param offset first slot (array element of the carrier) relative to the base of that memory
 * @param type element type and shape
 */
public record View(Space space, int index, int offset, TensorType type) {
    /** Kinds of memory. */
    public enum Space {
        /** The slab of a runner, one array for each carrier: float, double, int. */
        SLAB,
        /** A state, shared by the runners of a store. */
        STATE,
        /** An array of the user's, bound once. */
        RESIDENT
    }

    /**
     * Number of elements.
     *
     * @return element count
     */
    public int size() {
        return type.shape().size();
    }

    /**
     * Number of slots.
     *
     * @return slots of the carrier array
     */
    public int slots() {
        return size() * type.dtype().slots();
    }
}
