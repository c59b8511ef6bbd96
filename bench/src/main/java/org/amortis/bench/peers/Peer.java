package org.amortis.bench.peers;

import org.jspecify.annotations.Nullable;

/** A library that is measured; one for each JVM. */
public interface Peer {
    /**
     * What is measured.
     *
     * @return name and version of the library
     */
    String version();

    /**
     * Called once, before anything else.
     *
     * @param threads threads that may compute
     */
    void start(int threads);

    /**
     * The multiply-add rate of a core, where this library can measure it.
     *
     * @return floating-point operations a second, or NaN
     */
    default double peak() {
        return Double.NaN;
    }

    /**
     * What a row does.
     *
     * @param row the row
     * @return its work, or null if the library has nothing for it
     */
    @Nullable
    Work work(Row row);
}
