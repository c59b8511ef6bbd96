package org.amortis.grad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.DTypeException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode gradients. They are ordinary formulas, so gradients of gradients are gradients; what a program does not
 * need is dropped when it is compiled.
 */
public final class Gradients {
    private Gradients() {}

    /**
     * Gradient of a scalar.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @return the gradient, of the type of {@code wrt}
     * @throws PlanException if the loss does not depend on {@code wrt}
     */
    public static Tensor of(Tensor loss, Tensor wrt) {
        return of(loss, List.of(wrt)).get(0);
    }

    /**
     * Gradients of a scalar.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @return a gradient for each, of its type
     * @throws PlanException if the loss does not depend on one of them
     */
    public static List<Tensor> of(Tensor loss, List<Tensor> wrt) {
        return compute(loss, wrt, false);
    }

    /**
     * Gradients of a scalar, zeros where it does not depend.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @return a gradient for each, of its type
     */
    public static List<Tensor> orZeros(Tensor loss, List<Tensor> wrt) {
        return compute(loss, wrt, true);
    }

    private static List<Tensor> compute(Tensor loss, List<Tensor> wrt, boolean zeros) {
        if (loss.shape().size() != 1) {
            throw new ShapeException("gradient(loss=" + loss.describe() + "): the loss has "
                    + loss.shape().size() + " elements, not one; reduce it or use Gradients.vjp");
        }
        return vjp(List.of(loss), List.of(Tensors.ones(loss.dtype(), loss.shape())), wrt, zeros);
    }

    /**
     * Vector-Jacobian product: cotangents of the results pulled back to what they depend on.
     *
     * @param results float tensors
     * @param cotangents one for each result, of its type
     * @param wrt what to pull back to
     * @param zerosIfIndependent whether independence gives zeros instead of an error
     * @return a cotangent for each of {@code wrt}
     * @throws PlanException if no result depends on one of {@code wrt} and zeros were not asked for
     */
    public static List<Tensor> vjp(
            List<Tensor> results, List<Tensor> cotangents, List<Tensor> wrt, boolean zerosIfIndependent) {
        for (Tensor t : wrt) {
            if (!t.dtype().isFloat()) {
                throw new DTypeException("gradient with respect to " + t.describe() + ": only float tensors have one");
            }
        }
        List<Node> order = Graphs.topological(results);
        Set<Tensor> targets = new HashSet<>(wrt);
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
            if (!any || !anyActive(n, active)) {
                continue;
            }
            if (n.op() instanceof LayoutOp.Slice s
                    && active.contains(n.operand(0).node())) {
                int axis = s.singleAxis(n.operand(0).shape());
                if (axis >= 0 && ct[0] != null) {
                    // cotangents of disjoint views are put side by side, never padded and summed
                    sums.computeIfAbsent(n.operand(0), Cotangent::new)
                            .addRange(axis, s.starts().get(axis), ct[0]);
                    continue;
                }
            }
            @Nullable Tensor[] in = n.op().vjp(n, ct);
            for (int i = 0; i < n.arity(); i++) {
                Tensor g = in[i];
                Tensor x = n.operand(i);
                if (g != null && active.contains(x.node())) {
                    if (!g.type().equals(x.type())) {
                        throw new IllegalStateException("gradient rule of " + n + ": cotangent " + i + " is " + g.type()
                                + ", operand is " + x.type());
                    }
                    sums.computeIfAbsent(x, Cotangent::new).add(g);
                }
            }
        }
        List<Tensor> r = new ArrayList<>();
        for (Tensor t : wrt) {
            Tensor g = found.get(t);
            if (g == null) {
                if (!zerosIfIndependent) {
                    throw new PlanException("gradient with respect to " + t.describe()
                            + ": the loss does not depend on it; ask for zeros with Gradients.orZeros if that"
                            + " is meant");
                }
                g = Tensors.zeros(t.dtype(), t.shape());
            }
            r.add(g);
        }
        return r;
    }

    private static boolean anyActive(Node n, Set<Node> active) {
        for (int i = 0; i < n.arity(); i++) {
            if (active.contains(n.operand(i).node())) {
                return true;
            }
        }
        return false;
    }
}
