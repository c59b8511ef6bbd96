package org.amortis.cuda.ptx;

import org.amortis.cuda.ptx.Code.Instruction;
import org.amortis.cuda.ptx.Code.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Runs kernels. Threads of a block take turns: each runs until it must wait for others. Fails on an access outside of
 * allocated memory, on shared memory read before it was written, on two threads that touch one shared word, or two warps or
 * blocks that touch one word of device memory, one of them writing, without a barrier between, and on barriers that not all
 * can reach.
 */
public final class Machine {
    private static final int WARP = 32;
    private static final String[] SPECIAL = {"%tid.", "%ntid.", "%ctaid.", "%nctaid."};

    private final Arena memory;
    private long executed;
    private long launches;
    private int blockIndex;

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

        Worker(int index, Frame frame) {
            this.index = index;
            this.frame = frame;
        }
    }

    /** Shared memory of a block, with who touched each word since the last barrier. */
    private static final class Shared {
        final byte[] bytes;
        final int[] writer;
        final int[] reader;
        final int[] written;
        final int[] read;
        int epoch = 1;

        Shared(int size) {
            this.bytes = new byte[size];
            int words = (size + 3) / 4;
            this.writer = new int[words];
            this.reader = new int[words];
            this.written = new int[words];
            this.read = new int[words];
        }

        void touch(long at, int size, boolean write, int thread, Instruction i) {
            if (at < 0 || at + size > bytes.length || at % size != 0) {
                throw new IllegalStateException("shared access at " + at + " of " + bytes.length + ": " + i.text);
            }
            for (int w = (int) at / 4; w <= ((int) at + size - 1) / 4; w++) {
                if (!write && written[w] == 0) {
                    throw new IllegalStateException("shared word " + w + " is read before it is written: " + i.text);
                }
                boolean race =
                        written[w] == epoch && writer[w] != thread || write && read[w] == epoch && reader[w] != thread;
                if (race) {
                    throw new IllegalStateException("race on shared word " + w + ": " + i.text);
                }
                if (write) {
                    written[w] = epoch;
                    writer[w] = thread;
                } else {
                    reader[w] = read[w] == epoch && reader[w] != thread ? -1 : thread;
                    read[w] = epoch;
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
        blockIndex = 0;
        for (int z = 0; z < grid[2]; z++) {
            for (int y = 0; y < grid[1]; y++) {
                for (int x = 0; x < grid[0]; x++) {
                    blockIndex++;
                    try {
                        block(module, code, grid, block, new int[] {x, y, z}, dynamic, parameters);
                    } catch (RuntimeException e) {
                        throw new IllegalStateException(
                                name + ", block " + x + " " + y + " " + z + ": " + e.getMessage(), e);
                    }
                }
            }
        }
    }

    private void block(Module module, Code code, int[] grid, int[] block, int[] at, int dynamic, byte[] parameters) {
        int n = block[0] * block[1] * block[2];
        Shared shared = new Shared(code.sharedBytes + dynamic);
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
            int[][] values = {{t % block[0], t / block[0] % block[1], t / block[0] / block[1]}, block, at, grid};
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
        while (true) {
            boolean ran = false;
            for (Worker t : threads) {
                if (t.state == State.READY) {
                    ran = true;
                    run(module, t, shared);
                }
            }
            for (int w = 0; w < n; w += WARP) {
                ran |= exchange(threads, w, Math.min(n, w + WARP));
            }
            boolean all = true;
            boolean any = false;
            boolean done = true;
            for (Worker t : threads) {
                all &= t.state == State.BLOCK || t.state == State.DONE;
                any |= t.state == State.BLOCK;
                done &= t.state == State.DONE;
            }
            if (done) {
                return;
            }
            if (all && any) {
                shared.epoch++;
                Instruction first = null;
                for (Worker t : threads) {
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
            } else if (!ran) {
                throw new IllegalStateException("threads wait for each other for ever");
            }
        }
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

    private void run(Module module, Worker t, Shared shared) {
        t.state = run(module, t.frame, shared, t.index);
    }

    private State run(Module module, Frame f, @Nullable Shared shared, int thread) {
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
                    case WARP_BARRIER, SHUFFLE, BALLOT -> {
                        return State.WARP;
                    }
                    case LOAD, STORE -> access(i, f, shared, thread);
                    case CALL -> call(module, i, f, thread);
                }
                at++;
            }
            return State.DONE;
        } finally {
            f.at = at;
            executed += count;
        }
    }

    private void call(Module module, Instruction i, Frame f, int thread) {
        Code callee = module.code(java.util.Objects.requireNonNull(i.callee));
        if (callee == null) {
            throw new IllegalStateException("no function " + i.callee);
        }
        Frame g = new Frame(callee);
        for (int k = 0; k < i.arguments.size(); k++) {
            copy(f, i.arguments.get(k), g, callee.parameters.get(k));
        }
        run(module, g, null, thread);
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
                Math.min(8, Math.min(from.parameters.length - a, to.parameters.length - b)));
    }

    private void access(Instruction i, Frame f, @Nullable Shared shared, int thread) {
        long address = i.offset + (i.base >= 0 ? f.registers[i.base] : 0);
        int size = i.bytes * i.registers.length;
        byte[] bytes;
        int at;
        switch (i.space) {
            case GLOBAL -> {
                at = memory.at(address, size);
                int epoch = shared == null ? 0 : shared.epoch;
                memory.touch(at, size, i.kind == Kind.STORE, Arena.stamp(launches, blockIndex, thread / WARP, epoch));
                bytes = memory.bytes();
            }
            case SHARED -> {
                Shared s = java.util.Objects.requireNonNull(shared);
                s.touch(address, size, i.kind == Kind.STORE, thread, i);
                bytes = s.bytes;
                at = (int) address;
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
