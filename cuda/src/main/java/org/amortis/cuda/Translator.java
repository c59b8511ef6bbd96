package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
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

/** Instructions of a plan as launches of kernels; what has no kernel is left to the processor. */
final class Translator {
    private final Addresses memory;
    private final Chains chains;
    private final Products products;
    private final Reductions reductions;
    private final Moves moves;
    private final Indexing indexing;
    private final Draws draws;
    private final Sorting sorting;
    private final Rows rows;
    private final Convolutions convolutions;
    private final long gate;

    /**
     * A translator.
     *
     * @param memory where views lie
     * @param chains takes the generated kernels
     * @param workspace takes what kernels need beside their operands
     * @param gate address of the word that closes commits
     * @param status address of the words that report a bad index
     * @param mode how products are computed
     */
    Translator(Addresses memory, Chains chains, Workspace workspace, long gate, long status, ProductMode mode) {
        this.memory = memory;
        this.chains = chains;
        this.products = new Products(memory, workspace, chains, mode);
        this.reductions = new Reductions(memory, workspace);
        this.moves = new Moves(memory, gate);
        this.indexing = new Indexing(memory, status);
        this.draws = new Draws(memory);
        this.sorting = new Sorting(memory, workspace);
        this.rows = new Rows(memory);
        this.convolutions = new Convolutions(memory);
        this.gate = gate;
    }

    /** Launches as steps. */
    List<Step> translate(List<Unit> units) {
        List<Step> steps = new ArrayList<>();
        for (Unit u : units) {
            switch (u) {
                case Unit.Generated g -> generated(g, steps);
                case Unit.Products p -> products.translate(p, steps);
                case Unit.Random r -> draws.translate(r, steps);
                case Unit.Plain p -> plain(p, steps);
                case Unit.Loop l -> loop(l, steps);
            }
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

    private void generated(Unit.Generated g, List<Step> steps) {
        if (g.sections.size() == 1 && g.sections.get(0).size() == 1) {
            Part p = g.sections.get(0).get(0);
            if (moves.alone(p, g.gated, steps)) {
                return;
            }
        }
        Chain chain = new Chain(g.sections.stream().map(Section::new).toList(), g.gated);
        steps.add(new Step.Run(chain.launch(chains.add(chain), memory, gate)));
    }

    private void plain(Unit.Plain u, List<Step> steps) {
        Instruction i = u.instruction();
        boolean something = i.writes().stream().anyMatch(v -> v.size() > 0);
        if (something && !(i instanceof Instruction.Compute c && compute(c, u.number(), steps))) {
            steps.add(new Step.Host(i));
        }
    }

    private void loop(Unit.Loop unit, List<Step> steps) {
        Instruction.Loop l = unit.instruction();
        int carries = l.carries().size();
        int slices = l.slices().size();
        int outs = l.op().outputs().size();
        List<View> results = l.body().results();
        for (int i = 0; i < carries; i++) {
            moves.copy(l.in().get(i), l.carries().get(i), steps);
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
        body.addAll(translate(unit.body()));
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
            moves.copy(results.get(i), l.carries().get(i), last);
        }
        last.add(advance);
        long done = l.op().done() == null ? 0 : memory.of(results.get(carries + outs));
        if (times > 0) {
            steps.add(new Step.Repeat(times, body, done, rest, last));
        }
        for (int i = 0; i < carries; i++) {
            moves.copy(l.carries().get(i), l.out().get(i), steps);
        }
    }

    /** True if there are kernels for it. */
    private boolean compute(Instruction.Compute c, int number, List<Step> steps) {
        View x = c.in().isEmpty() ? c.out().get(0) : c.in().get(0);
        View y = c.out().get(0);
        Shape s = x.type().shape();
        switch (c.origin().op()) {
            case ContractOp.MatMul m -> throw new IllegalStateException("a product is no plain instruction");
            case ReduceOp.Reduction r -> reductions.reduce(r, x, y, steps);
            case ReduceOp.ArgMax a -> {
                Args args = new Args()
                        .pointers(memory.of(x), memory.of(y))
                        .ints(y.size(), s.dim(a.axis()), s.product(a.axis() + 1, s.rank()));
                steps.add(new Step.Run(Launch.warps(
                        "reduce", "am_argmax_" + Launch.suffix(x.type().dtype()), y.size(), args)));
            }
            case LayoutOp l -> {
                return moves.transpose(l, x, y, steps);
            }
            case IndexOp i -> indexing.index(i, c, number, steps);
            case RandomOp.GammaDerivative g -> draws.slope(g, c, steps);
            case RandomOp r -> throw new IllegalStateException("a draw is no plain instruction");
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
            case ConvOp k -> convolutions.add(k, c, steps);
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
