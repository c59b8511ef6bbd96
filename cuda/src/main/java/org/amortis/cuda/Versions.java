package org.amortis.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.spi.Plan;
import org.amortis.spi.View;
import org.jspecify.annotations.Nullable;

/**
 * Gives values memory of their own. A plan lets values share memory one after the other, which orders instructions that have
 * nothing to do with each other; on a device the order costs launches, and memory is plenty. Values that are read or written
 * by parts, by loops, or by the host stay where they are.
 */
final class Versions {
    /** Bytes that are added to a plan at most. */
    static final long MOST = 64L << 20;

    /** What was written at one time and is read until it is written again. */
    private static final class Version {
        final View view;
        boolean fixed;

        @Nullable
        View moved;

        Version(View view) {
            this.view = view;
        }
    }

    private final List<Version> all = new ArrayList<>();
    private final List<TreeMap<Integer, Version>> now = List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    private final List<Map<View, Version>> reads = new ArrayList<>();
    private final List<Map<View, Version>> writes = new ArrayList<>();

    private Versions() {}

    /**
     * A plan whose values have memory of their own as far as there is some.
     *
     * @param plan the plan
     * @param temporaries takes their memory
     */
    static Plan apart(Plan plan, Temporaries temporaries) {
        List<Instruction> instructions = new ArrayList<>(plan.compute());
        instructions.addAll(plan.commit());
        Versions v = new Versions();
        instructions.forEach(v::step);
        plan.outputs().forEach(v::fixed);
        plan.guards().forEach(v::fixed);
        v.place(temporaries);
        List<Instruction> r = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            r.add(v.moved(instructions.get(i), v.reads.get(i), v.writes.get(i)));
        }
        int n = plan.compute().size();
        return new Plan(
                plan.floats(),
                plan.doubles(),
                plan.ints(),
                plan.constants(),
                plan.inputs(),
                plan.states(),
                plan.residents(),
                List.copyOf(r.subList(0, n)),
                plan.guards(),
                List.copyOf(r.subList(n, r.size())),
                plan.outputs(),
                plan.outputTensors(),
                plan.statistics());
    }

    private static int carrier(DType type) {
        return switch (type) {
            case F32 -> 0;
            case F64 -> 1;
            case I32, BOOL, KEY -> 2;
        };
    }

    private static int end(View v) {
        return v.offset() + v.slots();
    }

    /** The values that lie in a range now. */
    private List<Version> within(View v) {
        TreeMap<Integer, Version> map = now.get(carrier(v.type().dtype()));
        List<Version> r = new ArrayList<>();
        Map.Entry<Integer, Version> before = map.lowerEntry(v.offset());
        if (before != null && end(before.getValue().view) > v.offset()) {
            r.add(before.getValue());
        }
        r.addAll(map.subMap(v.offset(), end(v)).values());
        return r;
    }

    private void fixed(View v) {
        if (v.space() == View.Space.SLAB) {
            within(v).forEach(x -> x.fixed = true);
        }
    }

    private void step(Instruction i) {
        Map<View, Version> in = new HashMap<>();
        Map<View, Version> out = new HashMap<>();
        boolean loop = i instanceof Instruction.Loop;
        for (View v : i.reads()) {
            if (v.space() != View.Space.SLAB || v.slots() == 0) {
                continue;
            }
            List<Version> found = within(v);
            boolean whole =
                    found.size() == 1 && found.get(0).view.offset() <= v.offset() && end(found.get(0).view) >= end(v);
            if (whole && !loop) {
                in.put(v, found.get(0));
            } else {
                found.forEach(x -> x.fixed = true);
            }
        }
        for (View v : i.writes()) {
            if (v.space() != View.Space.SLAB || v.slots() == 0) {
                continue;
            }
            if (i instanceof Instruction.Accumulate) {
                // goes on with what is there
                Version same = in.get(v);
                if (same != null) {
                    out.put(v, same);
                    continue;
                }
            }
            Version w = new Version(v);
            w.fixed = loop || i instanceof Instruction.Accumulate;
            for (Version x : within(v)) {
                // a value of which only a part is replaced must stay beside the new one
                boolean covered = v.offset() <= x.view.offset() && end(v) >= end(x.view);
                x.fixed |= !covered;
                w.fixed |= !covered;
                now.get(carrier(v.type().dtype())).remove(x.view.offset());
            }
            now.get(carrier(v.type().dtype())).put(v.offset(), w);
            all.add(w);
            out.put(v, w);
        }
        reads.add(in);
        writes.add(out);
    }

    private void place(Temporaries temporaries) {
        List<Version> bySize = new ArrayList<>(all);
        bySize.removeIf(v -> v.fixed);
        bySize.sort((a, b) -> Integer.compare(a.view.slots(), b.view.slots()));
        long left = MOST;
        for (Version v : bySize) {
            left -= (long) v.view.type().dtype().bytes() * v.view.size() + 64;
            if (left < 0) {
                return;
            }
            v.moved = temporaries.make(v.view.type());
        }
    }

    private static View moved(View v, Map<View, Version> versions) {
        Version x = versions.get(v);
        if (x == null || x.moved == null) {
            return v;
        }
        return new View(v.space(), v.index(), x.moved.offset() + v.offset() - x.view.offset(), v.type());
    }

    private Instruction moved(Instruction i, Map<View, Version> in, Map<View, Version> out) {
        return switch (i) {
            case Instruction.Compute c ->
                new Instruction.Compute(
                        c.origin(),
                        c.in().stream().map(v -> moved(v, in)).toList(),
                        c.out().stream().map(v -> moved(v, out)).toList());
            case Instruction.Accumulate a ->
                new Instruction.Accumulate(
                        a.origin(), a.in().stream().map(v -> moved(v, in)).toList(), moved(a.to(), out));
            case Instruction.Fused f ->
                new Instruction.Fused(
                        f.origin(),
                        f.shape(),
                        f.in().stream()
                                .map(x -> new Instruction.FusedInput(moved(x.view(), in), x.strides()))
                                .toList(),
                        f.micro(),
                        f.registers(),
                        f.out().stream().map(v -> moved(v, out)).toList(),
                        f.outRegisters(),
                        f.sums().stream()
                                .map(s -> new Instruction.RowSum(s.register(), moved(s.to(), out)))
                                .toList());
            case Instruction.Copy c -> new Instruction.Copy(c.origin(), moved(c.from(), in), moved(c.to(), out));
            case Instruction.Fill f -> new Instruction.Fill(f.origin(), f.value(), moved(f.to(), out));
            case Instruction.Loop l -> l;
        };
    }
}
