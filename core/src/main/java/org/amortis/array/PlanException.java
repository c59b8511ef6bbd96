package org.amortis.array;

import java.io.Serial;

/** A program cannot be compiled, planned or given the memory it needs. */
public final class PlanException extends AmortisException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, with the numbers, and what to do
     */
    public PlanException(String message) {
        super(message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what is wrong, with the numbers, and what to do
     * @param cause what led to it
     */
    public PlanException(String message, Throwable cause) {
        super(message, cause);
    }
}
