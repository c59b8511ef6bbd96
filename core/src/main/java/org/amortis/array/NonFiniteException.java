package org.amortis.array;

import java.io.Serial;

/** A value that has to be finite is NaN or infinite. */
public final class NonFiniteException extends AmortisException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, with the numbers, and what to do
     */
    public NonFiniteException(String message) {
        super(message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what is wrong, with the numbers, and what to do
     * @param cause what led to it
     */
    public NonFiniteException(String message, Throwable cause) {
        super(message, cause);
    }
}
