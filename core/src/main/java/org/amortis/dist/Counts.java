package org.amortis.dist;

import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * What probabilities of counts are made of. A logarithm of a binomial coefficient times a power is a small difference of
 * large numbers; after Loader, "Fast and accurate computation of binomial probabilities" (2000), it is a sum of deviances,
 * none of which is negative, and of corrections to Stirling's formula, which vanish for large counts.
 */
final class Counts {
    /** Coefficients of x^-1, x^-3, .. in the correction to Stirling's formula: B(2j) / (2j (2j - 1)). */
    private static final double[] STIRLING = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
    };

    /** Coefficients of x^-2, x^-4, .. in digamma(x) - log(x) + 1/(2x): -B(2j) / (2j). */
    private static final double[] DIGAMMA = {
        -1.0 / 12, 1.0 / 120, -1.0 / 252, 1.0 / 240, -1.0 / 132, 691.0 / 32760, -1.0 / 12
    };

    /** From here on the series are right to 1e-16. */
    private static final double LARGE = 10;

    private Counts() {}

    /** Whether two formulas are the same one or the same number. */
    static boolean same(Tensor a, Tensor b) {
        return a == b
                || (a.node().op() instanceof LeafOp.Fill x
                        && b.node().op() instanceof LeafOp.Fill y
                        && x.value() == y.value());
    }

    /** Which values are 0, 1, 2 and so on. */
    static Tensor valid(Tensor x) {
        Tensor positive = x.ge(0);
        return x.dtype().isFloat() ? positive.and(x.floor().eq(x)).and(x.lt(Double.POSITIVE_INFINITY)) : positive;
    }

    private static Tensor polynomial(Tensor t, double[] c) {
        Tensor y = Tensors.scalarLike(t, c[c.length - 1]);
        for (int i = c.length - 2; i >= 0; i--) {
            y = y.mul(t).add(c[i]);
        }
        return y;
    }

    /** lgamma(x + 1) - (x + 1/2) log(x) + x - log(2 pi) / 2 for x above 0: the error of Stirling's formula. */
    static Tensor stirling(Tensor x) {
        Tensor large = x.ge(LARGE);
        Tensor inverse = Tensors.where(large, x, LARGE).reciprocal();
        Tensor series = inverse.mul(polynomial(inverse.square(), STIRLING));
        Tensor s = Tensors.where(large, Tensors.scalarLike(x, LARGE), x);
        Tensor direct = s.add(1).lgamma().sub(s.add(0.5).mul(s.log())).add(s).sub(Normal.HALF_LOG_TWO_PI);
        return Tensors.where(large, series, direct);
    }

    /** digamma(x) - log(x) for x above 0. */
    static Tensor digammaMinusLog(Tensor x) {
        Tensor large = x.ge(LARGE);
        Tensor inverse = Tensors.where(large, x, LARGE).reciprocal();
        Tensor square = inverse.square();
        Tensor series = square.mul(polynomial(square, DIGAMMA)).sub(inverse.mul(0.5));
        Tensor s = Tensors.where(large, Tensors.scalarLike(x, LARGE), x);
        return Tensors.where(large, series, s.polygamma(0).sub(s.log()));
    }

    /**
     * x log(x / m) + m - x for a count x above 0 and its mean m: 0 where they agree, positive elsewhere.
     *
     * @param x count or real number, positive
     * @param d m - x, as exact as the caller has it
     * @param logRatio log(m / x), for ratios that overflow or underflow
     */
    static Tensor deviance(Tensor x, Tensor d, Tensor logRatio) {
        Tensor u = d.div(x);
        Tensor near = u.abs().lt(0.2);
        Tensor small = Tensors.where(near, u, 0);
        // u - log(1 + u) with v = u / (2 + u) and log(1 + u) = 2 artanh(v): the terms that cancel are taken out
        Tensor v = small.div(small.add(2));
        Tensor square = v.square();
        double[] c = new double[8];
        for (int i = 0; i < c.length; i++) {
            c[i] = -2.0 / (2 * i + 3);
        }
        Tensor series = v.mul(small.add(square.mul(polynomial(square, c))));
        Tensor ordinary = u.gt(-0.99).and(u.lt(100));
        Tensor log = Tensors.where(ordinary, Tensors.where(ordinary, u, 0).log1p(), logRatio);
        return Tensors.where(near, x.mul(series), d.sub(x.mul(log)));
    }

    /** lgamma(x + h) - lgamma(x) for x above 0 and h not negative, without their difference where x is large. */
    static Tensor logRising(Tensor x, Tensor h) {
        Tensor sum = x.add(h);
        Tensor ratio = sum.log().sub(x.log());
        return h.mul(sum.log())
                .sub(deviance(x, h, ratio))
                .sub(ratio.mul(0.5))
                .add(stirling(sum).sub(stirling(x)));
    }
}
