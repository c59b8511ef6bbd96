package org.amortis.vi;

import org.amortis.tensor.CompositeOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The first operand, with its cotangent multiplied by the second. Doubly reparameterised estimators weigh what reaches
 * the encoder and what reaches the decoder differently; scaling the cotangent where it enters the draw gives both from
 * one backward pass.
 */
record ScaledGradient() implements CompositeOp {
    static Tensor of(Tensor x, Tensor scale) {
        return Node.of(new ScaledGradient(), x, scale).result(0);
    }

    @Override
    public String name() {
        return "scaledGradient";
    }

    @Override
    public Tensor[] decompose(Tensor... operands) {
        return new Tensor[] {operands[0]};
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor dy = cotangents[0];
        return new Tensor[] {dy == null ? null : dy.mul(node.operand(1)), null};
    }
}
