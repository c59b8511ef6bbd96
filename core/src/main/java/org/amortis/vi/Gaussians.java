package org.amortis.vi;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Gaussians on the host, one for each datum: what a local fit starts from and ends with. */
public final class Gaussians {
    private final GaussianFamily family;
    private final HostArray mean;
    private final HostArray scale;

    /**
     * By their parameters.
     *
     * @param family what the scale means
     * @param mean [N, d], not copied
     * @param scale free parameters [N, ..], not copied
     */
    public Gaussians(GaussianFamily family, HostArray mean, HostArray scale) {
        Shape m = mean.shape();
        if (m.rank() != 2
                || !scale.shape().equals(Shape.of(m.dim(0)).concat(family.scaleShape(m.dim(1))))
                || mean.dtype() != scale.dtype()) {
            throw new ShapeException("gaussians(" + family + ", mean=" + mean.dtype() + m + ", scale=" + scale.dtype()
                    + scale.shape() + "): needs [N, d] and [N] with the shape of the family's scale");
        }
        this.family = family;
        this.mean = mean;
        this.scale = scale;
    }

    /**
     * Standard normal ones.
     *
     * @param family family
     * @param dtype float type
     * @param rows N
     * @param d size of z
     * @return the Gaussians
     */
    public static Gaussians standard(GaussianFamily family, DType dtype, int rows, int d) {
        return new Gaussians(
                family,
                HostArray.zeros(dtype, Shape.of(rows, d)),
                HostArray.zeros(dtype, Shape.of(rows).concat(family.scaleShape(d))));
    }

    /**
     * What an encoder gives: its means and variances.
     *
     * @param q approximate posterior with mean and variance
     * @param params weights
     * @param data observations [N, ..]
     * @param block rows at a time
     * @param device where to run
     * @return diagonal Gaussians
     */
    public static Gaussians encode(TractableVariational q, Params params, HostArray data, int block, Device device) {
        Tensor x = Tensors.input("x", data.dtype(), data.shape().with(0, block).toArray());
        Distribution given = q.given(Context.of(x), params.spec().weights());
        Tensor means = given.mean();
        Program program = Program.of(means, given.variance().log().mul(0.5));
        StateStore store = new StateStore();
        store.set(params.spec().flat(), params.flat());
        Runner r = program.open(device, store);
        int n = data.shape().dim(0);
        HostArray mean = HostRows.zeros(HostArray.zeros(means.dtype(), means.shape()), n);
        HostArray scale = HostRows.zeros(mean, n);
        for (int from = 0; from < n; from += block) {
            // a posterior may answer the same to everything
            if (program.inputs().contains("x")) {
                r.feed("x", HostRows.block(data, from, block));
            }
            r.run();
            HostArray m = r.output(0);
            HostArray s = r.output(1);
            for (int i = 0; i < Math.min(block, n - from); i++) {
                HostRows.copy(m, i, mean, from + i);
                HostRows.copy(s, i, scale, from + i);
            }
        }
        return new Gaussians(GaussianFamily.DIAGONAL, mean, scale);
    }

    /**
     * The same distributions with a full factor.
     *
     * @return Gaussians of the full family
     */
    public Gaussians toFull() {
        if (family == GaussianFamily.FULL) {
            return this;
        }
        int d = latentSize();
        HostArray full = HostArray.zeros(scale.dtype(), Shape.of(rows(), d, d));
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < d; j++) {
                HostRows.put(full, (i * d + j) * d + j, scale.get(i * d + j));
            }
        }
        return new Gaussians(GaussianFamily.FULL, mean.copy(), full);
    }

    /**
     * These where a row is chosen, others elsewhere.
     *
     * @param chosen for each row
     * @param other Gaussians of the same family and size
     * @return new Gaussians
     */
    public Gaussians where(boolean[] chosen, Gaussians other) {
        if (other.family != family || chosen.length != rows() || other.rows() != rows()) {
            throw new ShapeException("where(" + this + ", " + other + ", chosen=" + chosen.length
                    + "): family and number of rows must agree");
        }
        HostArray m = mean.copy();
        HostArray s = scale.copy();
        for (int i = 0; i < chosen.length; i++) {
            if (!chosen[i]) {
                HostRows.copy(other.mean, i, m, i);
                HostRows.copy(other.scale, i, s, i);
            }
        }
        return new Gaussians(family, m, s);
    }

    /**
     * A range of rows.
     *
     * @param from first
     * @param to one past the last
     * @return copies of them
     */
    public Gaussians rows(int from, int to) {
        return new Gaussians(family, HostRows.block(mean, from, to - from), HostRows.block(scale, from, to - from));
    }

    /**
     * Number of Gaussians.
     *
     * @return N
     */
    public int rows() {
        return mean.shape().dim(0);
    }

    /**
     * Size of z.
     *
     * @return d
     */
    public int latentSize() {
        return mean.shape().dim(1);
    }

    /**
     * What the scale means.
     *
     * @return family
     */
    public GaussianFamily family() {
        return family;
    }

    /**
     * Means.
     *
     * @return [N, d], not a copy
     */
    public HostArray mean() {
        return mean;
    }

    /**
     * Free parameters of the scale.
     *
     * @return [N, ..], not a copy
     */
    public HostArray scale() {
        return scale;
    }

    /**
     * Covariance of one of them.
     *
     * @param row which
     * @return d x d values in row-major order
     */
    public double[] covariance(int row) {
        int d = latentSize();
        double[] c = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double s = 0;
                for (int k = 0; k <= j; k++) {
                    s += factor(row, i, k) * factor(row, j, k);
                }
                c[i * d + j] = s;
                c[j * d + i] = s;
            }
        }
        return c;
    }

    private double factor(int row, int i, int k) {
        int d = latentSize();
        if (family == GaussianFamily.DIAGONAL) {
            return i == k ? Math.exp(scale.get(row * d + i)) : 0;
        }
        double v = scale.get((row * d + i) * d + k);
        return i == k ? Math.exp(v) : v;
    }

    @Override
    public String toString() {
        return "Gaussians(" + family + ", N=" + rows() + ", d=" + latentSize() + ")";
    }
}
