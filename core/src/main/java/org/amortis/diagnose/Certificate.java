package org.amortis.diagnose;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.grad.Gradients;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;
import org.amortis.vi.GaussianFamily;
import org.amortis.vi.Gaussians;
import org.amortis.vi.LatentModel;

/**
 * Predicts the amortization gap of a diagonal Gaussian without a fit. With g the gradient of the bound with respect to
 * the mean and Lambda the mean curvature E[-d2 log p(x, z)] under q, both estimated with the same mirrored draws:
 * 0.5 g' Lambda^-1 g for the mean and 0.5 sum (v L - 1 - log(v L)), L the diagonal of Lambda, for the variances. Exact
 * where the posterior is Gaussian.
 */
public final class Certificate {
    /** Smallest v L taken: below it curvature was not measured but noise. */
    private static final double LEAST_RATIO = 1e-3;

    private final Program program;
    private final Params params;
    private final Device device;
    private final DType dtype;
    private final int rows;
    private final int latent;
    private final int columns;
    private final double floor;

    /**
     * The prediction for each datum, in its two parts.
     */
    public static final class Prediction {
        private final double[] mean;
        private final double[] variance;

        private Prediction(double[] mean, double[] variance) {
            this.mean = mean;
            this.variance = variance;
        }

        /**
         * What better means would gain.
         *
         * @return copy, nats for each datum
         */
        public double[] mean() {
            return mean.clone();
        }

        /**
         * What better variances would gain.
         *
         * @return copy, nats for each datum
         */
        public double[] variance() {
            return variance.clone();
        }

        /**
         * The predicted gap.
         *
         * @return sum of both parts, nats for each datum
         */
        public double[] total() {
            double[] t = mean.clone();
            for (int i = 0; i < t.length; i++) {
                t[i] += variance[i];
            }
            return t;
        }
    }

    /**
     * Compiles.
     *
     * @param model model
     * @param params its parameters
     * @param data type of the data [N, ..]; N is not used
     * @param settings settings
     * @param device where to run
     */
    public Certificate(LatentModel model, Params params, TensorType data, CertificateSettings settings, Device device) {
        this.params = params;
        this.device = device;
        this.dtype = params.spec().dtype();
        this.rows = settings.rows();
        this.latent = model.latentSize();
        this.columns = Math.min(settings.columns(), latent);
        this.floor = settings.leastCurvature();
        Tensor x = Tensors.input(
                "x", data.dtype(), data.shape().drop(0).insert(0, rows).toArray());
        Tensor mean = Tensors.input("mean", dtype, rows, latent);
        Tensor scale = Tensors.input("scale", dtype, rows, latent);
        Tensor row = Tensors.input("row", DType.I32, rows);
        Tensor direction = Tensors.input("direction", dtype, columns, latent);
        Distribution q = GaussianFamily.DIAGONAL.of(mean, scale);
        Key key = Key.of(settings.seed()).fold("certificate").fold(row);
        Tensor half = q.sampleAndLogProb(key, settings.samples() / 2).value();
        Tensor z = Tensors.concat(0, half, mean.mul(2).sub(half));
        Tensor joint = model.joint(params.spec().weights())
                .given(Context.of(x))
                .logDensity(z)
                .sum();
        Tensor g = Gradients.of(joint, z);
        List<Tensor> outputs = new ArrayList<>();
        outputs.add(g.mean(0));
        for (int j = 0; j < columns; j++) {
            // draws do not see each other: the gradient of g . v is the Hessian of each times v
            Tensor along = g.mul(direction.at(0, j)).sum();
            outputs.add(Gradients.orZeros(along, List.of(z)).get(0).mean(0).neg());
        }
        this.program = Program.of(outputs.toArray(Tensor[]::new));
    }

    /**
     * Predicts.
     *
     * @param data observations [N, ..]
     * @param q what the encoder gives for them, diagonal
     * @return predictions for N rows
     */
    public Prediction run(HostArray data, Gaussians q) {
        int n = data.shape().dim(0);
        if (q.family() != GaussianFamily.DIAGONAL || q.rows() != n || q.latentSize() != latent) {
            throw new PlanException("certificate(data=" + data.dtype() + data.shape() + ", q=" + q
                    + "): needs one diagonal Gaussian of d=" + latent + " for each row");
        }
        StateStore store = new StateStore();
        store.set(params.spec().flat(), params.flat());
        Runner r = program.open(device, store);
        double[] meanPart = new double[n];
        double[] variancePart = new double[n];
        double[][] curvature = new double[rows][latent * latent];
        for (int from = 0; from < n; from += rows) {
            int count = Math.min(rows, n - from);
            r.feed("x", block(data, from)).feed("mean", block(q.mean(), from));
            r.feed("scale", block(q.scale(), from)).feed("row", numbers(from));
            HostArray g = HostArray.zeros(dtype, Shape.of(rows, latent));
            for (int c = 0; c < latent; c += columns) {
                r.feed("direction", directions(c)).run();
                g = r.output(0);
                for (int j = 0; j < columns && c + j < latent; j++) {
                    HostArray h = r.output(1 + j);
                    for (int i = 0; i < count; i++) {
                        for (int k = 0; k < latent; k++) {
                            curvature[i][(c + j) * latent + k] = h.get(i * latent + k);
                        }
                    }
                }
            }
            for (int i = 0; i < count; i++) {
                meanPart[from + i] = decrement(curvature[i], g, i);
                variancePart[from + i] = variance(curvature[i], q.scale(), from + i);
            }
        }
        return new Prediction(meanPart, variancePart);
    }

    /** 0.5 g' H^-1 g, with curvature below the floor raised to it: far from the optimum H need not be positive. */
    private double decrement(double[] curvature, HostArray g, int row) {
        double[] h = new double[latent * latent];
        for (int i = 0; i < latent; i++) {
            for (int j = 0; j < latent; j++) {
                h[i * latent + j] = (curvature[i * latent + j] + curvature[j * latent + i]) / 2;
            }
        }
        double[] v = Symmetric.eigen(h, latent);
        double s = 0;
        for (int k = 0; k < latent; k++) {
            double along = 0;
            for (int i = 0; i < latent; i++) {
                along += v[i * latent + k] * g.get(row * latent + i);
            }
            s += along * along / Math.max(h[k * latent + k], floor);
        }
        return s / 2;
    }

    private double variance(double[] curvature, HostArray logStd, int row) {
        double s = 0;
        for (int j = 0; j < latent; j++) {
            double ratio = Math.exp(2 * logStd.get(row * latent + j)) * curvature[j * latent + j];
            ratio = Math.max(ratio, LEAST_RATIO);
            s += ratio - 1 - Math.log(ratio);
        }
        return s / 2;
    }

    private HostArray directions(int first) {
        HostArray d = HostArray.zeros(dtype, Shape.of(columns, latent));
        for (int j = 0; j < columns; j++) {
            int at = j * latent + Math.min(first + j, latent - 1);
            switch (dtype) {
                case F32 -> d.floats()[at] = 1;
                default -> d.doubles()[at] = 1;
            }
        }
        return d;
    }

    private HostArray block(HostArray a, int from) {
        HostArray b = HostArray.zeros(a.dtype(), a.shape().with(0, rows));
        int n = a.shape().dim(0);
        int w = a.shape().size() / n;
        for (int i = 0; i < rows; i++) {
            int at = Math.min(from + i, n - 1) * w;
            switch (a.dtype()) {
                case F32 -> System.arraycopy(a.floats(), at, b.floats(), i * w, w);
                case F64 -> System.arraycopy(a.doubles(), at, b.doubles(), i * w, w);
                default -> System.arraycopy(a.ints(), at, b.ints(), i * w, w);
            }
        }
        return b;
    }

    private HostArray numbers(int from) {
        int[] a = new int[rows];
        for (int i = 0; i < rows; i++) {
            a[i] = from + i;
        }
        return HostArray.wrap(a, Shape.of(rows));
    }
}
