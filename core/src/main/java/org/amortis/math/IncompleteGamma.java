package org.amortis.math;

/**
 * The regularised incomplete gamma functions and their inverse. With D = x^a e^-x / Gamma(a + 1) they are D times a
 * series left of a and D times a continued fraction right of it; for large a near x Temme's uniform expansion, DLMF
 * 8.12, takes over. Every branch gives the smaller of P and Q with relative accuracy.
 */
final class IncompleteGamma {
    private static final double EPS = 0x1p-53;
    private static final int MAX_TERMS = 5000;

    // Below this a product may have lost digits to underflow.
    private static final double VANISHING = 1e-280;

    // Where Temme's expansion is used: from 100 on with |x - a| <= 0.3 a the terms left out are below 1e-17.
    private static final double TEMME_FROM = 100;
    private static final double TEMME_WIDTH = 0.3;

    // Row k: Taylor coefficients in eta of C_k, from C_k = C_(k-1)' / eta + gamma_k / mu with mpmath at 60 digits.
    private static final double[][] TEMME = {
        {
            -0.3333333333333333,
            0.08333333333333333,
            -0.014814814814814815,
            0.0011574074074074073,
            0.0003527336860670194,
            -0.0001787551440329218,
            3.919263178522438e-05,
            -2.185448510679992e-06,
            -1.85406221071516e-06,
            8.296711340953087e-07,
            -1.7665952736826078e-07,
            6.707853543401498e-09,
            1.0261809784240309e-08,
            -4.382036018453353e-09,
            9.14769958223679e-10,
            -2.5514193994946248e-11
        },
        {
            -0.001851851851851852,
            -0.003472222222222222,
            0.0026455026455026454,
            -0.0009902263374485596,
            0.00020576131687242798,
            -4.018775720164609e-07,
            -1.8098550334489977e-05,
            7.64916091608111e-06,
            -1.6120900894563446e-06,
            4.647127802807434e-09,
            1.378633446915721e-07,
            -5.752545603517705e-08,
            1.1951628599778148e-08,
            -1.7543241719747647e-11
        },
        {
            0.004133597883597883,
            -0.0026813271604938273,
            0.0007716049382716049,
            2.0093878600823047e-06,
            -0.0001073665322636516,
            5.2923448829120125e-05,
            -1.2760635188618728e-05,
            3.423578734096138e-08,
            1.3721957309062934e-06,
            -6.298992138380055e-07,
            1.4280614206064242e-07,
            -2.0477098421990866e-10
        },
        {
            0.0006494341563786008,
            0.00022947209362139917,
            -0.0004691894943952557,
            0.00026772063206283885,
            -7.561801671883977e-05,
            -2.396505113867297e-07,
            1.1082654115347302e-05,
            -5.6749528269915965e-06,
            1.4230900732435883e-06,
            -2.7861080291528143e-11,
            -1.6958404091930278e-07
        },
        {
            -0.0008618882909167117,
            0.0007840392217200666,
            -0.0002990724803031902,
            -1.4638452578843418e-06,
            6.641498215465122e-05,
            -3.968365047179435e-05,
            1.1375726970678419e-05,
            2.507497226237533e-10,
            -1.6954149536558305e-06
        },
        {
            -0.00033679855336635813,
            -6.972813758365857e-05,
            0.0002772753244959392,
            -0.00019932570516188847,
            6.797780477937208e-05,
            1.419062920643967e-07,
            -1.3594048189768693e-05,
            8.018470256334202e-06
        },
        {
            0.0005313079364639922,
            -0.0005921664373536939,
            0.0002708782096718045,
            7.902353232660328e-07,
            -8.153969367561969e-05,
            5.61168275310625e-05
        }
    };

    private IncompleteGamma() {}

    /** P at the borders of its domain, NaN outside of it, -1 inside. */
    private static double border(double a, double x) {
        if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (Double.isInfinite(a) && Double.isInfinite(x))) {
            return Double.NaN;
        }
        if (x == 0 || Double.isInfinite(a)) {
            return 0;
        }
        return a == 0 || Double.isInfinite(x) ? 1 : -1;
    }

    static double lower(double a, double x) {
        double p = border(a, x);
        if (p != -1) {
            return p;
        }
        return left(a, x) ? Math.min(1, prefix(a, x) * lowerRatio(a, x)) : 1 - prefix(a, x) * upperRatio(a, x);
    }

    static double upper(double a, double x) {
        double border = border(a, x);
        if (border != -1) {
            return 1 - border;
        }
        if (!left(a, x)) {
            return prefix(a, x) * upperRatio(a, x);
        }
        double p = prefix(a, x) * lowerRatio(a, x);
        return p < 0.5 || x > 1 ? 1 - p : smallUpper(a, x);
    }

    static double logLower(double a, double x) {
        if (border(a, x) != -1) {
            return Math.log(border(a, x));
        }
        if (!left(a, x)) {
            return Math.log1p(-prefix(a, x) * upperRatio(a, x));
        }
        double ratio = lowerRatio(a, x);
        double p = prefix(a, x) * ratio;
        if (p > 0.5 && x <= 1) {
            return Math.log1p(-smallUpper(a, x));
        }
        return p > VANISHING ? Math.log(p) : logPrefix(a, x) + Math.log(ratio);
    }

    static double logUpper(double a, double x) {
        if (border(a, x) != -1) {
            return Math.log1p(-border(a, x));
        }
        if (!left(a, x)) {
            double ratio = upperRatio(a, x);
            double q = prefix(a, x) * ratio;
            return q > VANISHING ? Math.log(q) : logPrefix(a, x) + Math.log(ratio);
        }
        double p = prefix(a, x) * lowerRatio(a, x);
        return p < 0.5 || x > 1 ? Math.log1p(-p) : Math.log(smallUpper(a, x));
    }

    private static boolean left(double a, double x) {
        return x <= Math.max(a, 1);
    }

    private static boolean uniform(double a, double x) {
        return a >= TEMME_FROM && Math.abs(x - a) <= TEMME_WIDTH * a;
    }

    /** P(a, x) / D for x at most max(a, 1). */
    private static double lowerRatio(double a, double x) {
        return uniform(a, x) ? uniformRatio(a, x) : series(a, x);
    }

    /** Q(a, x) / D for x above max(a, 1). */
    private static double upperRatio(double a, double x) {
        return uniform(a, x) ? uniformRatio(a, x) : a * fraction(a, x);
    }

    /** D = x^a e^-x / Gamma(a + 1). */
    private static double prefix(double a, double x) {
        if (x > 2000 && a < 8) {
            return 0;
        }
        if (a < 8) {
            // Powers instead of logarithms: a ln x may have hundreds of digits before the point. Half the exponential
            // twice,
            // since e^-x may underflow where the product does not.
            double half = Math.exp(-0.5 * x);
            return Math.pow(x, a) / GammaFunctions.gamma1p(a) * half * half;
        }
        return Math.exp(-distance(a, x) - GammaFunctions.stirlingError(a)) / Math.sqrt(2 * Math.PI * a);
    }

    static double logPrefix(double a, double x) {
        if (a < 8) {
            return a * Math.log(x) - x - logGamma1p(a);
        }
        return -distance(a, x) - GammaFunctions.stirlingError(a) - GammaFunctions.HALF_LOG_2PI - 0.5 * Math.log(a);
    }

    private static double logGamma1p(double a) {
        return a <= 0.5 ? GammaFunctions.lgamma1p(a) : GammaFunctions.lgamma(1 + a);
    }

    /** x - a - a ln(x / a), without cancellation where x is near a. */
    private static double distance(double a, double x) {
        double mu = (x - a) / a;
        return Math.abs(mu) < 0.5 ? -a * log1pMinus(mu) : x - a - a * Math.log(x / a);
    }

    /** ln(1 + m) - m for |m| at most 0.5, through ln(1 + m) = 2 atanh(m / (2 + m)). */
    static double log1pMinus(double m) {
        double r = m / (2 + m);
        double r2 = r * r;
        double sum = 0;
        for (int k = 35; k >= 3; k -= 2) {
            sum = sum * r2 + 1.0 / k;
        }
        return r * (2 * r2 * sum - m);
    }

    /** Sum over n of x^n / ((a + 1) ... (a + n)). */
    private static double series(double a, double x) {
        double term = 1;
        double sum = 1;
        for (int n = 1; n < MAX_TERMS && term > EPS * sum; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum;
    }

    /** Q(a, x) Gamma(a) e^x / x^a by the continued fraction DLMF 8.9.2 in its contracted form, after Lentz. */
    private static double fraction(double a, double x) {
        double b = x + 1 - a;
        double c = 1e300;
        double d = 1 / b;
        double h = d;
        for (int n = 1; n < MAX_TERMS; n++) {
            double an = n * (a - n);
            b += 2;
            d = b + an * d;
            c = b + an / c;
            d = 1 / d;
            double step = c * d;
            h *= step;
            if (Math.abs(step - 1) <= 2 * EPS) {
                break;
            }
        }
        return h;
    }

    /** Q(a, x) for x at most 1 where P is near 1: 1 - x^a / Gamma(a + 1) and the rest of the series, taken apart. */
    private static double smallUpper(double a, double x) {
        double power = a * Math.log(x) - logGamma1p(a);
        double term = 1;
        double sum = 0;
        for (int n = 1; n < 40; n++) {
            term *= -x / n;
            sum += term / (a + n);
            if (Math.abs(term) < EPS * Math.abs(sum)) {
                break;
            }
        }
        return -Math.expm1(power) - Math.exp(power) * a * sum;
    }

    /** The ratio to D of the tail on whose side x lies: erfcx(sqrt(t)) / 2 + side * sum, DLMF 8.12.3 and 8.12.4. */
    private static double uniformRatio(double a, double x) {
        double mu = (x - a) / a;
        double half = -log1pMinus(mu);
        double eta = Math.copySign(Math.sqrt(2 * half), mu);
        double s = 1 / a;
        double sum = 0;
        for (int k = TEMME.length - 1; k >= 0; k--) {
            sum = sum * s + Polynomial.at(TEMME[k], eta);
        }
        double side = x > a ? sum : -sum;
        return (ErrorFunctions.erfcx(Math.sqrt(a * half)) * 0.5 * Math.sqrt(2 * Math.PI * a) + side)
                * Math.exp(GammaFunctions.stirlingError(a));
    }

    /**
     * ln x with P(a, x) = p and Q(a, x) = q = 1 - p. Newton on the logarithm of the smaller tail as a function of ln x:
     * both logarithms are concave, so that every step after the first comes from the same side.
     */
    static double logQuantile(double a, double p, double q) {
        if (!(a > 0) || Double.isInfinite(a) || !(p >= 0 && p <= 1)) {
            return Double.NaN;
        }
        if (p == 0 || q == 0) {
            return p == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        boolean lower = p < 0.5;
        double logP = lower ? Math.log(p) : Math.log1p(-q);
        // P is x^a / Gamma(a + 1) times 1 - a x / (a + 1) + ...: exact in double this far left.
        double start = (logP + logGamma1p(a)) / a;
        if (start < -37) {
            return start;
        }
        double y = start;
        if (a > 0.5) {
            // Wilson and Hilferty: the cube root is nearly normal.
            double z = lower ? ErrorFunctions.normalQuantile(p) : -ErrorFunctions.normalQuantile(q);
            double root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
            if (root > 0) {
                y = Math.max(y, Math.log(a) + 3 * Math.log(root));
            }
        }
        double target = lower ? logP : Math.log(q);
        for (int i = 0; i < 100; i++) {
            double x = Math.exp(y);
            double value = lower ? logLower(a, x) : logUpper(a, x);
            double slope = a * Math.exp(logPrefix(a, x) - value);
            double step = (target - value) / (lower ? slope : -slope);
            step = Math.max(-2, Math.min(2, step));
            y += step;
            if (Math.abs(step) < 1e-15 * Math.max(1, Math.abs(y))) {
                break;
            }
        }
        return y;
    }
}
