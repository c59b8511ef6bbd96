package org.amortis.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.amortis.array.HostArray;
import org.amortis.io.Safetensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed at random moments, by SIGKILL on Unix; the run is then finished by one that is left alone. */
@Tag("once")
final class ResumeTest {
    private static final int STEPS = 600;
    private static final int KILLS = 5;

    @Test
    void aRunKilledAtAnyMomentEndsWithTheSameBits(@TempDir Path directory) throws Exception {
        Path whole = directory.resolve("whole.safetensors");
        TrainingProcess.train(directory.resolve("undisturbed"), STEPS, whole);

        Path checkpoints = directory.resolve("checkpoints");
        Path done = directory.resolve("done.safetensors");
        Random random = new Random(20);
        List<Integer> killed = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            int begun = starts(checkpoints).size();
            Process p = start(directory);
            while (p.isAlive() && starts(checkpoints).size() == begun) {
                Thread.sleep(2);
            }
            // by progress and not by time, so that a slow machine and a fast one are killed at work; then at any phase
            int goal = newest(checkpoints) + random.nextInt(STEPS / KILLS);
            while (p.isAlive() && newest(checkpoints) < goal) {
                Thread.sleep(1);
            }
            p.waitFor(random.nextInt(20_000), TimeUnit.MICROSECONDS);
            if (p.isAlive()) {
                killed.add(newest(checkpoints));
            }
            p.destroyForcibly().waitFor();
        }
        String log = Files.readString(directory.resolve("log"));
        assertTrue(killed.size() >= KILLS - 1, "killed at work: " + killed + "\n" + log);
        Process last = start(directory);
        assertTrue(last.waitFor(60, TimeUnit.SECONDS), "the last process does not end");
        assertEquals(0, last.exitValue(), Files.readString(directory.resolve("log")));
        assertTrue(starts(checkpoints).stream().anyMatch(s -> s > 0), "no process resumed: " + starts(checkpoints));

        Map<String, HostArray> want = Safetensors.read(whole);
        Map<String, HostArray> got = Safetensors.read(done);
        assertEquals(want.keySet(), got.keySet());
        assertTrue(want.keySet().stream().anyMatch(n -> n.startsWith("state:optim/")), "moments: " + want.keySet());
        assertTrue(want.containsKey("listener:history/loss"), "curves: " + want.keySet());
        for (String name : want.keySet()) {
            HostArray a = want.get(name);
            HostArray b = got.get(name);
            assertEquals(a.shape(), b.shape(), name);
            assertArrayEquals(bits(a), bits(b), name + " after starts at steps " + starts(checkpoints));
        }
    }

    private static long[] bits(HostArray a) {
        long[] l = new long[a.shape().size()];
        for (int i = 0; i < l.length; i++) {
            l[i] = Double.doubleToRawLongBits(a.get(i));
        }
        return l;
    }

    /** The step at which each process so far began. */
    private static List<Integer> starts(Path checkpoints) throws IOException {
        List<Integer> steps = new ArrayList<>();
        if (Files.exists(checkpoints)) {
            try (Stream<Path> files = Files.list(checkpoints)) {
                for (Path f : files.filter(f -> String.valueOf(f.getFileName()).startsWith("started-"))
                        .toList()) {
                    String s = Files.readString(f);
                    steps.add(s.isEmpty() ? 0 : Integer.parseInt(s));
                }
            }
        }
        return steps;
    }

    private static int newest(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.map(f -> String.valueOf(f.getFileName()))
                    .filter(f -> f.startsWith("step-"))
                    .mapToInt(f -> Integer.parseInt(f.substring(5, 15)))
                    .max()
                    .orElse(0);
        }
    }

    private static Process start(Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(TrainingProcess.class.getName(), directory.toString(), Integer.toString(STEPS)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }
}
