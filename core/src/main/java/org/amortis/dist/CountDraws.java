package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Draws of counts, in double precision whatever the type of the parameters: counts above 2^24 are no float32, and 24
 * random bits know no probabilities below 2^-24. Means below {@value #SMALL} by inversion, one probability after the
 * other; the others by transformed rejection (Hoermann, "The transformed rejection method for generating Poisson random
 * variables" and "The generation of binomial random variates", both 1993), without its squeezes: on vectors they save
 * nothing. A parameter that is no number draws -1, which no support holds; counts above 2^31 - 1 saturate there.
 */
final class CountDraws {
    /** Mean from which on rejection is used; the smallest that its constants are made for. */
    static final double SMALL = 10;

    /** Steps of the inversion: a count of mean 10 exceeds this once in 1e28 draws. */
    private static final int INVERSION_STEPS = 64;

    /** Attempts of the rejection, of which each fails with a chance below 0.35: all of them, once in 1e29 draws. */
    private static final int ATTEMPTS = 64;

    /** Uniform numbers of the shape of the draws. */
    private interface Uniforms {
        Tensor of(Key key);
    }

    private CountDraws() {}

    /** Probabilities of the counts near zero: the next one is this one times a ratio. */
    private interface Ratio {
        Tensor of(Tensor count);
    }

    /**
     * Poisson counts.
     *
     * @param key a key, or keys for the leading axes of the batch
     * @param rate F64 [n, batch]
     * @param n how many of each
     * @param batch batch axes
     * @return I32 [n, batch]
     */
    static Tensor poisson(Key key, Tensor rate, int n, Shape batch) {
        Uniforms uniform = k -> Draws.of(Random::uniform, k, DType.F64, n, batch);
        Tensor large = rate.ge(SMALL);
        Tensor low = Tensors.where(large, Tensors.scalarLike(rate, SMALL), rate);
        Tensor inverted =
                invert(uniform.of(key.fold("inversion")), low.neg().exp(), k -> low.div(k.add(1)), large.not());
        Tensor high = Tensors.where(large, rate, SMALL);
        Tensor b = high.sqrt().mul(2.53).add(0.931);
        Tensor a = b.mul(0.02483).sub(0.059);
        Tensor area = b.sub(3.4).reciprocal().mul(1.1328).add(1.1239).log();
        Tensor log = high.log();
        Tensor rejected = reject(
                key,
                uniform,
                high.floor(),
                large,
                (u, us) -> a.mul(2).div(us).add(b).mul(u).add(high).add(0.43).floor(),
                (k, v, us) -> v.log()
                        .add(area)
                        .sub(a.div(us.square()).add(b).log())
                        .le(k.mul(log).sub(high).sub(k.add(1).lgamma())),
                k -> k.ge(0));
        return counts(Tensors.where(large, rejected, inverted), rate.ge(0));
    }

    /**
     * Binomial counts.
     *
     * @param key a key, or keys for the leading axes of the batch
     * @param trials F64 [n, batch]
     * @param logits F64 [n, batch]
     * @param n how many of each
     * @param batch batch axes
     * @return I32 [n, batch]
     */
    static Tensor binomial(Key key, Tensor trials, Tensor logits, int n, Shape batch) {
        Uniforms uniform = k -> Draws.of(Random::uniform, k, DType.F64, n, batch);
        // the rarer outcome is counted
        Tensor rare = logits.abs().neg();
        Tensor p = rare.sigmoid();
        Tensor logQ = rare.neg().logSigmoid();
        Tensor mean = trials.mul(p);
        Tensor large = mean.ge(SMALL);
        Tensor odds = rare.exp();
        Tensor few = Tensors.where(large, Tensors.scalarLike(trials, 0), trials);
        Tensor inverted = invert(
                uniform.of(key.fold("inversion")),
                few.mul(logQ).exp(),
                k -> few.sub(k).mul(odds).div(k.add(1)),
                large.not());
        // where the mean is small, numbers for which the method works are put in; what it draws there is not used
        Tensor many = Tensors.where(large, trials, 4 * SMALL);
        Tensor q = Tensors.where(large, p, 0.5);
        Tensor logit = Tensors.where(large, rare, 0);
        Tensor centre = many.mul(q);
        Tensor spread = centre.mul(q.rsub(1)).sqrt();
        Tensor b = spread.mul(2.53).add(1.15);
        Tensor a = b.mul(0.0248).add(q.mul(0.01)).sub(0.0873);
        Tensor area = b.rdiv(5.1).add(2.83).mul(spread).log();
        Tensor mode = many.add(1).mul(q).floor();
        Tensor top = mode.add(1).lgamma().add(many.sub(mode).add(1).lgamma());
        Tensor rejected = reject(
                key,
                uniform,
                mode,
                large,
                (u, us) -> a.mul(2).div(us).add(b).mul(u).add(centre).add(0.5).floor(),
                (k, v, us) -> v.log()
                        .add(area)
                        .sub(a.div(us.square()).add(b).log())
                        .le(top.sub(k.add(1).lgamma())
                                .sub(many.sub(k).add(1).lgamma())
                                .add(k.sub(mode).mul(logit))),
                k -> k.ge(0).and(k.le(many)));
        Tensor k = Tensors.where(large, rejected, inverted.minimum(trials));
        Tensor known = trials.ge(0).and(logits.le(Double.POSITIVE_INFINITY));
        return counts(Tensors.where(logits.gt(0), trials.sub(k), k), known);
    }

    private static Tensor counts(Tensor k, Tensor known) {
        return Tensors.where(known, k, -1).cast(DType.I32);
    }

    /** The smallest count whose distribution function reaches u. */
    private static Tensor invert(Tensor u, Tensor zero, Ratio ratio, Tensor wanted) {
        Tensor p = zero.broadcastTo(u.shape());
        Tensor none = Tensors.zeros(DType.F64, u.shape());
        return Scan.until(INVERSION_STEPS)
                .carry(none, p, u)
                .body((t, c, x) -> {
                    Tensor k = c.get(0);
                    Tensor hit = c.get(2).le(c.get(1)).or(wanted.not());
                    Tensor next = Tensors.where(hit, k, k.add(1));
                    return Scan.Step.of(
                                    next, c.get(1).mul(ratio.of(k)), c.get(2).sub(c.get(1)))
                            .doneWhen(hit);
                })
                .last(0);
    }

    /** Where a candidate falls, by a uniform number around 0 and its distance from the nearer end. */
    private interface Candidate {
        Tensor of(Tensor u, Tensor us);
    }

    /** Whether a candidate is taken, by a second uniform number. */
    private interface Acceptance {
        Tensor of(Tensor k, Tensor v, Tensor us);
    }

    /** Which counts there are. */
    private interface Range {
        Tensor of(Tensor k);
    }

    private static Tensor reject(
            Key key,
            Uniforms uniform,
            Tensor start,
            Tensor wanted,
            Candidate candidate,
            Acceptance acceptance,
            Range range) {
        return Scan.until(ATTEMPTS)
                .carry(start)
                .body((t, c, x) -> {
                    Key step = key.fold("attempt").fold(t);
                    Tensor u = uniform.of(step.fold("place")).sub(0.5);
                    Tensor us = u.abs().rsub(0.5);
                    Tensor k = candidate.of(u, us);
                    Tensor inside = range.of(k);
                    Tensor v = uniform.of(step.fold("height"));
                    Tensor taken = acceptance
                            .of(Tensors.where(inside, k, start), v, us)
                            .and(inside);
                    Tensor done = taken.or(wanted.not());
                    return Scan.Step.of(Tensors.where(done, k, c.get(0))).doneWhen(done);
                })
                .last(0);
    }
}
