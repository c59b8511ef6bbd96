package org.amortis.bench.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a measurement ran on. */
public final class Machine {
    private Machine() {}

    /**
     * Adds machine, JVM and commit to a result.
     *
     * @param result where the keys {@code commit}, {@code java}, {@code processor}, {@code processors} and {@code os} go
     */
    public static void describe(StudyResult result) {
        result.put("commit", Commit.ofSources());
        result.put("java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        result.put("processor", processor());
        result.put("processors", Runtime.getRuntime().availableProcessors());
        result.put("os", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
    }

    /**
     * The processor's model.
     *
     * @return as Linux calls it, "unknown" elsewhere
     */
    public static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            return lines.filter(l -> l.startsWith("model name"))
                    .findFirst()
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
