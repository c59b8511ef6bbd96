package org.amortis.langevin;

import org.amortis.array.Shape;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * An affine function of x and the momentum for each time, zero at first: the best control where q0 and target are
 * Gaussian.
 */
public final class LinearControl implements Control {
    private final int d;
    private final int in;
    private final String table;

    private LinearControl(ParamScope at, int d, boolean momentum, int steps) {
        this.d = d;
        this.in = momentum ? 2 * d : d;
        this.table = at.declare("table", Shape.of(steps + 1, (in + 1) * d), Initializer.zeros());
    }

    /**
     * The control.
     *
     * @param at where parameters go
     * @param d size of x
     * @param momentum whether the path has one
     * @param steps number of kernels K; there are K + 1 times
     * @return control
     */
    public static LinearControl of(ParamScope at, int d, boolean momentum, int steps) {
        return new LinearControl(at, d, momentum, steps);
    }

    @Override
    public Tensor times(Weights p, int steps) {
        return p.get(table);
    }

    @Override
    public Tensor apply(Weights p, ControlInput c) {
        Tensor x = c.hasMomentum() ? Tensors.concat(Tensor.LAST, c.x(), c.v()) : c.x();
        Shape s = x.shape();
        Tensor a = c.time().slice(0, 0, in * d).reshape(in, d);
        Tensor b = c.time().slice(0, in * d, (in + 1) * d);
        return x.reshape(s.size() / in, in).matmul(a).add(b).reshape(s.with(-1, d));
    }

    @Override
    public String toString() {
        return "linear control " + table;
    }
}
