package org.amortis.kernels;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.spi.SplineLoop;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Splines by blocks that stay in the first cache: the numbers of a block are laid out as planes, one for each parameter, and
 * go through the passes of {@link DoubleSplineSteps}.
 */
final class DoubleSpline implements SplineLoop {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** Half a vector: runs of a few numbers are copied by whole vectors. */
    private static final VectorSpecies<Double> H = S.withShape(Species.half());

    private static final int HALF = H.length();

    /** Elements of a block, an even number of vectors. */
    private static final int BLOCK = 8 * L;

    /** A vector more than a block, since runs shorter than a vector are copied by whole vectors. */
    private static final int STRIDE = BLOCK + L;

    private final SplineForm form;
    private final boolean inverse;
    private final boolean gradient;
    private final int parameters;

    private final double scale;
    private final double minBin;
    private final double minSlope;
    private final double offset;
    private final double total;

    /** Where planes begin: slopes, values, cotangents, factors, bins, numbers of slopes, slopes, results. */
    private final int slopes;

    /** The first slope that is a parameter. */
    private final int free;

    private final int value;
    private final int cotangents;
    private final int factors;
    private final int bin;
    private final int raw;
    private final int ends;
    private final int results;

    DoubleSpline(SplineOp op) {
        form = op.form();
        inverse = op.inverse();
        gradient = op instanceof SplineOp.Gradient;
        parameters = form.parameters();
        scale = form.softmaxScale();
        minBin = form.minBin();
        minSlope = form.minSlope();
        offset = form.offset();
        total = (1 - form.bins() * form.minBin());
        int bins = form.bins();
        slopes = 2 * bins * STRIDE;
        free = form.ends() == SplineForm.Ends.ONE ? slopes + STRIDE : slopes;
        value = slopes + (bins + 1) * STRIDE;
        cotangents = value + STRIDE;
        factors = cotangents + 2 * STRIDE;
        bin = factors + 2 * STRIDE;
        raw = bin + 9 * STRIDE;
        ends = raw + 2 * STRIDE;
        results = ends + 2 * STRIDE;
    }

    @Override
    public int scratch() {
        return results + 7 * STRIDE;
    }

    @Override
    public void run(Object[] arrays, int[] at, int size, int from, int to, Object scratch) {
        double[] s = (double[]) scratch;
        int step = size <= BLOCK ? BLOCK / size * size : BLOCK;
        int n;
        for (int i = from; i < to; i += n) {
            int columns = Math.min(size - i % size, Math.min(BLOCK, to - i));
            n = columns < size ? columns : Math.min(step, to - i);
            block(arrays, at, size, i, n, Math.min(size, columns), to, s);
        }
    }

    /** n elements from number i on, rows of some columns, of a range that ends at number last. */
    private void block(Object[] arrays, int[] at, int size, int i, int n, int columns, int last, double[] s) {
        int p = i / size * parameters * size + i % size;
        int bins = form.bins();
        double[] v = (double[]) arrays[0];
        double[] w = (double[]) arrays[1];
        System.arraycopy(v, at[0] + i, s, value, n);
        for (int r = 0; r < n; r += columns) {
            int from = at[1] + p + r * parameters;
            load(w, from, size, columns, 2 * bins, s, r);
            load(w, from + 2 * bins * size, size, columns, form.slopes(), s, free + r);
        }
        if (form.ends() == SplineForm.Ends.ONE) {
            Arrays.fill(s, slopes, slopes + n, 0);
            Arrays.fill(s, slopes + bins * STRIDE, slopes + bins * STRIDE + n, 0);
        } else if (form.ends() == SplineForm.Ends.JOINED) {
            System.arraycopy(s, slopes, s, slopes + bins * STRIDE, n);
        }
        int whole = (n + 2 * L - 1) / (2 * L) * (2 * L);
        int searched = inverse ? bins * STRIDE : 0;
        int other = inverse ? 0 : bins * STRIDE;
        DoubleSplineSteps.exponentials(s, searched, STRIDE, bins, whole, scale, total, factors);
        DoubleSplineSteps.exponentials(s, other, STRIDE, bins, whole, scale, total, factors + STRIDE);
        DoubleSplineSteps.search(
                s, value, searched, other, slopes, STRIDE, bins, whole, minBin, factors, bin, raw, offset);
        DoubleLog.softplus(s, raw, s, ends, 2 * whole);
        if (gradient) {
            pullBack(arrays, at, size, i, n, columns, last, p, whole, searched, other, s);
            return;
        }
        if (inverse) {
            DoubleSplineSteps.down(s, value, bin, ends, minSlope, STRIDE, whole, results);
        } else {
            DoubleSplineSteps.up(s, value, bin, ends, minSlope, STRIDE, whole, results);
        }
        DoubleLog.log(s, results + STRIDE, s, results + STRIDE, 2 * whole);
        DoubleSplineSteps.logSlope(s, results + STRIDE, whole, inverse ? -1 : 1, value);
        System.arraycopy(s, results, arrays[2], at[2] + i, n);
        System.arraycopy(s, value, arrays[3], at[3] + i, n);
    }

    private void pullBack(
            Object[] arrays,
            int[] at,
            int size,
            int i,
            int n,
            int columns,
            int last,
            int p,
            int whole,
            int searched,
            int other,
            double[] s) {
        int bins = form.bins();
        System.arraycopy(arrays[2], at[2] + i, s, cotangents, n);
        System.arraycopy(arrays[3], at[3] + i, s, cotangents + STRIDE, n);
        DoubleExp.sigmoid(s, raw, s, raw, 2 * whole);
        if (inverse) {
            DoubleSplineSteps.downGradient(s, value, bin, ends, raw, minSlope, cotangents, STRIDE, whole, results);
        } else {
            DoubleSplineSteps.upGradient(s, value, bin, ends, raw, minSlope, cotangents, STRIDE, whole, results);
        }
        DoubleSplineSteps.ofBins(
                s, searched, STRIDE, bins, whole, bin, results + STRIDE, bin + 5 * STRIDE, factors, scale, total);
        DoubleSplineSteps.ofBins(
                s,
                other,
                STRIDE,
                bins,
                whole,
                bin,
                results + 3 * STRIDE,
                bin + 7 * STRIDE,
                factors + STRIDE,
                scale,
                total);
        DoubleSplineSteps.ofSlopes(s, bin, results + 5 * STRIDE, STRIDE, bins, whole, slopes);
        if (form.ends() == SplineForm.Ends.JOINED) {
            DoubleSplineSteps.add(s, slopes + bins * STRIDE, whole, slopes);
        }
        System.arraycopy(s, results, arrays[4], at[4] + i, n);
        double[] y = (double[]) arrays[5];
        for (int r = 0; r < n; r += columns) {
            int from = at[5] + p + r * parameters;
            // what is written behind a run is written again with the next, but nothing belongs to it behind the last
            int end = columns == size ? at[5] + last * parameters : 0;
            store(s, r, size, columns, 2 * bins, y, from, end);
            store(s, free + r, size, columns, form.slopes(), y, from + 2 * bins * size, end);
        }
    }

    /** Runs of n numbers that lie size apart to planes. Writes whole vectors, or halves. */
    private static void load(double[] x, int xo, int size, int n, int count, double[] s, int so) {
        boolean few = n <= HALF;
        int whole = few ? HALF : (n + L - 1) / L * L;
        for (int k = 0; k < count; k++) {
            int from = xo + k * size;
            int to = so + k * STRIDE;
            if (from + whole > x.length) {
                System.arraycopy(x, from, s, to, n);
            } else if (few) {
                DoubleVector.fromArray(H, x, from).intoArray(s, to);
            } else {
                for (int j = 0; j < n; j += L) {
                    DoubleVector.fromArray(S, x, from + j).intoArray(s, to + j);
                }
            }
        }
    }

    /** The way back. Vectors may be written up to an end. */
    private static void store(double[] s, int so, int size, int n, int count, double[] y, int yo, int end) {
        boolean few = n <= HALF;
        int whole = few ? HALF : (n + L - 1) / L * L;
        for (int k = 0; k < count; k++) {
            int from = so + k * STRIDE;
            int to = yo + k * size;
            if (whole > n && to + whole > end) {
                System.arraycopy(s, from, y, to, n);
            } else if (few) {
                DoubleVector.fromArray(H, s, from).intoArray(y, to);
            } else {
                for (int j = 0; j < n; j += L) {
                    DoubleVector.fromArray(S, s, from + j).intoArray(y, to + j);
                }
            }
        }
    }
}
