package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.spi.Plan;
import org.amortis.spi.PlanStatistics;
import org.amortis.spi.View;
import org.amortis.tensor.KeyCheck;
import org.amortis.tensor.LoopRewrites;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;

/**
 * Compiles outputs and state updates into a plan. Updates appear together after everything else has read the values
 * before the step: instructions that only updates need form a second section, run after the guards have been found
 * finite; there a fused group writes a state in place if nothing reads the old value later.
 */
public final class Compiler {
    private final boolean reuse;

    private Compiler(boolean reuse) {
        this.reuse = reuse;
    }

    /**
     * Compiles.
     *
     * @param outputs what is read after a run
     * @param updates formula of the new value of each state
     * @param guards float scalars that must be finite for the updates to be written
     * @param reuse whether temporaries share memory; off for debugging, same bits either way
     * @return the plan
     * @throws PlanException if a formula cannot be compiled
     */
    public static Plan compile(List<Tensor> outputs, Map<State, Tensor> updates, List<Tensor> guards, boolean reuse) {
        return new Compiler(reuse).run(outputs, updates, guards);
    }

    private Plan run(List<Tensor> outputs, Map<State, Tensor> updates, List<Tensor> guards) {
        long start = System.nanoTime();
        List<State> states = new ArrayList<>(updates.keySet());
        List<Tensor> roots = new ArrayList<>(outputs);
        roots.addAll(guards);
        for (State s : states) {
            Tensor t = java.util.Objects.requireNonNull(updates.get(s));
            if (!t.type().equals(s.type())) {
                throw new PlanException("update of " + s + " with " + t.describe() + ": types differ");
            }
            roots.add(t);
        }
        for (Tensor g : guards) {
            if (!g.dtype().isFloat() || g.shape().size() != 1) {
                throw new PlanException("guard " + g.describe() + ": not a float of one element");
            }
        }
        KeyCheck.check(roots);
        List<Tensor> simple = Simplify.run(Fission.run(Expand.composites(LoopRewrites.simplify(roots))));
        Registry registry = new Registry(reuse);
        Lowering lowering = new Lowering(registry);
        lowering.lower(simple);
        List<Buffer> results = new ArrayList<>();
        for (Tensor t : simple) {
            results.add(lowering.need(t));
        }
        for (State s : states) {
            registry.state(s);
        }
        int plain = outputs.size() + guards.size();
        List<Buffer> keep = new ArrayList<>(results.subList(0, plain));
        // an output that is a state itself is copied: the state changes at the end of the step
        for (int i = 0; i < plain; i++) {
            Buffer b = results.get(i);
            if (b.root().space == View.Space.STATE && !updates.isEmpty()) {
                Buffer copy = Buffer.slab(b.type);
                lowering.copy(simple.get(i).node(), b, copy);
                keep.set(i, copy);
            }
        }
        Commit commit = new Commit(lowering, keep);
        for (int i = 0; i < states.size(); i++) {
            commit.update(registry.state(states.get(i)), results.get(plain + i), simple.get(plain + i));
        }
        List<Draft> ordered = commit.ordered();
        Planner.touch(ordered);
        for (Buffer b : keep) {
            b.touch(ordered.size());
        }
        Planner planner = new Planner(reuse);
        List<Buffer> pinned = new ArrayList<>(registry.inputs.values());
        registry.constants.forEach(c -> pinned.add(c.buffer()));
        planner.pin(pinned);
        long fixed = planner.bytesWithoutReuse();
        planner.plan(ordered, Planner.local(ordered));
        Finish finish = new Finish();
        int split = commit.computeCount();
        var compute = finish.instructions(ordered.subList(0, split));
        var commits = finish.instructions(ordered.subList(split, ordered.size()));
        List<View> views = new ArrayList<>();
        keep.forEach(b -> views.add(b.view()));
        Map<String, View> inputs = new LinkedHashMap<>();
        registry.inputs.forEach((k, b) -> inputs.put(k, b.view()));
        List<Plan.Constant> constants = new ArrayList<>();
        registry.constants.forEach(
                c -> constants.add(new Plan.Constant(c.buffer().view(), c.value())));
        long slab = 4L * planner.slots(DType.F32) + 8L * planner.slots(DType.F64) + 4L * planner.slots(DType.I32);
        PlanStatistics statistics = new PlanStatistics(
                lowering.nodes(),
                finish.instructions(),
                finish.groups(),
                bytes(registry.constants.stream().map(Registry.Constant::buffer).toList()),
                bytes(List.copyOf(registry.inputs.values())),
                slab - fixed,
                planner.bytesWithoutReuse() - fixed,
                bytes(List.copyOf(registry.states.values())),
                lowering.flops(),
                System.nanoTime() - start);
        return new Plan(
                planner.slots(DType.F32),
                planner.slots(DType.F64),
                planner.slots(DType.I32),
                constants,
                inputs,
                List.copyOf(registry.states.keySet()),
                new ArrayList<HostArray>(registry.residents.keySet()),
                compute,
                views.subList(outputs.size(), plain),
                commits,
                views.subList(0, outputs.size()),
                List.copyOf(outputs),
                statistics);
    }

    private static long bytes(List<Buffer> buffers) {
        long n = 0;
        for (Buffer b : buffers) {
            n += (long) b.type.shape().size() * b.type.dtype().bytes();
        }
        return n;
    }

    /** The second section of a program and its writes to states. */
    private static final class Commit {
        private final Map<Draft, Boolean> late = new HashMap<>();
        private final List<Draft> order = new ArrayList<>();
        private final List<Write> writes = new ArrayList<>();
        private final int computeCount;

        /** A state and where its new value is. */
        private record Write(Buffer state, Buffer value, Tensor formula) {}

        Commit(Lowering lowering, List<Buffer> keep) {
            List<Draft> drafts = lowering.drafts();
            Set<Buffer> early = new HashSet<>();
            keep.forEach(b -> early.add(b.root()));
            for (int i = drafts.size() - 1; i >= 0; i--) {
                Draft d = drafts.get(i);
                boolean needed = false;
                for (Buffer b : d.writes()) {
                    needed |= early.contains(b.root());
                }
                // only groups are worth deferring: they are what writes states in place
                boolean deferred = !needed && d instanceof Draft.Group;
                late.put(d, deferred);
                if (!deferred) {
                    for (Buffer b : d.reads()) {
                        early.add(b.root());
                    }
                }
            }
            for (Draft d : drafts) {
                if (!Boolean.TRUE.equals(late.get(d))) {
                    order.add(d);
                }
            }
            computeCount = order.size();
            for (Draft d : drafts) {
                if (Boolean.TRUE.equals(late.get(d))) {
                    order.add(d);
                }
            }
        }

        int computeCount() {
            return computeCount;
        }

        void update(Buffer state, Buffer value, Tensor formula) {
            writes.add(new Write(state, value, formula));
        }

        /** Instructions in their final order, renumbered, the copies into states at the end. */
        List<Draft> ordered() {
            List<Write> copies = new ArrayList<>();
            for (Write w : writes) {
                if (!inPlace(w)) {
                    copies.add(w);
                }
            }
            List<Draft> r = new ArrayList<>(order);
            List<Write> last = new ArrayList<>();
            for (Write w : copies) {
                Buffer root = w.value.root();
                if (root == w.state && w.value.rootOffset() == 0) {
                    continue;
                }
                if (root.space == View.Space.STATE) {
                    // reads a state that another update may overwrite: take the value before
                    Buffer copy = Buffer.slab(w.value.type);
                    r.add(computeCount, new Draft.Copy(0, w.formula.node(), w.value, copy));
                    last.add(new Write(w.state, copy, w.formula));
                } else {
                    last.add(w);
                }
            }
            for (Write w : last) {
                r.add(new Draft.Copy(0, w.formula.node(), w.value, w.state));
            }
            List<Draft> numbered = new ArrayList<>();
            for (int i = 0; i < r.size(); i++) {
                numbered.add(r.get(i).renumbered(i));
            }
            return numbered;
        }

        /** Lets a late group write the state itself, if every reader of the old value has run by then. */
        private boolean inPlace(Write w) {
            Draft.Group g = null;
            int at = -1;
            for (int i = computeCount; i < order.size() && g == null; i++) {
                if (order.get(i) instanceof Draft.Group x && x.outputs.containsValue(w.value)) {
                    g = x;
                    at = i;
                }
            }
            if (g == null || w.value.parent != null || !Planner.readInPlace(g, w.state)) {
                return false;
            }
            for (int i = at + 1; i < order.size(); i++) {
                for (Buffer b : order.get(i).reads()) {
                    if (b.root() == w.state) {
                        return false;
                    }
                }
            }
            for (Write other : writes) {
                if (!other.equals(w) && (other.value.root() == w.state || other.value.root() == w.value)) {
                    return false;
                }
            }
            w.value.parent = w.state;
            w.value.parentOffset = 0;
            return true;
        }
    }
}
