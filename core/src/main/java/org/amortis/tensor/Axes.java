package org.amortis.tensor;

import java.util.Arrays;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** An immutable list of small ints: axes, permutations, offsets, steps. Structural equality. */
public final class Axes {
    private final int[] values;

    private Axes(int[] values) {
        this.values = values;
    }

    /**
     * A list as given.
     *
     * @param values numbers
     * @return the list
     */
    public static Axes of(int... values) {
        return new Axes(values.clone());
    }

    /**
     * Axes of a shape: normalised, sorted, without repetition; no argument means all.
     *
     * @param shape the shape
     * @param axes axes, negative counts from the end
     * @return the list
     * @throws ShapeException if an axis does not exist or is named twice
     */
    public static Axes normalised(Shape shape, int... axes) {
        int[] a = new int[axes.length == 0 ? shape.rank() : axes.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = axes.length == 0 ? i : shape.axis(axes[i]);
        }
        Arrays.sort(a);
        for (int i = 1; i < a.length; i++) {
            if (a[i] == a[i - 1]) {
                throw new ShapeException(
                        "axes=" + Arrays.toString(axes) + " of shape " + shape + ": axis " + a[i] + " is named twice");
            }
        }
        return new Axes(a);
    }

    /**
     * Length of the list.
     *
     * @return count
     */
    public int count() {
        return values.length;
    }

    /**
     * A member.
     *
     * @param i position
     * @return the number
     */
    public int get(int i) {
        return values[i];
    }

    /**
     * Whether a number is in the list.
     *
     * @param value number
     * @return true if it is
     */
    public boolean contains(int value) {
        for (int v : values) {
            if (v == value) {
                return true;
            }
        }
        return false;
    }

    /**
     * The numbers as a fresh array.
     *
     * @return copy
     */
    public int[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Axes a && Arrays.equals(values, a.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
