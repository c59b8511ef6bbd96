package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/**
 * Takes the last batch axes of a distribution as event axes: log densities, entropies and divergences are summed over
 * them.
 */
public final class Independent implements Distribution {
    private final Distribution base;
    private final int axes;

    private Independent(Distribution base, int axes) {
        this.base = base;
        this.axes = axes;
    }

    /**
     * Takes batch axes as event axes.
     *
     * @param base distribution
     * @param axes how many of its last batch axes
     * @return the distribution of the larger event
     * @throws ShapeException if it has fewer batch axes
     */
    public static Independent of(Distribution base, int axes) {
        if (axes < 0 || axes > base.batchShape().rank()) {
            throw new ShapeException("independent(" + base + ", axes=" + axes + "): there are "
                    + base.batchShape().rank() + " batch axes");
        }
        return new Independent(base, axes);
    }

    /**
     * Takes the last batch axis as the event axis.
     *
     * @param base distribution
     * @return the distribution of vectors
     * @throws ShapeException if it has no batch axis
     */
    public static Independent of(Distribution base) {
        return of(base, 1);
    }

    /**
     * The distribution whose batch axes are taken.
     *
     * @return base
     */
    public Distribution base() {
        return base;
    }

    private Tensor total(Tensor t) {
        return Ends.total(t, axes);
    }

    @Override
    public Shape batchShape() {
        Shape b = base.batchShape();
        return b.slice(0, b.rank() - axes);
    }

    @Override
    public Shape eventShape() {
        Shape b = base.batchShape();
        return b.slice(b.rank() - axes, b.rank()).concat(base.eventShape());
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    @Override
    public Support support() {
        return Support.each(
                base.support(),
                base.batchShape()
                        .slice(
                                base.batchShape().rank() - axes,
                                base.batchShape().rank()));
    }

    @Override
    public Tensor logProb(Tensor x) {
        return total(base.logProb(x));
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
        return new Drawn(d.value(), total(d.logProb()));
    }

    @Override
    public Drawn sampleAndLogProb(Key key) {
        Drawn d = base.sampleAndLogProb(key);
        return new Drawn(d.value(), total(d.logProb()));
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
        return base.entropy().map(this::total);
    }

    Optional<Tensor> kl(Independent other) {
        return axes == other.axes && eventShape().equals(other.eventShape())
                ? base.closedKlTo(other.base).map(this::total)
                : Optional.empty();
    }

    @Override
    public Independent stopGradient() {
        return new Independent(base.stopGradient(), axes);
    }

    @Override
    public String toString() {
        return "Independent[" + base + ", batch " + batchShape() + ", event " + eventShape() + "]";
    }
}
