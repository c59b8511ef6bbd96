package org.amortis.bench.density;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.amortis.math.SpecialFunctions;

/**
 * Kolmogorov and Smirnov's test of one coordinate of the residuals against the standard normal distribution.
 *
 * @param coordinate which, from 0; -1 for the squared length of the whole row against chi-square
 * @param mean mean
 * @param std standard deviation
 * @param distance largest distance of the distribution functions
 * @param p probability of a larger one if the flow were right
 */
record Normality(int coordinate, double mean, double std, double distance, double p) {
    /** Each coordinate, and at last the length of the rows. */
    static Normality[] of(HostArray residuals) {
        int n = residuals.shape().dim(0);
        int d = residuals.shape().dim(1);
        Normality[] all = new Normality[d + 1];
        double[] squared = new double[n];
        for (int j = 0; j < d; j++) {
            double[] u = new double[n];
            for (int i = 0; i < n; i++) {
                u[i] = residuals.get(i * d + j);
                squared[i] += u[i] * u[i];
            }
            double[] cdf = Arrays.stream(u).map(SpecialFunctions::normalCdf).toArray();
            all[j] = test(j, u, cdf);
        }
        double[] cdf = Arrays.stream(squared)
                .map(s -> SpecialFunctions.gammaP(0.5 * d, 0.5 * s))
                .toArray();
        all[d] = test(-1, squared, cdf);
        return all;
    }

    /** The coordinate that differs most. */
    static Normality worst(Normality[] all) {
        Normality worst = all[0];
        for (Normality n : all) {
            if (n.coordinate >= 0 && n.distance > worst.distance) {
                worst = n;
            }
        }
        return worst;
    }

    private static Normality test(int coordinate, double[] v, double[] cdf) {
        int n = v.length;
        double mean = Arrays.stream(v).sum() / n;
        double square = Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum();
        Arrays.sort(cdf);
        double distance = 0;
        for (int i = 0; i < n; i++) {
            distance = Math.max(distance, Math.max((i + 1.0) / n - cdf[i], cdf[i] - (double) i / n));
        }
        return new Normality(coordinate, mean, Math.sqrt(square / Math.max(1, n - 1)), distance, tail(distance, n));
    }

    /** Kolmogorov's distribution with Stephens' correction for finite samples. */
    private static double tail(double distance, int n) {
        double root = Math.sqrt(n);
        double t = (root + 0.12 + 0.11 / root) * distance;
        if (t < 0.3) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            double term = Math.exp(-2.0 * k * k * t * t);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-18) {
                break;
            }
        }
        return Math.clamp(2 * sum, 0, 1);
    }
}
