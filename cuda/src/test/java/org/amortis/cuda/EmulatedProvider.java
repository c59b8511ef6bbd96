package org.amortis.cuda;

import java.util.function.Supplier;
import org.amortis.array.Precision;
import org.amortis.spi.Accelerator;
import org.amortis.spi.BackendProvider;
import org.amortis.spi.Loops;
import org.jspecify.annotations.Nullable;

/** Offers the emulated device to tests that name it. */
public final class EmulatedProvider implements BackendProvider {
    /** Makes the driver of the next device. */
    static Supplier<EmulatedDriver> drivers = EmulatedDriver::new;

    /** For the service loader. */
    public EmulatedProvider() {}

    @Override
    public String name() {
        return "emulated";
    }

    @Override
    public @Nullable String unavailable() {
        return null;
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
    public Accelerator accelerator(int index, Precision precision) {
        return new CudaDevice(drivers.get(), precision);
    }
}
