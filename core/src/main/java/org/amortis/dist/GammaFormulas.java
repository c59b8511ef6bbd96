package org.amortis.dist;

import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Formulas of the gamma function in which large terms that cancel are cancelled by hand: from 12 on by Stirling's series,
 * where six terms leave less than 1e-15. With lgamma alone a density of shape 1e5 is off by 0.1 in float32.
 */
final class GammaFormulas {
    private static final double LARGE = 12;

    /** log gamma(x) - (x - 1/2) log x + x - log(2 pi)/2 in odd powers of 1/x. */
    private static final double[] STIRLING = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360
    };

    /** log(gamma(x + 1/2) / gamma(x)) - log(x)/2 in odd powers of 1/x. */
    private static final double[] HALF = {-1.0 / 8, 1.0 / 192, -1.0 / 640, 17.0 / 14336, -31.0 / 18432, 691.0 / 180224};

    private GammaFormulas() {}

    /** Sum of c[k] x^-(2k+1). */
    private static Tensor odd(double[] c, Tensor x) {
        Tensor r = x.reciprocal();
        Tensor s = r.square();
        Tensor y = s.mul(c[c.length - 1]).add(c[c.length - 2]);
        for (int k = c.length - 3; k >= 0; k--) {
            y = y.mul(s).add(c[k]);
        }
        return y.mul(r);
    }

    /** The derivative of {@link #odd}. */
    private static Tensor oddSlope(double[] c, Tensor x) {
        Tensor s = x.reciprocal().square();
        Tensor y = s.mul(-(2 * c.length - 1) * c[c.length - 1]);
        for (int k = c.length - 2; k >= 0; k--) {
            y = y.add(-(2 * k + 1) * c[k]).mul(s);
        }
        return y;
    }

    private static Tensor large(Tensor x) {
        return Tensors.where(x.ge(LARGE), x, LARGE);
    }

    private static Tensor small(Tensor x) {
        return Tensors.where(x.lt(LARGE), x, 1);
    }

    /** log(1 + w), or a given logarithm where w is not small. */
    private static Tensor near(Tensor w, Tensor log) {
        Tensor close = w.abs().lt(0.5);
        return Tensors.where(close, Tensors.where(close, w, 0).log1p(), log);
    }

    /**
     * alpha log y - y - lgamma(alpha), the density of a gamma variate times the variate. For large alpha by the deviance
     * y/alpha - 1 - log(y/alpha) (Loader 2000).
     */
    static Tensor density(Tensor alpha, Tensor y, Tensor logY) {
        Tensor s = small(alpha);
        Tensor direct = s.mul(logY).sub(y).sub(s.lgamma());
        Tensor l = large(alpha);
        Tensor w = y.div(l).sub(1);
        Tensor deviance = w.sub(near(w, logY.sub(l.log())));
        Tensor far = l.log().mul(0.5).sub(l.mul(deviance)).sub(odd(STIRLING, l)).sub(Normal.HALF_LOG_TWO_PI);
        return Tensors.where(alpha.lt(LARGE), direct, far);
    }

    /** alpha + lgamma(alpha) + (1 - alpha) digamma(alpha): the entropy of a gamma variate of rate 1. */
    static Tensor entropy(Tensor alpha) {
        Tensor s = small(alpha);
        Tensor direct = s.add(s.lgamma()).add(s.rsub(1).mul(s.polygamma(0)));
        Tensor l = large(alpha);
        Tensor far = l.log()
                .mul(0.5)
                .add(odd(STIRLING, l))
                .sub(l.reciprocal().mul(0.5))
                .add(l.rsub(1).mul(oddSlope(STIRLING, l)))
                .add(Normal.HALF_LOG_TWO_PI + 0.5);
        return Tensors.where(alpha.lt(LARGE), direct, far);
    }

    /** Divergence of gamma distributions by shape and logarithm of the rate. */
    static Tensor kl(Tensor a1, Tensor logRate1, Tensor a2, Tensor logRate2) {
        // with u = log(r2 / r1): a1 (expm1(u) - u) + (a1 - a2) (digamma(a1) + u) - lgamma(a1) + lgamma(a2)
        Tensor u = logRate2.sub(logRate1);
        Tensor scales = a1.mul(u.expm1().sub(u));
        Tensor shapes = a1.sub(a2).mul(a1.polygamma(0).add(u));
        return scales.add(shapes).add(a2.lgamma().sub(a1.lgamma()));
    }

    /** lgamma(a) + lgamma(b) - lgamma(a + b). */
    static Tensor logBeta(Tensor a, Tensor b) {
        // a selection and no minimum: at a = b the gradient must be that of one order, to all orders
        Tensor first = a.lt(b);
        Tensor less = Tensors.where(first, a, b);
        Tensor more = Tensors.where(first, b, a);
        Tensor big = more.ge(LARGE);
        Tensor s = Tensors.where(big, Tensors.scalarLike(less, 1), less);
        Tensor t = small(more);
        Tensor direct = s.lgamma().add(t.lgamma()).sub(s.add(t).lgamma());
        Tensor u = Tensors.where(big, less, 1);
        Tensor v = large(more);
        Tensor sum = u.add(v);
        Tensor ratio = v.sub(0.5).mul(u.div(v).log1p());
        Tensor far = u.lgamma()
                .sub(u.mul(sum.log().sub(1)))
                .sub(ratio)
                .add(odd(STIRLING, v))
                .sub(odd(STIRLING, sum));
        return Tensors.where(big, far, direct);
    }

    /** a log x + b log(1 - x) - logBeta(a, b), the density of a beta variate times x (1 - x). */
    static Tensor betaDensity(Tensor a, Tensor b, Tensor x, Tensor logX, Tensor logRest) {
        Tensor direct = a.mul(logX).add(b.mul(logRest)).sub(logBeta(a, b));
        Tensor both = a.ge(LARGE).and(b.ge(LARGE));
        Tensor p = large(a);
        Tensor q = large(b);
        Tensor n = p.add(q);
        // the two deviations from the mode, times a and b, cancel
        Tensor w = x.mul(n).div(p).sub(1);
        Tensor v = x.rsub(1).mul(n).div(q).sub(1);
        Tensor left = p.mul(near(w, logX.sub(p.div(n).log())).sub(w));
        Tensor right = q.mul(near(v, logRest.sub(q.div(n).log())).sub(v));
        Tensor logs = p.log().add(q.log()).sub(n.log()).mul(0.5);
        Tensor far = left.add(right)
                .add(logs)
                .sub(odd(STIRLING, p))
                .sub(odd(STIRLING, q))
                .add(odd(STIRLING, n))
                .sub(Normal.HALF_LOG_TWO_PI);
        return Tensors.where(both, far, direct);
    }

    /** log(gamma(a + 1/2) / gamma(a)) - log(a)/2. */
    static Tensor halfRatio(Tensor a) {
        Tensor s = small(a);
        Tensor direct = s.add(0.5).lgamma().sub(s.lgamma()).sub(s.log().mul(0.5));
        return Tensors.where(a.lt(LARGE), direct, odd(HALF, large(a)));
    }

    /** digamma(a + 1/2) - digamma(a). */
    static Tensor halfSlope(Tensor a) {
        Tensor s = small(a);
        Tensor direct = s.add(0.5).polygamma(0).sub(s.polygamma(0));
        Tensor l = large(a);
        return Tensors.where(
                a.lt(LARGE), direct, oddSlope(HALF, l).add(l.reciprocal().mul(0.5)));
    }
}
