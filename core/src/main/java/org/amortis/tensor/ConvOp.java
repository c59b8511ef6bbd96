package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * Convolution of images and its two adjoints. All three are partial derivatives of one trilinear form, the sum over
 * x[n,i,h,w] k[o,i,p,q] y[n,o,u,v] with h = u strideH + p dilationH - padTop and w likewise; so the gradient of each is
 * made of the other two, to any order.
 */
public sealed interface ConvOp extends ContractOp {
    /**
     * How the window moves.
     *
     * @param strideH rows between neighbouring outputs
     * @param strideW columns between neighbouring outputs
     * @param padTop zero rows before the image
     * @param padBottom zero rows after the image
     * @param padLeft zero columns before the image
     * @param padRight zero columns after the image
     * @param dilationH rows between neighbouring weights
     * @param dilationW columns between neighbouring weights
     */
    record Window(
            int strideH,
            int strideW,
            int padTop,
            int padBottom,
            int padLeft,
            int padRight,
            int dilationH,
            int dilationW) {
        /** Refuses sizes that make no window. */
        public Window {
            if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) {
                throw new ShapeException("conv2d(stride=" + strideH + "x" + strideW + ", dilation=" + dilationH + "x"
                        + dilationW + "): below 1");
            }
            if (padTop < 0 || padBottom < 0 || padLeft < 0 || padRight < 0) {
                throw new ShapeException("conv2d(padding=" + padTop + "," + padBottom + "," + padLeft + "," + padRight
                        + "): negative; slice the image instead");
            }
        }

        /**
         * The same window in both directions.
         *
         * @param stride stride
         * @param padding zeros on each side
         * @param dilation dilation
         * @return the window
         */
        public static Window of(int stride, int padding, int dilation) {
            return new Window(stride, stride, padding, padding, padding, padding, dilation, dilation);
        }

        /**
         * Rows of the output.
         *
         * @param height rows of the image
         * @param kernel rows of the weights
         * @return rows; below 0 if the window does not fit
         */
        public int outHeight(int height, int kernel) {
            return Math.floorDiv(height + padTop + padBottom - (kernel - 1) * dilationH - 1, strideH) + 1;
        }

        /**
         * Columns of the output.
         *
         * @param width columns of the image
         * @param kernel columns of the weights
         * @return columns; below 0 if the window does not fit
         */
        public int outWidth(int width, int kernel) {
            return Math.floorDiv(width + padLeft + padRight - (kernel - 1) * dilationW - 1, strideW) + 1;
        }

        @Override
        public String toString() {
            return "s" + strideH + "x" + strideW + "p" + padTop + "," + padBottom + "," + padLeft + "," + padRight + "d"
                    + dilationH + "x" + dilationW;
        }
    }

    /** {@return how the window moves} */
    Window window();

    /**
     * Multiplications and additions, those with zeros around the image included.
     *
     * @param node a node of this operation
     * @return twice the products
     */
    default long flops(Node node) {
        Tensor y = this instanceof Conv2d ? node.result(0) : node.operand(this instanceof InputGradient ? 0 : 1);
        Tensor k = this instanceof WeightGradient ? node.result(0) : node.operand(1);
        return 2L * y.shape().size() * k.shape().product(1, 4);
    }

    /** The trilinear form's index walk, shared by the three references. */
    private static void walk(Window g, Shape x, Shape k, Shape y, Term term) {
        int height = x.dim(2);
        int width = x.dim(3);
        for (int n = 0; n < y.dim(0); n++) {
            for (int o = 0; o < y.dim(1); o++) {
                for (int u = 0; u < y.dim(2); u++) {
                    for (int v = 0; v < y.dim(3); v++) {
                        int at = ((n * y.dim(1) + o) * y.dim(2) + u) * y.dim(3) + v;
                        for (int i = 0; i < k.dim(1); i++) {
                            for (int p = 0; p < k.dim(2); p++) {
                                int h = u * g.strideH + p * g.dilationH - g.padTop;
                                if (h < 0 || h >= height) {
                                    continue;
                                }
                                for (int q = 0; q < k.dim(3); q++) {
                                    int w = v * g.strideW + q * g.dilationW - g.padLeft;
                                    if (w >= 0 && w < width) {
                                        term.add(
                                                ((n * x.dim(1) + i) * height + h) * width + w,
                                                ((o * k.dim(1) + i) * k.dim(2) + p) * k.dim(3) + q,
                                                at);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** Adds one term of the form. */
    interface Term {
        /**
         * Adds the product at three positions.
         *
         * @param x position in the image
         * @param k position in the weights
         * @param y position in the output
         */
        void add(int x, int k, int y);
    }

    /** Checks rank and element type of both operands. */
    private static DType checked(Op op, Tensor[] operands, String first, String second) {
        DType t = ElementwiseOp.sameFloat(op, operands, 0);
        if (operands[0].shape().rank() != 4 || operands[1].shape().rank() != 4) {
            throw new ShapeException("conv2d(" + first + "=" + operands[0].describe() + ", " + second + "="
                    + operands[1].describe() + "): both need rank 4, images [N,C,H,W] and weights [O,I,kh,kw]"
                    + Messages.at());
        }
        return t;
    }

    /** Checks that y is what the convolution of x by k gives. */
    private static void consistent(Op op, Window g, Shape x, Shape k, Shape y) {
        int h = g.outHeight(x.dim(2), k.dim(2));
        int w = g.outWidth(x.dim(3), k.dim(3));
        if (x.dim(0) != y.dim(0) || x.dim(1) != k.dim(1) || y.dim(1) != k.dim(0) || y.dim(2) != h || y.dim(3) != w) {
            throw new ShapeException(op.name() + ": images " + x + ", weights " + k + " and outputs " + y
                    + " do not belong together" + Messages.at());
        }
    }

    /**
     * Images [N,I,H,W] by weights [O,I,kh,kw] to [N,O,H',W'] (cross-correlation, as in all such libraries).
     *
     * @param window how the window moves
     */
    record Conv2d(Window window) implements ConvOp {
        @Override
        public String name() {
            return "conv2d:" + window;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            DType t = checked(this, operands, "x", "weights");
            Shape x = operands[0].shape();
            Shape k = operands[1].shape();
            int h = window.outHeight(x.dim(2), k.dim(2));
            int w = window.outWidth(x.dim(3), k.dim(3));
            if (x.dim(1) != k.dim(1)) {
                throw new ShapeException("conv2d(x=" + operands[0].describe() + ", weights=" + operands[1].describe()
                        + "): channels differ " + x.dim(1) + " != " + k.dim(1) + Messages.at());
            }
            if (h < 1 || w < 1) {
                throw new ShapeException("conv2d(x=" + operands[0].describe() + ", weights=" + operands[1].describe()
                        + "): the window does not fit, output would be " + h + "x" + w + "; pad more" + Messages.at());
            }
            return new TensorType[] {new TensorType(t, Shape.of(x.dim(0), k.dim(0), h, w))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[2];
            }
            Tensor x = node.operand(0);
            Tensor k = node.operand(1);
            return new Tensor[] {
                inputGradient(window, dy, k, x.shape().dim(2), x.shape().dim(3)),
                weightGradient(window, x, dy, k.shape().dim(2), k.shape().dim(3)),
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            double[] x = in[0].doubles();
            double[] k = in[1].doubles();
            double[] y = out[0].doubles();
            walk(window, in[0].shape(), in[1].shape(), out[0].shape(), (i, j, o) -> y[o] += x[i] * k[j]);
        }
    }

    /**
     * Outputs [N,O,H',W'] by weights [O,I,kh,kw] back to images [N,I,H,W]: the transposed convolution.
     *
     * @param window how the window of the convolution moves
     * @param height rows of the images
     * @param width columns of the images
     */
    record InputGradient(Window window, int height, int width) implements ConvOp {
        @Override
        public String name() {
            return "convTranspose2d:" + window + ":" + height + "x" + width;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            DType t = checked(this, operands, "y", "weights");
            Shape y = operands[0].shape();
            Shape k = operands[1].shape();
            Shape x = Shape.of(y.dim(0), k.dim(1), height, width);
            consistent(this, window, x, k, y);
            return new TensorType[] {new TensorType(t, x)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dx = cotangents[0];
            if (dx == null) {
                return new Tensor[2];
            }
            Shape k = node.operand(1).shape();
            return new Tensor[] {
                Node.of(new Conv2d(window), dx, node.operand(1)).result(0),
                weightGradient(window, dx, node.operand(0), k.dim(2), k.dim(3)),
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            double[] y = in[0].doubles();
            double[] k = in[1].doubles();
            double[] x = out[0].doubles();
            walk(window, out[0].shape(), in[1].shape(), in[0].shape(), (i, j, o) -> x[i] += y[o] * k[j]);
        }
    }

    /**
     * Images [N,I,H,W] by outputs [N,O,H',W'] to weights [O,I,kh,kw].
     *
     * @param window how the window of the convolution moves
     * @param kernelHeight rows of the weights
     * @param kernelWidth columns of the weights
     */
    record WeightGradient(Window window, int kernelHeight, int kernelWidth) implements ConvOp {
        @Override
        public String name() {
            return "convWeights2d:" + window + ":" + kernelHeight + "x" + kernelWidth;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            DType t = checked(this, operands, "x", "y");
            Shape x = operands[0].shape();
            Shape y = operands[1].shape();
            Shape k = Shape.of(y.dim(1), x.dim(1), kernelHeight, kernelWidth);
            consistent(this, window, x, k, y);
            return new TensorType[] {new TensorType(t, k)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dk = cotangents[0];
            if (dk == null) {
                return new Tensor[2];
            }
            Shape x = node.operand(0).shape();
            return new Tensor[] {
                inputGradient(window, node.operand(1), dk, x.dim(2), x.dim(3)),
                Node.of(new Conv2d(window), node.operand(0), dk).result(0),
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            double[] x = in[0].doubles();
            double[] y = in[1].doubles();
            double[] k = out[0].doubles();
            walk(window, in[0].shape(), out[0].shape(), in[1].shape(), (i, j, o) -> k[j] += x[i] * y[o]);
        }
    }

    private static Tensor inputGradient(Window g, Tensor y, Tensor k, int height, int width) {
        return Node.of(new InputGradient(g, height, width), y, k).result(0);
    }

    private static Tensor weightGradient(Window g, Tensor x, Tensor y, int kernelHeight, int kernelWidth) {
        return Node.of(new WeightGradient(g, kernelHeight, kernelWidth), x, y).result(0);
    }

    @Override
    default double ulps() {
        return 32;
    }
}
