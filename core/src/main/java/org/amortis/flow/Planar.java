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
 * Planar flow (Rezende and Mohamed 2015), x = u + v tanh(w'u + b), with v moved along w so that w'v > -1. The inverse solves
 * one equation of one number, w'x + b = s + w'v tanh(s).
 */
public final class Planar implements Flow {
    private final String path;
    private final int size;
    private final int contextSize;
    private final Numbers numbers;

    private Planar(String path, int size, int contextSize, Numbers numbers) {
        this.path = path;
        this.size = size;
        this.contextSize = contextSize;
        this.numbers = numbers;
    }

    /**
     * A flow of learned parameters, or of parameters that are linear in the context.
     *
     * @param at where its parameters go
     * @param size elements of an event, at least 1
     * @param contextSize elements of the context, such as the hidden layer of an encoder; 0 for none
     * @return the flow
     */
    public static Planar of(ParamScope at, int size, int contextSize) {
        if (size < 1) {
            throw new ShapeException("planar(size=" + size + "): needs at least one element");
        }
        // w of length about 1, u such that little happens at first; never w = 0, where the constraint is singular
        double sd = 1 / Math.sqrt(size);
        Initializer start = (key, dtype, shape, fans) -> Tensors.concat(
                0,
                Random.normal(key.fold("u"), dtype, Shape.of(size)).mul(0.1 * sd),
                Random.normal(key.fold("w"), dtype, Shape.of(size)).mul(sd),
                Tensors.zeros(dtype, Shape.of(1)));
        return new Planar(at.path(), size, contextSize, Numbers.of(at, contextSize, 2 * size + 1, start));
    }

    /**
     * The map of given parameters.
     *
     * @param u direction before the constraint [.., D]
     * @param w normal of the planes [.., D]
     * @param b offset [..]
     * @return bijection of events [D]
     */
    public static Bijection map(Tensor u, Tensor w, Tensor b) {
        return new Map(u, w, b);
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
        return map(n.slice(-1, 0, size), n.slice(-1, size, 2 * size), n.at(-1, 2 * size));
    }

    @Override
    public String toString() {
        return "planar " + path + " [" + size + "]";
    }

    /** Value and log derivative of s + (m - 1) tanh(s), where m > 0 is its derivative at 0. */
    static Mapped bend(Tensor s, Tensor m) {
        Tensor t = s.tanh();
        // 1 - tanh^2 without a difference; no sum here has terms of both signs
        Tensor flat = s.mul(2).sigmoid().mul(s.mul(-2).sigmoid()).mul(4);
        Tensor slope = t.square().add(m.mul(flat)).maximum(LEAST);
        return new Mapped(s.add(m.sub(1).mul(t)), slope.log());
    }

    /** Slopes below are none in float32. */
    private static final double LEAST = 1e-30;

    /** The s with bend(s) = y. */
    static Tensor unbend(Tensor y, Tensor m) {
        Tensor reach = m.sub(1).abs();
        Shape shape = y.add(m).shape();
        Tensor full = y.broadcastTo(shape);
        return Roots.solve((s, p) -> bend(s, p[0]), full, full.sub(reach), full.add(reach), m);
    }

    private record Map(Tensor u, Tensor w, Tensor b) implements Bijection {
        @Override
        public Shape inputShape() {
            return w.shape().slice(w.shape().rank() - 1, w.shape().rank());
        }

        /** u moved along w, and 1 + w'u after that. */
        private Tensor[] constrained() {
            Tensor dot = u.mul(w).sum(-1);
            Tensor square = w.square().sum(-1);
            Tensor floored = square.maximum(1e-12);
            Tensor move = dot.softplus().sub(1).sub(dot).div(floored);
            Tensor v = u.add(w.mul(move.expandDims(-1)));
            // the softplus itself, and what the floor leaves of it for a w near zero
            Tensor exact = dot.softplus();
            Tensor m = Tensors.where(
                    square.gt(1e-12), exact, dot.add(move.mul(square)).add(1).maximum(0));
            return new Tensor[] {v, m};
        }

        @Override
        public Mapped forwardAndLogDet(Tensor z) {
            Flows.checkEvent(this, inputShape(), z);
            Tensor[] c = constrained();
            Tensor s = z.mul(w).sum(-1).add(b);
            Tensor x = z.add(c[0].mul(s.tanh().expandDims(-1)));
            return new Mapped(x, bend(s, c[1]).logDet());
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(this, inputShape(), x);
            Tensor[] c = constrained();
            Tensor s = unbend(x.mul(w).sum(-1).add(b), c[1]);
            Tensor z = x.sub(c[0].mul(s.tanh().expandDims(-1)));
            return new Mapped(z, bend(s, c[1]).logDet().neg());
        }

        @Override
        public Bijection stopGradient() {
            return new Map(u.stopGradient(), w.stopGradient(), b.stopGradient());
        }

        @Override
        public String toString() {
            return "planar " + inputShape();
        }
    }
}
