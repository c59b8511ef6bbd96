package org.amortis.tensor;

/**
 * Knots of splines on [0, 1] as elementwise formulas: one tensor for each knot, no axis of knots, so that softmax, running
 * sum, search and choice are one fused pass over the values.
 */
public final class SplineKnots {
    private SplineKnots() {}

    /**
     * The knots that K numbers make: sizes min + (1 - K min) softmax, summed up.
     *
     * @param raw one tensor for each bin
     * @param min smallest size of a bin
     * @param scale factor of the numbers before the softmax
     * @return K + 1 knots, the first 0 and the last 1
     */
    public static Tensor[] of(Tensor[] raw, double min, double scale) {
        int n = raw.length;
        Tensor[] knots = new Tensor[n + 1];
        knots[0] = Tensors.scalarLike(raw[0], 0);
        knots[n] = Tensors.scalarLike(raw[0], 1);
        if (n == 1) {
            return knots;
        }
        Tensor max = raw[0];
        for (int k = 1; k < n; k++) {
            max = max.maximum(raw[k]);
        }
        // any number gives the same sizes, so none of its gradient is needed
        max = max.stopGradient();
        Tensor[] upTo = new Tensor[n];
        for (int k = 0; k < n; k++) {
            Tensor d = raw[k].sub(max);
            Tensor e = (scale == 1 ? d : d.mul(scale)).exp();
            upTo[k] = k == 0 ? e : upTo[k - 1].add(e);
        }
        Tensor factor = upTo[n - 1].rdiv(1 - n * min);
        for (int k = 1; k < n; k++) {
            knots[k] = upTo[k - 1].mul(factor).add(k * min);
        }
        return knots;
    }

    /**
     * For each inner knot whether a value is not below it.
     *
     * @param value where
     * @param knots K + 1 knots
     * @return K - 1 conditions
     */
    public static Tensor[] reached(Tensor value, Tensor[] knots) {
        Tensor[] reached = new Tensor[knots.length - 2];
        for (int k = 0; k < reached.length; k++) {
            reached[k] = value.ge(knots[k + 1]);
        }
        return reached;
    }

    /**
     * The number of the bin that a value is in.
     *
     * @param reached K - 1 conditions by {@link #reached}
     * @param ofBin a number for each of bins first, first + 1, .. first + K - 1
     * @param first index of the number that belongs to bin 0
     * @return number of the value's bin
     */
    public static Tensor pick(Tensor[] reached, Tensor[] ofBin, int first) {
        Tensor v = ofBin[first];
        for (int k = 0; k < reached.length; k++) {
            v = Tensors.where(reached[k], ofBin[first + k + 1], v);
        }
        return v;
    }
}
