package org.amortis.spi;

/** The loop of a {@link ChainSpec} over rows of whole vectors. */
@FunctionalInterface
public interface ChainLoop {
    /**
     * Runs it. All arrays are read at a position before any is written there, so an array that is written may lie exactly
     * over one that is read.
     *
     * @param arrays arrays in the order of the specification
     * @param offsets first element of each
     * @param strides distance of rows of each
     * @param numbers the single numbers
     * @param rows number of rows
     * @param n elements of a row, a multiple of {@link Loops#lanes}
     */
    void run(Object[] arrays, int[] offsets, int[] strides, double[] numbers, int rows, int n);
}
