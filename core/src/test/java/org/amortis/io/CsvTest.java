package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {
    private static final Csv F64 = Csv.of(DType.F64);

    @TempDir
    Path dir;

    private static Csv.Table read(Csv options, String text) throws IOException {
        return options.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x.csv");
    }

    @Test
    void readsWhatNumpyWrote() throws IOException {
        Shape shape = Shape.of(2, 3);
        Fixtures.assertArray(F64.read(Fixtures.file(dir, "plain.txt")).data(), DType.F64, shape, i -> i * 0.5 - 1);
        for (String name : List.of("named.csv", "named.csv.gz")) {
            Csv.Table table = Csv.of(DType.F32).header().read(Fixtures.file(dir, name));
            Fixtures.assertArray(table.data(), DType.F32, shape, i -> i * 0.5 - 1);
            assertEquals(List.of("a", "b", "c"), table.names());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        1,2~3,4~|1 2 3 4
        1;2~3;4|1 2 3 4
        1\\t2\\r~3\\t4\\r~|1 2 3 4
         1   2 ~~~  3 \\t 4~~|1 2 3 4
        \\ufeff1 , +2~"3","-.5e1"|1 2 3 -5
        1e400000,2~|beyond
        1,2~3|line 2: 1 fields where the lines before have 2
        1,2~3,4,5|line 2: 3 fields
        1,2~3,|line 2 column 2: value '' is missing
        1,2~nan,4|line 2 column 1: value 'nan' is missing
        1,2~?,4|missingAsNaN
        1,-inf|not finite
        a,b~1,2|line 1 column 1: 'a' is not a number; if this line names the columns
        1,2~0x10,4|'0x10' is not a number
        1,2~1d,4|'1d' is not
        1,2~1_0,4|'1_0' is not
        1,2~1 0,4|'1 0' is not
        1,2~--1,4|'--1' is not
        1,2~.,4|'.' is not
        1,2~-,4|'-' is not
        1,2~"3,4|quoted field without an end
        1,2~"3"3,4|after the closing quote
        ~~|no rows
        """)
    void tablesAreReadOrRefused(String text, String expected) throws IOException {
        String real = text.replace('~', '\n')
                .replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\ufeff", "\ufeff");
        if (Character.isDigit(expected.charAt(0))) {
            String[] want = expected.split(" ");
            Fixtures.assertArray(read(F64, real).data(), DType.F64, Shape.of(2, 2), i -> Double.parseDouble(want[i]));
        } else {
            Fixtures.assertBad(() -> read(F64, real), "x.csv line ", expected);
        }
    }

    @Test
    void numbersRoundAsJavaRoundsThem() throws IOException {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        double[] want = new double[20_000];
        for (int i = 0; i < want.length; i++) {
            String s = switch (i % 4) {
                case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
                case 1 -> Integer.toString(random.nextInt());
                case 2 -> random.nextInt(1000) + "." + random.nextInt(1_000_000_000);
                default -> "-." + random.nextInt(Integer.MAX_VALUE);
            };
            want[i] = Double.parseDouble(s);
            text.append(s).append('\n');
        }
        assertArrayEquals(want, read(F64, text.toString()).data().doubles());
    }

    @Test
    void optionsDoWhatTheySay() throws IOException {
        Csv.Table missing = read(F64.missingAsNaN(), "1,\nNA,?\nNaN,4\n");
        assertArrayEquals(
                new double[] {1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 4},
                missing.data().doubles());
        Csv.Table tabs = read(Csv.of(DType.F32).delimiter('\t').missingAsNaN(), "1\t2\n\t\n");
        assertArrayEquals(new float[] {1, 2, Float.NaN, Float.NaN}, tabs.data().floats());
        Csv.Table skipped = read(F64.skip(1).comment('#').header(), "title, x\n# note\nx y\n1 2\n#3 4\n");
        assertEquals(List.of("x", "y"), skipped.names());
        assertArrayEquals(new double[] {1, 2}, skipped.data().doubles());
        Csv.Table words = read(Csv.of(DType.I32).category(0).category(2), "T,2,\"a, b\"\nA,8,\nT,-1,x\n");
        assertArrayEquals(new int[] {1, 2, 1, 0, 8, 0, 1, -1, 2}, words.data().ints());
        assertEquals(List.of("A", "T"), words.levels(0));
        assertEquals(List.of("", "a, b", "x"), words.levels(2));
        assertThrows(IllegalArgumentException.class, () -> words.levels(1));
        Fixtures.assertBad(() -> read(F64.category(2), "1,2\n"), "category column 2", "2 columns");
        Fixtures.assertBad(() -> read(Csv.of(DType.I32), "1\n1.5\n"), "line 2", "'1.5' is not a whole number");
        Fixtures.assertBad(() -> read(Csv.of(DType.I32), "2147483648\n"), "2147483648");
        assertEquals(
                Integer.MIN_VALUE, read(Csv.of(DType.I32), "-2147483648").data().ints()[0]);
        Fixtures.assertBad(() -> read(Csv.of(DType.F32), "1e39\n"), "beyond the range of F32");
        Fixtures.assertBad(() -> read(F64.maxBytes(5), "1,2,3,4\n"), "maxBytes");
        Fixtures.assertBad(() -> F64.read(new ByteArrayInputStream(new byte[] {'1', (byte) 0xff}), "x"), "UTF-8");
        assertThrows(IllegalArgumentException.class, () -> Csv.of(DType.BOOL));
        assertThrows(IllegalArgumentException.class, () -> F64.delimiter('e'));
        assertThrows(IllegalArgumentException.class, () -> Csv.of(DType.I32).missingAsNaN());
    }

    @Test
    void linesCrossBuffers() throws IOException {
        // lines of 2 to 30,001 bytes over several 64 KB buffers
        StringBuilder text = new StringBuilder();
        int rows = 40;
        for (int r = 0; r < rows; r++) {
            text.append(r).append(" ".repeat(r * 769)).append('\n');
        }
        Fixtures.assertArray(read(F64, text.toString()).data(), DType.F64, Shape.of(rows, 1), i -> i);
        Fixtures.assertBad(() -> read(F64, "1".repeat((1 << 24) + 1)), "line 1", "bytes in one line");
    }
}
