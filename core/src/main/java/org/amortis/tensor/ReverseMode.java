package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The reverse sweep: cotangents of results pulled back through a graph by the gradient rules of its nodes. It stands
 * beside the operations, since loops and composites differentiate their bodies by it; programs call
 * {@code org.amortis.grad.Gradients}.
 */
public final class ReverseMode {
    private final List<Tensor> wrt;
    private final Set<Tensor> targets;
    private final List<Node> order;
    private final Set<Node> active = new HashSet<>();
    private final Map<Tensor, Cotangent> sums = new HashMap<>();
    private final List<Node> ends = new ArrayList<>();

    private ReverseMode(List<Tensor> results, List<Tensor> wrt, boolean local) {
        this.wrt = wrt;
        this.targets = new HashSet<>(wrt);
        if (local) {
            Set<Node> border = new HashSet<>();
            for (Tensor t : wrt) {
                border.add(t.node());
            }
            this.order = Graphs.topological(results, n -> !border.contains(n));
        } else {
            this.order = Graphs.topological(results);
        }
        for (Node n : order) {
            for (int i = 0; i < n.arity(); i++) {
                if (isActive(n.operand(i))) {
                    active.add(n);
                    break;
                }
            }
        }
    }

    /**
     * Total derivatives: paths from one tensor of {@code wrt} through another count.
     *
     * @param results float tensors
     * @param cotangents one for each result, of its type
     * @param wrt float tensors
     * @return a cotangent for each of {@code wrt}
     * @throws PlanException if no cotangent reaches one of them
     */
    public static List<Tensor> total(List<Tensor> results, List<Tensor> cotangents, List<Tensor> wrt) {
        ReverseMode sweep = new ReverseMode(results, wrt, false);
        sweep.run(results, cotangents.toArray(Tensor[]::new));
        List<Tensor> r = new ArrayList<>();
        for (Tensor t : wrt) {
            Cotangent c = sweep.sums.get(t);
            if (c == null) {
                throw new PlanException("gradient with respect to " + t.describe() + ": " + sweep.reason()
                        + "; ask for zeros with Gradients.orZeros if that is meant");
            }
            r.add(c.total());
        }
        return r;
    }

    /**
     * Total derivatives, null where no cotangent arrives.
     *
     * @param results float tensors
     * @param cotangents one for each result, of its type
     * @param wrt what to pull back to
     * @return a cotangent for each of {@code wrt}, null where none arrives
     * @throws ShapeException if a cotangent is not of its result's type
     */
    public static List<@Nullable Tensor> pullBack(List<Tensor> results, List<Tensor> cotangents, List<Tensor> wrt) {
        ReverseMode sweep = new ReverseMode(results, wrt, false);
        sweep.run(results, cotangents.toArray(Tensor[]::new));
        List<@Nullable Tensor> r = new ArrayList<>();
        for (Tensor g : sweep.found()) {
            r.add(g);
        }
        return r;
    }

    /**
     * Partial derivatives of the graph between {@code wrt} and the results, each of {@code wrt} taken as independent:
     * what a composite or a loop body is differentiated by.
     *
     * @param results tensors of the graph
     * @param cotangents one for each result, of its type; null is zero
     * @param wrt operands of the graph, of any type
     * @return a cotangent or null for each of {@code wrt}; a tensor named twice has all of it at its first place
     */
    public static @Nullable Tensor[] partial(List<Tensor> results, @Nullable Tensor[] cotangents, List<Tensor> wrt) {
        ReverseMode sweep = new ReverseMode(results, wrt, true);
        sweep.run(results, cotangents);
        @Nullable Tensor[] r = sweep.found();
        Set<Tensor> seen = new HashSet<>();
        for (int i = 0; i < r.length; i++) {
            if (!seen.add(wrt.get(i))) {
                r[i] = null;
            }
        }
        return r;
    }

    /** Nodes of a topological order that have a target among their results or depend on one. */
    static Set<Node> dependents(List<Node> order, Set<Tensor> targets) {
        Set<Node> active = new HashSet<>();
        for (Node n : order) {
            boolean a = false;
            for (int i = 0; i < n.resultCount() && !a; i++) {
                a = targets.contains(n.result(i));
            }
            for (int i = 0; i < n.arity() && !a; i++) {
                a = active.contains(n.operand(i).node());
            }
            if (a) {
                active.add(n);
            }
        }
        return active;
    }

    private @Nullable Tensor[] found() {
        @Nullable Tensor[] r = new Tensor[wrt.size()];
        for (int i = 0; i < r.length; i++) {
            Cotangent c = sums.get(wrt.get(i));
            r[i] = c == null ? null : c.total();
        }
        return r;
    }

    private boolean isActive(Tensor t) {
        return targets.contains(t) || active.contains(t.node());
    }

    private String reason() {
        return ends.isEmpty()
                ? "the loss does not depend on it"
                : "the loss depends on it only through operations that pass no gradient on, the first of them "
                        + ends.get(0);
    }

    private void add(Tensor x, Tensor g) {
        sums.computeIfAbsent(x, Cotangent::new).add(g);
    }

    private void run(List<Tensor> results, @Nullable Tensor[] cotangents) {
        for (int i = 0; i < results.size(); i++) {
            Tensor r = results.get(i);
            Tensor g = cotangents[i];
            if (g == null) {
                continue;
            }
            if (!g.type().equals(r.type())) {
                throw new ShapeException(
                        "vjp(result=" + r.describe() + ", cotangent=" + g.describe() + "): types differ");
            }
            add(r, g);
        }
        for (int k = order.size() - 1; k >= 0; k--) {
            Node n = order.get(k);
            @Nullable Tensor[] ct = new Tensor[n.resultCount()];
            boolean any = false;
            for (int i = 0; i < ct.length; i++) {
                Tensor y = n.result(i);
                Cotangent c = targets.contains(y) ? sums.get(y) : sums.remove(y);
                if (c != null) {
                    ct[i] = c.total();
                    any = true;
                }
            }
            if (any && active.contains(n)) {
                step(n, ct);
            }
        }
    }

    private boolean[] needed(Node n) {
        boolean[] r = new boolean[n.arity()];
        for (int i = 0; i < r.length; i++) {
            r[i] = isActive(n.operand(i));
        }
        return r;
    }

    private void step(Node n, @Nullable Tensor[] ct) {
        if (n.op() instanceof LayoutOp.Slice s && ct[0] != null) {
            int axis = s.singleAxis(n.operand(0).shape());
            if (axis >= 0) {
                // cotangents of disjoint views are put side by side, never padded and summed
                sums.computeIfAbsent(n.operand(0), Cotangent::new)
                        .addRange(axis, s.starts().get(axis), ct[0]);
                return;
            }
        }
        @Nullable
        Tensor[] in = n.op() instanceof ScanOp loop ? ScanGradient.vjp(loop, n, ct, needed(n)) : n.op().vjp(n, ct);
        boolean passed = false;
        for (int i = 0; i < n.arity(); i++) {
            Tensor g = in[i];
            Tensor x = n.operand(i);
            if (g != null && isActive(x)) {
                if (!g.type().equals(x.type())) {
                    throw new IllegalStateException("gradient rule of " + n + ": cotangent " + i + " is " + g.type()
                            + ", operand is " + x.type());
                }
                add(x, g);
                passed = true;
            }
        }
        if (!passed) {
            ends.add(n);
        }
    }
}
