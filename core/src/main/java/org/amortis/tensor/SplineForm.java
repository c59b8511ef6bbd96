package org.amortis.tensor;

import org.amortis.array.ShapeException;

/**
 * What the numbers of a rational-quadratic spline of [0, 1] onto itself mean: K widths and K heights of bins before a
 * softmax, then slopes at the knots before softplus. Zeros are the identity. A spline's parameters come as planes: of P d
 * numbers the k-th group of d holds parameter k of all d elements.
 *
 * @param bins K
 * @param ends which slopes there are
 * @param minBin smallest width and height of a bin
 * @param minSlope smallest slope at a knot
 * @param softmaxScale factor of widths and heights before the softmax
 */
public record SplineForm(int bins, Ends ends, double minBin, double minSlope, double softmaxScale) {
    /** Slopes at the first and the last knot. */
    public enum Ends {
        /** They are 1; there are K - 1 others. */
        ONE,
        /** Each is learned: K + 1 slopes. */
        FREE,
        /** Both are the first of K slopes. */
        JOINED
    }

    /**
     * A form.
     *
     * @throws ShapeException if a size is out of range
     */
    public SplineForm {
        if (bins < 1 || !(minBin > 0) || !(minBin * bins < 1) || !(minSlope > 0 && minSlope < 1)) {
            throw new ShapeException("rationalQuadratic(bins=" + bins + ", minBin=" + minBin + ", minSlope=" + minSlope
                    + "): needs bins >= 1, 0 < minBin < 1/bins, 0 < minSlope < 1");
        }
    }

    /**
     * Numbers that slopes are made of.
     *
     * @return K - 1, K + 1 or K
     */
    public int slopes() {
        return switch (ends) {
            case ONE -> bins - 1;
            case FREE -> bins + 1;
            case JOINED -> bins;
        };
    }

    /**
     * Parameters of one element.
     *
     * @return P
     */
    public int parameters() {
        return 2 * bins + slopes();
    }

    /**
     * Which parameter the slope at a knot is made of.
     *
     * @param knot 0 to K
     * @return plane, or -1 for a slope of 1
     */
    public int plane(int knot) {
        return switch (ends) {
            case ONE -> knot == 0 || knot == bins ? -1 : 2 * bins + knot - 1;
            case FREE -> 2 * bins + knot;
            case JOINED -> 2 * bins + knot % bins;
        };
    }

    /**
     * What is added to a number before softplus, so that 0 gives slope 1.
     *
     * @return offset
     */
    public double offset() {
        return Math.log(Math.expm1(1 - minSlope));
    }

    /**
     * The slope at a knot.
     *
     * @param raw the number it is made of
     * @return its softplus plus the smallest slope
     */
    public Tensor slope(Tensor raw) {
        return raw.add(offset()).softplus().add(minSlope);
    }

    @Override
    public String toString() {
        return bins + ":" + ends + ":" + minBin + ":" + minSlope + ":" + softmaxScale;
    }
}
