package org.amortis.tensor;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.amortis.array.PlanException;
import org.jspecify.annotations.Nullable;

/**
 * Mark of a loop body under construction: formulas that depend on a loop variable carry the mark, everything else is
 * free and lifted. After the body is built the scope is closed, and using one of its variables is an error where it is
 * used.
 */
public final class LoopScope {
    /** The innermost body being written on this thread; bound only while a body runs, so there is nothing to reset. */
    private static final ScopedValue<LoopScope> CURRENT = ScopedValue.newInstance();

    private final @Nullable LoopScope parent;
    private final Set<Node> constants = new HashSet<>();
    private boolean closed;

    private LoopScope(@Nullable LoopScope parent) {
        this.parent = parent;
    }

    /** Opens a scope inside the body being written, if any. */
    static LoopScope open() {
        return new LoopScope(CURRENT.isBound() ? CURRENT.get() : null);
    }

    /** Runs code that writes the body: loops opened by it lie inside this one. */
    <T> T within(Supplier<T> body) {
        return ScopedValue.where(CURRENT, this).call(body::get);
    }

    /**
     * The enclosing scope.
     *
     * @return the scope of the body in which this loop was written, or null
     */
    public @Nullable LoopScope parent() {
        return parent;
    }

    void close() {
        closed = true;
    }

    /**
     * Notes that a constant belongs to the body being written. Only such constants stay inside the body: one from
     * outside may be what somebody differentiates with respect to.
     */
    static void own(Node constant) {
        if (CURRENT.isBound() && isConstant(constant)) {
            CURRENT.get().constants.add(constant);
        }
    }

    /** Whether a node is a constant that may stay inside the body. */
    boolean owns(Node n) {
        return isConstant(n) && (constants.contains(n) || !n.result(0).dtype().isFloat());
    }

    static boolean isConstant(Node n) {
        return n.op() instanceof LeafOp.Fill || n.op() instanceof LeafOp.Iota || n.op() instanceof LeafOp.Constant;
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
        return innermost(op, operands, true);
    }

    /** Innermost loop; passes that rewrite finished bodies node by node do not ask for open ones. */
    static @Nullable LoopScope innermost(Op op, Tensor[] operands, boolean open) {
        LoopScope best = null;
        for (Tensor t : operands) {
            LoopScope s = t.node().loop();
            if (s == null || s == best) {
                continue;
            }
            if (open && s.closed) {
                throw new PlanException(op.name() + "(" + t.describe()
                        + "): a variable of a loop is used outside its loop; return it from the body instead"
                        + Messages.at());
            }
            if (best == null || best.encloses(s)) {
                best = s;
            } else if (!s.encloses(best)) {
                throw new PlanException(op.name() + "(" + t.describe()
                        + "): mixes variables of two loops neither of which is inside the other" + Messages.at());
            }
        }
        return best;
    }

    /**
     * Refuses a draw written in a body from a key that is the same at every step. Such a formula would be lifted, so
     * the place where it is written is the only place where the mistake can be seen.
     */
    static void checkDraw(Op op, Tensor[] operands, TensorType result) {
        if (CURRENT.isBound()
                && KeyCheck.isDraw(op, operands, result)
                && operands[0].node().loop() != CURRENT.get()
                && !KeyCheck.isHoisted(operands[0])) {
            throw new PlanException(op.name() + "(" + operands[0].describe() + "): drawn inside a loop from a key that"
                    + " does not depend on the step, so every step would draw the same numbers; fold the step index"
                    + " into the key, or pass Scan.hoist(key) if the same numbers are meant" + Messages.at());
        }
    }
}
