package org.amortis.dist;

import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * From size - 1 free numbers to a vector of probabilities: softmax with a last logit of 0. The Jacobian of the first
 * size - 1 elements is diag(x) - x x^T, whose determinant is the product of all elements; the logarithms are those of the
 * softmax, so that it is right where elements underflow.
 */
record SimplexBijection(int size) implements Bijection, KnownImage {
    @Override
    public Shape inputShape() {
        return Shape.of(size - 1);
    }

    @Override
    public Shape outputShape() {
        return Shape.of(size);
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        Tensor log = Tensors.pad(u, -1, 0, 1, 0).logSoftmax(-1);
        return new Mapped(log.exp(), log.sum(-1));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        Tensor log = x.log();
        Tensor u = log.slice(-1, 0, size - 1).sub(log.slice(-1, size - 1, size));
        return new Mapped(u, log.sum(-1).neg());
    }

    @Override
    public Bijection stopGradient() {
        return this;
    }

    @Override
    public @Nullable Support imageOf(Support base) {
        return base.equals(Support.reals(inputShape())) ? Support.simplex(size) : null;
    }

    @Override
    public String toString() {
        return "simplex of " + size;
    }
}
