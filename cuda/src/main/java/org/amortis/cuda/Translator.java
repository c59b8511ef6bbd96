package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.CompositeOp;
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
import org.amortis.tensor.SortOp;
import org.amortis.tensor.SplineOp;
import org.jspecify.annotations.Nullable;

/** Instructions of a plan as launches of kernels; what has no kernel is left to the processor. */
final class Translator {
    private final Addresses memory;
    private final Chains chains;
    private final Workspace workspace;
    private final Products products;
    private final Reductions reductions;
    private final Moves moves;
    private final Indexing indexing;
    private final Draws draws;
    private final Sorting sorting;
    private final Rows rows;
    private final long gate;
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
        this.moves = new Moves(memory, gate);
        this.indexing = new Indexing(memory, status);
        this.draws = new Draws(memory);
        this.sorting = new Sorting(memory, workspace);
        this.rows = new Rows(memory);
        this.gate = gate;
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
            case Instruction.Copy c -> moves.copy(c.from(), c.to(), gated, steps);
            case Instruction.Fill f -> moves.fill(f.to(), f.value(), gated, steps);
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
            f.sums().forEach(s -> moves.fill(s.to(), 0, gated, steps));
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

    private void loop(Instruction.Loop l, List<Step> steps) {
        int carries = l.carries().size();
        int slices = l.slices().size();
        int outs = l.op().outputs().size();
        List<View> results = l.body().results();
        for (int i = 0; i < carries; i++) {
            moves.copy(l.in().get(i), l.carries().get(i), false, steps);
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
            moves.slice(l.in().get(carries + i), l.slices().get(i), step, false, body);
        }
        computeInto(l.body().instructions(), body);
        List<Step> outputs = new ArrayList<>();
        for (int i = 0; i < outs; i++) {
            moves.slice(results.get(carries + i), l.out().get(carries + i), step, true, outputs);
        }
        body.addAll(outputs);
        List<Step> rest = new ArrayList<>();
        rest.add(advance);
        rest.addAll(outputs);
        List<Step> last = new ArrayList<>();
        for (int i = 0; i < carries; i++) {
            moves.copy(results.get(i), l.carries().get(i), false, last);
        }
        last.add(advance);
        long done = l.op().done() == null ? 0 : memory.of(results.get(carries + outs));
        if (times > 0) {
            steps.add(new Step.Repeat(times, body, done, rest, last));
        }
        for (int i = 0; i < carries; i++) {
            moves.copy(l.carries().get(i), l.out().get(i), false, steps);
        }
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
                steps.add(new Step.Run(Launch.warps(
                        "reduce", "am_argmax_" + Launch.suffix(x.type().dtype()), y.size(), args)));
            }
            case LayoutOp l -> {
                return moves.layout(l, c, steps);
            }
            case IndexOp i -> indexing.index(i, c, ids, steps);
            case RandomOp r -> {
                return draws.random(r, c, steps);
            }
            case SortOp.Sort k -> sorting.sort(k.axis(), x, y, c.out().get(1), steps);
            case LinalgOp.Cholesky k -> {
                int n = s.dim(-1);
                Args args = new Args().pointers(memory.of(x), memory.of(y)).ints(n);
                steps.add(new Step.Run(new Launch(
                        "linalg",
                        "am_cholesky_" + Launch.suffix(x.type().dtype()),
                        x.size() / (n * n),
                        1,
                        1,
                        Math.min(256, (n + 31) / 32 * 32),
                        1,
                        args.bytes())));
            }
            case LinalgOp.TriangularSolve t -> rows.solve(t, x, c.in().get(1), y, steps);
            case RowOp r -> {
                return rows.rows(r, c, steps);
            }
            case SplineOp k -> rows.spline(k, c, steps);
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
}
