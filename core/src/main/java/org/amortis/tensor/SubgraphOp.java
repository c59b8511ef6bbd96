package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a formula as one operation, so that it can have a gradient of its own: computed again from its operands, or
 * given by a user. Formulas that the part reads beside its operands become operands too. Equality is identity.
 */
public final class SubgraphOp implements CompositeOp {
    private final String name;
    private final List<Tensor> variables;
    private final List<Tensor> results;
    private final Set<Node> inside;
    private final @Nullable Gradient gradient;

    /** A gradient rule for the operands that were named. */
    interface Gradient {
        @Nullable
        Tensor[] of(Tensor[] operands, Tensor result, Tensor cotangent);
    }

    private SubgraphOp(
            String name, List<Tensor> variables, List<Tensor> results, Set<Node> inside, @Nullable Gradient gradient) {
        this.name = name;
        this.variables = List.copyOf(variables);
        this.results = List.copyOf(results);
        this.inside = inside;
        this.gradient = gradient;
    }

    /**
     * Makes a part of a formula one whose values are not kept for the gradient but computed again from the operands.
     *
     * @param operands what the part is a function of
     * @param results the formulas of the part, built on the operands
     * @return the same results as one operation
     */
    public static Tensor[] recomputed(List<Tensor> operands, List<Tensor> results) {
        Node n = close("recomputed", operands, results, null);
        Tensor[] r = new Tensor[n.resultCount()];
        for (int i = 0; i < r.length; i++) {
            r[i] = n.result(i);
        }
        return r;
    }

    static Tensor withGradient(String name, List<Tensor> operands, Tensor result, Gradient gradient) {
        return close(name, operands, List.of(result), gradient).result(0);
    }

    private static Node close(String name, List<Tensor> operands, List<Tensor> results, @Nullable Gradient gradient) {
        Set<Tensor> named = new HashSet<>(operands);
        Set<Node> border = new HashSet<>();
        operands.forEach(t -> border.add(t.node()));
        List<Node> order = Graphs.topological(results, n -> !border.contains(n));
        Set<Node> inside = new HashSet<>();
        for (Node n : order) {
            for (int i = 0; i < n.arity(); i++) {
                if (named.contains(n.operand(i)) || inside.contains(n.operand(i).node())) {
                    inside.add(n);
                    break;
                }
            }
        }
        Set<Tensor> captured = new LinkedHashSet<>();
        for (Tensor t : results) {
            capture(t, named, inside, captured);
        }
        for (Node n : order) {
            for (int i = 0; inside.contains(n) && i < n.arity(); i++) {
                capture(n.operand(i), named, inside, captured);
            }
        }
        List<Tensor> variables = new ArrayList<>(operands);
        variables.addAll(captured);
        SubgraphOp op = new SubgraphOp(name, variables, results, inside, gradient);
        return Node.of(op, variables.toArray(Tensor[]::new));
    }

    private static void capture(Tensor t, Set<Tensor> named, Set<Node> inside, Set<Tensor> captured) {
        // a constant may come from outside and be differentiated with respect to
        boolean stays = LoopScope.isConstant(t.node()) && !t.dtype().isFloat();
        if (!named.contains(t) && !inside.contains(t.node()) && !stays) {
            captured.add(t);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Tensor[] decompose(Tensor... operands) {
        Map<Tensor, Tensor> map = new HashMap<>();
        for (int i = 0; i < operands.length; i++) {
            map.put(variables.get(i), operands[i]);
        }
        return Graphs.substitute(results, map, inside::contains).toArray(Tensor[]::new);
    }

    @Override
    public TensorType[] infer(Tensor[] operands) {
        TensorType[] r = new TensorType[results.size()];
        for (int i = 0; i < r.length; i++) {
            r[i] = results.get(i).type();
        }
        return r;
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor[] operands = node.operands().toArray(Tensor[]::new);
        if (gradient != null) {
            Tensor dy = cotangents[0];
            @Nullable Tensor[] all = new Tensor[operands.length];
            if (dy != null) {
                @Nullable Tensor[] own = gradient.of(operands, node.result(0), dy);
                System.arraycopy(own, 0, all, 0, own.length);
            }
            return all;
        }
        Tensor when = null;
        for (Tensor ct : cotangents) {
            when = when == null ? ct : when;
        }
        if (when != null) {
            for (int i = 0; i < operands.length; i++) {
                if (!LoopScope.isConstant(operands[i].node())) {
                    operands[i] =
                            Node.of(new LayoutOp.After(), operands[i], when).result(0);
                }
            }
        }
        return ReverseMode.partial(List.of(decompose(operands)), cotangents, List.of(operands));
    }
}
