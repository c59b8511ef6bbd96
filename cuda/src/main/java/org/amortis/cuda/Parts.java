package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.LayoutOp;
import org.jspecify.annotations.Nullable;

/** Instructions that are elementwise or only move elements, as parts of generated kernels. */
final class Parts {
    /** Rows at least so long are shared by a block instead of a warp. */
    static final int BLOCK_ROW = 512;

    /** Blocks that share a long row when there are few rows: as many as keep a large card busy. */
    private static final int SHARERS = 264;

    /** Elements from which on a transpose goes through shared memory. */
    private static final int TILES = 4096;

    private static final Instruction.Source FIRST = new Instruction.Source.Input(0);

    private final Temporaries temporaries;

    Parts(Temporaries temporaries) {
        this.temporaries = temporaries;
    }

    /** The parts in order, or null if there is another kernel for it, or none. */
    @Nullable
    List<Part> of(Instruction i) {
        return switch (i) {
            case Instruction.Fused f -> fused(f);
            case Instruction.Copy c -> copy(c.from(), c.to());
            case Instruction.Fill f -> fill(f.to(), f.value());
            case Instruction.Compute c -> c.origin().op() instanceof LayoutOp l ? layout(l, c) : null;
            case Instruction.Accumulate a -> null;
            case Instruction.Loop l -> null;
        };
    }

    private @Nullable List<Part> fused(Instruction.Fused f) {
        if (f.shape().size() == 0) {
            List<Part> r = new ArrayList<>();
            f.sums().forEach(s -> r.addAll(fill(s.to(), 0)));
            return r;
        }
        boolean known = f.micro().stream().allMatch(m -> ChainText.known(m.op()));
        for (View v : f.reads()) {
            known &= v.type().dtype() != DType.KEY;
        }
        if (!known) {
            return null;
        }
        int size = f.shape().size();
        int row = f.sums().isEmpty() ? size : size / f.sums().get(0).to().size();
        int[] dims = f.shape().toArray();
        List<Operand> in = new ArrayList<>();
        for (Instruction.FusedInput x : f.in()) {
            in.add(Operand.of(x.view(), 0, dims, x.strides().toArray()));
        }
        List<Operand> out = f.out().stream().map(Operand::whole).toList();
        List<Instruction.Source> values = new ArrayList<>();
        for (int r : f.outRegisters()) {
            values.add(new Instruction.Source.Register(r));
        }
        Part plain = new Part(size, row, 1, in, f.micro(), f.registers(), out, values, List.of());
        int sharers = f.sums().isEmpty() ? 1 : sharers(size / row, row, plain.fours() ? 4 : 1);
        List<Part.Sum> sums = new ArrayList<>();
        List<Part> r = new ArrayList<>();
        for (Instruction.RowSum s : f.sums()) {
            Instruction.Source from = new Instruction.Source.Register(s.register());
            if (sharers == 1) {
                sums.add(new Part.Sum(from, Operand.whole(s.to())));
                continue;
            }
            int rows = size / row;
            View parts = temporaries.make(s.to().type().dtype(), rows * sharers);
            sums.add(new Part.Sum(from, Operand.whole(parts)));
            Operand each = Operand.of(parts, 0, new int[] {rows, sharers}, new int[] {1, rows});
            Part.Sum total = new Part.Sum(FIRST, Operand.whole(s.to()));
            r.add(new Part(
                    rows * sharers, sharers, 1, List.of(each), List.of(), 0, List.of(), List.of(), List.of(total)));
        }
        r.add(0, new Part(size, row, sharers, in, f.micro(), f.registers(), out, values, sums));
        return r;
    }

    private static int sharers(int rows, int row, int width) {
        int turns = (row + Section.THREADS * width - 1) / (Section.THREADS * width);
        return row >= BLOCK_ROW && rows < SHARERS ? Math.clamp((turns + 3) / 4, 1, Math.max(1, SHARERS / rows)) : 1;
    }

    private static List<Part> copy(View from, View to) {
        return to.size() == 0 ? List.of() : List.of(moved(to.size(), Operand.whole(from), Operand.whole(to)));
    }

    private static Part moved(int size, Operand from, Operand to) {
        return Part.store(size, List.of(from), FIRST, to);
    }

    private static List<Part> fill(View to, double value) {
        return to.size() == 0
                ? List.of()
                : List.of(Part.store(to.size(), List.of(), new Instruction.Source.Immediate(value), Operand.whole(to)));
    }

    private static @Nullable List<Part> layout(LayoutOp op, Instruction.Compute c) {
        View y = c.out().get(0);
        if (y.size() == 0) {
            return List.of();
        }
        View x = c.in().isEmpty() ? y : c.in().get(0);
        Shape sx = x.type().shape();
        Shape sy = y.type().shape();
        int[] own = sx.strides();
        int[] to = sy.strides();
        int r = sy.rank();
        int[] s = new int[r];
        int first = 0;
        switch (op) {
            case LayoutOp.Reshape k -> {
                return copy(x, y);
            }
            case LayoutOp.Identity k -> {
                return copy(x, y);
            }
            case LayoutOp.After k -> {
                return copy(x, y);
            }
            case LayoutOp.Concat k -> {
                List<Part> parts = new ArrayList<>();
                int at = 0;
                for (View v : c.in()) {
                    Shape part = v.type().shape();
                    if (v.size() > 0) {
                        Operand into = Operand.of(y, at * to[k.axis()], part.toArray(), to);
                        parts.add(moved(v.size(), Operand.whole(v), into));
                    }
                    at += part.dim(k.axis());
                }
                return parts;
            }
            case LayoutOp.Transpose t -> {
                for (int a = 0; a < r; a++) {
                    s[a] = own[t.permutation().get(a)];
                }
                if (y.size() > TILES && Moves.tiles(t, x)) {
                    return null;
                }
            }
            case LayoutOp.Broadcast b -> s = Args.broadcast(sx, sy);
            case LayoutOp.Slice l -> {
                for (int a = 0; a < r; a++) {
                    s[a] = own[a] * l.steps().get(a);
                    first += own[a] * l.starts().get(a);
                }
            }
            case LayoutOp.Flip f -> {
                for (int a = 0; a < r; a++) {
                    boolean flipped = f.axes().contains(a);
                    s[a] = flipped ? -own[a] : own[a];
                    first += flipped ? own[a] * (sx.dim(a) - 1) : 0;
                }
            }
            case LayoutOp.Pad p -> {
                List<Part> parts = new ArrayList<>(fill(y, 0));
                int at = 0;
                for (int a = 0; a < r; a++) {
                    s[a] = to[a] * p.steps().get(a);
                    at += to[a] * p.low().get(a);
                }
                if (x.size() > 0) {
                    parts.add(moved(x.size(), Operand.whole(x), Operand.of(y, at, sx.toArray(), s)));
                }
                return parts;
            }
        }
        return List.of(moved(y.size(), Operand.of(x, first, sy.toArray(), s), Operand.whole(y)));
    }
}
