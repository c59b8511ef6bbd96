package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.tensor.CompositeOp;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Node;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Tensor;

/**
 * Replaces composites by their formulas, composites inside them too. Composites of contiguous rows and splines are left to
 * the kernels of the backend.
 */
final class Expand {
    private Expand() {}

    static List<Tensor> composites(List<Tensor> roots) {
        List<Tensor> now = roots;
        for (boolean found = true; found; ) {
            Map<Tensor, Tensor> map = new HashMap<>();
            found = false;
            for (Node n : Graphs.topological(now)) {
                if (!isFormula(n)) {
                    Graphs.rebuild(n, map);
                    continue;
                }
                found = true;
                Tensor[] operands = new Tensor[n.arity()];
                for (int i = 0; i < operands.length; i++) {
                    operands[i] = map.getOrDefault(n.operand(i), n.operand(i));
                }
                Tensor[] r = Node.onBehalfOf(n, () -> ((CompositeOp) n.op()).decompose(operands));
                for (int i = 0; i < r.length; i++) {
                    map.put(n.result(i), r[i]);
                }
            }
            List<Tensor> next = new ArrayList<>(now.size());
            for (Tensor t : now) {
                next.add(map.getOrDefault(t, t));
            }
            now = next;
        }
        return now;
    }

    /** Composites of contiguous rows stay: every backend has a kernel for them. */
    private static boolean isFormula(Node n) {
        return switch (n.op()) {
            case SplineOp s -> false;
            case RowOp r -> r.rowLength(n.operand(0).shape()) == 0;
            case CompositeOp c -> true;
            default -> false;
        };
    }
}
