package org.amortis.spi;

/**
 * The gradient of a convolution's weights for one window and one set of shapes. Arrays are float[] or double[] as asked for.
 */
public interface ConvWeightLoop {
    /**
     * Elements of scratch that {@link #run} takes.
     *
     * @return elements
     */
    int scratch();

    /**
     * Sums over some images. The bits depend on which images are summed together.
     *
     * @param x images [N, I, H, W]; read
     * @param xo first element
     * @param y cotangents of the outputs [N, O, H', W']; read
     * @param yo first element
     * @param k gradient of the weights [O, I, kh, kw]; written, overlaps nothing
     * @param ko first element
     * @param from first image
     * @param to one past the last
     * @param scratch array of the element type; written
     */
    void run(Object x, int xo, Object y, int yo, Object k, int ko, int from, int to, Object scratch);
}
