package org.amortis.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.amortis.array.FormatException;
import org.amortis.io.Safetensors;

/**
 * Writes checkpoints during a run: every n steps and at its end. Each file is complete or absent, whatever happens to the
 * process; see {@link org.amortis.io.AtomicFile}.
 *
 * <p>A run that may have been killed begins with {@code Checkpoint.latest(dir)} and {@link Trainer#resume}.
 */
public final class Checkpoint implements Listener {
    private static final Pattern NAME = Pattern.compile("step-[0-9]{10}\\.safetensors");

    /** What {@link org.amortis.io.AtomicFile} writes to before it renames. */
    private static final Pattern HALF = Pattern.compile("\\.step-[0-9]{10}\\.safetensors\\..*\\.tmp");

    private static final Duration ABANDONED = Duration.ofMinutes(10);
    private static final System.Logger LOG = System.getLogger("org.amortis");

    private final int every;
    private final Path directory;
    private final int keep;
    private int saved = -1;

    private Checkpoint(int every, Path directory, int keep) {
        if (every < 1 || keep < 1) {
            throw new IllegalArgumentException("checkpoint(every=" + every + ", keep=" + keep + "): at least 1");
        }
        this.every = every;
        this.directory = directory;
        this.keep = keep;
    }

    /**
     * Checkpoints in a directory, of which the last two are kept.
     *
     * @param steps a checkpoint is written after every so many steps
     * @param directory where; created if absent
     * @return the listener
     */
    public static Checkpoint every(int steps, Path directory) {
        return new Checkpoint(steps, directory, 2);
    }

    /**
     * The same with another number of files kept.
     *
     * @param files how many, the newest; at least 1
     * @return a new listener
     */
    public Checkpoint keep(int files) {
        return new Checkpoint(every, directory, files);
    }

    /**
     * The newest complete checkpoint in a directory.
     *
     * @param directory where checkpoints were written; may be absent
     * @return the file, or empty if there is none
     * @throws IOException if the directory cannot be read
     */
    public static Optional<Path> latest(Path directory) throws IOException {
        for (Path file : newestFirst(directory)) {
            try (Safetensors in = Safetensors.open(file)) {
                if (in.metadata().containsKey("step")) {
                    return Optional.of(file);
                }
            } catch (FormatException e) {
                // not one of ours, or damaged by something else than a kill: the one before it may be whole
                LOG.log(System.Logger.Level.WARNING, "checkpoint passed over: {0}", e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static List<Path> newestFirst(Path directory) throws IOException {
        List<Path> files = matching(directory, NAME);
        files.sort(Comparator.comparing((Path p) -> String.valueOf(p.getFileName()))
                .reversed());
        return files;
    }

    private static List<Path> matching(Path directory, Pattern name) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(
                    directory,
                    p -> name.matcher(String.valueOf(p.getFileName())).matches())) {
                all.forEach(files::add);
            }
        }
        return files;
    }

    @Override
    public void started(Trainer trainer) {
        saved = trainer.steps();
        sweep();
    }

    /** A process killed while it wrote leaves half a file, each under another name: nobody else would remove them. */
    private void sweep() {
        Instant before = Instant.now().minus(ABANDONED);
        try {
            for (Path file : matching(directory, HALF)) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "checkpoint: old temporary files stay: {0}", e.getMessage());
        }
    }

    @Override
    public void stepped(Trainer trainer) {
        if (trainer.steps() % every == 0) {
            save(trainer);
        }
    }

    @Override
    public void finished(Trainer trainer) {
        // an early stop may have gone back to a step before the last checkpoint, which holds that step too
        if (trainer.steps() > saved) {
            save(trainer);
        }
    }

    private void save(Trainer trainer) {
        try {
            Files.createDirectories(directory);
            trainer.save(directory.resolve(String.format(Locale.ROOT, "step-%010d.safetensors", trainer.steps())));
            List<Path> all = newestFirst(directory);
            for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "checkpoint(dir=" + directory + ", step=" + trainer.steps() + "): cannot be written: "
                            + e.getMessage(),
                    e);
        }
        saved = trainer.steps();
    }
}
