package org.amortis.dist;

import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;

/** A bijection applied to each part of a larger event; log determinants are summed over the parts. */
record EventBijection(Bijection part, Shape axes) implements Bijection {
    @Override
    public Shape inputShape() {
        return axes.concat(part.inputShape());
    }

    @Override
    public Shape outputShape() {
        return axes.concat(part.outputShape());
    }

    private Mapped total(Mapped m) {
        return new Mapped(m.value(), Ends.total(m.logDet(), axes.rank()));
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        return total(part.forwardAndLogDet(u));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        return total(part.inverseAndLogDet(x));
    }

    @Override
    public Bijection stopGradient() {
        return new EventBijection(part.stopGradient(), axes);
    }

    @Override
    public String toString() {
        return part + " of each of " + axes;
    }
}
