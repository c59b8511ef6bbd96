package org.amortis.train;

import static org.amortis.optim.Transforms.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One parameter that moves towards the training data at 1 and passes held-out data at 0.5 on its way. */
final class EarlyStopTest {
    private static final Batches HELD_OUT = Batches.full(HostArray.of(0.5));

    private static Trainer trainer(Device d) {
        ParamSpec spec = new ParamSpec(DType.F64);
        spec.at("a").declare("w", Shape.SCALAR, Initializer.zeros());
        Objective half = s -> {
            Tensor e = s.params().get("a/w").sub(s.in("x"));
            return Loss.minimise(e.square().mean().mul(0.5))
                    .metric("closeness", e.square().mean().neg());
        };
        return Trainer.on(d)
                .params(spec, Key.of(1))
                .objective(half)
                .batches(Batches.full(HostArray.of(1.0)))
                // w_t = 1 - 0.9^t: nearest to 0.5 at t = 7 (0.5217), 6 gives 0.4686 and 8 gives 0.5695
                .optimizer(sgd(0.1))
                .build();
    }

    @Test
    void stopsAfterItsPatienceAndRestoresTheBest() {
        try (Device d = Device.builder().threads(1).build();
                Trainer t = trainer(d)) {
            EarlyStop stop = EarlyStop.every(1, HELD_OUT).patience(5);
            t.run(100, stop);
            assertEquals(7, stop.bestStep());
            assertEquals(7, t.steps(), "the step counter is the best step's too");
            assertEquals(1 - Math.pow(0.9, 7), t.params().get("a/w").scalar(), 1e-15);
            assertEquals(0.5 * Math.pow(0.5 - Math.pow(0.9, 7), 2), stop.best(), 1e-15);
        }
        try (Device d = Device.builder().threads(1).build();
                Trainer t = trainer(d)) {
            EarlyStop stop = EarlyStop.every(2, HELD_OUT).patience(3).largest("closeness");
            t.run(100, stop);
            // of 2, 4, 6, 8, .. it is 6
            assertEquals(6, stop.bestStep());
            assertEquals(1 - Math.pow(0.9, 6), t.params().get("a/w").scalar(), 1e-15);
        }
    }

    @Test
    void aRunThatEndsEarlierRestoresTheBestTooAndAveragesMustExist() {
        try (Device d = Device.builder().threads(1).build();
                Trainer t = trainer(d)) {
            EarlyStop stop = EarlyStop.every(3, HELD_OUT);
            t.run(13, stop);
            assertEquals(6, stop.bestStep());
            assertEquals(6, t.steps());
            PlanException e = assertThrows(
                    PlanException.class,
                    () -> t.run(3, EarlyStop.every(3, HELD_OUT).averaged()));
            assertTrue(e.getMessage().contains("ema"), e.getMessage());
        }
    }

    @Test
    void patienceAndBestSurviveAResume(@TempDir Path directory) throws Exception {
        try (Device d = Device.builder().threads(1).build();
                Trainer first = trainer(d);
                Trainer second = trainer(d)) {
            first.run(9, EarlyStop.every(1, HELD_OUT).patience(5), new Keep(directory.resolve("nine")));
            second.resume(directory.resolve("nine"));
            assertEquals(9, second.steps());
            EarlyStop stop = EarlyStop.every(1, HELD_OUT).patience(5);
            History steps = History.every(1);
            second.run(100, stop, steps);
            assertEquals(7, stop.bestStep());
            assertEquals(7, second.steps());
            assertArrayEquals(new double[] {10, 11, 12}, steps.curve("step"), "three of five were left");
        }
    }

    /** Saves at step 9, as a process would have that was killed thereafter. */
    private record Keep(Path file) implements Listener {
        @Override
        public void stepped(Trainer t) {
            if (t.steps() == 9) {
                try {
                    t.save(file);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }
}
