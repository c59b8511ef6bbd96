package org.amortis.tensor;

import org.amortis.array.Shape;

/** Walks a result shape in row-major order and keeps the flat offset of each broadcast operand. */
final class BroadcastIndex {
    private final int[] dims;
    private final int[] position;
    private final int[][] strides;
    private final int[] offsets;

    BroadcastIndex(Shape result, RefArray[] operands) {
        Shape[] shapes = new Shape[operands.length];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = operands[i].shape();
        }
        this.dims = result.toArray();
        this.position = new int[dims.length];
        this.strides = new int[shapes.length][];
        this.offsets = new int[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            strides[i] = strides(shapes[i], result);
        }
    }

    /** Strides of an operand along the axes of the result; 0 where it is broadcast. */
    static int[] strides(Shape operand, Shape result) {
        int[] own = operand.strides();
        int[] s = new int[result.rank()];
        int lead = result.rank() - operand.rank();
        for (int a = lead; a < s.length; a++) {
            s[a] = operand.dim(a - lead) == 1 ? 0 : own[a - lead];
        }
        return s;
    }

    int offset(int operand) {
        return offsets[operand];
    }

    void advance() {
        for (int a = dims.length - 1; a >= 0; a--) {
            position[a]++;
            for (int k = 0; k < offsets.length; k++) {
                offsets[k] += strides[k][a];
            }
            if (position[a] < dims[a]) {
                return;
            }
            for (int k = 0; k < offsets.length; k++) {
                offsets[k] -= strides[k][a] * dims[a];
            }
            position[a] = 0;
        }
    }
}
