package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.Axes;
import org.amortis.tensor.ReduceOp;

/**
 * Reductions of any element type over any axes. Neighbouring axes of one kind are merged; what is kept is cut into rows
 * of {@code columns} results that lie next to each other in the operand (1 if the last axis is reduced), and rows into
 * parts. A row is reduced line by line into accumulators: doubles for floats, so that an F32 sum is rounded once, and
 * for F64 a second level every {@value #LEVEL} lines bounds the error; ints, which wrap, for the rest.
 */
final class StridedReduceKernel implements Kernel {
    private static final int LEVEL = 64;

    private static final int COLUMN_BLOCK = 256;

    /** Elements of the operand that one part reads, about. */
    private static final int WORK = 8192;

    /** Results of one long line of ints are combined from this many blocks at most. */
    private static final int MAX_BLOCKS = 64;

    private final ReduceOp.Kind kind;
    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final int[] keptDims;
    private final int[] keptStrides;
    private final int[] dims;
    private final int[] strides;
    private final int columns;
    private final int line;
    private final int lines;
    private final int rows;
    private final int columnBlocks;
    private final int rowsPerPart;
    private final int blocks;
    private final int[] partial;
    private final Scratch scratch;

    StridedReduceKernel(ReduceOp.Reduction op, View x, View y, Memory memory, Scratch scratch) {
        this.kind = op.kind();
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.scratch = scratch;
        Shape s = x.type().shape();
        Merged kept = new Merged(s, op.axes(), false);
        Merged reduced = new Merged(s, op.axes(), true);
        boolean wide = kept.count > 0 && kept.strides[kept.count - 1] == 1;
        this.columns = wide ? kept.dims[kept.count - 1] : 1;
        this.keptDims = Arrays.copyOf(kept.dims, kept.count - (wide ? 1 : 0));
        this.keptStrides = Arrays.copyOf(kept.strides, keptDims.length);
        // the innermost reduced axis is walked as a line unless columns are
        this.line = wide || reduced.count == 0 ? 1 : reduced.dims[reduced.count - 1];
        this.dims = Arrays.copyOf(reduced.dims, reduced.count - (wide || reduced.count == 0 ? 0 : 1));
        this.strides = Arrays.copyOf(reduced.strides, dims.length);
        int n = 1;
        for (int d : dims) {
            n *= d;
        }
        this.lines = n;
        this.rows = columns == 0 ? 0 : y.size() / columns;
        this.columnBlocks = (columns + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        long perRow = Math.max(1, (long) lines * line * Math.min(columns, COLUMN_BLOCK));
        this.rowsPerPart = columnBlocks > 1 ? 1 : (int) Math.max(1, WORK / perRow);
        boolean one = y.size() == 1 && this.y instanceof int[] && lines == 1 && line > WORK;
        this.blocks = one ? Math.min(MAX_BLOCKS, line / WORK + 1) : 0;
        this.partial = new int[blocks];
        if (this.y instanceof int[]) {
            scratch.reserve(DType.I32, COLUMN_BLOCK);
        } else {
            scratch.reserve(DType.F64, 2 * COLUMN_BLOCK);
        }
    }

    /** The axes of one kind, those of size 1 left out, neighbours that are walked with one stride merged. */
    private static final class Merged {
        final int[] dims;
        final int[] strides;
        int count;

        Merged(Shape s, Axes axes, boolean reduced) {
            this.dims = new int[s.rank()];
            this.strides = new int[s.rank()];
            int[] own = s.strides();
            for (int a = 0; a < s.rank(); a++) {
                if (s.dim(a) == 1 || axes.contains(a) != reduced) {
                    continue;
                }
                if (count > 0 && strides[count - 1] == own[a] * s.dim(a)) {
                    dims[count - 1] *= s.dim(a);
                    strides[count - 1] = own[a];
                } else {
                    dims[count] = s.dim(a);
                    strides[count] = own[a];
                    count++;
                }
            }
        }
    }

    @Override
    public int parts() {
        if (blocks > 0) {
            return blocks;
        }
        return columnBlocks > 1 ? rows * columnBlocks : (rows + rowsPerPart - 1) / rowsPerPart;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (blocks > 0) {
            int[] d = (int[]) x;
            for (int b = from; b < to; b++) {
                int start = (int) ((long) line * b / blocks);
                int end = (int) ((long) line * (b + 1) / blocks);
                partial[b] = ints(d, xo + start, end - start, start());
            }
        } else if (columnBlocks > 1) {
            for (int p = from; p < to; p++) {
                int c = p % columnBlocks * COLUMN_BLOCK;
                row(p / columnBlocks, c, Math.min(columns, c + COLUMN_BLOCK), worker);
            }
        } else {
            for (int r = from * rowsPerPart; r < Math.min(rows, to * rowsPerPart); r++) {
                row(r, 0, columns, worker);
            }
        }
    }

    private int start() {
        return switch (kind) {
            case SUM, ANY -> 0;
            case ALL -> 1;
            case MAX -> Integer.MIN_VALUE;
            case MIN -> Integer.MAX_VALUE;
        };
    }

    private void row(int r, int c0, int c1, int worker) {
        int base = xo + Strides.offset(r, keptDims, keptStrides) + c0;
        int to = yo + r * columns + c0;
        int n = c1 - c0;
        if (y instanceof int[] f) {
            int[] acc = scratch.ints(worker);
            Arrays.fill(acc, 0, n, start());
            for (int l = 0; l < lines; l++) {
                int at = base + Strides.offset(l, dims, strides);
                if (columns == 1) {
                    acc[0] = ints((int[]) x, at, line, acc[0]);
                } else {
                    ints((int[]) x, at, acc, n);
                }
            }
            System.arraycopy(acc, 0, f, to, n);
            return;
        }
        double[] acc = scratch.doubles(worker);
        double init = kind == ReduceOp.Kind.MAX
                ? Double.NEGATIVE_INFINITY
                : kind == ReduceOp.Kind.MIN ? Double.POSITIVE_INFINITY : 0;
        Arrays.fill(acc, 0, n, init);
        if (kind == ReduceOp.Kind.SUM) {
            for (int first = 0; first < lines; first += LEVEL) {
                Arrays.fill(acc, COLUMN_BLOCK, COLUMN_BLOCK + n, 0);
                for (int l = first; l < Math.min(lines, first + LEVEL); l++) {
                    add(base + Strides.offset(l, dims, strides), acc, n);
                }
                for (int j = 0; j < n; j++) {
                    acc[j] += acc[COLUMN_BLOCK + j];
                }
            }
        } else {
            for (int l = 0; l < lines; l++) {
                extreme(base + Strides.offset(l, dims, strides), acc, n);
            }
        }
        if (y instanceof float[] f) {
            for (int j = 0; j < n; j++) {
                f[to + j] = (float) acc[j];
            }
        } else {
            System.arraycopy(acc, 0, (double[]) y, to, n);
        }
    }

    /** Adds one line to the second level. */
    private void add(int at, double[] acc, int n) {
        if (x instanceof float[] f) {
            if (columns == 1) {
                double sum = 0;
                for (int i = 0; i < line; i++) {
                    sum += f[at + i];
                }
                acc[COLUMN_BLOCK] += sum;
                return;
            }
            for (int j = 0; j < n; j++) {
                acc[COLUMN_BLOCK + j] += f[at + j];
            }
            return;
        }
        double[] d = (double[]) x;
        if (columns == 1) {
            for (int first = 0; first < line; first += LEVEL) {
                double sum = 0;
                for (int i = first; i < Math.min(line, first + LEVEL); i++) {
                    sum += d[at + i];
                }
                acc[COLUMN_BLOCK] += sum;
            }
            return;
        }
        for (int j = 0; j < n; j++) {
            acc[COLUMN_BLOCK + j] += d[at + j];
        }
    }

    private void extreme(int at, double[] acc, int n) {
        int end = columns == 1 ? line : n;
        boolean max = kind == ReduceOp.Kind.MAX;
        for (int i = 0; i < end; i++) {
            double v = x instanceof float[] f ? f[at + i] : ((double[]) x)[at + i];
            int j = columns == 1 ? 0 : i;
            acc[j] = max ? Math.max(acc[j], v) : Math.min(acc[j], v);
        }
    }

    /** One line of ints into one number. */
    private int ints(int[] d, int at, int n, int start) {
        int r = start;
        switch (kind) {
            case SUM -> {
                for (int i = 0; i < n; i++) {
                    r += d[at + i];
                }
            }
            case MAX -> {
                for (int i = 0; i < n; i++) {
                    r = Math.max(r, d[at + i]);
                }
            }
            case MIN -> {
                for (int i = 0; i < n; i++) {
                    r = Math.min(r, d[at + i]);
                }
            }
            case ANY -> {
                for (int i = 0; i < n && r == 0; i++) {
                    r = d[at + i] != 0 ? 1 : 0;
                }
            }
            case ALL -> {
                for (int i = 0; i < n && r != 0; i++) {
                    r = d[at + i] != 0 ? 1 : 0;
                }
            }
        }
        return r;
    }

    /** One line of ints into columns. */
    private void ints(int[] d, int at, int[] acc, int n) {
        switch (kind) {
            case SUM -> {
                for (int j = 0; j < n; j++) {
                    acc[j] += d[at + j];
                }
            }
            case MAX -> {
                for (int j = 0; j < n; j++) {
                    acc[j] = Math.max(acc[j], d[at + j]);
                }
            }
            case MIN -> {
                for (int j = 0; j < n; j++) {
                    acc[j] = Math.min(acc[j], d[at + j]);
                }
            }
            case ANY -> {
                for (int j = 0; j < n; j++) {
                    acc[j] |= d[at + j] != 0 ? 1 : 0;
                }
            }
            case ALL -> {
                for (int j = 0; j < n; j++) {
                    acc[j] &= d[at + j] != 0 ? 1 : 0;
                }
            }
        }
    }

    @Override
    public void finish() {
        if (blocks > 0) {
            ((int[]) y)[yo] = ints(partial, 0, blocks, start());
        }
    }

    @Override
    public long cost() {
        return (long) rows * columns * lines * line / 2;
    }
}
