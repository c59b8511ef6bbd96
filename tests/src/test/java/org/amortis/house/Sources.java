package org.amortis.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the build's own files lie. */
final class Sources {
    /** Modules whose class files ship. */
    static final List<String> SHIPPED = List.of("core", "kernels", "cuda", "bench");

    private Sources() {}

    /** The top of the source tree, handed in by the build. */
    static Path root() {
        String given = System.getProperty("amortis.root");
        return Path.of(given == null ? ".." : given).toAbsolutePath().normalize();
    }

    static Path classes(String module) {
        return root().resolve(module).resolve("target").resolve("classes");
    }

    /** All files under a folder, in a fixed order; none where the folder is missing. */
    static List<Path> under(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
