package org.amortis.flow;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Distribution;
import org.amortis.dist.Drawn;
import org.amortis.dist.Mapped;
import org.amortis.dist.Support;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * What a flow makes of its base: log p(x) = log base(u) + log |det du/dx| with u the inverse of x. A draw with its
 * density is one forward pass, the density of a given value one inverse pass. The batch is that of the context.
 */
public final class FlowDistribution implements Distribution {
    private final Distribution base;
    private final Bijection map;

    private FlowDistribution(Distribution base, Bijection map) {
        this.base = base;
        this.map = map;
    }

    /**
     * A flow on a base.
     *
     * @param base base density
     * @param flow flow from values of the base
     * @param p weights of both
     * @param context [batch.., contextSize]; null exactly if the flow takes none, then the batch is []
     * @return distribution with the batch of the context
     * @throws ShapeException if base, flow and context do not fit
     */
    public static FlowDistribution of(Base base, Flow flow, Weights p, @Nullable Tensor context) {
        Bijection map = flow.given(p, context);
        Shape batch = context == null ? Shape.SCALAR : context.shape().drop(-1);
        return of(base.given(p, batch), map);
    }

    /**
     * A flow without context on a base.
     *
     * @param base base density
     * @param flow flow from values of the base
     * @param p weights of both
     * @return one distribution, batch []
     * @throws ShapeException if base and flow do not fit
     */
    public static FlowDistribution of(Base base, Flow flow, Weights p) {
        return of(base, flow, p, null);
    }

    /**
     * A map of values of a distribution.
     *
     * @param base distribution of u; its batch shape is that of the result, so it covers the batch of the map's context
     * @param map map of its events
     * @return the distribution of x = map(u)
     * @throws ShapeException if the events differ
     */
    public static FlowDistribution of(Distribution base, Bijection map) {
        if (!base.eventShape().equals(map.inputShape())) {
            throw new ShapeException("flowDistribution(base=" + base + ", map=" + map + "): the base has events "
                    + base.eventShape() + ", the map takes " + map.inputShape()
                    + "; Independent.of makes events of batch axes");
        }
        if (!base.dtype().isFloat()) {
            throw new ShapeException("flowDistribution(base=" + base + "): values are discrete, densities do not map");
        }
        return new FlowDistribution(base, map);
    }

    /**
     * The distribution of u.
     *
     * @return base
     */
    public Distribution base() {
        return base;
    }

    /**
     * The map from u to x.
     *
     * @return bijection
     */
    public Bijection map() {
        return map;
    }

    @Override
    public Shape batchShape() {
        return base.batchShape();
    }

    @Override
    public Shape eventShape() {
        return map.outputShape();
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    @Override
    public Support support() {
        return Support.image(base.support(), map);
    }

    /**
     * {@inheritDoc} Of a value with an infinite element it is minus infinity, with a NaN it is NaN; no gradient flows
     * from either, and networks do not see them.
     */
    @Override
    public Tensor logProb(Tensor x) {
        Flows.checkEvent(this, eventShape(), x);
        int[] axes = new int[eventShape().rank()];
        Arrays.setAll(axes, i -> i - axes.length);
        Tensor largest = x.stopGradient().abs().max(axes);
        Tensor finite = largest.lt(Double.POSITIVE_INFINITY);
        Tensor whole = finite;
        for (int i = 0; i < axes.length; i++) {
            whole = whole.expandDims(-1);
        }
        Mapped m = map.inverseAndLogDet(Tensors.where(whole, x, 0));
        return Tensors.where(finite, base.logProb(m.value()).add(m.logDet()), largest.neg());
    }

    @Override
    public boolean reparameterized() {
        return base.reparameterized();
    }

    @Override
    public Tensor sample(Key key, int n) {
        return map.forward(base.sample(key, n)).stopGradient();
    }

    @Override
    public Tensor sample(Key key) {
        return map.forward(base.sample(key)).stopGradient();
    }

    private void checkReparameterized() {
        if (!reparameterized()) {
            throw new PlanException("rsample(" + this + "): draws of the base are not differentiable; use sample with a"
                    + " score-function estimator");
        }
    }

    @Override
    public Tensor rsample(Key key, int n) {
        checkReparameterized();
        return map.forward(base.rsample(key, n));
    }

    @Override
    public Tensor rsample(Key key) {
        checkReparameterized();
        return map.forward(base.rsample(key));
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        return mapped(base.sampleAndLogProb(key, n));
    }

    @Override
    public Drawn sampleAndLogProb(Key key) {
        return mapped(base.sampleAndLogProb(key));
    }

    private Drawn mapped(Drawn u) {
        Mapped m = map.forwardAndLogDet(u.value());
        return new Drawn(m.value(), u.logProb().sub(m.logDet()));
    }

    @Override
    public FlowDistribution stopGradient() {
        return new FlowDistribution(base.stopGradient(), map.stopGradient());
    }

    @Override
    public String toString() {
        return "flow of " + base + ", batch " + batchShape() + ", event " + eventShape();
    }
}
