package org.amortis.tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is a formula of simpler ones. The formula is its meaning: shapes, gradient and reference follow from
 * it unless overridden, and a backend either has a fused kernel that agrees with it or runs the formula. A new composite
 * is one record that says {@link #name} and {@link #decompose}; what it overrides beyond that is for speed.
 */
public non-sealed interface CompositeOp extends Op {
    /**
     * The formula. Must be pure: it is called again for gradients, for the reference and by the compiler.
     *
     * @param operands the operands; only they may be read
     * @return the results
     */
    Tensor[] decompose(Tensor... operands);

    @Override
    default TensorType[] infer(Tensor[] operands) {
        Tensor[] r = decompose(operands);
        TensorType[] t = new TensorType[r.length];
        for (int i = 0; i < t.length; i++) {
            t[i] = r[i].type();
        }
        return t;
    }

    @Override
    default @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor[] operands = node.operands().toArray(Tensor[]::new);
        return ReverseMode.partial(Arrays.asList(decompose(operands)), cotangents, node.operands());
    }

    @Override
    default void reference(RefArray[] in, RefArray[] out) {
        Tensor[] operands = new Tensor[in.length];
        Map<Tensor, RefArray> values = new HashMap<>();
        for (int i = 0; i < in.length; i++) {
            operands[i] = Node.of(new LeafOp.Input("operand" + i, in[i].type())).result(0);
            values.put(operands[i], in[i]);
        }
        List<RefArray> r =
                Graphs.evaluate(Arrays.asList(decompose(operands)), t -> Objects.requireNonNull(values.get(t)));
        for (int i = 0; i < out.length; i++) {
            out[i].set(r.get(i));
        }
    }

    @Override
    default double ulps() {
        return 64;
    }
}
