package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.Shape;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.tensor.ConvOp;

/**
 * What the window sees of one image [I, H, W] as a matrix [I kh kw, rows W'] of some rows of the output, and back. Lines of a
 * matrix whose rows have the pitch of the image are one range of it, moved; what the move takes from the neighbouring rows is set
 * to zero.
 */
final class ImageColumns {
    private final ConvOp.Window window;
    private final int channels;
    private final int height;
    private final int width;
    private final int kernelHeight;
    private final int kernelWidth;
    private final int outWidth;
    private final boolean samePitch;

    /** For each column of the weights the outputs that see the image through it: from, and to. */
    private final int[] from;

    private final int[] to;
    private final ElementwiseLoop add;

    ImageColumns(ConvOp.Window window, Shape x, Shape k, Shape y, ElementwiseLoop add) {
        this.window = window;
        this.channels = x.dim(1);
        this.height = x.dim(2);
        this.width = x.dim(3);
        this.kernelHeight = k.dim(2);
        this.kernelWidth = k.dim(3);
        this.outWidth = y.dim(3);
        this.add = add;
        this.samePitch = window.strideW() == 1 && window.strideH() == 1 && outWidth == width;
        this.from = new int[kernelWidth];
        this.to = new int[kernelWidth];
        for (int q = 0; q < kernelWidth; q++) {
            int shift = shift(q);
            while (from[q] < outWidth && from[q] * window.strideW() + shift < 0) {
                from[q]++;
            }
            to[q] = outWidth;
            while (to[q] > from[q] && (to[q] - 1) * window.strideW() + shift >= width) {
                to[q]--;
            }
        }
    }

    /** Whether the matrix of all rows is the image. */
    boolean isImage() {
        return samePitch && kernelHeight == 1 && kernelWidth == 1 && window.padTop() == 0 && window.padBottom() == 0;
    }

    private int shift(int q) {
        return q * window.dilationW() - window.padLeft();
    }

    /** First row of the image for an output row. */
    private int row(int u, int p) {
        return u * window.strideH() + p * window.dilationH() - window.padTop();
    }

    /** Output rows [u0, u1) that see the image through row p of the weights: the first. */
    private int firstRow(int u0, int u1, int p) {
        int u = u0;
        while (u < u1 && row(u, p) < 0) {
            u++;
        }
        return u;
    }

    private int lastRow(int first, int u1, int p) {
        int u = u1;
        while (u > first && row(u - 1, p) >= height) {
            u--;
        }
        return u;
    }

    /**
     * Writes the matrix of output rows [u0, u1).
     *
     * @param x image; read
     * @param xo its first element
     * @param u0 first row
     * @param u1 one past the last
     * @param c matrix; written
     * @param co its first element
     */
    void load(Object x, int xo, int u0, int u1, Object c, int co) {
        int at = co;
        int line = (u1 - u0) * outWidth;
        for (int i = 0; i < channels; i++) {
            for (int p = 0; p < kernelHeight; p++) {
                int first = firstRow(u0, u1, p);
                int last = lastRow(first, u1, p);
                for (int q = 0; q < kernelWidth; q++, at += line) {
                    int begin = at + (first - u0) * outWidth;
                    int end = at + (last - u0) * outWidth;
                    if (begin == end || from[q] == to[q]) {
                        zero(c, at, at + line);
                        continue;
                    }
                    zero(c, at, begin);
                    zero(c, end, at + line);
                    int image = xo + i * height * width + row(first, p) * width + shift(q);
                    if (samePitch) {
                        int n = end - begin - outWidth + to[q] - from[q];
                        move(x, image + from[q], c, begin + from[q], n);
                    } else {
                        for (int b = begin, a = image; b < end; b += outWidth, a += window.strideH() * width) {
                            copy(x, a, c, b, from[q], to[q]);
                        }
                    }
                    margins(c, begin, end, from[q], to[q]);
                }
            }
        }
    }

    /** Adds the matrix of output rows [u0, u1), which is overwritten, to the image. */
    void addTo(Object x, int xo, int u0, int u1, Object c, int co) {
        int at = co;
        int line = (u1 - u0) * outWidth;
        for (int i = 0; i < channels; i++) {
            for (int p = 0; p < kernelHeight; p++) {
                int first = firstRow(u0, u1, p);
                int last = lastRow(first, u1, p);
                for (int q = 0; q < kernelWidth; q++, at += line) {
                    int begin = at + (first - u0) * outWidth;
                    int end = at + (last - u0) * outWidth;
                    if (begin == end || from[q] == to[q]) {
                        continue;
                    }
                    int image = xo + i * height * width + row(first, p) * width + shift(q);
                    if (samePitch) {
                        margins(c, begin, end, from[q], to[q]);
                        int a = image + from[q];
                        add.run(x, a, c, begin + from[q], x, 0, x, a, end - begin - outWidth + to[q] - from[q]);
                    } else {
                        for (int b = begin, a = image; b < end; b += outWidth, a += window.strideH() * width) {
                            accumulate(x, a, c, b, from[q], to[q]);
                        }
                    }
                }
            }
        }
    }

    /** Zeros in columns of rows of elements [begin, end) that see no image. */
    private void margins(Object c, int begin, int end, int from, int to) {
        if (c instanceof float[] f) {
            for (int b = begin; b < end; b += outWidth) {
                for (int v = 0; v < from; v++) {
                    f[b + v] = 0;
                }
                for (int v = to; v < outWidth; v++) {
                    f[b + v] = 0;
                }
            }
            return;
        }
        double[] d = (double[]) c;
        for (int b = begin; b < end; b += outWidth) {
            for (int v = 0; v < from; v++) {
                d[b + v] = 0;
            }
            for (int v = to; v < outWidth; v++) {
                d[b + v] = 0;
            }
        }
    }

    private static void zero(Object c, int from, int to) {
        if (from == to) {
            return;
        }
        if (c instanceof float[] f) {
            Arrays.fill(f, from, to, 0);
        } else {
            Arrays.fill((double[]) c, from, to, 0);
        }
    }

    /** A copy between arrays whose type is known where it is made is the faster one. */
    private static void move(Object x, int xo, Object c, int co, int n) {
        if (x instanceof float[] f) {
            System.arraycopy(f, xo, (float[]) c, co, n);
        } else {
            System.arraycopy((double[]) x, xo, (double[]) c, co, n);
        }
    }

    private void copy(Object x, int xo, Object c, int co, int from, int to) {
        int step = window.strideW();
        if (step == 1) {
            move(x, xo + from, c, co + from, to - from);
        } else if (x instanceof float[] f) {
            float[] d = (float[]) c;
            for (int v = from; v < to; v++) {
                d[co + v] = f[xo + v * step];
            }
        } else {
            double[] f = (double[]) x;
            double[] d = (double[]) c;
            for (int v = from; v < to; v++) {
                d[co + v] = f[xo + v * step];
            }
        }
    }

    private void accumulate(Object x, int xo, Object c, int co, int from, int to) {
        int step = window.strideW();
        if (x instanceof float[] f) {
            float[] d = (float[]) c;
            for (int v = from; v < to; v++) {
                f[xo + v * step] += d[co + v];
            }
        } else {
            double[] f = (double[]) x;
            double[] d = (double[]) c;
            for (int v = from; v < to; v++) {
                f[xo + v * step] += d[co + v];
            }
        }
    }
}
