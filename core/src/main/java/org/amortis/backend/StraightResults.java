package org.amortis.backend;

import java.util.List;
import org.amortis.spi.Instruction;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/**
 * Which results of a fused group are written straight to their memory instead of into a tile that is copied: the copy costs
 * a third of a cheap operation. A result qualifies if its register is read by nothing later and no later operation reads
 * an operand that lies where it is written.
 */
final class StraightResults {
    /** A result that has no such place. */
    static final int NONE = -1;

    private StraightResults() {}

    /** For each result the operation that writes it straight, or {@link #NONE}; operations of chains write theirs themselves. */
    static int[] of(Instruction.Fused f, FusedChain[] chains, Memory memory) {
        int[] r = new int[f.out().size()];
        for (int i = 0; i < r.length; i++) {
            r[i] = writer(f, i, chains, memory);
        }
        return r;
    }

    private static int writer(Instruction.Fused f, int out, FusedChain[] chains, Memory memory) {
        int register = f.outRegisters().get(out);
        List<Instruction.MicroOp> micro = f.micro();
        int step = micro.size() - 1;
        while (micro.get(step).target() != register) {
            step--;
        }
        for (FusedChain c : chains) {
            if (c.from <= step && step < c.to) {
                return NONE;
            }
        }
        if (f.outRegisters().indexOf(register) != f.outRegisters().lastIndexOf(register)
                || f.sums().stream().anyMatch(s -> s.register() == register)) {
            return NONE;
        }
        for (int k = step + 1; k < micro.size(); k++) {
            for (Instruction.Source s : micro.get(k).operands()) {
                boolean reads = s instanceof Instruction.Source.Register x && x.index() == register;
                boolean overwritten = s instanceof Instruction.Source.Input x
                        && overlap(f.in().get(x.index()).view(), f.out().get(out), memory);
                if (reads || overwritten) {
                    return NONE;
                }
            }
        }
        return step;
    }

    @SuppressWarnings("ReferenceEquality") // the same memory, not equal contents
    private static boolean overlap(View x, View y, Memory memory) {
        int a = memory.offset(x);
        int b = memory.offset(y);
        return memory.array(x) == memory.array(y) && a < b + y.size() && b < a + x.size();
    }
}
