package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Negative binomial distributions: Poisson counts whose rate is gamma distributed with shape r (the concentration) and
 * scale e^l, one for each element; for whole r, successes of log odds l before r failures. Mean m = r e^l, variance
 * m + m^2 / r. Values are counts as I32; float values that are whole numbers are taken too. Log probabilities and their
 * gradients are formed without differences of large logarithms, up to the Poisson limit of large r. Draws above
 * 2^31 - 1 saturate.
 */
public final class NegativeBinomial implements Distribution {
    private final Tensor concentration;
    private final Tensor logits;
    private final Shape batch;

    private NegativeBinomial(Tensor concentration, Tensor logits) {
        this.batch = Draws.common("negativeBinomial", concentration, logits);
        this.concentration = concentration;
        this.logits = logits;
    }

    /**
     * By concentration and logits.
     *
     * @param concentration shape of the gamma distribution of the rate, positive
     * @param logits logarithm of its scale
     * @return the distributions, one for each element of the common shape
     */
    public static NegativeBinomial ofLogits(Tensor concentration, Tensor logits) {
        return new NegativeBinomial(concentration, logits);
    }

    /**
     * By mean and concentration, as models of overdispersed counts have it.
     *
     * @param mean mean, positive
     * @param concentration squared mean over the variance in excess of the mean, positive
     * @return the distributions, one for each element of the common shape
     */
    public static NegativeBinomial ofMeanConcentration(Tensor mean, Tensor concentration) {
        return new NegativeBinomial(concentration, mean.log().sub(concentration.log()));
    }

    /**
     * The concentration as given, not broadcast.
     *
     * @return shape of the gamma distribution of the rate
     */
    public Tensor concentration() {
        return concentration;
    }

    /**
     * The logits, not broadcast.
     *
     * @return logarithm of the scale of the rate
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
        return Support.counts();
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor valid = Counts.valid(x);
        Tensor k = Tensors.where(valid, x.cast(logits.dtype()), 0).stopGradient();
        Shape s = Draws.common("negativeBinomial.logProb", k, logits);
        Shape all = Draws.common("negativeBinomial.logProb", Tensors.zeros(logits.dtype(), s), concentration);
        return CustomGradient.of(
                        p -> Tensors.where(valid, density(k, p[0], p[1]), Double.NEGATIVE_INFINITY), (p, y, dy) -> {
                            Tensor byR = Tensors.where(valid, dy.mul(slope(k, p[0], p[1])), 0);
                            Tensor byL = Tensors.where(valid, dy.mul(excess(k, p[0], p[1])), 0);
                            return new Tensor[] {byR, byL};
                        })
                .apply(concentration.broadcastTo(all), logits.broadcastTo(all));
    }

    /** k (1 - p) - r p, the derivative by the logits: zero where k is the mean. */
    private static Tensor excess(Tensor k, Tensor r, Tensor l) {
        return k.mul(l.neg().sigmoid()).sub(r.mul(l.sigmoid()));
    }

    /** digamma(k + r) - digamma(r) + log(1 - p), the derivative by r; the logarithms are taken together. */
    private static Tensor slope(Tensor k, Tensor r, Tensor l) {
        Tensor n = k.add(r);
        Tensor u = excess(k, r, l).div(r);
        Tensor ordinary = u.gt(-0.99).and(u.lt(100));
        Tensor logs = Tensors.where(
                ordinary,
                Tensors.where(ordinary, u, 0).log1p(),
                n.log().sub(r.log()).sub(l.softplus()));
        return logs.add(Counts.digammaMinusLog(n)).sub(Counts.digammaMinusLog(r));
    }

    private static Tensor density(Tensor x, Tensor r, Tensor l) {
        Tensor none = x.eq(0);
        Tensor k = Tensors.where(none, Tensors.scalarLike(x, 1), x);
        Tensor n = k.add(r);
        Tensor d = excess(k, r, l);
        Tensor logN = n.log();
        Tensor logK = k.log();
        Tensor logR = r.log();
        Tensor hits = Counts.deviance(k, d.neg(), l.logSigmoid().add(logN.sub(logK)));
        Tensor misses = Counts.deviance(r, d, logN.sub(logR).sub(l.softplus()));
        Tensor stirling = Counts.stirling(n).sub(Counts.stirling(k)).sub(Counts.stirling(r));
        Tensor width = logR.sub(logK).sub(logN).mul(0.5).sub(Normal.HALF_LOG_TWO_PI);
        Tensor some = stirling.sub(hits).sub(misses).add(width);
        return Tensors.where(none, r.mul(l.softplus()).neg(), some);
    }

    /** Poisson counts of gamma rates. */
    @Override
    public Tensor sample(Key key, int n) {
        Tensor r = concentration.stopGradient().cast(DType.F64).broadcastTo(batch);
        Tensor l = logits.stopGradient().cast(DType.F64);
        Tensor logRate = GammaDraws.logarithms(key.fold("rate"), r, n).add(l);
        return CountDraws.poisson(key.fold("count"), logRate.exp(), n, batch);
    }

    @Override
    public Tensor mean() {
        return concentration.mul(logits.exp());
    }

    /** m (1 + e^l), m being the mean. */
    @Override
    public Tensor variance() {
        Tensor odds = logits.exp();
        return concentration.mul(odds).mul(odds.add(1));
    }

    @Override
    public NegativeBinomial stopGradient() {
        return new NegativeBinomial(concentration.stopGradient(), logits.stopGradient());
    }

    @Override
    public String toString() {
        return "NegativeBinomial" + batch;
    }
}
