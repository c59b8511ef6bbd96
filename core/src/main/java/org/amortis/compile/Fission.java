package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.Shape;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Binary;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.LoopScope;
import org.amortis.tensor.Node;
import org.amortis.tensor.ScanOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;

/**
 * Takes products out of loops: one that reads slices of sequences and formulas from outside, but no carry, is one product
 * over all steps before the loop. The forward products that the gradient of a recurrent cell computes again are of this
 * kind. A transposed factor from outside is transposed once before the loop instead of at every step.
 */
final class Fission {
    /** Largest stack of results of a product; the same bound as for stacked factors of a weight's cotangent. */
    private static final long LARGEST = 1L << 26;

    private final ScanOp op;
    private final int steps;
    private final Map<Tensor, Tensor> outside = new HashMap<>();

    /** Tensors of the body that no carry enters, and whether they differ from step to step. */
    private final Map<Tensor, Boolean> varies = new HashMap<>();

    private Fission(ScanOp op, List<Tensor> operands) {
        this.op = op;
        this.steps = op.steps();
        int c = op.carryVariables().size();
        int s = op.sequenceVariables().size();
        for (int i = 0; i < s; i++) {
            outside.put(op.sequenceVariables().get(i), operands.get(c + i));
            varies.put(op.sequenceVariables().get(i), true);
        }
        for (int i = 0; i < op.captureVariables().size(); i++) {
            outside.put(op.captureVariables().get(i), operands.get(c + s + i));
            varies.put(op.captureVariables().get(i), false);
        }
    }

    /** Rewrites the loops among formulas, and the loops in their bodies. */
    static List<Tensor> run(List<Tensor> roots) {
        Map<Tensor, Tensor> map = new HashMap<>();
        for (Node n : Graphs.topological(roots)) {
            if (!(n.op() instanceof ScanOp written) || written.steps() < 2 || written.done() != null) {
                Graphs.rebuild(n, map);
                continue;
            }
            ScanOp op = written.withBody(r -> Simplify.run(run(Expand.composites(r))));
            List<Tensor> operands = new ArrayList<>();
            n.operands().forEach(t -> operands.add(map.getOrDefault(t, t)));
            Node m = new Fission(op, operands).split(n, operands);
            for (int i = 0; i < n.resultCount(); i++) {
                map.put(n.result(i), m.result(i));
            }
        }
        List<Tensor> r = new ArrayList<>(roots.size());
        for (Tensor t : roots) {
            r.add(map.getOrDefault(t, t));
        }
        return r;
    }

    private Node split(Node n, List<Tensor> operands) {
        List<Tensor> body = op.bodyResults();
        List<Node> order = Graphs.topological(body);
        Map<Tensor, Integer> uses = new HashMap<>();
        Map<Tensor, Node> user = new HashMap<>();
        body.forEach(t -> uses.merge(t, 1, Integer::sum));
        for (Node x : order) {
            classify(x);
            for (Tensor t : x.operands()) {
                uses.merge(t, 1, Integer::sum);
                user.put(t, x);
            }
        }
        Set<Tensor> products = new HashSet<>();
        for (Node x : order) {
            if (x.op() instanceof ContractOp.MatMul
                    && Boolean.TRUE.equals(varies.get(x.result(0)))
                    && (long) steps * x.result(0).shape().size() <= LARGEST) {
                products.add(withBias(x.result(0), uses, user));
            }
        }
        Map<Tensor, Tensor> replaced = new HashMap<>();
        List<Tensor> slices = new ArrayList<>(op.sequenceVariables());
        List<Tensor> captures = new ArrayList<>(op.captureVariables());
        List<Tensor> moreSequences = new ArrayList<>();
        List<Tensor> moreCaptures = new ArrayList<>();
        for (Tensor t : reached(body, products)) {
            Tensor v = variable("sequence " + slices.size(), t.type());
            slices.add(v);
            moreSequences.add(lifted(t));
            replaced.put(t, v);
        }
        List<Tensor> rest = replaced.isEmpty() ? body : Graphs.substitute(body, replaced);
        Map<Tensor, Tensor> transposed = new HashMap<>();
        Map<Tensor, Tensor> rewritten = new HashMap<>();
        for (Node x : Graphs.topological(rest)) {
            if (!(x.op() instanceof ContractOp.MatMul m)
                    || !m.transposeB()
                    || !op.captureVariables().contains(x.operand(1))
                    || x.operand(1).shape().rank() != 2) {
                Graphs.rebuild(x, rewritten);
                continue;
            }
            Tensor w = java.util.Objects.requireNonNull(outside.get(x.operand(1)));
            Tensor v = transposed.computeIfAbsent(x.operand(1), k -> {
                Tensor wt = x.rewrite(new LayoutOp.Transpose(Axes.of(1, 0)), w).result(0);
                Tensor made = variable("capture " + captures.size(), wt.type());
                captures.add(made);
                moreCaptures.add(wt);
                return made;
            });
            Tensor a = rewritten.getOrDefault(x.operand(0), x.operand(0));
            Node y = x.rewrite(new ContractOp.MatMul(m.transposeA(), false), a, v);
            rewritten.put(x.result(0), y.result(0));
        }
        List<Tensor> results = new ArrayList<>();
        rest.forEach(t -> results.add(rewritten.getOrDefault(t, t)));
        int c = op.nextCarries().size();
        ScanOp split = new ScanOp(
                steps,
                op.reverse(),
                op.stepVariable(),
                op.carryVariables(),
                slices,
                captures,
                results.subList(0, c),
                results.subList(c, results.size()),
                null);
        List<Tensor> all = new ArrayList<>(operands);
        all.addAll(c + op.sequenceVariables().size(), moreSequences);
        all.addAll(moreCaptures);
        return n.rewrite(split, all.toArray(Tensor[]::new));
    }

    private Tensor variable(String label, TensorType type) {
        LoopScope scope = ((LeafOp.LoopVariable) op.stepVariable().node().op()).scope();
        return Node.of(new LeafOp.LoopVariable(scope, label, type)).result(0);
    }

    /** Products that what stays in the body reads. */
    private static List<Tensor> reached(List<Tensor> body, Set<Tensor> products) {
        List<Tensor> found = new ArrayList<>();
        Set<Tensor> seen = new HashSet<>();
        List<Tensor> open = new ArrayList<>(body);
        while (!open.isEmpty()) {
            Tensor t = open.remove(open.size() - 1);
            if (!seen.add(t)) {
                continue;
            }
            if (products.contains(t)) {
                found.add(t);
            } else {
                open.addAll(t.node().operands());
            }
        }
        return found;
    }

    /** A product with the row that is added to it, if nothing else reads the product. */
    private Tensor withBias(Tensor product, Map<Tensor, Integer> uses, Map<Tensor, Node> user) {
        Node next = user.get(product);
        if (uses.getOrDefault(product, 0) != 1 || next == null || next.op() != Binary.ADD) {
            return product;
        }
        Tensor other = next.operand(0) == product ? next.operand(1) : next.operand(0);
        boolean row = Boolean.FALSE.equals(varies.get(other))
                && next.result(0).shape().equals(product.shape());
        return row ? next.result(0) : product;
    }

    private void classify(Node x) {
        if (x.arity() == 0) {
            if (x.op() instanceof LeafOp.Fill || x.op() instanceof LeafOp.Iota || x.op() instanceof LeafOp.Constant) {
                varies.put(x.result(0), false);
            }
            return;
        }
        boolean any = false;
        for (Tensor t : x.operands()) {
            Boolean v = varies.get(t);
            if (v == null) {
                return;
            }
            any |= v;
        }
        boolean can = switch (x.op()) {
            case ElementwiseOp e -> true;
            case LayoutOp.Slice s -> true;
            case LayoutOp.Reshape r -> true;
            case LayoutOp.Transpose t -> true;
            case LayoutOp.Broadcast b -> true;
            case ContractOp.MatMul m ->
                !any
                        || !m.transposeA()
                                && Boolean.TRUE.equals(varies.get(x.operand(0)))
                                && Boolean.FALSE.equals(varies.get(x.operand(1)))
                                && x.operand(0).shape().rank() >= 2
                                && x.operand(1).shape().rank() == 2;
            default -> false;
        };
        if (can) {
            varies.put(x.result(0), any);
        }
    }

    /** The formula outside the loop: of all steps [T, ..] if it varies. */
    private Tensor lifted(Tensor t) {
        for (Node x : Graphs.topological(List.of(t))) {
            Tensor y = x.result(0);
            if (outside.containsKey(y)) {
                continue;
            }
            if (x.arity() == 0) {
                outside.put(y, y);
                continue;
            }
            Tensor[] a = new Tensor[x.arity()];
            for (int i = 0; i < a.length; i++) {
                a[i] = java.util.Objects.requireNonNull(outside.get(x.operand(i)));
            }
            outside.put(
                    y,
                    Boolean.TRUE.equals(varies.get(y))
                            ? all(x, a)
                            : x.withOperands(a).result(0));
        }
        return java.util.Objects.requireNonNull(outside.get(t));
    }

    /** An operation over all steps at once: one more axis in front. */
    private Tensor all(Node x, Tensor[] a) {
        Shape y = x.result(0).shape();
        return switch (x.op()) {
            case LayoutOp.Slice s ->
                x.rewrite(new LayoutOp.Slice(front(0, s.starts()), front(steps, s.counts()), front(1, s.steps())), a)
                        .result(0);
            case LayoutOp.Reshape r ->
                x.rewrite(new LayoutOp.Reshape(y.insert(0, steps)), a).result(0);
            case LayoutOp.Transpose p -> {
                int[] q = new int[p.permutation().count() + 1];
                for (int i = 1; i < q.length; i++) {
                    q[i] = p.permutation().get(i - 1) + 1;
                }
                yield x.rewrite(new LayoutOp.Transpose(Axes.of(q)), a).result(0);
            }
            case LayoutOp.Broadcast b ->
                x.rewrite(new LayoutOp.Broadcast(y.insert(0, steps)), widened(x, 0, a[0], y.rank()))
                        .result(0);
            case ElementwiseOp e -> {
                for (int i = 0; i < a.length; i++) {
                    a[i] = widened(x, i, a[i], y.rank());
                }
                yield x.rewrite(e, a).result(0);
            }
            default -> x.withOperands(a).result(0);
        };
    }

    /** An operand of all steps with ones between the steps and its own axes, so that it broadcasts as one step's does. */
    private Tensor widened(Node x, int i, Tensor a, int rank) {
        Shape own = x.operand(i).shape();
        if (!Boolean.TRUE.equals(varies.get(x.operand(i))) || own.rank() == rank) {
            return a;
        }
        Shape s = own;
        for (int k = own.rank(); k < rank; k++) {
            s = s.insert(0, 1);
        }
        return x.rewrite(new LayoutOp.Reshape(s.insert(0, steps)), a).result(0);
    }

    private static Axes front(int first, Axes rest) {
        int[] r = new int[rest.count() + 1];
        r[0] = first;
        for (int i = 1; i < r.length; i++) {
            r[i] = rest.get(i - 1);
        }
        return Axes.of(r);
    }
}
