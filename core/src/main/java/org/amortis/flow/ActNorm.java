package org.amortis.flow;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x = u exp(logScale) + shift for each element, the identity at first. {@link Flows#initialise} sets both from a first
 * batch, so that what comes out of the inverse has mean 0 and variance 1 there (Kingma and Dhariwal 2018); nothing
 * depends on data afterwards.
 */
public final class ActNorm implements Flow {
    private final String path;
    private final int size;

    private ActNorm(String path, int size) {
        this.path = path;
        this.size = size;
    }

    /**
     * A layer.
     *
     * @param at where "logScale" and "shift" go
     * @param size elements
     * @return the layer
     */
    public static ActNorm of(ParamScope at, int size) {
        at.declare("logScale", Shape.of(size), Initializer.zeros());
        at.declare("shift", Shape.of(size), Initializer.zeros());
        return new ActNorm(at.path(), size);
    }

    @Override
    public Shape inputShape() {
        return Shape.of(size);
    }

    @Override
    public int contextSize() {
        return 0;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new Map(this, p, p.get(path + "/logScale"), p.get(path + "/shift"));
    }

    /**
     * Sets the parameters such that a batch comes out with mean 0 and variance 1. Elements that do not vary keep scale 1.
     *
     * @param params numbers, changed
     * @param x batch [n, D] on the side of x, or of u if the layer is used inverted
     * @param inverted whether the layer is used inverted
     */
    void fit(Params params, HostArray x, boolean inverted) {
        int n = x.shape().rank() == 2 ? x.shape().dim(0) : 0;
        if (n < 2 || x.shape().dim(1) != size) {
            throw new ShapeException(this + ": first batch " + x.shape() + " is not [2 or more, " + size + "]");
        }
        double[] v = x.toDoubles();
        double[] logScale = new double[size];
        double[] shift = new double[size];
        for (int j = 0; j < size; j++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += v[i * size + j] / n;
            }
            double variance = 0;
            for (int i = 0; i < n; i++) {
                double d = v[i * size + j] - mean;
                variance += d * d / n;
            }
            double log = variance > 0 ? 0.5 * Math.log(variance) : 0;
            if (!Double.isFinite(mean) || !Double.isFinite(log)) {
                throw new ShapeException(this + ": element " + j + " of the first batch is not finite");
            }
            logScale[j] = inverted ? -log : log;
            shift[j] = inverted ? -mean * Math.exp(-log) : mean;
        }
        Shape s = Shape.of(size);
        params.set(path + "/logScale", HostArray.wrap(logScale, s).cast(x.dtype()));
        params.set(path + "/shift", HostArray.wrap(shift, s).cast(x.dtype()));
    }

    @Override
    public String toString() {
        return "actnorm " + path + " [" + size + "]";
    }

    private record Map(ActNorm flow, Weights p, Tensor logScale, Tensor shift) implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.inputShape();
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Flows.checkEvent(flow, inputShape(), u);
            Tensor x = u.mul(logScale.exp()).add(shift);
            return new Mapped(x, logScale.sum().broadcastTo(x.shape().drop(-1)));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(flow, inputShape(), x);
            Tensor u = x.sub(shift).mul(logScale.neg().exp());
            return new Mapped(u, logScale.sum().neg().broadcastTo(u.shape().drop(-1)));
        }

        @Override
        public Bijection stopGradient() {
            return flow.given(p.stopGradient(flow.path), null);
        }
    }
}
