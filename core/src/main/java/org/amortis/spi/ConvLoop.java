package org.amortis.spi;

/**
 * A convolution or its adjoint for one window and one set of shapes, without a matrix of what the window sees. Arrays are
 * float[] or double[] as asked for. The bits of a result do not depend on which parts run together.
 */
public interface ConvLoop {
    /**
     * Elements of scratch that {@link #run} takes.
     *
     * @return elements
     */
    int scratch();

    /**
     * Parts that may run apart, given by the shapes alone.
     *
     * @return at least 1
     */
    int parts();

    /**
     * Runs a range of parts.
     *
     * @param in images or, for the transposed convolution, outputs; read
     * @param io first element
     * @param weights weights [O, I, kh, kw]; read
     * @param wo first element
     * @param out outputs or, for the transposed convolution, images; written, overlaps nothing
     * @param oo first element
     * @param from first part
     * @param to one past the last
     * @param scratch array of the element type; written
     */
    void run(Object in, int io, Object weights, int wo, Object out, int oo, int from, int to, Object scratch);
}
