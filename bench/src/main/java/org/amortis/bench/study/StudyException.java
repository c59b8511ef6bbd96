package org.amortis.bench.study;

/** A study cannot be done with what it was given; the message is all the user needs. */
public final class StudyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * With a message for the user.
     *
     * @param message what is wrong and what to do
     */
    public StudyException(String message) {
        super(message);
    }

    /**
     * With a message for the user.
     *
     * @param message what is wrong and what to do
     * @param cause what happened
     */
    public StudyException(String message, Throwable cause) {
        super(message, cause);
    }
}
