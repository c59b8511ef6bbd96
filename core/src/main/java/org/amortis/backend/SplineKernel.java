package org.amortis.backend;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.SplineLoop;
import org.amortis.spi.View;
import org.amortis.tensor.SplineOp;
import org.jspecify.annotations.Nullable;

/**
 * A spline; parts are blocks of rows, or of one row where rows are long. Loops of the backend, or plain ones in double.
 */
final class SplineKernel implements Kernel {
    /** Elements of one part, about. */
    private static final int BLOCK = 1024;

    private final SplineOp op;
    private final @Nullable SplineLoop loop;
    private final Object[] arrays;
    private final int[] at;
    private final int elements;
    private final int size;
    private final int rowsPerPart;
    private final int partsPerRow;
    private final boolean single;
    private final Scratch scratch;

    SplineKernel(SplineOp op, Instruction.Compute c, Memory memory, Loops loops, Scratch scratch) {
        List<View> views = new ArrayList<>(c.in());
        views.addAll(c.out());
        this.op = op;
        this.scratch = scratch;
        this.arrays = new Object[views.size()];
        this.at = new int[views.size()];
        for (int i = 0; i < at.length; i++) {
            arrays[i] = memory.array(views.get(i));
            at[i] = memory.offset(views.get(i));
        }
        View value = views.get(0);
        DType type = value.type().dtype();
        this.elements = value.size();
        this.size = Math.max(1, value.type().shape().dim(-1));
        this.rowsPerPart = Math.max(1, BLOCK / size);
        this.partsPerRow = size <= BLOCK ? 1 : (size + BLOCK - 1) / BLOCK;
        this.loop = loops.spline(op, type);
        this.single = type == DType.F32;
        scratch.reserve(
                loop == null ? DType.F64 : type, loop == null ? ScalarSpline.scratch(op.form()) : loop.scratch());
    }

    @Override
    public int parts() {
        int rows = elements / size;
        return partsPerRow > 1 ? rows * partsPerRow : (rows + rowsPerPart - 1) / rowsPerPart;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int p = from; p < to; p++) {
            int first;
            int last;
            if (partsPerRow > 1) {
                int row = p / partsPerRow * size;
                first = row + p % partsPerRow * BLOCK;
                last = Math.min(row + size, first + BLOCK);
            } else {
                first = p * rowsPerPart * size;
                last = Math.min(elements, first + rowsPerPart * size);
            }
            if (loop == null) {
                ScalarSpline.run(op, arrays, at, size, first, last, scratch.doubles(worker));
            } else {
                loop.run(arrays, at, size, first, last, single ? scratch.floats(worker) : scratch.doubles(worker));
            }
        }
    }

    @Override
    public long cost() {
        // nanoseconds for a bin of an element
        return (long) elements * (op.form().bins() + 2);
    }
}
