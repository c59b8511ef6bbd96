package org.amortis.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.amortis.array.Shape;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as strides over contiguous memory, or over a window of it if there is a slice in between: broadcasts, transposes
 * and slices with long runs are read where their operand lies.
 */
final class StridedRead {
    /** Elements that must lie side by side for a strided read to cost no more than a copy in order. */
    private static final int LONG_RUN = 16;

    private final Tensor base;
    private final int[] strides;
    private final @Nullable Tensor window;
    private final int offset;
    private final int extent;

    private StridedRead(Tensor base, int[] strides, @Nullable Tensor window, int offset, int extent) {
        this.base = base;
        this.strides = strides;
        this.window = window;
        this.offset = offset;
        this.extent = extent;
    }

    /**
     * How a tensor is read.
     *
     * @param t the tensor
     * @param stored what lies in a buffer of its own already
     * @return the tensor below all layout operations that need no instruction, and the way there
     */
    static StridedRead of(Tensor t, Set<Tensor> stored) {
        // a chain of layout operations is short after simplification; walk down, then strides up
        List<Tensor> chain = new ArrayList<>();
        Tensor b = t;
        while (lazy(b, stored)) {
            chain.add(b);
            b = b.node().operand(0);
        }
        int[] s = b.shape().strides();
        Tensor window = null;
        int offset = 0;
        int extent = 0;
        for (int i = chain.size() - 1; i >= 0; i--) {
            Tensor x = chain.get(i);
            Shape from = x.node().operand(0).shape();
            switch (x.node().op()) {
                case LayoutOp.Transpose p -> {
                    int[] q = new int[s.length];
                    for (int a = 0; a < q.length; a++) {
                        q[a] = s[p.permutation().get(a)];
                    }
                    s = q;
                }
                case LayoutOp.Slice p -> {
                    s = s.clone();
                    extent = 1;
                    for (int a = 0; a < s.length; a++) {
                        offset += p.starts().get(a) * s[a];
                        s[a] *= p.steps().get(a);
                        extent += (p.counts().get(a) - 1) * s[a];
                    }
                    extent = x.shape().size() == 0 ? 0 : extent;
                    window = x;
                }
                default -> s = Rules.broadcastStrides(from, s, x.shape());
            }
        }
        return new StridedRead(b, s, window, offset, extent);
    }

    /** Whether a tensor needs no instruction: those that read it walk over its operand. */
    static boolean lazy(Tensor t, Set<Tensor> stored) {
        if (stored.contains(t)) {
            return false;
        }
        return switch (t.node().op()) {
            case LayoutOp.Broadcast b -> true;
            case LayoutOp.Transpose p -> true;
            case LayoutOp.Slice s -> inPlace(s, t.node().operand(0).shape());
            default -> false;
        };
    }

    /** Whether a slice is left for its readers to read where it lies: its runs are long enough for that to be cheap. */
    static boolean inPlace(LayoutOp.Slice s, Shape x) {
        int r = x.rank();
        return contiguousOffset(s, x) < 0
                && r > 0
                && s.steps().get(r - 1) == 1
                && s.counts().get(r - 1) >= LONG_RUN;
    }

    /** First element of a slice that is one contiguous range of its operand, else -1. */
    static int contiguousOffset(LayoutOp.Slice s, Shape x) {
        int axis = s.singleAxis(x);
        if (axis < 0 || x.product(0, axis) != 1) {
            return -1;
        }
        return s.starts().get(axis) * x.product(axis + 1, x.rank());
    }

    /** What lies in memory. */
    Tensor base() {
        return base;
    }

    /** Distances along the axes of the tensor, in elements. */
    int[] strides() {
        return strides;
    }

    /** The innermost slice, or null. */
    @Nullable
    Tensor window() {
        return window;
    }

    /** First element of the slice in the base. */
    int offset() {
        return offset;
    }

    /** Elements from the first to the last of the slice. */
    int extent() {
        return extent;
    }
}
