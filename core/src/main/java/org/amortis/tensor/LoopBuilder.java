package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A loop under construction: hands out variables, runs what writes the body, then closes the body over everything that
 * comes from outside. Every loop is made here, those of users and those of gradients alike.
 */
final class LoopBuilder {
    private final int steps;
    private final boolean reverse;
    private final LoopScope scope = LoopScope.open();
    private final Tensor step;
    private final List<Tensor> carries = new ArrayList<>();
    private final List<Tensor> inits = new ArrayList<>();
    private final List<Tensor> slices = new ArrayList<>();
    private final Map<Tensor, Tensor> stacks = new HashMap<>();
    private final List<Tensor> captures = new ArrayList<>();
    private final List<Tensor> captured = new ArrayList<>();
    private final Map<Tensor, Tensor> captureOf = new HashMap<>();

    LoopBuilder(int steps, boolean reverse) {
        this.steps = steps;
        this.reverse = reverse;
        this.step = variable("step", new TensorType(DType.I32, Shape.SCALAR));
    }

    private Tensor variable(String label, TensorType type) {
        return Node.of(new LeafOp.LoopVariable(scope, label, type)).result(0);
    }

    Tensor step() {
        return step;
    }

    /** A carry that starts as a formula from outside. */
    Tensor carry(Tensor init) {
        Tensor v = variable("carry " + carries.size(), init.type());
        carries.add(v);
        inits.add(init);
        return v;
    }

    /** The slice of a sequence [steps, ..]. */
    Tensor sequence(Tensor stack) {
        Shape s = stack.shape();
        Tensor v = sequence(stack.type().withShape(s.slice(1, s.rank())));
        stacks.put(v, stack);
        return v;
    }

    /** The slice of a sequence that is named later, if the body turns out to read it. */
    Tensor sequence(TensorType slice) {
        Tensor v = variable("sequence " + slices.size(), slice);
        slices.add(v);
        return v;
    }

    /** Names the sequence of a slice. */
    void bind(Tensor slice, Tensor stack) {
        stacks.put(slice, stack);
    }

    /** The sequence of a slice, or null if the tensor is no slice. */
    @Nullable
    Tensor stack(Tensor slice) {
        return stacks.get(slice);
    }

    /** What stands for a formula from outside. */
    Tensor capture(Tensor outside) {
        return captureOf.computeIfAbsent(outside, o -> {
            Tensor v = variable("capture " + captures.size(), o.type());
            captures.add(v);
            captured.add(o);
            return v;
        });
    }

    <T> T within(Supplier<T> body) {
        return scope.within(body);
    }

    /** Variables that formulas of the body read. */
    Set<Node> read(List<Tensor> results) {
        return new HashSet<>(Graphs.topological(results, this::inside));
    }

    private boolean inside(Node n) {
        return n.loop() == scope;
    }

    /**
     * Closes the body and makes the loop. Formulas of the body that do not depend on its variables become captures;
     * constants written in the body stay inside. Sequences and captures that nothing reads are left out.
     */
    Node finish(List<Tensor> next, List<Tensor> outputs, @Nullable Tensor done) {
        List<Tensor> results = new ArrayList<>(next);
        results.addAll(outputs);
        if (done != null) {
            results.add(done);
        }
        for (Tensor t : results) {
            lift(t);
        }
        for (Node n : Graphs.topological(results, this::inside)) {
            for (int i = 0; i < n.arity(); i++) {
                lift(n.operand(i));
            }
        }
        List<Tensor> closed = Graphs.substitute(results, captureOf, this::inside);
        Set<Node> read = read(closed);
        List<Tensor> readSlices = new ArrayList<>();
        List<Tensor> readCaptures = new ArrayList<>();
        List<Tensor> operands = new ArrayList<>(inits);
        for (Tensor v : slices) {
            if (read.contains(v.node())) {
                readSlices.add(v);
                operands.add(java.util.Objects.requireNonNull(stacks.get(v)));
            }
        }
        for (int i = 0; i < captures.size(); i++) {
            if (read.contains(captures.get(i).node())) {
                readCaptures.add(captures.get(i));
                operands.add(captured.get(i));
            }
        }
        int c = next.size();
        int o = c + outputs.size();
        ScanOp op = new ScanOp(
                steps,
                reverse,
                step,
                carries,
                readSlices,
                readCaptures,
                closed.subList(0, c),
                closed.subList(c, o),
                done == null ? null : closed.get(o));
        Node node = Node.of(op, operands.toArray(Tensor[]::new));
        scope.close();
        return node;
    }

    private void lift(Tensor t) {
        if (!inside(t.node()) && !scope.owns(t.node())) {
            capture(t);
        }
    }
}
