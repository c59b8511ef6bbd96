package org.amortis.spi;

/**
 * An instruction bound to memory. Its work is cut into parts by shape alone, never by the number of threads; parts may
 * run in any order on any worker, and whatever combines them runs afterwards in fixed order.
 */
public interface Kernel {
    /**
     * Number of parts.
     *
     * @return at least 0
     */
    int parts();

    /**
     * Runs a range of parts. Allocates nothing.
     *
     * @param from first part
     * @param to one past the last part
     * @param worker which worker runs it, for scratch; 0 is the caller
     */
    void run(int from, int to, int worker);

    /** Combines the parts; called once on the caller after all of them. */
    default void finish() {}

    /** Runs all parts on the caller, then finishes. */
    default void run() {
        run(0, parts(), 0);
        finish();
    }

    /**
     * Rough cost of the whole kernel in nanoseconds on one core, for the decision to split.
     *
     * @return nanoseconds
     */
    long cost();
}
