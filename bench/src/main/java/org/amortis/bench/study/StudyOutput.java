package org.amortis.bench.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.amortis.io.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * The output directory of a study. What an unfinished run needs to go on lies in its folder {@code unfinished} together
 * with the settings it belongs to; results appear only at the end, each file whole or not at all, results.json last.
 */
public final class StudyOutput implements AutoCloseable {
    private static final String SETTINGS = "settings.txt";

    private final Path directory;
    private final Path work;
    private final boolean made;
    private final boolean resumed;
    private boolean keep;

    private StudyOutput(Path directory, Path work, boolean made, boolean resumed, boolean keep) {
        this.directory = directory;
        this.work = work;
        this.made = made;
        this.resumed = resumed;
        this.keep = keep;
    }

    /**
     * Opens a directory for a run, and proves that it can be written.
     *
     * @param directory where the results go; made if absent
     * @param settings text that two runs have in common if and only if one can go on where the other stopped
     * @return the output; close it
     * @throws StudyException if it cannot be written, or holds an unfinished run with other settings
     */
    public static StudyOutput open(Path directory, String settings) {
        Path work = directory.resolve("unfinished");
        boolean made = !Files.exists(directory);
        try {
            Files.createDirectories(directory);
            Path file = work.resolve(SETTINGS);
            boolean resumed = Files.exists(file);
            if (resumed) {
                String other = Files.readString(file, StandardCharsets.UTF_8);
                if (!other.equals(settings)) {
                    throw new StudyException(work + " holds an unfinished run with other settings (" + other.strip()
                            + "; now " + settings.strip() + "): repeat its command to finish it, or remove that folder,"
                            + " or give another --out");
                }
            } else {
                Files.createDirectories(work);
                AtomicFile.write(file, settings.getBytes(StandardCharsets.UTF_8));
            }
            return new StudyOutput(directory, work, made, resumed, resumed);
        } catch (IOException e) {
            throw new StudyException("--out " + directory + ": cannot be written (" + e + ")", e);
        }
    }

    /**
     * Whether an unfinished run of the same settings was found.
     *
     * @return true if there may be something to resume
     */
    public boolean resumed() {
        return resumed;
    }

    /**
     * The folder for what only an unfinished run needs.
     *
     * @return existing folder
     */
    public Path work() {
        return work;
    }

    /** From now on a failure leaves the folder of the unfinished run, to be resumed. */
    public void keepUnfinished() {
        keep = true;
    }

    /**
     * The output directory.
     *
     * @return existing folder
     */
    public Path directory() {
        return directory;
    }

    /**
     * Writes a file of the results.
     *
     * @param name file name
     * @param content its bytes
     * @return the file
     * @throws IOException if it cannot be written; an older file is then still whole
     */
    public Path write(String name, AtomicFile.Content content) throws IOException {
        Path file = directory.resolve(name);
        AtomicFile.write(file, content);
        return file;
    }

    /**
     * Ends the run: the results are complete.
     *
     * @throws IOException if the folder of the unfinished run cannot be removed
     */
    public void finish() throws IOException {
        delete(work);
        keep = true;
    }

    /** Removes what a failed run cannot use. */
    @Override
    public void close() throws IOException {
        if (!keep) {
            delete(work);
            if (made) {
                try (var left = Files.list(directory)) {
                    if (left.findAny().isPresent()) {
                        return;
                    }
                }
                Files.delete(directory);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path d, @Nullable IOException e) throws IOException {
                Files.delete(d);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
