package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Binomial distributions: successes in n trials, by logits l = log(p / (1 - p)), one for each element. Values are counts
 * as I32; float values that are whole numbers are taken too. Log probabilities are sums of deviances, which stay right
 * in float32 for millions of trials and for p near 0 and 1; their gradient with respect to the logits is x - n p.
 */
public final class Binomial implements Distribution {
    private final Tensor trials;
    private final Tensor logits;
    private final Tensor n;
    private final Shape batch;

    private Binomial(Tensor trials, Tensor logits) {
        this.n = trials.cast(logits.dtype()).stopGradient();
        this.batch = Draws.common("binomial", n, logits);
        this.trials = trials;
        this.logits = logits;
    }

    /**
     * By number of trials and logits.
     *
     * @param trials number of trials, the same everywhere
     * @param logits log odds of success
     * @return the distributions, one for each element
     * @throws PlanException if the number is negative
     */
    public static Binomial ofLogits(int trials, Tensor logits) {
        if (trials < 0) {
            throw new PlanException("binomial(trials=" + trials + "): negative");
        }
        return new Binomial(Tensors.fill(trials, DType.I32, Shape.SCALAR), logits);
    }

    /**
     * By numbers of trials and logits.
     *
     * @param trials numbers of trials, I32 or whole numbers of the logits' type
     * @param logits log odds of success
     * @return the distributions, one for each element of the common shape
     */
    public static Binomial ofLogits(Tensor trials, Tensor logits) {
        return new Binomial(trials, logits);
    }

    /**
     * The number of trials as given, not broadcast.
     *
     * @return numbers of trials
     */
    public Tensor trials() {
        return trials;
    }

    /**
     * The log odds of success as given, not broadcast.
     *
     * @return logits
     */
    public Tensor logits() {
        return logits;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.SCALAR;
    }

    @Override
    public DType dtype() {
        return DType.I32;
    }

    @Override
    public Support support() {
        return Support.integers(Tensors.zeros(trials.dtype(), Shape.SCALAR), trials);
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor count = x.cast(logits.dtype()).stopGradient();
        Tensor valid = Counts.valid(x).and(count.le(n));
        Tensor k = Tensors.where(valid, count, 0);
        Shape s = Draws.common("binomial.logProb", k, logits);
        return CustomGradient.of(l -> Tensors.where(valid, density(k, l[0]), Double.NEGATIVE_INFINITY), (l, y, dy) ->
                        new Tensor[] {Tensors.where(valid, dy.mul(excess(k, n, l[0])), 0)})
                .apply(logits.broadcastTo(s));
    }

    /** k - n p, as n (1 - p) - (n - k) where p is the larger: the smaller counts keep their digits. */
    private static Tensor excess(Tensor k, Tensor n, Tensor l) {
        Tensor rest = n.sub(k);
        return Tensors.where(l.gt(0), n.mul(l.neg().sigmoid()).sub(rest), k.sub(n.mul(l.sigmoid())));
    }

    private Tensor density(Tensor x, Tensor l) {
        Tensor inner = x.gt(0).and(x.lt(n));
        Tensor k = Tensors.where(inner, x, 1);
        Tensor all = Tensors.where(inner, n, 2);
        Tensor rest = all.sub(k);
        Tensor d = excess(k, all, l);
        Tensor logN = all.log();
        Tensor logK = k.log();
        Tensor logRest = rest.log();
        Tensor logP = l.logSigmoid();
        Tensor logQ = l.neg().logSigmoid();
        Tensor hits = Counts.deviance(k, d.neg(), logP.add(logN.sub(logK)));
        Tensor misses = Counts.deviance(rest, d, logQ.add(logN.sub(logRest)));
        Tensor stirling = Counts.stirling(all).sub(Counts.stirling(k)).sub(Counts.stirling(rest));
        Tensor width = logN.sub(logK).sub(logRest).mul(0.5).sub(Normal.HALF_LOG_TWO_PI);
        Tensor between = stirling.sub(hits).sub(misses).add(width);
        return Tensors.where(inner, between, Tensors.where(x.eq(0), n.mul(logQ), n.mul(logP)));
    }

    @Override
    public Tensor sample(Key key, int count) {
        Shape s = batch.insert(0, count);
        Tensor t = trials.stopGradient().cast(DType.F64).broadcastTo(s);
        Tensor l = logits.stopGradient().cast(DType.F64).broadcastTo(s);
        return CountDraws.binomial(key, t, l, count, batch);
    }

    @Override
    public Tensor mean() {
        return n.mul(logits.sigmoid()).broadcastTo(batch);
    }

    @Override
    public Tensor variance() {
        return mean().mul(logits.neg().sigmoid());
    }

    /** n times the divergence of one trial, if both have the same number of trials and the formula can tell. */
    Optional<Tensor> kl(Binomial other) {
        return Counts.same(trials, other.trials)
                ? Optional.of(n.mul(Bernoulli.ofLogits(logits).kl(Bernoulli.ofLogits(other.logits))))
                : Optional.empty();
    }

    @Override
    public Binomial stopGradient() {
        return new Binomial(trials, logits.stopGradient());
    }

    @Override
    public String toString() {
        return "Binomial" + batch;
    }
}
