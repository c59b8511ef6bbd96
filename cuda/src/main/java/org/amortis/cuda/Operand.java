package org.amortis.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.View;
import org.amortis.tensor.TensorType;

/**
 * Elements of planned memory as a function of a position: where the first lies and the strides along axes, neighbours
 * joined. Two of them may be asked whether they have elements in common, and whether they are the same at every position.
 */
final class Operand {
    private final View base;
    private final DType type;
    private final int[] dims;
    private final int[] strides;

    private Operand(View base, DType type, int[] dims, int[] strides) {
        int[][] w = Args.joined(dims, strides);
        this.base = base;
        this.type = type;
        this.dims = w[0];
        this.strides = w[1];
    }

    /**
     * Elements of a view.
     *
     * @param view the view
     * @param first the first of them
     * @param dims axes of the positions
     * @param strides elements between neighbours along each
     */
    static Operand of(View view, int first, int[] dims, int[] strides) {
        DType type = view.type().dtype();
        int slot = view.offset() + first * type.slots();
        View base = new View(view.space(), view.index(), slot, new TensorType(type, Shape.SCALAR));
        return new Operand(base, type, dims, strides);
    }

    /** All elements of a view in order. */
    static Operand whole(View view) {
        return of(view, 0, new int[] {view.size()}, new int[] {1});
    }

    /** The first element, which says where it lies. */
    View base() {
        return base;
    }

    /** What is loaded and stored; keys are eight bytes that nothing is done with. */
    DType type() {
        return type == DType.KEY ? DType.F64 : type;
    }

    /** Whether the elements are numbers and not keys. */
    boolean number() {
        return type != DType.KEY;
    }

    int[] dims() {
        return dims;
    }

    int[] strides() {
        return strides;
    }

    /** Elements between neighbours along the innermost axis, 0 where there is no axis. */
    int inner() {
        return strides.length == 0 ? 0 : strides[strides.length - 1];
    }

    /** Whether the elements lie side by side in order. */
    boolean plain() {
        return strides.length == 0 || strides.length == 1 && strides[0] == 1;
    }

    /** Axes that two of them are walked along together, and the strides of both. */
    static int[][] walked(Operand a, Operand b) {
        List<Integer> d = new ArrayList<>();
        List<Integer> x = new ArrayList<>();
        List<Integer> y = new ArrayList<>();
        int i = a.dims.length - 1;
        int k = b.dims.length - 1;
        int left = i < 0 ? 1 : a.dims[i];
        int right = k < 0 ? 1 : b.dims[k];
        int sa = i < 0 ? 0 : a.strides[i];
        int sb = k < 0 ? 0 : b.strides[k];
        while (i >= 0 && k >= 0) {
            // the shorter of both ends an axis; what is left of the longer goes on
            int n = Math.min(left, right);
            if (left % n != 0 || right % n != 0) {
                return new int[][] {new int[Args.AXES + 1], {}, {}};
            }
            d.add(0, n);
            x.add(0, sa);
            y.add(0, sb);
            left /= n;
            right /= n;
            sa *= n;
            sb *= n;
            if (left == 1) {
                i--;
                left = i < 0 ? 1 : a.dims[i];
                sa = i < 0 ? 0 : a.strides[i];
            }
            if (right == 1) {
                k--;
                right = k < 0 ? 1 : b.dims[k];
                sb = k < 0 ? 0 : b.strides[k];
            }
        }
        return new int[][] {ints(d), ints(x), ints(y)};
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether four positions from a multiple of four on never leave the innermost axis. */
    boolean foursInside() {
        return dims.length == 0 || dims[dims.length - 1] % 4 == 0;
    }

    /** Whether those four lie side by side on 16 bytes. */
    boolean foursAligned() {
        int last = strides.length - 1;
        boolean ok = last >= 0 && strides[last] == 1 && base.offset() % 4 == 0;
        for (int a = 0; a < last; a++) {
            ok &= strides[a] % 4 == 0;
        }
        return ok;
    }

    private static int carrier(DType type) {
        return switch (type) {
            case F32 -> 0;
            case F64 -> 1;
            case I32, BOOL, KEY -> 2;
        };
    }

    private boolean elsewhere(Operand o) {
        return base.space() != o.base.space() || base.index() != o.base.index() || carrier(type) != carrier(o.type);
    }

    /** Whether both are the same element at every position. */
    boolean same(Operand o) {
        return !elsewhere(o)
                && type == o.type
                && base.offset() == o.base.offset()
                && Arrays.equals(dims, o.dims)
                && Arrays.equals(strides, o.strides);
    }

    private long reach(boolean up) {
        long r = 0;
        for (int a = 0; a < dims.length; a++) {
            r += strides[a] > 0 == up ? (long) strides[a] * (dims[a] - 1) : 0;
        }
        return r * type.slots() + (up ? type.slots() - 1 : 0);
    }

    /** False only if they have no element in common. */
    boolean overlaps(Operand o) {
        if (elsewhere(o)
                || base.offset() + reach(true) < o.base.offset() + o.reach(false)
                || o.base.offset() + o.reach(true) < base.offset() + reach(false)) {
            return false;
        }
        int apart = o.base.offset() - base.offset();
        if (!Arrays.equals(strides, o.strides) || type.slots() != o.type.slots() || apart % type.slots() != 0) {
            return true;
        }
        return reaches(apart / type.slots(), 0, o);
    }

    /** Whether a distance is a difference of elements, by the axes from one on. */
    private boolean reaches(long distance, int axis, Operand o) {
        if (axis == strides.length) {
            return distance == 0;
        }
        long rest = 0;
        for (int a = axis + 1; a < strides.length; a++) {
            rest += (long) Math.abs(strides[a]) * (Math.max(dims[a], o.dims[a]) - 1);
        }
        int s = strides[axis];
        if (s == 0) {
            return reaches(distance, axis + 1, o);
        }
        long a = Math.min((distance - rest) / s, (distance + rest) / s) - 1;
        long b = Math.max((distance - rest) / s, (distance + rest) / s) + 1;
        for (long k = Math.max(a, 1 - o.dims[axis]); k <= Math.min(b, dims[axis] - 1); k++) {
            if (Math.abs(distance - k * s) <= rest && reaches(distance - k * s, axis + 1, o)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return base.space() + "" + base.index() + "+" + base.offset() + " " + type + Arrays.toString(dims)
                + Arrays.toString(strides);
    }
}
