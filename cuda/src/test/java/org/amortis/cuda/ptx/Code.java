package org.amortis.cuda.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function of a module, decoded: registers are numbered, constants are registers with a value. */
final class Code {
    /** Arithmetic on registers. */
    interface Alu {
        void run(long[] r);
    }

    /** What the machine does itself. */
    enum Kind {
        ALU,
        BRANCH,
        RETURN,
        LOAD,
        STORE,
        CALL,
        BARRIER,
        CLUSTER_ARRIVE,
        CLUSTER_WAIT,
        WARP_BARRIER,
        SHUFFLE,
        BALLOT,
        MULTIPLY
    }

    /** Where memory is. */
    enum Space {
        GLOBAL,
        SHARED,
        CLUSTER,
        LOCAL,
        PARAM
    }

    /** One instruction. */
    static final class Instruction {
        final String text;
        final Kind kind;
        int guard = -1;
        boolean negated;

        @Nullable
        Alu alu;

        @Nullable
        String label;

        int target;
        Space space = Space.GLOBAL;
        int[] registers = {};
        int base = -1;
        long offset;
        int bytes;
        boolean signed;
        String mode = "";

        @Nullable
        String callee;

        List<String> arguments = List.of();
        List<String> results = List.of();

        Instruction(String text, Kind kind) {
            this.text = text;
            this.kind = kind;
        }
    }

    /** Bits of an address inside the shared memory of one block of a cluster; above them stands the block's rank plus one. */
    static final int WINDOW = 24;

    final String name;

    /** Blocks of a cluster along each axis. */
    final int[] cluster = {1, 1, 1};

    final List<Instruction> body = new ArrayList<>();
    final Map<String, Integer> labels = new HashMap<>();
    final List<String> parameters = new ArrayList<>();
    final List<String> returns = new ArrayList<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<Integer, Long> constants = new HashMap<>();

    /** Places of parameters, of arguments to calls, of shared and of local arrays, in bytes. */
    final Map<String, Integer> places = new HashMap<>();

    int parameterBytes;
    int sharedBytes;
    int localBytes;
    long @Nullable [] template;

    Code(String name) {
        this.name = name;
        slot("%cc");
    }

    /** Number of a register. */
    int slot(String register) {
        return slots.computeIfAbsent(register, k -> slots.size());
    }

    int slotOrNone(String register) {
        return slots.getOrDefault(register, -1);
    }

    /** Number of a register that holds a constant. */
    int constant(long bits) {
        int s = slot("#" + bits);
        constants.put(s, bits);
        return s;
    }

    /** A fresh set of registers. */
    long[] registers() {
        long[] t = template;
        if (t == null) {
            t = new long[slots.size()];
            for (Map.Entry<Integer, Long> e : constants.entrySet()) {
                t[e.getKey()] = e.getValue();
            }
            template = t;
        }
        return t.clone();
    }

    /** Room for a named parameter. */
    int place(String symbol, int bytes) {
        Integer known = places.get(symbol);
        if (known != null) {
            return known;
        }
        int at = (parameterBytes + 15) / 16 * 16;
        parameterBytes = at + bytes;
        places.put(symbol, at);
        return at;
    }
}
