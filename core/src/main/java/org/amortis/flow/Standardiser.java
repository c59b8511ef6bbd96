package org.amortis.flow;

import org.amortis.array.DType;
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
 * x = u std + mean with mean and standard deviation of each column of the training data, the last layer of a flow from the
 * base to the data. Both are stored among the parameters, so that a saved model knows them; no gradient flows into them, so
 * that no optimizer changes them unless it adds decay to all parameters. The identity until {@link #fit}.
 */
public final class Standardiser implements Flow {
    private final String path;
    private final int size;

    private Standardiser(String path, int size) {
        this.path = path;
        this.size = size;
    }

    /**
     * A layer.
     *
     * @param at where "mean" and "std" go
     * @param size columns
     * @return the layer
     */
    public static Standardiser of(ParamScope at, int size) {
        at.declare("mean", Shape.of(size), Initializer.zeros());
        at.declare("std", Shape.of(size), Initializer.constant(1));
        return new Standardiser(at.path(), size);
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
        Weights fixed = p.stopGradient(path);
        return new Map(this, fixed.get(path + "/mean"), fixed.get(path + "/std"));
    }

    /**
     * Sets mean and standard deviation from data.
     *
     * @param params numbers, changed
     * @param x data [n, size], at least two rows, finite
     * @throws ShapeException if the data do not fit, are not finite, or a column does not vary: its density is infinite
     */
    public void fit(Params params, HostArray x) {
        int n = x.shape().rank() == 2 ? x.shape().dim(0) : 0;
        if (n < 2 || x.shape().dim(1) != size) {
            throw new ShapeException(this + ".fit: data " + x.shape() + " are not [2 or more, " + size + "]");
        }
        double[] mean = new double[size];
        double[] std = new double[size];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < size; j++) {
                mean[j] += (x.get(i * size + j) - mean[j]) / (i + 1);
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < size; j++) {
                double d = x.get(i * size + j) - mean[j];
                std[j] += d * d / n;
            }
        }
        DType dtype = params.spec().dtype();
        Shape s = Shape.of(size);
        HostArray m = HostArray.wrap(mean, s).cast(dtype);
        HostArray d = HostArray.wrap(std, s);
        for (int j = 0; j < size; j++) {
            double v = Math.sqrt(std[j]);
            d.doubles()[j] = v;
            double stored = dtype == DType.F32 ? (float) v : v;
            if (!Double.isFinite(m.get(j)) || !Double.isFinite(stored)) {
                throw new ShapeException(this + ".fit: column " + j + " is not finite in " + dtype);
            }
            // what rounding alone leaves of a constant column is no variance
            if (!(v > 1e-14 * Math.abs(mean[j])) || !(stored >= Float.MIN_NORMAL)) {
                throw new ShapeException(this + ".fit: column " + j + " does not vary (mean " + mean[j]
                        + ", standard deviation " + v + "), so it has no density; drop it, or add noise");
            }
        }
        params.set(path + "/mean", m);
        params.set(path + "/std", d.cast(dtype));
    }

    /**
     * Data standardised in double and rounded once: what is trained on where the offset of a column is large against its
     * standard deviation, for which float32 has no digits.
     *
     * @param params numbers
     * @param x data [n, size]
     * @return u of the same shape, in the element type of the parameters
     * @throws ShapeException if the data do not fit
     */
    public HostArray standardise(Params params, HostArray x) {
        if (x.shape().rank() != 2 || x.shape().dim(1) != size) {
            throw new ShapeException(this + ".standardise: data " + x.shape() + " are not [n, " + size + "]");
        }
        double[] mean = params.get(path + "/mean").toDoubles();
        double[] std = params.get(path + "/std").toDoubles();
        HostArray u = HostArray.zeros(params.spec().dtype(), x.shape());
        boolean single = u.dtype() == DType.F32;
        for (int i = 0; i < x.shape().size(); i++) {
            double v = (x.get(i) - mean[i % size]) / std[i % size];
            if (single) {
                u.floats()[i] = (float) v;
            } else {
                u.doubles()[i] = v;
            }
        }
        return u;
    }

    /**
     * The logarithm of the determinant, which is the same everywhere: log p(x) = log p(u) - logDet.
     *
     * @param params numbers
     * @return sum of the logarithms of the standard deviations
     */
    public double logDet(Params params) {
        double sum = 0;
        for (double s : params.get(path + "/std").toDoubles()) {
            sum += Math.log(s);
        }
        return sum;
    }

    @Override
    public String toString() {
        return "standardiser " + path + " [" + size + "]";
    }

    private record Map(Standardiser flow, Tensor mean, Tensor std) implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.inputShape();
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Flows.checkEvent(flow, inputShape(), u);
            Tensor x = u.mul(std).add(mean);
            return new Mapped(x, std.log().sum().broadcastTo(x.shape().drop(-1)));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(flow, inputShape(), x);
            Tensor u = x.sub(mean).div(std);
            return new Mapped(u, std.log().sum().neg().broadcastTo(u.shape().drop(-1)));
        }

        /** No gradient flows into it anyway. */
        @Override
        public Bijection stopGradient() {
            return this;
        }
    }
}
