package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path dir;

    private static byte[] file(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private Map<String, HostArray> read(byte[] content) throws IOException {
        return Safetensors.read(Files.write(dir.resolve("x.safetensors"), content));
    }

    @Test
    void readsWhatTheReferenceWriterWrote() throws IOException {
        try (Safetensors file = Safetensors.open(Fixtures.file(dir, "all.safetensors"))) {
            Shape s = Shape.of(2, 3);
            Shape v = Shape.of(6);
            Fixtures.assertArray(file.tensor("f32"), DType.F32, s, i -> i * 0.5 - 1);
            Fixtures.assertArray(file.tensor("f64"), DType.F64, s, i -> (i * 0.5 - 1) / 3);
            Fixtures.assertArray(file.tensor("f16"), DType.F32, s, i -> i * 0.5 - 1);
            Fixtures.assertArray(file.tensor("bool"), DType.BOOL, Shape.of(3, 2), i -> 1 - i % 2);
            Fixtures.assertArray(file.tensor("u8"), DType.I32, v, i -> i * 50);
            Fixtures.assertArray(file.tensor("i8"), DType.I32, v, i -> i * 50 - 128);
            Fixtures.assertArray(file.tensor("i16"), DType.I32, v, i -> i * 10000 - 30000);
            Fixtures.assertArray(file.tensor("u16"), DType.I32, v, i -> i * 13000);
            Fixtures.assertArray(file.tensor("i32"), DType.I32, v, i -> i * 100000 - 300000);
            Fixtures.assertArray(file.tensor("u32"), DType.I32, v, i -> i * 400000000);
            Fixtures.assertArray(file.tensor("i64"), DType.I32, v, i -> i * 400000000.0 - 2000000000);
            Fixtures.assertArray(file.tensor("u64"), DType.I32, v, i -> i * 400000000);
            Fixtures.assertArray(file.tensor("scalar"), DType.F32, Shape.SCALAR, i -> 2.5);
            Fixtures.assertArray(file.tensor("empty"), DType.F32, Shape.of(0, 3), i -> 0);
            Fixtures.assertArray(file.tensor("naïve \"q\"\\\n"), DType.F32, Shape.of(1), i -> 1);
            assertEquals(15, file.names().size());
            assertEquals(Map.of("format", "np", "note", "tab\t quote\" ünïcode 𝕏"), file.metadata());
            assertEquals(Shape.of(3, 2), file.shape("bool"));
            assertEquals(DType.I32, file.dtype("u8"));
            Fixtures.assertBad(() -> file.tensor("weights"), "all.safetensors", "'weights'", "15");
        }
        float[] bf16 = Fixtures.get(Safetensors.read(Fixtures.file(dir, "bf16.safetensors")), "x")
                .floats();
        assertArrayEquals(new float[] {1, -2.5f, Float.POSITIVE_INFINITY}, bf16);
        assertEquals(Map.of(), Safetensors.read(Fixtures.file(dir, "none.safetensors")));
        Fixtures.assertBad(
                () -> Safetensors.read(Fixtures.file(dir, "out-of-range.safetensors")),
                "out-of-range.safetensors",
                "'big'",
                "offset 80",
                "2147483648");
    }

    @Test
    void whatIsWrittenIsReadBackInOrder() throws IOException {
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        arrays.put("b", HostArray.wrap(DType.BOOL, new int[] {1, 0, 1}, Shape.of(3)));
        arrays.put("w/ö\u0001\"", HostArray.wrap(new float[] {Float.NaN, -0f, 1e-42f, 3e38f}, Shape.of(2, 2)));
        arrays.put("i", HostArray.wrap(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, Shape.of(1, 2, 1)));
        arrays.put("d", HostArray.of(Math.PI, Double.NEGATIVE_INFINITY));
        arrays.put("none", HostArray.zeros(DType.F32, Shape.of(0)));
        arrays.put("large", HostArray.wrap(new float[40_000], Shape.of(200, 200)));
        Path path = dir.resolve("out.safetensors");
        Safetensors.write(path, arrays, Map.of("step", "17"));
        try (Safetensors file = Safetensors.open(path)) {
            assertEquals(List.copyOf(arrays.keySet()), List.copyOf(file.names()));
            assertEquals(Map.of("step", "17"), file.metadata());
            Map<String, HostArray> back = file.tensors();
            arrays.forEach((name, array) -> Fixtures.assertSame(array, Fixtures.get(back, name)));
        }
        long header = ByteBuffer.wrap(Files.readAllBytes(path))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertEquals(0, header % 8);
        Safetensors.write(path, Map.of(), Map.of("only", "strings"));
        assertEquals(Map.of(), Safetensors.read(path));
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
        Path path = dir.resolve("out.safetensors");
        Safetensors.write(path, Map.of("x", HostArray.of(1f)), Map.of());
        HostArray key = HostArray.zeros(DType.KEY, Shape.SCALAR);
        assertThrows(DTypeException.class, () -> Safetensors.write(path, Map.of("k", key), Map.of()));
        HostArray one = HostArray.of(1f);
        assertThrows(
                IllegalArgumentException.class, () -> Safetensors.write(path, Map.of("__metadata__", one), Map.of()));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(path, Map.of("\ud800", one), Map.of()));
        assertEquals(1, Safetensors.read(path).size());
    }

    // header with ' for ", bytes of data, a part of the message
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}|6|overlap
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4|overlap
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}|12|hole
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|hole
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|3|cut off
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|5|longer
        {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|4|takes 8 bytes
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}|4|takes 4 bytes
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}|4|two data_offsets
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,8]}}|4|more than 2
        {'a':{'dtype':'F32','shape':[1]}}|4|needs dtype
        {'a':{'dtype':'F8_E4M3','shape':[1],'data_offsets':[0,1]}}|1|F8_E4M3
        {'a':{'dtype':'f32','shape':[1],'data_offsets':[0,4]}}|4|'f32'
        {'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}|4|whole number
        {'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}}|4|fraction
        {'a':{'dtype':'F32','shape':[01],'data_offsets':[0,4]}}|4|leading zeros
        {'a':{'dtype':'F32','shape':[1,],'data_offsets':[0,4]}}|4|whole number
        {'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}|0|4294967296
        {'a':{'dtype':'F32','shape':[65536,65536,0],'data_offsets':[0,0]}}|0|elements
        {'a':{'dtype':'F32','shape':[1],'shape':[1],'data_offsets':[0,4]}}|4|twice
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}}|4|unknown field 'x'
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[0],'data_offsets':[4,4]}}|4|twice
        {'__metadata__':{'a':1}}|0|'"' expected
        {'__metadata__':{'a':'b','a':'c'}}|0|twice
        {'__metadata__':{},'__metadata__':{}}|0|twice
        {'__metadata__':{'a':'\\ud800'}}|0|surrogate
        {'__metadata__':{'a':'\\x'}}|0|escape
        {'a':[[[[[[[[[[|0|'{' expected
        {'a':{'dtype':'F32|0|without an end
        {} x|0|only blanks
        {}}|0|only blanks
        {|0|header length 1
        []|0|must begin
        """)
    void wrongHeadersAreRefused(String header, int dataBytes, String part) {
        Fixtures.assertBad(() -> read(file(header.replace('\'', '"'), dataBytes)), "x.safetensors", part);
    }

    @Test
    void wrongLengthsAreRefusedBeforeAnythingIsAllocated() {
        Fixtures.assertBad(() -> read(new byte[0]), "header length", "8 bytes expected");
        Fixtures.assertBad(() -> read(new byte[] {1, 2, 3}), "3 found");
        for (long n : new long[] {100_000_001, Long.MAX_VALUE, -1, 1}) {
            byte[] content = ByteBuffer.allocate(100)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(n)
                    .array();
            Fixtures.assertBad(() -> read(content), "header length " + Long.toUnsignedString(n));
        }
        byte[] content = ByteBuffer.allocate(100)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(100_000_000)
                .array();
        Fixtures.assertBad(() -> read(content), "header needs 100000000 bytes", "92 more");
        byte[] utf8 = file("{\"\u00e9\":{}}", 0);
        utf8[10] = (byte) 0xff;
        Fixtures.assertBad(() -> read(utf8), "UTF-8", "offset 10");
        byte[] bool = file("{\"a\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
        bool[bool.length - 1] = 2;
        Fixtures.assertBad(() -> read(bool), "BOOL element 0 is 2");
    }

    @Test
    void emptyMetadataAndBlanksAreFine() throws IOException {
        assertTrue(read(file("{ \"__metadata__\" : { } }   ", 0)).isEmpty());
        Map<String, HostArray> one =
                read(file("{\"\\u00e9\\n\": {\"data_offsets\": [0, 4],\n\"shape\":[ ], \"dtype\":\t\"I32\"}}  ", 4));
        assertEquals(0, Fixtures.get(one, "é\n").ints()[0]);
    }
}
