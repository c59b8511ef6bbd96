package org.amortis.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Plan;
import org.amortis.spi.View;

/**
 * Replays a step with the memory watched: a kernel may change what it writes and nothing else, and ranges that nobody
 * reads any more are poisoned at once, so that a plan that frees too early shows as NaN. Slow, for debugging and tests.
 */
final class CheckedRun {
    private static final DType[] CARRIERS = {DType.F32, DType.F64, DType.I32};

    private final Plan plan;
    private final Slab slab;

    CheckedRun(Plan plan, Slab slab) {
        this.plan = plan;
        this.slab = slab;
    }

    private static int carrier(View v) {
        return switch (v.type().dtype()) {
            case F32 -> 0;
            case F64 -> 1;
            case I32, BOOL, KEY -> 2;
        };
    }

    private static void mark(BitSet[] sets, View v, boolean value) {
        if (v.space() == View.Space.SLAB) {
            sets[carrier(v)].set(v.offset(), v.offset() + v.slots(), value);
        }
    }

    private static BitSet[] empty() {
        return new BitSet[] {new BitSet(), new BitSet(), new BitSet()};
    }

    /** Slots that are read after each instruction, or kept for the caller. */
    private List<BitSet[]> neededAfter(List<Instruction> all) {
        BitSet[] needed = empty();
        plan.inputs().values().forEach(v -> mark(needed, v, true));
        plan.constants().forEach(c -> mark(needed, c.view(), true));
        plan.outputs().forEach(v -> mark(needed, v, true));
        plan.guards().forEach(v -> mark(needed, v, true));
        List<BitSet[]> r = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            r.add(Arrays.stream(needed).map(b -> (BitSet) b.clone()).toArray(BitSet[]::new));
            all.get(i).writes().forEach(v -> mark(needed, v, false));
            all.get(i).reads().forEach(v -> mark(needed, v, true));
        }
        java.util.Collections.reverse(r);
        return r;
    }

    /** Runs kernels of instructions; {@code offset} is the place of the first among all instructions of the step. */
    void run(List<Instruction> instructions, Kernel[] kernels, int offset) {
        List<Instruction> all = new ArrayList<>(plan.compute());
        all.addAll(plan.commit());
        List<BitSet[]> needed = neededAfter(all);
        for (int i = 0; i < kernels.length; i++) {
            Instruction in = instructions.get(i);
            Object[] before = snapshot();
            kernels[i].run();
            BitSet[] allowed = empty();
            allow(in, allowed);
            compare(in, before, allowed);
            poison(needed.get(offset + i));
        }
    }

    private static void allow(Instruction in, BitSet[] allowed) {
        in.writes().forEach(v -> mark(allowed, v, true));
        if (in instanceof Instruction.Loop l) {
            mark(allowed, l.step(), true);
            l.carries().forEach(v -> mark(allowed, v, true));
            l.slices().forEach(v -> mark(allowed, v, true));
            l.body().instructions().forEach(b -> allow(b, allowed));
        }
    }

    private Object[] snapshot() {
        Object[] r = new Object[CARRIERS.length];
        for (int c = 0; c < r.length; c++) {
            r[c] = switch (slab.carrier(CARRIERS[c])) {
                case float[] f -> f.clone();
                case double[] d -> d.clone();
                case int[] n -> n.clone();
                default -> throw new IllegalStateException();
            };
        }
        return r;
    }

    private void compare(Instruction in, Object[] before, BitSet[] allowed) {
        for (int c = 0; c < CARRIERS.length; c++) {
            int base = Slab.base(CARRIERS[c]);
            Object now = slab.carrier(CARRIERS[c]);
            int n = java.lang.reflect.Array.getLength(now);
            for (int i = 0; i < n; i++) {
                boolean changed = switch (now) {
                    case float[] f ->
                        Float.floatToRawIntBits(f[i]) != Float.floatToRawIntBits(((float[]) before[c])[i]);
                    case double[] d ->
                        Double.doubleToRawLongBits(d[i]) != Double.doubleToRawLongBits(((double[]) before[c])[i]);
                    case int[] k -> k[i] != ((int[]) before[c])[i];
                    default -> throw new IllegalStateException();
                };
                if (changed && (i < base || !allowed[c].get(i - base))) {
                    throw new PlanException("checked run: " + in.origin() + " wrote slot " + (i - base) + " of the "
                            + CARRIERS[c] + " slab, which is not among " + in.writes());
                }
            }
        }
    }

    private void poison(BitSet[] needed) {
        for (int c = 0; c < CARRIERS.length; c++) {
            int base = Slab.base(CARRIERS[c]);
            Object a = slab.carrier(CARRIERS[c]);
            int n = java.lang.reflect.Array.getLength(a) - base;
            for (int i = needed[c].nextClearBit(0); i < n; i = needed[c].nextClearBit(i + 1)) {
                switch (a) {
                    case float[] f -> f[base + i] = Float.NaN;
                    case double[] d -> d[base + i] = Double.NaN;
                    case int[] k -> k[base + i] = Integer.MIN_VALUE;
                    default -> throw new IllegalStateException();
                }
            }
        }
    }
}
