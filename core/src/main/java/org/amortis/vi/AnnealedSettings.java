package org.amortis.vi;

import org.amortis.array.PlanException;
import org.amortis.mc.HmcSettings;

/**
 * Settings of annealed importance sampling.
 *
 * @param chains chains for each datum
 * @param temperatures number of temperatures T
 * @param delta 0 for equal steps, else a sigmoidal path of this width
 * @param hmc the transition
 * @param rows data in one run of the program
 * @param seed of the noise
 */
public record AnnealedSettings(int chains, int temperatures, double delta, HmcSettings hmc, int rows, long seed) {
    /** Chains in one run unless set: products of a few hundred rows run at full speed. */
    private static final int LANES = 512;

    /** Checks the numbers. */
    public AnnealedSettings {
        if (chains < 1 || temperatures < 1 || rows < 1 || !(delta >= 0)) {
            throw new PlanException("annealed(chains=" + chains + ", temperatures=" + temperatures + ", delta=" + delta
                    + ", rows=" + rows + "): at least 1 of each, delta not negative");
        }
    }

    /**
     * For chains that start at a local fit.
     *
     * @param chains chains for each datum
     * @param temperatures number of temperatures
     * @param seed of the noise
     * @return settings
     */
    public static AnnealedSettings anchored(int chains, int temperatures, long seed) {
        return new AnnealedSettings(
                chains, temperatures, 0, HmcSettings.whitened(), Math.max(1, LANES / Math.max(1, chains)), seed);
    }

    /**
     * For chains that start at the prior.
     *
     * @param chains chains for each datum
     * @param temperatures number of temperatures
     * @param seed of the noise
     * @return settings
     */
    public static AnnealedSettings prior(int chains, int temperatures, long seed) {
        return new AnnealedSettings(
                chains, temperatures, 0, HmcSettings.prior(), Math.max(1, LANES / Math.max(1, chains)), seed);
    }

    /**
     * With another transition.
     *
     * @param settings the transition
     * @return a copy
     */
    public AnnealedSettings hmc(HmcSettings settings) {
        return new AnnealedSettings(chains, temperatures, delta, settings, rows, seed);
    }

    /**
     * With another number of data in one run.
     *
     * @param n how many
     * @return a copy
     */
    public AnnealedSettings rows(int n) {
        return new AnnealedSettings(chains, temperatures, delta, hmc, n, seed);
    }
}
