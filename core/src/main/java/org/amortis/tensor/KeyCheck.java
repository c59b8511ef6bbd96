package org.amortis.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.PlanException;

/**
 * Finds keys that are used twice: two different draws from one key, and draws that a loop repeats with one key. Keys
 * are compared as formulas, so that the same name folded twice into the same key is seen.
 */
public final class KeyCheck {
    /** Label of a key that may be used at every step of a loop. */
    static final String HOISTED = "hoisted key";

    private final Set<ScanOp> seen = new HashSet<>();

    private KeyCheck() {}

    /** What a tensor is: equal for tensors that the same operations make of the same tensors. */
    private record Value(Object op, List<Integer> operands, int result) {}

    /**
     * Checks the formulas of a program and the bodies of its loops. Drawing the same numbers again from one line is
     * legal: a function called twice with one key.
     *
     * @param roots outputs and updates of a program
     * @throws PlanException if a key is used twice; names both source lines
     */
    public static void check(List<Tensor> roots) {
        new KeyCheck().formulas(roots, Set.of());
    }

    /** Whether an operation draws numbers, which uses a key up; deriving keys does not. */
    static boolean isDraw(Op op, Tensor[] operands, TensorType result) {
        return op instanceof RandomOp
                && operands.length > 0
                && operands[0].dtype() == DType.KEY
                && result.dtype() != DType.KEY;
    }

    private static boolean isDraw(Node n) {
        return n.op() instanceof RandomOp
                && n.arity() > 0
                && n.operand(0).dtype() == DType.KEY
                && n.result(0).dtype() != DType.KEY;
    }

    /** Whether a key was derived from one that may be used at every step. */
    static boolean isHoisted(Tensor key) {
        return isHoisted(key, Set.of());
    }

    private static boolean isHoisted(Tensor key, Set<Node> hoisted) {
        for (Node n : Graphs.topological(List.of(key), m -> m.result(0).dtype() == DType.KEY)) {
            if (hoisted.contains(n)
                    || (n.op() instanceof LayoutOp.Identity i && i.label().equals(HOISTED))) {
                return true;
            }
        }
        return false;
    }

    private void formulas(List<Tensor> roots, Set<Node> hoisted) {
        List<Node> draws = new ArrayList<>();
        List<Tensor> keys = new ArrayList<>();
        for (Node n : Graphs.topological(roots)) {
            if (isDraw(n)) {
                draws.add(n);
                keys.add(n.operand(0));
            } else if (n.op() instanceof ScanOp loop && seen.add(loop)) {
                body(n, loop, hoisted);
            }
        }
        Map<Tensor, Integer> numbers = number(keys);
        Map<Integer, Node> first = new HashMap<>();
        for (Node n : draws) {
            Node other = first.putIfAbsent(numbers.get(n.operand(0)), n);
            if (other != null && !(other.op().equals(n.op()) && Objects.equals(other.source(), n.source()))) {
                throw new PlanException("two draws from one key: " + draw(other) + " and " + draw(n)
                        + " use the same key, so their numbers are not independent; derive a key for each with"
                        + " key.fold(name)");
            }
        }
    }

    private static String draw(Node n) {
        return n.op().name() + at(n);
    }

    private static String at(Node n) {
        SourceLine s = n.source();
        return s == null ? "" : " at " + s;
    }

    private void body(Node node, ScanOp loop, Set<Node> around) {
        Set<Node> hoisted = new HashSet<>();
        int first = node.arity() - loop.captureVariables().size();
        for (int i = first; i < node.arity(); i++) {
            if (node.operand(i).dtype() == DType.KEY && isHoisted(node.operand(i), around)) {
                hoisted.add(loop.captureVariables().get(i - first).node());
            }
        }
        Set<Tensor> changing = new HashSet<>(loop.sequenceVariables());
        changing.add(loop.stepVariable());
        for (int i = 0; i < loop.carryVariables().size(); i++) {
            if (loop.nextCarries().get(i) != loop.carryVariables().get(i)) {
                changing.add(loop.carryVariables().get(i));
            }
        }
        List<Node> order = Graphs.topological(loop.bodyResults());
        Set<Node> changes = ReverseMode.dependents(order, changing);
        for (Node n : order) {
            if (isDraw(n) && !changes.contains(n.operand(0).node()) && !isHoisted(n.operand(0), hoisted)) {
                throw new PlanException(
                        draw(n) + ": drawn inside a loop from a key that does not depend on the step, so"
                                + " every step would draw the same numbers; fold the step index into the key, or pass"
                                + " Scan.hoist(key) if the same numbers are meant");
            }
        }
        formulas(loop.bodyResults(), hoisted);
    }

    private static Map<Tensor, Integer> number(List<Tensor> keys) {
        Map<Tensor, Integer> numbers = new HashMap<>();
        Map<Value, Integer> values = new HashMap<>();
        for (Node n : Graphs.topological(keys)) {
            if (n.op() instanceof LayoutOp.Identity) {
                numbers.put(n.result(0), numbers.get(n.operand(0)));
                continue;
            }
            List<Integer> operands = new ArrayList<>(n.arity());
            for (int i = 0; i < n.arity(); i++) {
                operands.add(numbers.get(n.operand(i)));
            }
            Object op = what(n);
            for (int i = 0; i < n.resultCount(); i++) {
                numbers.put(n.result(i), values.computeIfAbsent(new Value(op, operands, i), v -> values.size()));
            }
        }
        return numbers;
    }

    private static Object what(Node n) {
        return switch (n.op()) {
            case LeafOp.Constant c when c.data().dtype() == DType.KEY -> contents(c);
            case LeafOp.LoopVariable v -> n;
            case Op op -> op;
        };
    }

    private static Object contents(LeafOp.Constant c) {
        return List.of(c.type(), Arrays.toString(c.data().ints()));
    }
}
