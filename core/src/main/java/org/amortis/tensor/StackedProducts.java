package org.amortis.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The cotangent of a weight used in a loop, as far as it is a sum over steps of products A^T B: one product of the
 * stacked factors after the loop instead of an accumulator the size of the weight that is read and written at every
 * step. Chosen only where the factors of a step are smaller than that traffic.
 */
final class StackedProducts {
    /** Most elements of the factors of all steps that are kept for one product, so that memory stays bounded. */
    static final long LIMIT = 1L << 26;

    private final List<Factors> factors = new ArrayList<>();
    private @Nullable Tensor rest;

    /** Factors of a product [.., rows, n] and [.., rows, m] summed over all but the last axis. */
    record Factors(Tensor a, Tensor b) {
        /** The sum over steps, from stacked factors. */
        static Tensor product(Tensor a, Tensor b) {
            return Tensors.matmul(flat(a), flat(b), true, false);
        }

        private static Tensor flat(Tensor t) {
            int n = t.shape().dim(-1);
            return t.reshape(Shape.of(t.shape().product(0, t.shape().rank() - 1), n));
        }
    }

    private StackedProducts() {}

    /**
     * Splits a cotangent.
     *
     * @param g cotangent of one step, a formula of the body
     * @param steps how many steps
     * @param fixed variables that are the same at every step
     */
    static StackedProducts of(Tensor g, int steps, Set<Tensor> fixed) {
        StackedProducts r = new StackedProducts();
        LoopScope scope = g.node().loop();
        ArrayDeque<Tensor> open = new ArrayDeque<>(List.of(g));
        while (!open.isEmpty()) {
            Tensor t = open.pop();
            Node n = t.node();
            if (n.op() == Binary.ADD
                    && n.operand(0).shape().equals(t.shape())
                    && n.operand(1).shape().equals(t.shape())) {
                open.push(n.operand(1));
                open.push(n.operand(0));
                continue;
            }
            Factors f = match(n);
            if (f != null
                    && f.a().node().loop() == scope
                    && f.b().node().loop() == scope
                    && !fixed.contains(f.a())
                    && !fixed.contains(f.b())
                    && pays(f, steps)) {
                r.factors.add(f);
            } else {
                r.rest = r.rest == null ? t : r.rest.add(t);
            }
        }
        if (r.factors.isEmpty()) {
            r.rest = g;
        }
        return r;
    }

    private static boolean pays(Factors f, int steps) {
        long n = f.a().shape().dim(-1);
        long m = f.b().shape().dim(-1);
        long step = f.a().shape().size() + (long) f.b().shape().size();
        return step <= 2 * n * m && step * steps <= LIMIT;
    }

    private static @Nullable Factors match(Node n) {
        Node p = n;
        if (n.op() instanceof ReduceOp.Reduction r && r.kind() == ReduceOp.Kind.SUM) {
            int lead = n.operand(0).shape().rank() - 2;
            if (r.axes().count() != lead || (lead > 0 && r.axes().get(lead - 1) != lead - 1)) {
                return null;
            }
            p = n.operand(0).node();
        } else if (n.result(0).shape().rank() != 2) {
            return null;
        }
        if (!(p.op() instanceof ContractOp.MatMul m) || !m.transposeA() || m.transposeB()) {
            return null;
        }
        Shape a = p.operand(0).shape();
        Shape b = p.operand(1).shape();
        return a.slice(0, a.rank() - 1).equals(b.slice(0, b.rank() - 1))
                ? new Factors(p.operand(0), p.operand(1))
                : null;
    }

    /** Products to be taken after the loop. */
    List<Factors> factors() {
        return factors;
    }

    /** What is left to be accumulated step by step, or null. */
    @Nullable
    Tensor rest() {
        return rest;
    }
}
