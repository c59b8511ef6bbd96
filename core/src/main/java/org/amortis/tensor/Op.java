package org.amortis.tensor;

import org.amortis.array.DType;
import org.jspecify.annotations.Nullable;

/**
 * What a node computes. An operation is a value: two are equal if name and attributes are, which is what common
 * subexpressions are found by. Semantics live here, once: the shape rule, the gradient rule and the reference
 * evaluation; backends add kernels, never meaning.
 */
public sealed interface Op
        permits LeafOp,
                ElementwiseOp,
                ReduceOp,
                ContractOp,
                LayoutOp,
                IndexOp,
                SortOp,
                RandomOp,
                LoopOp,
                LinalgOp,
                CompositeOp,
                CustomNode {
    /**
     * Name as it appears in messages, plans and profiles.
     *
     * @return lower-case name
     */
    String name();

    /**
     * Shape rule: the types of the results. Run when a node is made and again by the checker after each pass.
     *
     * @param operands the operands
     * @return one type a result
     * @throws org.amortis.array.ShapeException if shapes do not fit
     * @throws org.amortis.array.DTypeException if element types do not fit
     */
    TensorType[] infer(Tensor[] operands);

    /**
     * Gradient rule: cotangents of the operands as formulas, so that they can be differentiated again.
     *
     * @param node the node of this operation
     * @param cotangents cotangent of each result, null where nothing depends on it
     * @return cotangent of each operand, null where none flows (integers, booleans, keys)
     * @throws org.amortis.array.UnsupportedOnBackend if the operation has no gradient
     */
    @Nullable
    Tensor[] vjp(Node node, @Nullable Tensor[] cotangents);

    /**
     * Reference evaluation in double, plain loops: the truth that backends are held to.
     *
     * @param in values of the operands; read
     * @param out values of the results; zeroed before the call, written
     */
    void reference(RefArray[] in, RefArray[] out);

    /**
     * Error bound of the operation in float32 on any backend, in units of 2^-24 relative to the magnitude of what is
     * computed (for sums and products: the sum of the absolute values of the terms).
     *
     * @return bound in ulps
     */
    default double ulps() {
        return 4;
    }

    /**
     * The bound for an element type: {@link #ulps()} for F32. In F64, where the reference rounds too, twice as many units of
     * 2^-53.
     *
     * @param type F32 or F64
     * @return bound in ulps of the type
     */
    default double ulps(DType type) {
        return type == DType.F32 ? ulps() : 2 * ulps();
    }
}
