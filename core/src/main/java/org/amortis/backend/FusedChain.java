package org.amortis.backend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.spi.Chain;
import org.amortis.spi.ChainSpec;
import org.amortis.spi.Instruction;
import org.amortis.spi.Loops;
import org.jspecify.annotations.Nullable;

/**
 * A run of operations of a fused group that a backend computes in one pass: operands and results are those of the tiles,
 * values in between never leave the vector registers. Results of the group go straight to their memory.
 */
final class FusedChain {
    /** Operations of the group it stands for: [from, to). */
    final int from;

    final int to;
    final Chain chain;
    private final TileInput[] inputs;
    private final Object[] outArrays;
    private final int[] outOffsets;
    private final Place[] places;
    private final int[] numberInputs;
    private final Work[] works;

    /** Where an array of the chain is found: operand, tile register, or result of the group. */
    private record Place(Kind kind, int index) {
        enum Kind {
            INPUT,
            REGISTER,
            OUTPUT
        }
    }

    /** Arguments of one worker. */
    private static final class Work {
        final Object[] arrays;
        final int[] offsets;
        final int[] strides;
        final double[] numbers;

        Work(int arrays, double[] numbers) {
            this.arrays = new Object[arrays];
            this.offsets = new int[arrays];
            this.strides = new int[arrays];
            this.numbers = numbers.clone();
        }
    }

    private FusedChain(
            int from,
            int to,
            Chain chain,
            TileInput[] inputs,
            Object[] outArrays,
            int[] outOffsets,
            Place[] places,
            int[] numberInputs,
            double[] numbers,
            int workers) {
        this.from = from;
        this.to = to;
        this.chain = chain;
        this.inputs = inputs;
        this.outArrays = outArrays;
        this.outOffsets = outOffsets;
        this.places = places;
        this.numberInputs = numberInputs;
        this.works = new Work[workers];
        for (int w = 0; w < workers; w++) {
            works[w] = new Work(places.length, numbers);
        }
    }

    /** The chains of a group, in order; operations between them are run by their own loops. */
    static List<FusedChain> of(
            Instruction.Fused f, TileInput[] inputs, Object[] outArrays, int[] outOffsets, Loops loops, int workers) {
        List<FusedChain> found = new ArrayList<>();
        int n = f.micro().size();
        int from = 0;
        while (from < n) {
            DType type = DType.BOOL;
            int to = from;
            while (to < n) {
                DType joined = join(type, f.micro().get(to), inputs, loops);
                if (joined == null) {
                    break;
                }
                type = joined;
                to++;
            }
            // one operation alone gains where it is the whole group: no tile, no copy of its result
            if ((to - from > 1 || n == 1) && type.isFloat()) {
                FusedChain c = of(f, from, to, type, inputs, outArrays, outOffsets, loops, workers);
                if (c != null) {
                    found.add(c);
                }
            }
            from = Math.max(to, from + 1);
        }
        return found;
    }

    /** The type of a chain with one operation more, BOOL while there are no numbers; null if the operation cannot be part of it. */
    private static @Nullable DType join(DType chain, Instruction.MicroOp m, TileInput[] inputs, Loops loops) {
        DType type = chain;
        for (int i = -1; i < m.operands().size(); i++) {
            DType t = i < 0 ? m.node().result(0).dtype() : m.node().operand(i).dtype();
            if (t == DType.BOOL) {
                // a truth value that is the same everywhere has no place in a chain
                if (i >= 0
                        && (m.operands().get(i) instanceof Instruction.Source.Immediate
                                || m.operands().get(i) instanceof Instruction.Source.Input x
                                        && inputs[x.index()].scalar)) {
                    return null;
                }
            } else if (!t.isFloat() || type.isFloat() && type != t) {
                return null;
            } else {
                type = t;
            }
        }
        return loops.chains(m.op(), type) ? type : null;
    }

    private static @Nullable FusedChain of(
            Instruction.Fused f,
            int from,
            int to,
            DType type,
            TileInput[] inputs,
            Object[] outArrays,
            int[] outOffsets,
            Loops loops,
            int workers) {
        List<Instruction.MicroOp> micro = f.micro();
        int[] owner = new int[f.registers()];
        java.util.Arrays.fill(owner, -1);
        for (int k = 0; k < from; k++) {
            owner[micro.get(k).target()] = k;
        }
        Map<Place, Integer> arrays = new LinkedHashMap<>();
        List<Boolean> truths = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        List<Integer> numberInputs = new ArrayList<>();
        List<ChainSpec.Step> steps = new ArrayList<>();
        for (int k = from; k < to; k++) {
            Instruction.MicroOp m = micro.get(k);
            List<ChainSpec.Operand> operands = new ArrayList<>();
            for (int i = 0; i < m.operands().size(); i++) {
                boolean truth = m.node().operand(i).dtype() == DType.BOOL;
                operands.add(
                        switch (m.operands().get(i)) {
                            case Instruction.Source.Immediate x -> {
                                numbers.add(x.value());
                                numberInputs.add(-1);
                                yield new ChainSpec.Operand.Single(numbers.size() - 1);
                            }
                            case Instruction.Source.Input x
                            when inputs[x.index()].scalar -> {
                                int known = numberInputs.indexOf(x.index());
                                if (known < 0) {
                                    numbers.add(0.0);
                                    numberInputs.add(x.index());
                                    known = numbers.size() - 1;
                                }
                                yield new ChainSpec.Operand.Single(known);
                            }
                            case Instruction.Source.Input x ->
                                new ChainSpec.Operand.Array(
                                        array(new Place(Place.Kind.INPUT, x.index()), truth, arrays, truths));
                            case Instruction.Source.Register r ->
                                owner[r.index()] >= from
                                        ? new ChainSpec.Operand.Value(owner[r.index()] - from)
                                        : new ChainSpec.Operand.Array(array(
                                                new Place(Place.Kind.REGISTER, r.index()), truth, arrays, truths));
                        });
            }
            owner[m.target()] = k;
            steps.add(new ChainSpec.Step(m.op(), m.node().result(0).dtype() == DType.BOOL, operands));
        }
        int reads = arrays.size();
        List<Place> places = new ArrayList<>(arrays.keySet());
        List<Integer> results = new ArrayList<>();
        for (int r = 0; r < owner.length; r++) {
            if (owner[r] < from) {
                continue;
            }
            boolean truth = micro.get(owner[r]).node().result(0).dtype() == DType.BOOL;
            if (readLater(f, to, r)) {
                places.add(new Place(Place.Kind.REGISTER, r));
                truths.add(truth);
                results.add(owner[r] - from);
            }
            for (int o = 0; o < outArrays.length; o++) {
                if (f.outRegisters().get(o) == r && owner[r] == last(micro, r)) {
                    places.add(new Place(Place.Kind.OUTPUT, o));
                    truths.add(truth);
                    results.add(owner[r] - from);
                }
            }
        }
        // a result that is written at once must not lie over what a later operation reads
        if (to < micro.size()
                && places.stream()
                        .anyMatch(p -> p.kind() == Place.Kind.OUTPUT
                                && readAgain(f, to, outArrays, outOffsets, p.index(), inputs))) {
            return null;
        }
        ChainSpec spec = new ChainSpec(
                type, List.copyOf(truths), reads, numbers.size(), List.copyOf(steps), List.copyOf(results));
        Chain chain = loops.chain(spec);
        return chain == null
                ? null
                : new FusedChain(
                        from,
                        to,
                        chain,
                        inputs,
                        outArrays,
                        outOffsets,
                        places.toArray(Place[]::new),
                        numberInputs.stream().mapToInt(Integer::intValue).toArray(),
                        numbers.stream().mapToDouble(Double::doubleValue).toArray(),
                        workers);
    }

    private static int array(Place p, boolean truth, Map<Place, Integer> arrays, List<Boolean> truths) {
        Integer known = arrays.get(p);
        if (known != null) {
            return known;
        }
        arrays.put(p, arrays.size());
        truths.add(truth);
        return arrays.size() - 1;
    }

    private static int last(List<Instruction.MicroOp> micro, int register) {
        int k = micro.size() - 1;
        while (micro.get(k).target() != register) {
            k--;
        }
        return k;
    }

    /** Whether the value that a register has after operation {@code to} - 1 is read by a later one, or summed. */
    private static boolean readLater(Instruction.Fused f, int to, int register) {
        for (int k = to; k < f.micro().size(); k++) {
            for (Instruction.Source s : f.micro().get(k).operands()) {
                if (s instanceof Instruction.Source.Register r && r.index() == register) {
                    return true;
                }
            }
            if (f.micro().get(k).target() == register) {
                return false;
            }
        }
        return f.sums().stream().anyMatch(s -> s.register() == register);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean readAgain(
            Instruction.Fused f, int to, Object[] outArrays, int[] outOffsets, int out, TileInput[] inputs) {
        int size = f.shape().size();
        for (int k = to; k < f.micro().size(); k++) {
            for (Instruction.Source s : f.micro().get(k).operands()) {
                if (s instanceof Instruction.Source.Input i) {
                    TileInput in = inputs[i.index()];
                    boolean apart = in.offset >= outOffsets[out] + size || outOffsets[out] >= in.offset + in.extent();
                    if (in.array == outArrays[out] && !apart) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether the chain writes a result of the group. */
    boolean writes(int out) {
        for (Place p : places) {
            if (p.kind() == Place.Kind.OUTPUT && p.index() == out) {
                return true;
            }
        }
        return false;
    }

    /** Reads the single numbers; once before the tiles of a run. */
    void begin(int worker) {
        Work w = works[worker];
        for (int i = 0; i < numberInputs.length; i++) {
            if (numberInputs[i] >= 0) {
                w.numbers[i] = inputs[numberInputs[i]].number();
            }
        }
    }

    /** Computes elements [begin, end) of the tile that starts at element {@code at}; their number is one of whole vectors. */
    void run(int worker, Object[] tiles, Object[] loaded, int at, int begin, int end) {
        Work w = works[worker];
        for (int i = 0; i < places.length; i++) {
            int index = places[i].index();
            switch (places[i].kind()) {
                case INPUT -> {
                    w.arrays[i] = loaded[index];
                    w.offsets[i] = inputs[index].contiguous ? inputs[index].offset + at + begin : begin;
                }
                case REGISTER -> {
                    w.arrays[i] = tiles[index];
                    w.offsets[i] = begin;
                }
                case OUTPUT -> {
                    w.arrays[i] = outArrays[index];
                    w.offsets[i] = outOffsets[index] + at + begin;
                }
            }
        }
        chain.loop().run(w.arrays, w.offsets, w.strides, w.numbers, 1, end - begin);
    }

    /**
     * Length of the rows in which the whole group can be computed without tiles: all of the group if every operand is
     * contiguous, a common row length if some are read row by row; 0 if neither or if the chain is not the whole group.
     */
    int direct(int size, int lanes) {
        int length = 0;
        for (int i = 0; i < places.length; i++) {
            if (places[i].kind() == Place.Kind.REGISTER) {
                return 0;
            }
            if (places[i].kind() == Place.Kind.INPUT && !inputs[places[i].index()].contiguous) {
                int own = inputs[places[i].index()].rowLength();
                if (own == 0 || length != 0 && own != length) {
                    return 0;
                }
                length = own;
            }
        }
        int rows = length == 0 ? size : length;
        return rows % lanes == 0 ? rows : 0;
    }

    /** Computes elements [begin, end) of the group without tiles: whole rows of the given length, or part of one. */
    void runDirect(int worker, int begin, int end, int rowLength) {
        Work w = works[worker];
        int row = begin / rowLength;
        for (int i = 0; i < places.length; i++) {
            int index = places[i].index();
            if (places[i].kind() == Place.Kind.OUTPUT) {
                w.arrays[i] = outArrays[index];
                w.offsets[i] = outOffsets[index] + begin;
                w.strides[i] = rowLength;
            } else {
                TileInput in = inputs[index];
                w.arrays[i] = in.array;
                w.offsets[i] = in.contiguous
                        ? in.offset + begin
                        : in.offset + row * in.rowStride() + (begin - row * rowLength);
                w.strides[i] = in.contiguous ? rowLength : in.rowStride();
            }
        }
        int n = Math.min(rowLength, end - begin);
        chain.loop().run(w.arrays, w.offsets, w.strides, w.numbers, (end - begin) / n, n);
    }
}
