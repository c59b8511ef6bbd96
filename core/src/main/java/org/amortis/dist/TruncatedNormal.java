package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Normal distributions restricted to an interval, one for each element of the parameters; either end may be infinite. Density
 * and draws are right however far the interval lies in a tail: all is counted from its nearer end. Draws are the inverse of
 * the distribution function, in logarithms in a tail, and differentiable with respect to all four parameters. Moments and
 * entropy are computed in float64 whatever the element type; a variance still loses digits with the fourth power of the
 * distance of the nearer end in standard deviations.
 */
public final class TruncatedNormal implements ScalarFamily {
    private final LocationScale p;
    private final Tensor low;
    private final Tensor high;
    private final Shape batch;

    private TruncatedNormal(LocationScale p, Tensor low, Tensor high) {
        this.p = p;
        this.low = low;
        this.high = high;
        Shape ends = Draws.common("truncatedNormal", low, high);
        Draws.common("truncatedNormal", p.location(), low);
        Shape s = Shape.broadcastOrNull(p.batch(), ends);
        if (s == null) {
            throw new ShapeException("truncatedNormal(location and scale " + p.batch() + ", ends " + ends
                    + "): parameters do not broadcast");
        }
        this.batch = s;
    }

    /**
     * By location and scale of the whole normal distribution and the ends.
     *
     * @param location mean of the whole distribution
     * @param scale standard deviation of the whole distribution, positive
     * @param low lower end, may be minus infinity
     * @param high upper end, above the lower; may be infinity
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static TruncatedNormal of(Tensor location, Tensor scale, Tensor low, Tensor high) {
        return new TruncatedNormal(LocationScale.of("truncatedNormal", location, scale), low, high);
    }

    /**
     * By location and logarithm of the scale of the whole normal distribution and the same ends for all.
     *
     * @param location mean of the whole distribution
     * @param logScale logarithm of the standard deviation of the whole distribution
     * @param low lower end, may be minus infinity
     * @param high upper end, may be infinity
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     * @throws PlanException if the interval is empty
     */
    public static TruncatedNormal ofLogScale(Tensor location, Tensor logScale, double low, double high) {
        check(low, high);
        return new TruncatedNormal(
                LocationScale.ofLog("truncatedNormal", location, logScale),
                Tensors.scalarLike(location, low),
                Tensors.scalarLike(location, high));
    }

    /**
     * The same everywhere.
     *
     * @param location mean of the whole distribution
     * @param scale standard deviation of the whole distribution
     * @param low lower end, may be minus infinity
     * @param high upper end, may be infinity
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if the scale is not positive, the location not finite or the interval empty
     */
    public static TruncatedNormal of(double location, double scale, double low, double high, DType dtype, Shape batch) {
        check(low, high);
        return new TruncatedNormal(
                LocationScale.of("truncatedNormal", location, scale, dtype, batch),
                Tensors.fill(low, dtype, Shape.SCALAR),
                Tensors.fill(high, dtype, Shape.SCALAR));
    }

    private static void check(double low, double high) {
        if (!(low < high)) {
            throw new PlanException("truncatedNormal(low=" + low + ", high=" + high + "): not an interval");
        }
    }

    private TruncatedParts parts() {
        return new TruncatedParts(p, low, high);
    }

    private TruncatedParts wide() {
        return TruncatedParts.wide(p, low, high);
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public DType dtype() {
        return low.dtype();
    }

    @Override
    public Support support() {
        return Support.interval(low, high);
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor inside = support().contains(x);
        Tensor safe = Tensors.where(inside, x, support().inner(low));
        return Tensors.where(inside, parts().logProb(safe), Double.NEGATIVE_INFINITY);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return sampleAndLogProb(key, n).value();
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        return parts().draw(Draws.of(Random::uniform, key, dtype(), n, batch));
    }

    @Override
    public Tensor mean() {
        return wide().mean().cast(dtype()).broadcastTo(batch);
    }

    @Override
    public Tensor variance() {
        return wide().variance().cast(dtype()).broadcastTo(batch);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(wide().entropy().cast(dtype()).broadcastTo(batch));
    }

    @Override
    public TruncatedNormal stopGradient() {
        return new TruncatedNormal(p.stopGradient(), low.stopGradient(), high.stopGradient());
    }

    @Override
    public String toString() {
        return "TruncatedNormal" + batch;
    }
}
