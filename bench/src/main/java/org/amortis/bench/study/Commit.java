package org.amortis.bench.study;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which version of the sources a result comes from. */
public final class Commit {
    private Commit() {}

    /**
     * The commit of the source tree that this class was built in.
     *
     * @return its hash, with "-dirty" if files differ from it; "unknown" outside a source tree or without git
     */
    public static String ofSources() {
        Path root = root();
        if (root == null) {
            return "unknown";
        }
        try {
            return describe(root);
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "unknown";
    }

    /**
     * The top of the source tree that this class was built in.
     *
     * @return folder, or null outside a source tree
     */
    public static @Nullable Path root() {
        CodeSource source = Commit.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return null;
        }
        try {
            for (Path p = Path.of(source.getLocation().toURI()).toAbsolutePath(); p != null; p = p.getParent()) {
                if (Files.exists(p.resolve(".git")) && Files.exists(p.resolve("bench"))) {
                    return p;
                }
            }
        } catch (URISyntaxException e) {
            return null;
        }
        return null;
    }

    private static String describe(Path root) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 && !line.isEmpty() ? line : "unknown";
    }
}
