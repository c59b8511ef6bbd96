package org.amortis.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.amortis.runtime.Device;
import org.amortis.train.History;
import org.amortis.train.Progress;
import org.amortis.train.Trainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StepGarbageTest {
    private static final int STEPS = 1000;
    private static final int ROUNDS = 15;

    /** Sums over live and ended threads, so nothing that a step starts can hide. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aStepLeavesNoGarbage(int threads) {
        try (Device device = Device.builder().threads(threads).build();
                // products above the threshold below which the team is not asked
                Trainer trainer = SmallVae.trainer(device, 64, 96, 8, 500, 64)) {
            Progress silent = Progress.every(1_000_000).to(line -> {});
            History history = History.every(1_000_000);
            // code that the JIT has not compiled yet boxes vectors and captures; a leak is there in every round
            trainer.run(1000, silent, history);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && least > 64L * STEPS; round++) {
                long before = allocated();
                trainer.run(STEPS, silent, history);
                least = Math.min(least, allocated() - before);
            }
            System.getLogger("org.amortis.tests")
                    .log(System.Logger.Level.INFO, "bytes a step, " + threads + " threads: " + least / (double) STEPS);
            assertTrue(least <= 64L * STEPS, "bytes a step: " + least / (double) STEPS);
            assertEquals(1, trainer.compiled());
        }
    }
}
