package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ships was built from the sources that stand beside it. */
class BuiltKernelsTest {
    private static final List<String> MODULES = List.of(
            "conv", "gamma", "index", "linalg", "move", "product", "random", "reduce", "rows", "sort", "spline");

    private static Path module() {
        Path p = Path.of("").toAbsolutePath();
        return Files.exists(p.resolve("build-kernels")) ? p : p.resolve("cuda");
    }

    @Test
    void sourcesAreThoseThatWereBuilt() throws IOException, NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        List<Path> files;
        try (Stream<Path> s = Files.list(module().resolve("src/main/cuda"))) {
            files = s.sorted(java.util.Comparator.comparing(p -> p.getFileName().toString()))
                    .toList();
        }
        assertTrue(files.size() > 8);
        for (Path p : files) {
            sha.update(Files.readAllBytes(p));
        }
        try (InputStream in = Images.class.getResourceAsStream("sources.sha256")) {
            assertNotNull(in);
            assertEquals(
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip(),
                    HexFormat.of().formatHex(sha.digest()),
                    "sources differ from what was built; run cuda/build-kernels");
        }
    }

    @Test
    void everyModuleIsThereForEveryDevice() {
        for (String m : MODULES) {
            assertTrue(Images.text(m).startsWith(".version 8.0\n.target sm_75\n"), m);
            for (int c : new int[] {80, 86, 87, 89, 90}) {
                byte[] code = Images.machineCode(m, c);
                assertNotNull(code, m + " " + c);
                assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, java.util.Arrays.copyOf(code, 4));
            }
            assertNotNull(Images.machineCode("cluster", 90));
            assertNotNull(Images.machineCode("tensor_cluster", 90));
            // code of one major version does not run on another: PTX is the net
            assertNull(Images.machineCode(m, 75));
            assertNull(Images.machineCode(m, 100));
        }
    }

    /** What needs more than capability 7.5 is in modules of its own. */
    @Test
    void laterModulesAreThereForTheirDevices() {
        assertTrue(Images.text("tensor").startsWith(".version 8.0\n.target sm_80\n"));
        for (int c : new int[] {80, 86, 87, 89, 90}) {
            assertNotNull(Images.machineCode("tensor", c), "tensor " + c);
        }
    }

    /** The version line was lowered: nothing newer may have been used. */
    @Test
    void theAssemblerTakesWhatShips(@TempDir Path dir) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.onPath("ptxas"), "no ptxas");
        List<String> more = List.of("tensor", "cluster", "tensor_cluster");
        for (String m : Stream.concat(MODULES.stream(), more.stream()).toList()) {
            Path file = dir.resolve(m + ".ptx");
            Files.writeString(file, Images.text(m));
            String out = dir.resolve("out").toString();
            String arch = m.endsWith("cluster") ? "sm_90" : m.equals("tensor") ? "sm_80" : "sm_75";
            Tools.run(List.of("ptxas", "-arch", arch, "-O0", "-o", out, file.toString()));
        }
    }

    /** Two of them, where there is a compiler of that version: all take a minute. */
    @Test
    void rebuildingGivesTheSame(@TempDir Path out) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Tools.onPath("nvcc") && Tools.run(List.of("nvcc", "--version")).contains("release 13.0"));
        ProcessBuilder b = new ProcessBuilder(module().resolve("build-kernels").toString(), out.toString());
        b.environment().put("ONLY", "move scalar");
        Process p = b.redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor(), said);
        for (String m : List.of("move", "scalar")) {
            try (GZIPInputStream z = new GZIPInputStream(Files.newInputStream(out.resolve(m + ".ptx.gz")))) {
                assertEquals(Images.text(m), new String(z.readAllBytes(), StandardCharsets.US_ASCII), m);
            }
        }
    }

    /** Commands of the CUDA toolkit, where there are some. */
    static final class Tools {
        private Tools() {}

        static boolean onPath(String command) {
            for (String p : System.getenv("PATH").split(File.pathSeparator)) {
                if (Files.isExecutable(Path.of(p, command))) {
                    return true;
                }
            }
            return false;
        }

        static String run(List<String> command) throws IOException, InterruptedException {
            Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int rc = p.waitFor();
            if (rc != 0) {
                throw new IOException(command + ": " + rc + "\n" + said);
            }
            return said;
        }
    }
}
