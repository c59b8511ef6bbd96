package org.amortis.cuda;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;

/**
 * Derived keys that were not written yet. Draws derive their keys themselves, so a key is written only where something
 * else reads it, or before what it is derived from is overwritten.
 */
final class Keys {
    /** Most steps between a stored key and a draw, as in random.cuh. */
    static final int FOLDS = 5;

    /** Elements from which on deriving the key once is cheaper than in each thread. */
    private static final int LARGE = 1 << 18;

    private final List<Instruction> instructions;
    private final List<View> kept;
    private final Map<View, KeyPath> pending = new LinkedHashMap<>();

    /**
     * Keys of a list of instructions.
     *
     * @param instructions the list
     * @param kept what is read after it
     */
    Keys(List<Instruction> instructions, List<View> kept) {
        this.instructions = instructions;
        this.kept = kept;
    }

    /** What must be written before an instruction, in order. */
    List<Draw> before(int number) {
        Instruction i = instructions.get(number);
        List<Draw> r = new ArrayList<>();
        Iterator<Map.Entry<View, KeyPath>> all = pending.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<View, KeyPath> e = all.next();
            View key = e.getKey();
            boolean write = false;
            for (View v : reads(i)) {
                write |= meet(v, key) && !(derives(i) && v.equals(key));
            }
            boolean gone = write;
            for (View w : writes(i)) {
                if (meet(w, key) && (i instanceof Instruction.Loop || !covers(w, key))) {
                    write = true;
                    gone = true;
                }
                if (e.getValue().reads().stream().anyMatch(v -> meet(w, v))) {
                    gone = true;
                    write |= needed(key, number);
                }
            }
            if (write) {
                r.add(new Draw(e.getValue(), null, null, key));
            }
            if (gone) {
                all.remove();
            }
        }
        return r;
    }

    /** Takes an instruction that derives keys or draws: what is launched for it, in order. */
    List<Draw> take(Instruction.Compute c) {
        RandomOp op = (RandomOp) c.origin().op();
        View key = c.in().get(0);
        View to = c.out().get(0);
        boolean fold =
                op instanceof RandomOp.FoldConstant || op instanceof RandomOp.FoldIndex || op instanceof RandomOp.Split;
        KeyPath path = pending.getOrDefault(key, KeyPath.stored(key));
        List<Draw> r = new ArrayList<>();
        if (!path.folds().isEmpty() && (fold ? path.folds().size() == FOLDS : to.size() >= LARGE)) {
            r.add(new Draw(path, null, null, key));
            pending.remove(key);
            path = KeyPath.stored(key);
        }
        if (fold) {
            View number = op instanceof RandomOp.FoldIndex ? c.in().get(1) : null;
            Shape from = key.type().shape();
            pending.put(
                    to, path.then(new KeyPath.Fold(op, number, from, to.type().shape())));
        } else {
            r.add(new Draw(path, op, op instanceof RandomOp.GammaDraw ? c.in().get(1) : null, to));
        }
        return r;
    }

    /** What was overwritten by an instruction is no key any more. */
    void after(Instruction i) {
        pending.keySet()
                .removeIf(key -> i.writes().stream().anyMatch(w -> meet(w, key) && !(derives(i) && w.equals(key))));
    }

    /** What must be written at the end. */
    List<Draw> rest() {
        List<Draw> r = new ArrayList<>();
        pending.forEach((key, path) -> {
            if (needed(key, instructions.size())) {
                r.add(new Draw(path, null, null, key));
            }
        });
        return r;
    }

    /** Whether an instruction can do with a key that was not written. */
    static boolean derives(Instruction i) {
        return i instanceof Instruction.Compute c
                && c.origin().op() instanceof RandomOp op
                && !(op instanceof RandomOp.GammaDerivative);
    }

    /** What an instruction reads, also inside of a loop. */
    private static List<View> reads(Instruction i) {
        if (!(i instanceof Instruction.Loop l)) {
            return i.reads();
        }
        List<View> r = new ArrayList<>(l.in());
        r.addAll(l.body().results());
        l.body().instructions().forEach(b -> r.addAll(reads(b)));
        return r;
    }

    /** What an instruction writes, also inside of a loop. */
    private static List<View> writes(Instruction i) {
        if (!(i instanceof Instruction.Loop l)) {
            return i.writes();
        }
        List<View> r = new ArrayList<>(l.out());
        r.addAll(l.carries());
        r.addAll(l.slices());
        r.add(l.step());
        l.body().instructions().forEach(b -> r.addAll(writes(b)));
        return r;
    }

    /** Whether somebody reads a key from an instruction on. */
    private boolean needed(View key, int from) {
        for (Instruction i : instructions.subList(from, instructions.size())) {
            if (reads(i).stream().anyMatch(v -> meet(v, key))) {
                return true;
            }
            if (!(i instanceof Instruction.Loop) && i.writes().stream().anyMatch(w -> covers(w, key))) {
                return false;
            }
        }
        return key.space() == View.Space.STATE || kept.stream().anyMatch(v -> meet(v, key));
    }

    private static boolean meet(View a, View b) {
        return Operand.whole(a).overlaps(Operand.whole(b));
    }

    private static boolean covers(View a, View b) {
        return meet(a, b) && a.offset() <= b.offset() && a.offset() + a.slots() >= b.offset() + b.slots();
    }
}
