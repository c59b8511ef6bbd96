package org.amortis.spi;

/**
 * One elementwise operation over a contiguous range. Arrays are float[], double[] or int[] (I32 and BOOL) as the
 * operand's type says; operands the operation does not have are null. The result may lie exactly over an operand.
 */
@FunctionalInterface
public interface ElementwiseLoop {
    /**
     * Runs it.
     *
     * @param a first operand; read
     * @param ao its first element
     * @param b second operand or any array; read
     * @param bo its first element
     * @param c third operand or any array; read
     * @param co its first element
     * @param y result; written
     * @param yo its first element
     * @param n number of elements
     */
    void run(Object a, int ao, Object b, int bo, Object c, int co, Object y, int yo, int n);
}
