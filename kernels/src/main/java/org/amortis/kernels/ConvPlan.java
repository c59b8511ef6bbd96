package org.amortis.kernels;

import org.amortis.array.Shape;
import org.amortis.tensor.ConvOp;

/**
 * Where a convolution, or its adjoint, finds what it sums. A block of lines of one image is copied to planes, one for each
 * channel and each remainder of rows and columns by the strides, in which every output's window is the same pattern of places,
 * shifted by one from output to output and by {@link #pitch} from row to row. So a plane is one long line: the sums at
 * neighbouring places are a product of the weights with lines of the planes that begin at the offsets of the taps.
 * Places between the end of a row's outputs and the next row give sums that nobody wants.
 */
final class ConvPlan {
    /** Elements of the planes of a block, about: they should stay in the second cache. */
    private static final int BLOCK = 32 * 1024;

    private static final int FEW_CHANNELS = 3;

    final int images;
    final int channels;
    final int outputs;
    final ConvAxis rows;
    final ConvAxis cols;
    final int outHeight;
    final int outWidth;

    /** Distance of the rows of a plane. */
    final int pitch;

    /** Lines of the result that are computed together. */
    final int linesPerBlock;

    final int blocks;

    /** Elements from one plane to the next: vectors may end behind its last row. */
    final int planeSize;

    /** Elements of all planes and what vectors read behind them. */
    final int size;

    /** Those of rows times those of columns. */
    final Phase[] phases;

    /** Elements between the weights of one output and those of the next. */
    final int weightsStride;

    /** Whether the weights of an output lie in the order of the terms. */
    final boolean inOrder;

    /** Outputs at places that lie side by side: rows and columns of one remainder. */
    static final class Phase {
        /** Which rows. */
        final ConvAxis.Phase rows;

        /** Which columns. */
        final ConvAxis.Phase cols;

        /** Terms of a sum. */
        final int terms;

        /** For each term, its weight of output 0. */
        final int[] weights;

        /** For each term, where place 0 is in the planes. */
        final int[] offsets;

        private Phase(ConvAxis.Phase rows, ConvAxis.Phase cols, int[] weights, int[] offsets) {
            this.rows = rows;
            this.cols = cols;
            this.terms = weights.length;
            this.weights = weights;
            this.offsets = offsets;
        }
    }

    /**
     * A plan.
     *
     * @param adjoint whether images are computed from outputs
     * @param g window
     * @param x images [N, I, H, W]
     * @param k weights [O, I, kh, kw]
     * @param y outputs [N, O, H', W']
     * @param lanes elements of a vector
     */
    ConvPlan(boolean adjoint, ConvOp.Window g, Shape x, Shape k, Shape y, int lanes) {
        Shape in = adjoint ? y : x;
        Shape out = adjoint ? x : y;
        images = x.dim(0);
        channels = in.dim(1);
        outputs = out.dim(1);
        outHeight = out.dim(2);
        outWidth = out.dim(3);
        int kh = k.dim(2);
        int kw = k.dim(3);
        rows = axis(adjoint, x.dim(2), y.dim(2), kh, g.strideH(), g.dilationH(), g.padTop());
        cols = axis(adjoint, x.dim(3), y.dim(3), kw, g.strideW(), g.dilationW(), g.padLeft());
        pitch = cols.pitch;
        int planes = channels * rows.split * cols.split;
        linesPerBlock =
                Math.clamp(Math.max(BLOCK / planes / pitch - rows.reach, 2 * rows.reach), 1, Math.max(1, rows.places));
        blocks = Math.ceilDiv(rows.places, linesPerBlock);
        planeSize = (linesPerBlock + rows.reach) * pitch + lanes;
        size = planes * planeSize + pitch + 2 * lanes;
        weightsStride = adjoint ? kh * kw : k.product(1, 4);
        inOrder = !adjoint;
        int perChannel = adjoint ? k.product(1, 4) : kh * kw;
        phases = rows.phases.stream()
                .flatMap(r -> cols.phases.stream().map(c -> phase(r, c, perChannel, kw)))
                .toArray(Phase[]::new);
    }

    /**
     * Whether planes are better than a product with a matrix of what the window sees. Windows of one pixel need no matrix. Back
     * to few channels at stride 1 a tile has few rows, so that nearly every multiply-add waits for a vector of its own, where
     * the product has all taps as rows.
     */
    static boolean pays(boolean adjoint, ConvOp.Window g, Shape k) {
        boolean unit = g.strideH() == 1 && g.strideW() == 1;
        return !unit || k.product(2, 4) > 1 && (!adjoint || k.dim(1) > FEW_CHANNELS);
    }

    private static ConvAxis axis(boolean adjoint, int size, int out, int kernel, int stride, int dilation, int pad) {
        return adjoint
                ? ConvAxis.adjoint(size, out, kernel, stride, dilation, pad)
                : ConvAxis.forward(size, out, kernel, stride, dilation, pad);
    }

    private Phase phase(ConvAxis.Phase r, ConvAxis.Phase c, int perChannel, int kw) {
        int terms = channels * r.taps().size() * c.taps().size();
        int[] weights = new int[terms];
        int[] offsets = new int[terms];
        int t = 0;
        for (int i = 0; i < channels; i++) {
            for (ConvAxis.Tap p : r.taps()) {
                for (ConvAxis.Tap q : c.taps()) {
                    weights[t] = i * perChannel + p.weight() * kw + q.weight();
                    offsets[t] = plane(i, p.line(), q.line()) * planeSize + p.offset() * pitch + c.first() + q.offset();
                    t++;
                }
            }
        }
        return new Phase(r, c, weights, offsets);
    }

    /** Number of a plane. */
    int plane(int channel, int row, int col) {
        return (channel * rows.split + row) * cols.split + col;
    }

    /** Places from the first to the last output of so many lines of a phase. */
    int places(int lines, Phase phase) {
        return (lines - 1) * pitch + phase.cols.count();
    }
}
