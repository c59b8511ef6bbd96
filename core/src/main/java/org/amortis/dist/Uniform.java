package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Uniform distributions on intervals [low, high], one for each element of the parameters. Outside the interval the log
 * density is minus infinity and its gradient zero.
 */
public final class Uniform implements Distribution {
    private final Tensor low;
    private final Tensor high;
    private final Shape batch;

    private Uniform(Tensor low, Tensor high) {
        this.batch = Draws.common("uniform", low, high);
        this.low = low;
        this.high = high;
    }

    /**
     * By ends.
     *
     * @param low lower end
     * @param high upper end, above the lower
     * @return the distributions, one for each element of the common shape
     */
    public static Uniform of(Tensor low, Tensor high) {
        return new Uniform(low, high);
    }

    /**
     * The same interval everywhere.
     *
     * @param low lower end
     * @param high upper end, above the lower
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     */
    public static Uniform of(double low, double high, DType dtype, Shape batch) {
        return new Uniform(Tensors.fill(low, dtype, batch), Tensors.fill(high, dtype, batch));
    }

    /**
     * The lower end as given, not broadcast.
     *
     * @return lower end
     */
    public Tensor low() {
        return low;
    }

    /**
     * The upper end as given, not broadcast.
     *
     * @return upper end
     */
    public Tensor high() {
        return high;
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
        return low.dtype();
    }

    @Override
    public Support support() {
        return Support.interval(low, high);
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor inside = x.ge(low).and(x.le(high));
        return Tensors.where(inside, high.sub(low).log().neg(), Double.NEGATIVE_INFINITY);
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return Draws.of(Random::uniform, key, dtype(), n, batch)
                .mul(high.sub(low))
                .add(low);
    }

    @Override
    public Tensor rsample(Key key) {
        return Random.uniform(key, dtype(), batch).mul(high.sub(low)).add(low);
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    @Override
    public Tensor sample(Key key) {
        return rsample(key).stopGradient();
    }

    /** A draw that rounding puts outside the interval is inside all the same. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor x = rsample(key, n);
        return new Drawn(x, high.sub(low).log().neg().broadcastTo(x.shape()));
    }

    @Override
    public Tensor mean() {
        return low.add(high).mul(0.5);
    }

    @Override
    public Tensor variance() {
        return high.sub(low).square().mul(1.0 / 12).broadcastTo(batch);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(high.sub(low).log().broadcastTo(batch));
    }

    /** Infinite unless the other interval holds this one. */
    Tensor kl(Uniform other) {
        Tensor held = low.ge(other.low).and(high.le(other.high));
        Tensor ratio = other.high.sub(other.low).log().sub(high.sub(low).log());
        return Tensors.where(held, ratio, Double.POSITIVE_INFINITY);
    }

    /** log(s / w) + log(2 pi)/2 plus half the mean of ((x - m) / s)^2, w being the width. */
    Tensor kl(Normal other) {
        Tensor width = high.sub(low);
        Tensor offset = mean().sub(other.mean());
        Tensor square = offset.square()
                .add(width.square().mul(1.0 / 12))
                .div(other.std().square());
        return square.mul(0.5).add(other.logStd()).add(Normal.HALF_LOG_TWO_PI).sub(width.log());
    }

    /** Infinite where the interval reaches below 0. */
    Tensor kl(Exponential other) {
        Tensor inside = mean().mul(other.rate())
                .sub(other.rate().log())
                .sub(high.sub(low).log());
        return Tensors.where(low.ge(0), inside, Double.POSITIVE_INFINITY);
    }

    @Override
    public Uniform stopGradient() {
        return new Uniform(low.stopGradient(), high.stopGradient());
    }

    @Override
    public String toString() {
        return "Uniform" + batch;
    }
}
