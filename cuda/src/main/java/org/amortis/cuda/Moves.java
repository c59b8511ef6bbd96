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

    void copy(View from, View to, boolean gated, List<Step> steps) {
        int words = to.slots() * (to.type().dtype() == DType.F64 ? 2 : 1);
        if (words == 0) {
            return;
        }
        long x = memory.of(from);
        long y = memory.of(to);
        boolean four = x % 16 == 0 && y % 16 == 0 && words % 4 == 0;
        Args a = new Args().pointers(x, y, gated ? gate : 0).ints(words);
        steps.add(new Step.Run(Launch.flat("move", four ? "am_copy4" : "am_copy", four ? words / 4 : words, a)));
    }

    void fill(View to, double value, boolean gated, List<Step> steps) {
        if (to.size() == 0) {
            return;
        }
        long bits = switch (to.type().dtype()) {
            case F32 -> Float.floatToRawIntBits((float) value);
            case F64 -> Double.doubleToRawLongBits(value);
            default -> (int) value;
        };
        Args a = new Args().pointers(memory.of(to), gated ? gate : 0).ints(to.size(), (int) bits, (int) (bits >>> 32));
        steps.add(
                new Step.Run(Launch.flat("move", "am_fill_w" + to.type().dtype().bytes(), to.size(), a)));
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

    boolean layout(LayoutOp op, Instruction.Compute c, List<Step> steps) {
        View x = c.in().isEmpty() ? c.out().get(0) : c.in().get(0);
        View y = c.out().get(0);
        Shape sx = x.type().shape();
        Shape sy = y.type().shape();
        int[] own = sx.strides();
        int[] to = sy.strides();
        int r = sy.rank();
        int[] s = new int[r];
        long base = memory.of(x);
        int bytes = x.type().dtype().bytes();
        switch (op) {
            case LayoutOp.Reshape k -> copy(x, y, false, steps);
            case LayoutOp.Identity k -> copy(x, y, false, steps);
            case LayoutOp.After k -> copy(x, y, false, steps);
            case LayoutOp.Concat k -> {
                int at = 0;
                for (View v : c.in()) {
                    Shape part = v.type().shape();
                    int[] walk = part.toArray();
                    if (!strided(
                            memory.of(v),
                            part.strides(),
                            memory.of(y) + (long) at * to[k.axis()] * bytes,
                            to,
                            walk,
                            bytes,
                            steps)) {
                        return false;
                    }
                    at += part.dim(k.axis());
                }
            }
            case LayoutOp.Transpose t -> {
                for (int a = 0; a < r; a++) {
                    s[a] = own[t.permutation().get(a)];
                }
                int n = r;
                boolean plain = n >= 2
                        && bytes == 4
                        && t.permutation().get(n - 1) == n - 2
                        && t.permutation().get(n - 2) == n - 1;
                for (int a = 0; a < n - 2; a++) {
                    plain &= t.permutation().get(a) == a;
                }
                int batch = plain && x.size() > 0 ? x.size() / sx.dim(-1) / sx.dim(-2) : 0;
                if (plain && batch <= 65535 && sx.dim(-2) < 32 * 65535) {
                    Args a = new Args().pointers(base, memory.of(y)).ints(sx.dim(-2), sx.dim(-1));
                    steps.add(new Step.Run(new Launch(
                            "move",
                            "am_transpose_w4",
                            (sx.dim(-1) + 31) / 32,
                            (sx.dim(-2) + 31) / 32,
                            batch,
                            32,
                            8,
                            a.bytes())));
                    return true;
                }
                return strided(base, s, memory.of(y), to, sy.toArray(), bytes, steps);
            }
            case LayoutOp.Broadcast b -> {
                return strided(base, Args.broadcast(sx, sy), memory.of(y), to, sy.toArray(), bytes, steps);
            }
            case LayoutOp.Slice l -> {
                for (int a = 0; a < r; a++) {
                    s[a] = own[a] * l.steps().get(a);
                    base += (long) bytes * own[a] * l.starts().get(a);
                }
                return strided(base, s, memory.of(y), to, sy.toArray(), bytes, steps);
            }
            case LayoutOp.Flip f -> {
                for (int a = 0; a < r; a++) {
                    boolean flipped = f.axes().contains(a);
                    s[a] = flipped ? -own[a] : own[a];
                    base += flipped ? (long) bytes * own[a] * (sx.dim(a) - 1) : 0;
                }
                return strided(base, s, memory.of(y), to, sy.toArray(), bytes, steps);
            }
            case LayoutOp.Pad p -> {
                fill(y, 0, false, steps);
                int[] t = new int[r];
                long at = memory.of(y);
                for (int a = 0; a < r; a++) {
                    t[a] = to[a] * p.steps().get(a);
                    at += (long) bytes * to[a] * p.low().get(a);
                }
                return strided(base, own, at, t, sx.toArray(), bytes, steps);
            }
        }
        return true;
    }

    private static boolean strided(long x, int[] sx, long y, int[] sy, int[] dims, int bytes, List<Step> steps) {
        int n = 1;
        for (int d : dims) {
            n *= d;
        }
        if (n == 0) {
            return true;
        }
        if (Args.joined(dims, sx, sy)[0].length > Args.AXES) {
            return false;
        }
        Args a = new Args().pointers(x, y).ints(n).walk(dims, sx, sy);
        steps.add(new Step.Run(Launch.flat("move", "am_strided_w" + bytes, n, a)));
        return true;
    }
}
