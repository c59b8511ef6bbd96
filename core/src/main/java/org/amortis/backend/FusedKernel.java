package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.spi.Chain;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/**
 * Computes a fused group: in one pass where a backend has a loop for its whole chain, else tile by tile, with chains of
 * operations in one pass over the tile and the others by loops of their own. Parts are fixed ranges of tiles. All ways
 * give the same bits.
 */
final class FusedKernel implements Kernel {
    /** Elements of a tile: 4 KB of floats, so that eight registers fit L1. */
    static final int TILE = 1024;

    private static final int STRAIGHT = -2;

    /** Tiles a part covers. */
    private static final int TILES_PER_PART = 8;

    private final int size;
    private final TileInput[] inputs;
    private final TileSteps steps;
    private final FusedChain[] chains;
    private final Object[] outArrays;
    private final int[] outOffsets;
    private final int[] outRegisters;

    /** For each result the chain that writes it, -1 for none, {@link #STRAIGHT} where an operation does. */
    private final int[] outChains;

    private final Object[][] scratch;
    private final Object[][] inputScratch;
    private final long cost;
    private final Loops loops;
    private final int lanes;
    private final RowSums[] sums;
    private final int rows;
    private final int rowLength;

    /** Row length of the whole group computed by one chain without tiles, 0 if it cannot. */
    private final int direct;

    FusedKernel(Instruction.Fused f, Memory memory, LoopTable loops, Scratch shared) {
        this.size = f.shape().size();
        this.inputs = new TileInput[f.in().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new TileInput(f.in().get(i), f.shape(), memory);
        }
        this.steps = new TileSteps(f.micro(), inputs, loops, Math.min(TILE, Math.max(1, size)));
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
        this.loops = loops.loops();
        this.chains = FusedChain.of(f, inputs, outArrays, outOffsets, this.loops, workers)
                .toArray(FusedChain[]::new);
        this.outChains = new int[outs];
        for (int i = 0; i < outs; i++) {
            outChains[i] = -1;
            for (int c = 0; c < chains.length; c++) {
                outChains[i] = chains[c].writes(i) ? c : outChains[i];
            }
        }
        int[] straight = StraightResults.of(f, chains, memory);
        for (int i = 0; i < outs; i++) {
            if (outChains[i] < 0 && straight[i] != StraightResults.NONE) {
                outChains[i] = STRAIGHT;
                steps.writeStraight(straight[i], outArrays[i], outOffsets[i]);
            }
        }
        DType[] registerType = new DType[f.registers()];
        for (Instruction.MicroOp m : f.micro()) {
            registerType[m.target()] = m.node().result(0).dtype();
        }
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
        this.rows = f.sums().isEmpty() ? 0 : f.sums().get(0).to().size();
        this.rowLength = rows == 0 ? 0 : size / rows;
        DType number = f.micro().stream()
                .map(m -> m.node().result(0).dtype())
                .filter(DType::isFloat)
                .findFirst()
                .orElse(DType.F32);
        this.lanes = this.loops.lanes(number);
        boolean whole = chains.length == 1 && chains[0].from == 0 && chains[0].to == steps.count() && rows == 0;
        this.direct = whole ? chains[0].direct(size, lanes) : 0;
        this.sums = new RowSums[f.sums().size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new RowSums(f.sums().get(i), memory, parts());
        }
        this.cost = (long) size * (1 + steps.count()) / 3;
    }

    /** Elements of a part: a fixed number of tiles, or of whole rows if rows are summed or read one by one. */
    private int partSize() {
        int part = TILE * TILES_PER_PART;
        int row = rows > 1 ? rowLength : direct < size ? direct : 0;
        return row > 0 ? Math.max(1, part / row) * row : part;
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
        for (FusedChain c : chains) {
            c.begin(worker);
        }
        int part = partSize();
        if (direct > 0 && chains[0].chain.ready()) {
            int begin = from * part;
            int end = (int) Math.min(size, (long) to * part);
            if (begin < end) {
                chains[0].runDirect(worker, begin, end, direct);
            }
            return;
        }
        Object[] tiles = scratch[worker];
        Object[] loaded = inputScratch[worker];
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].scalar) {
                inputs[i].fill(loaded[i]);
            }
        }
        for (int p = from; p < to; p++) {
            int begin = p * part;
            int end = (int) Math.min(size, begin + (long) part);
            if (rows > 1) {
                wholeRows(begin, end, tiles, loaded, worker);
                continue;
            }
            for (int at = begin; at < end; at += TILE) {
                int n = Math.min(TILE, end - at);
                tile(at, n, tiles, loaded, worker);
                for (int k = 0; k < sums.length; k++) {
                    sums[k].add(p, at == begin, tiles, 0, n, loops);
                }
            }
        }
    }

    /** Tiles that begin with a row; a row longer than a tile is added up from its pieces in order. */
    private void wholeRows(int begin, int end, Object[] tiles, Object[] loaded, int worker) {
        int step = rowLength <= TILE ? TILE / rowLength * rowLength : rowLength;
        for (int at = begin; at < end; at += step) {
            int n = Math.min(step, end - at);
            for (int piece = 0; piece < n; piece += TILE) {
                int m = Math.min(TILE, n - piece);
                tile(at + piece, m, tiles, loaded, worker);
                for (RowSums k : sums) {
                    if (rowLength > TILE) {
                        k.add(at / rowLength, piece == 0, tiles, 0, m, loops);
                    } else {
                        k.addRows(at / rowLength, tiles, m / rowLength, rowLength, loops);
                    }
                }
            }
        }
    }

    private void tile(int at, int n, Object[] tiles, Object[] loaded, int worker) {
        for (int i = 0; i < inputs.length; i++) {
            TileInput in = inputs[i];
            if (!in.contiguous && !in.scalar) {
                in.load(loaded[i], at, n);
            }
        }
        int done = 0;
        for (int c = 0; c < chains.length; c++) {
            FusedChain chain = chains[c];
            steps.run(done, chain.from, tiles, loaded, at, 0, n);
            int split = chained(c, at, n, tiles, loaded, worker);
            // the loops of the single operations take what is left of the last vector, or everything
            if (split < n) {
                steps.run(chain.from, chain.to, tiles, loaded, at, split, n);
                copy(c, at, split, n, tiles);
            }
            done = chain.to;
        }
        steps.run(done, steps.count(), tiles, loaded, at, 0, n);
        copy(-1, at, 0, n, tiles);
    }

    /** Copies the results of a chain, or of what is in none, from their tiles to their memory. */
    private void copy(int chain, int at, int begin, int end, Object[] tiles) {
        for (int i = 0; i < outArrays.length; i++) {
            if (outChains[i] == chain) {
                System.arraycopy(tiles[outRegisters[i]], begin, outArrays[i], outOffsets[i] + at + begin, end - begin);
            }
        }
    }

    /** How many of the first elements of a tile the chain has computed. */
    private int chained(int index, int at, int n, Object[] tiles, Object[] loaded, int worker) {
        FusedChain c = chains[index];
        int whole = n - n % lanes;
        if (c.chain.ready()) {
            if (whole > 0) {
                c.run(worker, tiles, loaded, at, 0, whole);
            }
            return whole;
        }
        int tried = n - n % Chain.TRIAL;
        if (at != 0 || !c.chain.onTrial() || tried == 0) {
            return 0;
        }
        boolean turn = c.chain.turn();
        long start = System.nanoTime();
        for (int i = 0; i < tried; i += Chain.TRIAL) {
            if (turn) {
                c.run(worker, tiles, loaded, at, i, i + Chain.TRIAL);
            } else {
                steps.run(c.from, c.to, tiles, loaded, at, i, i + Chain.TRIAL);
            }
        }
        if (!turn) {
            copy(index, at, 0, tried, tiles);
        }
        c.chain.timed((double) (System.nanoTime() - start) / tried);
        return tried;
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
}
