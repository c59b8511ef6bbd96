package org.amortis.bench.gap;

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
import org.amortis.bench.CommandLines;
import org.amortis.bench.data.IdxFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole study on small made-up images. */
class GapStudyTest {
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
    void smallImages(@TempDir Path folder) throws IOException {
        IdxFiles.folder(folder, 300, 60, 8);
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run(
                "gap", "--data", folder, "--quick", "--epochs", "3", "--images", "6", "--seed", "5", "--out", out);
        assertEquals(0, r.code(), r.toString());
        assertTrue(r.out().contains("amortization gap"), r.out());

        Map<String, Object> m = json(out.resolve("results.json"));
        assertTrue(m.get("command").toString().startsWith("bench/amortis gap --data"), m.toString());
        for (String key : List.of("commit", "backend")) {
            assertFalse(m.get(key).toString().isEmpty(), key);
        }
        assertEquals(5, number(m, "seed"));
        assertTrue(number(m, "wallSeconds") > 0);
        assertTrue(number(m, "threads") >= 1);
        for (String split : List.of("train", "test")) {
            assertEquals(6, number(m, split + ".images"));
            for (String key : List.of(
                    "logPx",
                    "elboAmortized",
                    "elboOptimalDiagonal",
                    "elboOptimalFull",
                    "approximationGap",
                    "amortizationGap",
                    "inferenceGap",
                    "approximationGapFull")) {
                number(m, split + "." + key + ".mean");
                assertTrue(number(m, split + "." + key + ".standardError") >= 0, key);
            }
            assertEquals(
                    number(m, split + ".inferenceGap.mean"),
                    number(m, split + ".approximationGap.mean") + number(m, split + ".amortizationGap.mean"),
                    1e-6);
            assertEquals(
                    Math.max(number(m, split + ".logPxImportance.mean"), number(m, split + ".logPxAnnealed.mean")),
                    number(m, split + ".logPx.mean"));
            // three epochs leave the encoder far from its best
            assertTrue(number(m, split + ".amortizationGap.mean") > 0);
            assertTrue(number(m, split + ".negativeGapShare") <= 1);
            assertTrue(Math.abs(number(m, split + ".certificateRankCorrelation")) <= 1);
        }

        String html = Files.readString(out.resolve("report.html"));
        for (String part : List.of(
                "id=\"curves\"",
                "id=\"histogram\"",
                "id=\"certificate\"",
                "Reconstructions",
                "Samples",
                "approximationGapFull",
                "data:image/png")) {
            assertTrue(html.contains(part), part);
        }
        assertTrue(Files.size(out.resolve("model.safetensors")) > 100_000);
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    @Test
    void unwritableOutputIsSaidBeforeAnyWork(@TempDir Path folder) throws IOException {
        IdxFiles.folder(folder, 30, 10, 8);
        Path file = Files.createFile(folder.resolve("file"));
        CommandLines r = CommandLines.run("gap", "--data", folder, "--quick", "--out", file);
        assertEquals(1, r.code());
        assertEquals(1, r.messages(), r.err());
        assertTrue(r.err().contains("cannot be written"), r.err());
    }
}
