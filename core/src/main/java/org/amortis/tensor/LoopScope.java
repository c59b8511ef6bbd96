package org.amortis.tensor;

import org.amortis.array.PlanException;
import org.jspecify.annotations.Nullable;

/**
 * Mark of a loop body under construction: formulas that depend on a loop variable carry the mark, everything else is
 * free and lifted. After the body is built the scope is closed, and using one of its variables is an error where it is
 * used.
 */
public final class LoopScope {
    private final @Nullable LoopScope parent;
    private final int depth;
    private boolean closed;

    /**
     * Opens a scope.
     *
     * @param parent enclosing scope that the loop itself depends on, or null
     */
    LoopScope(@Nullable LoopScope parent) {
        this.parent = parent;
        this.depth = parent == null ? 1 : parent.depth + 1;
    }

    /**
     * The enclosing scope.
     *
     * @return parent, or null
     */
    public @Nullable LoopScope parent() {
        return parent;
    }

    void close() {
        closed = true;
    }

    void reopen() {
        closed = false;
    }

    private boolean encloses(LoopScope inner) {
        for (LoopScope s = inner; s != null; s = s.parent) {
            if (s == this) {
                return true;
            }
        }
        return false;
    }

    /** Innermost loop among the operands; they must lie on one chain of nested loops, none of them closed. */
    static @Nullable LoopScope innermost(Op op, Tensor[] operands) {
        LoopScope best = null;
        for (Tensor t : operands) {
            LoopScope s = t.node().loop();
            if (s == null || s == best) {
                continue;
            }
            if (s.closed) {
                throw new PlanException(op.name() + "(" + t.describe()
                        + "): a variable of a loop is used outside its loop; return it from the body instead");
            }
            if (best == null || best.encloses(s)) {
                best = s;
            } else if (!s.encloses(best)) {
                throw new PlanException(op.name() + "(" + t.describe()
                        + "): mixes variables of two loops neither of which is inside the other");
            }
        }
        return best;
    }
}
