package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;

/**
 * What one thread does at one position: loads, operations, stores; sums over rows of positions. A thread has the positions
 * of all parts that stand in one section, so what one part stores the next may load.
 *
 * @param size number of positions
 * @param row positions of a row that is summed; the size if nothing is
 * @param sharers blocks that share a row, whose sums are then parts of sums
 * @param in what is loaded
 * @param micro operations in order
 * @param registers number of registers
 * @param out what is stored, each element once
 * @param values where each of these comes from
 * @param sums sums over rows
 */
record Part(
        int size,
        int row,
        int sharers,
        List<Operand> in,
        List<Instruction.MicroOp> micro,
        int registers,
        List<Operand> out,
        List<Instruction.Source> values,
        List<Sum> sums) {
    /**
     * A sum over rows.
     *
     * @param from what is summed
     * @param to one element a row; with sharers one a row for each of them, rows side by side
     */
    record Sum(Instruction.Source from, Operand to) {}

    /** How two parts depend on each other. */
    enum Relation {
        /** They may run in any order, at the same time. */
        NONE,
        /** At each position on each other, at no other. */
        SAME,
        /** One must have ended when the other begins. */
        APART
    }

    /** One store for each position. */
    static Part store(int size, List<Operand> in, Instruction.Source value, Operand out) {
        return new Part(size, size, 1, in, List.of(), 0, List.of(out), List.of(value), List.of());
    }

    /** Whether it only moves elements. */
    boolean moves() {
        return micro.isEmpty() && sums.isEmpty();
    }

    /** How it depends on one that comes before. */
    Relation on(Part before) {
        Relation r = Relation.NONE;
        for (Operand w : out) {
            r = worse(r, against(w, before.in), against(w, before.out));
            r = before.sums.stream().anyMatch(s -> s.to.overlaps(w)) ? Relation.APART : r;
        }
        for (Operand w : before.out) {
            r = worse(r, against(w, in));
            r = sums.stream().anyMatch(s -> s.to.overlaps(w)) ? Relation.APART : r;
        }
        for (Sum s : before.sums) {
            boolean touched =
                    in.stream().anyMatch(s.to::overlaps) || sums.stream().anyMatch(t -> t.to.overlaps(s.to));
            r = touched ? Relation.APART : r;
        }
        for (Sum s : sums) {
            r = before.in.stream().anyMatch(s.to::overlaps) ? Relation.APART : r;
        }
        return r;
    }

    private static Relation worse(Relation... all) {
        Relation r = Relation.NONE;
        for (Relation x : all) {
            r = x.compareTo(r) > 0 ? x : r;
        }
        return r;
    }

    private static Relation against(Operand one, List<Operand> others) {
        Relation r = Relation.NONE;
        for (Operand o : others) {
            r = worse(r, one.same(o) ? Relation.SAME : one.overlaps(o) ? Relation.APART : Relation.NONE);
        }
        return r;
    }

    /** What is read. */
    List<Operand> reads() {
        return in;
    }

    /** What is written. */
    List<Operand> writes() {
        List<Operand> r = new ArrayList<>(out);
        sums.forEach(s -> r.add(s.to));
        return r;
    }

    /** Whether four positions can be taken at once. */
    boolean fours() {
        boolean ok = size % 4 == 0 && row % 4 == 0;
        for (Operand o : in) {
            ok &= o.type().bytes() == 4 && o.foursInside();
        }
        for (Operand o : out) {
            ok &= o.type().bytes() == 4 && o.foursInside() && o.foursAligned();
        }
        for (Instruction.MicroOp m : micro) {
            ok &= m.node().result(0).dtype().bytes() == 4;
        }
        for (Sum s : sums) {
            ok &= s.to.type() == DType.F32;
        }
        return ok;
    }
}
