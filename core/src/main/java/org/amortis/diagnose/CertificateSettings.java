package org.amortis.diagnose;

import org.amortis.array.PlanException;

/**
 * Settings of the certificate.
 *
 * @param samples draws for each datum, even: mirrored pairs
 * @param rows data in one run of the program
 * @param columns columns of the curvature in one run of the program
 * @param leastCurvature curvature of directions that are flatter; 1 for a standard normal prior, which adds as much to
 *     any likelihood that is concave in what the decoder gives
 * @param seed of the noise
 */
public record CertificateSettings(int samples, int rows, int columns, double leastCurvature, long seed) {
    /** Checks the numbers. */
    public CertificateSettings {
        if (samples < 2 || samples % 2 != 0 || rows < 1 || columns < 1 || !(leastCurvature > 0)) {
            throw new PlanException("certificate(samples=" + samples + ", rows=" + rows + ", columns=" + columns
                    + ", leastCurvature=" + leastCurvature + "): samples even and at least 2, the rest positive");
        }
    }

    /**
     * Eight draws.
     *
     * @param seed of the noise
     * @return settings
     */
    public static CertificateSettings standard(long seed) {
        return new CertificateSettings(8, 32, 5, 1, seed);
    }
}
