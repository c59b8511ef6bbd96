package org.amortis.backend;

import org.amortis.array.Shape;

/** Walks of operands that are broadcast to a common shape. */
final class Strides {
    private Strides() {}

    /** Strides of an operand along the axes of a result, in elements; 0 where it is broadcast. */
    static int[] broadcast(Shape operand, Shape result) {
        int[] own = operand.strides();
        int[] s = new int[result.rank()];
        int lead = result.rank() - operand.rank();
        for (int a = lead; a < s.length; a++) {
            s[a] = operand.dim(a - lead) == 1 ? 0 : own[a - lead];
        }
        return s;
    }

    /** Offset of the element at a flat position of the result. */
    static int offset(int position, int[] dims, int[] strides) {
        int rest = position;
        int at = 0;
        for (int a = dims.length - 1; a >= 0; a--) {
            at += rest % dims[a] * strides[a];
            rest /= dims[a];
        }
        return at;
    }

    /** Offsets of all elements of a shape, row-major. */
    static int[] offsets(Shape operand, Shape result, int unit) {
        int[] dims = result.toArray();
        int[] s = broadcast(operand, result);
        int[] r = new int[result.size()];
        for (int q = 0; q < r.length; q++) {
            r[q] = unit * offset(q, dims, s);
        }
        return r;
    }
}
