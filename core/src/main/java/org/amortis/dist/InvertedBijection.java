package org.amortis.dist;

import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;

/** A bijection with its directions exchanged. */
record InvertedBijection(Bijection original) implements Bijection {
    @Override
    public Shape inputShape() {
        return original.outputShape();
    }

    @Override
    public Shape outputShape() {
        return original.inputShape();
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        return original.inverseAndLogDet(u);
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        return original.forwardAndLogDet(x);
    }

    @Override
    public Bijection stopGradient() {
        return new InvertedBijection(original.stopGradient());
    }

    @Override
    public Bijection inverted() {
        return original;
    }
}
