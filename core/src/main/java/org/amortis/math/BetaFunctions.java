package org.amortis.math;

/** The logarithm of the beta function and the regularised incomplete beta function. */
final class BetaFunctions {
    private static final double EPS = 0x1p-53;
    private static final int MAX_TERMS = 100_000;

    // From here on Stirling's series stands for lgamma.
    private static final double LARGE = 8;

    // The fraction takes about the root of the smaller shape in terms. Above this the first term of Temme's expansion
    // leaves an error of 1e-15.
    private static final double HUGE = 1e10;

    private BetaFunctions() {}

    static double logBeta(double x, double y) {
        double a = Math.min(x, y);
        double b = Math.max(x, y);
        if (!(a >= 0) || Double.isNaN(b)) {
            return Double.NaN;
        }
        if (a == 0) {
            return Double.isInfinite(b) ? Double.NaN : Double.POSITIVE_INFINITY;
        }
        if (Double.isInfinite(b)) {
            return Double.NEGATIVE_INFINITY;
        }
        double r = a / b;
        if (a >= LARGE) {
            double correction = GammaFunctions.stirlingError(a) + largeDifference(a, b);
            return (a - 0.5) * Math.log(r / (1 + r))
                    - 0.5 * Math.log(b)
                    + GammaFunctions.HALF_LOG_2PI
                    - b * Math.log1p(r)
                    + correction;
        }
        if (b >= LARGE) {
            // lgamma(b) - lgamma(a + b) without the difference of large numbers.
            return GammaFunctions.lgamma(a) + logRatio(a, b);
        }
        return GammaFunctions.lgamma(a) + (GammaFunctions.lgamma(b) - GammaFunctions.lgamma(a + b));
    }

    private static double largeDifference(double a, double b) {
        return GammaFunctions.stirlingError(b) - GammaFunctions.stirlingError(a + b);
    }

    /** lgamma(b) - lgamma(a + b) for b of LARGE or more: (b - 1/2) ln b - (a + b - 1/2) ln(a + b) + a + difference. */
    private static double logRatio(double a, double b) {
        return -(b - 0.5) * Math.log1p(a / b) - a * (Math.log(a + b) - 1) + largeDifference(a, b);
    }

    static double regularised(double a, double b, double x) {
        if (!(a >= 0 && b >= 0 && x >= 0 && x <= 1) || (a == 0 && b == 0)) {
            return Double.NaN;
        }
        if (Double.isInfinite(a) || Double.isInfinite(b)) {
            if (Double.isInfinite(a) && Double.isInfinite(b)) {
                return Double.NaN;
            }
            return Double.isInfinite(a) ? x < 1 ? 0 : 1 : x > 0 ? 1 : 0;
        }
        if (x == 0 || b == 0) {
            return x == 1 ? 1 : 0;
        }
        if (x == 1 || a == 0) {
            return 1;
        }
        double y = 1 - x;
        double n = a + b;
        // a - (a + b) x with one rounding: how far x is from the mean decides everything.
        double low = Math.min(a, b) - (n - Math.max(a, b));
        double lambda = Math.fma(-n, x, a) - low * x;
        if (Math.min(a, b) > HUGE) {
            return lambda > 0 ? uniform(a, b, x, y, lambda) : 1 - uniform(b, a, y, x, -lambda);
        }
        // The fraction converges fast left of the mean.
        if (x <= (a + 1) / (n + 2)) {
            return Math.min(1, prefix(a, b, x, y, lambda) / fraction(a, b, x, y, lambda));
        }
        if (b < 1 && x < 0.95) {
            // Most of the mass lies at 1: the complement of the complement would lose the little that is here.
            return Math.min(1, prefix(a, b, x, y, lambda) * series(a, b, x) / a);
        }
        return Math.max(0, 1 - prefix(b, a, y, x, -lambda) / fraction(b, a, y, x, -lambda));
    }

    /** x^a y^b / B(a, b), with y = 1 - x and lambda = a y - b x. */
    private static double prefix(double a, double b, double x, double y, double lambda) {
        double n = a + b;
        if (a >= LARGE && b >= LARGE) {
            // Loader's saddle point form: the exponent is small where the result is not.
            double d = deviance(a, n * x, lambda) + deviance(b, n * y, -lambda);
            double correction =
                    GammaFunctions.stirlingError(n) - GammaFunctions.stirlingError(a) - GammaFunctions.stirlingError(b);
            return Math.exp(correction - d) * Math.sqrt(a / (2 * Math.PI) * (b / n));
        }
        double small = Math.min(a, b);
        if (Math.max(a, b) < LARGE) {
            double beta = GammaFunctions.gamma1p(a) * GammaFunctions.gamma1p(b) / GammaFunctions.gamma1p(n);
            return Math.pow(x, a) * Math.pow(y, b) / beta * (a * b / n);
        }
        double powers = a == small
                ? Math.exp(b * log1m(x, y) - logRatio(a, b)) * Math.pow(x, a)
                : Math.exp(a * log1m(y, x) - logRatio(b, a)) * Math.pow(y, b);
        return powers / GammaFunctions.gamma1p(small) * small;
    }

    /** ln(1 - x), from whichever of x and y = 1 - x is the smaller. */
    private static double log1m(double x, double y) {
        return x < 0.5 ? Math.log1p(-x) : Math.log(y);
    }

    /** a ln(a / m) + m - a, where a - m is given. */
    private static double deviance(double a, double m, double difference) {
        double mu = -difference / a;
        return Math.abs(mu) < 0.5 ? -a * IncompleteGamma.log1pMinus(mu) : a * Math.log(a / m) - difference;
    }

    /** The tail left of x, itself left of the mean, for huge shapes: DLMF 8.18.9 with the first term of 8.18.10. */
    private static double uniform(double a, double b, double x, double y, double lambda) {
        double n = a + b;
        double d = deviance(a, n * x, lambda) + deviance(b, n * y, -lambda);
        double z = Math.sqrt(2 * d);
        double s = Math.sqrt(a / n * (b / n));
        double root = Math.sqrt(n);
        // 1 / eta - s / (x - a / n) over the root of n; at the mean both are infinite and the difference (1 - 2 a / n)
        // / 3 s.
        double term = z < 1e-3 ? (b / n - a / n) / (3 * s * root) : s * root / lambda - 1 / z;
        return Math.max(0, Math.exp(-d) * (0.5 * ErrorFunctions.erfcx(Math.sqrt(d)) + term / Math.sqrt(2 * Math.PI)));
    }

    /** Sum over n of (a + b)_n x^n / (a + 1)_n, DLMF 8.17.8. */
    private static double series(double a, double b, double x) {
        double term = 1;
        double sum = 1;
        for (int k = 0; k < MAX_TERMS && term > EPS * sum * (1 - x); k++) {
            term *= (a + b + k) / (a + 1 + k) * x;
            sum += term;
        }
        return sum;
    }

    /**
     * x^a y^b / (B(a, b) I_x(a, b)): the continued fraction of Didonato and Morris, "Significant digit computation of
     * the incomplete beta function ratios" (1992), eq. 9, after Lentz. Its denominators are positive sums left of the
     * mean; those of DLMF 8.17.22 cancel there.
     */
    private static double fraction(double a, double b, double x, double y, double lambda) {
        double h = a / (a + 1) * (lambda + 1);
        double c = h;
        double d = 0;
        for (int m = 1; m < MAX_TERMS; m++) {
            double wide = a + 2.0 * m - 1;
            // Grouped so that b^2 does not overflow where b x is moderate.
            double an = (a + (m - 1)) / wide * ((a + b + (m - 1)) * x / wide) * (m * (b - m) * x);
            double bn = m + m * (b - m) * x / wide + (a + m) / (wide + 2) * (lambda + 1 + m * (1 + y));
            d = 1 / (bn + an * d);
            c = bn + an / c;
            double step = c * d;
            h *= step;
            if (Math.abs(step - 1) <= 2 * EPS) {
                break;
            }
        }
        return h;
    }
}
