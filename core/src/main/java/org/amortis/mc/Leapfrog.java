package org.amortis.mc;

import org.amortis.tensor.Tensor;

/** One leapfrog step: half a kick, a drift, half a kick. Reversible, and it keeps volume. */
final class Leapfrog {
    private Leapfrog() {}

    /**
     * Where a step ends.
     *
     * @param point position, values and gradients
     * @param p whitened momentum
     */
    record End(Point point, Tensor p) {}

    /**
     * A step.
     *
     * @param z positions [.., d]
     * @param p whitened momenta [.., d]
     * @param gradient of the target at z [.., d]
     * @param step step size [] or [..], negative for a step back
     */
    static End step(Tensor z, Tensor p, Tensor gradient, Tempered target, Tensor step, Metric metric) {
        Tensor e = step.shape().rank() == 0 ? step : step.expandDims(-1);
        Tensor half = e.mul(0.5);
        Tensor r = p.add(half.mul(metric.force(gradient)));
        Point next = target.at(z.add(e.mul(metric.velocity(r))));
        return new End(next, r.add(half.mul(metric.force(target.gradient(next)))));
    }

    /** The kinetic energy |p|^2 / 2. */
    static Tensor kinetic(Tensor p) {
        return p.square().sum(-1).mul(0.5);
    }
}
