package org.amortis.backend;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.ScalarLoop;
import org.amortis.spi.View;
import org.amortis.tensor.Axes;
import org.amortis.tensor.ElementwiseOp;
import org.jspecify.annotations.Nullable;

/**
 * Interprets a fused group tile by tile: registers are tiles that stay in L1, so a chain of operations reads and writes
 * memory once. Parts are fixed ranges of tiles.
 */
final class FusedKernel implements Kernel {
    /** Elements of a tile: 4 KB of floats, so that eight registers fit L1. */
    static final int TILE = 1024;

    /** Tiles a part covers. */
    private static final int TILES_PER_PART = 8;

    private final int size;
    private final Input[] inputs;
    private final Step[] steps;
    private final Object[] outArrays;
    private final int[] outOffsets;
    private final int[] outRegisters;
    private final Object[][] scratch;
    private final Object[][] inputScratch;
    private final int cost;

    /** How an input is read. */
    private static final class Input {
        Object array = new Object();
        int offset;
        DType type = DType.F32;
        boolean contiguous;
        boolean scalar;
        int[] dims = {};
        int[] strides = {};
    }

    /** A micro operation; its scalar loop, if there is one, is what runs. */
    private static final class Step {
        final ElementwiseLoop loop;
        final @Nullable ScalarLoop scalar;
        final int[] sources;
        final int scalarInput;
        final double immediate;
        final int target;

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

    private static final ElementwiseLoop NO_LOOP = (a, ao, b, bo, c, co, y, yo, n) -> {};
    private static final int NONE = -1;
    private static final int INPUT = 1 << 20;
    private static final int CONSTANT = 1 << 21;

    private final Object[] constantTiles;
    private final Loops loops;
    private final RowSums[] sums;
    private final int rows;
    private final int rowLength;

    /** Where the sums of one register go: straight to their rows, or to a partial for each part if there is one row. */
    private static final class RowSums {
        private final int register;
        private final Object to;
        private final int offset;
        private final Object result;
        private final int resultOffset;

        RowSums(Instruction.RowSum s, Memory memory, int parts) {
            this.register = s.register();
            this.result = memory.array(s.to());
            this.resultOffset = memory.offset(s.to());
            boolean partial = s.to().size() == 1;
            this.to = partial ? array(s.to().type().dtype(), parts) : result;
            this.offset = partial ? 0 : resultOffset;
        }

        void add(int slot, boolean first, Object[] tiles, int at, int n, Loops loops) {
            if (to instanceof float[] f) {
                float v = loops.sum((float[]) tiles[register], at, n);
                f[offset + slot] = first ? v : f[offset + slot] + v;
            } else {
                double[] d = (double[]) to;
                double v = loops.sum((double[]) tiles[register], at, n);
                d[offset + slot] = first ? v : d[offset + slot] + v;
            }
        }

        void total(int parts, Loops loops) {
            if (to instanceof float[] f) {
                ((float[]) result)[resultOffset] = loops.sum(f, 0, parts);
            } else {
                ((double[]) result)[resultOffset] = loops.sum((double[]) to, 0, parts);
            }
        }
    }

    FusedKernel(Instruction.Fused f, Memory memory, LoopTable loops, Scratch shared) {
        this.size = f.shape().size();
        this.inputs = new Input[f.in().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = input(f.in().get(i), f.shape(), memory);
        }
        DType[] registerType = new DType[f.registers()];
        for (Instruction.MicroOp m : f.micro()) {
            registerType[m.target()] = m.node().result(0).dtype();
        }
        int tile = Math.min(TILE, Math.max(1, size));
        java.util.ArrayList<Object> constants = new java.util.ArrayList<>();
        this.steps = new Step[f.micro().size()];
        for (int k = 0; k < steps.length; k++) {
            steps[k] = step(f.micro().get(k), loops, constants, tile);
        }
        this.constantTiles = constants.toArray();
        int outs = f.out().size();
        this.outArrays = new Object[outs];
        this.outOffsets = new int[outs];
        this.outRegisters = new int[outs];
        for (int i = 0; i < outs; i++) {
            View v = f.out().get(i);
            outArrays[i] = memory.array(v);
            outOffsets[i] = memory.offset(v);
            outRegisters[i] = f.outRegisters().get(i);
        }
        int workers = shared.workers();
        this.scratch = new Object[workers][registerType.length];
        this.inputScratch = new Object[workers][inputs.length];
        for (int w = 0; w < workers; w++) {
            int[] used = new int[3];
            for (int r = 0; r < registerType.length; r++) {
                scratch[w][r] = shared.tile(w, registerType[r], used[Scratch.carrier(registerType[r])]++);
            }
            for (int i = 0; i < inputs.length; i++) {
                DType t = inputs[i].type;
                // contiguous inputs are read where they lie
                inputScratch[w][i] =
                        inputs[i].contiguous ? inputs[i].array : shared.tile(w, t, used[Scratch.carrier(t)]++);
            }
        }
        this.loops = loops.loops();
        this.rows = f.sums().isEmpty() ? 0 : f.sums().get(0).to().size();
        this.rowLength = rows == 0 ? 0 : size / rows;
        this.sums = new RowSums[f.sums().size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new RowSums(f.sums().get(i), memory, parts());
        }
        this.cost = (int) Math.min(Integer.MAX_VALUE, (long) size * (1 + steps.length) / 3);
    }

    private static Object array(DType t, int n) {
        return switch (t) {
            case F32 -> new float[n];
            case F64 -> new double[n];
            case I32, BOOL, KEY -> new int[n];
        };
    }

    private static Input input(Instruction.FusedInput in, Shape shape, Memory memory) {
        Input r = new Input();
        r.array = memory.array(in.view());
        r.offset = memory.offset(in.view());
        r.type = in.view().type().dtype();
        Axes strides = in.strides();
        int[] own = shape.strides();
        r.contiguous = true;
        r.scalar = true;
        for (int a = 0; a < shape.rank(); a++) {
            boolean one = shape.dim(a) == 1;
            r.contiguous &= one || strides.get(a) == own[a];
            r.scalar &= one || strides.get(a) == 0;
        }
        // a single element is both; reading it in place is cheaper than filling a tile
        r.scalar &= !r.contiguous;
        collapse(r, shape, strides);
        return r;
    }

    /** Merges neighbouring axes that are walked with one stride. */
    private static void collapse(Input r, Shape shape, Axes strides) {
        int[] d = new int[shape.rank()];
        int[] s = new int[shape.rank()];
        int n = 0;
        for (int a = 0; a < shape.rank(); a++) {
            if (shape.dim(a) == 1) {
                continue;
            }
            if (n > 0 && s[n - 1] == strides.get(a) * shape.dim(a)) {
                d[n - 1] *= shape.dim(a);
                s[n - 1] = strides.get(a);
            } else {
                d[n] = shape.dim(a);
                s[n] = strides.get(a);
                n++;
            }
        }
        r.dims = java.util.Arrays.copyOf(d, n);
        r.strides = java.util.Arrays.copyOf(s, n);
    }

    private Step step(Instruction.MicroOp m, LoopTable loops, List<Object> constants, int tile) {
        ElementwiseOp op = m.op();
        int arity = m.operands().size();
        DType type =
                m.node().operand(op instanceof org.amortis.tensor.Where ? 1 : 0).dtype();
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
                Object t = array(m.node().operand(i).dtype(), tile);
                for (int k = 0; k < tile; k++) {
                    switch (t) {
                        case float[] y -> y[k] = (float) x.value();
                        case double[] y -> y[k] = x.value();
                        case int[] y -> y[k] = (int) x.value();
                        default -> throw new IllegalStateException();
                    }
                }
                sources[i] = CONSTANT + constants.size();
                constants.add(t);
            } else {
                sources[i] = source(s);
            }
        }
        return new Step(loops.elementwise(op, type), null, sources, NONE, 0, m.target());
    }

    private static int source(Instruction.Source s) {
        return switch (s) {
            case Instruction.Source.Register r -> r.index();
            case Instruction.Source.Input i -> INPUT + i.index();
            case Instruction.Source.Immediate i -> throw new IllegalStateException();
        };
    }

    /** Elements of a part: a fixed number of tiles, or of whole rows if rows are summed. */
    private int partSize() {
        int part = TILE * TILES_PER_PART;
        return rows > 1 ? Math.max(1, part / rowLength) * rowLength : part;
    }

    @Override
    public int parts() {
        return (int) ((size + (long) partSize() - 1) / partSize());
    }

    @Override
    public long cost() {
        return cost;
    }

    @Override
    public void run(int from, int to, int worker) {
        Object[] tiles = scratch[worker];
        Object[] loaded = inputScratch[worker];
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].scalar) {
                fill(inputs[i], loaded[i]);
            }
        }
        int part = partSize();
        for (int p = from; p < to; p++) {
            int begin = p * part;
            int end = (int) Math.min(size, begin + (long) part);
            if (rows > 1) {
                wholeRows(begin, end, tiles, loaded);
                continue;
            }
            for (int at = begin; at < end; at += TILE) {
                int n = Math.min(TILE, end - at);
                tile(at, n, tiles, loaded);
                for (int k = 0; k < sums.length; k++) {
                    sums[k].add(p, at == begin, tiles, 0, n, loops);
                }
            }
        }
    }

    /** Tiles that begin with a row; a row longer than a tile is added up from its pieces in order. */
    private void wholeRows(int begin, int end, Object[] tiles, Object[] loaded) {
        int step = rowLength <= TILE ? TILE / rowLength * rowLength : rowLength;
        for (int at = begin; at < end; at += step) {
            int n = Math.min(step, end - at);
            for (int piece = 0; piece < n; piece += TILE) {
                int m = Math.min(TILE, n - piece);
                tile(at + piece, m, tiles, loaded);
                for (RowSums k : sums) {
                    if (rowLength > TILE) {
                        k.add(at / rowLength, piece == 0, tiles, 0, m, loops);
                    } else {
                        for (int o = 0; o < m; o += rowLength) {
                            k.add((at + o) / rowLength, true, tiles, o, rowLength, loops);
                        }
                    }
                }
            }
        }
    }

    private void tile(int at, int n, Object[] tiles, Object[] loaded) {
        for (int i = 0; i < inputs.length; i++) {
            Input in = inputs[i];
            if (!in.contiguous && !in.scalar) {
                load(in, loaded[i], at, n);
            }
        }
        for (Step s : steps) {
            step(s, tiles, loaded, at, n);
        }
        for (int i = 0; i < outArrays.length; i++) {
            System.arraycopy(tiles[outRegisters[i]], 0, outArrays[i], outOffsets[i] + at, n);
        }
    }

    /** Adds the parts of a sum over everything. */
    @Override
    public void finish() {
        if (rows == 1) {
            for (RowSums k : sums) {
                k.total(parts(), loops);
            }
        }
    }

    private void step(Step s, Object[] tiles, Object[] loaded, int at, int n) {
        Object target = tiles[s.target];
        int a = s.sources[0];
        Object pa = pointer(a, tiles, loaded);
        int ao = position(a, at);
        ScalarLoop scalar = s.scalar;
        if (scalar != null) {
            double v = s.scalarInput == NONE ? s.immediate : scalar(inputs[s.scalarInput]);
            scalar.run(pa, ao, v, target, 0, n);
            return;
        }
        int b = s.sources.length > 1 ? s.sources[1] : a;
        int c = s.sources.length > 2 ? s.sources[2] : a;
        s.loop.run(
                pa,
                ao,
                pointer(b, tiles, loaded),
                position(b, at),
                pointer(c, tiles, loaded),
                position(c, at),
                target,
                0,
                n);
    }

    private Object pointer(int source, Object[] tiles, Object[] loaded) {
        if (source >= CONSTANT) {
            return constantTiles[source - CONSTANT];
        }
        return source >= INPUT ? loaded[source - INPUT] : tiles[source];
    }

    private int position(int source, int at) {
        if (source < INPUT || source >= CONSTANT) {
            return 0;
        }
        Input in = inputs[source - INPUT];
        return in.contiguous ? in.offset + at : 0;
    }

    private static double scalar(Input in) {
        return switch (in.array) {
            case float[] f -> f[in.offset];
            case double[] d -> d[in.offset];
            case int[] n -> n[in.offset];
            default -> throw new IllegalStateException();
        };
    }

    private static void fill(Input in, Object tile) {
        switch (tile) {
            case float[] f -> java.util.Arrays.fill(f, ((float[]) in.array)[in.offset]);
            case double[] d -> java.util.Arrays.fill(d, ((double[]) in.array)[in.offset]);
            case int[] n -> java.util.Arrays.fill(n, ((int[]) in.array)[in.offset]);
            default -> throw new IllegalStateException();
        }
    }

    /** Reads a tile through strides, in runs of the innermost axis. */
    private static void load(Input in, Object tile, int at, int n) {
        int last = in.dims.length - 1;
        int inner = in.dims[last];
        int stride = in.strides[last];
        int done = 0;
        while (done < n) {
            int flat = at + done;
            int k = flat % inner;
            int rest = flat / inner;
            int from = in.offset + k * stride;
            for (int a = last - 1; a >= 0; a--) {
                from += rest % in.dims[a] * in.strides[a];
                rest /= in.dims[a];
            }
            int run = Math.min(inner - k, n - done);
            move(in.array, from, stride, tile, done, run);
            done += run;
        }
    }

    private static void move(Object x, int from, int stride, Object tile, int to, int n) {
        switch (tile) {
            case float[] y -> {
                float[] f = (float[]) x;
                if (stride == 1) {
                    System.arraycopy(f, from, y, to, n);
                } else if (stride == 0) {
                    java.util.Arrays.fill(y, to, to + n, f[from]);
                } else {
                    for (int i = 0; i < n; i++) {
                        y[to + i] = f[from + i * stride];
                    }
                }
            }
            case double[] y -> {
                double[] f = (double[]) x;
                if (stride == 1) {
                    System.arraycopy(f, from, y, to, n);
                } else {
                    for (int i = 0; i < n; i++) {
                        y[to + i] = f[from + i * stride];
                    }
                }
            }
            case int[] y -> {
                int[] f = (int[]) x;
                for (int i = 0; i < n; i++) {
                    y[to + i] = f[from + i * stride];
                }
            }
            default -> throw new IllegalStateException();
        }
    }
}
