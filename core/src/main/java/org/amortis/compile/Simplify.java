package org.amortis.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Op;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One walk from leaves to roots: algebraic rules, constant folding, common subexpressions; dead code falls away. */
final class Simplify {
    private final Map<Tensor, Tensor> replaced = new HashMap<>();
    private final Map<Expression, Node> known = new HashMap<>();

    /** An operation on operands; structural equality one level deep, which is all that hash-consing needs. */
    private static final class Expression {
        private final Op op;
        private final Tensor[] operands;
        private final int hash;

        Expression(Op op, Tensor[] operands) {
            this.op = op;
            this.operands = operands;
            this.hash = op.hashCode() * 31 + Arrays.hashCode(operands);
        }

        @Override
        public boolean equals(@Nullable Object o) {
            return o instanceof Expression e
                    && hash == e.hash
                    && Arrays.equals(operands, e.operands)
                    && op.equals(e.op);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private Simplify() {}

    /** Simplifies formulas together, so that they share what they have in common. */
    static List<Tensor> run(List<Tensor> roots) {
        Simplify s = new Simplify();
        for (Node n : Graphs.topological(roots)) {
            s.visit(n);
        }
        List<Tensor> r = new ArrayList<>(roots.size());
        for (Tensor t : roots) {
            r.add(s.replaced.getOrDefault(t, t));
        }
        return r;
    }

    private void visit(Node n) {
        boolean changed = false;
        Tensor[] ops = new Tensor[n.arity()];
        for (int i = 0; i < ops.length; i++) {
            ops[i] = replaced.getOrDefault(n.operand(i), n.operand(i));
            changed |= ops[i] != n.operand(i);
        }
        Node m = shared(changed ? n.withOperands(ops) : n);
        if (m.resultCount() == 1) {
            // a rule may enable another; each makes the formula smaller, so this ends
            Tensor t = m.result(0);
            for (Tensor u = Rules.apply(t.node()); u != null; u = Rules.apply(t.node())) {
                t = shared(u.node()).result(u.index());
                if (t.node().resultCount() != 1) {
                    break;
                }
            }
            if (t != n.result(0)) {
                replaced.put(n.result(0), t);
            }
        } else if (m != n) {
            for (int i = 0; i < n.resultCount(); i++) {
                replaced.put(n.result(i), m.result(i));
            }
        }
    }

    private Node shared(Node n) {
        if (n.op() instanceof LeafOp.LoopVariable) {
            return n;
        }
        Node old = known.putIfAbsent(new Expression(n.op(), n.operands().toArray(Tensor[]::new)), n);
        return old == null ? n : old;
    }
}
