package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Beta distributions, one for each element of the parameters: x^(a-1) (1-x)^(b-1) / B(a, b) inside (0, 1); minus infinity
 * at the ends themselves. Where both parameters reach 12 the density is that of the deviance from the mean, in which no
 * large terms cancel. Draws come from logarithms of two gamma variates, with their implicit gradient, to first order; where
 * they would round to 0 or 1 they are the nearest number inside, and {@link #sampleAndLogProb} has the density of the draw
 * itself.
 */
public final class Beta implements ScalarFamily {
    private final Tensor a;
    private final Tensor b;
    private final Shape batch;

    private Beta(Tensor a, Tensor b, Shape batch) {
        this.a = a;
        this.b = b;
        this.batch = batch;
    }

    /**
     * By first parameter and second parameter.
     *
     * @param a first parameter, positive
     * @param b second parameter, positive
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static Beta of(Tensor a, Tensor b) {
        return new Beta(a, b, Draws.common("beta", a, b));
    }

    /**
     * The same everywhere.
     *
     * @param a first parameter
     * @param b second parameter
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if a parameter is not positive and finite
     */
    public static Beta of(double a, double b, DType dtype, Shape batch) {
        Draws.positive("beta", "a", a);
        Draws.positive("beta", "b", b);
        return of(Tensors.fill(a, dtype, batch), Tensors.fill(b, dtype, batch));
    }

    /**
     * The first parameter as given, not broadcast.
     *
     * @return first parameter
     */
    public Tensor a() {
        return a;
    }

    /**
     * The second parameter as given, not broadcast.
     *
     * @return second parameter
     */
    public Tensor b() {
        return b;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public DType dtype() {
        return a.dtype();
    }

    @Override
    public Support support() {
        return Support.unitInterval();
    }

    @Override
    public Tensor logProb(Tensor x) {
        return Draws.within(support(), x, 0.5, v -> {
            Tensor log = v.log();
            Tensor rest = v.neg().log1p();
            return GammaFormulas.betaDensity(a, b, v, log, rest).sub(log.add(rest));
        });
    }

    /** The log odds of draws. */
    private Tensor odds(Key key, int n) {
        Tensor first = GammaDraws.logarithms(key.fold("a"), a.broadcastTo(batch), n);
        return first.sub(GammaDraws.logarithms(key.fold("b"), b.broadcastTo(batch), n));
    }

    private Tensor value(Tensor odds) {
        double top = dtype() == DType.F64 ? Math.nextDown(1.0) : Math.nextDown(1f);
        return odds.sigmoid().clamp(dtype() == DType.F64 ? Double.MIN_NORMAL : Float.MIN_NORMAL, top);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return value(odds(key, n));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor odds = odds(key, n);
        Tensor log = odds.logSigmoid();
        Tensor rest = odds.neg().logSigmoid();
        Tensor density = GammaFormulas.betaDensity(a, b, odds.sigmoid(), log, rest);
        return new Drawn(value(odds), density.sub(log.add(rest)));
    }

    @Override
    public Tensor mean() {
        return a.div(a.add(b));
    }

    @Override
    public Tensor variance() {
        Tensor n = a.add(b);
        return a.div(n).mul(b.div(n)).div(n.add(1));
    }

    @Override
    public Optional<Tensor> entropy() {
        Tensor n = a.add(b);
        Tensor left = a.sub(1).mul(a.polygamma(0).sub(n.polygamma(0)));
        Tensor right = b.sub(1).mul(b.polygamma(0).sub(n.polygamma(0)));
        return Optional.of(GammaFormulas.logBeta(a, b).sub(left.add(right)));
    }

    /** log B(a2, b2) / B(a1, b1) plus the mean log odds times the differences of the parameters. */
    Tensor kl(Beta other) {
        Tensor n = a.add(b).polygamma(0);
        Tensor left = a.sub(other.a).mul(a.polygamma(0).sub(n));
        Tensor right = b.sub(other.b).mul(b.polygamma(0).sub(n));
        Tensor logs = GammaFormulas.logBeta(other.a, other.b).sub(GammaFormulas.logBeta(a, b));
        return logs.add(left).add(right);
    }

    @Override
    public Beta stopGradient() {
        return new Beta(a.stopGradient(), b.stopGradient(), batch);
    }

    @Override
    public String toString() {
        return "Beta" + batch;
    }
}
