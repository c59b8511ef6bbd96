package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Mixtures of the members of one family: the last batch axis of the components is that of the K components, with log
 * weights [.., K]. Densities are sums in logarithms; all components are evaluated, and all are drawn from.
 *
 * <p>Draws of mixtures of {@link Normal} scalars, and of vectors of {@link Independent} ones, are differentiable: with
 * distribution function F and density p of an element given those before it, the draw x moves with a parameter as
 * -(dF/dparameter) / p (Graves, "Stochastic backpropagation through mixture density distributions", 2016), to any order.
 * Other mixtures are not reparameterised, since which component a draw came from has no derivative.
 */
public final class Mixture implements Distribution {
    private final Tensor logWeights;
    private final Distribution components;
    private final Shape batch;

    private Mixture(Tensor logWeights, Distribution components) {
        this.logWeights = logWeights;
        this.components = components;
        this.batch = components.batchShape().drop(-1);
    }

    /**
     * By logits of the components.
     *
     * @param logits log weights up to a constant [.., K], broadcast to the components' batch
     * @param components distributions of batch [.., K]
     * @return the mixtures, one for each row of components
     * @throws ShapeException if the components have no batch axis or other numbers of components
     */
    public static Mixture ofLogits(Tensor logits, Distribution components) {
        Shape s = components.batchShape();
        if (s.rank() == 0
                || logits.shape().rank() == 0
                || s.dim(-1) == 0
                || logits.shape().dim(-1) != s.dim(-1)
                || !s.equals(Shape.broadcastOrNull(s, logits.shape()))) {
            throw new ShapeException("mixture(logits=" + logits.describe() + ", components=" + components
                    + "): needs logits [.., K] that broadcast to components of batch [.., K], K > 0");
        }
        return new Mixture(logits.logSoftmax(-1), components);
    }

    /**
     * By a distribution of the component.
     *
     * @param weights distribution over K classes
     * @param components distributions of batch [.., K]
     * @return the mixtures, one for each row of components
     */
    public static Mixture of(Categorical weights, Distribution components) {
        return ofLogits(weights.logProbabilities(), components);
    }

    /**
     * The components.
     *
     * @return distributions of batch [batch, K]
     */
    public Distribution components() {
        return components;
    }

    /**
     * Log weights, normalised.
     *
     * @return [.., K], not broadcast
     */
    public Tensor logWeights() {
        return logWeights;
    }

    private int count() {
        return components.batchShape().dim(-1);
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return components.eventShape();
    }

    @Override
    public DType dtype() {
        return components.dtype();
    }

    /** That of the components; for intervals and ranges that differ between them, from the lowest to the highest end. */
    @Override
    public Support support() {
        return hull(components.support());
    }

    private Support hull(Support s) {
        return switch (s) {
            case Support.Interval i ->
                Support.interval(ends(i.low()).min(-1), ends(i.high()).max(-1));
            case Support.Integers i ->
                Support.integers(ends(i.low()).min(-1), ends(i.high()).max(-1));
            default -> s;
        };
    }

    private Tensor ends(Tensor t) {
        return t.broadcastTo(components.batchShape());
    }

    /** The axis of the components behind the batch of a value. */
    private int axis(Tensor x) {
        return x.shape().rank() - eventShape().rank();
    }

    /** Log density of a value under each component and the component itself [.., batch, K]. */
    private Tensor joint(Tensor x) {
        return components.logProb(x.expandDims(axis(x))).add(logWeights);
    }

    @Override
    public Tensor logProb(Tensor x) {
        return joint(x).logsumexp(-1);
    }

    /**
     * Log probability of each component given a value.
     *
     * @param x values [.., batch, event]
     * @return [.., batch, K]
     */
    public Tensor logResponsibilities(Tensor x) {
        return joint(x).logSoftmax(-1);
    }

    @Override
    public Tensor sample(Key key, int n) {
        Shape s = batch.concat(Shape.of(count()));
        Tensor noise = Draws.of(Random::gumbel, key.fold("component"), logWeights.dtype(), n, s);
        Tensor chosen = noise.add(logWeights.stopGradient()).argmax(-1).expandDims(-1);
        Tensor one = chosen.eq(Tensors.iota(Shape.of(count()), 0));
        Tensor all = components.sample(key.fold("value"), n);
        int axis = axis(all) - 1;
        return Tensors.where(spread(one), all, 0).sum(axis);
    }

    /** Weights of components [.., K] in front of event axes. */
    private Tensor spread(Tensor t) {
        Tensor r = t;
        for (int i = 0; i < eventShape().rank(); i++) {
            r = r.expandDims(-1);
        }
        return r;
    }

    /** The normals behind components that are scalars, or vectors of independent elements. */
    private @Nullable Normal normals() {
        return switch (components) {
            case Normal n -> n;
            case Independent i
            when i.base() instanceof Normal n && i.eventShape().rank() == 1 -> n;
            default -> null;
        };
    }

    @Override
    public boolean reparameterized() {
        return normals() != null;
    }

    /**
     * Draws as differentiable functions of weights, means and standard deviations.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return [n, batch, event]
     * @throws PlanException if the components are neither {@link Normal} nor vectors of independent ones
     */
    @Override
    public Tensor rsample(Key key, int n) {
        Normal normals = normals();
        if (normals == null) {
            throw new PlanException("rsample(" + this + "): draws are differentiable where the components are Normal,"
                    + " or Independent ones of vectors, only; use sample with a score-function estimator");
        }
        Tensor x = sample(key, n).stopGradient();
        Shape s = batch.insert(0, n).concat(Shape.of(count()));
        Tensor w = logWeights.broadcastTo(s);
        Tensor mean = normals.mean();
        Tensor logStd = normals.logStd().broadcastTo(mean.shape());
        if (eventShape().rank() == 0) {
            return implicit(x, w, mean.broadcastTo(s), logStd.broadcastTo(s));
        }
        // element after element, each a mixture whose weights are the responsibilities that those before it leave
        Tensor elements = Scan.of(eventShape().dim(0))
                .carry(w)
                .sequences(lastFirst(x), lastFirst(mean), lastFirst(logStd))
                .body((t, c, v) -> {
                    Tensor m = v.get(1).broadcastTo(s);
                    Tensor l = v.get(2).broadcastTo(s);
                    Tensor y = implicit(v.get(0), c.get(0), m, l);
                    Tensor joint = logDensity(
                                    y.expandDims(-1).sub(m).mul(l.neg().exp()), l)
                            .add(c.get(0));
                    return Scan.Step.of(joint.logSoftmax(-1)).output(y);
                })
                .output(0);
        int r = elements.shape().rank();
        int[] p = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = (i + 1) % r;
        }
        return elements.transpose(p);
    }

    private static Tensor lastFirst(Tensor t) {
        int r = t.shape().rank();
        int[] p = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = (i + r - 1) % r;
        }
        return t.transpose(p);
    }

    private static Tensor logDensity(Tensor z, Tensor logStd) {
        return z.square().mul(-0.5).sub(logStd).sub(Normal.HALF_LOG_TWO_PI);
    }

    /** Draws [..] as functions of normalised log weights, means and logarithms of standard deviations [.., K]. */
    private static Tensor implicit(Tensor x, Tensor logW, Tensor mean, Tensor logStd) {
        return CustomGradient.of(
                        p -> x, (p, y, dy) -> cotangents(p[0], p[1], p[2], y.expandDims(-1), dy.expandDims(-1)))
                .apply(logW, mean, logStd);
    }

    private static Tensor[] cotangents(Tensor logW, Tensor mean, Tensor logStd, Tensor y, Tensor dy) {
        Tensor distance = y.sub(mean);
        Tensor z = distance.mul(logStd.neg().exp());
        Tensor joint = logDensity(z, logStd).add(logW);
        Tensor density = joint.logsumexp(-1).expandDims(-1);
        Tensor share = joint.sub(density).exp();
        // the smaller tail: the other form differs by w / p, which the normalisation of the weights takes away
        Tensor below = logW.add(z.logNormalCdf());
        Tensor above = logW.add(z.neg().logNormalCdf());
        Tensor left = below.logsumexp(-1).lt(above.logsumexp(-1)).expandDims(-1);
        Tensor tail = Tensors.where(left, below, above).sub(density).exp();
        Tensor weight = Tensors.where(left, tail.neg(), tail);
        return new Tensor[] {dy.mul(weight), dy.mul(share), dy.mul(share).mul(distance)};
    }

    private Tensor average(Tensor each) {
        Tensor w = spread(logWeights.exp());
        return each.mul(w).sum(axis(each) - 1);
    }

    @Override
    public Tensor mean() {
        return average(components.mean());
    }

    /** Within and between the components: a sum of squares. */
    @Override
    public Tensor variance() {
        Tensor m = components.mean();
        Tensor d = m.sub(mean().expandDims(axis(m) - 1));
        return average(components.variance().add(d.square()));
    }

    @Override
    public Mixture stopGradient() {
        return new Mixture(logWeights.stopGradient(), components.stopGradient());
    }

    @Override
    public String toString() {
        return "Mixture" + batch + " of " + count() + " " + components;
    }
}
