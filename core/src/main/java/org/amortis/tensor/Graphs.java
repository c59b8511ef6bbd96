package org.amortis.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Walks and rewrites of formula graphs, without recursion. */
public final class Graphs {
    private Graphs() {}

    /**
     * Nodes that the roots depend on, operands before users. The order depends on the formulas alone.
     *
     * @param roots tensors
     * @return nodes in topological order
     */
    public static List<Node> topological(List<Tensor> roots) {
        return topological(roots, n -> true);
    }

    /**
     * Nodes that the roots depend on, operands before users, without entering nodes that are filtered out.
     *
     * @param roots tensors
     * @param enter whether a node belongs to the walk; one that does not is neither listed nor looked behind
     * @return nodes in topological order
     */
    public static List<Node> topological(List<Tensor> roots, Predicate<Node> enter) {
        List<Node> order = new ArrayList<>();
        Set<Node> seen = new HashSet<>();
        ArrayDeque<Node> stack = new ArrayDeque<>();
        ArrayDeque<int[]> next = new ArrayDeque<>();
        for (Tensor root : roots) {
            if (!enter.test(root.node()) || !seen.add(root.node())) {
                continue;
            }
            stack.push(root.node());
            next.push(new int[1]);
            while (!stack.isEmpty()) {
                Node n = stack.peek();
                int i = next.element()[0]++;
                if (i == n.arity()) {
                    order.add(n);
                    stack.pop();
                    next.pop();
                } else {
                    Node m = n.operand(i).node();
                    if (enter.test(m) && seen.add(m)) {
                        stack.push(m);
                        next.push(new int[1]);
                    }
                }
            }
        }
        return order;
    }

    /**
     * Rebuilds formulas with some tensors replaced. Nodes that do not depend on a replaced tensor are shared.
     *
     * @param roots formulas
     * @param replacements tensor to what stands for it
     * @return the rebuilt formulas, in the order of the roots
     */
    public static List<Tensor> substitute(List<Tensor> roots, Map<Tensor, Tensor> replacements) {
        return substitute(roots, replacements, n -> true);
    }

    /** Substitution that does not look behind nodes that are filtered out. */
    static List<Tensor> substitute(List<Tensor> roots, Map<Tensor, Tensor> replacements, Predicate<Node> enter) {
        Map<Tensor, Tensor> map = new HashMap<>(replacements);
        for (Node n : topological(roots, enter)) {
            rebuild(n, map);
        }
        List<Tensor> r = new ArrayList<>(roots.size());
        for (Tensor t : roots) {
            r.add(map.getOrDefault(t, t));
        }
        return r;
    }

    /**
     * Makes a node again if one of its operands is mapped, and maps its results.
     *
     * @param n the node
     * @param map tensor to what stands for it; read and written
     */
    public static void rebuild(Node n, Map<Tensor, Tensor> map) {
        Tensor[] ops = null;
        for (int i = 0; i < n.arity(); i++) {
            Tensor r = map.get(n.operand(i));
            if (r != null && r != n.operand(i)) {
                if (ops == null) {
                    ops = n.operands().toArray(Tensor[]::new);
                }
                ops[i] = r;
            }
        }
        if (ops == null) {
            return;
        }
        Node m = n.withOperands(ops);
        for (int i = 0; i < n.resultCount(); i++) {
            map.putIfAbsent(n.result(i), m.result(i));
        }
    }

    /**
     * Evaluates formulas by the reference loops of their operations.
     *
     * @param outputs formulas
     * @param leaves values of inputs, states, residents and loop variables
     * @return value of each output
     */
    public static List<RefArray> evaluate(List<Tensor> outputs, Function<Tensor, RefArray> leaves) {
        Map<Tensor, RefArray> values = new HashMap<>();
        for (Node n : topological(outputs)) {
            RefArray[] out = new RefArray[n.resultCount()];
            switch (n.op()) {
                case LeafOp.Constant c -> out[0] = RefArray.of(c.data());
                case LeafOp.Fill f -> compute(n, new RefArray[0], out);
                case LeafOp.Iota i -> compute(n, new RefArray[0], out);
                case LeafOp leaf -> out[0] = leaves.apply(n.result(0));
                case Op op -> {
                    RefArray[] in = new RefArray[n.arity()];
                    for (int i = 0; i < in.length; i++) {
                        in[i] = java.util.Objects.requireNonNull(values.get(n.operand(i)));
                    }
                    compute(n, in, out);
                }
            }
            for (int i = 0; i < out.length; i++) {
                values.put(n.result(i), out[i]);
            }
        }
        List<RefArray> r = new ArrayList<>();
        for (Tensor t : outputs) {
            r.add(java.util.Objects.requireNonNull(values.get(t)));
        }
        return r;
    }

    private static void compute(Node n, RefArray[] in, RefArray[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = RefArray.zeros(n.result(i).type());
        }
        n.op().reference(in, out);
    }
}
