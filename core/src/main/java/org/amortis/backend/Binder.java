package org.amortis.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.CompositeOp;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.CustomNode;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.IndexOp;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.LinalgOp;
import org.amortis.tensor.LoopOp;
import org.amortis.tensor.Op;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.ReduceOp;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SortOp;
import org.amortis.tensor.SplineOp;

/** Binds instructions to memory: chooses a kernel for each and falls back on the reference loop of the operation. */
public final class Binder {
    private final Memory memory;
    private final LoopTable loops;
    private final Scratch scratch;
    private final Function<Kernel, Runnable> inBody;

    /**
     * A binder.
     *
     * @param memory where views lie
     * @param loops loops of the backend
     * @param workers largest number of workers that may run a kernel
     * @param inBody makes of a kernel in a loop's body what runs all its parts and finishes
     */
    public Binder(Memory memory, Loops loops, int workers, Function<Kernel, Runnable> inBody) {
        this.memory = memory;
        this.loops = new LoopTable(loops);
        this.scratch = new Scratch(workers);
        this.inBody = inBody;
    }

    /**
     * Binds instructions.
     *
     * @param instructions what to bind
     * @return a kernel for each
     */
    public Kernel[] bind(List<Instruction> instructions) {
        List<Kernel> r = new ArrayList<>(instructions.size());
        for (Instruction i : instructions) {
            r.add(bind(i));
        }
        return r.toArray(Kernel[]::new);
    }

    private Kernel bind(Instruction i) {
        return switch (i) {
            case Instruction.Fused f -> new FusedKernel(f, memory, loops, scratch);
            case Instruction.Copy c -> new CopyKernel(memory, c.from(), c.to());
            case Instruction.Accumulate a ->
                a.to().size() == 0
                        ? NothingKernel.INSTANCE
                        : new MatMulKernel(
                                (ContractOp.MatMul) a.origin().op(),
                                a.in(),
                                a.to(),
                                true,
                                memory,
                                loops.loops(),
                                scratch);
            case Instruction.Fill f -> new FillKernel(memory, f.to(), f.value());
            case Instruction.Loop l -> new LoopKernel(l, memory, bind(l.body().instructions()), inBody);
            case Instruction.Compute c -> compute(c);
        };
    }

    private Kernel compute(Instruction.Compute c) {
        Op op = c.origin().op();
        View x = c.in().isEmpty() ? c.out().get(0) : c.in().get(0);
        View y = c.out().get(0);
        Shape s = x.type().shape();
        if (y.size() == 0 && c.out().size() == 1) {
            return NothingKernel.INSTANCE;
        }
        return switch (op) {
            case ConvOp k -> {
                Kernel direct = DirectConvKernel.of(k, c, memory, loops.loops(), scratch);
                yield direct != null ? direct : new ConvKernel(k, c, memory, loops, scratch);
            }
            case ContractOp.MatMul m -> new MatMulKernel(m, c.in(), y, false, memory, loops.loops(), scratch);
            case ReduceOp.Reduction r -> {
                Kernel k = ReduceKernel.of(r, x, y, memory, loops.loops());
                yield k != null ? k : new StridedReduceKernel(r, x, y, memory, scratch);
            }
            case ReduceOp.ArgMax a -> new ArgMaxKernel(a.axis(), x, y, memory, loops.loops(), scratch);
            case LayoutOp l -> layout(l, c, x, y);
            case IndexOp.Gather g ->
                new GatherKernel(memory, x, c.in().get(1), y, s.product(0, g.axis()), s.dim(g.axis()), g);
            case IndexOp.ScatterAdd g ->
                new ScatterKernel(memory, x, c.in().get(1), y, y.type().shape().product(0, g.axis()), g.n(), g);
            case RandomOp r ->
                switch (r) {
                    case RandomOp.Draw d -> new DrawKernel(d, memory, x, y, loops.loops(), scratch);
                    case RandomOp.FoldConstant k -> new KeyKernel(k, c, memory, scratch);
                    case RandomOp.FoldIndex k -> new KeyKernel(k, c, memory, scratch);
                    case RandomOp.Split k -> new KeyKernel(k, c, memory, scratch);
                    case RandomOp.GammaDraw g -> GammaKernel.of(g, c, memory, scratch);
                    case RandomOp.GammaDerivative g -> GammaKernel.of(g, c, memory, scratch);
                };
            case IndexOp.TakeAlong t -> new TakeAlongKernel(t, x, c.in().get(1), y, memory);
            case IndexOp.AddAlong a -> new AddAlongKernel(a, x, c.in().get(1), y, memory);
            case IndexOp.Cumsum k -> new CumsumKernel(k, x, y, memory, loops, scratch);
            case IndexOp.Cumprod k ->
                new RecurrenceKernel(k.axis(), k.reverse(), false, c.in(), y, memory, loops, scratch);
            case IndexOp.LinearRecurrence k ->
                new RecurrenceKernel(k.axis(), k.reverse(), k.late(), c.in(), y, memory, loops, scratch);
            case SortOp.Sort k -> new SortKernel(k.axis(), c, memory, scratch);
            case LinalgOp.Cholesky k -> new CholeskyKernel(x, y, memory, loops.loops(), scratch);
            case LinalgOp.TriangularSolve t -> TriangularSystem.kernel(t, c, memory, loops.loops(), scratch);
            case CustomNode n ->
                n.custom() instanceof CustomOp.General
                        ? new ReferenceKernel(c, memory)
                        : new CustomKernel(n.custom(), c, memory);
            // what the compiler expands, fuses or turns into memory; here so that a plan of another compiler runs too
            case SplineOp k -> new SplineKernel(k, c, memory, loops.loops(), scratch);
            case RowOp k -> RowsKernel.of(k, c, memory, loops.loops(), scratch);
            case CompositeOp k -> new ReferenceKernel(c, memory);
            case ElementwiseOp k -> new ReferenceKernel(c, memory);
            case LeafOp k -> new ReferenceKernel(c, memory);
            case LoopOp k -> new ReferenceKernel(c, memory);
        };
    }

    private Kernel layout(LayoutOp op, Instruction.Compute c, View x, View y) {
        return switch (op) {
            case LayoutOp.Concat k -> new ConcatKernel(k, c, memory);
            case LayoutOp.Reshape k -> new CopyKernel(memory, x, y);
            case LayoutOp.Identity k -> new CopyKernel(memory, x, y);
            case LayoutOp.After k -> new CopyKernel(memory, x, y);
            case LayoutOp.Transpose k -> StridedKernel.of(k, c, memory);
            case LayoutOp.Broadcast k -> StridedKernel.of(k, c, memory);
            case LayoutOp.Slice k -> StridedKernel.of(k, c, memory);
            case LayoutOp.Pad k -> StridedKernel.of(k, c, memory);
            case LayoutOp.Flip k -> StridedKernel.of(k, c, memory);
        };
    }
}
