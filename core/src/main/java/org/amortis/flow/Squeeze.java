package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Blocks of 2 x 2 pixels to channels: u is [4 C, H/2, W/2], x is [C, H, W]; channel 4 c + 2 i + j of u is row i, column j. */
public final class Squeeze implements Bijection {
    private final int c;
    private final int h;
    private final int w;

    private Squeeze(int c, int h, int w) {
        this.c = c;
        this.h = h;
        this.w = w;
    }

    /**
     * For images of a size.
     *
     * @param channels C
     * @param rows H, even
     * @param columns W, even
     * @return map from squeezed images to images
     */
    public static Squeeze of(int channels, int rows, int columns) {
        if (channels < 1 || rows < 2 || columns < 2 || rows % 2 != 0 || columns % 2 != 0) {
            throw new ShapeException("squeeze(channels=" + channels + ", rows=" + rows + ", columns=" + columns
                    + "): needs even numbers of rows and columns");
        }
        return new Squeeze(channels, rows, columns);
    }

    @Override
    public Shape inputShape() {
        return Shape.of(4 * c, h / 2, w / 2);
    }

    @Override
    public Shape outputShape() {
        return Shape.of(c, h, w);
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        Flows.checkEvent(this, inputShape(), u);
        return moved(u, Shape.of(c, 2, 2, h / 2, w / 2), outputShape(), 0, 3, 1, 4, 2);
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        Flows.checkEvent(this, outputShape(), x);
        return moved(x, Shape.of(c, h / 2, 2, w / 2, 2), inputShape(), 0, 2, 4, 1, 3);
    }

    private static Mapped moved(Tensor v, Shape apart, Shape to, int... order) {
        int lead = v.shape().rank() - 3;
        Shape batch = v.shape().slice(0, lead);
        int[] p = new int[lead + order.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = i < lead ? i : lead + order[i - lead];
        }
        Tensor y = v.reshape(batch.concat(apart)).transpose(p).reshape(batch.concat(to));
        return new Mapped(y, Tensors.zeros(v.dtype(), batch));
    }

    @Override
    public Squeeze stopGradient() {
        return this;
    }

    @Override
    public String toString() {
        return "squeeze " + outputShape();
    }
}
