package org.amortis.bench.peers;

import org.amortis.bench.step.UniformNumbers;

/** The operands of a row, the same for every library. */
public final class Inputs {
    private Inputs() {}

    /**
     * Left factor.
     *
     * @param row a product
     * @return as it is stored
     */
    public static float[] a(Row row) {
        return uniform(row.m() * row.k(), -1, 1, 1);
    }

    /**
     * Right factor.
     *
     * @param row a product
     * @return as it is stored
     */
    public static float[] b(Row row) {
        return uniform(row.k() * row.n(), -1, 1, 2);
    }

    /**
     * First operand of the other rows.
     *
     * @param row no product
     * @return numbers from -6 to 6, for logarithms from 0.001 to 8
     */
    public static float[] x(Row row) {
        return row.op() == Row.Op.LOG ? uniform(row.m(), 0.001, 8, 3) : uniform(row.m() * row.n(), -6, 6, 3);
    }

    /**
     * Second operand of a sum of two arrays.
     *
     * @param row elementwise
     * @return numbers from -6 to 6
     */
    public static float[] y(Row row) {
        return uniform(row.m(), -6, 6, 4);
    }

    /**
     * Uniform numbers.
     *
     * @param n how many
     * @param low lower end
     * @param high upper end
     * @param seed which numbers
     * @return fresh array
     */
    public static float[] uniform(int n, double low, double high, int seed) {
        return UniformNumbers.of(n, low, high, seed);
    }
}
