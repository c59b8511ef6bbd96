package org.amortis.bench.density;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.CommandLines;
import org.amortis.io.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole study, small. */
class DensityStudyTest {
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
    void builtInDensity(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run(
                "density", "--data", "eight-gaussians", "--flow", "nsf", "--quick", "--seed", "3", "--out", out);
        assertEquals(0, r.code(), r.toString());
        assertTrue(r.out().contains("best possible"), r.out());
        Map<String, Object> m = json(out.resolve("results.json"));
        assertTrue(m.get("command").toString().startsWith("bench/amortis density --data"), m.toString());
        for (String key : List.of("commit", "backend", "data", "flow")) {
            assertFalse(m.get(key).toString().isEmpty(), key);
        }
        assertEquals(3, number(m, "seed"));
        assertEquals(6_000, number(m, "train.rows"));
        for (String split : List.of("train", "validation", "test")) {
            number(m, split + ".logLikelihood.mean");
            assertTrue(number(m, split + ".logLikelihood.standardError") > 0, split);
        }
        // no density is better than the truth: five standard errors
        assertTrue(number(m, "test.divergence.mean") > -5 * number(m, "test.divergence.standardError"), m.toString());
        assertTrue(number(m, "test.logLikelihood.mean") > number(m, "test.gaussianLogLikelihood.mean"), m.toString());
        String html = Files.readString(out.resolve("report.html"));
        for (String part :
                List.of("id=\"truth\"", "id=\"learned\"", "id=\"draws\"", "id=\"residuals\"", "id=\"curves\"")) {
            assertTrue(html.contains(part), part);
        }
        assertTrue(Files.size(out.resolve("model.safetensors")) > 100_000);
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    /** One normal column far from zero with a name above it: the flow must find the known density in its units. */
    @Test
    void oneColumn(@TempDir Path folder) throws IOException {
        SplittableRandom r = new SplittableRandom(1);
        StringBuilder b = new StringBuilder("height\n");
        for (int i = 0; i < 4_000; i++) {
            b.append(1e6 + 0.01 * r.nextGaussian()).append('\n');
        }
        Path file = folder.resolve("one.csv");
        Files.writeString(file, b, StandardCharsets.UTF_8);
        Path out = folder.resolve("out");
        CommandLines c = CommandLines.run(
                "density", "--data", file, "--flow", "affine", "--quick", "--epochs", "2", "--out", out);
        assertEquals(0, c.code(), c.toString());
        Map<String, Object> m = json(out.resolve("results.json"));
        assertEquals(1, number(m, "dimensions"));
        assertEquals(400, number(m, "test.rows"));
        double best = -0.5 * Math.log(2 * Math.PI * Math.E) - Math.log(0.01);
        // 400 test rows: the mean of their log density scatters by 0.035, what 3,200 rows teach by less
        assertEquals(best, number(m, "test.logLikelihood.mean"), 0.16);
        assertEquals(best, number(m, "test.gaussianLogLikelihood.mean"), 0.16);
    }

    /** Three columns have the exact trace in training, six an estimate. Standard normal data: the flow starts at the truth. */
    @ParameterizedTest
    @CsvSource({"cnf, 3", "flow-matching, 3", "cnf, 6", "flow-matching, 6"})
    void continuousFlows(String flow, int columns, @TempDir Path folder) throws IOException {
        SplittableRandom r = new SplittableRandom(3);
        float[] x = new float[columns * 400];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) r.nextGaussian();
        }
        Path file = folder.resolve("x.npy");
        Npy.write(file, HostArray.wrap(x, Shape.of(400, columns)));
        Path out = folder.resolve("out");
        CommandLines c =
                CommandLines.run("density", "--data", file, "--flow", flow, "--quick", "--epochs", "2", "--out", out);
        assertEquals(0, c.code(), c.toString());
        Map<String, Object> m = json(out.resolve("results.json"));
        double best = -0.5 * columns * Math.log(2 * Math.PI * Math.E);
        // 40 rows: 4.5 standard errors, and what a few steps may spoil
        assertEquals(best, number(m, "test.logLikelihood.mean"), 4.5 * Math.sqrt(0.5 * columns / 40) + 0.2);
        assertTrue(Files.readString(out.resolve("report.html")).contains("id=\"curves\""));
    }

    @Test
    void threeColumnsOfAnArrayFile(@TempDir Path folder) throws IOException {
        SplittableRandom r = new SplittableRandom(2);
        float[] x = new float[3 * 200];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) r.nextGaussian();
        }
        Path file = folder.resolve("three.npy");
        Npy.write(file, HostArray.wrap(x, Shape.of(200, 3)));
        Path out = folder.resolve("out");
        CommandLines c =
                CommandLines.run("density", "--data", file, "--flow", "maf", "--quick", "--epochs", "1", "--out", out);
        assertEquals(0, c.code(), c.toString());
        assertEquals(3, number(json(out.resolve("results.json")), "dimensions"));
        assertTrue(Files.readString(out.resolve("report.html")).contains("id=\"columns\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--flow wavelet|nsf, nice",
                "--data nowhere.csv|neither a file nor one of mnist",
                "--data letter --from nowhere|bench/amortis data letter nowhere/letter",
                "--data mnist --from nowhere|bench/amortis data mnist nowhere/mnist",
                "--epochs 0|from 1"
            })
    void wrongInput(String line, String message, @TempDir Path folder) {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run((Object[]) ("density " + line + " --out " + out).split(" "));
        assertEquals(1, r.code(), r.toString());
        assertEquals(1, r.messages(), r.toString());
        assertTrue(r.err().contains(message), r.toString());
        assertTrue(Files.notExists(out));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is empty",
                "a,b|row",
                "1,2;3,4|at least 20",
                "1,2;NaN,4|NaN",
                "1,2;3|line 2",
            })
    void wrongFile(String lines, String message, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, lines.replace(";", "\n"), StandardCharsets.UTF_8);
        CommandLines r = CommandLines.run("density", "--data", file, "--out", folder.resolve("out"));
        assertEquals(1, r.code(), r.toString());
        assertEquals(1, r.messages(), r.toString());
        assertTrue(r.err().contains(message), r.toString());
    }

    @Test
    void aColumnThatDoesNotVaryIsNamed(@TempDir Path folder) throws IOException {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            b.append(i * 0.37 % 1).append(",7\n");
        }
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, b, StandardCharsets.UTF_8);
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run("density", "--data", file, "--out", out);
        assertEquals(1, r.code(), r.toString());
        assertTrue(r.err().contains("column 2"), r.toString());
        assertTrue(Files.notExists(out));
    }
}
