package org.amortis.spi;

import java.util.List;

/** A device that executes whole plans in memory of its own. Closing it frees what was opened on it. */
public interface Accelerator extends AutoCloseable {
    /**
     * What it is, in one line: hardware, driver, which path products take.
     *
     * @return description
     */
    String describe();

    /**
     * Gives a plan memory on the device and makes it ready to be replayed.
     *
     * @param plan the plan
     * @param states values of its states, in the order of {@link Plan#states}
     * @param loops loops of the processor, for what the device leaves to it
     * @return the program on the device
     * @throws org.amortis.array.PlanException if its memory does not suffice; with the plan's statistics
     */
    Execution open(Plan plan, List<StateCell> states, Loops loops);

    @Override
    void close();
}
