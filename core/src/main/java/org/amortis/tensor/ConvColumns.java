package org.amortis.tensor;

import org.amortis.array.Shape;

/** Images as matrices whose columns hold what the window sees, and back. */
final class ConvColumns {
    private ConvColumns() {}

    /** [N, I, H, W] to [N, I kh kw, H' W']: one strided view of the padded image for each weight. */
    static Tensor of(ConvOp.Window g, Tensor x, int kh, int kw, int outHeight, int outWidth) {
        Shape s = x.shape();
        Tensor padded = pad(
                x, new int[] {0, 0, g.padTop(), g.padLeft()}, new int[] {0, 0, g.padBottom(), g.padRight()}, new int[] {
                    1, 1, 1, 1
                });
        Axes counts = Axes.of(s.dim(0), s.dim(1), outHeight, outWidth);
        Axes steps = Axes.of(1, 1, g.strideH(), g.strideW());
        Shape one = Shape.of(s.dim(0), s.dim(1), 1, outHeight * outWidth);
        Tensor[] views = new Tensor[kh * kw];
        for (int p = 0; p < kh; p++) {
            for (int q = 0; q < kw; q++) {
                Axes starts = Axes.of(0, 0, p * g.dilationH(), q * g.dilationW());
                views[p * kw + q] = Node.of(new LayoutOp.Slice(starts, counts, steps), padded)
                        .result(0)
                        .reshape(one);
            }
        }
        return Tensors.concat(2, views).reshape(Shape.of(s.dim(0), s.dim(1) * views.length, outHeight * outWidth));
    }

    /** The adjoint: [N, I kh kw, H' W'] back to [N, I, height, width], what overlaps added. */
    static Tensor image(ConvOp.Window g, Tensor columns, Shape k, Shape y, int height, int width) {
        int n = y.dim(0);
        int channels = k.dim(1);
        Tensor views = columns.reshape(Shape.of(n, channels, k.dim(2) * k.dim(3), y.dim(2) * y.dim(3)));
        int paddedHeight = height + g.padTop() + g.padBottom();
        int paddedWidth = width + g.padLeft() + g.padRight();
        int spanH = (y.dim(2) - 1) * g.strideH() + 1;
        int spanW = (y.dim(3) - 1) * g.strideW() + 1;
        Tensor sum = null;
        for (int p = 0; p < k.dim(2); p++) {
            for (int q = 0; q < k.dim(3); q++) {
                int at = p * k.dim(3) + q;
                int low = p * g.dilationH();
                int left = q * g.dilationW();
                Tensor v = pad(
                        views.slice(2, at, at + 1).reshape(Shape.of(n, channels, y.dim(2), y.dim(3))),
                        new int[] {0, 0, low, left},
                        new int[] {0, 0, paddedHeight - low - spanH, paddedWidth - left - spanW},
                        new int[] {1, 1, g.strideH(), g.strideW()});
                sum = sum == null ? v : sum.add(v);
            }
        }
        if (sum == null) {
            return Tensors.zeros(columns.dtype(), Shape.of(n, channels, height, width));
        }
        return sum.slice(2, g.padTop(), g.padTop() + height).slice(3, g.padLeft(), g.padLeft() + width);
    }

    private static Tensor pad(Tensor x, int[] low, int[] high, int[] steps) {
        return Node.of(new LayoutOp.Pad(Axes.of(low), Axes.of(high), Axes.of(steps)), x)
                .result(0);
    }
}
