package org.amortis.vi;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Drawn;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Draws from an approximate posterior, weighs the draws and sums the weights in float64 on the host, in blocks of fixed
 * size: any number of data and draws runs the same compiled program. The noise of a datum depends on the seed, its row
 * number and the number of the draw only, so two posteriors of one datum are compared under common noise.
 */
public final class EvidenceEstimator {
    private final Program program;
    private final Params params;
    private final Device device;
    private final Shape datum;
    private final @Nullable GaussianFamily family;
    private final boolean mirrored;
    private final int rows;
    private final int chunk;
    private final int draws;
    private final int latent;

    private EvidenceEstimator(
            LatentModel model,
            Params params,
            TractableVariational q,
            @Nullable GaussianFamily family,
            boolean mirrored,
            TensorType data,
            EvidenceSettings settings,
            Device device) {
        this.params = params;
        this.device = device;
        this.family = family;
        this.mirrored = mirrored;
        this.datum = data.shape().drop(0);
        this.rows = HostRows.even(data.shape().dim(0), settings.rows());
        this.chunk = Math.min(settings.chunk(), settings.draws() + settings.draws() % 2);
        this.draws = (settings.draws() + chunk - 1) / chunk * chunk;
        this.latent = model.latentSize();
        DType dtype = params.spec().dtype();
        Context c = Context.of(
                Tensors.input("x", data.dtype(), datum.insert(0, rows).toArray()));
        if (family != null) {
            c = c.with(GaussianFamily.MEAN, Tensors.input("mean", dtype, rows, latent))
                    .with(
                            GaussianFamily.SCALE,
                            Tensors.input(
                                    "scale",
                                    dtype,
                                    family.scaleShape(latent).insert(0, rows).toArray()));
        }
        Tensor row = Tensors.input("row", DType.I32, rows);
        Tensor part = Tensors.input("part", DType.I32);
        Key key = Key.of(settings.seed()).fold("evidence").fold(part).fold(row);
        Weights p = params.spec().weights();
        Distribution given = q.given(c, p);
        Drawn d = given.sampleAndLogProb(key, mirrored ? chunk / 2 : chunk);
        Tensor z = d.value();
        Tensor logQ = d.logProb();
        if (mirrored) {
            z = Tensors.concat(0, z, given.mean().mul(2).sub(z));
            logQ = Tensors.concat(0, logQ, logQ);
        }
        this.program = Program.of(model.joint(p).given(c).logDensity(z).sub(logQ));
    }

    /**
     * For Gaussians given with the data, such as local fits. Draws come in mirrored pairs.
     *
     * @param model model
     * @param params its parameters
     * @param family family of the Gaussians
     * @param data type of the data [N, ..]; any number of rows can be run, N at a time wastes nothing
     * @param settings settings
     * @param device where to run
     * @return the estimator
     */
    public static EvidenceEstimator local(
            LatentModel model,
            Params params,
            GaussianFamily family,
            TensorType data,
            EvidenceSettings settings,
            Device device) {
        return new EvidenceEstimator(model, params, family.local(), family, true, data, settings, device);
    }

    /**
     * For a posterior that is computed from the data.
     *
     * @param model model
     * @param params parameters of both
     * @param q approximate posterior
     * @param data type of the data [N, ..]; any number of rows can be run, N at a time wastes nothing
     * @param settings settings
     * @param device where to run
     * @return the estimator
     */
    public static EvidenceEstimator amortized(
            LatentModel model,
            Params params,
            TractableVariational q,
            TensorType data,
            EvidenceSettings settings,
            Device device) {
        return new EvidenceEstimator(model, params, q, null, q.symmetric(), data, settings, device);
    }

    /**
     * Estimates under an amortized posterior.
     *
     * @param data observations [N, ..]
     * @return estimates of N rows
     */
    public EvidenceEstimate run(HostArray data) {
        if (family != null) {
            throw new PlanException(
                    "evidence(data=" + data.dtype() + data.shape() + "): made for local Gaussians; give them too");
        }
        return estimate(data, null);
    }

    /**
     * Estimates under given Gaussians.
     *
     * @param data observations [N, ..]
     * @param q one Gaussian for each
     * @return estimates of N rows
     */
    public EvidenceEstimate run(HostArray data, Gaussians q) {
        if (q.family() != family || q.rows() != data.shape().dim(0) || q.latentSize() != latent) {
            throw new PlanException("evidence(data=" + data.dtype() + data.shape() + ", q=" + q + "): made for family "
                    + family + " of d=" + latent + ", one Gaussian for each row");
        }
        return estimate(data, q);
    }

    private EvidenceEstimate estimate(HostArray data, @Nullable Gaussians q) {
        int n = data.shape().dim(0);
        StateStore store = new StateStore();
        store.set(params.spec().flat(), params.flat());
        Runner runner = program.open(device, store);
        double[] elbo = new double[n];
        double[] error = new double[n];
        double[] evidence = new double[n];
        double[] ess = new double[n];
        double[] shape = new double[n];
        double[][] logW = new double[rows][draws];
        for (int from = 0; from < n; from += rows) {
            runner.feed("x", HostRows.block(data, from, rows)).feed("row", HostRows.numbers(from, rows));
            if (q != null) {
                runner.feed("mean", HostRows.block(q.mean(), from, rows));
                runner.feed("scale", HostRows.block(q.scale(), from, rows));
            }
            for (int part = 0; part * chunk < draws; part++) {
                runner.feed("part", HostRows.scalar(part)).run();
                HostArray w = runner.output(0);
                for (int i = 0; i < chunk; i++) {
                    for (int j = 0; j < rows; j++) {
                        logW[j][part * chunk + i] = w.get(i * rows + j);
                    }
                }
            }
            for (int j = 0; j < Math.min(rows, n - from); j++) {
                double[] w = logW[j];
                elbo[from + j] = LogWeights.mean(w);
                error[from + j] = LogWeights.standardError(w, mirrored ? chunk / 2 : 0, chunk);
                evidence[from + j] = LogWeights.logMeanExp(w);
                ess[from + j] = LogWeights.effectiveSamples(w);
                shape[from + j] = LogWeights.paretoShape(w);
            }
        }
        return new EvidenceEstimate(elbo, error, evidence, ess, shape);
    }

    /**
     * Number of draws for each datum: what was asked for, rounded up to whole chunks.
     *
     * @return draws
     */
    public int draws() {
        return draws;
    }
}
