package org.amortis.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gap --colour blue|Unknown option",
                "gap --seed one|--seed",
                "gap --device tpu|--device",
                "gap --quick --full|exclude each other",
                "gap --lg model.json|--lg FILE needs",
                "gap extra|extra",
                "data|Missing required",
                "data imagenet dir|imagenet",
                "fly|fly",
                "''|which command"
            })
    void wrongCommandLine(String line, String message) {
        CommandLines r = CommandLines.run((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));
        assertEquals(2, r.code(), r.toString());
        assertEquals(1, r.messages(), r.toString());
        assertTrue(r.err().contains(message), r.toString());
        assertTrue(r.err().contains("--help"), r.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gap --data nowhere|neither a directory",
                "gap --threads 0|from 1 to 4096",
                "gap --images 1|at least 2",
                "gap --epochs 0|at least 1",
                "peers --peers blas|there are amortis, ejml",
                "peers --rows ham|there are gemm/1x64x64/1",
                "peers --rows (|Unclosed group",
                "peers --rounds 0|from 1 to 100",
                "jmh nosuchbenchmark|-l lists the benchmarks",
                "gap --data linear-gaussian --lg nowhere.json|no such file"
            })
    void wrongInput(String line, String message, @TempDir Path folder) {
        Path out = folder.resolve("out");
        CommandLines r = CommandLines.run((Object[]) (line + " --out " + out).split(" "));
        assertEquals(1, r.code(), r.toString());
        assertEquals(1, r.messages(), r.toString());
        assertTrue(r.err().contains(message), r.toString());
        assertTrue(Files.notExists(out));
    }

    @Test
    void helps() {
        CommandLines r = CommandLines.run("gap", "--help");
        assertEquals(0, r.code());
        for (String option :
                new String[] {"--out", "--seed", "--threads", "--device", "--quick", "--full", "--data", "--lg"}) {
            assertTrue(r.out().contains(option), option);
        }
        assertEquals(0, CommandLines.run("--version").code());
    }

    @Test
    void saysWhatItRunsOn() {
        CommandLines r = CommandLines.run("info", "--device", "scalar", "--threads", "1");
        assertEquals(0, r.code(), r.toString());
        assertTrue(r.out().contains("backend=scalar"), r.out());
        assertTrue(r.out().contains("threads=1"), r.out());
    }
}
