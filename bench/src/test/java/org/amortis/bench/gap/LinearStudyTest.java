package org.amortis.bench.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.amortis.bench.CommandLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearStudyTest {
    /** Worked out with numpy in double precision. */
    @Test
    void formulas() {
        LinearCase.Exact e = LinearCase.standard().exact();
        assertEquals(-2.983124745306, e.logPx(), 1e-11);
        assertEquals(0.091075823847, e.approximationGap(), 1e-11);
        assertEquals(0.461652437441, e.amortizationGap(), 1e-11);
        assertEquals(-3.535853006594, e.elboAmortized(), 1e-11);
        assertEquals(-3.074200569153, e.elboOptimal(), 1e-11);
    }

    private static String numbers(Random random, int n, double from, double to) {
        return DoubleStream.generate(() -> from + (to - from) * random.nextDouble())
                .limit(n)
                .mapToObj(v -> String.format(Locale.ROOT, "%.4f", v))
                .collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "4, 6"})
    void measuredAgreesWithTheFormulas(int data, int latent, @TempDir Path folder) throws IOException {
        Random r = new Random(10 * data + latent);
        StringBuilder json = new StringBuilder("{\"W\": [");
        for (int i = 0; i < data; i++) {
            json.append(i == 0 ? "[" : ", [").append(numbers(r, latent, -1, 1)).append("]");
        }
        json.append("], \"b\": [").append(numbers(r, data, -1, 1));
        json.append("], \"s2\": 0.4, \"x\": [").append(numbers(r, data, -2, 2));
        json.append("], \"encoder\": {\"mu\": [").append(numbers(r, latent, -0.3, 0.3));
        json.append("], \"var\": [").append(numbers(r, latent, 0.2, 0.6)).append("]}}");
        Path file = folder.resolve("model.json");
        Files.writeString(file, json);
        Path out = folder.resolve("out");
        CommandLines run = CommandLines.run("gap", "--data", "linear-gaussian", "--lg", file, "--quick", "--out", out);
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("all measured values agree"), run.out());
        assertTrue(Files.readString(out.resolve("results.json")).contains("\"amortizationGap.exact\""));
        assertTrue(Files.readString(out.resolve("report.html")).contains("Exact and measured"));
    }

    @Test
    void bothFormatsSayTheSame(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("m.json");
        Files.writeString(
                json,
                "{\"W\": [[1, 0.5], [0.3, -1], [0.8, 0.8]], \"b\": [0.1, -0.2, 0], \"s2\": 0.25,"
                        + " \"x\": [1, -0.5, 0.7], \"encoder\": {\"mu\": [0.5, 0.2], \"var\": [0.3, 0.1]}}");
        Path text = folder.resolve("m.csv");
        Files.writeString(text, """
            # the worked example
            W,1,0.5
            W,0.3,-1
            W,0.8,0.8
            b,0.1,-0.2,0
            s2,0.25
            x,1,-0.5,0.7
            mu,0.5,0.2
            var,0.3,0.1
            """);
        LinearCase.Exact e = LinearCase.standard().exact();
        assertEquals(e, LinearCaseFile.read(json).exact());
        assertEquals(e, LinearCaseFile.read(text).exact());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1, 2]",
                "{} {}",
                "{\"W\": 3}",
                "{\"W\": [[1], [2, 3]], \"b\": [1, 2], \"s2\": 1, \"x\": [1, 2], \"mu\": [1], \"var\": [1]}",
                "{\"W\": [[1]], \"b\": [1, 2], \"s2\": 1, \"x\": [1], \"mu\": [1], \"var\": [1]}",
                "{\"W\": [[1]], \"b\": [1], \"s2\": 0, \"x\": [1], \"mu\": [1], \"var\": [1]}",
                "{\"W\": [[1]], \"b\": [1], \"s2\": 1, \"x\": [\"NaN\"], \"mu\": [1], \"var\": [1]}",
                "{\"W\": [[1]], \"b\": [1], \"s2\": 1, \"x\": [1], \"mu\": [1], \"var\": [-1]}",
                "{\"W\": [[1e999]], \"b\": [1], \"s2\": 1, \"x\": [1], \"mu\": [1], \"var\": [1]}",
                "{\"W\": [], \"b\": [], \"s2\": 1, \"x\": [], \"mu\": [], \"var\": []}",
                "W,1\nb,1\ns2,1\nx,NaN\nmu,1\nvar,1",
                "W,1\nb,1\ns2,one\nx,1\nmu,1\nvar,1",
                "W,1\nb,1\nb,1\ns2,1\nx,1\nmu,1\nvar,1",
                "V,1"
            })
    void refuses(String text, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("model");
        Files.writeString(file, text);
        Path out = folder.resolve("out");
        CommandLines run = CommandLines.run("gap", "--data", "linear-gaussian", "--lg", file, "--out", out);
        assertEquals(1, run.code(), run.toString());
        assertEquals(1, run.messages(), run.toString());
        assertTrue(run.err().contains(file.toString()), run.toString());
        assertTrue(Files.notExists(out));
    }
}
