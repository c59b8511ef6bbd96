package org.amortis.spi;

/** A binary elementwise operation between a contiguous range and one number. */
@FunctionalInterface
public interface ScalarLoop {
    /**
     * Runs it.
     *
     * @param a the operand that is a range; read
     * @param ao its first element
     * @param s the operand that is a number
     * @param y result; written; may lie exactly over the operand
     * @param yo its first element
     * @param n number of elements
     */
    void run(Object a, int ao, double s, Object y, int yo, int n);
}
