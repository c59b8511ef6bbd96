package org.amortis.spi;

/**
 * Products of matrices so small that a vector holds several rows or whole matrices, for one size and layout. Arrays are
 * float[] or double[] as asked for. The bits of a product do not depend on which products run together.
 */
public interface SmallProducts {
    /**
     * Elements of scratch that {@link #run} takes.
     *
     * @return elements
     */
    int scratch();

    /**
     * C_q = op(A_q) op(B_q), or that added to C_q, for a range of q.
     *
     * @param a left factors; read
     * @param ao offset of all
     * @param atA where each begins
     * @param b right factors; read
     * @param bo offset of all
     * @param atB where each begins
     * @param add whether the product is added to C
     * @param c results one after the other; written, overlaps nothing
     * @param co element of result 0
     * @param from first product
     * @param to one past the last
     * @param scratch array of the element type; written
     */
    void run(
            Object a,
            int ao,
            int[] atA,
            Object b,
            int bo,
            int[] atB,
            boolean add,
            Object c,
            int co,
            int from,
            int to,
            Object scratch);
}
