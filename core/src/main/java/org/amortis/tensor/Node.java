package org.amortis.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation applied to operands. Nodes have identity, no structural equality: hashing a graph structurally is
 * exponential in its depth. Nothing recurses over operands; graphs are 10^5 deep.
 */
public final class Node {
    private final Op op;
    private final Tensor[] operands;
    private final Tensor[] results;
    private final @Nullable LoopScope loop;
    private final @Nullable SourceLine source;

    private Node(Op op, Tensor[] operands, TensorType[] types, @Nullable LoopScope loop, @Nullable SourceLine source) {
        this.op = op;
        this.operands = operands;
        this.loop = loop;
        this.source = source;
        this.results = new Tensor[types.length];
        for (int i = 0; i < types.length; i++) {
            results[i] = new Tensor(this, i, types[i]);
        }
    }

    /**
     * Makes a node: checks operands by the operation's shape rule, finds the innermost loop it depends on and the line
     * of user code that asked for it.
     *
     * @param op operation
     * @param operands operands; the array is taken over
     * @return the node
     */
    public static Node of(Op op, Tensor... operands) {
        LoopScope loop = op instanceof LeafOp.LoopVariable v ? v.scope() : LoopScope.innermost(op, operands);
        TensorType[] types = op.infer(operands);
        if (types.length > 0) {
            LoopScope.checkDraw(op, operands, types[0]);
        }
        Node node = new Node(op, operands, types, loop, SourceLine.capture());
        LoopScope.own(node);
        return node;
    }

    /**
     * Makes a node like this one on other operands, keeping the source line: what passes and loops rewrite with.
     *
     * @param newOperands the operands; the array is taken over
     * @return the node
     */
    public Node withOperands(Tensor... newOperands) {
        LoopScope scope = LoopScope.innermost(op, newOperands, false);
        return new Node(op, newOperands, op.infer(newOperands), scope, source);
    }

    /**
     * Makes a node of another operation at the same source line.
     *
     * @param newOp operation
     * @param newOperands the operands; the array is taken over
     * @return the node
     */
    public Node rewrite(Op newOp, Tensor... newOperands) {
        LoopScope scope = LoopScope.innermost(newOp, newOperands, false);
        return new Node(newOp, newOperands, newOp.infer(newOperands), scope, source);
    }

    /**
     * Runs code whose new nodes carry the source line of another node: what a pass writes in its place.
     *
     * @param origin the node that is replaced
     * @param code makes nodes
     * @param <T> what it gives
     * @return what the code gives
     */
    public static <T> T onBehalfOf(Node origin, Supplier<T> code) {
        return SourceLine.as(origin.source, code);
    }

    /**
     * The operation.
     *
     * @return operation
     */
    public Op op() {
        return op;
    }

    /**
     * Number of operands.
     *
     * @return operand count
     */
    public int arity() {
        return operands.length;
    }

    /**
     * An operand.
     *
     * @param i position
     * @return the operand
     */
    public Tensor operand(int i) {
        return operands[i];
    }

    /**
     * The operands.
     *
     * @return unmodifiable list
     */
    public List<Tensor> operands() {
        return List.of(operands);
    }

    /**
     * Number of results.
     *
     * @return result count
     */
    public int resultCount() {
        return results.length;
    }

    /**
     * A result.
     *
     * @param i position
     * @return the result
     */
    public Tensor result(int i) {
        return results[i];
    }

    /**
     * The innermost loop the node depends on.
     *
     * @return the loop, or null outside loops
     */
    public @Nullable LoopScope loop() {
        return loop;
    }

    /**
     * Line of user code that made the node.
     *
     * @return the line, or null if only library code was on the stack
     */
    public @Nullable SourceLine source() {
        return source;
    }

    /** Prints operation, operand and result types and the source line. */
    @Override
    public String toString() {
        StringBuilder b = new StringBuilder(op.name()).append('(');
        for (int i = 0; i < operands.length; i++) {
            b.append(i == 0 ? "" : ", ").append(operands[i].describe());
        }
        b.append(") ->");
        for (Tensor r : results) {
            b.append(' ').append(r.type());
        }
        return source == null ? b.toString() : b.append(" at ").append(source).toString();
    }
}
