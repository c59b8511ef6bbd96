package org.amortis.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.StudyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
    private static final String TRAIN = "train-images-idx3-ubyte";
    private static final String TEST = "t10k-images-idx3-ubyte";

    /** The share of ones of the whole file was counted once with numpy: 0.31530 of 7,840,000. */
    @Test
    void embedded() throws IOException {
        ImageSet s = Images.fashion();
        assertEquals(Shape.of(8000, 784), s.train().shape());
        assertEquals(Shape.of(2000, 784), s.test().shape());
        double ones = 0;
        for (HostArray a : new HostArray[] {s.train(), s.test()}) {
            for (float f : a.floats()) {
                ones += f;
            }
        }
        assertEquals(0.31530, ones / 7_840_000, 5e-6);
        // published for thresholded Fashion, test of the complete set: -383.1
        assertEquals(-385, s.independentPixels(), 4);
    }

    @Test
    void thresholdIsHalfOfFullBrightness(@TempDir Path folder) throws IOException {
        IdxFiles.bytes(folder.resolve(TRAIN), new byte[] {0, 127, (byte) 128, (byte) 255}, 1, 2, 2);
        IdxFiles.floats(folder.resolve(TEST), new float[] {0, 0.49f, 0.5f, 1}, 1, 2, 2);
        ImageSet s = Images.load(folder.toString());
        assertArrayEquals(new float[] {0, 0, 1, 1}, s.train().floats());
        assertArrayEquals(new float[] {0, 0, 1, 1}, s.test().floats());
    }

    @Test
    void rowsSpreadOverTheWhole() {
        HostArray a = HostArray.wrap(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Shape.of(10, 1));
        assertArrayEquals(new float[] {0, 2, 5, 7}, ImageSet.some(a, 4).floats());
        assertEquals(10, ImageSet.some(a, 99).shape().dim(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"missing", "rank", "sizes", "empty", "nan", "range", "truncated", "garbage", "digits", "labels"})
    void refuses(String what, @TempDir Path folder) throws IOException {
        IdxFiles.folder(folder, 20, 10, 4);
        Path train = folder.resolve(TRAIN);
        String message = switch (what) {
            case "missing" -> {
                Files.delete(train);
                yield "no train-images";
            }
            case "rank" -> {
                IdxFiles.bytes(train, new byte[16], 1, 16);
                yield "[number, rows, columns]";
            }
            case "sizes" -> {
                IdxFiles.bytes(train, new byte[25], 1, 5, 5);
                yield "different sizes";
            }
            case "empty" -> {
                IdxFiles.bytes(train, new byte[0], 0, 4, 4);
                yield "holds no images";
            }
            case "nan" -> {
                float[] f = new float[32];
                f[19] = Float.NaN;
                IdxFiles.floats(train, f, 2, 4, 4);
                yield "pixel 3 of image 1 is NaN";
            }
            case "range" -> {
                float[] f = new float[16];
                Arrays.fill(f, 2);
                IdxFiles.floats(train, f, 1, 4, 4);
                yield "from 0 to 1";
            }
            case "truncated" -> {
                byte[] all = Files.readAllBytes(train);
                Files.write(train, Arrays.copyOf(all, all.length - 1));
                yield TRAIN;
            }
            case "garbage" -> {
                Files.writeString(train, "not an idx file at all");
                yield "no idx file";
            }
            case "digits" -> {
                Files.delete(train);
                Files.delete(folder.resolve(TEST));
                Files.writeString(folder.resolve("digits.csv.gz"), "1,2,3\n4,5,6\n");
                yield "64 pixels";
            }
            default -> {
                IdxFiles.bytes(train, new byte[20], 20);
                yield "[number, rows, columns]";
            }
        };
        RuntimeException e = assertThrows(RuntimeException.class, () -> Images.load(folder.toString()));
        assertTrue(e instanceof StudyException || e instanceof FormatException, e.toString());
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }
}
