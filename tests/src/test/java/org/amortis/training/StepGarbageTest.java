package org.amortis.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.langevin.LearnedPath;
import org.amortis.langevin.Method;
import org.amortis.langevin.PathSettings;
import org.amortis.langevin.PathTraining;
import org.amortis.langevin.ResidualControl;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.History;
import org.amortis.train.Progress;
import org.amortis.train.Trainer;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("counts bytes over all threads")
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
            assertNoGarbage(trainer, "autoencoder, " + threads + " threads");
        }
    }

    /** Paths whose loop is written out, and paths whose loop is a body that the gradient runs again. */
    @ParameterizedTest
    @ValueSource(ints = {8, 20})
    void aLangevinStepLeavesNoGarbage(int kernels) {
        ParamSpec spec = new ParamSpec(DType.F32);
        LearnedPath path = LearnedPath.of(
                spec.at(""), Method.LDVI, 6, kernels, PathSettings.of(Method.LDVI), ResidualControl::of, 0);
        LogDensity target = x -> {
            Tensor products = x.matmul(Tensors.ones(DType.F32, Shape.of(6, 12)));
            return products.softplus().sum(-1).add(x.square().sum(-1)).neg();
        };
        try (Device device = Device.builder().threads(1).build();
                PathTraining training = PathTraining.of(
                        path,
                        target,
                        PathTraining.init(spec, Key.of(1), device),
                        PathTraining.Settings.of(1e-4),
                        device,
                        Key.of(2))) {
            assertNoGarbage(training.trainer(), "LDVI, " + kernels + " kernels");
        }
    }

    private static void assertNoGarbage(Trainer trainer, String what) {
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
                .log(System.Logger.Level.INFO, "bytes a step, " + what + ": " + least / (double) STEPS);
        assertTrue(least <= 64L * STEPS, "bytes a step: " + least / (double) STEPS);
        assertEquals(1, trainer.compiled());
    }
}
