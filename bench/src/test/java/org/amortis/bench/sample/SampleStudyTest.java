package org.amortis.bench.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.amortis.bench.CommandLines;
import org.amortis.bench.targets.BenchTargets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole study, small. */
class SampleStudyTest {
    private static CommandLines run(Object out, String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return run(out, all.toArray(String[]::new));
    }

    private static CommandLines run(Object out, String... options) {
        Object[] words = new Object[options.length + 6];
        words[0] = "sample";
        System.arraycopy(options, 0, words, 1, options.length);
        Object[] rest = {"--quick", "--threads", "1", "--out", out};
        System.arraycopy(rest, 0, words, options.length + 1, rest.length);
        return CommandLines.run(words);
    }

    @Test
    void table(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        String[] options = {"--target", "gmm-2d", "--method", "ula,dds", "--k", "0,2", "--steps", "40"};
        CommandLines r = run(out, options);
        assertEquals(0, r.code(), r.toString());
        String json = Files.readString(out.resolve("results.json"));
        for (String cell : new String[] {"gmm-2d.vi.0", "gmm-2d.ula.2", "gmm-2d.dds.2"}) {
            for (String key : new String[] {"elbo", "logZ", "ess", "eubo"}) {
                assertTrue(json.contains("\"" + cell + "." + key + ".mean\""), cell + "." + key);
                assertTrue(json.contains("\"" + cell + "." + key + ".standardError\""), cell + "." + key);
            }
        }
        assertFalse(json.contains("\"gmm-2d.vi.2"), json);
        String page = Files.readString(out.resolve("report.html"));
        for (String part : new String[] {"k-gmm-2d", "schedule", "steps", "training", "cloud-0"}) {
            assertTrue(page.contains(part), part);
        }
        assertFalse(Files.exists(out.resolve("unfinished")));
        // the same seed gives the same numbers
        Path again = folder.resolve("again");
        assertEquals(0, run(again, options).code());
        assertEquals(means(json), means(Files.readString(again.resolve("results.json"))));
    }

    private static String means(String json) {
        return String.join(
                "\n", json.lines().filter(l -> l.contains("elbo.mean")).toList());
    }

    /** The bound stays below the true log Z = 0 with every estimator of the gradient. */
    @ParameterizedTest
    @CsvSource({"logderiv, each-step, cosine", "logvar, each-coordinate, constant"})
    void gradients(String mode, String sizes, String profile, @TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        CommandLines r = run(
                out,
                "--target banana --method cmcd --k 2 --steps 60 --paths 50 --decay cosine".split(" "),
                "--gradient",
                mode,
                "--step-sizes",
                sizes,
                "--profile",
                profile);
        assertEquals(0, r.code(), r.toString());
        String json = Files.readString(out.resolve("results.json"));
        assertTrue(json.contains("\"gradient\" : \"" + mode + "\""), json);
        assertTrue(json.contains("\"stepSizes\" : \"" + sizes + "\""), json);
        assertTrue(json.contains("\"profile\" : \"" + profile + "\""), json);
        double elbo = number(json, "elbo.mean");
        double error = number(json, "elbo.standardError");
        assertTrue(elbo < 4 * error && elbo > -20, mode + ": " + elbo + " +- " + error);
    }

    private static double number(String json, String key) {
        String line = json.lines()
                .filter(l -> l.contains("\"" + key + "\""))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.replaceAll("[^:]*:\\s*", "").replaceAll(",\\s*$", ""));
    }

    /** What was done is not done again. */
    @Test
    void goesOn(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        String[] options = {"--target", "banana", "--method", "ula", "--k", "1,2", "--steps", "30"};
        CommandLines whole = run(out, options);
        assertEquals(0, whole.code(), whole.toString());
        String json = Files.readString(out.resolve("results.json"));
        // a run that ended after its first cell
        Path part = folder.resolve("part");
        Path work = part.resolve("unfinished");
        Files.createDirectories(work);
        CommandLines other = run(part, "--target", "banana", "--method", "ula", "--k", "1", "--steps", "30");
        assertEquals(0, other.code(), other.toString());
        CommandLines rest = run(part, options);
        assertEquals(0, rest.code(), rest.toString());
        assertEquals(means(json), means(Files.readString(part.resolve("results.json"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--target nowhere | --target nowhere: there are ",
                "--method nuts | unknown",
                "--k -1 | must be from 0",
                "--k 8,8 | each once",
                "--k x | not a number",
                "--method pis --k 0 | it needs kernels",
                "--rate 2 | between 0 and 1",
                "--all --k 8 | a table of its own",
                "--steps 0 | at least one",
                "--gradient stein | --gradient stein: there are reparam, logderiv, logvar",
                "--gradient logvar --paths 1 | at least two",
                "--step-sizes two | there are one, each-step, each-coordinate",
                "--decay linear | there are constant, cosine",
                "--profile flat | there are constant, cosine"
            })
    void wrongInput(String line, String message, @TempDir Path folder) {
        CommandLines r = run(folder.resolve("out"), line.split(" "));
        assertEquals(1, r.code(), r.toString());
        assertTrue(r.err().contains(message), r.err());
    }

    /** Where modes are known q0 stays wide in the coordinates in which they differ. */
    @Test
    void wideStarts() {
        assertEquals(5, CellRun.wide(BenchTargets.named("many-well")));
        assertEquals(2, CellRun.width(BenchTargets.named("many-well")), 0.1);
        assertEquals(2, CellRun.wide(BenchTargets.named("gmm-2d")));
        assertEquals(0, CellRun.wide(BenchTargets.named("sonar")));
    }
}
