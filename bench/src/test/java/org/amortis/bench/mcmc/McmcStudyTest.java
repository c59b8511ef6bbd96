package org.amortis.bench.mcmc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.CommandLines;
import org.amortis.diagnose.ChainDiagnostics;
import org.amortis.io.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole command, small. */
class McmcStudyTest {
    private static Map<String, Object> json(Path file) throws IOException {
        Map<String, Object> m = new LinkedHashMap<>();
        try (JsonParser p = new JsonFactory().createParser(file.toFile())) {
            assertEquals(JsonToken.START_OBJECT, p.nextToken());
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String name = p.currentName();
                JsonToken t = p.nextToken();
                assertTrue(t.isScalarValue(), name + " is not flat");
                m.put(name, t.isNumeric() ? (Object) p.getDoubleValue() : p.getText());
            }
        }
        return m;
    }

    private static double number(Map<String, Object> m, String key) {
        assertTrue(m.get(key) instanceof Double, key + "=" + m.get(key));
        return (Double) m.get(key);
    }

    @Test
    void chainsAndTheirReport(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run(
                "mcmc",
                "--target",
                "banana",
                "--chains",
                3,
                "--warmup",
                150,
                "--draws",
                100,
                "--seed",
                2,
                "--out",
                out);
        assertEquals(0, r.code(), r.toString());
        assertTrue(r.out().contains("R-hat") && r.out().contains("logDensity"), r.out());
        Map<String, Object> m = json(out.resolve("results.json"));
        assertTrue(m.get("command").toString().startsWith("bench/amortis mcmc --target banana"), m.toString());
        HostArray draws;
        HostArray divergent;
        try (Safetensors in = Safetensors.open(out.resolve("draws.safetensors"))) {
            draws = in.tensors().get("draws");
            divergent = in.tensors().get("divergent");
        }
        assertEquals(Shape.of(3, 100, 2), draws.shape());
        double[][] second = new double[3][100];
        double lost = 0;
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < 100; i++) {
                second[c][i] = draws.at(c, i, 1);
                lost += divergent.at(c, i);
            }
        }
        // what is reported is what the diagnostics say of what was written
        assertEquals(ChainDiagnostics.rHat(second), number(m, "x2.rHat"), 1e-12);
        assertEquals(ChainDiagnostics.tailEss(second), number(m, "x2.tailEss"), 1e-9);
        assertEquals(
                ChainDiagnostics.bulkEss(second) / number(m, "drawSeconds"), number(m, "x2.bulkEssPerSecond"), 1e-6);
        assertEquals(lost, number(m, "divergences"));
        assertTrue(number(m, "leastEnergyFraction") > 0 && number(m, "acceptance") > .4, m.toString());
        number(m, "known.largestMeanError");
        number(m, "logDensity.standardError");
        String html = Files.readString(out.resolve("report.html"));
        for (String part :
                List.of("traces", "ranks", "marginals", "correlations", "pairs", "energies", "depths", "exact")) {
            assertTrue(html.contains(part), part);
        }
        assertFalse(Files.exists(out.resolve("unfinished")));
        CommandLines again = CommandLines.run(
                "mcmc",
                "--target",
                "banana",
                "--chains",
                3,
                "--warmup",
                150,
                "--draws",
                100,
                "--seed",
                2,
                "--threads",
                1,
                "--out",
                out);
        assertEquals(0, again.code(), again.toString());
        assertEquals(number(m, "x1.mean"), number(json(out.resolve("results.json")), "x1.mean"), "the same bits");
    }

    @ParameterizedTest
    @CsvSource({"hmc,gmm-2d", "mala,seeds", "ula,gmm1d", "slice,gmm1d"})
    void otherMethods(String method, String target, @TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run(
                "mcmc", "--target", target, "--method", method, "--warmup", 100, "--draws", 40, "--out", out);
        assertEquals(0, r.code(), r.toString());
        Map<String, Object> m = json(out.resolve("results.json"));
        assertEquals(method, m.get("method"));
        assertTrue(number(m, "evaluationsPerDraw") >= 1, m.toString());
        assertTrue(number(m, "largestRHat") > .9, m.toString());
    }

    @ParameterizedTest
    @CsvSource({"smc,", "ais,30"})
    void normalisers(String method, Integer temperatures, @TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run(
                "mcmc",
                "--target",
                "many-well-5",
                "--method",
                method,
                "--particles",
                200,
                "--temperatures",
                temperatures == null ? 0 : temperatures,
                "--leapfrog",
                3,
                "--start",
                2,
                "--out",
                out);
        assertEquals(0, r.code(), r.toString());
        Map<String, Object> m = json(out.resolve("results.json"));
        double error = number(m, "logZ.standardError");
        // four runs: Student's t of three degrees of freedom is below 12.9 in 999 of 1000 cases, on either side
        assertEquals(number(m, "known.logZ"), number(m, "logZ.mean"), 12.9 * error, m.toString());
        assertTrue(error > 0 && error < .5, m.toString());
        assertEquals(temperatures == null, !Double.valueOf(30).equals(m.get("temperatures")));
        assertEquals(method.equals("ais"), m.containsKey("kHat"));
        String html = Files.readString(out.resolve("report.html"));
        assertTrue(html.contains("id=\"temperatures\"") && html.contains("id=\"marginals\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--target sonnar|sonar",
                "--chains 0|--chains 0: must be from 1",
                "--draws 5|from 20",
                "--step -1|--step",
                "--start 0|--start",
                "--method smc --particles 3|--particles 3",
                "--method ais --runs 1|--runs 1"
            })
    void wrongInput(String line, String message, @TempDir Path folder) {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run((Object[]) ("mcmc " + line + " --out " + out).split(" "));
        assertEquals(1, r.code(), r.toString());
        assertEquals(1, r.messages(), r.toString());
        assertTrue(r.err().contains(message), r.toString());
        assertTrue(Files.notExists(out));
    }

    /** Where nothing is finite the run ends with what and where, and leaves no folder. */
    @Test
    void startsThatAreNoNumbers(@TempDir Path folder) {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run(
                "mcmc", "--target", "banana", "--method", "slice", "--draws", 20, "--start", 1e200, "--out", out);
        assertEquals(1, r.code(), r.toString());
        assertTrue(r.err().contains("start(chain=0"), r.toString());
        assertTrue(Files.notExists(out));
    }
}
