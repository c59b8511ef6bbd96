package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** u + t. */
record ShiftTransformer() implements Transformer {
    @Override
    public int parameters() {
        return 1;
    }

    @Override
    public Bijection of(Tensor parameters) {
        return new Shift(parameters);
    }

    @Override
    public String toString() {
        return "shift";
    }

    private record Shift(Tensor shift) implements Bijection {
        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return volumePreserving(u.add(shift));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return volumePreserving(x.sub(shift));
        }

        private static Mapped volumePreserving(Tensor value) {
            return new Mapped(value, Tensors.zeros(value.dtype(), value.shape()));
        }

        @Override
        public Bijection stopGradient() {
            return new Shift(shift.stopGradient());
        }
    }
}
