package org.amortis.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.array.Shape;
import org.amortis.spi.ConvWeightLoop;
import org.amortis.tensor.ConvOp;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of the weights of convolutions by register tiles: sums over pixels of outputs by what the window sees, whose
 * channels lie side by side here, so that a row of the window is one run of the padded image. An element is one chain of fused
 * multiply-adds for each block of rows of an image, and these are added in order.
 */
final class FloatConvWeights implements ConvWeightLoop {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final int WIDE = 2 * L;

    /** Outputs that lie side by side, as in products. */
    private static final int GROUP = 48;

    /** Pixels of a block, about: as many steps as products take at once. */
    private static final int PIXELS = 448;

    /** Outputs of an image from which on this pays: with 16 it takes 1.2 times as long as the product, with 49 half. */
    private static final int FEWEST = 32;

    private final ConvOp.Window window;
    private final int channels;
    private final int height;
    private final int width;
    private final int outputs;
    private final int kernelHeight;
    private final int kernelWidth;
    private final int outHeight;
    private final int outWidth;
    private final int rowsPerBlock;

    /** Elements of a pixel: whole vectors. */
    private final int depth;

    /** Pixels of a row of the padded image. */
    private final int paddedWidth;

    /** Elements of a row of the window, in whole tiles. */
    private final int run;

    /** Where the window of each pixel of a block begins. */
    private final int[] windows;

    private final int cotangentsAt;
    private final int pixelsAt;
    private final int paddedAt;
    private final int sumsAt;
    private final int tileAt;
    private final int scratch;

    private FloatConvWeights(ConvOp.Window g, Shape x, Shape k, Shape y) {
        window = g;
        channels = x.dim(1);
        height = x.dim(2);
        width = x.dim(3);
        outputs = k.dim(0);
        kernelHeight = k.dim(2);
        kernelWidth = k.dim(3);
        outHeight = y.dim(2);
        outWidth = y.dim(3);
        rowsPerBlock = Math.clamp(PIXELS / outWidth, 1, outHeight);
        depth = roundUp(channels, L);
        paddedWidth = (outWidth - 1) * g.strideW() + kernelWidth;
        run = roundUp(kernelWidth * depth, WIDE);
        windows = new int[rowsPerBlock * outWidth];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = (i / outWidth * g.strideH() * paddedWidth + i % outWidth * g.strideW()) * depth;
        }
        cotangentsAt = L * L;
        pixelsAt = cotangentsAt + windows.length * roundUp(outputs, L);
        paddedAt = pixelsAt + paddedRows(rowsPerBlock) * width * depth;
        sumsAt = paddedAt + paddedRows(rowsPerBlock) * paddedWidth * depth + WIDE;
        tileAt = sumsAt + outputs * kernelHeight * run;
        scratch = tileAt + Species.TILE_ROWS * WIDE;
    }

    /**
     * The loop, or null where tiles would be filled badly, the window being no run or having few channels, or where an image
     * has so few outputs that copies and sums cost more than products.
     */
    static @Nullable FloatConvWeights of(ConvOp.Window g, Shape x, Shape k, Shape y) {
        int used = k.dim(3) * k.dim(1);
        int taken = roundUp(k.dim(3) * roundUp(k.dim(1), L), WIDE);
        boolean pays = g.dilationW() == 1 && 3 * used >= 2 * taken && y.product(2, 4) >= FEWEST;
        return pays ? new FloatConvWeights(g, x, k, y) : null;
    }

    private static int roundUp(int n, int step) {
        return (n + step - 1) / step * step;
    }

    /** Rows of the padded image that so many rows of outputs see. */
    private int paddedRows(int rows) {
        return (rows - 1) * window.strideH() + (kernelHeight - 1) * window.dilationH() + 1;
    }

    @Override
    public int scratch() {
        return scratch;
    }

    @Override
    public void run(Object x, int xo, Object y, int yo, Object k, int ko, int from, int to, Object scratch) {
        float[] s = (float[]) scratch;
        Arrays.fill(s, sumsAt, tileAt, 0);
        for (int image = from; image < to; image++) {
            for (int u = 0; u < outHeight; u += rowsPerBlock) {
                int rows = Math.min(rowsPerBlock, outHeight - u);
                loadImage((float[]) x, xo + image * channels * height * width, u, rows, s);
                int pixels = rows * outWidth;
                int at = yo + (image * outputs * outHeight + u) * outWidth;
                for (int g = 0; g < outputs; g += GROUP) {
                    int n = Math.min(GROUP, outputs - g);
                    int size = outHeight * outWidth;
                    int out = cotangentsAt + g * windows.length;
                    FloatPack.panel(true, (float[]) y, at + g * size, size, pixels, n, s, out, roundUp(n, L), s, 0);
                }
                multiply(pixels, s);
            }
        }
        unpack(s, (float[]) k, ko);
    }

    /** The rows of an image that a block sees, channels side by side, with zeros around. */
    private void loadImage(float[] x, int from, int u, int rows, float[] s) {
        int top = u * window.strideH() - window.padTop();
        int first = Math.max(0, top);
        int end = Math.min(height, top + paddedRows(rows));
        int size = height * width;
        Arrays.fill(s, paddedAt, sumsAt, 0);
        int n = Math.min(width, paddedWidth - window.padLeft());
        if (first >= end || n <= 0) {
            return;
        }
        FloatPack.panel(true, x, from + first * width, size, (end - first) * width, channels, s, pixelsAt, depth, s, 0);
        for (int r = first; r < end; r++) {
            int to = paddedAt + ((r - top) * paddedWidth + window.padLeft()) * depth;
            System.arraycopy(s, pixelsAt + (r - first) * width * depth, s, to, n * depth);
        }
    }

    private void multiply(int pixels, float[] s) {
        for (int g = 0; g < outputs; g += GROUP) {
            int gEnd = Math.min(outputs, g + GROUP);
            int stride = roundUp(gEnd - g, L);
            for (int p = 0; p < kernelHeight; p++) {
                int row = paddedAt + p * window.dilationH() * paddedWidth * depth;
                for (int j = 0; j < run; j += WIDE) {
                    int o = g;
                    while (o < gEnd) {
                        int h = FloatGemm.nextHeight(gEnd - o);
                        int a = cotangentsAt + g * windows.length + o - g;
                        FloatConvTiles.run(h, s, a, stride, s, row + j, windows, pixels, s, tileAt, WIDE);
                        add(s, tileAt, h, sumsAt + (o * kernelHeight + p) * run + j, kernelHeight * run);
                        o += h;
                    }
                }
            }
        }
    }

    private static void add(float[] s, int tile, int rows, int to, int stride) {
        for (int r = 0; r < rows; r++) {
            int a = tile + r * WIDE;
            int b = to + r * stride;
            FloatVector.fromArray(S, s, b).add(FloatVector.fromArray(S, s, a)).intoArray(s, b);
            FloatVector.fromArray(S, s, b + L)
                    .add(FloatVector.fromArray(S, s, a + L))
                    .intoArray(s, b + L);
        }
    }

    private void unpack(float[] s, float[] k, int ko) {
        int to = ko;
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < channels; i++) {
                for (int p = 0; p < kernelHeight; p++) {
                    int from = sumsAt + (o * kernelHeight + p) * run + i;
                    for (int q = 0; q < kernelWidth; q++) {
                        k[to++] = s[from + q * depth];
                    }
                }
            }
        }
    }
}
