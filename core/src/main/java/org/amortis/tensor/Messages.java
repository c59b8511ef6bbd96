package org.amortis.tensor;

/** Pieces of error messages. */
final class Messages {
    private Messages() {}

    /** " at File.java:41" for the user's line, or nothing. */
    static String at() {
        SourceLine s = SourceLine.capture();
        return s == null ? "" : " at " + s;
    }
}
