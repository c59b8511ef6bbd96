package org.amortis.array;

import java.io.Serial;

/** Shapes do not fit each other or the operation. */
public final class ShapeException extends AmortisException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, with the numbers, and what to do
     */
    public ShapeException(String message) {
        super(message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what is wrong, with the numbers, and what to do
     * @param cause what led to it
     */
    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}
