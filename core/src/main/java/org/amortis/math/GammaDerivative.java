package org.amortis.math;

/**
 * How a gamma variate moves with its shape while its distribution function stays where it is, the implicit
 * reparameterisation of Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients" (2018). With density f and
 * distribution function F the derivative of x is -(dF/da) / f; with t = x e^v in the integral for dF/da that of ln x is
 *
 * <pre>
 *   the integral over v from 0 to infinity of (psi(a) - ln x + v) exp(-a v + x (1 - e^-v))    from the left tail, and
 *                                             (ln x - psi(a) + v) exp(a v - x (e^v - 1))      from the right one.
 * </pre>
 *
 * <p>No small tail is divided by a small density, so nothing underflows, and nothing cancels where the sign of the
 * bracket does not change: left of a the first, right of a the second.
 */
final class GammaDerivative {
    private static final double EPS = 0x1p-53;

    // Left of a the power series needs about 2 sqrt(40 a) terms. From here on the quadrature is cheaper.
    private static final double SERIES_BELOW = 30;

    // For small a the second integrand has its pole 1 / (1 + u) too near; the series may go past a as far as this.
    private static final double SERIES_TO = 2.5;

    // Double exponential rule for half a line, v = exp(t - e^-t): measured against mpmath, a step of 0.1 is the first
    // whose
    // error is rounding. Beyond the last node (v = 46) the integrand is below e^-40, before the first one v is below
    // 1e-17.
    private static final double STEP = 0.1;
    private static final double FIRST = -3.6;
    private static final int NODES = 75;
    private static final double[] NODE = new double[NODES];
    private static final double[] WEIGHT = new double[NODES];

    static {
        for (int i = 0; i < NODES; i++) {
            double t = FIRST + STEP * i;
            double e = Math.exp(-t);
            NODE[i] = Math.exp(t - e);
            WEIGHT[i] = STEP * (1 + e) * NODE[i];
        }
    }

    private GammaDerivative() {}

    /** d ln x / da, where x = exp(logX) may have underflowed. */
    static double ofLog(double a, double x, double logX) {
        if (!(a > 0) || Double.isNaN(x) || Double.isNaN(logX)) {
            return Double.NaN;
        }
        if (Double.isInfinite(x) || Double.isInfinite(a)) {
            return Double.isInfinite(a) ? Double.NaN : 0;
        }
        if (x == 0) {
            return (GammaFunctions.digamma(a + 1) - logX) / a;
        }
        if (x > Math.max(a, SERIES_TO)) {
            return a < SERIES_BELOW ? smallRight(a, x, logX) : right(a, x);
        }
        return a < SERIES_BELOW ? series(a, x, logX) : left(a, x);
    }

    /** The first integral term by term: sum over n of (psi(a + n + 1) - ln x) x^n / (a (a + 1) ... (a + n)). */
    private static double series(double a, double x, double logX) {
        double term = 1 / a;
        double bracket = GammaFunctions.digamma(a + 1) - logX;
        double sum = term * bracket;
        for (int n = 1; n < 1000; n++) {
            bracket += 1 / (a + n);
            term *= x / (a + n);
            double next = term * bracket;
            sum += next;
            if (n > x && next <= EPS * sum) {
                break;
            }
        }
        return sum;
    }

    private static double left(double a, double x) {
        double gap = a - x;
        double scale = 1 / (gap + Math.sqrt(a));
        double start = GammaFunctions.digammaMinusLog(a) - logRatio(a, x);
        double sum = 0;
        for (int i = 0; i < NODES; i++) {
            double v = scale * NODE[i];
            sum += WEIGHT[i] * (start + v) * Math.exp(-gap * v - x * curvature(-v));
        }
        return scale * sum;
    }

    /** The second integral over u = e^v - 1: left in v the integrand would fall as exp(-x e^v), too fast for the rule. */
    private static double smallRight(double a, double x, double logX) {
        double scale = 1 / (x - a + Math.sqrt(x));
        double start = logX - GammaFunctions.digamma(a);
        double sum = 0;
        for (int i = 0; i < NODES; i++) {
            double u = scale * NODE[i];
            double v = Math.log1p(u);
            sum += WEIGHT[i] * (start + v) * Math.exp((a - 1) * v - x * u);
        }
        return scale * sum;
    }

    private static double right(double a, double x) {
        double gap = x - a;
        double scale = 1 / (gap + Math.sqrt(x));
        double start = logRatio(a, x) - GammaFunctions.digammaMinusLog(a);
        double sum = 0;
        for (int i = 0; i < NODES; i++) {
            double v = scale * NODE[i];
            sum += WEIGHT[i] * (start + v) * Math.exp(-gap * v - x * curvature(v));
        }
        return scale * sum;
    }

    /** ln(x / a), accurate where x is near a. */
    private static double logRatio(double a, double x) {
        double mu = (x - a) / a;
        return Math.abs(mu) < 0.5 ? Math.log1p(mu) : Math.log(x / a);
    }

    /** e^v - 1 - v. */
    private static double curvature(double v) {
        if (Math.abs(v) > 0.3) {
            return Math.expm1(v) - v;
        }
        double sum = 1;
        for (int k = 13; k > 2; k--) {
            sum = 1 + sum * v / k;
        }
        return 0.5 * v * v * sum;
    }
}
