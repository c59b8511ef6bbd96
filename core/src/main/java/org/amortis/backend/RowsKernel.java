package org.amortis.backend;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.RowLoop;
import org.amortis.spi.View;
import org.amortis.tensor.RowOp;
import org.jspecify.annotations.Nullable;

/** A composite over contiguous rows; parts are blocks of rows. Loops of the backend, or plain ones in double. */
final class RowsKernel implements Kernel {
    /** Elements of one part, about: they are gone over several times and should stay in the first cache. */
    private static final int BLOCK = 2048;

    /** Nanoseconds for a thousand elements. */
    private static final int COST = 600;

    private final @Nullable RowLoop loop;
    private final RowOp op;
    private final Object[] arrays;
    private final int[] at;
    private final int[] widths;
    private final int operands;
    private final int rows;
    private final int cols;
    private final int perPart;
    private final boolean single;
    private final Scratch scratch;

    private RowsKernel(
            RowOp op, Instruction.Compute c, int cols, Memory memory, @Nullable RowLoop loop, Scratch scratch) {
        List<View> views = new ArrayList<>(c.in());
        views.addAll(c.out());
        this.op = op;
        this.loop = loop;
        this.cols = cols;
        this.rows = views.get(0).size() / cols;
        this.operands = c.in().size();
        this.arrays = new Object[views.size()];
        this.at = new int[views.size()];
        this.widths = new int[views.size()];
        int width = 0;
        for (int i = 0; i < at.length; i++) {
            View v = views.get(i);
            arrays[i] = memory.array(v);
            at[i] = memory.offset(v);
            widths[i] = rows == 0 ? 0 : v.size() / rows;
            width += widths[i];
        }
        // several short rows share a vector: whole vectors of them in each part
        int per = Math.max(1, BLOCK / cols);
        this.perPart = per < 16 ? per : per / 16 * 16;
        this.scratch = scratch;
        DType type = views.get(0).type().dtype();
        this.single = type == DType.F32;
        scratch.reserve(loop == null ? DType.F64 : type, loop == null ? width : (cols + 1) * perPart);
    }

    static Kernel of(RowOp op, Instruction.Compute c, Memory memory, Loops loops, Scratch scratch) {
        Shape first = c.in().get(0).type().shape();
        int cols = op.rowLength(first);
        // rows that are not contiguous are expanded by the compiler; here so that a plan of another one runs too
        return cols == 0
                ? new ReferenceKernel(c, memory)
                : new RowsKernel(
                        op, c, cols, memory, loops.rows(op, c.in().get(0).type().dtype()), scratch);
    }

    @Override
    public int parts() {
        return (rows + perPart - 1) / perPart;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (loop != null) {
            Object s = single ? scratch.floats(worker) : scratch.doubles(worker);
            for (int p = from; p < to; p++) {
                loop.run(arrays, at, p * perPart, Math.min(rows, (p + 1) * perPart), cols, s);
            }
            return;
        }
        int end = Math.min(rows, to * perPart);
        double[] s = scratch.doubles(worker);
        for (int r = from * perPart; r < end; r++) {
            int o = 0;
            for (int i = 0; i < operands; i++) {
                load(arrays[i], at[i] + r * widths[i], s, o, widths[i]);
                o += widths[i];
            }
            ScalarRows.run(op, s, cols, o);
            for (int i = operands; i < at.length; i++) {
                store(s, o, arrays[i], at[i] + r * widths[i], widths[i]);
                o += widths[i];
            }
        }
    }

    private static void load(Object x, int xo, double[] s, int so, int n) {
        if (x instanceof float[] f) {
            for (int i = 0; i < n; i++) {
                s[so + i] = f[xo + i];
            }
        } else {
            System.arraycopy(x, xo, s, so, n);
        }
    }

    private static void store(double[] s, int so, Object y, int yo, int n) {
        if (y instanceof float[] f) {
            for (int i = 0; i < n; i++) {
                f[yo + i] = (float) s[so + i];
            }
        } else {
            System.arraycopy(s, so, y, yo, n);
        }
    }

    @Override
    public long cost() {
        return (long) rows * cols * COST / 1000;
    }
}
