package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * The distribution of x = f(u), with u of a base distribution and f a bijection: log density of u minus log |det dx/du|.
 * A draw brings its density along, since u is at hand. Where the bijection takes larger events than the base gives, the
 * last batch axes of the base become event axes; where it takes smaller ones, it acts on the parts of an event.
 *
 * <p>Densities outside the support are minus infinity and their gradient with respect to parameters 0 where the image of
 * the bijection is known (elementwise maps, maps of supports, chains of them on the real line). For other bijections the
 * inverse is asked, and values that it answers with NaN are outside; gradients there may be NaN.
 */
public final class Transformed implements Distribution {
    private final Distribution base;
    private final Bijection bijection;
    private final Support support;

    private Transformed(Distribution base, Bijection bijection) {
        this.base = base;
        this.bijection = bijection;
        this.support = Support.image(base.support(), bijection);
    }

    /**
     * A base distribution and a map of its values.
     *
     * @param base distribution of u, with a density
     * @param bijection from u to x
     * @return the distribution of x
     * @throws ShapeException if the shapes of values and bijection do not fit
     */
    public static Transformed of(Distribution base, Bijection bijection) {
        int missing = bijection.inputShape().rank() - base.eventShape().rank();
        Distribution b = missing > 0 ? Independent.of(base, missing) : base;
        Shape event = b.eventShape();
        int extra = event.rank() - bijection.inputShape().rank();
        if (!event.slice(extra, event.rank()).equals(bijection.inputShape())
                || !base.dtype().isFloat()) {
            throw new ShapeException("transformed(" + base + ", " + bijection + "): the bijection takes events "
                    + bijection.inputShape() + " of a float type");
        }
        return new Transformed(b, bijection);
    }

    /**
     * The distribution of u.
     *
     * @return base, with the event axes that the bijection takes
     */
    public Distribution base() {
        return base;
    }

    /**
     * The map.
     *
     * @return bijection from u to x
     */
    public Bijection bijection() {
        return bijection;
    }

    private int extra() {
        return base.eventShape().rank() - bijection.inputShape().rank();
    }

    @Override
    public Shape batchShape() {
        return base.batchShape();
    }

    @Override
    public Shape eventShape() {
        return base.eventShape().slice(0, extra()).concat(bijection.outputShape());
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    @Override
    public Support support() {
        return support;
    }

    @Override
    public Tensor logProb(Tensor x) {
        if (support instanceof Support.Image image) {
            Mapped m = bijection.inverseAndLogDet(x);
            Tensor inside = image.base().contains(m.value());
            Tensor u = select(inside, m.value(), image.base(), base.eventShape().rank());
            Tensor det = Ends.total(m.logDet(), extra());
            Tensor p = base.logProb(u).add(Tensors.where(inside, det, 0));
            return Tensors.where(inside, p, Double.NEGATIVE_INFINITY);
        }
        // on the border the inverse is infinite
        Tensor inside = support.interior(x);
        Mapped m = bijection.inverseAndLogDet(
                select(inside, x, support, eventShape().rank()));
        Tensor p = base.logProb(m.value()).add(Ends.total(m.logDet(), extra()));
        return Tensors.where(inside, p, Double.NEGATIVE_INFINITY);
    }

    /** Values where they are inside, else one that is. */
    private static Tensor select(Tensor inside, Tensor x, Support support, int axes) {
        Tensor condition = inside;
        for (int i = 0; i < axes; i++) {
            condition = condition.expandDims(-1);
        }
        return Tensors.where(condition, x, support.inner(x));
    }

    @Override
    public boolean reparameterized() {
        return base.reparameterized();
    }

    @Override
    public Tensor sample(Key key, int n) {
        // the bijection may hold parameters of its own
        return bijection.forward(base.sample(key, n)).stopGradient();
    }

    @Override
    public Tensor sample(Key key) {
        return bijection.forward(base.sample(key)).stopGradient();
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return bijection.forward(base.rsample(key, n));
    }

    @Override
    public Tensor rsample(Key key) {
        return bijection.forward(base.rsample(key));
    }

    private Drawn mapped(Drawn u) {
        Mapped m = bijection.forwardAndLogDet(u.value());
        return new Drawn(m.value(), u.logProb().sub(Ends.total(m.logDet(), extra())));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        return mapped(base.sampleAndLogProb(key, n));
    }

    @Override
    public Drawn sampleAndLogProb(Key key) {
        return mapped(base.sampleAndLogProb(key));
    }

    @Override
    public Transformed stopGradient() {
        return new Transformed(base.stopGradient(), bijection.stopGradient());
    }

    @Override
    public String toString() {
        return "Transformed[" + base + ", " + bijection + ", batch " + batchShape() + "]";
    }
}
