package org.amortis.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Axes;
import org.amortis.tensor.TensorType;

/**
 * Gives every temporary a range of the slab. Buffers whose lives do not overlap share memory; the output of a fused
 * group takes over an input that dies there and is read at the same positions. One walk over the order, logarithmic
 * allocation: not quadratic in the number of instructions.
 */
final class Planner {
    private final FreeList[] lists = {new FreeList(), new FreeList(), new FreeList()};
    private final boolean reuse;
    private long bytes;

    Planner(boolean reuse) {
        this.reuse = reuse;
    }

    private static int carrier(DType t) {
        return switch (t) {
            case F32 -> 0;
            case F64 -> 1;
            case I32, BOOL, KEY -> 2;
        };
    }

    int slots(DType t) {
        return (int) lists[carrier(t)].end();
    }

    /** Bytes that all buffers would take without reuse. */
    long bytesWithoutReuse() {
        return bytes;
    }

    /** Places buffers that live through the whole run. */
    void pin(Iterable<Buffer> buffers) {
        for (Buffer b : buffers) {
            if (b.offset < 0) {
                b.offset = allocate(b);
            }
        }
    }

    private int allocate(Buffer b) {
        bytes += (long) FreeList.rounded(b.slots()) * (b.type.dtype() == DType.F64 ? 8 : 4);
        return lists[carrier(b.type.dtype())].allocate(b.slots());
    }

    /** Places the temporaries of instructions; what must survive to the end is touched by the caller. */
    void plan(List<Draft> drafts, Set<Buffer> local) {
        List<List<Buffer>> begins = new ArrayList<>();
        List<List<Buffer>> ends = new ArrayList<>();
        for (int i = 0; i <= drafts.size(); i++) {
            begins.add(new ArrayList<>());
            ends.add(new ArrayList<>());
        }
        for (Buffer b : local) {
            if (b.parent == null && !b.pinned && b.last >= 0 && b.offset < 0) {
                begins.get(b.first).add(b);
                ends.get(Math.min(b.last, drafts.size())).add(b);
            }
        }
        for (int i = 0; i < drafts.size(); i++) {
            List<Buffer> dying = ends.get(i);
            for (Buffer b : begins.get(i)) {
                Buffer victim = reuse && drafts.get(i) instanceof Draft.Group g ? inPlace(g, b, dying) : null;
                if (victim == null) {
                    b.offset = allocate(b);
                } else {
                    bytes += (long) FreeList.rounded(b.slots()) * (b.type.dtype() == DType.F64 ? 8 : 4);
                    b.offset = victim.offset;
                    // the range lives on under its new owner
                    dying.remove(victim);
                }
            }
            if (reuse) {
                for (Buffer b : dying) {
                    lists[carrier(b.type.dtype())].free(b.offset, b.slots());
                }
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Buffer inPlace(Draft.Group g, Buffer out, List<Buffer> dying) {
        if (!g.outputs.containsValue(out)) {
            return null;
        }
        for (Buffer d : dying) {
            if (d.first < g.id()
                    && d.offset >= 0
                    && carrier(d.type.dtype()) == carrier(out.type.dtype())
                    && d.slots() == out.slots()
                    && readInPlace(g, d)) {
                return d;
            }
        }
        return null;
    }

    /** Whether a group reads a buffer only whole and at the positions it writes. */
    static boolean readInPlace(Draft.Group g, Buffer root) {
        Axes own = Axes.of(g.shape.strides());
        for (Draft.Group.Input in : g.inputs.keySet()) {
            if (in.buffer().root() == root) {
                boolean same = in.buffer().rootOffset() == 0
                        && in.buffer().slots() == g.shape.size()
                        && strideEqual(in.strides(), own, g.shape);
                if (!same) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean strideEqual(Axes a, Axes b, Shape s) {
        for (int i = 0; i < s.rank(); i++) {
            if (s.dim(i) != 1 && a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** First and last touch of every buffer of instructions. */
    static void touch(List<Draft> drafts) {
        for (Draft d : drafts) {
            for (Buffer b : d.reads()) {
                b.touch(d.id());
            }
            for (Buffer b : d.writes()) {
                b.touch(d.id());
            }
        }
    }

    /** Roots that instructions write or use as scratch, in order. */
    static Set<Buffer> local(List<Draft> drafts) {
        Set<Buffer> r = new LinkedHashSet<>();
        for (Draft d : drafts) {
            for (Buffer b : d.writes()) {
                if (b.root().isSlab()) {
                    r.add(b.root());
                }
            }
            if (d instanceof Draft.Loop l) {
                r.addAll(l.scratch());
            }
        }
        return r;
    }

    /** Plans the body of a loop by itself; the result is one scratch buffer for each carrier, which the body lies in. */
    static List<Buffer> planBody(
            Lowering body, Buffer step, List<Buffer> carries, List<Buffer> slices, List<Buffer> results) {
        List<Draft> drafts = body.drafts();
        touch(drafts);
        int end = drafts.size();
        for (Buffer b : results) {
            b.touch(end);
        }
        Planner p = new Planner(body.registry().reuse);
        List<Buffer> pinned = new ArrayList<>();
        pinned.add(step);
        pinned.addAll(carries);
        pinned.addAll(slices);
        p.pin(pinned);
        Set<Buffer> local = local(drafts);
        p.plan(drafts, local);
        local.addAll(pinned);
        forgetOutside(drafts, results, local);
        List<Buffer> scratch = new ArrayList<>();
        for (DType t : new DType[] {DType.F32, DType.F64, DType.I32}) {
            int n = p.slots(t);
            if (n > 0) {
                Buffer s = Buffer.slab(new TensorType(t, Shape.of(n)));
                scratch.add(s);
                for (Buffer b : local) {
                    if (b.parent == null && b != s && carrier(b.type.dtype()) == carrier(t) && b.offset >= 0) {
                        b.parent = s;
                        b.parentOffset = b.offset;
                    }
                }
            }
        }
        return scratch;
    }

    /** What a body reads from outside lives by the order outside: touches counted in the body's order are taken back. */
    private static void forgetOutside(List<Draft> drafts, List<Buffer> results, Set<Buffer> local) {
        List<Buffer> touched = new ArrayList<>(results);
        drafts.forEach(d -> touched.addAll(d.reads()));
        for (Buffer b : touched) {
            Buffer r = b.root();
            if (!local.contains(r)) {
                r.first = Integer.MAX_VALUE;
                r.last = -1;
            }
        }
    }
}
