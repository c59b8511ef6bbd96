package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/** Closed forms of divergences, by pair of distributions. */
public final class Divergences {
    private Divergences() {}

    /**
     * Kullback-Leibler divergence KL(p || q).
     *
     * @param p first distribution
     * @param q second distribution
     * @return [batch], or empty if the pair has no closed form here
     */
    public static Optional<Tensor> kl(Distribution p, Distribution q) {
        return switch (p) {
            case Normal a when q instanceof Normal b -> Optional.of(a.kl(b));
            case Bernoulli a when q instanceof Bernoulli b -> Optional.of(a.kl(b));
            case Categorical a when q instanceof Categorical b -> Optional.of(a.kl(b));
            case Uniform a when q instanceof Uniform b -> Optional.of(a.kl(b));
            case Poisson a when q instanceof Poisson b -> Optional.of(a.kl(b));
            case Geometric a when q instanceof Geometric b -> Optional.of(a.kl(b));
            case Binomial a when q instanceof Binomial b -> a.kl(b);
            case Multinomial a when q instanceof Multinomial b -> a.kl(b);
            case Dirichlet a when q instanceof Dirichlet b -> Optional.of(a.kl(b));
            case Wishart a when q instanceof Wishart b -> Optional.of(a.kl(b));
            case Uniform a when q instanceof Normal b -> Optional.of(a.kl(b));
            case Uniform a when q instanceof Exponential b -> Optional.of(a.kl(b));
            case Laplace a when q instanceof Laplace b -> Optional.of(a.kl(b));
            case Cauchy a when q instanceof Cauchy b -> Optional.of(a.kl(b));
            case Gumbel a when q instanceof Gumbel b -> Optional.of(a.kl(b));
            case LogNormal a when q instanceof LogNormal b -> Optional.of(a.kl(b));
            case Exponential a when q instanceof Exponential b -> Optional.of(a.kl(b));
            case InverseGamma a when q instanceof InverseGamma b -> Optional.of(a.kl(b));
            case Beta a when q instanceof Beta b -> Optional.of(a.kl(b));
            case Weibull a when q instanceof Weibull b -> Optional.of(a.kl(b));
            case VonMises a when q instanceof VonMises b -> Optional.of(a.kl(b));
            case HalfNormal a when q instanceof HalfNormal b -> Optional.of(a.kl(b));
            case HalfCauchy a when q instanceof HalfCauchy b -> Optional.of(a.kl(b));
            case Gamma a when gamma(q) instanceof Gamma b -> Optional.of(a.kl(b));
            case Chi2 a
            when gamma(q) instanceof Gamma b -> Optional.of(a.gamma().kl(b));
            case Exponential a
            when gamma(q) instanceof Gamma b -> Optional.of(a.gamma().kl(b));
            case MultivariateNormal a when q instanceof MultivariateNormal b -> Optional.of(a.kl(b));
            case MultivariateNormal a when diagonal(q) instanceof Normal b -> Optional.of(a.kl(b));
            case LowRankNormal a when q instanceof LowRankNormal b -> Optional.of(a.kl(b));
            case LowRankNormal a when q instanceof MultivariateNormal b -> Optional.of(a.kl(b));
            case LowRankNormal a when diagonal(q) instanceof Normal b -> Optional.of(a.kl(b));
            case MultivariateNormal a when q instanceof LowRankNormal b -> Optional.of(b.klFrom(a));
            case BlockTridiagonalNormal a when q instanceof BlockTridiagonalNormal b -> Optional.of(a.kl(b));
            case BlockTridiagonalNormal a
            when q instanceof Independent i
                    && i.base() instanceof Normal b
                    && i.eventShape().equals(a.eventShape()) -> Optional.of(a.kl(b));
            case Masked a when q instanceof Masked b -> a.kl(b);
            case Independent a when q instanceof Independent b -> a.kl(b);
            case Independent a
            when diagonal(a) instanceof Normal n && q instanceof LowRankNormal b -> Optional.of(b.klFrom(n));
            case Independent a
            when diagonal(a) instanceof Normal n && q instanceof MultivariateNormal b ->
                Optional.of(MultivariateNormal.diagonal(n).kl(b));
            default -> Optional.empty();
        };
    }

    /**
     * An estimate of a divergence by draws, where there is no closed form: it has an error, and can be negative.
     *
     * @param mean mean of log p(x) - log q(x) over draws of p [batch]; unbiased
     * @param standardError estimated standard error of that mean [batch]; itself unreliable where few draws dominate
     * @param draws how many draws
     */
    public record Estimate(Tensor mean, Tensor standardError, int draws) {}

    /**
     * Kullback-Leibler divergence KL(p || q) by Monte Carlo: for pairs that have no closed form. Where p is reparameterised
     * the mean is differentiable along its draws; else its gradient with respect to p is not that of the divergence.
     *
     * @param p first distribution, drawn from
     * @param q second distribution, of the same events
     * @param key a key, or keys for the leading batch axes of p
     * @param n how many draws, at least 2
     * @return the estimate with its standard error
     * @throws ShapeException if n is below 2 or the events differ
     */
    public static Estimate monteCarloKl(Distribution p, Distribution q, Key key, int n) {
        if (n < 2 || !p.eventShape().equals(q.eventShape())) {
            throw new ShapeException(
                    "monteCarloKl(" + p + ", " + q + ", n=" + n + "): needs two draws and events of one shape");
        }
        Drawn d = p.sampleAndLogProb(key, n);
        Tensor ratio = d.logProb().sub(q.logProb(d.value()));
        Tensor mean = ratio.mean(0);
        Tensor squares = ratio.sub(mean).square().sum(0).mul(1.0 / (n * (n - 1.0)));
        return new Estimate(mean, squares.sqrt(), n);
    }

    /** The same distributions as gamma distributions, if they are. */
    private static Distribution gamma(Distribution d) {
        return switch (d) {
            case Chi2 c -> c.gamma();
            case Exponential e -> e.gamma();
            default -> d;
        };
    }

    /** The normals behind a diagonal Gaussian of vectors. */
    private static Distribution diagonal(Distribution d) {
        return d instanceof Independent i
                        && i.base() instanceof Normal n
                        && i.eventShape().rank() == 1
                ? n
                : d;
    }
}
