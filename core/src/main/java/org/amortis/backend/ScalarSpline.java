package org.amortis.backend;

import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;

/**
 * Splines element by element in double. The gradient of the inverse is that of the map at its result: with r(t) = w solved
 * for t, dt = (dw - dr) / r', and r' = numerator delta / denominator^2 is a quotient of positive numbers.
 */
final class ScalarSpline {
    private ScalarSpline() {}

    /** Numbers of scratch: exponentials of widths and heights, then the shares up to a bin. */
    static int scratch(SplineForm form) {
        return 2 * form.bins();
    }

    /**
     * Runs elements [from, to), whole rows or a part of one.
     *
     * @param op operation
     * @param arrays operands, read, then results, written
     * @param at first element of each
     * @param size elements of a row of values
     * @param from first element
     * @param to one past the last
     * @param s {@link #scratch} numbers; written
     */
    static void run(SplineOp op, Object[] arrays, int[] at, int size, int from, int to, double[] s) {
        SplineForm form = op.form();
        int row = from / size;
        int column = from % size;
        for (int i = from; i < to; i++) {
            int p = row * form.parameters() * size + column;
            double value = get(arrays[0], at[0] + i);
            switch (op) {
                case SplineOp.Map m -> map(m, value, arrays[1], at[1] + p, size, arrays, at, i, s);
                case SplineOp.Gradient g ->
                    gradient(
                            g,
                            value,
                            get(arrays[2], at[2] + i),
                            get(arrays[3], at[3] + i),
                            arrays[1],
                            at[1] + p,
                            size,
                            arrays,
                            at,
                            i,
                            at[5] + p,
                            s);
            }
            column++;
            if (column == size) {
                column = 0;
                row++;
            }
        }
    }

    private static double get(Object x, int i) {
        return x instanceof float[] f ? f[i] : ((double[]) x)[i];
    }

    private static void set(Object y, int i, double value) {
        if (y instanceof float[] f) {
            f[i] = (float) value;
        } else {
            ((double[]) y)[i] = value;
        }
    }

    /** Exponentials of K numbers to s from o on; returns (1 - K min) / their sum. */
    private static double exponentials(SplineForm form, Object x, int xo, int stride, double[] s, int o) {
        int n = form.bins();
        double max = get(x, xo);
        for (int k = 1; k < n; k++) {
            max = Math.max(max, get(x, xo + k * stride));
        }
        double sum = 0;
        for (int k = 0; k < n; k++) {
            s[o + k] = Math.exp((get(x, xo + k * stride) - max) * form.softmaxScale());
            sum += s[o + k];
        }
        return (1 - n * form.minBin()) / sum;
    }

    /** Knot k: 0 and 1 at the ends. */
    private static double knot(SplineForm form, double sum, double factor, int k) {
        return k == 0 ? 0 : k == form.bins() ? 1 : sum * factor + k * form.minBin();
    }

    private static double sum(double[] s, int o, int n) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += s[o + k];
        }
        return sum;
    }

    /** The number of knots that a value has reached. */
    private static int bin(SplineForm form, double value, double factor, double[] s, int o) {
        double sum = 0;
        int bin = 0;
        for (int k = 1; k < form.bins(); k++) {
            sum += s[o + k - 1];
            bin = value >= sum * factor + k * form.minBin() ? k : bin;
        }
        return bin;
    }

    /** What goes through softplus for the slope at a knot. */
    private static double raw(SplineForm form, int knot, Object x, int xo, int stride) {
        int plane = form.plane(knot);
        return (plane < 0 ? 0 : get(x, xo + plane * stride)) + form.offset();
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double clamped(double x) {
        return Math.min(Math.max(x, 0), 1);
    }

    private static void map(
            SplineOp.Map op, double value, Object p, int po, int stride, Object[] arrays, int[] at, int i, double[] s) {
        SplineForm form = op.form();
        int n = form.bins();
        double fx = exponentials(form, p, po, stride, s, 0);
        double fy = exponentials(form, p, po + n * stride, stride, s, n);
        int b = op.inverse() ? bin(form, value, fy, s, n) : bin(form, value, fx, s, 0);
        double x = knot(form, sum(s, 0, b), fx, b);
        double width = knot(form, sum(s, 0, b + 1), fx, b + 1) - x;
        double y = knot(form, sum(s, n, b), fy, b);
        double height = knot(form, sum(s, n, b + 1), fy, b + 1) - y;
        double d = softplus(raw(form, b, p, po, stride)) + form.minSlope();
        double e = softplus(raw(form, b + 1, p, po, stride)) + form.minSlope();
        double delta = height / width;
        double t = op.inverse() ? placeOf(clamped((value - y) / height), delta, d, e) : clamped((value - x) / width);
        double r = 1 - t;
        double den = delta * (t * t + r * r) + (d + e) * t * r;
        double num = e * t * t + 2 * delta * t * r + d * r * r;
        double log = Math.log(num) + 2 * Math.log(delta / den);
        set(arrays[2], at[2] + i, op.inverse() ? width * t + x : height * ((delta * t + d * r) * t / den) + y);
        set(arrays[3], at[3] + i, op.inverse() ? -log : log);
    }

    /** The place in a bin where a share w of its height is reached. */
    private static double placeOf(double w, double delta, double d, double e) {
        double v = 1 - w;
        double q = d * v - e * w;
        double part = 2 * delta * (q >= 0 ? w : v);
        double ratio = part / (Math.abs(q) + Math.sqrt(q * q + 4 * delta * delta * w * v) + part);
        return q >= 0 ? ratio : 1 - ratio;
    }

    private static void gradient(
            SplineOp.Gradient op,
            double value,
            double ofValue,
            double ofLog,
            Object p,
            int po,
            int stride,
            Object[] arrays,
            int[] at,
            int i,
            int dp,
            double[] s) {
        SplineForm form = op.form();
        boolean inverse = op.inverse();
        int n = form.bins();
        double fx = exponentials(form, p, po, stride, s, 0);
        double fy = exponentials(form, p, po + n * stride, stride, s, n);
        int b = inverse ? bin(form, value, fy, s, n) : bin(form, value, fx, s, 0);
        double x = knot(form, sum(s, 0, b), fx, b);
        double width = knot(form, sum(s, 0, b + 1), fx, b + 1) - x;
        double y = knot(form, sum(s, n, b), fy, b);
        double height = knot(form, sum(s, n, b + 1), fy, b + 1) - y;
        double rawD = raw(form, b, p, po, stride);
        double rawE = raw(form, b + 1, p, po, stride);
        double d = softplus(rawD) + form.minSlope();
        double e = softplus(rawE) + form.minSlope();
        double delta = height / width;
        double t = inverse ? placeOf(clamped((value - y) / height), delta, d, e) : clamped((value - x) / width);
        double r = 1 - t;
        double den = delta * (t * t + r * r) + (d + e) * t * r;
        double num = e * t * t + 2 * delta * t * r + d * r * r;
        double share = (delta * t + d * r) * t / den;
        double log = inverse ? -ofLog : ofLog;
        // cotangents of numerator, denominator and of the share reached
        double ofNum = log / num;
        double ofDen = -2 * log / den;
        double slopeOfNum = 2 * (e * t + delta * (r - t) - d * r);
        double slopeOfDen = 2 * delta * (t - r) + (d + e) * (r - t);
        double ofPlace = ofNum * slopeOfNum + ofDen * slopeOfDen;
        double ofTop = ofValue * height / den;
        if (inverse) {
            ofPlace = (ofPlace + ofValue * width) * den * den / (num * delta);
            ofTop = -ofPlace / den;
        } else {
            ofPlace += ofTop * (2 * delta * t + d * (r - t) - share * slopeOfDen);
        }
        ofDen -= ofTop * share;
        double ofDelta = ofTop * t * t + ofDen * (t * t + r * r) + 2 * ofNum * t * r + 2 * log / delta;
        double ofD = (ofTop + ofDen) * t * r + ofNum * r * r;
        double ofE = ofDen * t * r + ofNum * t * t;
        double ofValueIn = ofPlace / (inverse ? height : width);
        set(arrays[4], at[4] + i, ofValueIn);
        double ofX = inverse ? ofValue : -ofValueIn;
        double ofWidth = (inverse ? ofValue * t : -ofValueIn * t) - ofDelta * delta / width;
        double ofY = inverse ? -ofValueIn : ofValue;
        double ofHeight = (inverse ? -ofValueIn : ofValue) * share + ofDelta / width;
        ofBins(form, b, ofX - ofWidth, ofWidth, fx, s, 0, arrays[5], dp, stride);
        ofBins(form, b, ofY - ofHeight, ofHeight, fy, s, n, arrays[5], dp + n * stride, stride);
        for (int k = 2 * n; k < form.parameters(); k++) {
            double g = form.plane(b) == k ? ofD / (1 + Math.exp(-rawD)) : 0;
            g += form.plane(b + 1) == k ? ofE / (1 + Math.exp(-rawE)) : 0;
            set(arrays[5], dp + k * stride, g);
        }
    }

    /** Cotangents of the K numbers that two neighbouring knots are made of, from those of the knots. */
    private static void ofBins(
            SplineForm form,
            int b,
            double ofLow,
            double ofHigh,
            double factor,
            double[] s,
            int o,
            Object y,
            int yo,
            int stride) {
        int n = form.bins();
        double share = factor / (1 - n * form.minBin());
        double low = sum(s, o, b) * share;
        double high = b + 1 == n ? 1 : sum(s, o, b + 1) * share;
        for (int k = 0; k < n; k++) {
            double g = ofLow * ((k < b ? 1 : 0) - low) + ofHigh * ((k <= b ? 1 : 0) - high);
            set(y, yo + k * stride, s[o + k] * factor * form.softmaxScale() * g);
        }
    }
}
