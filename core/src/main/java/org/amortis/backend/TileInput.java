package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Memory;
import org.amortis.tensor.Axes;

/** How a fused group reads one operand: where it lies, as one number, or through strides into a tile. */
final class TileInput {
    final Object array;
    final int offset;
    final DType type;
    final boolean contiguous;
    final boolean scalar;
    private final int[] dims;
    private final int[] strides;

    TileInput(Instruction.FusedInput in, Shape shape, Memory memory) {
        this.array = memory.array(in.view());
        this.offset = memory.offset(in.view());
        this.type = in.view().type().dtype();
        Axes s = in.strides();
        int[] own = shape.strides();
        boolean inOrder = true;
        boolean constant = true;
        for (int a = 0; a < shape.rank(); a++) {
            boolean one = shape.dim(a) == 1;
            inOrder &= one || s.get(a) == own[a];
            constant &= one || s.get(a) == 0;
        }
        this.contiguous = inOrder;
        // a single element is both; reading it in place is cheaper than filling a tile
        this.scalar = constant && !inOrder;
        // neighbouring axes that are walked with one stride are one axis
        int[] d = new int[shape.rank()];
        int[] t = new int[shape.rank()];
        int n = 0;
        for (int a = 0; a < shape.rank(); a++) {
            if (shape.dim(a) == 1) {
                continue;
            }
            if (n > 0 && t[n - 1] == s.get(a) * shape.dim(a)) {
                d[n - 1] *= shape.dim(a);
                t[n - 1] = s.get(a);
            } else {
                d[n] = shape.dim(a);
                t[n] = s.get(a);
                n++;
            }
        }
        this.dims = Arrays.copyOf(d, n);
        this.strides = Arrays.copyOf(t, n);
    }

    /** Elements from the first that is read to the last. */
    int extent() {
        int n = 1;
        for (int a = 0; a < dims.length; a++) {
            n += (dims[a] - 1) * strides[a];
        }
        return n;
    }

    /** Length of the rows in which the operand is read in order, each from a place of its own; 0 if there are none. */
    int rowLength() {
        return dims.length == 2 && strides[1] == 1 ? dims[1] : 0;
    }

    /** Distance of those rows. */
    int rowStride() {
        return strides[0];
    }

    /** The one number of a scalar operand. */
    double number() {
        return switch (array) {
            case float[] f -> f[offset];
            case double[] d -> d[offset];
            case int[] n -> n[offset];
            default -> throw new IllegalStateException();
        };
    }

    /** Fills a tile with the one number of a scalar operand. */
    void fill(Object tile) {
        switch (tile) {
            case float[] f -> Arrays.fill(f, ((float[]) array)[offset]);
            case double[] d -> Arrays.fill(d, ((double[]) array)[offset]);
            case int[] n -> Arrays.fill(n, ((int[]) array)[offset]);
            default -> throw new IllegalStateException();
        }
    }

    /** Reads a tile through strides, in runs of the innermost axis. */
    void load(Object tile, int at, int n) {
        int last = dims.length - 1;
        int inner = dims[last];
        int stride = strides[last];
        int done = 0;
        while (done < n) {
            int flat = at + done;
            int k = flat % inner;
            int rest = flat / inner;
            int from = offset + k * stride;
            for (int a = last - 1; a >= 0; a--) {
                from += rest % dims[a] * strides[a];
                rest /= dims[a];
            }
            int run = Math.min(inner - k, n - done);
            move(array, from, stride, tile, done, run);
            done += run;
        }
    }

    private static void move(Object x, int from, int stride, Object tile, int to, int n) {
        switch (tile) {
            case float[] y -> {
                float[] f = (float[]) x;
                if (stride == 1) {
                    System.arraycopy(f, from, y, to, n);
                } else if (stride == 0) {
                    Arrays.fill(y, to, to + n, f[from]);
                } else {
                    for (int i = 0; i < n; i++) {
                        y[to + i] = f[from + i * stride];
                    }
                }
            }
            case double[] y -> {
                double[] f = (double[]) x;
                if (stride == 1) {
                    System.arraycopy(f, from, y, to, n);
                } else {
                    for (int i = 0; i < n; i++) {
                        y[to + i] = f[from + i * stride];
                    }
                }
            }
            case int[] y -> {
                int[] f = (int[]) x;
                for (int i = 0; i < n; i++) {
                    y[to + i] = f[from + i * stride];
                }
            }
            default -> throw new IllegalStateException();
        }
    }
}
