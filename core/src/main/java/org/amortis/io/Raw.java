package org.amortis.io;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;

/** Element types as they lie in files, and what each becomes here. */
enum Raw {
    BOOL(1, DType.BOOL),
    U8(1, DType.I32),
    I8(1, DType.I32),
    U16(2, DType.I32),
    I16(2, DType.I32),
    F16(2, DType.F32),
    BF16(2, DType.F32),
    U32(4, DType.I32),
    I32(4, DType.I32),
    F32(4, DType.F32),
    U64(8, DType.I32),
    I64(8, DType.I32),
    F64(8, DType.F64);

    private final int bytes;
    private final DType natural;

    Raw(int bytes, DType natural) {
        this.bytes = bytes;
        this.natural = natural;
    }

    int bytes() {
        return bytes;
    }

    /** The type an array of these is read into if nobody asks for another. */
    DType natural() {
        return natural;
    }

    boolean isFloat() {
        return natural.isFloat();
    }

    /** The type an array is written as. */
    static Raw of(DType type) {
        return switch (type) {
            case F32 -> F32;
            case F64 -> F64;
            case I32 -> I32;
            case BOOL -> BOOL;
            case KEY ->
                throw new DTypeException("write(dtype=KEY): files have no key type; write its words as"
                        + " HostArray.wrap(key.ints(), shape.insert(shape.rank(), 2))");
        };
    }
}
