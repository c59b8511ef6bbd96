package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Planes;
import org.amortis.tensor.Tensor;

/** s u + t. */
record AffineTransformer(ScaleMap map) implements Transformer {
    @Override
    public int parameters() {
        return 2;
    }

    @Override
    public Bijection of(Tensor parameters) {
        Tensor[] planes = Planes.of(parameters, 2);
        return new Affine(map, planes[0], planes[1]);
    }

    @Override
    public String toString() {
        return "affine " + map;
    }

    private record Affine(ScaleMap map, Tensor a, Tensor shift) implements Bijection {
        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor x = u.mul(map.scale(a)).add(shift);
            return new Mapped(x, map.logScale(a).broadcastTo(x.shape()));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor u = x.sub(shift).div(map.scale(a));
            return new Mapped(u, map.logScale(a).neg().broadcastTo(u.shape()));
        }

        @Override
        public Bijection stopGradient() {
            return new Affine(map, a.stopGradient(), shift.stopGradient());
        }
    }
}
