package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Key;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Multinomial distributions: how often each of K classes comes up in n trials, by logits [.., K]. Values are counts
 * [.., K] as I32; float values that are whole numbers are taken too. As with {@link Binomial} log probabilities are sums
 * of deviances, with gradient x - n p. A logit of minus infinity is a class that never occurs.
 */
public final class Multinomial implements Distribution {
    private final Tensor trials;
    private final Tensor logits;
    private final Tensor n;
    private final Shape batch;

    private Multinomial(Tensor trials, Tensor logits) {
        if (logits.shape().rank() == 0 || logits.shape().dim(-1) == 0) {
            throw new ShapeException("multinomial(logits=" + logits.describe() + "): no classes along the last axis");
        }
        this.n = trials.cast(logits.dtype()).stopGradient();
        this.batch = Draws.common("multinomial", n, logits.at(-1, 0));
        this.trials = trials;
        this.logits = logits;
    }

    /**
     * By number of trials and logits.
     *
     * @param trials number of trials, the same everywhere
     * @param logits log probabilities up to a constant [.., K]
     * @return the distributions, one for each row
     * @throws PlanException if the number is negative
     */
    public static Multinomial ofLogits(int trials, Tensor logits) {
        if (trials < 0) {
            throw new PlanException("multinomial(trials=" + trials + "): negative");
        }
        return new Multinomial(Tensors.fill(trials, DType.I32, Shape.SCALAR), logits);
    }

    /**
     * By numbers of trials and logits.
     *
     * @param trials numbers of trials [..], I32 or whole numbers of the logits' type
     * @param logits log probabilities up to a constant [.., K]
     * @return the distributions, one for each row of the common batch shape
     */
    public static Multinomial ofLogits(Tensor trials, Tensor logits) {
        return new Multinomial(trials, logits);
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
     * Probability of each class, not broadcast.
     *
     * @return [.., K]
     */
    public Tensor probabilities() {
        return logits.softmax(-1);
    }

    private int classes() {
        return logits.shape().dim(-1);
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.of(classes());
    }

    @Override
    public DType dtype() {
        return DType.I32;
    }

    @Override
    public Support support() {
        return Support.counts(classes(), trials);
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor count = x.cast(logits.dtype()).stopGradient();
        Tensor whole = Counts.valid(x);
        Tensor k = Tensors.where(whole, count, 0);
        Tensor valid = whole.all(-1).and(k.sum(-1).eq(n));
        Shape s = Draws.common("multinomial.logProb", k, logits);
        Shape all = Draws.common("multinomial.logProb", Tensors.zeros(k.dtype(), s.drop(-1)), n);
        return CustomGradient.of(l -> Tensors.where(valid, density(k, l[0]), Double.NEGATIVE_INFINITY), (l, y, dy) -> {
                    Tensor excess = k.sub(n.expandDims(-1).mul(l[0].softmax(-1)));
                    Tensor g = dy.expandDims(-1).mul(excess);
                    return new Tensor[] {Tensors.where(valid.expandDims(-1), g, 0)};
                })
                .apply(logits.broadcastTo(all.concat(eventShape())));
    }

    private Tensor density(Tensor k, Tensor l) {
        Tensor log = l.logSoftmax(-1);
        Tensor none = n.eq(0);
        Tensor all = Tensors.where(none, Tensors.scalarLike(n, 1), n);
        Tensor each = all.expandDims(-1);
        Tensor expected = each.mul(log.exp());
        Tensor some = k.maximum(1);
        Tensor logSome = some.log();
        Tensor deviance =
                Counts.deviance(some, expected.sub(some), log.add(each.log().sub(logSome)));
        Tensor term = deviance.add(Counts.stirling(some)).add(logSome.mul(0.5)).add(Normal.HALF_LOG_TWO_PI);
        Tensor sum = Tensors.where(k.eq(0), expected, term).sum(-1);
        Tensor top = Counts.stirling(all).add(all.log().mul(0.5)).add(Normal.HALF_LOG_TWO_PI);
        return Tensors.where(none, Tensors.scalarLike(n, 0), top.sub(sum));
    }

    /** One class after the other, each a binomial share of the trials that are left. */
    @Override
    public Tensor sample(Key key, int count) {
        Shape s = batch.insert(0, count);
        int classes = classes();
        Tensor log = logits.stopGradient().cast(DType.F64).logSoftmax(-1);
        Tensor flipped = log.exp().flip(-1).cumsum(-1).flip(-1);
        Tensor later = Tensors.pad(flipped.slice(-1, 1, classes), -1, 0, 1, 0);
        // a class that never occurs takes nothing, also where nothing is left for those behind it
        Tensor odds = Tensors.where(log.gt(Double.NEGATIVE_INFINITY), log.sub(later.log()), log);
        Tensor left = trials.stopGradient().cast(DType.F64).broadcastTo(s);
        int axes = odds.shape().rank();
        int[] first = new int[axes];
        first[0] = axes - 1;
        for (int i = 1; i < axes; i++) {
            first[i] = i - 1;
        }
        Tensor counts = Scan.of(classes)
                .carry(left)
                .sequences(odds.transpose(first))
                .body((t, c, x) -> {
                    Tensor logit = x.get(0).broadcastTo(s);
                    Tensor k = CountDraws.binomial(key.fold("class").fold(t), c.get(0), logit, count, batch);
                    return Scan.Step.of(c.get(0).sub(k.cast(DType.F64))).output(k);
                })
                .output(0);
        int r = counts.shape().rank();
        int[] last = new int[r];
        for (int i = 0; i < r; i++) {
            last[i] = (i + 1) % r;
        }
        return counts.transpose(last);
    }

    @Override
    public Tensor mean() {
        return n.expandDims(-1).mul(probabilities()).broadcastTo(batch.concat(eventShape()));
    }

    @Override
    public Tensor variance() {
        return mean().mul(logits.logSoftmax(-1).expm1().neg());
    }

    /** n times the divergence of one trial, if both have the same number of trials and the formula can tell. */
    Optional<Tensor> kl(Multinomial other) {
        if (!Counts.same(trials, other.trials)) {
            return Optional.empty();
        }
        return Optional.of(n.mul(Categorical.ofLogits(logits).kl(Categorical.ofLogits(other.logits))));
    }

    @Override
    public Multinomial stopGradient() {
        return new Multinomial(trials, logits.stopGradient());
    }

    @Override
    public String toString() {
        return "Multinomial" + batch + " of " + classes();
    }
}
