package org.amortis.nn;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Fans;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Convolutions;
import org.amortis.tensor.Tensor;

/**
 * Convolution of images [.., channels, rows, columns] with W (path "w", tagged "decay") and b [out] (path "b"), or its
 * transpose, which enlarges images by the stride. W is [out, in, k, k], and [in, out, k, k] of the transpose.
 */
public final class Conv2d implements Layer {
    private final int in;
    private final int out;
    private final int stride;
    private final int padding;
    private final int outputPadding;
    private final boolean transposed;
    private final String weight;
    private final String bias;

    private Conv2d(
            ParamScope at,
            int in,
            int out,
            int kernel,
            int stride,
            int padding,
            int outputPadding,
            boolean transposed,
            Initializer initializer) {
        this.in = in;
        this.out = out;
        this.stride = stride;
        this.padding = padding;
        this.outputPadding = outputPadding;
        this.transposed = transposed;
        int field = kernel * kernel;
        // a stride of s leaves each output of the transpose with 1/s^2 of the taps
        Fans fans = transposed
                ? new Fans(Math.max(1, in * field / (stride * stride)), out * field)
                : new Fans(in * field, Math.max(1, out * field / (stride * stride)));
        Shape shape = transposed ? Shape.of(in, out, kernel, kernel) : Shape.of(out, in, kernel, kernel);
        this.weight = at.declare("w", shape, initializer, fans, "decay");
        this.bias = at.declare("b", Shape.of(out), Initializer.zeros());
    }

    /**
     * A convolution.
     *
     * @param at where its parameters go
     * @param in input channels
     * @param out output channels
     * @param kernel rows and columns of the window
     * @param stride pixels between outputs
     * @param padding zeros on each side
     * @param initializer initialiser of the weight, such as that of the activation that follows
     * @return the layer, [.., in, H, W] to [.., out, (H + 2 padding - kernel) / stride + 1, likewise]
     */
    public static Conv2d of(
            ParamScope at, int in, int out, int kernel, int stride, int padding, Initializer initializer) {
        return new Conv2d(at, in, out, kernel, stride, padding, 0, false, initializer);
    }

    /**
     * A transposed convolution.
     *
     * @param at where its parameters go
     * @param in input channels
     * @param out output channels
     * @param kernel rows and columns of the window
     * @param stride pixels between neighbouring inputs in the output
     * @param padding rows and columns taken off each side
     * @param outputPadding rows and columns added at the end, below the stride
     * @param initializer initialiser of the weight, such as that of the activation that follows
     * @return the layer, [.., in, H, W] to [.., out, (H - 1) stride - 2 padding + kernel + outputPadding, likewise]
     */
    public static Conv2d transposed(
            ParamScope at,
            int in,
            int out,
            int kernel,
            int stride,
            int padding,
            int outputPadding,
            Initializer initializer) {
        return new Conv2d(at, in, out, kernel, stride, padding, outputPadding, true, initializer);
    }

    /**
     * The convolved images.
     *
     * @param p weights
     * @param x [.., in, H, W]
     * @return [.., out, H', W']
     */
    @Override
    public Tensor apply(Weights p, Tensor x) {
        int r = x.shape().rank();
        if (r < 3 || x.shape().dim(-3) != in) {
            throw new ShapeException(
                    "conv2d(" + weight + ", x=" + x.describe() + "): needs [.., " + in + ", rows, columns]");
        }
        Shape batch = x.shape().slice(0, r - 3);
        Shape image = x.shape().slice(r - 3, r);
        Tensor images = r == 4 ? x : x.reshape(Shape.of(batch.size()).concat(image));
        Tensor w = p.get(weight);
        Tensor y = transposed
                ? Convolutions.convTranspose2d(images, w, stride, padding, 1, outputPadding)
                : Convolutions.conv2d(images, w, stride, padding, 1);
        y = y.add(p.get(bias).reshape(out, 1, 1));
        return r == 4 ? y : y.reshape(batch.concat(y.shape().slice(1, 4)));
    }

    @Override
    public String toString() {
        return (transposed ? "transposed conv2d " : "conv2d ") + weight + " " + in + " to " + out;
    }
}
