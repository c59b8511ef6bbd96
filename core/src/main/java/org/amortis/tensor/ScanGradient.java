package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.jspecify.annotations.Nullable;

/**
 * Gradient rule of loops: a loop in the other direction whose carries are the cotangents of the carries and the sums of
 * the cotangents of the captures. It reads the carries at the start of each step, which the forward loop is asked to
 * put out as well; the compiler makes one loop of the two that differ in their outputs only.
 */
final class ScanGradient {
    private final ScanOp op;
    private final Node node;
    private final int carries;
    private final int slices;

    private ScanGradient(ScanOp op, Node node) {
        this.op = op;
        this.node = node;
        this.carries = op.carryVariables().size();
        this.slices = op.sequenceVariables().size();
    }

    /**
     * Cotangents of the operands.
     *
     * @param needed operands whose cotangent is asked for
     */
    static @Nullable Tensor[] vjp(ScanOp op, Node node, @Nullable Tensor[] cotangents, boolean[] needed) {
        return new ScanGradient(op, node).vjp(cotangents, needed);
    }

    private @Nullable Tensor[] vjp(@Nullable Tensor[] ct, boolean[] needed) {
        @Nullable Tensor[] r = new Tensor[node.arity()];
        boolean[] flows = flows(ct, needed);
        LoopBuilder b = new LoopBuilder(op.steps(), !op.reverse());
        List<Tensor> stored = new ArrayList<>();
        for (Tensor v : op.carryVariables()) {
            stored.add(b.sequence(v.type()));
        }
        Tensor storedStep = b.sequence(op.stepVariable().type());
        List<Tensor> xs = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            xs.add(b.sequence(node.operand(carries + i)));
        }
        List<Tensor> captured = new ArrayList<>();
        for (int i = carries + slices; i < node.arity(); i++) {
            captured.add(b.capture(node.operand(i)));
        }
        List<Tensor> results = new ArrayList<>();
        List<Tensor> cotangents = new ArrayList<>();
        List<Tensor> wrt = new ArrayList<>();
        List<Integer> operandOf = new ArrayList<>();
        int flowing = 0;
        for (int i = 0; i < carries; i++) {
            if (flows[i]) {
                Tensor init = ct[i];
                TensorType t = op.carryVariables().get(i).type();
                results.add(op.nextCarries().get(i));
                cotangents.add(b.carry(init == null ? Tensors.zeros(t.dtype(), t.shape()) : init));
                operandOf.add(i);
                flowing++;
            }
        }
        for (int i = 0; i < op.outputs().size(); i++) {
            Tensor g = ct[carries + i];
            if (g != null && op.outputs().get(i).dtype().isFloat()) {
                results.add(op.outputs().get(i));
                cotangents.add(b.sequence(g));
            }
        }
        if (results.isEmpty()) {
            return r;
        }
        int flowingCarries = flowing;
        List<Tensor> next = new ArrayList<>();
        List<Tensor> outputs = new ArrayList<>();
        List<Integer> sums = new ArrayList<>();
        List<Integer> stacked = new ArrayList<>();
        Map<Integer, List<StackedProducts.Factors>> products = new LinkedHashMap<>();
        Set<Tensor> fixed = new HashSet<>(captured);
        b.within(() -> {
            List<Tensor> at = op.done() == null ? stored : held(b, stored, storedStep);
            List<Tensor> body = op.instantiate(results, b.step(), at, xs, captured);
            for (int i : operandOf) {
                wrt.add(at.get(i));
            }
            for (int i = carries; i < node.arity(); i++) {
                if (needed[i] && node.operand(i).dtype().isFloat()) {
                    wrt.add(i < carries + slices ? xs.get(i - carries) : captured.get(i - carries - slices));
                    operandOf.add(i);
                }
            }
            List<@Nullable Tensor> g = ReverseMode.pullBack(body, cotangents, wrt);
            for (int k = 0; k < wrt.size(); k++) {
                Tensor v = wrt.get(k);
                Tensor d = g.get(k);
                if (k < flowingCarries) {
                    next.add(d == null ? Tensors.zeros(v.dtype(), v.shape()) : d);
                } else if (d != null && operandOf.get(k) < carries + slices) {
                    outputs.add(d);
                    stacked.add(operandOf.get(k));
                } else if (d != null) {
                    StackedProducts split = StackedProducts.of(d, op.steps(), fixed);
                    Tensor rest = split.rest();
                    if (rest != null) {
                        next.add(b.carry(Tensors.zeros(v.dtype(), v.shape())).add(rest));
                        sums.add(operandOf.get(k));
                    }
                    products.put(operandOf.get(k), split.factors());
                }
            }
            return next;
        });
        List<Tensor> factors = new ArrayList<>();
        for (List<StackedProducts.Factors> fs : products.values()) {
            for (StackedProducts.Factors f : fs) {
                factors.add(f.a());
                factors.add(f.b());
            }
        }
        List<Tensor> read = new ArrayList<>(next);
        read.addAll(outputs);
        read.addAll(factors);
        store(b, read, stored, storedStep);
        for (Tensor t : factors) {
            // a factor that is a slice is there already
            if (b.stack(t) == null && !outputs.contains(t)) {
                outputs.add(t);
            }
        }
        Node back = b.finish(next, outputs, null);
        for (int k = 0; k < flowingCarries; k++) {
            r[operandOf.get(k)] = back.result(k);
        }
        for (int k = 0; k < sums.size(); k++) {
            r[sums.get(k)] = back.result(flowingCarries + k);
        }
        for (int k = 0; k < stacked.size(); k++) {
            r[stacked.get(k)] = back.result(next.size() + k);
        }
        products.forEach((i, fs) -> {
            for (StackedProducts.Factors f : fs) {
                Tensor p = StackedProducts.Factors.product(
                        stackOf(f.a(), b, back, next.size(), outputs), stackOf(f.b(), b, back, next.size(), outputs));
                Tensor sum = r[i];
                r[i] = sum == null ? p : sum.add(p);
            }
        });
        return r;
    }

    private static Tensor stackOf(Tensor factor, LoopBuilder b, Node back, int carries, List<Tensor> outputs) {
        Tensor stack = b.stack(factor);
        return stack == null ? back.result(carries + outputs.indexOf(factor)) : stack;
    }

    /**
     * Carries at the start of a step of a loop that may have stopped. Slices past the stop are copies of the last
     * step's, which is not where a further step would have started: that is the final carries, on which a step does
     * nothing.
     */
    private List<Tensor> held(LoopBuilder b, List<Tensor> stored, Tensor storedStep) {
        Tensor ran = storedStep.eq(b.step());
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < carries; i++) {
            Tensor v = stored.get(i);
            r.add(v.dtype() == DType.KEY ? v : Tensors.where(ran, v, b.capture(node.result(i))));
        }
        return r;
    }

    /** Asks the forward loop for what formulas of the backward loop read. */
    private void store(LoopBuilder b, List<Tensor> results, List<Tensor> stored, Tensor storedStep) {
        Set<Node> read = b.read(results);
        List<Tensor> slots = new ArrayList<>();
        List<Tensor> wanted = new ArrayList<>();
        for (int i = 0; i < carries; i++) {
            if (read.contains(stored.get(i).node())) {
                slots.add(stored.get(i));
                wanted.add(op.carryVariables().get(i));
            }
        }
        if (read.contains(storedStep.node())) {
            slots.add(storedStep);
            wanted.add(op.stepVariable());
        }
        List<Tensor> more = new ArrayList<>();
        for (Tensor v : wanted) {
            if (!op.outputs().contains(v)) {
                more.add(v);
                long elements = (long) op.steps() * v.shape().size();
                if (elements > Integer.MAX_VALUE) {
                    throw new PlanException("gradient of scan(steps=" + op.steps() + ", carry " + v.type()
                            + "): storing it at every step takes " + elements
                            + " elements, above 2^31-1; use checkpointEvery" + Messages.at());
                }
            }
        }
        List<Tensor> all = new ArrayList<>(op.outputs());
        all.addAll(more);
        Node forward = more.isEmpty()
                ? node
                : node.rewrite(op.withMoreOutputs(more), node.operands().toArray(Tensor[]::new));
        for (int i = 0; i < slots.size(); i++) {
            b.bind(slots.get(i), forward.result(carries + all.indexOf(wanted.get(i))));
        }
    }

    /** Carries with a cotangent: they depend on a needed operand, and a result that has a cotangent depends on them. */
    private boolean[] flows(@Nullable Tensor[] ct, boolean[] needed) {
        Set<Tensor> targets = new HashSet<>();
        for (int i = 0; i < node.arity(); i++) {
            if (needed[i] && node.operand(i).dtype().isFloat()) {
                targets.add(
                        i < carries
                                ? op.carryVariables().get(i)
                                : i < carries + slices
                                        ? op.sequenceVariables().get(i - carries)
                                        : op.captureVariables().get(i - carries - slices));
            }
        }
        List<Node> order = Graphs.topological(op.nextCarries());
        for (int before = -1; before != targets.size(); ) {
            before = targets.size();
            Set<Node> active = ReverseMode.dependents(order, targets);
            for (int i = 0; i < carries; i++) {
                Tensor v = op.carryVariables().get(i);
                if (v.dtype().isFloat()
                        && active.contains(op.nextCarries().get(i).node())) {
                    targets.add(v);
                }
            }
        }
        List<Tensor> roots = new ArrayList<>();
        boolean[] reaches = new boolean[carries];
        for (int i = 0; i < ct.length; i++) {
            if (ct[i] != null && i < carries) {
                reaches[i] = true;
                roots.add(op.nextCarries().get(i));
            } else if (ct[i] != null) {
                roots.add(op.outputs().get(i - carries));
            }
        }
        for (int before = -1; before != roots.size(); ) {
            before = roots.size();
            Set<Node> reach = new HashSet<>(Graphs.topological(roots));
            for (int i = 0; i < carries; i++) {
                Tensor v = op.carryVariables().get(i);
                if (!reaches[i] && v.dtype().isFloat() && reach.contains(v.node())) {
                    reaches[i] = true;
                    roots.add(op.nextCarries().get(i));
                }
            }
        }
        for (int i = 0; i < carries; i++) {
            reaches[i] &= targets.contains(op.carryVariables().get(i));
        }
        return reaches;
    }
}
