package org.amortis.math;

import java.util.function.IntUnaryOperator;

/**
 * Gamma variates of scale 1 as deterministic functions of the shape and of random words, and their derivatives with
 * respect to the shape.
 *
 * <p>The method is that of Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). Attempt t
 * reads the four words 4 t to 4 t + 3: a normal by the quantile of the F64 uniform of the first two, and the uniform
 * that decides about it from the last two. At most 4.9 % of attempts fail (shape 1), so that words beyond the first
 * four are rarely read. After {@value #ATTEMPTS} failures, a chance below 1e-9, the variate is the quantile of the
 * uniform of words 30 and 31, which has the same distribution: the number of words is bounded and the result exact. For
 * shapes below 1 the variate of shape + 1 is multiplied by U^(1/shape), U being the uniform of words 28 and 29; in
 * logarithms, because for small shapes most variates are below the smallest double. Nothing is allocated.
 */
public final class GammaSampler {
    /** A variate depends on no word beyond this number of them. */
    public static final int MAX_WORDS = 32;

    /** Attempts before the quantile is taken. */
    static final int ATTEMPTS = 7;

    // A quantile at the one uniform that rounds to 1 would be infinite.
    private static final double BELOW_ONE = Math.nextDown(1.0);

    private GammaSampler() {}

    /**
     * The logarithm of a gamma variate.
     *
     * @param alpha the shape, &gt; 0
     * @param words word i of the variate's own stream, for i from 0 to 31
     * @return ln x, finite where x itself underflows; NaN for a shape that is not positive and finite
     */
    public static double logSample(double alpha, IntUnaryOperator words) {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            return Double.NaN;
        }
        double shape = alpha < 1 ? alpha + 1 : alpha;
        double log = Double.NaN;
        for (int t = 0; t < ATTEMPTS && Double.isNaN(log); t++) {
            int at = 4 * t;
            log = attempt(
                    shape,
                    words.applyAsInt(at),
                    words.applyAsInt(at + 1),
                    words.applyAsInt(at + 2),
                    words.applyAsInt(at + 3));
        }
        if (Double.isNaN(log)) {
            log = last(shape, words.applyAsInt(30), words.applyAsInt(31));
        }
        return alpha < 1 ? log + boost(alpha, words.applyAsInt(28), words.applyAsInt(29)) : log;
    }

    /**
     * A gamma variate.
     *
     * @param alpha the shape, &gt; 0
     * @param words word i of the variate's own stream, for i from 0 to 31
     * @return exp of {@link #logSample(double, IntUnaryOperator)}; 0 where that underflows
     */
    public static double sample(double alpha, IntUnaryOperator words) {
        return Math.exp(logSample(alpha, words));
    }

    /**
     * The logarithm of element {@code index} of a field of gamma variates, which owns words 32 index to 32 index + 31
     * of the Philox stream: blocks 8 index to 8 index + 7.
     *
     * @param alpha the shape, &gt; 0
     * @param key the key
     * @param index number of the element
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param scratch at least four words of working space; overwritten
     * @return what {@link #logSample(double, IntUnaryOperator)} gives for those words
     */
    public static double logSample(double alpha, long key, long index, int c2, int c3, int[] scratch) {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            return Double.NaN;
        }
        double shape = alpha < 1 ? alpha + 1 : alpha;
        long first = index * (MAX_WORDS / Philox.BLOCK);
        double log = Double.NaN;
        for (int t = 0; t < ATTEMPTS && Double.isNaN(log); t++) {
            Philox.block(key, first + t, c2, c3, scratch);
            log = attempt(shape, scratch[0], scratch[1], scratch[2], scratch[3]);
        }
        if (alpha >= 1 && !Double.isNaN(log)) {
            return log;
        }
        Philox.block(key, first + ATTEMPTS, c2, c3, scratch);
        if (Double.isNaN(log)) {
            log = last(shape, scratch[2], scratch[3]);
        }
        return alpha < 1 ? log + boost(alpha, scratch[0], scratch[1]) : log;
    }

    /**
     * Element {@code index} of a field of gamma variates.
     *
     * @param alpha the shape, &gt; 0
     * @param key the key
     * @param index number of the element
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param scratch at least four words of working space; overwritten
     * @return exp of {@link #logSample(double, long, long, int, int, int[])}; 0 where that underflows
     */
    public static double sample(double alpha, long key, long index, int c2, int c3, int[] scratch) {
        return Math.exp(logSample(alpha, key, index, c2, c3, scratch));
    }

    /**
     * The derivative of a variate with respect to its shape, its distribution function held fixed. Relative error below
     * 1e-13 for shapes from 1e-3 to 1e6, in the bulk and in both tails.
     *
     * @param alpha the shape, &gt; 0
     * @param x the variate, &gt;= 0
     * @return dx / d alpha; 0 at 0
     */
    public static double sampleDerivative(double alpha, double x) {
        return x == 0 ? alpha > 0 ? 0 : Double.NaN : x * GammaDerivative.ofLog(alpha, x, Math.log(x));
    }

    /**
     * The derivative of the logarithm of a variate with respect to its shape, its distribution function held fixed, as
     * accurate as {@link #sampleDerivative} and without its underflow.
     *
     * @param alpha the shape, &gt; 0
     * @param logX the logarithm of the variate
     * @return d ln x / d alpha
     */
    public static double logSampleDerivative(double alpha, double logX) {
        return GammaDerivative.ofLog(alpha, Math.exp(logX), logX);
    }

    /** ln of the variate of shape 1 or more, NaN where the attempt fails. */
    private static double attempt(double shape, int w0, int w1, int w2, int w3) {
        double d = shape - 1.0 / 3;
        double z = SpecialFunctions.normalQuantile(Math.min(Philox.uniform64(w0, w1), BELOW_ONE));
        double w = z / Math.sqrt(9 * d);
        if (!(w > -1)) {
            return Double.NaN;
        }
        // z^2 / 2 + d (1 - v + ln v) with v = (1 + w)^3. Taken apart so that d times a rounding error does not decide.
        double rest = Math.abs(w) < 0.5 ? IncompleteGamma.log1pMinus(w) : Math.log1p(w) - w;
        double bound = 0.5 * z * z + d * (3 * rest - w * w * (3 + w));
        return Math.log(Philox.uniform64(w2, w3)) < bound ? Math.log(d) + 3 * Math.log1p(w) : Double.NaN;
    }

    private static double last(double shape, int hi, int lo) {
        return SpecialFunctions.gammaLogQuantile(shape, Math.min(Philox.uniform64(hi, lo), BELOW_ONE));
    }

    private static double boost(double alpha, int hi, int lo) {
        return Math.log(Philox.uniform64(hi, lo)) / alpha;
    }
}
