package org.amortis.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.amortis.runtime.Device;
import org.amortis.train.Trainer;
import org.junit.jupiter.api.Test;

final class ThreadsTest {
    private static float[] trained(int threads) {
        // odd sizes, so that blocks of kernels and shares of threads do not fall together
        try (Device device = Device.builder().threads(threads).build();
                Trainer trainer = SmallVae.trainer(device, 199, 131, 9, 300, 127)) {
            // past the first trial of who runs a kernel, after 64 calls
            trainer.run(100);
            return trainer.params().flat().floats();
        }
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() {
        float[] want = trained(1);
        for (int threads : new int[] {2, 3, 4}) {
            assertArrayEquals(want, trained(threads), threads + " threads");
        }
    }
}
