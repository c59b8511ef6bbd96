package org.amortis.spi;

import org.jspecify.annotations.Nullable;

/**
 * Running products and linear recurrences of floats, in double: step after step value = a value + b, rounded after the
 * product and after the sum, and y its float. Results are the factors themselves or overlap nothing that is read.
 */
public interface RecurrenceLoop {
    /**
     * A step is a line: elementwise, down the columns.
     *
     * @param a factors; read
     * @param ao that of column 0 of the first line
     * @param b terms; read; null for products
     * @param bo that of column 0 of the first line
     * @param value what each column has before the first line; afterwards, after the last
     * @param y results; written
     * @param yo that of column 0 of the first line
     * @param lines number of lines
     * @param stride elements from a line to the next; negative if it runs backwards
     * @param width columns
     */
    void lines(
            float[] a,
            int ao,
            float @Nullable [] b,
            int bo,
            double[] value,
            float[] y,
            int yo,
            int lines,
            int stride,
            int width);

    /**
     * How many rows {@link #rows} takes.
     *
     * @return rows
     */
    int rowsAtOnce();

    /**
     * The least number of steps that {@link #rows} takes.
     *
     * @return steps
     */
    int leastSteps();

    /**
     * Slots of scratch that {@link #rows} needs.
     *
     * @return slots
     */
    int scratch();

    /**
     * A step is an element: along {@link #rowsAtOnce} rows.
     *
     * @param a factors; read
     * @param ao that of the first element of the first row
     * @param b terms; read; null for products
     * @param bo that of the first element of the first row
     * @param value what each row has before its first step; afterwards, after its last
     * @param y results; written
     * @param yo that of the first element of the first row
     * @param distance elements from a row to the next
     * @param steps elements of a row, {@link #leastSteps} or more
     * @param reverse whether the first step is the last element
     * @param scratch overwritten
     */
    void rows(
            float[] a,
            int ao,
            float @Nullable [] b,
            int bo,
            double[] value,
            float[] y,
            int yo,
            int distance,
            int steps,
            boolean reverse,
            float[] scratch);
}
