package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Radial flow (Rezende and Mohamed 2015), x = u + beta (u - c) / (alpha + r) with r = |u - c|, alpha = e^a and alpha + beta
 * = m = softplus(b) > 0. The distance of x from c is r (m + r) / (alpha + r), so the inverse is a quadratic equation.
 */
public final class Radial implements Flow {
    private final String path;
    private final int size;
    private final int contextSize;
    private final Numbers numbers;

    private Radial(String path, int size, int contextSize, Numbers numbers) {
        this.path = path;
        this.size = size;
        this.contextSize = contextSize;
        this.numbers = numbers;
    }

    /**
     * A flow of learned parameters, or of parameters that are linear in the context. It starts at the identity.
     *
     * @param at where its parameters go
     * @param size elements of an event, at least 1
     * @param contextSize elements of the context, such as the hidden layer of an encoder; 0 for none
     * @return the flow
     */
    public static Radial of(ParamScope at, int size, int contextSize) {
        if (size < 1) {
            throw new ShapeException("radial(size=" + size + "): needs at least one element");
        }
        Initializer start = (key, dtype, shape, fans) -> Tensors.concat(
                0,
                Random.normal(key, dtype, Shape.of(size)).mul(0.1),
                Tensors.zeros(dtype, Shape.of(1)),
                Tensors.fill(Math.log(Math.expm1(1)), dtype, Shape.of(1)));
        return new Radial(at.path(), size, contextSize, Numbers.of(at, contextSize, size + 2, start));
    }

    /**
     * The map of given parameters.
     *
     * @param centre c [.., D]
     * @param logAlpha a [..]
     * @param rawBeta b [..]
     * @return bijection of events [D]
     */
    public static Bijection map(Tensor centre, Tensor logAlpha, Tensor rawBeta) {
        return new Map(centre, logAlpha, rawBeta);
    }

    @Override
    public Shape inputShape() {
        return Shape.of(size);
    }

    @Override
    public int contextSize() {
        return contextSize;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        Tensor n = numbers.given(p, context);
        return map(n.slice(-1, 0, size), n.at(-1, size), n.at(-1, size + 1));
    }

    @Override
    public String toString() {
        return "radial " + path + " [" + size + "]";
    }

    private record Map(Tensor centre, Tensor logAlpha, Tensor rawBeta) implements Bijection {
        @Override
        public Shape inputShape() {
            Shape s = centre.shape();
            return s.slice(s.rank() - 1, s.rank());
        }

        /** Length of the last axis, with gradient 0 at 0. */
        private static Tensor length(Tensor d) {
            return d.square().sum(-1).maximum(1e-36).sqrt();
        }

        /** log |det| at a distance: every term is positive. */
        private Mapped scaled(Tensor alpha, Tensor m, Tensor r) {
            int size = inputShape().dim(0);
            Tensor below = alpha.add(r);
            Tensor scale = m.add(r).div(below);
            Tensor along = alpha.mul(m).add(r.mul(alpha.mul(2).add(r))).div(below.square());
            return new Mapped(scale, scale.log().mul(size - 1).add(along.log()));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Flows.checkEvent(this, inputShape(), u);
            Tensor away = u.sub(centre);
            Mapped s = scaled(logAlpha.exp(), rawBeta.softplus(), length(away));
            return new Mapped(centre.add(away.mul(s.value().expandDims(-1))), s.logDet());
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(this, inputShape(), x);
            Tensor alpha = logAlpha.exp();
            Tensor m = rawBeta.softplus();
            Tensor away = x.sub(centre);
            Tensor y = length(away);
            // r^2 + (m - y) r - alpha y = 0; the root that is no difference of near numbers, on either side of m = y
            Tensor p = m.sub(y);
            Tensor q = alpha.mul(y).mul(2);
            Tensor root = p.square().add(q.mul(2)).sqrt();
            Tensor sum = p.abs().add(root);
            Tensor r = Tensors.where(p.gt(0), q.div(sum), sum.mul(0.5));
            Mapped s = scaled(alpha, m, r);
            return new Mapped(
                    centre.add(away.div(s.value().expandDims(-1))), s.logDet().neg());
        }

        @Override
        public Bijection stopGradient() {
            return new Map(centre.stopGradient(), logAlpha.stopGradient(), rawBeta.stopGradient());
        }

        @Override
        public String toString() {
            return "radial " + inputShape();
        }
    }
}
