package org.amortis.bench.peers;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.amortis.bench.study.Commit;
import org.amortis.bench.study.Machine;
import org.amortis.bench.study.StudyException;
import org.amortis.bench.study.StudyResult;
import org.amortis.io.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures this engine beside native libraries. They bring BLAS and thread pools of their own and cannot share a JVM, and a
 * shared machine drifts: so each library runs in a JVM of its own, all of them once a round, rounds outermost.
 */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description =
                "Measures this engine beside OpenBLAS, LibTorch and EJML, each in its own JVM, in rounds; fetches the"
                        + " native libraries (some 650 MB) with Maven when they are first wanted.")
public final class PeersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description = "of amortis, ejml, openblas, openblas+, djl, torch, torch+; + forces AVX-512 (default: all)")
    private List<String> names = List.of("amortis", "ejml", "openblas", "openblas+", "djl", "torch", "torch+");

    @Option(
            names = "--rows",
            paramLabel = "REGEX",
            description = "rows whose name it is found in, such as 'gemm|step/vae' (default: all)")
    private String rows = ".";

    @Option(names = "--threads", split = ",", paramLabel = "N", description = "1, 2 or both (default: 1,2)")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--rounds", paramLabel = "N", description = "rounds (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(
            names = "--before",
            split = " ",
            paramLabel = "WORDS",
            description = "words to put before each JVM's command, such as 'taskset -c 1'")
    private List<String> before = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "where the numbers go as JSON (default: bench/results/peers.json for a run of all rows and"
                    + " libraries, else nowhere)")
    private @Nullable Path out;

    PeersCommand() {}

    @Override
    public void run() {
        List<PeerKind> kinds = kinds();
        Pattern wanted = pattern();
        if (rounds < 1 || rounds > 100) {
            throw new StudyException("--rounds " + rounds + ": must be from 1 to 100");
        }
        Path root = Commit.root();
        if (root == null) {
            throw new StudyException("peers: runs from a source tree only, since it builds what it measures");
        }
        PrintWriter to = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        String natives = kinds.stream().allMatch(PeerKind::isHere) ? "" : natives(root, progress);
        Measured measured = new Measured();
        for (int round = 0; round < rounds; round++) {
            for (int t : threads) {
                if (Row.TABLE.stream()
                        .noneMatch(
                                r -> r.threads() == t && wanted.matcher(r.id()).find())) {
                    continue;
                }
                for (PeerKind k : kinds) {
                    progress.println(
                            "amortis: round " + (round + 1) + " of " + rounds + ", " + k.label() + ", threads " + t);
                    progress.flush();
                    measure(k, t, natives, measured);
                }
            }
        }
        PeersTable.print(measured, to);
        Path file = out == null && isAll(kinds) ? root.resolve("bench/results/peers.json") : out;
        if (file != null) {
            write(measured, file);
            to.println("numbers: " + file);
        }
    }

    private boolean isAll(List<PeerKind> kinds) {
        return rows.equals(".") && kinds.size() == PeerKind.values().length && threads.equals(List.of(1, 2));
    }

    private List<PeerKind> kinds() {
        List<PeerKind> kinds = new ArrayList<>();
        for (String n : names) {
            PeerKind k = PeerKind.ofLabel(n);
            if (k == null) {
                throw new StudyException("--peers " + n + ": there are "
                        + String.join(
                                ", ",
                                Arrays.stream(PeerKind.values())
                                        .map(PeerKind::label)
                                        .toList()));
            }
            kinds.add(k);
        }
        return kinds;
    }

    private Pattern pattern() {
        try {
            Pattern p = Pattern.compile(rows);
            if (Row.TABLE.stream().noneMatch(r -> p.matcher(r.id()).find())) {
                throw new StudyException("--rows " + rows + ": no row; there are "
                        + String.join(", ", Row.TABLE.stream().map(Row::id).toList()));
            }
            return p;
        } catch (PatternSyntaxException e) {
            throw new StudyException("--rows " + rows + ": " + e.getDescription(), e);
        }
    }

    /** The class path of the native libraries; builds their module if it is not there or older than its sources. */
    private static String natives(Path root, PrintWriter progress) {
        Path folder = root.resolve("bench/peers");
        Path jar = jar(folder);
        if (jar == null || isOlder(jar, folder)) {
            progress.println("amortis: fetching and building the native peers; the first time takes minutes ..");
            progress.flush();
            build(root);
            jar = jar(folder);
        }
        if (jar == null) {
            throw new StudyException("peers: the build left no jar in " + folder.resolve("target"));
        }
        return jar + File.pathSeparator + folder.resolve("target/lib/*");
    }

    private static @Nullable Path jar(Path folder) {
        Path target = folder.resolve("target");
        if (!Files.isDirectory(target.resolve("lib"))) {
            return null;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(target, "amortis-bench-peers-*.jar")) {
            for (Path p : found) {
                return p;
            }
        } catch (IOException e) {
            throw new StudyException("peers: " + e, e);
        }
        return null;
    }

    private static boolean isOlder(Path jar, Path folder) {
        try (Stream<Path> sources = Files.walk(folder.resolve("src"))) {
            long built = Files.getLastModifiedTime(jar).toMillis();
            for (Path p : sources.filter(Files::isRegularFile).toList()) {
                if (Files.getLastModifiedTime(p).toMillis() > built) {
                    return true;
                }
            }
            return Files.getLastModifiedTime(folder.resolve("pom.xml")).toMillis() > built;
        } catch (IOException e) {
            throw new StudyException("peers: " + e, e);
        }
    }

    private static void build(Path root) {
        List<String> maven =
                List.of("mvn", "-B", "-P", "peers", "-pl", "bench/peers", "-am", "-Dmaven.test.skip=true", "package");
        try {
            Path log = Files.createTempFile("amortis-peers", ".log");
            Process p = new ProcessBuilder(maven)
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (p.waitFor() != 0) {
                throw new StudyException("peers: " + String.join(" ", maven) + " failed; all of it: " + log);
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new StudyException("peers: needs Maven to fetch the native libraries: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StudyException("peers: interrupted", e);
        }
    }

    private void measure(PeerKind kind, int n, String natives, Measured measured) {
        List<String> command = new ArrayList<>(before);
        String path = System.getProperty("java.class.path");
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xms1g",
                "-Xmx4g",
                "-cp",
                kind.isHere() ? path : path + File.pathSeparator + natives,
                PeerJvm.class.getName(),
                kind.name(),
                String.valueOf(n),
                rows));
        try {
            Path log = Files.createTempFile("amortis-peer", ".log");
            ProcessBuilder b = new ProcessBuilder(command).redirectError(log.toFile());
            b.environment().putAll(kind.environment(n));
            Process p = b.start();
            int lines = 0;
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines += read(kind, line, measured) ? 1 : 0;
                }
            }
            int code = p.waitFor();
            if (code != 0) {
                throw new StudyException("peers: " + kind.label() + " ended with " + code + " after " + lines
                        + " lines; what it said: " + log);
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new StudyException("peers: " + kind.label() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StudyException("peers: interrupted", e);
        }
    }

    private static boolean read(PeerKind kind, String line, Measured measured) {
        String[] f = line.split("\t", -1);
        if (f[0].equals(PeerJvm.VERSION)) {
            measured.version(kind, f[1]);
            double peak = Double.parseDouble(f[2]);
            if (!Double.isNaN(peak)) {
                measured.peak(peak);
            }
            return true;
        }
        if (f[0].equals(PeerJvm.LINE)) {
            Row row = Row.TABLE.stream()
                    .filter(r -> r.id().equals(f[1]))
                    .findFirst()
                    .orElseThrow();
            measured.add(kind, row, Double.parseDouble(f[2]), Double.parseDouble(f[3]), Double.parseDouble(f[4]));
            return true;
        }
        return false;
    }

    private void write(Measured measured, Path file) {
        StudyResult result = new StudyResult();
        result.put(
                "command",
                "bench/amortis "
                        + String.join(
                                " ",
                                spec.commandLine().getParent().getParseResult().originalArgs()));
        result.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Machine.describe(result);
        result.put("rounds", rounds);
        PeersTable.put(measured, result);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            result.writeTo(bytes);
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            AtomicFile.write(file, bytes.toByteArray());
        } catch (IOException e) {
            throw new StudyException("peers: " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
