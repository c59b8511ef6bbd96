package org.amortis.mc;

import org.amortis.array.HostArray;

/** Independent exact draws of a target, made on the host. */
@FunctionalInterface
public interface TargetSampler {
    /**
     * Draws.
     *
     * @param n how many
     * @param seed the same seed gives the same draws
     * @return F64 [n, d]
     */
    HostArray sample(int n, long seed);
}
