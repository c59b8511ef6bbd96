package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Dirichlet distributions of probability vectors by concentrations [.., K]. Draws are normalised gamma numbers, made in
 * logarithms, since for concentrations below 0.01 most elements are no float32; their gradient is implicit, to first order.
 * Densities, entropies and divergences are sums of deviances and of corrections to Stirling's formula: they keep their
 * digits for concentrations in the millions. The density is with respect to the first K - 1 elements; that a value sums
 * to 1 is taken for granted. An element 0 has density 0 or infinity, by its concentration.
 */
public final class Dirichlet implements Distribution {
    private final Tensor concentration;
    private final Tensor logs;
    private final Tensor total;

    private Dirichlet(Tensor concentration) {
        if (concentration.shape().rank() == 0 || concentration.shape().dim(-1) == 0) {
            throw new ShapeException(
                    "dirichlet(concentration=" + concentration.describe() + "): no elements along the last axis");
        }
        this.concentration = concentration;
        this.logs = concentration.log();
        this.total = concentration.sum(-1);
    }

    /**
     * By concentrations.
     *
     * @param concentration positive numbers [.., K]
     * @return the distributions, one for each row
     * @throws ShapeException if there are no elements
     */
    public static Dirichlet ofConcentration(Tensor concentration) {
        return new Dirichlet(concentration);
    }

    /**
     * The concentrations.
     *
     * @return [batch, K]
     */
    public Tensor concentration() {
        return concentration;
    }

    private int size() {
        return concentration.shape().dim(-1);
    }

    @Override
    public Shape batchShape() {
        return concentration.shape().drop(-1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(size());
    }

    @Override
    public DType dtype() {
        return concentration.dtype();
    }

    @Override
    public Support support() {
        return Support.simplex(size());
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor inside = x.ge(0).all(-1);
        Tensor safe = Tensors.where(x.gt(0), x, 1);
        Tensor zero = x.eq(0);
        Tensor inner = interior(safe, safe.log());
        // at the border: (a - 1) log 0, the rest as it is at 0
        Tensor a = concentration;
        Tensor large = Tensors.scalarLike(x, Double.POSITIVE_INFINITY);
        Tensor edge = Tensors.where(a.gt(1), large.neg(), Tensors.where(a.lt(1), large, 0));
        Tensor rest = a.mul(total.log().expandDims(-1).sub(logs)).add(a).add(edge);
        Tensor each = Tensors.where(zero, rest, inner);
        // where elements of both kinds are 0 the value has no density; the zero one is reported
        Tensor none = zero.and(a.gt(1)).any(-1);
        Tensor sum = Tensors.where(none.expandDims(-1), Tensors.scalarLike(x, 0), each)
                .sum(-1)
                .add(constant());
        return Tensors.where(inside.and(none.not()), sum, Double.NEGATIVE_INFINITY);
    }

    /** -deviance(a, A x) - log x for each element. */
    private Tensor interior(Tensor x, Tensor logX) {
        Tensor all = total.expandDims(-1);
        Tensor d = all.mul(x).sub(concentration);
        return Counts.deviance(concentration, d, all.log().add(logX).sub(logs))
                .add(logX)
                .neg();
    }

    /** What the density has beside these: log gamma functions without their leading terms. */
    private Tensor constant() {
        Tensor each = logs.mul(0.5).sub(Counts.stirling(concentration)).sum(-1);
        Tensor all = Counts.stirling(total).sub(total.log().mul(0.5));
        return each.add(all).sub((size() - 1) * Normal.HALF_LOG_TWO_PI);
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    /** Logarithms of draws [n, batch, K]. */
    private Tensor logDraws(Key key, int n) {
        return GammaDraws.logarithms(key, concentration, n).logSoftmax(-1);
    }

    /**
     * Draws as differentiable functions of the concentrations, to first order.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return [n, batch, K]; elements may underflow to 0
     */
    @Override
    public Tensor rsample(Key key, int n) {
        return logDraws(key, n).exp();
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    /** The density comes from the logarithms, which do not underflow. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor log = logDraws(key, n);
        Tensor x = log.exp();
        return new Drawn(x, interior(x, log).sum(-1).add(constant()));
    }

    @Override
    public Tensor mean() {
        return concentration.div(total.expandDims(-1));
    }

    /** m (1 - m) / (A + 1), m being the mean. */
    @Override
    public Tensor variance() {
        Tensor all = total.expandDims(-1);
        Tensor rest = all.sub(concentration).div(all);
        return mean().mul(rest).div(all.add(1));
    }

    @Override
    public Optional<Tensor> entropy() {
        Tensor each =
                concentration.sub(1).mul(Counts.digammaMinusLog(concentration)).sum(-1);
        Tensor all = total.sub(size()).mul(Counts.digammaMinusLog(total));
        // E log x = log a - log A + the differences of digamma functions from their logarithms
        Tensor means = logs.sum(-1).sub(total.log().mul(size()));
        return Optional.of(means.sub(constant()).add(all).sub(each));
    }

    Tensor kl(Dirichlet other) {
        if (other.size() != size()) {
            throw new ShapeException("klTo(" + this + ", " + other + "): numbers of elements differ");
        }
        Tensor d = concentration.sub(other.concentration);
        Tensor each = Counts.deviance(other.concentration, d, logs.sub(other.logs))
                .add(d.mul(Counts.digammaMinusLog(concentration)))
                .sum(-1);
        Tensor dTotal = total.sub(other.total);
        Tensor all = Counts.deviance(other.total, dTotal, total.log().sub(other.total.log()))
                .add(dTotal.mul(Counts.digammaMinusLog(total)));
        return each.sub(all).add(constant().sub(other.constant()));
    }

    @Override
    public Dirichlet stopGradient() {
        return new Dirichlet(concentration.stopGradient());
    }

    @Override
    public String toString() {
        return "Dirichlet" + batchShape() + " of " + size();
    }
}
