package org.amortis.array;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Root of everything the library throws on purpose, besides {@link IllegalArgumentException} for plain misuse. */
public abstract sealed class AmortisException extends RuntimeException
        permits ShapeException,
                DTypeException,
                UnsupportedOnBackend,
                NonFiniteException,
                PlanException,
                FormatException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, with the numbers, and what to do
     * @param cause what led to it, or null
     */
    AmortisException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
