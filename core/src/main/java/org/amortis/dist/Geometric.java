package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Geometric distributions: failures before the first success, by logits l = log(p / (1 - p)) of success, one for each
 * element. Values are counts as I32; float values that are whole numbers are taken too. Draws above 2^31 - 1 saturate.
 */
public final class Geometric implements Distribution {
    /** Odds against success below which their logarithm's series takes over; the next term is e^-20 / 3 of it. */
    private static final double RARE = -20;

    private final Tensor logits;

    private Geometric(Tensor logits) {
        this.logits = logits;
    }

    /**
     * By logits.
     *
     * @param logits log odds of success
     * @return the distributions, one for each element
     */
    public static Geometric ofLogits(Tensor logits) {
        return new Geometric(logits);
    }

    /**
     * By mean, the odds against success.
     *
     * @param mean mean number of failures, positive
     * @return the distributions, one for each element
     */
    public static Geometric ofMean(Tensor mean) {
        return new Geometric(mean.log().neg());
    }

    /**
     * The log odds of success.
     *
     * @return logits
     */
    public Tensor logits() {
        return logits;
    }

    @Override
    public Shape batchShape() {
        return logits.shape();
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
        Tensor k = Tensors.where(valid, x.cast(logits.dtype()), 0);
        Tensor p = logits.logSigmoid().sub(k.mul(logits.softplus()));
        return Tensors.where(valid, p, Double.NEGATIVE_INFINITY);
    }

    /** By inversion, in double precision: floor(log u / log(1 - p)). A parameter that is no number draws -1. */
    @Override
    public Tensor sample(Key key, int n) {
        Tensor l = logits.stopGradient().cast(DType.F64);
        Tensor u = Draws.of(Random::uniform, key, DType.F64, n, batchShape());
        Tensor k = u.log().div(l.softplus()).neg().floor();
        return Tensors.where(k.ge(0), k, -1).cast(DType.I32);
    }

    @Override
    public Tensor mean() {
        return logits.neg().exp();
    }

    /** m (1 + m), m being the mean. */
    @Override
    public Tensor variance() {
        Tensor m = mean();
        return m.mul(m.add(1));
    }

    /** Both outcomes weighted by their mean numbers; softplus(l) e^-l without the product of 0 and infinity. */
    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logits.neg().softplus().add(failures()));
    }

    /** m log(1 + 1/m): mean failures times the surprise of each. */
    private Tensor failures() {
        Tensor rare = logits.lt(RARE);
        Tensor l = Tensors.where(rare, Tensors.scalarLike(logits, 0), logits);
        Tensor series = Tensors.where(rare, logits, RARE).exp().mul(-0.5).add(1);
        return Tensors.where(rare, series, l.neg().exp().mul(l.softplus()));
    }

    /** Both outcomes weighted by their mean numbers: log(p / p') + m log((1 - p) / (1 - p')). */
    Tensor kl(Geometric other) {
        Tensor m = mean();
        Tensor d = other.logits.sub(logits);
        // log((1-p)/(1-p')) = log(1 + p (e^d - 1)), whose product with m stays right where p is tiny
        Tensor near = d.abs().lt(1);
        Tensor step = logits.sigmoid().mul(Tensors.where(near, d, 0).expm1());
        Tensor failure =
                Tensors.where(near, step.log1p(), other.logits.softplus().sub(logits.softplus()));
        Tensor success = failure.sub(d);
        return success.add(m.mul(failure));
    }

    @Override
    public Geometric stopGradient() {
        return new Geometric(logits.stopGradient());
    }

    @Override
    public String toString() {
        return "Geometric" + batchShape();
    }
}
