package org.amortis.math;

/**
 * The error function family. Each approximation is a rational function through the Chebyshev points of its interval,
 * computed with mpmath at 60 digits; the comment beside it gives its relative error before rounding.
 */
final class ErrorFunctions {
    private static final double SQRT2 = Math.sqrt(2);
    private static final double SQRT1_2 = Math.sqrt(0.5);

    // erf(x) / x in x^2 on [0, 0.75^2], 5e-17.
    private static final double[] ERF_P = {
        1.1283791670955126, 0.13859395483540593, 0.04058123967183082, 0.0012821541979025524, 6.468825998909707e-05
    };
    private static final double[] ERF_Q = {
        1.0, 0.45615902781343914, 0.08801719653726327, 0.008668966100600447, 0.00037656391452084106
    };

    // erfcx(x) on [0.7, 2.5], 1e-20.
    private static final double[] ERFCX1_P = {
        0.9999999999801616,
        1.6916145004826082,
        1.4283575054283173,
        0.7444937812172813,
        0.25520699543753805,
        0.05727060729208724,
        0.007812794213457585,
        0.0005054181799967715
    };
    private static final double[] ERFCX1_Q = {
        1.0,
        2.8199936672799697,
        3.6103796130659185,
        2.7506300229344833,
        1.3699290989020194,
        0.45926233128075034,
        0.10195773375839391,
        0.013847802320053648,
        0.0008958307473349179
    };

    // erfcx(x) on [2.5, 7], 2e-17.
    private static final double[] ERFCX2_P = {
        1.0000517020859947,
        1.883928956428247,
        1.721996083584182,
        0.9581696112834177,
        0.3448610972300216,
        0.07691621575253374,
        0.009492149019510135
    };
    private static final double[] ERFCX2_Q = {
        1.0,
        3.012640846832094,
        4.12033016614031,
        3.3493571293203237,
        1.7664775849343926,
        0.6196625347991052,
        0.13633044402432978,
        0.016824396066919715
    };

    // x erfcx(x) in 1 / x^2 on [0, 1 / 49], 2e-18.
    private static final double[] ERFCX3_P = {
        0.5641895835477563, 9.10076541068689, 41.20010077721984, 53.12295361452124, 9.410302361554615
    };
    private static final double[] ERFCX3_Q = {
        1.0, 16.630686698359685, 80.59062062947483, 123.85527898802295, 42.78404048517901
    };

    // normalQuantile(0.5 + q) / q in 0.425^2 - q^2 on [0, 0.425^2], 6e-17.
    private static final double[] CENTRE_P = {
        3.3871328727963665,
        148.75654077063152,
        2548.2248573022625,
        21627.48116049056,
        95692.73551269759,
        213550.16248438213,
        214247.3801984238,
        74060.81462563902,
        3907.007639023816
    };
    private static final double[] CENTRE_Q = {
        1.0,
        46.92338689522055,
        871.2838940641986,
        8176.878340636071,
        41169.98166790856,
        109244.70555458817,
        140376.82723612545,
        72342.69749284587,
        9398.46451720659
    };

    // -normalQuantile(exp(-r^2)) in r - 1.6 for r in [1.6, 4], 4e-19.
    private static final double[] TAIL1_P = {
        1.4234371107496835,
        4.763256703788505,
        6.239428855567124,
        4.303268624266295,
        1.7428098806026031,
        0.42906554416256454,
        0.0623358630374074,
        0.004729504356173557,
        0.0001346618361571396
    };
    private static final double[] TAIL1_Q = {
        1.0,
        2.1465704325071298,
        1.8944935885043854,
        0.8966167636375244,
        0.24697178956487617,
        0.03923137729083602,
        0.0031929081021269353,
        9.520850634540175e-05,
        1.1980227400502507e-10
    };

    // The same in r - 4 for r in [4, 10], 7e-20.
    private static final double[] TAIL2_P = {
        5.177341220537704,
        5.903209969511066,
        2.8086934340132825,
        0.7320134262019692,
        0.11477670525497898,
        0.011065962004597939,
        0.0006306565857732097,
        1.8724783094520577e-05,
        2.0856384440956712e-07
    };
    private static final double[] TAIL2_Q = {
        1.0,
        0.8518223015691735,
        0.2997403690931536,
        0.056830144835644504,
        0.006272399211990118,
        0.0003958120413304059,
        1.265111874133854e-05,
        1.4747406613977549e-07,
        1.1560654961510819e-14
    };

    // The same in r - 10 for r in [10, 27.5], 3e-17; r is 27.3 at the smallest double.
    private static final double[] TAIL3_P = {
        13.888476033003887,
        5.7773904724796825,
        0.969819515171694,
        0.08397773948188665,
        0.003970550368665726,
        9.949238966911821e-05,
        1.1683082822565507e-06,
        4.602539974516932e-09
    };
    private static final double[] TAIL3_Q = {
        1.0,
        0.3128277051289889,
        0.03766781501595096,
        0.002185638051727319,
        6.242826798407993e-05,
        7.935778008325774e-07,
        3.254483164914731e-09
    };

    private ErrorFunctions() {}

    static double erf(double x) {
        double a = Math.abs(x);
        if (a < 0.75) {
            return x * Polynomial.ratio(ERF_P, ERF_Q, x * x);
        }
        if (Double.isNaN(x)) {
            return x;
        }
        return Math.copySign(a > 6 ? 1 : 1 - upper(a), x);
    }

    static double erfc(double x) {
        if (Math.abs(x) < 0.7) {
            return 1 - x * Polynomial.ratio(ERF_P, ERF_Q, x * x);
        }
        if (x < 0) {
            return x < -6 ? 2 : 2 - upper(-x);
        }
        return upper(x);
    }

    /** erfc(x) for x of 0.7 or more, or NaN. */
    private static double upper(double x) {
        return expMinusSquare(x) * erfcxUpper(x);
    }

    static double erfcx(double x) {
        if (x < 0.7) {
            return x < -26.7 ? Double.POSITIVE_INFINITY : erfc(x) / expMinusSquare(x);
        }
        return erfcxUpper(x);
    }

    private static double erfcxUpper(double x) {
        if (x < 2.5) {
            return Polynomial.ratio(ERFCX1_P, ERFCX1_Q, x);
        }
        if (x < 7) {
            return Polynomial.ratio(ERFCX2_P, ERFCX2_Q, x);
        }
        double s = 1 / x;
        return Polynomial.ratio(ERFCX3_P, ERFCX3_Q, s * s) * s;
    }

    /** exp(-x^2) without the error that rounding x^2 would bring: x^2 ulps of it, 700 at the edge. */
    private static double expMinusSquare(double x) {
        double hi = x * x;
        if (hi > 750) {
            return 0;
        }
        double lo = Math.fma(x, x, -hi);
        double e = Math.exp(-hi);
        return e - e * lo;
    }

    static double normalCdf(double x) {
        if (x < -1) {
            return lowerNormal(x);
        }
        if (x > 1) {
            return 1 - lowerNormal(-x);
        }
        return 0.5 * erfc(-x * SQRT1_2);
    }

    /** Phi(x) for x below -1: x^2 / 2 is taken before the rounding of x / sqrt(2). */
    private static double lowerNormal(double x) {
        double hi = x * x;
        if (hi > 1500) {
            return 0;
        }
        double lo = Math.fma(x, x, -hi);
        double e = Math.exp(-0.5 * hi);
        return 0.5 * (e - 0.5 * lo * e) * erfcxUpper(-x * SQRT1_2);
    }

    static double logNormalCdf(double x) {
        if (x < -1) {
            return Math.log(0.5 * erfcxUpper(-x * SQRT1_2)) - 0.5 * x * x;
        }
        if (x > 1) {
            return Math.log1p(-lowerNormal(-x));
        }
        double half = 0.5 * x * SQRT1_2 * Polynomial.ratio(ERF_P, ERF_Q, 0.5 * x * x);
        return x > 0 ? Math.log1p(half - 0.5) : Math.log(0.5 + half);
    }

    static double normalQuantile(double p) {
        double q = p - 0.5;
        if (Math.abs(q) <= 0.425) {
            return centre(q);
        }
        return q < 0 ? -upperQuantile(p) : upperQuantile(1 - p);
    }

    static double erfInverse(double y) {
        double q = 0.5 * y;
        if (Math.abs(q) <= 0.425) {
            return centre(q) * SQRT1_2;
        }
        return Math.copySign(upperQuantile(0.5 - Math.abs(q)) * SQRT1_2, y);
    }

    static double erfcInverse(double y) {
        double q = 0.5 - 0.5 * y;
        if (Math.abs(q) <= 0.425) {
            return centre(q) * SQRT1_2;
        }
        return q > 0 ? upperQuantile(0.5 * y) / SQRT2 : -upperQuantile(1 - 0.5 * y) / SQRT2;
    }

    private static double centre(double q) {
        return q * Polynomial.ratio(CENTRE_P, CENTRE_Q, 0.180625 - q * q);
    }

    /** The x that a normal exceeds with probability p, for p of 0.075 or less; NaN outside [0, 1]. */
    private static double upperQuantile(double p) {
        if (p == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double r = Math.sqrt(-Math.log(p));
        if (r < 4) {
            return Polynomial.ratio(TAIL1_P, TAIL1_Q, r - 1.6);
        }
        if (r < 10) {
            return Polynomial.ratio(TAIL2_P, TAIL2_Q, r - 4);
        }
        return Polynomial.ratio(TAIL3_P, TAIL3_Q, r - 10);
    }
}
