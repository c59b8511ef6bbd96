package org.amortis.spi;

import org.amortis.array.Precision;
import org.jspecify.annotations.Nullable;

/**
 * Found by ServiceLoader. Has no type of an optional module in fields, signatures or static initialisers, so that it can
 * be loaded and say why it cannot be used.
 */
public interface BackendProvider {
    /**
     * Name that users ask for: "simd", "cuda".
     *
     * @return short lower-case name
     */
    String name();

    /**
     * Why the backend cannot be used here.
     *
     * @return one line with what to do, or null if it can be used
     */
    @Nullable
    String unavailable();

    /**
     * The loops of a CPU backend. Called only if {@link #unavailable} is null.
     *
     * @return the loops, or null if this is no CPU backend
     */
    @Nullable
    Loops loops();

    /**
     * Whether it offers devices that execute plans in memory of their own, instead of loops.
     *
     * @return true for a GPU
     */
    default boolean isAccelerator() {
        return false;
    }

    /**
     * How many devices it has that execute plans in memory of their own. Called only if {@link #unavailable} is null.
     *
     * @return 0 for a CPU backend
     */
    default int accelerators() {
        return 0;
    }

    /**
     * Opens a device. Called only if {@link #unavailable} is null.
     *
     * @param index which, below {@link #accelerators}
     * @param precision what products may be computed in
     * @return the device
     * @throws org.amortis.array.UnsupportedOnBackend if it cannot be opened
     */
    default Accelerator accelerator(int index, Precision precision) {
        throw new org.amortis.array.UnsupportedOnBackend(
                "backend " + name() + " has no device " + index + "; it has " + accelerators());
    }
}
