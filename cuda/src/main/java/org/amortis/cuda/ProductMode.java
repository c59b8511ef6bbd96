package org.amortis.cuda;

import java.util.Locale;
import org.amortis.array.Precision;

/**
 * How products of floats are computed on a device.
 *
 * @param clusters whether blocks can exchange sums
 * @param library precision of the library's
 * @param own precision of the own kernels
 */
record ProductMode(boolean clusters, Precision library, Precision own) {
    /** Capabilities from which on blocks can form clusters, and tensor cores take TF32 and BF16. */
    private static final int CLUSTERS = 90;

    private static final int TENSOR_CORES = 80;

    /** What a device of a capability can of what is asked for. */
    static ProductMode of(int capability, Precision asked) {
        return new ProductMode(capability >= CLUSTERS, asked, capability >= TENSOR_CORES ? asked : Precision.FP32);
    }

    boolean tensorCores() {
        return own != Precision.FP32;
    }

    /** What the names of kernels begin with. */
    String prefix() {
        return tensorCores() ? "am_" + own.name().toLowerCase(Locale.ROOT) + "_" : "am_";
    }
}
