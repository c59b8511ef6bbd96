package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.junit.jupiter.api.function.Executable;

/** Files written by the original libraries (README.md beside them), and checks that tests share. */
final class Fixtures {
    private Fixtures() {}

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("fixture " + name + " is missing");
            }
            return in.readAllBytes();
        }
    }

    static Path file(Path directory, String name) throws IOException {
        return Files.write(directory.resolve(name), bytes(name));
    }

    static Path text(Path directory, String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content, StandardCharsets.UTF_8);
    }

    static HostArray get(Map<String, HostArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    static void assertArray(HostArray array, DType type, Shape shape, IntToDoubleFunction expected) {
        assertEquals(type, array.dtype());
        assertEquals(shape, array.shape());
        double[] want = new double[shape.size()];
        for (int i = 0; i < want.length; i++) {
            want[i] = expected.applyAsDouble(i);
        }
        assertArrayEquals(want, array.toDoubles());
    }

    static void assertSame(HostArray expected, HostArray found) {
        assertEquals(expected.dtype(), found.dtype());
        assertEquals(expected.shape(), found.shape());
        switch (expected.dtype()) {
            case F32 -> assertArrayEquals(expected.floats(), found.floats());
            case F64 -> assertArrayEquals(expected.doubles(), found.doubles());
            case I32, BOOL, KEY -> assertArrayEquals(expected.ints(), found.ints());
        }
    }

    /** Requires a format error whose message holds all the parts. */
    static void assertBad(Executable read, String... parts) {
        String message =
                String.valueOf(assertThrows(FormatException.class, read).getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' missing in: " + message);
        }
    }
}
