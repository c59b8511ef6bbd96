package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyTest {
    @TempDir
    Path dir;

    private static byte[] npy(String header, int dataBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        out.write(text.length & 255);
        out.write(text.length >> 8);
        out.write(text);
        out.write(new byte[dataBytes]);
        return out.toByteArray();
    }

    private static HostArray read(byte[] content) throws IOException {
        return Npy.read(new ByteArrayInputStream(content), "x.npy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})
    void readsEveryTypeInBothByteOrders(String type) throws IOException {
        DType want = type.equals("f8") ? DType.F64 : type.startsWith("f") ? DType.F32 : DType.I32;
        for (String order : type.endsWith("1") ? List.of("le") : List.of("le", "be")) {
            HostArray array = Npy.read(Fixtures.file(dir, type + order + ".npy"));
            Fixtures.assertArray(array, want, Shape.of(2, 3), i -> switch (type.charAt(0)) {
                case 'u' -> i;
                case 'i' -> i - 2;
                default -> i * 0.5 - 1;
            });
        }
    }

    @Test
    void readsShapesVersionsAndColumnMajor() throws IOException {
        Fixtures.assertArray(Npy.read(Fixtures.file(dir, "b1.npy")), DType.BOOL, Shape.of(2, 3), i -> 1 - i % 2);
        Fixtures.assertArray(Npy.read(Fixtures.file(dir, "scalar.npy")), DType.F32, Shape.SCALAR, i -> 2.5);
        Fixtures.assertArray(Npy.read(Fixtures.file(dir, "vector.npy")), DType.I32, Shape.of(6), i -> i);
        Fixtures.assertArray(Npy.read(Fixtures.file(dir, "empty.npy")), DType.F64, Shape.of(0, 3), i -> 0);
        Fixtures.assertArray(Npy.read(Fixtures.file(dir, "fortran.npy")), DType.F32, Shape.of(2, 3, 4), i -> i);
        for (int version = 1; version <= 3; version++) {
            HostArray array = Npy.read(Fixtures.file(dir, "version" + version + ".npy"));
            Fixtures.assertArray(array, DType.F32, Shape.of(2, 3), i -> i * 0.5 - 1);
        }
        Fixtures.assertBad(() -> Npy.read(Fixtures.file(dir, "structured.npy")), "structured");
        Fixtures.assertBad(() -> Npy.read(Fixtures.file(dir, "object.npy")), "'|O'");
        Fixtures.assertBad(() -> Npy.read(Fixtures.file(dir, "complex.npy")), "'<c8'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        {'descr':'<f4','fortran_order':False,'shape':(3,)}~11~is cut off
        {'descr':'<f4','fortran_order':False,'shape':(3,)}~13~follows
        {'descr':'<f4','fortran_order':False,'shape':(3)}~12~tuple
        {'descr':'<f4','fortran_order':False,'shape':(3 3)}~36~',' or ')'
        {'descr':'<f4','fortran_order':False,'shape':(-3,)}~12~size of at least 0
        {'descr':'<f4','fortran_order':False,'shape':(99999999999999999999,)}~12~expected
        {'descr':'<f4','fortran_order':False,'shape':(99999999999,)}~12~elements
        {'descr':'<f4','fortran_order':False,'shape':(03,)}~12~leading zeros
        {'descr':'<f4','fortran_order':False,'shape':(65536,65536,)}~12~elements
        {'descr':'<f4','fortran_order':false,'shape':(3,)}~12~True or False
        {'descr':'<f4','fortran_order':False}~12~needed, found 2
        {'descr':'<f4','descr':'<f4','fortran_order':False,'shape':(3,)}~12~twice
        {'descr':'<f4','fortran_order':False,'shape':(3,),'more':1}~12~unknown key 'more'
        {'descr':'f4','fortran_order':False,'shape':(3,)}~12~'f4'
        {'descr':'|f4','fortran_order':False,'shape':(3,)}~12~'|f4'
        {'descr':'<f3','fortran_order':False,'shape':(3,)}~12~'<f3'
        {'descr':'','fortran_order':False,'shape':(3,)}~12~''
        {'descr':'<f4','fortran_order':False,'shape':(3,)}x~12~closing brace
        {'descr':'<f4~12~without an end
        {~12~quoted string
        x~12~'{' expected
        {'descr':'|b1','fortran_order':False,'shape':(~0~size of at least 0
        """)
    void wrongHeadersAreRefused(String header, int dataBytes, String part) {
        Fixtures.assertBad(() -> read(npy(header, dataBytes)), "x.npy", part);
    }

    @Test
    void wrongBeginningsAreRefused() throws IOException {
        byte[] good = Fixtures.bytes("version1.npy");
        Fixtures.assertBad(() -> read(new byte[0]), "npy header", "0 found");
        for (int n = 0; n < good.length; n++) {
            byte[] cut = Arrays.copyOf(good, n);
            Fixtures.assertBad(() -> read(cut), "x.npy");
        }
        byte[] version = good.clone();
        version[6] = 4;
        Fixtures.assertBad(() -> read(version), "version 4.0");
        byte[] huge = Fixtures.bytes("version2.npy");
        huge[10] = 1;
        Fixtures.assertBad(() -> read(huge), "at most 65536");
        byte[] bool = Fixtures.bytes("b1.npy");
        bool[bool.length - 1] = 7;
        Fixtures.assertBad(() -> read(bool), "BOOL element 5 is 7", "offset 133");
        Path file = Files.write(dir.resolve("short.npy"), Arrays.copyOf(good, good.length - 1));
        Fixtures.assertBad(() -> Npy.read(file), "short.npy", "needs 24 bytes", "23 more");
        assertThrows(NoSuchFileException.class, () -> Npy.read(dir.resolve("absent.npy")));
    }

    @Test
    void arraysAreReadBackAsWritten() throws IOException {
        for (HostArray array : samples().values()) {
            Path file = dir.resolve("out.npy");
            Npy.write(file, array);
            Fixtures.assertSame(array, Npy.read(file));
            // numpy maps files only if the data begins at a multiple of 64
            assertEquals(0, (Files.size(file) - Elements.fileBytes(array)) % 64);
        }
        HostArray key = HostArray.zeros(DType.KEY, Shape.SCALAR);
        assertThrows(DTypeException.class, () -> Npy.write(dir.resolve("key.npy"), key));
        // the bytes numpy itself writes
        Npy.write(dir.resolve("same.npy"), Npy.read(Fixtures.file(dir, "version1.npy")));
        assertArrayEquals(Fixtures.bytes("version1.npy"), Files.readAllBytes(dir.resolve("same.npy")));
    }

    private static Map<String, HostArray> samples() {
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        arrays.put("scalar", HostArray.wrap(new float[] {-0f}, Shape.SCALAR));
        arrays.put("floats", HostArray.wrap(new float[70_000], Shape.of(7, 10_000)));
        arrays.put("doubles", HostArray.of(Double.NaN, Math.E));
        arrays.put("ints", HostArray.wrap(new int[] {Integer.MIN_VALUE, 0, 5}, Shape.of(1, 3, 1)));
        arrays.put("bools", HostArray.wrap(DType.BOOL, new int[] {1, 0}, Shape.of(2)));
        arrays.put("none", HostArray.zeros(DType.F32, Shape.of(3, 0)));
        return arrays;
    }

    @Test
    void archivesOfNumpyAreRead() throws IOException {
        for (String name : List.of("stored.npz", "deflated.npz")) {
            Map<String, HostArray> arrays = Npz.read(Fixtures.file(dir, name));
            Fixtures.assertArray(Fixtures.get(arrays, "weights"), DType.F32, Shape.of(2, 3), i -> i * 0.5 - 1);
            Fixtures.assertArray(Fixtures.get(arrays, "bias"), DType.I32, Shape.of(3), i -> i);
        }
        Fixtures.assertArray(
                Fixtures.get(Npz.read(dir.resolve("deflated.npz")), "zeros"), DType.F64, Shape.of(100, 100), i -> 0);
    }

    @Test
    void archivesAreReadBackAsWritten() throws IOException {
        Path file = dir.resolve("out.npz");
        Npz.write(file, samples());
        byte[] first = Files.readAllBytes(file);
        Map<String, HostArray> back = Npz.read(file);
        assertEquals(List.copyOf(samples().keySet()), List.copyOf(back.keySet()));
        samples().forEach((name, array) -> Fixtures.assertSame(array, Fixtures.get(back, name)));
        Npz.write(file, samples());
        assertArrayEquals(first, Files.readAllBytes(file));
    }

    @Test
    void bombsAndStrangersAreRefused() throws IOException {
        Path bomb = dir.resolve("bomb.npz");
        Npz.write(bomb, Map.of("zeros", HostArray.wrap(new float[1 << 20], Shape.of(1 << 20))));
        Fixtures.assertBad(() -> Npz.read(bomb, 1 << 20), "bomb.npz", "'zeros.npy'", "maxBytes");
        assertEquals(1, Npz.read(bomb).size());
        Path stranger = dir.resolve("stranger.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(stranger))) {
            zip.putNextEntry(new ZipEntry("readme.txt"));
            zip.closeEntry();
        }
        Fixtures.assertBad(() -> Npz.read(stranger), "'readme.txt'");
        Fixtures.assertBad(() -> Npz.read(Fixtures.text(dir, "no.npz", "hello")), "no.npz", "not a readable npz");
        byte[] damaged = Fixtures.bytes("stored.npz");
        // the last bytes of the stored array, just before the next local header
        damaged[30 + "weights.npy".length() + 20 + 128 + 5] ^= 1;
        Fixtures.assertBad(() -> Npz.read(Files.write(dir.resolve("damaged.npz"), damaged)), "damaged.npz", "crc");
    }
}
