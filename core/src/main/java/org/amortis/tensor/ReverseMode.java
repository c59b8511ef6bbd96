package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The reverse sweep: cotangents pulled back through formulas, as formulas. It lives beside the operations since the
 * gradient rule of a loop is a sweep over its body.
 */
public final class ReverseMode {
    private ReverseMode() {}

    /**
     * Cotangents of the results pulled back to what they depend on.
     *
     * @param results float tensors
     * @param cotangents one for each result, of its type
     * @param wrt what to pull back to
     * @return a cotangent for each of {@code wrt}, null where none arrives
     * @throws ShapeException if a cotangent is not of its result's type
     */
    public static List<@Nullable Tensor> pullBack(List<Tensor> results, List<Tensor> cotangents, List<Tensor> wrt) {
        List<Node> order = Graphs.topological(results);
        Set<Tensor> targets = new HashSet<>(wrt);
        Set<Node> active = dependents(order, targets);
        Map<Tensor, Cotangent> sums = new HashMap<>();
        for (int i = 0; i < results.size(); i++) {
            Tensor r = results.get(i);
            if (!cotangents.get(i).type().equals(r.type())) {
                throw new ShapeException("vjp(result=" + r.describe() + ", cotangent="
                        + cotangents.get(i).describe() + "): types differ");
            }
            sums.computeIfAbsent(r, Cotangent::new).add(cotangents.get(i));
        }
        Map<Tensor, Tensor> found = new HashMap<>();
        for (int k = order.size() - 1; k >= 0; k--) {
            Node n = order.get(k);
            if (!active.contains(n)) {
                continue;
            }
            @Nullable Tensor[] ct = new Tensor[n.resultCount()];
            boolean any = false;
            for (int i = 0; i < ct.length; i++) {
                Cotangent c = sums.remove(n.result(i));
                if (c != null) {
                    ct[i] = c.total();
                    any = true;
                    if (targets.contains(n.result(i))) {
                        found.put(n.result(i), c.total());
                    }
                }
            }
            if (any) {
                backward(n, ct, active, sums);
            }
        }
        List<@Nullable Tensor> r = new ArrayList<>();
        for (Tensor t : wrt) {
            r.add(found.get(t));
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

    private static void backward(Node n, @Nullable Tensor[] ct, Set<Node> active, Map<Tensor, Cotangent> sums) {
        boolean[] needed = new boolean[n.arity()];
        boolean any = false;
        for (int i = 0; i < needed.length; i++) {
            needed[i] = active.contains(n.operand(i).node());
            any |= needed[i];
        }
        if (!any) {
            return;
        }
        if (n.op() instanceof LayoutOp.Slice s && needed[0]) {
            int axis = s.singleAxis(n.operand(0).shape());
            if (axis >= 0 && ct[0] != null) {
                // cotangents of disjoint views are put side by side, never padded and summed
                sums.computeIfAbsent(n.operand(0), Cotangent::new)
                        .addRange(axis, s.starts().get(axis), ct[0]);
                return;
            }
        }
        @Nullable Tensor[] in = n.op().vjp(n, ct);
        for (int i = 0; i < n.arity(); i++) {
            Tensor g = in[i];
            Tensor x = n.operand(i);
            if (g != null && needed[i]) {
                if (!g.type().equals(x.type())) {
                    throw new IllegalStateException("gradient rule of " + n + ": cotangent " + i + " is " + g.type()
                            + ", operand is " + x.type());
                }
                sums.computeIfAbsent(x, Cotangent::new).add(g);
            }
        }
    }
}
