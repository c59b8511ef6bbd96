package org.amortis.vi;

import org.amortis.array.PlanException;

/**
 * Settings of importance weighting.
 *
 * @param draws draws for each datum
 * @param chunk draws for each datum in one run of the program, even
 * @param rows data in one run of the program
 * @param seed of the noise
 */
public record EvidenceSettings(int draws, int chunk, int rows, long seed) {
    /** Checks the numbers. */
    public EvidenceSettings {
        if (draws < 2 || chunk < 2 || chunk % 2 != 0 || rows < 1) {
            throw new PlanException("evidence(draws=" + draws + ", chunk=" + chunk + ", rows=" + rows
                    + "): at least 2 draws, an even chunk and 1 row");
        }
    }

    /**
     * In runs of 50 draws of 16 data.
     *
     * @param draws draws for each datum
     * @param seed of the noise
     * @return settings
     */
    public static EvidenceSettings of(int draws, long seed) {
        return new EvidenceSettings(Math.max(2, draws), 50, 16, seed);
    }
}
