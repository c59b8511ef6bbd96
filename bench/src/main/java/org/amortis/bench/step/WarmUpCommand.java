package org.amortis.bench.step;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amortis.bench.study.StudyException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how long training steps take to come to their steady speed, with and without priming the device. */
@Command(
        name = "warmup",
        mixinStandardHelpOptions = true,
        description = "Measures after how many seconds a training step runs at its steady speed, with Device.warmUp and"
                + " without, each in a JVM of its own.")
public final class WarmUpCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--steps",
            split = ",",
            paramLabel = "NAME",
            description = "of ${COMPLETION-CANDIDATES} (default: VAE, FLOW, GRU, MLP)")
    private List<MeasuredStep> steps = List.of(MeasuredStep.VAE, MeasuredStep.FLOW, MeasuredStep.GRU, MeasuredStep.MLP);

    @Option(names = "--threads", paramLabel = "N", description = "threads (default: ${DEFAULT-VALUE})")
    private int threads = 1;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "how long each is replayed (default: ${DEFAULT-VALUE})")
    private double seconds = 12;

    WarmUpCommand() {}

    @Override
    public void run() {
        if (threads < 1 || !(seconds >= 3 && seconds <= 600)) {
            throw new StudyException(
                    "--threads " + threads + " --seconds " + seconds + ": needs a thread and 3 to 600 seconds");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("step       primed  warm-up s  first step s  then steady after s  us a step");
        for (MeasuredStep s : steps) {
            for (boolean primed : new boolean[] {false, true}) {
                String[] f = measure(s, primed);
                out.printf(
                        Locale.ROOT,
                        "%-10s %-6s %10s %13s %20s %10s%n",
                        s,
                        primed ? "yes" : "no",
                        f[1],
                        f[2],
                        f[3],
                        f[4]);
                out.flush();
            }
        }
    }

    private String[] measure(MeasuredStep step, boolean primed) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Xmx4g",
                "-cp",
                System.getProperty("java.class.path"),
                WarmUpJvm.class.getName(),
                step.name(),
                String.valueOf(threads),
                String.valueOf(primed),
                String.valueOf(seconds)));
        List<String> other = new ArrayList<>();
        try {
            Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
            String[] found = null;
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    String[] f = line.split("\t", -1);
                    if (f[0].equals(WarmUpJvm.LINE)) {
                        found = f;
                    } else {
                        other.add(line);
                    }
                }
            }
            if (p.waitFor() == 0 && found != null) {
                return found;
            }
        } catch (IOException e) {
            throw new StudyException("warmup: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StudyException("warmup: interrupted", e);
        }
        throw new StudyException("warmup: the JVM of " + step + " said: " + String.join(" ", other));
    }
}
