package org.amortis.math;

/** Evaluation of the approximations in this package. */
final class Polynomial {
    private Polynomial() {}

    /** c[0] + c[1] x + c[2] x^2 + ... by Horner. */
    static double at(double[] c, double x) {
        double r = c[c.length - 1];
        for (int k = c.length - 2; k >= 0; k--) {
            r = r * x + c[k];
        }
        return r;
    }

    /** p(x) / q(x). */
    static double ratio(double[] p, double[] q, double x) {
        return at(p, x) / at(q, x);
    }

    /** c[0] + c[1] T1(t) + c[2] T2(t) + ... by Clenshaw. */
    static double chebyshev(double[] c, double t) {
        double b1 = 0;
        double b2 = 0;
        for (int k = c.length - 1; k > 0; k--) {
            double b = c[k] + 2 * t * b1 - b2;
            b2 = b1;
            b1 = b;
        }
        return c[0] + t * b1 - b2;
    }
}
