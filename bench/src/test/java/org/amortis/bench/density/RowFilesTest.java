package org.amortis.bench.density;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.data.IdxFiles;
import org.amortis.bench.study.StudyException;
import org.amortis.flow.Standardiser;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFilesTest {
    private static String whole(SplittableRandom r, int columns, int levels) {
        StringBuilder b = new StringBuilder();
        for (int j = 0; j < columns; j++) {
            b.append(j == 0 ? "" : ",").append(r.nextInt(levels));
        }
        return b.toString();
    }

    @Test
    void lettersAndDigitsAreSplitAsPublished(@TempDir Path folder) throws IOException {
        SplittableRandom r = new SplittableRandom(1);
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            b.append((char) ('A' + i % 26)).append(',').append(whole(r, 16, 16)).append('\n');
        }
        Files.createDirectories(folder.resolve("letter"));
        Files.writeString(folder.resolve("letter/letter-recognition.data"), b, StandardCharsets.UTF_8);
        RowFiles files = new RowFiles(folder, 1, false);
        Rows letter = files.load("letter");
        assertEquals(Shape.of(14_400, 16), letter.train().shape());
        assertEquals(Shape.of(1_600, 16), letter.validation().shape());
        assertEquals(Shape.of(4_000, 16), letter.test().shape());
        assertEquals(
                b.toString().split("\n", 2)[0].split(",")[1],
                "" + (int) letter.train().get(0));

        Files.createDirectories(folder.resolve("digits"));
        Path digits = folder.resolve("digits/digits.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(digits))) {
            for (int i = 0; i < 1_797; i++) {
                out.write((whole(r, 65, 17) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Rows rows = files.load("digits");
        assertEquals(64, rows.dimensions());
        assertEquals(360, rows.test().shape().dim(0));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(digits))) {
            for (int i = 0; i < 1_797; i++) {
                out.write((whole(r, 65, 19) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        assertTrue(assertThrows(StudyException.class, () -> files.load("digits"))
                .getMessage()
                .contains("whole numbers below 17"));
    }

    @Test
    void mnistMustBeImagesOfItsSize(@TempDir Path folder) throws IOException {
        IdxFiles.folder(Files.createDirectories(folder.resolve("mnist")), 60, 30, 8);
        assertTrue(assertThrows(StudyException.class, () -> new RowFiles(folder, 1, false).load("mnist"))
                .getMessage()
                .contains("28 x 28"));
        IdxFiles.folder(folder.resolve("mnist"), 60, 30, 28);
        Rows rows = new RowFiles(folder, 1, false).load("mnist");
        assertEquals(Shape.of(50, 784), rows.train().shape());
        assertEquals(Shape.of(10, 784), rows.validation().shape());
        assertEquals(Shape.of(30, 784), rows.test().shape());
    }

    /** Every row of a table is in one of the splits, once; names above are passed over. */
    @Test
    void tablesAreSplitAtRandom(@TempDir Path folder) throws IOException {
        StringBuilder b = new StringBuilder("mass;speed of sound\n");
        for (int i = 0; i < 50; i++) {
            b.append(i).append(';').append(-i * i).append('\n');
        }
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, b, StandardCharsets.UTF_8);
        Rows rows = new RowFiles(folder, 3, false).load(file.toString());
        assertNull(rows.toy());
        assertEquals(Shape.of(40, 2), rows.train().shape());
        int[] seen = new int[50];
        int moved = 0;
        for (HostArray a : new HostArray[] {rows.train(), rows.validation(), rows.test()}) {
            for (int i = 0; i < a.shape().dim(0); i++) {
                int v = (int) a.get(2 * i);
                seen[v]++;
                moved += v == i ? 0 : 1;
                assertEquals(-v * v, a.get(2 * i + 1));
            }
        }
        assertTrue(Arrays.stream(seen).allMatch(n -> n == 1));
        assertTrue(moved > 25);
        Rows other = new RowFiles(folder, 4, false).load(file.toString());
        assertTrue(!Arrays.equals(rows.train().doubles(), other.train().doubles()));
    }

    /** The formula that training adds noise with gives what the evaluation adds in double. */
    @Test
    void noiseOnTheDeviceIsNoiseInDouble() {
        Pixels pixels = new Pixels(256, 1e-6);
        double[] v = {0, 0, 17, 128, 255, 255};
        double[] u = {0, 0.75, 0.5, 0.25, 0.5, 0.9990234375};
        HostArray f = Run.eval(pixels.of(
                Tensors.resident(HostArray.wrap(v, Shape.of(6)).cast(DType.F32)),
                Tensors.resident(HostArray.wrap(u, Shape.of(6)).cast(DType.F32))));
        for (int i = 0; i < v.length; i++) {
            // logits to 13.8, a float32 has 24 bits
            assertEquals(pixels.of(v[i], u[i]), f.get(i), 4e-6, "pixel " + i);
        }
    }

    @Test
    void validationNoiseIsDrawnOnce() {
        HostArray v = HostArray.wrap(new float[] {0, 3, 1, 2, 2, 1, 3, 0}, Shape.of(4, 2));
        Rows rows = new Rows("test", "test", v, v, v, new Pixels(4, 0), null, 0, 0, true);
        ParamSpec spec = new ParamSpec(DType.F32);
        Standardiser s = Standardiser.of(spec.at("s"), 2);
        Params params = Params.init(spec, Key.of(1));
        Prepared a = new Prepared(rows, 5, s, params);
        assertArrayEqualsFloats(v, a.feed());
        assertEquals(0, a.logDet());
        assertEquals(s.logDet(params), a.rest());
        Prepared b = new Prepared(rows, 5, s, params);
        assertArrayEqualsFloats(a.standardised("test"), b.standardised("test"));
        assertNotNull(a.pixels());
        for (int i = 0; i < 8; i++) {
            double x = a.values("test").get(i) * 4;
            assertTrue(x >= v.get(i) && x < v.get(i) + 1, "" + x);
        }
    }

    private static void assertArrayEqualsFloats(HostArray a, HostArray b) {
        assertTrue(Arrays.equals(a.toFloats(), b.toFloats()));
    }
}
