package org.amortis.tensor;

import org.amortis.array.ShapeException;

/** Convolutions of images [N, channels, rows, columns]. */
public final class Convolutions {
    private Convolutions() {}

    /**
     * Convolution (cross-correlation) with the same window in both directions.
     *
     * @param x images [N, I, H, W]
     * @param weights [O, I, kh, kw]
     * @param stride pixels between neighbouring outputs
     * @param padding zeros on each side
     * @param dilation pixels between neighbouring weights
     * @return [N, O, (H + 2 padding - dilation (kh - 1) - 1) / stride + 1, likewise]
     */
    public static Tensor conv2d(Tensor x, Tensor weights, int stride, int padding, int dilation) {
        return conv2d(x, weights, ConvOp.Window.of(stride, padding, dilation));
    }

    /**
     * Convolution (cross-correlation).
     *
     * @param x images [N, I, H, W]
     * @param weights [O, I, kh, kw]
     * @param window how the window moves
     * @return [N, O, H', W']
     */
    public static Tensor conv2d(Tensor x, Tensor weights, ConvOp.Window window) {
        return Node.of(new ConvOp.Conv2d(window), x, weights).result(0);
    }

    /**
     * Transposed convolution: the adjoint of {@link #conv2d} with the same weights and window, which enlarges images.
     *
     * @param y images [N, O, H', W']
     * @param weights [O, I, kh, kw]: as of the convolution it is the adjoint of
     * @param stride pixels between neighbouring inputs
     * @param padding zeros that the convolution would have on each side
     * @param dilation pixels between neighbouring weights
     * @param outputPadding rows and columns added at the end, below the stride: which of the sizes that the convolution
     *     maps to H', W' is meant
     * @return [N, I, (H' - 1) stride - 2 padding + dilation (kh - 1) + 1 + outputPadding, likewise]
     */
    public static Tensor convTranspose2d(
            Tensor y, Tensor weights, int stride, int padding, int dilation, int outputPadding) {
        if (y.shape().rank() != 4 || weights.shape().rank() != 4) {
            throw new ShapeException("convTranspose2d(y=" + y.describe() + ", weights=" + weights.describe()
                    + "): both need rank 4, images [N,O,H,W] and weights [O,I,kh,kw]" + Messages.at());
        }
        if (outputPadding < 0 || outputPadding >= stride) {
            throw new ShapeException("convTranspose2d(outputPadding=" + outputPadding + ", stride=" + stride
                    + "): must be 0.." + (stride - 1) + Messages.at());
        }
        int fixed = 1 - dilation - 2 * padding + outputPadding;
        int height =
                (y.shape().dim(2) - 1) * stride + dilation * weights.shape().dim(2) + fixed;
        int width = (y.shape().dim(3) - 1) * stride + dilation * weights.shape().dim(3) + fixed;
        if (height < 1 || width < 1) {
            throw new ShapeException("convTranspose2d(y=" + y.describe() + ", weights=" + weights.describe()
                    + ", padding=" + padding + "): the image would be " + height + "x" + width + Messages.at());
        }
        ConvOp.Window window = ConvOp.Window.of(stride, padding, dilation);
        return Node.of(new ConvOp.InputGradient(window, height, width), y, weights)
                .result(0);
    }
}
