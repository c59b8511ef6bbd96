package org.amortis.flow;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x = C u + mean with the mean and the lower triangular Cholesky factor C of the covariance of the training data: a flow
 * that is followed by it starts at the normal density of that mean and covariance. Element i of u is what element i of x
 * has that a linear regression on the elements before it does not predict, so that the order of elements keeps its
 * meaning. Numbers are stored among the parameters and are not trained, as those of a {@link Standardiser}. The identity
 * until {@link #fit}.
 */
public final class Whitening implements Flow {
    /** Rows of a pass over the covariance. */
    private static final int ROWS = 4;

    private final String path;
    private final int size;

    private Whitening(String path, int size) {
        this.path = path;
        this.size = size;
    }

    /**
     * A layer.
     *
     * @param at where "mean" [D], "factor" and "inverse" [D, D] go
     * @param size D
     * @return the layer
     */
    public static Whitening of(ParamScope at, int size) {
        Shape square = Shape.of(size, size);
        Initializer identity = (key, dtype, shape, fans) -> LinearAlgebra.eye(dtype, size);
        at.declare("mean", Shape.of(size), Initializer.zeros());
        at.declare("factor", square, identity);
        at.declare("inverse", square, identity);
        return new Whitening(at.path(), size);
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
        Tensor factor = fixed.get(path + "/factor");
        Tensor logDet = LinearAlgebra.diagonal(factor).log().sum();
        return new LinearMap(
                toString(),
                factor,
                fixed.get(path + "/inverse"),
                logDet,
                fixed.get(path + "/mean"),
                () -> given(fixed, null));
    }

    /**
     * Sets mean and factor from data, computed in double.
     *
     * @param params numbers, changed
     * @param x data [n, size], more rows than columns, finite
     * @throws ShapeException if the data do not fit, are not finite, or lie in a plane of fewer dimensions: their density
     *     is infinite
     */
    public void fit(Params params, HostArray x) {
        int n = x.shape().rank() == 2 ? x.shape().dim(0) : 0;
        if (n < 2 || x.shape().dim(1) != size) {
            throw new ShapeException(this + ".fit: data " + x.shape() + " are not [2 or more, " + size + "]");
        }
        double[] mean = new double[size];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < size; j++) {
                mean[j] += (x.get(i * size + j) - mean[j]) / (i + 1);
            }
        }
        double[][] c = covariance(x, n, mean);
        double[] variances = new double[size];
        for (int j = 0; j < size; j++) {
            variances[j] = c[j][j];
            if (!Double.isFinite(mean[j]) || !Double.isFinite(variances[j])) {
                throw new ShapeException(this + ".fit: column " + j + " is not finite");
            }
        }
        factorise(c, variances);
        Shape square = Shape.of(size, size);
        params.set(
                path + "/mean",
                HostArray.wrap(mean, Shape.of(size)).cast(params.spec().dtype()));
        params.set(
                path + "/factor",
                HostArray.wrap(flat(c), square).cast(params.spec().dtype()));
        params.set(
                path + "/inverse",
                HostArray.wrap(flat(inverse(c)), square).cast(params.spec().dtype()));
    }

    /** The lower triangle of the covariance. */
    private double[][] covariance(HostArray x, int n, double[] mean) {
        double[][] c = new double[size][size];
        double[][] rows = new double[ROWS][size];
        for (int from = 0; from < n; from += ROWS) {
            for (int r = 0; r < ROWS; r++) {
                for (int j = 0; j < size; j++) {
                    rows[r][j] = from + r < n ? x.get((from + r) * size + j) - mean[j] : 0;
                }
            }
            for (int i = 0; i < size; i++) {
                add(c[i], rows, i);
            }
        }
        for (double[] row : c) {
            for (int j = 0; j < size; j++) {
                row[j] /= n;
            }
        }
        return c;
    }

    private static void add(double[] to, double[][] rows, int i) {
        double[] a = rows[0];
        double[] b = rows[1];
        double[] c = rows[2];
        double[] d = rows[3];
        double ai = a[i];
        double bi = b[i];
        double ci = c[i];
        double di = d[i];
        for (int j = 0; j <= i; j++) {
            to[j] += ai * a[j] + bi * b[j] + ci * c[j] + di * d[j];
        }
    }

    /** The Cholesky factor in place of the lower triangle, zeros above it. */
    private void factorise(double[][] c, double[] variances) {
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double s = c[i][j];
                for (int k = 0; k < j; k++) {
                    s -= c[i][k] * c[j][k];
                }
                if (j < i) {
                    c[i][j] = s / c[j][j];
                } else if (s > 1e-12 * variances[i]) {
                    c[i][i] = Math.sqrt(s);
                } else {
                    throw new ShapeException(this + ".fit: column " + i + " is a linear combination of those before it"
                            + " (variance " + variances[i] + ", of which " + s
                            + " remains), so it has no density; drop it, or add noise");
                }
            }
            Arrays.fill(c[i], i + 1, size, 0);
        }
    }

    /** The inverse of a lower triangular matrix. */
    private static double[][] inverse(double[][] c) {
        int n = c.length;
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            double[] row = inverse[i];
            row[i] = 1;
            for (int k = 0; k < i; k++) {
                double f = c[i][k];
                double[] other = inverse[k];
                for (int j = 0; j <= k; j++) {
                    row[j] -= f * other[j];
                }
            }
            for (int j = 0; j <= i; j++) {
                row[j] /= c[i][i];
            }
        }
        return inverse;
    }

    private static double[] flat(double[][] c) {
        int n = c.length;
        double[] flat = new double[n * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(c[i], 0, flat, i * n, n);
        }
        return flat;
    }

    @Override
    public String toString() {
        return "whitening " + path + " [" + size + "]";
    }
}
