package org.amortis.array;

import java.io.Serial;

/** A backend, or the operation itself, does not offer what was asked for. */
public final class UnsupportedOnBackend extends AmortisException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, with the numbers, and what to do
     */
    public UnsupportedOnBackend(String message) {
        super(message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what is wrong, with the numbers, and what to do
     * @param cause what led to it
     */
    public UnsupportedOnBackend(String message, Throwable cause) {
        super(message, cause);
    }
}
