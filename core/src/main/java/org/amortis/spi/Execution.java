package org.amortis.spi;

/** A plan on an {@link Accelerator}. One call at a time. Arrays are those of {@link Memory}: float[], double[], int[]. */
public interface Execution extends AutoCloseable {
    /**
     * Writes a range of planned memory.
     *
     * @param view the range, in the slab
     * @param from source; copied
     * @param offset first element read
     */
    void write(View view, Object from, int offset);

    /**
     * Reads a range of planned memory.
     *
     * @param view the range
     * @param to target; written
     * @param offset first element written
     */
    void read(View view, Object to, int offset);

    /**
     * Runs the plan a number of times: computes, and if the guards are finite writes the states. Stops at a step whose
     * guards are not finite; that step writes no state.
     *
     * @param times how many, at least 1
     * @return the index of the guard that is not finite, or -1
     */
    int run(int times);

    /** Overwrites all temporaries, so that reading what was never written shows. Constants are written again. */
    void poison();

    /** Frees the memory on the device; states and their values stay. */
    @Override
    void close();
}
