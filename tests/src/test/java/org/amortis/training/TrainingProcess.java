package org.amortis.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.amortis.runtime.Device;
import org.amortis.train.Batches;
import org.amortis.train.Checkpoint;
import org.amortis.train.EarlyStop;
import org.amortis.train.History;
import org.amortis.train.Trainer;

/** A training run as a user would write it, in a process of its own that a test kills. Arguments: directory, steps. */
final class TrainingProcess {
    /** Coprime to the rows in an epoch and to the points of the curves, so that kills hit all phases. */
    private static final int EVERY = 7;

    private TrainingProcess() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Path done = directory.resolve("done.safetensors");
        train(directory.resolve("checkpoints"), Integer.parseInt(args[1]), done);
    }

    /** Resumes if there is something to resume, trains to the end, and writes all states and curves. */
    static void train(Path checkpoints, int steps, Path result) throws IOException {
        try (Device device = Device.builder().threads(1).backend("scalar").build();
                Trainer trainer = SmallVae.trainer(device, 24, 16, 2, 200, 32)) {
            Optional<Path> latest = Checkpoint.latest(checkpoints);
            if (latest.isPresent()) {
                trainer.resume(latest.get());
            }
            Files.createDirectories(checkpoints);
            Files.writeString(checkpoints.resolve("started-" + System.nanoTime()), Integer.toString(trainer.steps()));
            trainer.runTo(
                    steps,
                    History.every(10),
                    EarlyStop.every(25, Batches.sequential(SmallVae.rows(50, 24), 50))
                            .patience(1000),
                    Checkpoint.every(EVERY, checkpoints));
            trainer.save(result);
        }
    }
}
