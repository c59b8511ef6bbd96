package org.amortis.diagnose;

import org.amortis.array.PlanException;
import org.amortis.vi.AnnealedSettings;
import org.amortis.vi.EvidenceSettings;
import org.amortis.vi.LocalFitSettings;

/**
 * Settings of a gap audit.
 *
 * @param diagonal fit of the best diagonal Gaussian
 * @param full fit of the best Gaussian with any covariance, which starts from the diagonal one
 * @param bound weights for the evidence lower bounds: the same noise for all three posteriors
 * @param evidence weights for log p(x), with the full fit as proposal
 * @param annealed annealing for log p(x), anchored at the full fit
 * @param certificate the prediction without a fit
 */
public record GapSettings(
        LocalFitSettings diagonal,
        LocalFitSettings full,
        EvidenceSettings bound,
        EvidenceSettings evidence,
        AnnealedSettings annealed,
        CertificateSettings certificate) {
    /**
     * For some hundred data.
     *
     * @param seed of all noise
     * @return settings
     */
    public static GapSettings standard(long seed) {
        return new GapSettings(
                LocalFitSettings.standard().seed(seed),
                LocalFitSettings.standard().seed(seed + 1).steps(16, 200, 100, 25),
                EvidenceSettings.of(500, seed + 2),
                EvidenceSettings.of(1000, seed + 3),
                AnnealedSettings.anchored(8, 50, seed + 4),
                CertificateSettings.standard(seed + 5));
    }

    /**
     * For a first look.
     *
     * @param seed of all noise
     * @return settings
     */
    public static GapSettings quick(long seed) {
        return new GapSettings(
                LocalFitSettings.standard().seed(seed).steps(8, 150, 50, 25),
                LocalFitSettings.standard().seed(seed + 1).steps(8, 100, 50, 25),
                EvidenceSettings.of(200, seed + 2),
                EvidenceSettings.of(300, seed + 3),
                AnnealedSettings.anchored(8, 20, seed + 4),
                CertificateSettings.standard(seed + 5));
    }

    /**
     * As published, with anchored annealing of 16 chains and 200 temperatures in place of 10,000 temperatures from the
     * prior.
     *
     * @param seed of all noise
     * @return settings
     */
    public static GapSettings published(long seed) {
        LocalFitSettings fit =
                LocalFitSettings.standard().seed(seed).steps(32, 1000, 500, 150).plateau(50, 0.01, 5);
        return new GapSettings(
                fit,
                fit.seed(seed + 1),
                EvidenceSettings.of(1000, seed + 2),
                EvidenceSettings.of(5000, seed + 3),
                AnnealedSettings.anchored(16, 200, seed + 4),
                CertificateSettings.standard(seed + 5));
    }

    /** Checks that the bounds can share noise. */
    public GapSettings {
        if (bound.draws() < 2) {
            throw new PlanException("gap(bound=" + bound + "): needs draws");
        }
    }
}
