package org.amortis.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
    @Test
    void resultIsFlat() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new StudyResult()
                .put("command", "a \"b\"")
                .put("seed", 3L)
                .put("gap.mean", 1.5)
                .put("none", Double.NaN)
                .writeTo(out);
        assertEquals(
                "{ \"command\" : \"a \\\"b\\\"\", \"seed\" : 3, \"gap.mean\" : 1.5, \"none\" : null } ",
                out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "));
        assertThrows(
                IllegalArgumentException.class,
                () -> new StudyResult().put("a", 1.0).put("a", 2.0));
    }

    @Test
    void failureLeavesNothing(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("new");
        try (StudyOutput o = StudyOutput.open(out, "settings")) {
            Files.writeString(o.work().resolve("part"), "x");
        }
        assertFalse(Files.exists(out));
        Files.createDirectories(out);
        Files.writeString(out.resolve("results.json"), "old");
        StudyOutput.open(out, "settings").close();
        assertEquals("old", Files.readString(out.resolve("results.json")));
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    @Test
    void unfinishedRunGoesOnWithItsOwnSettingsOnly(@TempDir Path folder) throws IOException {
        try (StudyOutput o = StudyOutput.open(folder, "seed 1")) {
            o.keepUnfinished();
            assertFalse(o.resumed());
            Files.writeString(o.work().resolve("part"), "x");
        }
        StudyException e = assertThrows(StudyException.class, () -> StudyOutput.open(folder, "seed 2"));
        assertTrue(e.getMessage().contains("seed 1"), e.getMessage());
        try (StudyOutput o = StudyOutput.open(folder, "seed 1")) {
            assertTrue(o.resumed());
            assertTrue(Files.exists(o.work().resolve("part")));
            o.write("results.json", s -> s.write('x'));
            o.finish();
        }
        assertFalse(Files.exists(folder.resolve("unfinished")));
        assertTrue(Files.exists(folder.resolve("results.json")));
    }

    @Test
    void outputMustBeWritable(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path p : new Path[] {file, file.resolve("below")}) {
            StudyException e = assertThrows(StudyException.class, () -> StudyOutput.open(p, "s"));
            assertTrue(e.getMessage().contains("cannot be written"), e.getMessage());
        }
    }

    @Test
    void plainLinesWithoutTerminal() {
        StringWriter text = new StringWriter();
        Console plain = new Console(new PrintWriter(text, true), false);
        plain.progress("training", 0.1, "a");
        plain.progress("training", 0.2, "b");
        plain.say("done");
        assertEquals("done", text.toString().strip());
        StringWriter drawn = new StringWriter();
        Console bar = new Console(new PrintWriter(drawn, true), true);
        bar.progress("training", 0.5, "half");
        bar.progress("training", 1, "all");
        assertTrue(drawn.toString().contains("[============            ]  50%  half"), drawn.toString());
        assertTrue(drawn.toString().endsWith(System.lineSeparator()));
    }

    @Test
    void durations() {
        assertEquals("59 s", Console.time(59.4));
        assertEquals("4 min 05 s", Console.time(245));
        assertEquals("2 h 03 min", Console.time(7380));
    }
}
