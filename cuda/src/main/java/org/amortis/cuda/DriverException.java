package org.amortis.cuda;

/** A call of the driver failed. */
final class DriverException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of failure it is: what the caller can do differs. */
    enum Kind {
        /** Not enough device memory. */
        OUT_OF_MEMORY,
        /** A kernel accessed what it must not, or did not end; the context is lost. */
        FAULT,
        /** The device is gone. */
        LOST,
        /** Somebody else has the device for itself. */
        BUSY,
        /** The driver cannot load this code. */
        CODE,
        /** Anything else. */
        OTHER
    }

    private final Kind kind;

    DriverException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /** The kind of a CUresult. */
    static Kind of(int result) {
        return switch (result) {
            case 2 -> Kind.OUT_OF_MEMORY;
            case 46 -> Kind.BUSY;
            case 200, 209, 218, 221, 222, 223, 300 -> Kind.CODE;
            case 214, 220, 700, 702, 710, 714, 715, 716, 717, 718, 719 -> Kind.FAULT;
            case 4, 709, 999 -> Kind.LOST;
            default -> Kind.OTHER;
        };
    }
}
