package org.amortis.cuda;

import org.amortis.array.Precision;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.spi.Accelerator;
import org.amortis.spi.BackendProvider;
import org.amortis.spi.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Offers NVIDIA GPUs where there are some, and otherwise says why not. Loads without JCuda: no field, signature or static
 * initialiser here or in {@link Availability} names its types.
 */
public final class CudaProvider implements BackendProvider {
    /** For the service loader. */
    public CudaProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public @Nullable String unavailable() {
        return Availability.firstFailure();
    }

    @Override
    public @Nullable Loops loops() {
        return null;
    }

    @Override
    public boolean isAccelerator() {
        return true;
    }

    @Override
    public int accelerators() {
        return Opening.count();
    }

    @Override
    public Accelerator accelerator(int index, Precision precision) {
        int n = accelerators();
        if (index < 0 || index >= n) {
            throw new UnsupportedOnBackend("cuda(" + index + "): there are " + n + " devices, from 0");
        }
        return Opening.open(index, precision);
    }

    /** What names JCuda, loaded when it is there. */
    private static final class Opening {
        static int count() {
            return Math.max(0, JCudaDriverCalls.devices());
        }

        static Accelerator open(int index, Precision precision) {
            try {
                return new CudaDevice(new JCudaDriverCalls(index), precision);
            } catch (DriverException e) {
                String what = "cuda(" + index + "): " + e.getMessage();
                throw new UnsupportedOnBackend(
                        switch (e.kind()) {
                            case BUSY ->
                                what + "; another process has the GPU for itself: wait for it or choose another device";
                            case OUT_OF_MEMORY -> what + "; the GPU's memory is full: other processes use it";
                            default -> what;
                        },
                        e);
            }
        }
    }
}
