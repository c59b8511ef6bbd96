package org.amortis.bench.step;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.runtime.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MeasuredStepTest {
    @ParameterizedTest
    @EnumSource
    void gradientIsThatOfDoubleAndTheLossFalls(MeasuredStep step) {
        try (Device device = Device.builder().threads(1).build()) {
            double error = StepRun.gradientError(step, device);
            assertTrue(error < MeasuredStep.GRADIENT_TOLERANCE, step + ": gradient is off by " + error);
            StepRun run = StepRun.of(step, device);
            run.run();
            double first = run.loss();
            for (int i = 0; i < 20; i++) {
                run.run();
            }
            assertTrue(run.loss() < first, step + ": loss was " + first + ", is " + run.loss());
        }
    }
}
