package org.amortis.cuda;

import java.util.List;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;

/** Gathers, scatters, running sums and products, linear recurrences. */
final class Indexing {
    private final Addresses memory;
    private final long status;

    Indexing(Addresses memory, long status) {
        this.memory = memory;
        this.status = status;
    }

    /** Whether an operation has indices, which may be bad. */
    static boolean looks(IndexOp op) {
        return op instanceof IndexOp.Gather
                || op instanceof IndexOp.ScatterAdd
                || op instanceof IndexOp.TakeAlong
                || op instanceof IndexOp.AddAlong;
    }

    void index(IndexOp op, Instruction.Compute c, int id, List<Step> steps) {
        View x = c.in().get(0);
        View y = c.out().get(0);
        Shape sx = x.type().shape();
        Shape sy = y.type().shape();
        String type = Launch.suffix(x.type().dtype());
        int bytes = x.type().dtype().bytes();
        switch (op) {
            case IndexOp.Gather g -> {
                View index = c.in().get(1);
                Args a = indexed(x, index, y)
                        .ints(y.size(), index.size(), sx.dim(g.axis()), sx.product(g.axis() + 1, sx.rank()), id);
                steps.add(new Step.Run(Launch.flat("index", "am_gather_w" + bytes, y.size(), a)));
            }
            case IndexOp.ScatterAdd g -> {
                View index = c.in().get(1);
                int inner = sy.product(g.axis() + 1, sy.rank());
                int outer = sy.product(0, g.axis());
                Args a = indexed(x, index, y).ints(y.size(), index.size(), g.n(), inner, id);
                steps.add(new Step.Run(new Launch(
                        "index", "am_scatter_" + type, outer * g.n(), (inner + 255) / 256, 1, 256, 1, a.bytes())));
            }
            case IndexOp.TakeAlong t -> {
                Args a = indexed(x, c.in().get(1), y)
                        .ints(y.size(), sy.dim(t.axis()), sx.dim(t.axis()), sy.product(t.axis() + 1, sy.rank()), id);
                steps.add(new Step.Run(Launch.flat("index", "am_take_w" + bytes, y.size(), a)));
            }
            case IndexOp.AddAlong t -> {
                Args a = indexed(x, c.in().get(1), y)
                        .ints(y.size(), sx.dim(t.axis()), t.n(), sy.product(t.axis() + 1, sy.rank()), id);
                steps.add(new Step.Run(Launch.flat("index", "am_add_along_" + type, y.size(), a)));
            }
            case IndexOp.Cumsum k -> {
                int n = sx.dim(k.axis());
                int inner = sx.product(k.axis() + 1, sx.rank());
                int lines = x.size() / n;
                Args a = new Args().pointers(memory.of(x), memory.of(y)).ints(lines, n, inner, k.reverse() ? 1 : 0);
                steps.add(new Step.Run(
                        inner == 1
                                ? Launch.warps("index", "am_cumsum_" + type, lines, a)
                                : Launch.flat("index", "am_cumsum_lines_" + type, lines, a)));
            }
            case IndexOp.Cumprod k -> recurrence(k.axis(), k.reverse(), false, c, steps);
            case IndexOp.LinearRecurrence k -> recurrence(k.axis(), k.reverse(), k.late(), c, steps);
        }
    }

    private void recurrence(int axis, boolean reverse, boolean late, Instruction.Compute c, List<Step> steps) {
        View y = c.out().get(0);
        Shape s = y.type().shape();
        int n = s.dim(axis);
        int lines = y.size() / n;
        long terms = c.in().size() > 1 ? memory.of(c.in().get(1)) : 0;
        long initial = c.in().size() > 2 ? memory.of(c.in().get(2)) : 0;
        Args a = new Args()
                .pointers(memory.of(c.in().get(0)), terms, initial, memory.of(y))
                .ints(lines, n, s.product(axis + 1, s.rank()), reverse ? 1 : 0, late ? 1 : 0);
        String type = Launch.suffix(y.type().dtype());
        steps.add(new Step.Run(Launch.flat("index", "am_recurrence_" + type, lines, a)));
    }

    private Args indexed(View x, View index, View y) {
        return new Args().pointers(memory.of(x), memory.of(index), memory.of(y), status);
    }
}
