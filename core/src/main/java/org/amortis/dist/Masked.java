package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A distribution some of whose batch elements do not count: where the mask is false the log density, the entropy and the
 * divergence are 0, with gradient 0, whatever the value there, NaN included. For missing observations, padded sequences
 * and incomplete batches. Draws and moments are those of the distribution.
 */
public final class Masked implements Distribution {
    private final Distribution base;
    private final Tensor mask;

    private Masked(Distribution base, Tensor mask) {
        this.base = base;
        this.mask = mask;
    }

    /**
     * Masks a distribution.
     *
     * @param base distribution
     * @param mask BOOL, which elements count; broadcast to the batch
     * @return the masked distribution
     */
    public static Masked of(Distribution base, Tensor mask) {
        if (mask.dtype() != DType.BOOL) {
            throw new DTypeException("masked(" + base + ", mask=" + mask.describe() + "): not BOOL");
        }
        if (!base.batchShape().equals(Shape.broadcastOrNull(base.batchShape(), mask.shape()))) {
            throw new ShapeException("masked(" + base + ", mask=" + mask.describe()
                    + "): does not broadcast to the batch " + base.batchShape());
        }
        return new Masked(base, mask);
    }

    /**
     * The distribution that is masked.
     *
     * @return base
     */
    public Distribution base() {
        return base;
    }

    /**
     * Which elements count.
     *
     * @return BOOL, not broadcast
     */
    public Tensor mask() {
        return mask;
    }

    private Tensor counted(Tensor t) {
        return Tensors.where(mask, t, 0);
    }

    @Override
    public Shape batchShape() {
        return base.batchShape();
    }

    @Override
    public Shape eventShape() {
        return base.eventShape();
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    /** The support of the values that count. */
    @Override
    public Support support() {
        return base.support();
    }

    /**
     * Log density where the mask is true.
     *
     * @param x values [.., batch, event]; what is masked may be anything
     * @return [.., batch], 0 where masked
     */
    @Override
    public Tensor logProb(Tensor x) {
        Support s = base.support();
        if (s.discrete() || !x.dtype().isFloat()) {
            return counted(base.logProb(x));
        }
        // a density at NaN has the gradient NaN, which no selection after it takes away
        Tensor each = mask;
        for (int i = 0; i < base.eventShape().rank(); i++) {
            each = each.expandDims(-1);
        }
        return counted(base.logProb(Tensors.where(each, x, s.inner(x))));
    }

    @Override
    public Tensor sample(Key key, int n) {
        return base.sample(key, n);
    }

    @Override
    public Tensor sample(Key key) {
        return base.sample(key);
    }

    @Override
    public boolean reparameterized() {
        return base.reparameterized();
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return base.rsample(key, n);
    }

    @Override
    public Tensor rsample(Key key) {
        return base.rsample(key);
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Drawn d = base.sampleAndLogProb(key, n);
        return new Drawn(d.value(), counted(d.logProb()));
    }

    @Override
    public Drawn sampleAndLogProb(Key key) {
        Drawn d = base.sampleAndLogProb(key);
        return new Drawn(d.value(), counted(d.logProb()));
    }

    @Override
    public Tensor mean() {
        return base.mean();
    }

    @Override
    public Tensor variance() {
        return base.variance();
    }

    @Override
    public Optional<Tensor> entropy() {
        return base.entropy().map(this::counted);
    }

    /** Under the same mask. */
    Optional<Tensor> kl(Masked other) {
        return mask == other.mask ? base.closedKlTo(other.base).map(this::counted) : Optional.empty();
    }

    @Override
    public Masked stopGradient() {
        return new Masked(base.stopGradient(), mask);
    }

    @Override
    public String toString() {
        return "Masked[" + base + "]";
    }
}
