package org.amortis.langevin;

import static org.amortis.testing.Formulas.f64;

import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** The two-dimensional Gaussian case with given noise, for which values and gradients are known to ten digits. */
final class Fixed {
    static final double[] C = {1, -1};

    private Fixed() {}

    /** log g = -(x - c)' P (x - c) / 2 with P = [[2, .5], [.5, 1]]. */
    static final LogDensity TARGET = x -> {
        Tensor e = x.sub(f64(C));
        Tensor p = f64(Shape.of(2, 2), 2, .5, .5, 1);
        Tensor y = e.reshape(x.shape().size() / 2, 2).matmul(p).reshape(x.shape());
        return e.mul(y).sum(-1).mul(-.5);
    };

    static final double LOG_Z = 1.558069172442;

    /** Noise of one path, the second half of OBABO of its own. */
    static final Noise NOISE = new Noise() {
        @Override
        public Tensor start(Shape shape) {
            return f64(Shape.of(1, 2), .5, -1);
        }

        @Override
        public Tensor momentum(Shape shape) {
            return f64(Shape.of(1, 2), .2, .4);
        }

        @Override
        public Tensor step(Tensor k, int draw, Shape shape) {
            Tensor all =
                    draw == 0 ? f64(Shape.of(2, 1, 2), -.7, .3, 1.1, -.6) : f64(Shape.of(2, 1, 2), .4, -.9, -.2, .8);
            return all.gather(0, k);
        }
    };

    /** n(x, k) = .1 (k + 1) (x_2, -x_1) without, .1 (k + 1) (x + v/2) with momentum, times a factor. */
    record Net(double factor) implements Control {
        @Override
        public Tensor times(Weights p, int steps) {
            Tensor k = Tensors.iota(Shape.of(steps + 1, 1), 0);
            return k.add(1).cast(p.dtype()).mul(.1 * factor);
        }

        @Override
        public Tensor apply(Weights p, ControlInput in) {
            Tensor x = in.x();
            Tensor y = in.hasMomentum()
                    ? x.add(in.v().mul(.5))
                    : Tensors.concat(-1, x.slice(-1, 1, 2), x.slice(-1, 0, 1).neg());
            return y.mul(in.time());
        }
    }
}
