package org.amortis.cuda;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.LayoutOp;

/** Copies, fills and everything that only moves elements. */
final class Moves {
    private final Addresses memory;
    private final long gate;

    Moves(Addresses memory, long gate) {
        this.memory = memory;
        this.gate = gate;
    }

    void copy(View from, View to, List<Step> steps) {
        int words = to.slots() * (to.type().dtype() == DType.F64 ? 2 : 1);
        if (words > 0) {
            words(memory.of(from), memory.of(to), words, false, steps);
        }
    }

    private void words(long x, long y, int words, boolean gated, List<Step> steps) {
        boolean four = x % 16 == 0 && y % 16 == 0 && words % 4 == 0;
        Args a = new Args().pointers(x, y, gated ? gate : 0).ints(words);
        steps.add(new Step.Run(Launch.flat("move", four ? "am_copy4" : "am_copy", four ? words / 4 : words, a)));
    }

    void slice(View from, View to, long step, boolean into, List<Step> steps) {
        View one = into ? from : to;
        int words = one.slots() * (one.type().dtype() == DType.F64 ? 2 : 1);
        if (words > 0) {
            Args a =
                    new Args().pointers(memory.of(from), memory.of(to), step, 0).ints(words, into ? 1 : 0);
            steps.add(new Step.Run(Launch.flat("move", "am_slice", words, a)));
        }
    }

    /** Whether a transpose swaps the last two axes, so that tiles of shared memory do it. */
    static boolean tiles(LayoutOp.Transpose t, View x) {
        Shape s = x.type().shape();
        int n = s.rank();
        boolean plain = n >= 2
                && x.type().dtype().bytes() == 4
                && t.permutation().get(n - 1) == n - 2
                && t.permutation().get(n - 2) == n - 1;
        for (int a = 0; a < n - 2; a++) {
            plain &= t.permutation().get(a) == a;
        }
        return plain && x.size() / s.dim(-1) / s.dim(-2) <= 65535 && s.dim(-2) < 32 * 65535;
    }

    boolean transpose(LayoutOp op, View x, View y, List<Step> steps) {
        if (!(op instanceof LayoutOp.Transpose t) || !tiles(t, x)) {
            return false;
        }
        Shape s = x.type().shape();
        Args a = new Args().pointers(memory.of(x), memory.of(y)).ints(s.dim(-2), s.dim(-1));
        int batch = x.size() / s.dim(-1) / s.dim(-2);
        steps.add(new Step.Run(new Launch(
                "move", "am_transpose_w4", (s.dim(-1) + 31) / 32, (s.dim(-2) + 31) / 32, batch, 32, 8, a.bytes())));
        return true;
    }

    /** A single move by a kernel that ships, so that the driver has nothing to compile: true if there is one. */
    boolean alone(Part p, boolean gated, List<Step> steps) {
        if (!p.moves()) {
            return false;
        }
        Operand to = p.out().get(0);
        long y = memory.of(to.base());
        int bytes = to.type().bytes();
        if (p.values().get(0) instanceof Instruction.Source.Immediate c) {
            long bits = switch (to.type()) {
                case F32 -> Float.floatToRawIntBits((float) c.value());
                case F64 -> Double.doubleToRawLongBits(c.value());
                default -> (int) c.value();
            };
            Args a = new Args().pointers(y, gated ? gate : 0).ints(p.size(), (int) bits, (int) (bits >>> 32));
            steps.add(new Step.Run(Launch.flat("move", "am_fill_w" + bytes, p.size(), a)));
            return true;
        }
        Operand from = p.in().get(0);
        long x = memory.of(from.base());
        if (from.plain() && to.plain()) {
            words(x, y, p.size() * bytes / 4, gated, steps);
            return true;
        }
        int[][] walk = Operand.walked(from, to);
        if (gated || walk[0].length > Args.AXES) {
            return false;
        }
        Args a = new Args().pointers(x, y).ints(p.size()).walk(walk[0], walk[1], walk[2]);
        steps.add(new Step.Run(Launch.flat("move", "am_strided_w" + bytes, p.size(), a)));
        return true;
    }
}
