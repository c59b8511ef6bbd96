package org.amortis.vi;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.LogDensity;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A lower bound of log p(x), per datum, with the estimator of its gradient. With w_i = p(x, z_i) / q(z_i | x), u_i the
 * weights divided by their sum, and d/dz the path derivative (through the draw, log q at fixed parameters):
 *
 * <table>
 * <caption>Bounds and the gradients of their surrogates</caption>
 * <tr><th>bound</th><th>value</th><th>gradient of the encoder</th><th>of the decoder</th></tr>
 * <tr><td>elbo, elboSampled</td><td>mean log w_i</td><td>total derivative</td><td>the same</td></tr>
 * <tr><td>elboStl</td><td>mean log w_i</td><td>mean dlog w_i/dz dz/dphi</td><td>the same</td></tr>
 * <tr><td>iwae</td><td>log mean w_i</td><td>sum u_i grad log w_i</td><td>sum u_i grad log p(x, z_i)</td></tr>
 * <tr><td>iwaeStl (biased)</td><td>log mean w_i</td><td>sum u_i dlog w_i/dz dz/dphi</td><td>as iwae</td></tr>
 * <tr><td>dreg</td><td>log mean w_i</td><td>sum u_i^2 dlog w_i/dz dz/dphi</td><td>as iwae</td></tr>
 * <tr><td>rws</td><td>log mean w_i</td><td>sum u_i grad log q(z_i), z_i fixed</td><td>as iwae</td></tr>
 * <tr><td>dregRws</td><td>log mean w_i</td><td>sum (u_i - u_i^2) dlog w_i/dz dz/dphi</td><td>as iwae</td></tr>
 * </table>
 *
 * <p>The logarithm of the mean is taken for each datum, then the mean over data: never the other way round.
 */
public final class Bound {
    private enum Kind {
        ELBO_ANALYTIC,
        ELBO_SAMPLED,
        ELBO_STL,
        IWAE,
        IWAE_STL,
        DREG,
        RWS,
        DREG_RWS;

        boolean multiSample() {
            return compareTo(IWAE) >= 0;
        }

        boolean path() {
            return this == ELBO_STL || this == IWAE_STL || this == DREG || this == DREG_RWS;
        }
    }

    private final Kind kind;
    private final int samples;
    private final int repeats;
    private final WarmUp warmUp;
    private final @Nullable Tensor beta;

    private Bound(Kind kind, int samples, int repeats, WarmUp warmUp, @Nullable Tensor beta) {
        if (samples < 1 || repeats < 1) {
            throw new PlanException("bound(samples=" + samples + ", repeats=" + repeats + "): at least 1");
        }
        this.kind = kind;
        this.samples = samples;
        this.repeats = repeats;
        this.warmUp = warmUp;
        this.beta = beta;
    }

    private static Bound of(Kind kind, int samples) {
        return new Bound(kind, samples, 1, WarmUp.KL, null);
    }

    /**
     * The evidence lower bound with the divergence to the prior in closed form.
     *
     * @param samples draws for each datum
     * @return the bound
     */
    public static Bound elbo(int samples) {
        return of(Kind.ELBO_ANALYTIC, samples);
    }

    /**
     * The evidence lower bound with the divergence estimated on the draws.
     *
     * @param samples draws for each datum
     * @return the bound
     */
    public static Bound elboSampled(int samples) {
        return of(Kind.ELBO_SAMPLED, samples);
    }

    /**
     * The evidence lower bound with path derivatives (Roeder et al. 2017): exactly zero for every draw where q is the
     * posterior.
     *
     * @param samples draws for each datum
     * @return the bound
     */
    public static Bound elboStl(int samples) {
        return of(Kind.ELBO_STL, samples);
    }

    /**
     * The importance-weighted bound (Burda et al. 2015).
     *
     * @param k draws for each datum
     * @return the bound
     */
    public static Bound iwae(int k) {
        return of(Kind.IWAE, k);
    }

    /**
     * The importance-weighted bound with path derivatives (Roeder et al. 2017); its encoder gradient is biased.
     *
     * @param k draws for each datum
     * @return the bound
     */
    public static Bound iwaeStl(int k) {
        return of(Kind.IWAE_STL, k);
    }

    /**
     * The importance-weighted bound with doubly reparameterised gradients (Tucker et al. 2018), unbiased.
     *
     * @param k draws for each datum
     * @return the bound
     */
    public static Bound dreg(int k) {
        return of(Kind.DREG, k);
    }

    /**
     * Reweighted wake-sleep, wake phases of both networks (Bornschein and Bengio 2015).
     *
     * @param k draws for each datum
     * @return the bound
     */
    public static Bound rws(int k) {
        return of(Kind.RWS, k);
    }

    /**
     * Reweighted wake-sleep with doubly reparameterised gradients (Tucker et al. 2018).
     *
     * @param k draws for each datum
     * @return the bound
     */
    public static Bound dregRws(int k) {
        return of(Kind.DREG_RWS, k);
    }

    /**
     * The mean of several independent bounds (MIWAE).
     *
     * @param m how many
     * @return a copy
     */
    public Bound repeats(int m) {
        return new Bound(kind, samples, m, warmUp, beta);
    }

    /**
     * An evidence lower bound with less regularisation, for the first steps of training.
     *
     * @param how what the factor multiplies
     * @param factor scalar, 1 for the bound itself
     * @return a copy
     * @throws PlanException for a bound of several draws
     */
    public Bound warmUp(WarmUp how, Tensor factor) {
        if (kind.multiSample()) {
            throw new PlanException(
                    "warmUp(" + this + "): only evidence lower bounds split into likelihood and divergence");
        }
        return new Bound(kind, samples, repeats, how, factor);
    }

    /**
     * The formulas.
     *
     * @param model generative model
     * @param q approximate posterior; one without density has ordinary gradients only
     * @param context what is observed, B rows
     * @param p weights of both
     * @param key a key, or one for each row
     * @return value and surrogate for each row
     * @throws PlanException if the estimator needs the density of q
     */
    public Estimate of(LatentModel model, Variational q, Context context, Weights p, Key key) {
        int n = samples * repeats;
        boolean density = kind.path() || kind == Kind.ELBO_ANALYTIC || kind == Kind.RWS;
        if (!(q instanceof TractableVariational t)) {
            if (density || beta != null) {
                throw new PlanException(this + " with " + q + ": needs the density of q; use elboSampled or iwae");
            }
            Draw d = q.draw(context, p, key, n);
            Tensor logW = model.joint(p).given(context).logDensity(d.z()).sub(d.logRatio());
            return total(logW);
        }
        Distribution given = t.given(context, p);
        var drawn = given.sampleAndLogProb(key, n);
        Tensor z = drawn.value();
        LogDensity joint = model.joint(p).given(context);
        if (kind.multiSample()) {
            return multiSample(joint, given, z, drawn.logProb());
        }
        return elbo(model, given, context, p, z, drawn.logProb());
    }

    private Estimate elbo(LatentModel model, Distribution given, Context context, Weights p, Tensor z, Tensor logQ) {
        Distribution prior = model.prior(p);
        Tensor logLik = model.logLikelihood(p, context, z);
        Tensor logPrior = prior.logProb(z);
        Tensor logW = logPrior.add(logLik).sub(logQ);
        if (kind == Kind.ELBO_ANALYTIC) {
            Tensor kl = given.klTo(prior);
            Tensor value = logLik.mean(0).sub(kl);
            Tensor weighed = value;
            if (beta != null) {
                weighed = switch (warmUp) {
                    case KL -> logLik.mean(0).sub(kl.mul(beta));
                    // log p(z) - beta log q averages to -KL - (1 - beta) entropy
                    case ENTROPY -> value.sub(entropy(given).mul(beta.rsub(1)));
                };
            }
            return new Estimate(value, weighed, logW);
        }
        Tensor q = kind == Kind.ELBO_STL ? given.stopGradient().logProb(z) : logQ;
        Tensor each = logPrior.add(logLik).sub(q);
        if (beta != null) {
            each = switch (warmUp) {
                case KL -> logLik.add(logPrior.sub(q).mul(beta));
                case ENTROPY -> logLik.add(logPrior).sub(q.mul(beta));
            };
        }
        return new Estimate(logW.mean(0), each.mean(0), logW);
    }

    private static Tensor entropy(Distribution q) {
        return q.entropy()
                .orElseThrow(() -> new PlanException("warmUp(" + q + "): no closed entropy; use elboSampled"));
    }

    private Estimate multiSample(LogDensity joint, Distribution given, Tensor z, Tensor logQ) {
        Tensor logW = joint.logDensity(z).sub(logQ);
        if (kind == Kind.IWAE) {
            return total(logW);
        }
        Tensor u = grouped(logW).softmax(1).stopGradient().reshape(logW.shape());
        Tensor value = logMean(logW);
        Tensor surrogate = switch (kind) {
            case IWAE_STL ->
                weighed(u, joint.logDensity(z).sub(given.stopGradient().logProb(z)));
            case DREG -> path(joint, given, z, u, u);
            case DREG_RWS -> path(joint, given, z, u, u.rsub(1));
            case RWS -> {
                Tensor fixed = z.stopGradient();
                yield weighed(u, joint.logDensity(fixed).add(given.logProb(fixed)));
            }
            case ELBO_ANALYTIC, ELBO_SAMPLED, ELBO_STL, IWAE -> throw new IllegalStateException(kind.name());
        };
        return new Estimate(value, surrogate, logW);
    }

    /** Decoder: sum u_i grad log p; encoder: sum u_i scale_i dlog w_i/dz dz/dphi. */
    private Tensor path(LogDensity joint, Distribution given, Tensor z, Tensor u, Tensor scale) {
        Tensor scaled = ScaledGradient.of(z, scale.expandDims(-1));
        return weighed(u, joint.logDensity(scaled).sub(given.stopGradient().logProb(scaled)));
    }

    private Tensor weighed(Tensor u, Tensor each) {
        return grouped(u.mul(each)).sum(1).mean(0);
    }

    private Estimate total(Tensor logW) {
        Tensor value = kind.multiSample() ? logMean(logW) : logW.mean(0);
        return new Estimate(value, value, logW);
    }

    private Tensor logMean(Tensor logW) {
        return grouped(logW).logsumexp(1).sub(Math.log(samples)).mean(0);
    }

    /** [repeats, samples, B]. */
    private Tensor grouped(Tensor t) {
        return t.reshape(Shape.of(repeats, samples).concat(t.shape().drop(0)));
    }

    @Override
    public String toString() {
        return "Bound(" + kind + ", samples=" + samples + (repeats == 1 ? "" : ", repeats=" + repeats)
                + (beta == null ? "" : ", warmUp=" + warmUp) + ")";
    }
}
