package org.amortis.kernels;

import org.amortis.spi.BackendProvider;
import org.amortis.spi.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Offers the SIMD loops where they can be fast and right, and otherwise says why not. Loads without the incubator module:
 * no field, signature or static initialiser here or in {@link Probes} names a vector type.
 */
public final class SimdProvider implements BackendProvider {
    /** For the service loader. */
    public SimdProvider() {}

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public @Nullable String unavailable() {
        return Probes.firstFailure();
    }

    @Override
    public Loops loops() {
        return new SimdLoops();
    }
}
