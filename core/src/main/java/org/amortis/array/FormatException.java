package org.amortis.array;

import java.io.Serial;

/** A file is truncated, malformed or not what it claims to be. */
public final class FormatException extends AmortisException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, with the numbers, and what to do
     */
    public FormatException(String message) {
        super(message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what is wrong, with the numbers, and what to do
     * @param cause what led to it
     */
    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
