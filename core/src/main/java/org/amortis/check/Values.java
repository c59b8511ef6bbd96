package org.amortis.check;

import java.util.SplittableRandom;
import org.amortis.array.Shape;

/** A rule that makes the numbers of a sample operand. */
@FunctionalInterface
public interface Values {
    /**
     * Makes the numbers.
     *
     * @param shape shape of the operand
     * @param random fixed-seed generator
     * @return one number an element, row-major
     */
    double[] make(Shape shape, SplittableRandom random);

    /**
     * Uniform on an interval.
     *
     * @param low lower end
     * @param high upper end
     * @return the rule
     */
    static Values between(double low, double high) {
        return (s, r) -> {
            double[] v = new double[s.size()];
            for (int i = 0; i < v.length; i++) {
                v[i] = r.nextDouble(low, high);
            }
            return v;
        };
    }

    /**
     * Of either sign, absolute values uniform on an interval: for functions with a kink at 0.
     *
     * @param low smallest absolute value
     * @param high largest absolute value
     * @return the rule
     */
    static Values signed(double low, double high) {
        return (s, r) -> {
            double[] v = new double[s.size()];
            for (int i = 0; i < v.length; i++) {
                v[i] = r.nextDouble(low, high) * (r.nextBoolean() ? 1 : -1);
            }
            return v;
        };
    }

    /**
     * No two closer than 0.05, in random order: for functions with kinks where two elements are equal.
     *
     * @param offset keeps two operands of one sample apart, 0 to 0.5
     * @return the rule
     */
    static Values distinct(double offset) {
        return (s, r) -> {
            double[] v = new double[s.size()];
            for (int i = 0; i < v.length; i++) {
                v[i] = 0.1 * (i + offset) - 0.04 * v.length;
            }
            for (int i = v.length - 1; i > 0; i--) {
                int j = r.nextInt(i + 1);
                double t = v[i];
                v[i] = v[j];
                v[j] = t;
            }
            return v;
        };
    }

    /**
     * Integers.
     *
     * @param bound one more than the largest
     * @return the rule
     */
    static Values below(int bound) {
        return (s, r) -> {
            double[] v = new double[s.size()];
            for (int i = 0; i < v.length; i++) {
                v[i] = bound == 0 ? 0 : r.nextInt(bound);
            }
            return v;
        };
    }

    /**
     * Symmetric positive definite matrices of the last two axes, well conditioned.
     *
     * @return the rule
     */
    static Values positiveDefinite() {
        return (s, r) -> {
            int n = s.dim(-1);
            double[] v = new double[s.size()];
            for (int base = 0; base < v.length; base += n * n) {
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j <= i; j++) {
                        double x = i == j ? n * r.nextDouble(0.8, 1.6) : r.nextDouble(-0.7, 0.7);
                        v[base + i * n + j] = x;
                        v[base + j * n + i] = x;
                    }
                }
            }
            return v;
        };
    }

    /**
     * Square matrices with a diagonal away from 0, of the last two axes.
     *
     * @return the rule
     */
    static Values dominantDiagonal() {
        return (s, r) -> {
            int n = s.dim(-1);
            double[] v = new double[s.size()];
            for (int k = 0; k < v.length; k++) {
                boolean diagonal = k / n % n == k % n;
                v[k] = diagonal ? r.nextDouble(1, 2) * (r.nextBoolean() ? 1 : -1) : r.nextDouble(-0.5, 0.5);
            }
            return v;
        };
    }

    /**
     * The same numbers again and again.
     *
     * @param numbers numbers
     * @return the rule
     */
    static Values cycle(double... numbers) {
        double[] copy = numbers.clone();
        return (s, r) -> {
            double[] v = new double[s.size()];
            for (int i = 0; i < v.length; i++) {
                v[i] = copy[i % copy.length];
            }
            return v;
        };
    }
}
