package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.jspecify.annotations.Nullable;

/** Formulas without operands. */
public sealed interface LeafOp extends Op {
    /** {@return the type of the one result} */
    TensorType type();

    @Override
    default TensorType[] infer(Tensor[] operands) {
        return new TensorType[] {type()};
    }

    @Override
    default @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        return new Tensor[0];
    }

    @Override
    default void reference(RefArray[] in, RefArray[] out) {
        throw new IllegalStateException("leaf " + name() + " is bound, not evaluated");
    }

    /**
     * Fed by the caller at every run.
     *
     * @param label unique name in its program
     * @param type type of what is fed
     */
    record Input(String label, TensorType type) implements LeafOp {
        @Override
        public String name() {
            return "input:" + label;
        }
    }

    /**
     * Bound to a runner once, not copied, shareable: a data set.
     *
     * @param data the data
     */
    record Resident(HostArray data) implements LeafOp {
        @Override
        public String name() {
            return "resident";
        }

        @Override
        public TensorType type() {
            return new TensorType(data.dtype(), data.shape());
        }
    }

    /**
     * The value of a state before the step.
     *
     * @param state the state
     */
    record StateValue(State state) implements LeafOp {
        @Override
        public String name() {
            return "state:" + state.name();
        }

        @Override
        public TensorType type() {
            return state.type();
        }
    }

    /**
     * Numbers known when the formula is written; at most 64 KB.
     *
     * @param data the numbers, never written after
     */
    record Constant(HostArray data) implements LeafOp {
        @Override
        public String name() {
            return "constant";
        }

        @Override
        public TensorType type() {
            return new TensorType(data.dtype(), data.shape());
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            out[0].set(RefArray.of(data));
        }
    }

    /**
     * One number everywhere; scalars are fills of shape [].
     *
     * @param value the number; 0 or 1 for BOOL
     * @param type type of the result
     */
    record Fill(double value, TensorType type) implements LeafOp {
        /** Rounds the number to the type, as every backend does, and refuses what an integer cannot hold. */
        public Fill {
            if (type.dtype() == DType.F32) {
                float rounded = (float) value;
                value = rounded;
            } else if (type.dtype() == DType.I32 && value != (int) value) {
                throw new DTypeException("the number " + value + " beside I32: not a whole number below 2^31 in size;"
                        + " cast the tensor to a float type first" + Messages.at());
            }
        }

        @Override
        public String name() {
            return "fill:" + value;
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            for (int i = 0; i < type.shape().size(); i++) {
                out[0].put(i, value);
            }
        }
    }

    /**
     * The index along an axis, as I32.
     *
     * @param axis the axis
     * @param type type of the result
     */
    record Iota(int axis, TensorType type) implements LeafOp {
        @Override
        public String name() {
            return "iota";
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int inner = type.shape().product(axis + 1, type.shape().rank());
            int n = type.shape().dim(axis);
            for (int i = 0; i < type.shape().size(); i++) {
                out[0].put(i, (i / inner) % n);
            }
        }
    }

    /**
     * Step index, carry, per-step input or lifted formula inside a loop body.
     *
     * @param scope the loop
     * @param label what it is, for messages
     * @param type its type
     */
    record LoopVariable(LoopScope scope, String label, TensorType type) implements LeafOp {
        @Override
        public String name() {
            return "loop:" + label;
        }
    }
}
