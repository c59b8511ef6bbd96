package org.amortis.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.amortis.array.DType;
import org.amortis.dist.LogDensity;
import org.amortis.mc.Nuts;
import org.amortis.mc.Sampler;
import org.amortis.mc.SamplerSettings;
import org.amortis.runtime.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts bytes over all threads")
final class SamplerGarbageTest {
    private static final int TRANSITIONS = 400;
    private static final int ROUNDS = 100;

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    @Test
    void aTransitionLeavesNoGarbage() {
        LogDensity f = z -> z.square().mul(-.5).sub(z.mul(3).softplus()).sum(-1);
        try (Device device = Device.builder().threads(1).build()) {
            SamplerSettings s = SamplerSettings.of(4, 1000, ROUNDS * TRANSITIONS, 3);
            Sampler sampler =
                    Sampler.of(f, DType.F32, 3, Nuts.standard(), s, device).start(1);
            // code that the JIT has not compiled yet boxes; a leak is there in every round
            sampler.advance(1000);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && least > 64L * TRANSITIONS; round++) {
                long before = allocated();
                sampler.advance(TRANSITIONS);
                least = Math.min(least, allocated() - before);
            }
            assertTrue(least <= 64L * TRANSITIONS, "bytes a transition: " + least / (double) TRANSITIONS);
        }
    }
}
