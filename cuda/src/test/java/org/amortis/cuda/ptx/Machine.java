package org.amortis.cuda.ptx;

import java.util.ArrayList;
import java.util.List;
import org.amortis.cuda.ptx.Code.Instruction;
import org.amortis.cuda.ptx.Code.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Runs kernels. Threads of a block take turns: each runs until it must wait for others. Fails on an access outside of
 * allocated memory, on shared memory read before it was written, on two threads that touch one shared word, or two warps or
 * blocks that touch one word of device memory, one of them writing, without a barrier between, on barriers that not all can
 * reach, and on the shared memory of a block that may not have begun or has ended. Blocks of a cluster take turns, others
 * run one after the other.
 */
public final class Machine {
    private static final int WARP = 32;
    private static final String[] SPECIAL = {"%tid.", "%ntid.", "%ctaid.", "%nctaid."};

    private final Arena memory;
    private long executed;
    private long launches;

    /**
     * A machine.
     *
     * @param memory its device memory
     */
    public Machine(Arena memory) {
        this.memory = memory;
    }

    /**
     * Instructions executed so far, all threads together.
     *
     * @return count
     */
    public long executed() {
        return executed;
    }

    private enum State {
        READY,
        BLOCK,
        WARP,
        CLUSTER,
        DONE
    }

    private static final class Frame {
        final Code code;
        final long[] registers;
        final byte[] parameters;
        final byte[] local;
        int at;

        Frame(Code code) {
            this.code = code;
            this.registers = code.registers();
            this.parameters = new byte[code.parameterBytes];
            this.local = new byte[code.localBytes];
        }
    }

    private static final class Worker {
        final int index;
        final Frame frame;
        State state = State.READY;

        /** Barriers of the cluster it has arrived at, and those it has passed. */
        int arrivals;

        int passed;

        Worker(int index, Frame frame) {
            this.index = index;
            this.frame = frame;
        }
    }

    /** A block of threads and its shared memory. */
    private static final class Block {
        final int number;
        final int[] at;
        final int rank;
        final List<Block> cluster;
        final Shared shared;
        Worker[] threads = {};

        Block(int number, int[] at, List<Block> cluster, int sharedBytes) {
            this.number = number;
            this.at = at;
            this.rank = cluster.size();
            this.cluster = cluster;
            this.shared = new Shared(sharedBytes);
        }

        boolean done() {
            for (Worker w : threads) {
                if (w.state != State.DONE) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Shared memory of a block, with who touched each word when. */
    private static final class Shared {
        /** Someone who touched a word: which thread of which block, after how many barriers of the block and the cluster. */
        private record Touch(int block, int thread, int epoch, int arrivals) {
            boolean before(int byBlock, int byThread, int atEpoch, int passed) {
                return block == byBlock && (thread == byThread || epoch < atEpoch) || arrivals < passed;
            }

            Touch and(Touch other) {
                boolean same = block == other.block;
                return new Touch(
                        same ? block : -1,
                        same && thread == other.thread ? thread : -1,
                        Math.max(epoch, other.epoch),
                        Math.max(arrivals, other.arrivals));
            }
        }

        final byte[] bytes;
        private final @Nullable Touch[] writers;
        private final @Nullable Touch[] readers;
        int epoch = 1;

        Shared(int size) {
            this.bytes = new byte[size];
            this.writers = new Touch[(size + 3) / 4];
            this.readers = new Touch[(size + 3) / 4];
        }

        void touch(long at, int size, boolean write, Block from, Worker by, Instruction i) {
            if (at < 0 || at + size > bytes.length || at % size != 0) {
                throw new IllegalStateException("shared access at " + at + " of " + bytes.length + ": " + i.text);
            }
            int now = from.shared.epoch;
            Touch mine = new Touch(from.rank, by.index, now, by.arrivals);
            for (int w = (int) at / 4; w <= ((int) at + size - 1) / 4; w++) {
                Touch last = writers[w];
                Touch read = readers[w];
                if (!write && last == null) {
                    throw new IllegalStateException("shared word " + w + " is read before it is written: " + i.text);
                }
                if (last != null && !last.before(from.rank, by.index, now, by.passed)
                        || write && read != null && !read.before(from.rank, by.index, now, by.passed)) {
                    throw new IllegalStateException("race on shared word " + w + ": " + i.text);
                }
                if (write) {
                    writers[w] = mine;
                    readers[w] = null;
                } else {
                    boolean over = read == null || read.before(from.rank, by.index, now, by.passed);
                    readers[w] = over ? mine : read.and(mine);
                }
            }
        }
    }

    /**
     * Runs a kernel over its grid, block after block.
     *
     * @param module the module
     * @param name the kernel
     * @param grid blocks along x, y, z
     * @param block threads along x, y, z
     * @param dynamic bytes of shared memory beside what the kernel declares
     * @param parameters its parameters, laid out as declared
     */
    public void launch(Module module, String name, int[] grid, int[] block, int dynamic, byte[] parameters) {
        Code code = module.code(name);
        if (code == null) {
            throw new IllegalArgumentException("no kernel " + name);
        }
        launches++;
        int[] c = code.cluster;
        if (grid[0] % c[0] != 0 || grid[1] % c[1] != 0 || grid[2] % c[2] != 0) {
            throw new IllegalArgumentException(name + ": the grid is no multiple of the cluster");
        }
        for (int z = 0; z < grid[2]; z += c[2]) {
            for (int y = 0; y < grid[1]; y += c[1]) {
                for (int x = 0; x < grid[0]; x += c[0]) {
                    List<Block> cluster = new ArrayList<>();
                    for (int k = 0; k < c[0] * c[1] * c[2]; k++) {
                        int[] at = {x + k % c[0], y + k / c[0] % c[1], z + k / c[0] / c[1]};
                        int number = 1 + at[0] + grid[0] * (at[1] + grid[1] * at[2]);
                        cluster.add(new Block(number, at, cluster, code.sharedBytes + dynamic));
                    }
                    try {
                        cluster.forEach(b -> b.threads = threads(code, grid, block, b, parameters));
                        run(module, cluster);
                    } catch (RuntimeException e) {
                        throw new IllegalStateException(
                                name + ", block " + x + " " + y + " " + z + ": " + e.getMessage(), e);
                    }
                }
            }
        }
    }

    private static Worker[] threads(Code code, int[] grid, int[] block, Block b, byte[] parameters) {
        int n = block[0] * block[1] * block[2];
        Worker[] threads = new Worker[n];
        String[] axes = {"x", "y", "z"};
        int[] slots = new int[12];
        for (int k = 0; k < 12; k++) {
            slots[k] = code.slotOrNone(SPECIAL[k / 3] + axes[k % 3]);
        }
        int lane = code.slotOrNone("%laneid");
        for (int t = 0; t < n; t++) {
            Frame f = new Frame(code);
            System.arraycopy(parameters, 0, f.parameters, 0, Math.min(parameters.length, f.parameters.length));
            int[][] values = {{t % block[0], t / block[0] % block[1], t / block[0] / block[1]}, block, b.at, grid};
            for (int k = 0; k < 12; k++) {
                if (slots[k] >= 0) {
                    f.registers[slots[k]] = values[k / 3][k % 3];
                }
            }
            if (lane >= 0) {
                f.registers[lane] = t % WARP;
            }
            threads[t] = new Worker(t, f);
        }
        return threads;
    }

    /** Runs the blocks of a cluster in turns. */
    private void run(Module module, List<Block> cluster) {
        while (true) {
            boolean ran = false;
            for (Block b : cluster) {
                ran |= advance(module, b);
            }
            if (cluster.stream().allMatch(Block::done)) {
                return;
            }
            ran |= passClusterBarrier(cluster);
            if (!ran) {
                throw new IllegalStateException("threads wait for each other for ever");
            }
        }
    }

    /** Runs the threads of a block until all wait: true if something happened. */
    private boolean advance(Module module, Block b) {
        boolean ran = false;
        int n = b.threads.length;
        for (Worker t : b.threads) {
            if (t.state == State.READY) {
                ran = true;
                t.state = run(module, t.frame, b, t);
            }
        }
        for (int w = 0; w < n; w += WARP) {
            ran |= exchange(b.threads, w, Math.min(n, w + WARP));
        }
        boolean all = true;
        boolean any = false;
        for (Worker t : b.threads) {
            all &= t.state == State.BLOCK || t.state == State.DONE;
            any |= t.state == State.BLOCK;
        }
        if (all && any) {
            b.shared.epoch++;
            Instruction first = null;
            for (Worker t : b.threads) {
                if (t.state == State.BLOCK) {
                    Instruction i = t.frame.code.body.get(t.frame.at);
                    if (first != null && i != first) {
                        throw new IllegalStateException("threads wait at different barriers");
                    }
                    first = i;
                    t.frame.at++;
                    t.state = State.READY;
                }
            }
            return true;
        }
        return ran;
    }

    /** Lets threads go on that wait for arrivals which have all come. */
    private static boolean passClusterBarrier(List<Block> cluster) {
        int least = Integer.MAX_VALUE;
        for (Block b : cluster) {
            for (Worker t : b.threads) {
                least = t.state == State.DONE ? least : Math.min(least, t.arrivals);
            }
        }
        boolean ran = false;
        for (Block b : cluster) {
            for (Worker t : b.threads) {
                if (t.state == State.CLUSTER && t.arrivals <= least) {
                    t.passed = t.arrivals;
                    t.frame.at++;
                    t.state = State.READY;
                    ran = true;
                }
            }
        }
        return ran;
    }

    /** Lets a warp exchange values if all its threads have come to the same place. */
    private static boolean exchange(Worker[] threads, int from, int to) {
        Instruction at = null;
        for (int t = from; t < to; t++) {
            if (threads[t].state != State.WARP) {
                if (threads[t].state != State.DONE || at != null && at.kind != Kind.WARP_BARRIER) {
                    return false;
                }
                continue;
            }
            Instruction i = threads[t].frame.code.body.get(threads[t].frame.at);
            if (at != null && i != at) {
                return false;
            }
            at = i;
        }
        if (at == null) {
            return false;
        }
        if (at.kind != Kind.WARP_BARRIER && threads[from].state == State.DONE) {
            throw new IllegalStateException("threads that have ended are asked for values: " + at.text);
        }
        int[] o = at.registers;
        if (at.kind == Kind.SHUFFLE) {
            long[] values = new long[WARP];
            for (int t = from; t < to; t++) {
                values[t - from] = threads[t].frame.registers[o[2]];
            }
            for (int t = from; t < to; t++) {
                long[] r = threads[t].frame.registers;
                int lane = t - from;
                int b = (int) r[o[3]];
                int source = switch (at.mode) {
                    case "up" -> lane - b;
                    case "down" -> lane + b;
                    case "bfly" -> lane ^ b;
                    default -> b & 31;
                };
                boolean inside = source >= 0 && source < WARP;
                if (inside && source >= to - from) {
                    throw new IllegalStateException("lane " + source + " does not exist: " + at.text);
                }
                r[o[0]] = values[inside ? source : lane];
                if (o[1] >= 0) {
                    r[o[1]] = inside ? 1 : 0;
                }
            }
        } else if (at.kind == Kind.MULTIPLY) {
            long[][] lanes = new long[to - from][];
            for (int t = from; t < to; t++) {
                lanes[t - from] = threads[t].frame.registers;
            }
            TensorCore.multiply(at, lanes);
        } else if (at.kind == Kind.BALLOT) {
            int votes = 0;
            for (int t = from; t < to; t++) {
                votes |= threads[t].frame.registers[o[1]] != 0 ? 1 << (t - from) : 0;
            }
            for (int t = from; t < to; t++) {
                threads[t].frame.registers[o[0]] = votes;
            }
        }
        for (int t = from; t < to; t++) {
            if (threads[t].state == State.WARP) {
                threads[t].frame.at++;
                threads[t].state = State.READY;
            }
        }
        return true;
    }

    private State run(Module module, Frame f, Block block, Worker thread) {
        long[] r = f.registers;
        java.util.List<Instruction> body = f.code.body;
        int n = body.size();
        int at = f.at;
        long count = 0;
        try {
            while (at < n) {
                Instruction i = body.get(at);
                count++;
                if (i.guard >= 0 && (r[i.guard] != 0) == i.negated) {
                    at++;
                    continue;
                }
                switch (i.kind) {
                    case ALU -> java.util.Objects.requireNonNull(i.alu).run(r);
                    case BRANCH -> {
                        at = i.target;
                        continue;
                    }
                    case RETURN -> {
                        return State.DONE;
                    }
                    case BARRIER -> {
                        return State.BLOCK;
                    }
                    case WARP_BARRIER, SHUFFLE, BALLOT, MULTIPLY -> {
                        return State.WARP;
                    }
                    case CLUSTER_ARRIVE -> {
                        if (thread.arrivals != thread.passed) {
                            throw new IllegalStateException("a second arrival without a wait: " + i.text);
                        }
                        thread.arrivals++;
                    }
                    case CLUSTER_WAIT -> {
                        return State.CLUSTER;
                    }
                    case LOAD, STORE -> access(i, f, block, thread);
                    case CALL -> call(module, i, f, block, thread);
                }
                at++;
            }
            return State.DONE;
        } finally {
            f.at = at;
            executed += count;
        }
    }

    private void call(Module module, Instruction i, Frame f, Block block, Worker thread) {
        Code callee = module.code(java.util.Objects.requireNonNull(i.callee));
        if (callee == null) {
            throw new IllegalStateException("no function " + i.callee);
        }
        Frame g = new Frame(callee);
        for (int k = 0; k < i.arguments.size(); k++) {
            copy(f, i.arguments.get(k), g, callee.parameters.get(k));
        }
        run(module, g, block, thread);
        for (int k = 0; k < i.results.size(); k++) {
            copy(g, callee.returns.get(k), f, i.results.get(k));
        }
    }

    private static void copy(Frame from, String name, Frame to, String target) {
        int a = from.code.places.get(name);
        int b = to.code.places.get(target);
        System.arraycopy(
                from.parameters,
                a,
                to.parameters,
                b,
                Math.min(16, Math.min(from.parameters.length - a, to.parameters.length - b)));
    }

    private void access(Instruction i, Frame f, Block block, Worker thread) {
        long address = i.offset + (i.base >= 0 ? f.registers[i.base] : 0);
        int size = i.bytes * i.registers.length;
        byte[] bytes;
        int at;
        switch (i.space) {
            case GLOBAL -> {
                at = memory.at(address, size);
                long who = Arena.stamp(launches, block.number, thread.index / WARP, block.shared.epoch);
                memory.touch(at, size, i.kind == Kind.STORE, who);
                bytes = memory.bytes();
            }
            case SHARED -> {
                block.shared.touch(address, size, i.kind == Kind.STORE, block, thread, i);
                bytes = block.shared.bytes;
                at = (int) address;
            }
            case CLUSTER -> {
                Block there = block.cluster.get((int) (address >> Code.WINDOW) - 1);
                if (thread.passed == 0) {
                    throw new IllegalStateException("a block may not have begun whose memory is touched: " + i.text);
                }
                if (there.done()) {
                    throw new IllegalStateException("a block has ended whose memory is touched: " + i.text);
                }
                at = (int) (address & (1L << Code.WINDOW) - 1);
                there.shared.touch(at, size, i.kind == Kind.STORE, block, thread, i);
                bytes = there.shared.bytes;
            }
            case LOCAL -> {
                bytes = f.local;
                at = (int) address;
            }
            default -> {
                bytes = f.parameters;
                at = (int) address;
            }
        }
        for (int k = 0; k < i.registers.length; k++) {
            int o = at + k * i.bytes;
            if (i.kind == Kind.LOAD) {
                long v = switch (i.bytes) {
                    case 1 -> bytes[o];
                    case 2 -> (short) Arena.SHORTS.get(bytes, o);
                    case 4 -> (int) Arena.INTS.get(bytes, o);
                    default -> (long) Arena.LONGS.get(bytes, o);
                };
                if (!i.signed && i.bytes < 4) {
                    v &= i.bytes == 1 ? 0xff : 0xffff;
                }
                f.registers[i.registers[k]] = v;
            } else {
                long v = f.registers[i.registers[k]];
                switch (i.bytes) {
                    case 1 -> bytes[o] = (byte) v;
                    case 2 -> Arena.SHORTS.set(bytes, o, (short) v);
                    case 4 -> Arena.INTS.set(bytes, o, (int) v);
                    default -> Arena.LONGS.set(bytes, o, v);
                }
            }
        }
    }
}
