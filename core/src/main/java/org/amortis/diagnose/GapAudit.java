package org.amortis.diagnose;

import java.util.function.Consumer;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.TensorType;
import org.amortis.vi.AnnealedEstimate;
import org.amortis.vi.AnnealedEvidence;
import org.amortis.vi.EvidenceEstimate;
import org.amortis.vi.EvidenceEstimator;
import org.amortis.vi.GaussianFamily;
import org.amortis.vi.Gaussians;
import org.amortis.vi.LatentModel;
import org.amortis.vi.LocalFit;
import org.amortis.vi.TractableVariational;

/**
 * Splits each datum's inference gap into what the family of q cannot reach and what the encoder misses of it (Cremer, Li
 * and Duvenaud 2018). The model is held fixed.
 *
 * <pre>{@code
 * GapAudit audit = new GapAudit(vae, vae.posterior(), params, type, GapSettings.standard(1), device);
 * GapReport report = audit.on(heldOut);
 * }</pre>
 */
public final class GapAudit {
    private final TractableVariational posterior;
    private final Params params;
    private final Device device;
    private final GapSettings settings;
    private final Shape datum;
    private final LocalFit fitDiagonal;
    private final LocalFit fitFull;
    private final EvidenceEstimator amortized;
    private final EvidenceEstimator diagonal;
    private final EvidenceEstimator full;
    private final EvidenceEstimator proposal;
    private final AnnealedEvidence annealed;
    private final Certificate certificate;

    /**
     * Compiles all that the audit runs.
     *
     * @param model model
     * @param posterior encoder; its mean and variance are where local fits start
     * @param params parameters of both
     * @param data type of the data [N, ..]; any number of rows can be audited, N at a time wastes nothing
     * @param settings settings
     * @param device where to run
     */
    public GapAudit(
            LatentModel model,
            TractableVariational posterior,
            Params params,
            TensorType data,
            GapSettings settings,
            Device device) {
        this.posterior = posterior;
        this.params = params;
        this.device = device;
        this.settings = settings;
        this.datum = data.shape().drop(0);
        this.fitDiagonal = new LocalFit(model, params, GaussianFamily.DIAGONAL, data, settings.diagonal(), device);
        this.fitFull = new LocalFit(model, params, GaussianFamily.FULL, data, settings.full(), device);
        this.amortized = EvidenceEstimator.amortized(model, params, posterior, data, settings.bound(), device);
        this.diagonal = EvidenceEstimator.local(model, params, GaussianFamily.DIAGONAL, data, settings.bound(), device);
        this.full = EvidenceEstimator.local(model, params, GaussianFamily.FULL, data, settings.bound(), device);
        this.proposal = EvidenceEstimator.local(model, params, GaussianFamily.FULL, data, settings.evidence(), device);
        this.annealed = new AnnealedEvidence(model, params, GaussianFamily.FULL, data, settings.annealed(), device);
        this.certificate = new Certificate(model, params, data, settings.certificate(), device);
    }

    /**
     * Audits data.
     *
     * @param data observations [N, ..]
     * @return the gaps of N data
     * @throws ShapeException if there are no data or their shape is another
     */
    public GapReport on(HostArray data) {
        return on(data, step -> {});
    }

    /**
     * Audits data and says what it is about to do.
     *
     * @param data observations [N, ..]
     * @param progress told the name of each part before it runs
     * @return the gaps of N data
     * @throws ShapeException if there are no data or their shape is another
     */
    public GapReport on(HostArray data, Consumer<String> progress) {
        Shape s = data.shape();
        if (s.rank() == 0 || s.dim(0) == 0 || !s.drop(0).equals(datum)) {
            throw new ShapeException("gapAudit(data=" + data.dtype() + s + "): needs at least one row of " + datum);
        }
        int n = s.dim(0);
        progress.accept("encoder");
        Gaussians encoded =
                Gaussians.encode(posterior, params, data, settings.bound().rows(), device);
        EvidenceEstimate own = amortized.run(data);
        progress.accept("certificate");
        double[] predicted = certificate.run(data, encoded).total();
        progress.accept("best diagonal Gaussian");
        Gaussians prior =
                Gaussians.standard(GaussianFamily.DIAGONAL, params.spec().dtype(), n, encoded.latentSize());
        Gaussians bestDiagonal = fitDiagonal.run(data, encoded, prior, diagonal);
        EvidenceEstimate ofDiagonal = diagonal.run(data, bestDiagonal);
        progress.accept("best Gaussian");
        Gaussians bestFull = fitFull.run(data, bestDiagonal.toFull());
        EvidenceEstimate ofFull = full.run(data, bestFull);
        progress.accept("importance weights");
        EvidenceEstimate weights = proposal.run(data, bestFull);
        progress.accept("annealing");
        AnnealedEstimate chains = annealed.run(data, bestFull);
        return new GapReport(
                weights.logEvidence(),
                weights.effectiveSamples(),
                chains.logEvidence(),
                chains.spread(),
                own.elbo(),
                ofDiagonal.elbo(),
                ofFull.elbo(),
                predicted);
    }
}
