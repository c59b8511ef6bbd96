package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final Shape SHAPE = Shape.of(4, 3, 2);

    @TempDir
    Path dir;

    private static HostArray read(byte[] content) throws IOException {
        try (Idx idx = Idx.open(new ByteArrayInputStream(content), "x.idx")) {
            return idx.next(Integer.MAX_VALUE, DType.F64);
        }
    }

    @Test
    void readsEveryTypePlainAndGzipped() throws IOException {
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "u8.idx")), DType.I32, SHAPE, i -> i * 10);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "u8.idx.gz")), DType.I32, SHAPE, i -> i * 10);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "u8.idx.gz"), DType.F32), DType.F32, SHAPE, i -> i * 10);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "i8.idx")), DType.I32, SHAPE, i -> i * 5 - 60);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "i16.idx")), DType.I32, SHAPE, i -> i * 1000);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "i32.idx")), DType.I32, SHAPE, i -> i * 10_000_000);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "f32.idx")), DType.F32, SHAPE, i -> i * 10 / 4.0);
        Fixtures.assertArray(Idx.read(Fixtures.file(dir, "f64.idx")), DType.F64, SHAPE, i -> i * 10 / 3.0);
        Fixtures.assertArray(Idx.read(dir.resolve("i16.idx"), DType.F64), DType.F64, SHAPE, i -> i * 1000);
        Fixtures.assertArray(Idx.read(dir.resolve("f32.idx"), DType.F64), DType.F64, SHAPE, i -> i * 10 / 4.0);
        assertThrows(DTypeException.class, () -> Idx.read(dir.resolve("f64.idx"), DType.F32));
        Fixtures.assertBad(() -> Idx.read(dir.resolve("i32.idx"), DType.F32), "2^24", "20000000");
    }

    @Test
    void rowsComeInBlocks() throws IOException {
        try (Idx idx = Idx.open(Fixtures.file(dir, "u8.idx.gz"))) {
            assertEquals(SHAPE, idx.shape());
            Fixtures.assertArray(idx.next(3, DType.F32), DType.F32, Shape.of(3, 3, 2), i -> i * 10);
            Fixtures.assertArray(idx.next(3, DType.F32), DType.F32, Shape.of(1, 3, 2), i -> (18 + i) * 10);
            assertEquals(0, idx.next(3, DType.F32).shape().dim(0));
        }
    }

    @Test
    void wrongFilesAreRefused() throws IOException {
        byte[] plain = Fixtures.bytes("u8.idx");
        byte[] gz = Fixtures.bytes("u8.idx.gz");
        for (int n = 0; n < plain.length; n++) {
            byte[] cut = Arrays.copyOf(plain, n);
            Fixtures.assertBad(() -> read(cut), "x.idx");
        }
        for (int n = 0; n < gz.length; n++) {
            byte[] cut = Arrays.copyOf(gz, n);
            Fixtures.assertBad(() -> read(cut), "x.idx");
        }
        Fixtures.assertBad(() -> read(Arrays.copyOf(plain, plain.length + 1)), "follows");
        Path shorter = Files.write(dir.resolve("short.idx"), Arrays.copyOf(plain, plain.length - 1));
        Fixtures.assertBad(() -> Idx.open(shorter), "short.idx", "needs 24 bytes", "23 more");
        byte[] type = plain.clone();
        type[2] = 10;
        Fixtures.assertBad(() -> read(type), "element type 10");
        byte[] axes = plain.clone();
        axes[3] = 0;
        Fixtures.assertBad(() -> read(axes), "magic number 0,0,8,0");
        byte[] damaged = gz.clone();
        damaged[gz.length - 6] ^= 1;
        Fixtures.assertBad(() -> read(damaged), "damaged or cut off");
    }

    @Test
    void whatInflatesBeyondTheBoundIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gz = new GZIPOutputStream(bytes)) {
            gz.write(new byte[] {0, 0, 8, 1, 0, 16, 0, 0});
            gz.write(new byte[1 << 20]);
        }
        Path bomb = Files.write(dir.resolve("bomb.idx.gz"), bytes.toByteArray());
        Fixtures.assertBad(() -> Idx.open(bomb, 1000), "bomb.idx.gz", "1048576", "maxBytes");
        assertEquals(1 << 20, Idx.read(bomb).shape().size());
        byte[] claim = {0, 0, 8, 1, 0x7f, 0, 0, 0, 1, 2, 3};
        Fixtures.assertBad(() -> read(claim), "cut off", "3 found");
    }
}
