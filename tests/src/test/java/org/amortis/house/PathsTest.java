package org.amortis.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a program of a user finds the SIMD backend: on the module path without any flag, on the class path with one. */
@Tag("once")
final class PathsTest {
    private static final String PROBE = """
        package probe;

        import java.util.ServiceLoader;
        import org.amortis.spi.BackendProvider;

        public final class Probe {
            public static void main(String[] args) {
                for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
                    System.out.println(provider.name() + ": " + provider.unavailable());
                }
            }
        }
        """;

    private static final String FLAG = "--add-modules=jdk.incubator.vector";
    private static final String CORE = Sources.classes("core").toString();
    private static final String BOTH = CORE + File.pathSeparator + Sources.classes("kernels");

    @TempDir
    static Path dir;

    @BeforeAll
    static void compileTheProbe() throws IOException {
        Path source = Files.createDirectories(dir.resolve("src/probe")).resolve("Probe.java");
        Files.writeString(source, PROBE);
        Path module = dir.resolve("src/module-info.java");
        Files.writeString(module, "module probe { requires org.amortis.core; uses org.amortis.spi.BackendProvider; }");
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int status = javac.run(
                System.out,
                System.err,
                "-proc:none",
                "-d",
                dir.resolve("classes").toString(),
                "-p",
                CORE,
                source.toString(),
                module.toString());
        assertEquals(0, status);
    }

    @Test
    void modulePathNeedsNoFlag() throws Exception {
        assertEquals(
                List.of("simd: null"),
                java("-p", BOTH + File.pathSeparator + dir.resolve("classes"), "-m", "probe/probe.Probe"));
    }

    @Test
    void modulePathWithoutKernelsFindsNothing() throws Exception {
        assertEquals(
                List.of(), java("-p", CORE + File.pathSeparator + dir.resolve("classes"), "-m", "probe/probe.Probe"));
    }

    @Test
    void classPathWithTheFlag() throws Exception {
        assertEquals(
                List.of("simd: null"),
                java(FLAG, "-cp", BOTH + File.pathSeparator + dir.resolve("classes"), "probe.Probe"));
    }

    @Test
    void classPathWithoutTheFlagSaysWhichFlag() throws Exception {
        List<String> lines = java("-cp", BOTH + File.pathSeparator + dir.resolve("classes"), "probe.Probe");
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.getFirst().startsWith("simd: "), lines.getFirst());
        assertTrue(lines.getFirst().contains("--add-modules jdk.incubator.vector"), lines.getFirst());
    }

    private static List<String> java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile(dir, "errors", ".txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), command + ": " + Files.readString(errors));
        return output.lines().toList();
    }
}
