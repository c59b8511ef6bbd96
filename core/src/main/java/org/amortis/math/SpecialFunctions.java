package org.amortis.math;

/**
 * Special functions in double precision: the reference for every kernel that computes one. Right at zero, at
 * infinities, at poles and for subnormal arguments; a NaN argument, and one outside the domain, gives NaN.
 *
 * <p>The accuracy stated with each function is relative and bounds what the tests find against mpmath at 50 digits. Two
 * things no function of a rounded argument can do: a result near a zero that is not at a representable argument (lgamma
 * and polygamma left of 0) is accurate relative to the terms it is the difference of, and a tail like e^-t, t in the
 * hundreds, carries the rounding of t.
 */
public final class SpecialFunctions {
    private static final double LN2 = Math.log(2);

    private SpecialFunctions() {}

    /**
     * The error function. Error below 5e-16.
     *
     * @param x any number
     * @return 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x
     */
    public static double erf(double x) {
        return ErrorFunctions.erf(x);
    }

    /**
     * The complementary error function. Error below 1e-15, down to the smallest normal number.
     *
     * @param x any number
     * @return 1 - erf(x)
     */
    public static double erfc(double x) {
        return ErrorFunctions.erfc(x);
    }

    /**
     * The scaled complementary error function, which neither underflows nor vanishes for large x. Error below 1e-15.
     *
     * @param x any number
     * @return e^(x^2) erfc(x)
     */
    public static double erfcx(double x) {
        return ErrorFunctions.erfcx(x);
    }

    /**
     * The inverse of {@link #erf}. Error below 1e-15.
     *
     * @param y a number in [-1, 1]
     * @return x with erf(x) = y
     */
    public static double erfinv(double y) {
        return ErrorFunctions.erfInverse(y);
    }

    /**
     * The inverse of {@link #erfc}. Error below 1e-15.
     *
     * @param y a number in [0, 2]
     * @return x with erfc(x) = y
     */
    public static double erfcinv(double y) {
        return ErrorFunctions.erfcInverse(y);
    }

    /**
     * The distribution function of the standard normal. Error below 1e-15, down to the smallest normal number.
     *
     * @param x any number
     * @return Phi(x)
     */
    public static double normalCdf(double x) {
        return ErrorFunctions.normalCdf(x);
    }

    /**
     * The logarithm of {@link #normalCdf}, without its underflow left of -38 and its rounding to 1 right of 8. Error
     * below 1e-15.
     *
     * @param x any number
     * @return ln Phi(x)
     */
    public static double logNormalCdf(double x) {
        return ErrorFunctions.logNormalCdf(x);
    }

    /**
     * The inverse of {@link #normalCdf}. Error below 1e-15.
     *
     * @param p a probability
     * @return x with Phi(x) = p
     */
    public static double normalQuantile(double p) {
        return ErrorFunctions.normalQuantile(p);
    }

    /**
     * The logarithm of the absolute value of the gamma function. Error below 1e-15 for x &gt; -2, the zeros 1 and 2 not
     * excepted; left of that 4e-15 absolutely besides.
     *
     * @param x any number; the poles 0, -1, -2, ... give infinity
     * @return ln |Gamma(x)|
     */
    public static double lgamma(double x) {
        return GammaFunctions.lgamma(x);
    }

    /**
     * The derivative of {@link #lgamma}. Error below 1e-15 for x &gt; 0, the zero near 1.4616 not excepted;
     * left of that 2e-15 absolutely besides.
     *
     * @param x any number; 0 gives the infinity of its side, the other poles NaN
     * @return psi(x)
     */
    public static double digamma(double x) {
        return GammaFunctions.digamma(x);
    }

    /**
     * The second derivative of {@link #lgamma}. Error below 2e-15.
     *
     * @param x any number; the poles give infinity
     * @return psi'(x)
     */
    public static double trigamma(double x) {
        return GammaFunctions.polygamma(1, x);
    }

    /**
     * A derivative of {@link #digamma}. Error below 2e-15 for x &gt; 0, and below 6e-15 left of that, not too near
     * to a zero of an even order.
     *
     * @param n the order, 0 to 20; 0 is digamma itself
     * @param x any number; poles give infinity for odd n and NaN for even n
     * @return the n-th derivative of psi at x
     */
    public static double polygamma(int n, double x) {
        return GammaFunctions.polygamma(n, x);
    }

    /**
     * The logarithm of the beta function. Error below 1e-15 of the result plus 2e-15.
     *
     * @param a a number &gt;= 0
     * @param b a number &gt;= 0
     * @return ln B(a, b)
     */
    public static double logBeta(double a, double b) {
        return BetaFunctions.logBeta(a, b);
    }

    /**
     * The regularised incomplete beta function, the distribution function of a beta variate. Error below
     * (8 + |ln I|) 1e-15; but 2e-15 absolutely for b &lt; 1 and x &gt;= 0.95, where little of the mass is left of x,
     * and 3e-13 for shapes that are both above 1e10.
     *
     * @param a first shape, &gt;= 0
     * @param b second shape, &gt;= 0
     * @param x where, in [0, 1]
     * @return I_x(a, b)
     */
    public static double betainc(double a, double b, double x) {
        return BetaFunctions.regularised(a, b, x);
    }

    /**
     * The regularised lower incomplete gamma function, the distribution function of a gamma variate. Error below
     * (3 + |ln P|) 1e-15.
     *
     * @param a shape, &gt;= 0
     * @param x where, &gt;= 0
     * @return P(a, x)
     */
    public static double gammaP(double a, double x) {
        return IncompleteGamma.lower(a, x);
    }

    /**
     * The regularised upper incomplete gamma function, with its own relative accuracy where P is near 1. Error
     * below (3 + |ln Q|) 1e-15.
     *
     * @param a shape, &gt;= 0
     * @param x where, &gt;= 0
     * @return Q(a, x) = 1 - P(a, x)
     */
    public static double gammaQ(double a, double x) {
        return IncompleteGamma.upper(a, x);
    }

    /**
     * The logarithm of {@link #gammaP}, without its underflow. Error below (4 + |ln of the result|) 1e-15.
     *
     * @param a shape, &gt;= 0
     * @param x where, &gt;= 0
     * @return ln P(a, x)
     */
    public static double logGammaP(double a, double x) {
        return IncompleteGamma.logLower(a, x);
    }

    /**
     * The logarithm of {@link #gammaQ}, without its underflow. Error below (4 + |ln of the result|) 1e-15.
     *
     * @param a shape, &gt;= 0
     * @param x where, &gt;= 0
     * @return ln Q(a, x)
     */
    public static double logGammaQ(double a, double x) {
        return IncompleteGamma.logUpper(a, x);
    }

    /**
     * The inverse of {@link #gammaP} in its second argument.
     *
     * @param a shape, &gt; 0
     * @param p a probability
     * @return x with P(a, x) = p
     */
    public static double gammaQuantile(double a, double p) {
        return Math.exp(IncompleteGamma.logQuantile(a, p, 1 - p));
    }

    /**
     * The logarithm of {@link #gammaQuantile}: for small shapes most quantiles are below the smallest double.
     * Error below 2e-15 of the result plus 4e-15.
     *
     * @param a shape, &gt; 0
     * @param p a probability
     * @return ln x with P(a, x) = p
     */
    public static double gammaLogQuantile(double a, double p) {
        return IncompleteGamma.logQuantile(a, p, 1 - p);
    }

    /**
     * The modified Bessel function of order 0, scaled. Error below 1e-15.
     *
     * @param x any number
     * @return e^-|x| I0(x)
     */
    public static double besselI0e(double x) {
        return Bessel.i0e(x);
    }

    /**
     * The modified Bessel function of order 1, scaled. Error below 1e-15.
     *
     * @param x any number
     * @return e^-|x| I1(x)
     */
    public static double besselI1e(double x) {
        return Bessel.i1e(x);
    }

    /**
     * The logistic function. Error below 5e-16, as for the three functions that follow.
     *
     * @param x any number
     * @return 1 / (1 + e^-x)
     */
    public static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }

    /**
     * The logarithm of {@link #sigmoid}.
     *
     * @param x any number
     * @return -ln(1 + e^-x)
     */
    public static double logSigmoid(double x) {
        return -softplus(-x);
    }

    /**
     * The smooth positive part.
     *
     * @param x any number
     * @return ln(1 + e^x)
     */
    public static double softplus(double x) {
        double tail = Math.log1p(Math.exp(-Math.abs(x)));
        return x > 0 ? x + tail : tail;
    }

    /**
     * The logarithm of the complement of a probability given by its logarithm. As Maechler, "Accurately computing log(1
     * - exp(-|a|))", found, each of two forms is accurate on its side of ln 2.
     *
     * @param x a number &lt;= 0
     * @return ln(1 - e^x)
     */
    public static double log1mexp(double x) {
        return x > -LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
    }
}
