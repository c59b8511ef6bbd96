package org.amortis.mc;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * The unadjusted Langevin algorithm: x + h^2/2 gradient + h noise, never rejected, so that the step size h sets a bias. On
 * a normal target of deviation s the chain's variance is s^2 / (1 - h^2 / (4 s^2)).
 */
public record Ula() implements Transition {
    @Override
    public Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key) {
        DType dtype = now.z().dtype();
        Shape lanes = now.z().shape().drop(-1);
        Tensor p = Random.normal(key.fold("noise"), dtype, now.z().shape());
        // the leapfrog's position is this step; its momentum is dropped
        Point next = Leapfrog.step(now.z(), p, target.gradient(now), target, step, metric)
                .point();
        return unadjusted(next, target.value(next), 1, lanes);
    }

    /** A transition without accept and reject. */
    static Moved unadjusted(Point next, Tensor value, int evaluations, Shape lanes) {
        DType dtype = value.dtype();
        return new Moved(
                next,
                Tensors.ones(dtype, lanes),
                value.neg(),
                Tensors.fill(evaluations, dtype, lanes),
                Tensors.zeros(dtype, lanes),
                Tensors.zeros(DType.BOOL, lanes),
                value.eq(Double.POSITIVE_INFINITY));
    }
}
