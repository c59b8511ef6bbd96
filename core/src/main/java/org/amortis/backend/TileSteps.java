package org.amortis.backend;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Instruction;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/** The operations of a fused group, each run over a tile by its own loop: registers are tiles that stay in L1. */
final class TileSteps {
    private static final ElementwiseLoop NO_LOOP = (a, ao, b, bo, c, co, y, yo, n) -> {};
    private static final int NONE = -1;
    private static final int INPUT = 1 << 20;
    private static final int CONSTANT = 1 << 21;

    private final TileInput[] inputs;
    private final Step[] steps;
    private final Object[] constantTiles;

    /** A micro operation; its scalar loop, if there is one, is what runs. */
    private static final class Step {
        final ElementwiseLoop loop;
        final @Nullable ScalarLoop scalar;
        final int[] sources;
        final int scalarInput;
        final double immediate;
        final int target;

        /** Memory of the result that it writes straight, or null. */
        @Nullable
        Object array;

        int offset;

        Step(
                ElementwiseLoop loop,
                @Nullable ScalarLoop scalar,
                int[] sources,
                int scalarInput,
                double immediate,
                int target) {
            this.loop = loop;
            this.scalar = scalar;
            this.sources = sources;
            this.scalarInput = scalarInput;
            this.immediate = immediate;
            this.target = target;
        }
    }

    TileSteps(List<Instruction.MicroOp> micro, TileInput[] inputs, LoopTable loops, int tile) {
        this.inputs = inputs;
        List<Object> constants = new ArrayList<>();
        this.steps = new Step[micro.size()];
        for (int k = 0; k < steps.length; k++) {
            steps[k] = step(micro.get(k), loops, constants, tile);
        }
        this.constantTiles = constants.toArray();
    }

    int count() {
        return steps.length;
    }

    /** Makes an operation write to memory, of which {@code offset} is the first element of the group, and not to its tile. */
    void writeStraight(int step, Object array, int offset) {
        steps[step].array = array;
        steps[step].offset = offset;
    }

    private Step step(Instruction.MicroOp m, LoopTable loops, List<Object> constants, int tile) {
        ElementwiseOp op = m.op();
        int arity = m.operands().size();
        DType type = m.node().operand(op instanceof Where ? 1 : 0).dtype();
        if (arity == 2) {
            // one side a number: no tile is filled for it
            for (int side = 1; side >= 0; side--) {
                Instruction.Source s = m.operands().get(side);
                boolean immediate = s instanceof Instruction.Source.Immediate;
                boolean scalarInput = s instanceof Instruction.Source.Input i && inputs[i.index()].scalar;
                Instruction.Source other = m.operands().get(1 - side);
                boolean otherTile = !(other instanceof Instruction.Source.Immediate)
                        && !(other instanceof Instruction.Source.Input j && inputs[j.index()].scalar);
                if ((immediate || scalarInput) && otherTile) {
                    ScalarLoop l = side == 1 ? loops.scalarRight(op, type) : loops.scalarLeft(op, type);
                    double v = s instanceof Instruction.Source.Immediate x ? x.value() : 0;
                    int at = s instanceof Instruction.Source.Input x ? x.index() : NONE;
                    return new Step(NO_LOOP, l, new int[] {source(other)}, at, v, m.target());
                }
            }
        }
        int[] sources = new int[arity];
        for (int i = 0; i < arity; i++) {
            Instruction.Source s = m.operands().get(i);
            if (s instanceof Instruction.Source.Immediate x) {
                sources[i] = CONSTANT + constants.size();
                constants.add(constant(m.node().operand(i).dtype(), x.value(), tile));
            } else {
                sources[i] = source(s);
            }
        }
        return new Step(loops.elementwise(op, type), null, sources, NONE, 0, m.target());
    }

    private static Object constant(DType type, double value, int tile) {
        return switch (type) {
            case F32 -> {
                float[] y = new float[tile];
                java.util.Arrays.fill(y, (float) value);
                yield y;
            }
            case F64 -> {
                double[] y = new double[tile];
                java.util.Arrays.fill(y, value);
                yield y;
            }
            case I32, BOOL, KEY -> {
                int[] y = new int[tile];
                java.util.Arrays.fill(y, (int) value);
                yield y;
            }
        };
    }

    private static int source(Instruction.Source s) {
        return switch (s) {
            case Instruction.Source.Register r -> r.index();
            case Instruction.Source.Input i -> INPUT + i.index();
            case Instruction.Source.Immediate i -> throw new IllegalStateException();
        };
    }

    /**
     * Runs operations [from, to) on elements [begin, end) of the tile that starts at element {@code at} of the group.
     *
     * @param tiles registers
     * @param loaded operands: the whole array of a contiguous one, else a tile
     */
    void run(int from, int to, Object[] tiles, Object[] loaded, int at, int begin, int end) {
        for (int k = from; k < to; k++) {
            run(steps[k], tiles, loaded, at, begin, end - begin);
        }
    }

    private void run(Step s, Object[] tiles, Object[] loaded, int at, int begin, int n) {
        Object straight = s.array;
        Object target = straight != null ? straight : tiles[s.target];
        int to = straight != null ? s.offset + at + begin : begin;
        int a = s.sources[0];
        Object pa = pointer(a, tiles, loaded);
        int ao = position(a, at, begin);
        ScalarLoop scalar = s.scalar;
        if (scalar != null) {
            double v = s.scalarInput == NONE ? s.immediate : inputs[s.scalarInput].number();
            scalar.run(pa, ao, v, target, to, n);
            return;
        }
        int b = s.sources.length > 1 ? s.sources[1] : a;
        int c = s.sources.length > 2 ? s.sources[2] : a;
        s.loop.run(
                pa,
                ao,
                pointer(b, tiles, loaded),
                position(b, at, begin),
                pointer(c, tiles, loaded),
                position(c, at, begin),
                target,
                to,
                n);
    }

    private Object pointer(int source, Object[] tiles, Object[] loaded) {
        if (source >= CONSTANT) {
            return constantTiles[source - CONSTANT];
        }
        return source >= INPUT ? loaded[source - INPUT] : tiles[source];
    }

    private int position(int source, int at, int begin) {
        if (source < INPUT || source >= CONSTANT) {
            return begin;
        }
        TileInput in = inputs[source - INPUT];
        return in.contiguous ? in.offset + at + begin : begin;
    }
}
