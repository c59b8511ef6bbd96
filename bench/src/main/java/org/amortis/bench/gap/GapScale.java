package org.amortis.bench.gap;

import java.util.Locale;
import org.amortis.diagnose.CertificateSettings;
import org.amortis.diagnose.GapSettings;
import org.amortis.vi.AnnealedSettings;
import org.amortis.vi.EvidenceSettings;
import org.amortis.vi.LocalFitSettings;

/**
 * How much of everything.
 *
 * @param size which audit
 * @param epochs passes over the training images
 * @param warmUpEpochs epochs over which the factor of log q rises from 0 to 1
 * @param batch images in a step
 * @param trainImages at most so many training images are audited
 * @param testImages at most so many test images are audited
 * @param block images audited between two saves
 */
record GapScale(Size size, int epochs, int warmUpEpochs, int batch, int trainImages, int testImages, int block) {
    /** Stages of the published learning rate: 1, 3, 9, .. epochs, together 3,280. */
    static final int STAGES = 8;

    /** Room for the seeds of an audit. */
    private static final long SEEDS = 16;

    /** Which audit, and which learning rates. */
    enum Size {
        /** To see that all parts work. */
        QUICK,
        /** Minutes. */
        DEFAULT,
        /** As published. */
        FULL
    }

    static GapScale quick() {
        return new GapScale(Size.QUICK, 10, 3, 100, 40, 40, 40);
    }

    /**
     * Gaps of test images scatter by some 11 nats, those of training images by 2: to know both means to 0.3 nats takes many
     * more of the former.
     */
    static GapScale standard() {
        return new GapScale(Size.DEFAULT, 100, 20, 100, 200, 2000, 500);
    }

    static GapScale full() {
        return new GapScale(Size.FULL, 3280, 400, 100, 1000, 1000, 100);
    }

    GapScale images(int n) {
        return new GapScale(size, epochs, warmUpEpochs, batch, n, n, Math.min(block, n));
    }

    GapScale epochs(int n) {
        return new GapScale(size, n, Math.min(warmUpEpochs, n / 2), batch, trainImages, testImages, block);
    }

    boolean published() {
        return size == Size.FULL;
    }

    /**
     * The audit of one block of images.
     *
     * @param seed of the study
     * @param blockNumber blocks have their own noise
     */
    GapSettings audit(long seed, int blockNumber) {
        long s = seed * 1_000_003L + blockNumber * SEEDS;
        return switch (size) {
            case QUICK -> GapSettings.quick(s);
            case DEFAULT -> standardAudit(s);
            case FULL -> GapSettings.published(s);
        };
    }

    /**
     * Within 0.02 nats of fits of ten times the steps for diagonal Gaussians, within 0.06 for those of any covariance; see
     * the notes.
     */
    private static GapSettings standardAudit(long s) {
        return new GapSettings(
                LocalFitSettings.standard().seed(s).steps(8, 200, 100, 25),
                LocalFitSettings.standard().seed(s + 1).steps(16, 100, 100, 25),
                EvidenceSettings.of(500, s + 2),
                EvidenceSettings.of(1000, s + 3),
                AnnealedSettings.anchored(8, 30, s + 4),
                CertificateSettings.standard(s + 5));
    }

    /**
     * Work of the audit of one image, in decodings without gradient. A fit rarely takes all its steps at the first
     * learning rate; half is what they take on average.
     *
     * @param latents size of z
     */
    double decodings(int latents) {
        GapSettings a = audit(1, 0);
        double diagonal = 2.0 * a.diagonal().raceSteps()
                + 0.5 * a.diagonal().highSteps()
                + a.diagonal().lowSteps();
        double full = 0.5 * a.full().highSteps() + a.full().lowSteps();
        double fits = 2 * (diagonal * a.diagonal().samples() + full * a.full().samples());
        double chains = 2.0
                * a.annealed().chains()
                * a.annealed().temperatures()
                * a.annealed().hmc().leapfrog();
        double curvature = 4.0 * latents * a.certificate().samples();
        return fits
                + chains
                + curvature
                + a.evidence().draws()
                + 3.0 * a.bound().draws();
    }

    /** The audit of the linear Gaussian model: cheap enough for many steps and draws. */
    static GapSettings linear(long seed, boolean quick) {
        long s = seed * 1_000_003L;
        LocalFitSettings fit = LocalFitSettings.standard()
                .seed(s)
                .steps(32, quick ? 600 : 2000, quick ? 400 : 1000, 100)
                .plateau(50, 1e-3, 5);
        return new GapSettings(
                fit,
                fit.seed(s + 1),
                EvidenceSettings.of(quick ? 500 : 2000, s + 2),
                EvidenceSettings.of(quick ? 1000 : 5000, s + 3),
                AnnealedSettings.anchored(16, quick ? 20 : 50, s + 4),
                CertificateSettings.standard(s + 5));
    }

    String describe() {
        GapSettings a = audit(1, 0);
        return String.format(
                Locale.ROOT,
                "%s: %d epochs of batches of %d, %s, entropy warm-up over %d epochs; up to %d + %d images; log"
                        + " p(x) by %d draws from the best Gaussian and by %d chains over %d temperatures from there",
                size.name().toLowerCase(Locale.ROOT),
                epochs,
                batch,
                published() ? "published learning rates" : "learning rate 1e-3 falling to 1e-4",
                warmUpEpochs,
                trainImages,
                testImages,
                a.evidence().draws(),
                a.annealed().chains(),
                a.annealed().temperatures());
    }
}
