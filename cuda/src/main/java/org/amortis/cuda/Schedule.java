package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.ReduceOp;
import org.jspecify.annotations.Nullable;

/**
 * Which instructions share a launch. Each goes into an earlier one where nothing between depends on it: elementwise work
 * behind the product that it reads, into the thread that made what it reads, or beside other elementwise work in blocks of
 * its own; products beside products of the same form; draws beside draws.
 */
final class Schedule {
    /** Launches that are looked back. */
    private static final int BACK = 64;

    /** Most pointers of a generated kernel. */
    private static final int POINTERS = 192;

    /** Most operations of a generated kernel. */
    private static final int OPERATIONS = 400;

    /** Positions from which on parts of different widths stay apart. */
    private static final int SMALL = 1 << 16;

    private final Parts parts;
    private final boolean gated;
    private final boolean library;
    private final List<Unit> units = new ArrayList<>();

    private Schedule(Temporaries temporaries, boolean gated, boolean library) {
        this.library = library;
        this.parts = new Parts(temporaries);
        this.gated = gated;
    }

    /**
     * Instructions as launches.
     *
     * @param instructions instructions in order
     * @param kept what is read after them
     * @param temporaries gives memory for parts of sums
     * @param gated whether they write states, which they do only while the gate is open
     * @param library whether there is a library of products
     */
    static List<Unit> of(
            List<Instruction> instructions, List<View> kept, Temporaries temporaries, boolean gated, boolean library) {
        Schedule s = new Schedule(temporaries, gated, library);
        Keys keys = new Keys(instructions, kept);
        for (int k = 0; k < instructions.size(); k++) {
            Instruction i = instructions.get(k);
            keys.before(k).forEach(s::add);
            if (!Keys.derives(i)) {
                s.add(i, k, temporaries);
            } else if (i.writes().get(0).size() > 0) {
                keys.take((Instruction.Compute) i).forEach(s::add);
            }
            keys.after(i);
        }
        keys.rest().forEach(s::add);
        return s.units;
    }

    private void add(Instruction i, int number, Temporaries temporaries) {
        if (i instanceof Instruction.Loop l) {
            Instruction.Body b = l.body();
            units.add(new Unit.Loop(l, of(b.instructions(), b.results(), temporaries, false, library)));
            return;
        }
        Job job = job(i);
        if (job != null) {
            add(job);
            return;
        }
        List<Part> p = parts.of(i);
        if (p != null) {
            p.forEach(this::add);
        } else if (!columns(i)) {
            units.add(new Unit.Plain(i, number));
        }
    }

    private @Nullable Job job(Instruction i) {
        if (!(i.origin().op() instanceof ContractOp.MatMul m)
                || i.writes().get(0).size() == 0) {
            return null;
        }
        return switch (i) {
            case Instruction.Compute c -> Job.of(m, c.in(), c.out().get(0), false, library);
            case Instruction.Accumulate a -> Job.of(m, a.in(), a.to(), true, library);
            default -> null;
        };
    }

    private int back() {
        return Math.max(0, units.size() - BACK);
    }

    private void add(Draw draw) {
        for (int k = units.size() - 1; k >= back(); k--) {
            Unit u = units.get(k);
            if (u.against(draw.reads(), draw.writes())) {
                break;
            }
            if (u instanceof Unit.Random r
                    && r.draws.size() < Draws.TOGETHER
                    && r.draws.stream().allMatch(draw::beside)) {
                r.draws.add(draw);
                return;
            }
        }
        Unit.Random u = new Unit.Random();
        u.draws.add(draw);
        units.add(u);
    }

    private void add(Job job) {
        for (int k = units.size() - 1; k >= back() && job.sociable(); k--) {
            Unit u = units.get(k);
            if (u.against(job.reads(), job.writes())) {
                break;
            }
            if (u instanceof Unit.Products p
                    && p.behind.isEmpty()
                    && p.jobs.size() < Products.TOGETHER
                    && p.jobs.get(0).sociable()
                    && p.jobs.get(0).form().equals(job.form())) {
                p.jobs.add(job);
                return;
            }
        }
        Unit.Products u = new Unit.Products();
        u.jobs.add(job);
        units.add(u);
    }

    /** Sums of columns beside the gradient of weights that has them in shared memory anyway: true if that is what it is. */
    private boolean columns(Instruction i) {
        if (!(i instanceof Instruction.Compute c)
                || !(c.origin().op() instanceof ReduceOp.Reduction r)
                || r.kind() != ReduceOp.Kind.SUM) {
            return false;
        }
        View x = c.in().get(0);
        View y = c.out().get(0);
        Shape s = x.type().shape();
        boolean leading = s.rank() > 1
                && r.axes().count() == s.rank() - 1
                && !r.axes().contains(s.rank() - 1)
                && x.type().dtype() == DType.F32
                && y.size() > 0;
        List<Operand> reading = List.of(Operand.whole(x));
        List<Operand> writing = List.of(Operand.whole(y));
        for (int k = units.size() - 1; k >= back() && leading; k--) {
            Unit u = units.get(k);
            if (u instanceof Unit.Products p && p.behind.isEmpty()) {
                for (int j = 0; j < p.jobs.size(); j++) {
                    Job job = p.jobs.get(j);
                    View b = job.in().get(1);
                    boolean same = job.sums() == null
                            && job.sociable()
                            && job.op().transposeA()
                            && job.in().size() == 2
                            && b.type().shape().rank() == 2
                            && Operand.whole(b).same(reading.get(0));
                    if (same && !u.against(reading, writing)) {
                        p.jobs.set(j, job.withSums(y));
                        return true;
                    }
                }
            }
            if (u.against(reading, writing)) {
                return false;
            }
        }
        return false;
    }

    private void add(Part part) {
        for (int k = units.size() - 1; k >= back(); k--) {
            Unit u = units.get(k);
            boolean done = switch (u) {
                case Unit.Generated g -> join(part, g);
                case Unit.Products p -> behind(part, p);
                default -> false;
            };
            if (done) {
                return;
            }
            if (u.against(part.reads(), part.writes())) {
                break;
            }
        }
        Unit.Generated g = new Unit.Generated(gated);
        g.sections.add(new ArrayList<>(List.of(part)));
        units.add(g);
    }

    /** Puts a part behind a product if it goes through what that makes, element by element, and disturbs nobody. */
    private static boolean behind(Part part, Unit.Products u) {
        Job job = u.jobs.get(0);
        if (u.jobs.size() > 1
                || !job.small() && !(job.library() && !job.wide())
                || job.sums() != null
                || !part.sums().isEmpty()
                || part.size() != job.to().size()) {
            return false;
        }
        Operand product = Operand.whole(job.to());
        boolean reads = false;
        for (Operand o : part.in()) {
            boolean same = o.same(product);
            reads |= same;
            if (!same && o.overlaps(product)) {
                return false;
            }
        }
        // blocks of the product may still read its factors
        for (Operand o : part.out()) {
            if (!o.same(product) && o.overlaps(product) || job.reads().stream().anyMatch(o::overlaps)) {
                return false;
            }
        }
        int pointers = part.in().size() + part.out().size();
        for (Part p : u.behind) {
            Part.Relation r = part.on(p);
            if (r == Part.Relation.APART) {
                return false;
            }
            reads |= r == Part.Relation.SAME;
            pointers += p.in().size() + p.out().size();
        }
        if (!reads || pointers > Chained.MOST) {
            return false;
        }
        u.behind.add(part);
        return true;
    }

    private boolean join(Part part, Unit.Generated u) {
        int pointers = pointers(part);
        int operations = operations(part);
        List<Part> into = new ArrayList<>();
        List<List<Part>> others = new ArrayList<>();
        for (List<Part> s : u.sections) {
            Part.Relation r = Part.Relation.NONE;
            boolean shared = false;
            for (Part p : s) {
                Part.Relation q = part.on(p);
                r = q.compareTo(r) > 0 ? q : r;
                shared |= part.in().stream().anyMatch(x -> p.in().stream().anyMatch(x::same));
                pointers += pointers(p);
                operations += operations(p);
            }
            boolean together = together(part, s) && s.stream().allMatch(p -> together(p, into));
            if (r == Part.Relation.APART || r == Part.Relation.SAME && !together) {
                return false;
            }
            if (together && (shared || r == Part.Relation.SAME)) {
                into.addAll(s);
            } else {
                others.add(s);
            }
        }
        if (pointers > POINTERS || operations > OPERATIONS || u.gated != gated) {
            return false;
        }
        into.add(part);
        u.sections.clear();
        u.sections.addAll(others);
        u.sections.add(into);
        return true;
    }

    private static int pointers(Part p) {
        return p.in().size() + p.out().size() + p.sums().size();
    }

    private static int operations(Part p) {
        return p.micro().size() + 1;
    }

    /** Whether a part may have the positions of a section in its threads. */
    private static boolean together(Part part, List<Part> section) {
        for (Part p : section) {
            boolean rows = part.sums().isEmpty()
                    || p.sums().isEmpty()
                    || part.row() == p.row() && part.sharers() == p.sharers();
            boolean width = part.fours() == p.fours() || part.size() <= SMALL;
            if (part.size() != p.size() || !rows || !width) {
                return false;
            }
        }
        return true;
    }
}
