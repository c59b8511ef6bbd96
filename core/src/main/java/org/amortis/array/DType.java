package org.amortis.array;

/** Element type of a tensor or array. There is no promotion: mixing two float types is an error. */
public enum DType {
    /** 32-bit IEEE float: the type work is done in. */
    F32(4),
    /** 64-bit IEEE float: references, ill-conditioned filters and checks. */
    F64(8),
    /** 32-bit signed integer: indices, counts and random words. */
    I32(4),
    /** Truth value; stored as an int that is 0 or 1. */
    BOOL(4),
    /** Key of the counter-based generator: two 32-bit words, stored as two ints. */
    KEY(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Bytes one element takes in a slab.
     *
     * @return bytes per element
     */
    public int bytes() {
        return bytes;
    }

    /**
     * Whether the type carries gradients.
     *
     * @return true for F32 and F64
     */
    public boolean isFloat() {
        return this == F32 || this == F64;
    }

    /**
     * Slab slots (array elements of the carrier) one element takes: two for a key, else one.
     *
     * @return slots per element
     */
    public int slots() {
        return this == KEY ? 2 : 1;
    }
}
