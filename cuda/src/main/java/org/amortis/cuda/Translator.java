package org.amortis.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.Axes;
import org.amortis.tensor.CompositeOp;
import org.amortis.tensor.Composites;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.CustomNode;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.IndexOp;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.LinalgOp;
import org.amortis.tensor.LoopOp;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.ReduceOp;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SoftmaxOp;
import org.amortis.tensor.SortOp;
import org.jspecify.annotations.Nullable;

/** Instructions of a plan as launches of kernels; what has no kernel is left to the processor. */
final class Translator {
    /** Elements of a row that a warp still takes alone. */
    private static final int WARP_ROW = 1024;

    /** Elements of a line that a block sorts in shared memory. */
    private static final int SORT_BLOCK = 1024;

    private final Addresses memory;
    private final Chains chains;
    private final Workspace workspace;
    private final Products products;
    private final Reductions reductions;
    private final long gate;
    private final long status;
    private int ids;

    /**
     * A translator.
     *
     * @param memory where views lie
     * @param chains takes the generated kernels
     * @param workspace takes what kernels need beside their operands
     * @param gate address of the word that closes commits
     * @param status address of the words that report a bad index
     */
    Translator(Addresses memory, Chains chains, Workspace workspace, long gate, long status) {
        this.memory = memory;
        this.chains = chains;
        this.workspace = workspace;
        this.products = new Products(memory, workspace, chains);
        this.reductions = new Reductions(memory, workspace);
        this.gate = gate;
        this.status = status;
    }

    /** Instructions of the step. */
    List<Step> compute(List<Instruction> instructions) {
        List<Step> steps = new ArrayList<>();
        computeInto(instructions, steps);
        return steps;
    }

    private void computeInto(List<Instruction> instructions, List<Step> steps) {
        for (int k = 0; k < instructions.size(); k++) {
            ids++;
            Instruction i = instructions.get(k);
            @Nullable Instruction next = k + 1 < instructions.size() ? instructions.get(k + 1) : null;
            if (next instanceof Instruction.Fused f && product(i, f, steps) || columns(i, next, steps)) {
                k++;
            } else if (!(next instanceof Instruction.Fused && isProduct(i))) {
                translate(i, false, steps);
            }
        }
    }

    /** A gradient of weights with that of their row, if that is what comes. */
    private boolean columns(Instruction i, @Nullable Instruction next, List<Step> steps) {
        if (!(i instanceof Instruction.Compute c)
                || !(next instanceof Instruction.Compute r)
                || !isProduct(i)
                || !(r.origin().op() instanceof ReduceOp.Reduction sum)
                || sum.kind() != ReduceOp.Kind.SUM) {
            return false;
        }
        View x = r.in().get(0);
        Shape s = x.type().shape();
        boolean leading = s.rank() > 1
                && sum.axes().count() == s.rank() - 1
                && !sum.axes().contains(s.rank() - 1);
        return leading
                && products.productAndSums(
                        (ContractOp.MatMul) c.origin().op(),
                        c.in(),
                        c.out().get(0),
                        x,
                        r.out().get(0),
                        steps);
    }

    private static boolean isProduct(Instruction i) {
        return i.origin().op() instanceof ContractOp.MatMul
                && (i instanceof Instruction.Compute || i instanceof Instruction.Accumulate)
                && i.writes().get(0).size() > 0;
    }

    /** Translates a product, and the group that follows with it if that can be: true then. */
    private boolean product(Instruction i, Instruction.Fused next, List<Step> steps) {
        if (!isProduct(i)) {
            return false;
        }
        ContractOp.MatMul m = (ContractOp.MatMul) i.origin().op();
        return switch (i) {
            case Instruction.Compute c -> products.product(m, c.in(), c.out().get(0), false, next, steps);
            case Instruction.Accumulate a -> products.product(m, a.in(), a.to(), true, next, steps);
            default -> false;
        };
    }

    /** Instructions that write states: nothing happens where the gate is closed. */
    List<Step> commit(List<Instruction> instructions) {
        List<Step> steps = new ArrayList<>();
        for (Instruction i : instructions) {
            ids++;
            translate(i, true, steps);
        }
        return steps;
    }

    /** Whether the gate holds for an instruction; others need the host to look first. */
    static boolean gateable(Instruction i) {
        return switch (i) {
            case Instruction.Fused f -> f.sums().isEmpty();
            case Instruction.Copy c -> true;
            case Instruction.Fill f -> true;
            default -> false;
        };
    }

    private void translate(Instruction i, boolean gated, List<Step> steps) {
        switch (i) {
            case Instruction.Fused f -> fused(f, gated, steps);
            case Instruction.Copy c -> copy(c.from(), c.to(), gated, steps);
            case Instruction.Fill f -> fill(f.to(), f.value(), gated, steps);
            case Instruction.Accumulate a -> {
                if (a.to().size() > 0) {
                    products.product((ContractOp.MatMul) a.origin().op(), a.in(), a.to(), true, steps);
                }
            }
            case Instruction.Loop l -> loop(l, steps);
            case Instruction.Compute c -> {
                if (c.out().stream().anyMatch(v -> v.size() > 0) && !compute(c, steps)) {
                    steps.add(new Step.Host(c));
                }
            }
        }
    }

    private void fused(Instruction.Fused f, boolean gated, List<Step> steps) {
        if (f.shape().size() == 0) {
            f.sums().forEach(s -> fill(s.to(), 0, gated, steps));
            return;
        }
        boolean known = f.micro().stream().allMatch(m -> ChainText.known(m.op()));
        for (View v : f.reads()) {
            known &= v.type().dtype() != DType.KEY;
        }
        if (!known) {
            steps.add(new Step.Host(f));
            return;
        }
        Chain chain = new Chain(f, memory, gated);
        String name = chains.add(chain);
        int n = f.sums().size();
        long[] sums = new long[n];
        for (int s = 0; s < n; s++) {
            sums[s] = memory.of(f.sums().get(s).to());
        }
        if (chain.sharers() == 1) {
            steps.add(new Step.Run(chain.launch(name, sums, gate)));
            return;
        }
        long each = 8L * chain.rows() * chain.sharers();
        workspace.reserve(each * n);
        Launch launch = chain.launch(name, new long[n], gate);
        int first = 8 * (f.in().size() + f.out().size());
        for (int s = 0; s < n; s++) {
            workspace.patched(launch, first + 8 * s, each * s);
        }
        steps.add(new Step.Run(launch));
        for (int s = 0; s < n; s++) {
            View to = f.sums().get(s).to();
            steps.add(new Step.Run(workspace.patched(
                    Reductions.ofParts("sum", to.type().dtype(), 0, sums[s], chain.rows(), chain.sharers()),
                    0,
                    each * s)));
        }
    }

    private void copy(View from, View to, boolean gated, List<Step> steps) {
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

    private void fill(View to, double value, boolean gated, List<Step> steps) {
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

    private void loop(Instruction.Loop l, List<Step> steps) {
        int carries = l.carries().size();
        int slices = l.slices().size();
        int outs = l.op().outputs().size();
        List<View> results = l.body().results();
        for (int i = 0; i < carries; i++) {
            copy(l.in().get(i), l.carries().get(i), false, steps);
        }
        int times = l.op().steps();
        boolean reverse = l.op().reverse();
        long step = memory.of(l.step());
        Step advance = new Step.Run(
                Launch.single("move", "am_step", new Args().pointer(step).ints(reverse ? -1 : 1, 1)));
        steps.add(new Step.Run(
                Launch.single("move", "am_step", new Args().pointer(step).ints(reverse ? times - 1 : 0, 0))));
        List<Step> body = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            slice(l.in().get(carries + i), l.slices().get(i), step, false, body);
        }
        computeInto(l.body().instructions(), body);
        List<Step> outputs = new ArrayList<>();
        for (int i = 0; i < outs; i++) {
            slice(results.get(carries + i), l.out().get(carries + i), step, true, outputs);
        }
        body.addAll(outputs);
        List<Step> rest = new ArrayList<>();
        rest.add(advance);
        rest.addAll(outputs);
        List<Step> last = new ArrayList<>();
        for (int i = 0; i < carries; i++) {
            copy(results.get(i), l.carries().get(i), false, last);
        }
        last.add(advance);
        long done = l.op().done() == null ? 0 : memory.of(results.get(carries + outs));
        if (times > 0) {
            steps.add(new Step.Repeat(times, body, done, rest, last));
        }
        for (int i = 0; i < carries; i++) {
            copy(l.carries().get(i), l.out().get(i), false, steps);
        }
    }

    private void slice(View from, View to, long step, boolean into, List<Step> steps) {
        View one = into ? from : to;
        int words = one.slots() * (one.type().dtype() == DType.F64 ? 2 : 1);
        if (words > 0) {
            Args a =
                    new Args().pointers(memory.of(from), memory.of(to), step, 0).ints(words, into ? 1 : 0);
            steps.add(new Step.Run(Launch.flat("move", "am_slice", words, a)));
        }
    }

    private static String suffix(DType t) {
        return switch (t) {
            case F32 -> "f32";
            case F64 -> "f64";
            default -> "i32";
        };
    }

    /** True if there are kernels for it. */
    private boolean compute(Instruction.Compute c, List<Step> steps) {
        View x = c.in().isEmpty() ? c.out().get(0) : c.in().get(0);
        View y = c.out().get(0);
        Shape s = x.type().shape();
        switch (c.origin().op()) {
            case ContractOp.MatMul m -> products.product(m, c.in(), y, false, steps);
            case ReduceOp.Reduction r -> reductions.reduce(r, x, y, steps);
            case ReduceOp.ArgMax a -> {
                Args args = new Args()
                        .pointers(memory.of(x), memory.of(y))
                        .ints(y.size(), s.dim(a.axis()), s.product(a.axis() + 1, s.rank()));
                steps.add(new Step.Run(
                        Launch.warps("reduce", "am_argmax_" + suffix(x.type().dtype()), y.size(), args)));
            }
            case LayoutOp l -> {
                return layout(l, c, steps);
            }
            case IndexOp i -> index(i, c, steps);
            case RandomOp r -> {
                return random(r, c, steps);
            }
            case SortOp.Sort k -> sort(k.axis(), x, y, c.out().get(1), steps);
            case LinalgOp.Cholesky k -> {
                int n = s.dim(-1);
                Args args = new Args().pointers(memory.of(x), memory.of(y)).ints(n);
                steps.add(new Step.Run(new Launch(
                        "linalg",
                        "am_cholesky_" + suffix(x.type().dtype()),
                        x.size() / (n * n),
                        1,
                        1,
                        Math.min(256, (n + 31) / 32 * 32),
                        1,
                        args.bytes())));
            }
            case LinalgOp.TriangularSolve t -> solve(t, x, c.in().get(1), y, steps);
            case RowOp r -> {
                return rows(r, c, steps);
            }
            case CustomNode n -> {
                return false;
            }
            case ConvOp k -> {
                return false;
            }
            case CompositeOp k -> {
                return false;
            }
            case ElementwiseOp k -> {
                return false;
            }
            case LeafOp k -> {
                return false;
            }
            case LoopOp k -> {
                return false;
            }
        }
        return true;
    }

    private boolean layout(LayoutOp op, Instruction.Compute c, List<Step> steps) {
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

    private void index(IndexOp op, Instruction.Compute c, List<Step> steps) {
        View x = c.in().get(0);
        View y = c.out().get(0);
        Shape sx = x.type().shape();
        Shape sy = y.type().shape();
        String type = suffix(x.type().dtype());
        int bytes = x.type().dtype().bytes();
        switch (op) {
            case IndexOp.Gather g -> {
                View index = c.in().get(1);
                Args a = indexed(x, index, y)
                        .ints(y.size(), index.size(), sx.dim(g.axis()), sx.product(g.axis() + 1, sx.rank()), ids);
                steps.add(new Step.Run(Launch.flat("index", "am_gather_w" + bytes, y.size(), a)));
            }
            case IndexOp.ScatterAdd g -> {
                View index = c.in().get(1);
                int inner = sy.product(g.axis() + 1, sy.rank());
                int outer = sy.product(0, g.axis());
                Args a = indexed(x, index, y).ints(y.size(), index.size(), g.n(), inner, ids);
                steps.add(new Step.Run(new Launch(
                        "index", "am_scatter_" + type, outer * g.n(), (inner + 255) / 256, 1, 256, 1, a.bytes())));
            }
            case IndexOp.TakeAlong t -> {
                Args a = indexed(x, c.in().get(1), y)
                        .ints(y.size(), sy.dim(t.axis()), sx.dim(t.axis()), sy.product(t.axis() + 1, sy.rank()), ids);
                steps.add(new Step.Run(Launch.flat("index", "am_take_w" + bytes, y.size(), a)));
            }
            case IndexOp.AddAlong t -> {
                Args a = indexed(x, c.in().get(1), y)
                        .ints(y.size(), sx.dim(t.axis()), t.n(), sy.product(t.axis() + 1, sy.rank()), ids);
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
        }
    }

    private Args indexed(View x, View index, View y) {
        return new Args().pointers(memory.of(x), memory.of(index), memory.of(y), status);
    }

    private boolean random(RandomOp op, Instruction.Compute c, List<Step> steps) {
        View key = c.in().get(0);
        View y = c.out().get(0);
        switch (op) {
            case RandomOp.Draw d -> {
                DType t = y.type().dtype();
                int rows = key.size();
                int n = y.size() / rows;
                int per = t == DType.F64 ? 2 : 4;
                String name = switch (d.kind()) {
                    case BITS -> "am_bits";
                    case UNIFORM -> "am_uniform_" + suffix(t);
                    case NORMAL -> "am_normal_" + suffix(t);
                };
                Args a = new Args().pointers(memory.of(key), memory.of(y)).ints(rows, n);
                steps.add(new Step.Run(Launch.flat("random", name, (long) rows * ((n + per - 1) / per), a)));
            }
            case RandomOp.FoldConstant f ->
                fold(key, 0, y, (int) f.data(), (int) (f.data() >>> 32), f.tag(), 0, Shape.SCALAR, Shape.SCALAR, steps);
            case RandomOp.Split k -> fold(key, 0, y, 0, 0, 2, k.n(), Shape.SCALAR, Shape.SCALAR, steps);
            case RandomOp.FoldIndex k -> {
                View number = c.in().get(1);
                fold(
                        key,
                        memory.of(number),
                        y,
                        0,
                        0,
                        0,
                        0,
                        key.type().shape(),
                        number.type().shape(),
                        steps);
            }
            case RandomOp.GammaDraw g -> {
                return false;
            }
            case RandomOp.GammaDerivative g -> {
                return false;
            }
        }
        return true;
    }

    private void fold(
            View key,
            long number,
            View y,
            int low,
            int high,
            int tag,
            int split,
            Shape keys,
            Shape numbers,
            List<Step> steps) {
        Shape s = y.type().shape();
        int[] dims = number == 0 ? new int[0] : s.toArray();
        Args a = new Args()
                .pointers(memory.of(key), number, memory.of(y))
                .ints(y.size(), low, high, tag, split)
                .walk(
                        dims,
                        number == 0 ? dims : Args.broadcast(keys, s),
                        number == 0 ? dims : Args.broadcast(numbers, s));
        steps.add(new Step.Run(Launch.flat("random", "am_fold", y.size(), a)));
    }

    private void sort(int axis, View x, View y, View order, List<Step> steps) {
        Shape s = x.type().shape();
        int n = s.dim(axis);
        int inner = s.product(axis + 1, s.rank());
        int lines = x.size() / n;
        int padded = Math.max(2, Integer.highestOneBit(2 * n - 1));
        String type = suffix(x.type().dtype());
        if (n <= SORT_BLOCK) {
            Args a = sorting(x, y, order).ints(lines, n, inner, padded, 0, 0);
            int threads = Math.clamp(padded / 2, 32, 256);
            steps.add(new Step.Run(new Launch("sort", "am_sort_" + type, lines, 1, 1, threads, 1, a.bytes())));
            return;
        }
        // lines beyond what one grid holds take turns
        long slots = (long) lines * padded;
        workspace.reserve(12 * slots);
        stage(x, y, order, "am_sort_load_" + type, lines, n, inner, padded, padded, 0, 0, steps);
        for (int wide = 2; wide <= padded; wide *= 2) {
            for (int apart = wide / 2; apart > 0; apart /= 2) {
                stage(x, y, order, "am_sort_stage", lines, n, inner, padded, padded / 2, wide, apart, steps);
            }
        }
        stage(x, y, order, "am_sort_store_" + type, lines, n, inner, padded, n, 0, 0, steps);
    }

    private Args sorting(View x, View y, View order) {
        return new Args().pointers(memory.of(x), memory.of(y), memory.of(order), 0, 0);
    }

    private void stage(
            View x,
            View y,
            View order,
            String kernel,
            int lines,
            int n,
            int inner,
            int padded,
            int threads,
            int wide,
            int apart,
            List<Step> steps) {
        Args a = sorting(x, y, order).ints(lines, n, inner, padded, wide, apart);
        Launch l = new Launch("sort", kernel, (threads + 255) / 256, lines, 1, 256, 1, a.bytes());
        workspace.patched(l, 24, 0);
        steps.add(new Step.Run(workspace.patched(l, 32, 8L * lines * padded)));
    }

    private void solve(LinalgOp.TriangularSolve t, View a, View b, View x, List<Step> steps) {
        Shape sx = x.type().shape();
        Shape batch = sx.slice(0, sx.rank() - 2);
        Shape sa = a.type().shape();
        Shape sb = b.type().shape();
        int n = sx.dim(-2);
        int m = sx.dim(-1);
        Args args = new Args()
                .pointers(memory.of(a), memory.of(b), memory.of(x))
                .ints(n, m, batch.size(), t.lower() ? 1 : 0, t.transpose() ? 1 : 0, t.unitDiagonal() ? 1 : 0)
                .walk(
                        batch.toArray(),
                        Args.broadcast(sa.slice(0, sa.rank() - 2), batch),
                        Args.broadcast(sb.slice(0, sb.rank() - 2), batch));
        steps.add(new Step.Run(
                Launch.warps("linalg", "am_solve_" + suffix(x.type().dtype()), (long) batch.size() * m, args)));
    }

    private boolean rows(RowOp op, Instruction.Compute c, List<Step> steps) {
        View first = c.in().get(0);
        int n = op.rowLength(first.type().shape());
        if (n == 0) {
            return false;
        }
        String type = suffix(first.type().dtype());
        String name;
        double epsilon = 0;
        switch (op) {
            case SoftmaxOp.LogSumExp o -> name = "logsumexp";
            case SoftmaxOp.LogSumExpGradient o -> name = "logsumexp_gradient";
            case SoftmaxOp.Softmax o -> name = "softmax";
            case SoftmaxOp.SoftmaxGradient o -> name = "softmax_gradient";
            case SoftmaxOp.LogSoftmax o -> name = "log_softmax";
            case SoftmaxOp.LogSoftmaxGradient o -> name = "log_softmax_gradient";
            case Composites.LayerNorm o -> {
                name = "layer_norm";
                epsilon = o.epsilon();
            }
            case Composites.LayerNormGradient o -> {
                name = "layer_norm_gradient";
                epsilon = o.epsilon();
            }
            case Composites.GruCell o -> name = "gru";
            case Composites.GruCellGradient o -> name = "gru_gradient";
        }
        long[] in = new long[4];
        long[] out = new long[3];
        for (int i = 0; i < c.in().size(); i++) {
            in[i] = memory.of(c.in().get(i));
        }
        for (int i = 0; i < c.out().size(); i++) {
            out[i] = memory.of(c.out().get(i));
        }
        int rows = first.size() / n;
        boolean gru = name.startsWith("gru");
        Args a = new Args().pointers(in).pointers(out).number(epsilon).ints(rows, gru ? n / 3 : n);
        if (gru) {
            steps.add(new Step.Run(Launch.flat("rows", "am_" + name + "_" + type, (long) rows * (n / 3), a)));
        } else if (n <= WARP_ROW) {
            steps.add(new Step.Run(Launch.warps("rows", "am_" + name + "_warp_" + type, rows, a)));
        } else {
            steps.add(new Step.Run(new Launch("rows", "am_" + name + "_block_" + type, rows, 1, 1, 256, 1, a.bytes())));
        }
        return true;
    }

    /** Reductions, with the choice of kernel. */
    static final class Reductions {
        private final Addresses memory;
        private final Workspace workspace;

        Reductions(Addresses memory, Workspace workspace) {
            this.memory = memory;
            this.workspace = workspace;
        }

        /** Sums of parts: y[r] = sum over c of x[c * results + r]. */
        static Launch ofParts(String name, DType type, long x, long y, int results, int parts) {
            Args a = new Args()
                    .pointers(x, y)
                    .ints(results, parts, parts)
                    .walk(new int[] {results}, new int[] {1}, new int[] {0})
                    .walk(new int[] {parts}, new int[] {results}, new int[] {0});
            String kernel = "am_" + name + "_" + (results == 1 ? "warp_" : "columns_") + suffix(type);
            return results == 1
                    ? Launch.warps("reduce", kernel, 1, a)
                    : new Launch("reduce", kernel, (results + 31) / 32, 1, 1, 32, 8, a.bytes());
        }

        void reduce(ReduceOp.Reduction op, View x, View y, List<Step> steps) {
            Shape s = x.type().shape();
            Axes axes = op.axes();
            int[] own = s.strides();
            int r = s.rank();
            int[] keptDims = new int[r];
            int[] keptStrides = new int[r];
            int[] dims = new int[r];
            int[] strides = new int[r];
            int k = 0;
            int n = 0;
            for (int a = 0; a < r; a++) {
                if (axes.contains(a)) {
                    dims[n] = s.dim(a);
                    strides[n++] = own[a];
                } else {
                    keptDims[k] = s.dim(a);
                    keptStrides[k++] = own[a];
                }
            }
            int[][] kept = Args.joined(Arrays.copyOf(keptDims, k), Arrays.copyOf(keptStrides, k));
            int[][] reduced = Args.joined(Arrays.copyOf(dims, n), Arrays.copyOf(strides, n));
            int results = y.size();
            int terms = 1;
            for (int a = 0; a < n; a++) {
                terms *= dims[a];
            }
            String name = switch (op.kind()) {
                case SUM -> "sum";
                case MAX, ANY -> "max";
                case MIN, ALL -> "min";
            };
            DType type = x.type().dtype();
            if (terms == 0) {
                // nothing to add; nothing true; all of nothing
                double value = op.kind() == ReduceOp.Kind.ALL ? 1 : 0;
                long bits = type == DType.F64
                        ? Double.doubleToRawLongBits(value)
                        : type == DType.F32 ? Float.floatToRawIntBits((float) value) : (int) value;
                Args f = new Args().pointers(memory.of(y), 0).ints(results, (int) bits, (int) (bits >>> 32));
                steps.add(new Step.Run(Launch.flat("move", "am_fill_w" + type.bytes(), results, f)));
                return;
            }
            boolean side = kept[1].length > 0 && kept[1][kept[1].length - 1] == 1 && results > 1;
            int chunks = chunks(results, terms, side);
            int length = (terms + chunks - 1) / chunks;
            chunks = (terms + length - 1) / length;
            Args a = new Args()
                    .pointers(memory.of(x), memory.of(y))
                    .ints(results, terms, length)
                    .walk(kept[0], kept[1], new int[kept[1].length])
                    .walk(reduced[0], reduced[1], new int[reduced[1].length]);
            String kernel = "am_" + name + "_" + (terms < 8 ? "thread_" : side ? "columns_" : "warp_") + suffix(type);
            Launch launch = terms < 8
                    ? new Launch("reduce", kernel, (results + 255) / 256, chunks, 1, 256, 1, a.bytes())
                    : side
                            ? new Launch("reduce", kernel, (results + 31) / 32, chunks, 1, 32, 8, a.bytes())
                            : new Launch("reduce", kernel, (results + 7) / 8, chunks, 1, 256, 1, a.bytes());
            if (chunks == 1) {
                steps.add(new Step.Run(launch));
                return;
            }
            workspace.reserve((long) type.bytes() * results * chunks);
            steps.add(new Step.Run(workspace.patched(launch, 8, 0)));
            steps.add(new Step.Run(workspace.patched(ofParts(name, type, 0, memory.of(y), results, chunks), 0, 0)));
        }

        /** Columns in stages of 256 rows, long rows in pieces that fill a card; a function of the shape. */
        private static int chunks(int results, int terms, boolean side) {
            int most = Math.max(1, 264 * 8 / Math.max(1, side ? (results + 31) / 32 * 8 : results));
            int least = side ? 256 : 1024;
            return Math.clamp(terms / least, 1, most);
        }
    }
}
