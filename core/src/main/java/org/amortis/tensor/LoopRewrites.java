package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the compiler does to loops before anything else: loops that differ in their outputs only become one, and what
 * nobody reads of a loop is dropped. The gradient of a loop relies on the first, since it asks for the forward loop
 * again with the carries as outputs.
 */
public final class LoopRewrites {
    private LoopRewrites() {}

    /**
     * Merges loops, takes constants into their bodies, drops what nobody reads; in the formulas and in the bodies of their loops.
     *
     * @param roots outputs and updates of a program
     * @return the same values, in the order of the roots
     */
    public static List<Tensor> simplify(List<Tensor> roots) {
        return bodies(prune(sink(merge(roots))));
    }

    /** Loops over the same operands and body become one with the outputs of all. */
    static List<Tensor> merge(List<Tensor> roots) {
        Map<List<Object>, List<Node>> groups = new HashMap<>();
        List<Node> order = Graphs.topological(roots);
        for (Node n : order) {
            if (n.op() instanceof ScanOp op) {
                groups.computeIfAbsent(key(n, op), k -> new ArrayList<>()).add(n);
            }
        }
        Map<Tensor, Tensor> map = new HashMap<>();
        for (Node n : order) {
            if (!(n.op() instanceof ScanOp op)) {
                Graphs.rebuild(n, map);
            } else if (!map.containsKey(n.result(0))) {
                List<Node> group = groups.getOrDefault(key(n, op), List.of());
                if (group.size() == 1) {
                    Graphs.rebuild(n, map);
                    continue;
                }
                mergeGroup(n, op, group, map);
            }
        }
        return mapped(roots, map);
    }

    private static List<Object> key(Node n, ScanOp op) {
        List<Object> k = new ArrayList<>(n.operands());
        k.add(op.stepVariable());
        k.add(op.steps());
        k.add(op.reverse());
        return k;
    }

    private static void mergeGroup(Node n, ScanOp op, List<Node> group, Map<Tensor, Tensor> map) {
        List<Tensor> more = new ArrayList<>();
        List<Node> members = new ArrayList<>();
        for (Node m : group) {
            if (m.op() instanceof ScanOp other && op.isAugmentationOf(other)) {
                members.add(m);
                for (Tensor y : other.outputs()) {
                    if (!op.outputs().contains(y) && !more.contains(y)) {
                        more.add(y);
                    }
                }
            }
        }
        Tensor[] operands = mapped(n.operands(), map).toArray(Tensor[]::new);
        ScanOp union = more.isEmpty() ? op : op.withMoreOutputs(more);
        Node one = n.rewrite(union, operands);
        int c = op.carryVariables().size();
        for (Node m : members) {
            if (m.op() instanceof ScanOp other) {
                for (int i = 0; i < m.resultCount(); i++) {
                    int at = i < c
                            ? i
                            : c + union.outputs().indexOf(other.outputs().get(i - c));
                    map.put(m.result(i), one.result(at));
                }
            }
        }
    }

    private static List<Tensor> mapped(List<Tensor> tensors, Map<Tensor, Tensor> map) {
        List<Tensor> r = new ArrayList<>(tensors.size());
        for (Tensor t : tensors) {
            r.add(map.getOrDefault(t, t));
        }
        return r;
    }

    /** Puts constants that a loop reads from outside into its body, where kernels take them as immediates. */
    static List<Tensor> sink(List<Tensor> roots) {
        Map<Tensor, Tensor> map = new HashMap<>();
        for (Node n : Graphs.topological(roots)) {
            Map<Tensor, Tensor> constants = new HashMap<>();
            if (n.op() instanceof ScanOp op) {
                int first = n.arity() - op.captureVariables().size();
                for (int i = first; i < n.arity(); i++) {
                    if (LoopScope.isConstant(n.operand(i).node())) {
                        constants.put(op.captureVariables().get(i - first), n.operand(i));
                    }
                }
                if (!constants.isEmpty()) {
                    replace(n, op.withBody(constants, r -> r), map);
                    continue;
                }
            }
            Graphs.rebuild(n, map);
        }
        return mapped(roots, map);
    }

    private static void replace(Node n, ScanOp op, Map<Tensor, Tensor> map) {
        Node m = n.rewrite(op, mapped(n.operands(), map).toArray(Tensor[]::new));
        for (int i = 0; i < n.resultCount(); i++) {
            map.put(n.result(i), m.result(i));
        }
    }

    /** Drops outputs that nobody reads, and carries that only they needed; a loop that nobody reads is not reached. */
    static List<Tensor> prune(List<Tensor> roots) {
        List<Node> order = Graphs.topological(roots);
        Set<Tensor> read = new HashSet<>(roots);
        Map<Node, ScanOp> slim = new HashMap<>();
        // users come before what they use, so that what a slimmer loop no longer reads is dropped too
        for (int k = order.size() - 1; k >= 0; k--) {
            Node n = order.get(k);
            if (n.op() instanceof ScanOp op) {
                boolean any = false;
                for (int i = 0; i < n.resultCount(); i++) {
                    any |= read.contains(n.result(i));
                }
                if (!any) {
                    continue;
                }
                ScanOp s = slim(n, op, read);
                slim.put(n, s);
                for (int i = 0; i < n.arity(); i++) {
                    if (keepsOperand(op, s, i)) {
                        read.add(n.operand(i));
                    }
                }
            } else if (isRead(n, read)) {
                read.addAll(n.operands());
            }
        }
        Map<Tensor, Tensor> map = new HashMap<>();
        for (Node n : order) {
            ScanOp s = slim.get(n);
            if (!(n.op() instanceof ScanOp op)) {
                if (isRead(n, read)) {
                    Graphs.rebuild(n, map);
                }
            } else if (s == op) {
                Graphs.rebuild(n, map);
            } else if (s != null) {
                slimNode(n, op, s, map);
            }
        }
        return mapped(roots, map);
    }

    private static boolean isRead(Node n, Set<Tensor> read) {
        for (int i = 0; i < n.resultCount(); i++) {
            if (read.contains(n.result(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean keepsOperand(ScanOp op, ScanOp slim, int i) {
        int c = op.carryVariables().size();
        int s = c + op.sequenceVariables().size();
        return i < c
                ? slim.carryVariables().contains(op.carryVariables().get(i))
                : i < s
                        ? slim.sequenceVariables()
                                .contains(op.sequenceVariables().get(i - c))
                        : slim.captureVariables().contains(op.captureVariables().get(i - s));
    }

    private static ScanOp slim(Node n, ScanOp op, Set<Tensor> read) {
        int c = op.carryVariables().size();
        List<Tensor> outputs = new ArrayList<>();
        for (int i = c; i < n.resultCount(); i++) {
            Tensor y = op.outputs().get(i - c);
            if (read.contains(n.result(i)) && !outputs.contains(y)) {
                outputs.add(y);
            }
        }
        List<Tensor> wanted = new ArrayList<>(outputs);
        if (op.done() != null) {
            wanted.add(op.done());
        }
        boolean[] keep = new boolean[c];
        for (int i = 0; i < c; i++) {
            if (read.contains(n.result(i))) {
                keep[i] = true;
                wanted.add(op.nextCarries().get(i));
            }
        }
        Set<Node> reach = Set.of();
        for (int before = -1; before != wanted.size(); ) {
            before = wanted.size();
            reach = new HashSet<>(Graphs.topological(wanted));
            for (int i = 0; i < c; i++) {
                if (!keep[i] && reach.contains(op.carryVariables().get(i).node())) {
                    keep[i] = true;
                    wanted.add(op.nextCarries().get(i));
                }
            }
        }
        List<Tensor> carries = new ArrayList<>();
        List<Tensor> next = new ArrayList<>();
        for (int i = 0; i < c; i++) {
            if (keep[i]) {
                carries.add(op.carryVariables().get(i));
                next.add(op.nextCarries().get(i));
            }
        }
        List<Tensor> slices = reached(op.sequenceVariables(), reach);
        List<Tensor> captures = reached(op.captureVariables(), reach);
        if (carries.size() == c
                && outputs.size() == op.outputs().size()
                && slices.size() == op.sequenceVariables().size()
                && captures.size() == op.captureVariables().size()) {
            return op;
        }
        return new ScanOp(
                op.steps(), op.reverse(), op.stepVariable(), carries, slices, captures, next, outputs, op.done());
    }

    private static List<Tensor> reached(List<Tensor> variables, Set<Node> reach) {
        List<Tensor> r = new ArrayList<>();
        for (Tensor v : variables) {
            if (reach.contains(v.node())) {
                r.add(v);
            }
        }
        return r;
    }

    private static void slimNode(Node n, ScanOp op, ScanOp slim, Map<Tensor, Tensor> map) {
        List<Tensor> operands = new ArrayList<>();
        for (int i = 0; i < n.arity(); i++) {
            if (keepsOperand(op, slim, i)) {
                operands.add(map.getOrDefault(n.operand(i), n.operand(i)));
            }
        }
        Node m = n.rewrite(slim, operands.toArray(Tensor[]::new));
        int c = op.carryVariables().size();
        int d = slim.carryVariables().size();
        for (int i = 0; i < n.resultCount(); i++) {
            int at = i < c
                    ? slim.carryVariables().indexOf(op.carryVariables().get(i))
                    : slim.outputs().indexOf(op.outputs().get(i - c));
            if (at >= 0) {
                map.put(n.result(i), m.result(i < c ? at : d + at));
            }
        }
    }

    /** Simplifies the bodies of loops that hold loops. */
    private static List<Tensor> bodies(List<Tensor> roots) {
        Map<Tensor, Tensor> map = new HashMap<>();
        Map<ScanOp, ScanOp> done = new HashMap<>();
        for (Node n : Graphs.topological(roots)) {
            if (!(n.op() instanceof ScanOp op) || !nests(op)) {
                Graphs.rebuild(n, map);
                continue;
            }
            ScanOp inner = done.get(op);
            if (inner == null) {
                inner = op.withBody(LoopRewrites::simplify);
                done.put(op, inner);
            }
            replace(n, inner, map);
        }
        return mapped(roots, map);
    }

    private static boolean nests(ScanOp op) {
        for (Node n : Graphs.topological(op.bodyResults())) {
            if (n.op() instanceof ScanOp) {
                return true;
            }
        }
        return false;
    }
}
