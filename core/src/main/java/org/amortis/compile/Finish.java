package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** Turns planned drafts into instructions: views are known now, tile registers are assigned. */
final class Finish {
    private int instructions;
    private int groups;

    int instructions() {
        return instructions;
    }

    int groups() {
        return groups;
    }

    List<Instruction> instructions(List<Draft> drafts) {
        List<Instruction> r = new ArrayList<>(drafts.size());
        for (Draft d : drafts) {
            switch (d) {
                case Draft.Compute c -> r.add(new Instruction.Compute(c.origin(), views(c.reads()), views(c.writes())));
                case Draft.Copy c -> copy(c.origin(), c.from().view(), c.to().view(), r);
                case Draft.Accumulate a ->
                    r.add(new Instruction.Accumulate(a.origin(), List.of(a.a().view(), a.b().view()), a.to().view()));
                case Draft.Fill f -> r.add(new Instruction.Fill(f.origin(), f.value(), f.to().view()));
                case Draft.Concat c -> concat(c, r);
                case Draft.Group g -> {
                    if (g.read()) {
                        r.add(group(g));
                    }
                }
                case Draft.Loop l ->
                    r.add(new Instruction.Loop(
                            l.origin(),
                            l.op(),
                            views(l.operands()),
                            views(l.writes()),
                            new Instruction.Body(instructions(l.body().drafts()), views(l.results())),
                            l.step().view(),
                            views(l.carries()),
                            views(l.slices())));
            }
        }
        instructions += r.size();
        return r;
    }

    private static List<View> views(List<Buffer> buffers) {
        List<View> r = new ArrayList<>(buffers.size());
        for (Buffer b : buffers) {
            r.add(b.view());
        }
        return r;
    }

    private static void copy(Node origin, View from, View to, List<Instruction> r) {
        boolean same = from.space() == to.space() && from.index() == to.index() && from.offset() == to.offset();
        if (!same && to.slots() > 0) {
            r.add(new Instruction.Copy(origin, from, to));
        }
    }

    private static void concat(Draft.Concat c, List<Instruction> r) {
        View whole = c.to().view();
        int at = whole.offset();
        for (int i = 0; i < c.reads().size(); i++) {
            View from = c.reads().get(i).view();
            TensorType type = from.type();
            View to = new View(whole.space(), whole.index(), at, type);
            if (c.origin().operand(i).node().op() instanceof LeafOp.Fill f) {
                boolean inPlace = from.space() == to.space() && from.offset() == to.offset();
                if (to.slots() > 0 && !inPlace) {
                    r.add(new Instruction.Fill(c.origin(), f.value(), to));
                }
            } else {
                copy(c.origin(), from, to, r);
            }
            at += to.slots();
        }
    }

    private Instruction group(Draft.Group g) {
        groups += g.nodes.size() > 1 ? 1 : 0;
        Map<Draft.Group.Input, Integer> inputs = g.inputs;
        List<Instruction.FusedInput> in = new ArrayList<>();
        for (Draft.Group.Input i : inputs.keySet()) {
            in.add(new Instruction.FusedInput(i.buffer().view(), i.strides()));
        }
        Registers registers = new Registers(g);
        List<Instruction.MicroOp> micro = new ArrayList<>();
        for (int k = 0; k < g.nodes.size(); k++) {
            Node n = g.nodes.get(k);
            List<Instruction.Source> sources = new ArrayList<>();
            for (Tensor t : n.operands()) {
                if (g.members.contains(t)) {
                    sources.add(new Instruction.Source.Register(registers.of(t)));
                } else if (t.node().op() instanceof LeafOp.Fill f) {
                    sources.add(new Instruction.Source.Immediate(f.value()));
                } else {
                    Integer at = inputs.get(g.resolved.get(t));
                    sources.add(new Instruction.Source.Input(java.util.Objects.requireNonNull(at)));
                }
            }
            int target = registers.assign(k, n.result(0));
            micro.add(new Instruction.MicroOp((ElementwiseOp) n.op(), n, sources, target));
        }
        List<View> out = new ArrayList<>();
        List<Integer> outRegisters = new ArrayList<>();
        g.outputs.forEach((t, b) -> {
            out.add(b.view());
            outRegisters.add(registers.of(t));
        });
        List<Instruction.RowSum> sums = new ArrayList<>();
        g.sums.values().forEach(x -> sums.add(new Instruction.RowSum(registers.of(x.member()), x.to().view())));
        return new Instruction.Fused(g.origin(), g.shape, in, micro, registers.count(), out, outRegisters, sums);
    }

    /**
     * Linear scan over the micro operations. A register may be taken over by the result of the operation that reads it
     * last, since loops allow the result to lie over an operand, but only by a result of the same carrier width.
     */
    private static final class Registers {
        private final Map<Tensor, Integer> register = new HashMap<>();
        private final Map<Tensor, Integer> lastUse = new HashMap<>();
        private final List<@Nullable Tensor> owner = new ArrayList<>();
        private final List<Integer> carrier = new ArrayList<>();

        Registers(Draft.Group g) {
            for (int k = 0; k < g.nodes.size(); k++) {
                for (Tensor t : g.nodes.get(k).operands()) {
                    if (g.members.contains(t)) {
                        lastUse.put(t, k);
                    }
                }
                lastUse.putIfAbsent(g.nodes.get(k).result(0), k);
            }
            for (Tensor t : g.outputs.keySet()) {
                lastUse.put(t, Integer.MAX_VALUE);
            }
            for (Draft.Group.Sum s : g.sums.values()) {
                lastUse.put(s.member(), Integer.MAX_VALUE);
            }
        }

        int of(Tensor t) {
            return java.util.Objects.requireNonNull(register.get(t));
        }

        int count() {
            return owner.size();
        }

        int assign(int k, Tensor t) {
            int kind = switch (t.dtype()) {
                case F32 -> 0;
                case F64 -> 1;
                case I32, BOOL, KEY -> 2;
            };
            int found = -1;
            for (int i = 0; i < owner.size() && found < 0; i++) {
                Tensor o = owner.get(i);
                boolean free = o == null || java.util.Objects.requireNonNull(lastUse.get(o)) <= k;
                if (free && carrier.get(i) == kind) {
                    found = i;
                }
            }
            if (found < 0) {
                found = owner.size();
                owner.add(null);
                carrier.add(kind);
            }
            owner.set(found, t);
            register.put(t, found);
            return found;
        }
    }
}
