package org.amortis.math;

/**
 * The gamma function's family. Left of 3 the logarithm and its derivative are rational functions with their zeros taken
 * out as exact factors, so that they keep their relative accuracy there; right of that recurrences and Stirling's
 * series. Rational functions go through the Chebyshev points of their interval, computed with mpmath at 60 digits.
 */
final class GammaFunctions {
    /** Largest order of {@link #polygamma}: 20! and the coefficients of the reflection are still exact. */
    static final int MAX_ORDER = 20;

    static final double HALF_LOG_2PI = 0.9189385332046728;

    private static final double LOG_PI = 1.1447298858494002;

    // lgamma(1 + w) / (w (w - 1)) for w in [-0.3, 0.5], 2e-16.
    private static final double[] ONE_P = {
        0.5772156649015329,
        1.566671317554922,
        1.5698011610404352,
        0.7081223332724298,
        0.13859595543318184,
        0.009036684321111248,
        4.927380590694736e-05
    };
    private static final double[] ONE_Q = {
        1.0,
        3.1390739999868136,
        3.7840779839880248,
        2.1887824502135738,
        0.617510914018485,
        0.07582413708890706,
        0.002823461643857128
    };

    // lgamma(2 + z) / (z (z + 1)) for z in [-0.5, 1], 5e-17.
    private static final double[] TWO_P = {
        0.42278433509846713,
        0.5645913144608875,
        0.27720518322189835,
        0.0609408281964409,
        0.0057724418306060515,
        0.0001798588975021022,
        4.248351889557227e-07
    };
    private static final double[] TWO_Q = {
        1.0,
        1.572689811178513,
        0.9508587415739809,
        0.2764267105316925,
        0.03934775929872803,
        0.0024531407049850212,
        4.682577882553526e-05
    };

    // The positive zero of digamma is ROOT + ROOT_LOW.
    private static final double ROOT = 1.4616321449683622;
    private static final double ROOT_LOW = 9.549995429965697e-17;

    // digamma(1 + w) / (1 + w - root) for w in [0, 1], 7e-20.
    private static final double[] PSI1_P = {
        1.2503801375034054,
        1.8675925104074453,
        0.9711327526262392,
        0.21631407251432455,
        0.01996408274151926,
        0.0005811135063985677,
        1.0894678528383955e-06
    };
    private static final double[] PSI1_Q = {
        1.0,
        2.1771665986671342,
        1.6630736963665909,
        0.5710455727133128,
        0.09111902253303285,
        0.006100975692434821,
        0.00012043151172286901
    };

    // digamma(2 + z) / (2 + z - root) for z in [0, 1], 3e-18.
    private static final double[] PSI2_P = {
        0.7853075386041053,
        0.6822384757262653,
        0.19647018191121188,
        0.021432677019405544,
        0.0007106194753292011,
        1.5155654715124591e-06
    };
    private static final double[] PSI2_Q = {
        1.0, 1.200774708065863, 0.5100664228901842, 0.09307634109023832, 0.00692004955233437, 0.00015069625232146463
    };

    // B(2), B(4), ... B(20).
    private static final double[] BERNOULLI = {
        1.0 / 6,
        -1.0 / 30,
        1.0 / 42,
        -1.0 / 30,
        5.0 / 66,
        -691.0 / 2730,
        7.0 / 6,
        -3617.0 / 510,
        43867.0 / 798,
        -174611.0 / 330
    };

    // B(2k) / (2k (2k - 1)) in 1 / x^2: lgamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2) times x. The first term left
    // out
    // is 5e-18 of lgamma at x = 8.
    private static final double[] STIRLING = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400
    };

    // B(2k) / 2k in 1 / x^2: ln x - 1 / (2 x) - digamma(x) times x^2.
    private static final double[] PSI_TAIL = {
        1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160
    };

    private static final double[] FACTORIAL = factorials();
    private static final double[][] COTANGENT = cotangentDerivatives();

    private GammaFunctions() {}

    private static double[] factorials() {
        double[] f = new double[MAX_ORDER + 1];
        f[0] = 1;
        for (int n = 1; n <= MAX_ORDER; n++) {
            f[n] = n * f[n - 1];
        }
        return f;
    }

    /** Row n: the polynomial with d^n/dx^n cot x = (-1)^n row(cot x), from q' = (1 + c^2) dq/dc. All positive. */
    private static double[][] cotangentDerivatives() {
        double[][] rows = new double[MAX_ORDER + 1][];
        rows[0] = new double[] {0, 1};
        for (int n = 1; n <= MAX_ORDER; n++) {
            double[] q = rows[n - 1];
            double[] d = new double[q.length + 1];
            for (int k = 1; k < q.length; k++) {
                d[k - 1] += k * q[k];
                d[k + 1] += k * q[k];
            }
            rows[n] = d;
        }
        return rows;
    }

    static double lgamma(double x) {
        if (x < -0.2) {
            return negativeLgamma(x);
        }
        if (x < 0.5) {
            return lgamma1p(x) - Math.log(Math.abs(x));
        }
        if (x < 0.8) {
            return upperLgamma(x - 1) - Math.log(x);
        }
        if (x <= 3) {
            return x < 1.5 ? lgamma1p(x - 1) : upperLgamma(x - 2);
        }
        if (x < 8) {
            double y = x - 1;
            double product = y;
            while (y > 3) {
                y -= 1;
                product *= y;
            }
            return upperLgamma(y - 2) + Math.log(product);
        }
        if (x == Double.POSITIVE_INFINITY) {
            return x;
        }
        // In this form nothing overflows before the result does.
        return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_2PI - 0.5) + stirlingSeries(x);
    }

    /** lgamma(1 + w) for w in [-0.3, 0.5], with full relative accuracy in w. */
    static double lgamma1p(double w) {
        return w * (w - 1) * Polynomial.ratio(ONE_P, ONE_Q, w);
    }

    /** lgamma(2 + z) for z in [-0.5, 1]. */
    private static double upperLgamma(double z) {
        return z * (z + 1) * Polynomial.ratio(TWO_P, TWO_Q, z);
    }

    private static double negativeLgamma(double x) {
        if (x == Math.rint(x)) {
            return Double.POSITIVE_INFINITY;
        }
        return LOG_PI - Math.log(Math.abs(x * Math.sin(Math.PI * (x - Math.rint(x))))) - lgamma(-x);
    }

    /** Gamma(1 + a) for a in [0, 170). */
    static double gamma1p(double a) {
        double product = 1;
        double y = a;
        while (y > 1) {
            product *= y;
            y -= 1;
        }
        return product * Math.exp(y <= 0.5 ? lgamma1p(y) : upperLgamma(y - 1));
    }

    /** lgamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2) for x > 0. */
    static double stirlingError(double x) {
        if (x < 8) {
            return lgamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_2PI);
        }
        return stirlingSeries(x);
    }

    private static double stirlingSeries(double x) {
        double s = 1 / x;
        return s * Polynomial.at(STIRLING, s * s);
    }

    static double digamma(double x) {
        if (x < 0) {
            return negativeDigamma(x);
        }
        if (x < 1) {
            // (x - (ROOT - 1)) is exact near the zero of digamma(1 + x), whose rounding would be lost in 1 + x.
            return digamma1p(x) - 1 / x;
        }
        if (x < 2) {
            return digamma1p(x - 1);
        }
        if (x < 10) {
            double y = x;
            double sum = 0;
            while (y >= 3) {
                y -= 1;
                sum += 1 / y;
            }
            return sum + (y - ROOT - ROOT_LOW) * Polynomial.ratio(PSI2_P, PSI2_Q, y - 2);
        }
        return Double.isInfinite(x) ? x : Math.log(x) + digammaMinusLog(x);
    }

    /** digamma(1 + w) for w in [0, 1]; good enough down to w = -0.05. */
    private static double digamma1p(double w) {
        return (w - (ROOT - 1) - ROOT_LOW) * Polynomial.ratio(PSI1_P, PSI1_Q, w);
    }

    /** digamma(x) - ln x for x of 10 or more, with full relative accuracy. */
    static double digammaMinusLog(double x) {
        double s = 1 / x;
        double s2 = s * s;
        return -0.5 * s - s2 * Polynomial.at(PSI_TAIL, s2);
    }

    private static double negativeDigamma(double x) {
        double r = x - Math.rint(x);
        if (r == 0) {
            return Double.NaN;
        }
        if (x > -0.05) {
            return digamma1p(x) - 1 / x;
        }
        return digamma(1 - x) - Math.PI * cotangentOfPi(r);
    }

    /** cot(pi r) for |r| of 0.5 or less, from the side on which the argument of the tangent is exact. */
    private static double cotangentOfPi(double r) {
        double a = Math.abs(r);
        double c = a < 0.25 ? 1 / Math.tan(Math.PI * a) : Math.tan(Math.PI * (0.5 - a));
        return r < 0 ? -c : c;
    }

    static double polygamma(int n, double x) {
        if (n < 0 || n > MAX_ORDER) {
            throw new IllegalArgumentException(
                    "polygamma(n=" + n + "): the order is not in 0.." + MAX_ORDER + "; no such derivative is offered");
        }
        if (n == 0) {
            return digamma(x);
        }
        double sign = (n & 1) == 0 ? -1 : 1;
        if (x < 0) {
            double r = x - Math.rint(x);
            if (r == 0) {
                return sign > 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            }
            if (Double.isNaN(r)) {
                return r;
            }
            double c = cotangentOfPi(r);
            double poles = Math.pow(Math.PI, n + 1) * Polynomial.at(COTANGENT[n], c);
            return sign * poles - positivePolygamma(n, 1 - x);
        }
        if (x == 0) {
            return sign > 0 ? Double.POSITIVE_INFINITY : -1 / x;
        }
        return sign * positivePolygamma(n, x);
    }

    /** The absolute value of polygamma(n, x), n > 0, x > 0: a sum of positive terms. */
    private static double positivePolygamma(int n, double x) {
        int up = 12 + n;
        double sum = 0;
        double y = x;
        if (x < up) {
            int steps = (int) Math.ceil(up - x);
            y = x + steps;
            for (int j = steps - 1; j >= 0; j--) {
                sum += 1 / power(x + j, n + 1);
            }
            sum *= FACTORIAL[n];
        }
        if (Double.isInfinite(y)) {
            return 0;
        }
        // DLMF 5.15.8: (n - 1)! / y^n * (1 + n / (2 y) + sum over k of B(2k) (2k + n - 1)! / ((2k)! (n - 1)! y^2k)).
        double s = 1 / y;
        double s2 = s * s;
        double term = 1;
        double series = 0;
        for (int k = 1; k <= BERNOULLI.length; k++) {
            term *= s2 * (2 * k + n - 1) * (2 * k + n - 2) / (2.0 * k * (2 * k - 1));
            series += BERNOULLI[k - 1] * term;
        }
        double lead = series + 0.5 * n * s + 1;
        double p = power(y, n);
        double tail = Double.isInfinite(p)
                ? lead * FACTORIAL[n - 1] / power(y, n / 2) / power(y, n - n / 2)
                : lead * FACTORIAL[n - 1] / p;
        return sum + tail;
    }

    private static double power(double x, int n) {
        return switch (n) {
            case 1 -> x;
            case 2 -> x * x;
            default -> Math.pow(x, n);
        };
    }
}
