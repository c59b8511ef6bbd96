package org.amortis.diagnose;

import java.util.Arrays;

/**
 * What is reported of one number per datum.
 *
 * @param mean mean over data
 * @param standardError standard error of the mean
 * @param least smallest
 * @param median median
 * @param largest largest
 */
public record Moments(double mean, double standardError, double least, double median, double largest) {
    /**
     * Of numbers.
     *
     * @param a one for each datum; NaN if there are none
     * @return their moments
     */
    public static Moments of(double... a) {
        int n = a.length;
        if (n == 0) {
            return new Moments(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double mean = Arrays.stream(a).sum() / n;
        double square = Arrays.stream(a).map(v -> (v - mean) * (v - mean)).sum();
        double[] sorted = a.clone();
        Arrays.sort(sorted);
        double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        double error = n < 2 ? Double.NaN : Math.sqrt(square / (n - 1.0) / n);
        return new Moments(mean, error, sorted[0], median, sorted[n - 1]);
    }
}
