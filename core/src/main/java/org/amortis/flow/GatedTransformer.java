package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Planes;
import org.amortis.tensor.Tensor;

/**
 * The step of inverse autoregressive flow (Kingma and others 2016), u = g x + (1 - g) m with g = sigmoid(s + bias): a value
 * between what it was and m, so that long chains stay finite. Parameters are m and s.
 *
 * @param bias gate at s = 0; 1 to 2 starts near the identity
 */
public record GatedTransformer(double bias) implements Transformer {
    @Override
    public int parameters() {
        return 2;
    }

    @Override
    public Bijection of(Tensor parameters) {
        Tensor[] planes = Planes.of(parameters, 2);
        return new Gate(planes[0], planes[1].add(bias));
    }

    @Override
    public String toString() {
        return "gated " + bias;
    }

    private record Gate(Tensor m, Tensor s) implements Bijection {
        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor u = x.mul(s.sigmoid()).add(m.mul(s.neg().sigmoid()));
            return new Mapped(u, s.logSigmoid().broadcastTo(u.shape()));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            // 1/g = 1 + e^-s and (1 - g)/g = e^-s: no difference of near numbers
            Tensor x = u.add(u.sub(m).mul(s.neg().exp()));
            return new Mapped(x, s.logSigmoid().neg().broadcastTo(x.shape()));
        }

        @Override
        public Bijection stopGradient() {
            return new Gate(m.stopGradient(), s.stopGradient());
        }
    }
}
