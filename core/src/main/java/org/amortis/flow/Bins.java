package org.amortis.flow;

import java.util.function.Function;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Maps of the unit interval as maps of another. */
final class Bins {
    private Bins() {}

    /**
     * A map of [0, 1] onto itself as one of [-bound, bound], the identity outside. Values are clipped before the formula
     * and chosen after it: what is outside enters neither values nor gradients.
     */
    static Mapped within(Tensor v, double bound, Function<Tensor, Mapped> unitMap) {
        Mapped m = unitMap.apply(v.add(bound).mul(1 / (2 * bound)).clamp(0, 1));
        Tensor inside = v.abs().lt(bound);
        Tensor value = m.value().mul(2 * bound).sub(bound);
        return new Mapped(Tensors.where(inside, value, v), Tensors.where(inside, m.logDet(), 0));
    }
}
