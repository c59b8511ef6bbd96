package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand damaged files of each format: each gives a FormatException or what a second, naive reader makes of the
 * same bytes, and costs memory in proportion to its length.
 */
class IoFuzzTest {
    private static final int FILES = 10_000;

    // buffers of 64 KB, the inflater and an exception with its trace, whatever the file; then 8 bytes for each byte of
    // text or 4 for each truth value, twice where an array has to grow, and room for names and headers
    private static final long FIXED = 500_000;
    private static final long PER_BYTE = 100;

    @TempDir
    Path dir;

    /** Reads a damaged file with the reader under test and holds the result against a naive one. */
    @FunctionalInterface
    private interface Reader {
        void read(byte[] file) throws IOException;
    }

    /** Feeds damaged files and returns how many were read without complaint. */
    private static int fuzz(long seed, List<byte[]> seeds, Reader reader) throws Exception {
        Mutations mutations = new Mutations(seed, seeds);
        int fine = 0;
        for (byte[] good : seeds) {
            reader.read(good);
        }
        for (int i = 0; i < FILES; i++) {
            byte[] file = mutations.next();
            try {
                reader.read(file);
                fine++;
            } catch (FormatException e) {
                String message = String.valueOf(e.getMessage());
                assertTrue(message.contains("fuzzed"), message);
                assertTrue(message.length() < 1500, message);
            } catch (Exception | Error e) {
                Files.write(Path.of(System.getProperty("java.io.tmpdir"), "fuzzed-" + seed + "-" + i), file);
                throw new AssertionError("file " + i + " of seed " + seed + ": " + e, e);
            }
        }
        return fine;
    }

    // by reflection: the module of the tests does not read jdk.management, which has the counter
    private static long allocated() {
        try {
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            Method count = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
            return ((Number) count.invoke(bean)).longValue();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no counter of allocated bytes", e);
        }
    }

    /** Runs a read and requires that it allocated no more than the file justifies, also when it failed. */
    private static <T> T bounded(long length, Read<T> read) throws IOException {
        long limit = FIXED + PER_BYTE * length;
        long before = allocated();
        try {
            return read.read();
        } finally {
            // what is taken for the first time loads classes and links call sites on this thread: once more, warm
            if (allocated() - before > limit) {
                long again = cost(read);
                assertTrue(again <= limit, () -> again + " bytes allocated for a file of " + length);
            }
        }
    }

    private static <T> long cost(Read<T> read) throws IOException {
        long before = allocated();
        try {
            read.read();
        } catch (FormatException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("fuzzed"));
        }
        return allocated() - before;
    }

    @FunctionalInterface
    private interface Read<T> {
        T read() throws IOException;
    }

    /** Element i of raw bytes as a double, written again without the code under test. */
    private static double element(ByteBuffer b, String type, int i) {
        return switch (type) {
            case "u1", "U8", "b1", "BOOL" -> b.get(i) & 0xff;
            case "i1", "I8" -> b.get(i);
            case "u2", "U16" -> Short.toUnsignedInt(b.getShort(2 * i));
            case "i2", "I16" -> b.getShort(2 * i);
            case "f2", "F16" -> half(b.getShort(2 * i) & 0xffff);
            case "BF16" -> Float.intBitsToFloat((b.getShort(2 * i) & 0xffff) << 16);
            case "u4", "U32" -> Integer.toUnsignedLong(b.getInt(4 * i));
            case "i4", "I32" -> b.getInt(4 * i);
            case "f4", "F32" -> b.getFloat(4 * i);
            case "i8", "I64" -> b.getLong(8 * i);
            case "u8", "U64" -> b.getLong(8 * i) < 0 ? 1e19 : b.getLong(8 * i);
            case "f8", "F64" -> b.getDouble(8 * i);
            default -> throw new AssertionError("accepted type " + type);
        };
    }

    private static double half(int bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double magnitude = exponent == 0
                ? fraction * 0x1p-24
                : exponent == 31
                        ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                        : (1024 + fraction) * Math.scalb(1, exponent - 25);
        return bits >= 0x8000 ? -magnitude : magnitude;
    }

    private static void assertElements(HostArray array, ByteBuffer raw, String type) {
        double[] want = new double[array.shape().size()];
        for (int i = 0; i < want.length; i++) {
            want[i] = element(raw, type, i);
        }
        assertArrayEquals(want, array.toDoubles());
    }

    private static int[] ints(String list) {
        return Arrays.stream(list.split("[,\\s L]+"))
                .filter(s -> !s.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static final Pattern TENSOR = Pattern.compile("\"dtype\"\\s*:\\s*\"(\\w+)\"\\s*,\\s*\"shape\"\\s*:\\s*"
            + "\\[([0-9,\\s]*)]\\s*,\\s*\"data_offsets\"\\s*:\\s*\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");

    @Test
    void safetensors() throws Exception {
        List<byte[]> seeds = List.of(
                Fixtures.bytes("all.safetensors"),
                Fixtures.bytes("bf16.safetensors"),
                Fixtures.bytes("none.safetensors"));
        int fine = fuzz(1, seeds, file -> {
            Collection<HostArray> arrays = bounded(file.length, () -> {
                try (Safetensors open = Safetensors.open(new Bytes(file), "fuzzed")) {
                    return open.tensors().values();
                }
            });
            ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int data = 8 + (int) all.getLong(0);
            Matcher m = TENSOR.matcher(new String(file, 8, data - 8, StandardCharsets.UTF_8));
            int taken = 0;
            for (HostArray array : arrays) {
                assertTrue(m.find(), "an array that the header does not have");
                int begin = Integer.parseInt(m.group(3));
                int end = Integer.parseInt(m.group(4));
                assertArrayEquals(ints(m.group(2)), array.shape().toArray());
                assertElements(array, all.slice(data + begin, end - begin).order(ByteOrder.LITTLE_ENDIAN), m.group(1));
                taken += end - begin;
            }
            assertEquals(file.length - data, taken);
        });
        assertTrue(fine > FILES / 20, fine + " read");
    }

    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"](.)(..)['\"]");
    private static final Pattern ORDER = Pattern.compile("fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("shape['\"]\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    @Test
    void npy() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : new String[] {
            "f2le",
            "f2be",
            "f4be",
            "f8le",
            "i1le",
            "i8be",
            "u4le",
            "u8be",
            "b1",
            "scalar",
            "empty",
            "fortran",
            "version1",
            "version2",
            "version3"
        }) {
            seeds.add(Fixtures.bytes(name + ".npy"));
        }
        int fine = fuzz(2, seeds, file -> {
            HostArray array = bounded(file.length, () -> Npy.read(new ByteArrayInputStream(file), "fuzzed"));
            ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int prefix = file[6] == 1 ? 10 : 12;
            int data = prefix + (file[6] == 1 ? Short.toUnsignedInt(all.getShort(8)) : all.getInt(8));
            String header = new String(file, prefix, data - prefix, StandardCharsets.ISO_8859_1);
            Matcher descr = DESCR.matcher(header);
            Matcher order = ORDER.matcher(header);
            Matcher shape = SHAPE.matcher(header);
            assertTrue(descr.find() && order.find() && shape.find(), header);
            int[] dims = ints(shape.group(1));
            assertArrayEquals(dims, array.shape().toArray());
            ByteBuffer raw = all.slice(data, file.length - data)
                    .order(descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            assertEquals(
                    raw.capacity(),
                    array.shape().size() * Character.digit(descr.group(2).charAt(1), 10));
            if (order.group(1).equals("False") || dims.length < 2) {
                assertElements(array, raw, descr.group(2));
            } else {
                double[] want = new double[array.shape().size()];
                for (int i = 0; i < want.length; i++) {
                    int from = 0;
                    int rest = i;
                    int stride = want.length;
                    for (int a = dims.length - 1; a >= 0; a--) {
                        stride /= dims[a];
                        from += rest % dims[a] * stride;
                        rest /= dims[a];
                    }
                    want[i] = element(raw, descr.group(2), from);
                }
                assertArrayEquals(want, array.toDoubles());
            }
        });
        assertTrue(fine > FILES / 20, fine + " read");
    }

    @Test
    void npz() throws Exception {
        List<byte[]> seeds = List.of(Fixtures.bytes("stored.npz"), Fixtures.bytes("deflated.npz"));
        Path path = dir.resolve("fuzzed.npz");
        Collection<HostArray> originals =
                Npz.read(Fixtures.file(dir, "deflated.npz")).values();
        int fine = fuzz(3, seeds, file -> {
            // a new file each time: some file systems flush to the disk when a file is truncated and written again
            Files.deleteIfExists(path);
            Files.write(path, file);
            Map<String, HostArray> arrays = bounded(file.length, () -> Npz.read(path));
            // every byte of an array is under a checksum: only names can change unnoticed
            for (HostArray array : arrays.values()) {
                assertTrue(
                        originals.stream()
                                .anyMatch(o -> o.dtype() == array.dtype()
                                        && o.shape().equals(array.shape())
                                        && Arrays.equals(o.toDoubles(), array.toDoubles())),
                        () -> "changed unnoticed: " + array);
            }
        });
        assertTrue(fine > FILES / 50, fine + " read");
    }

    @Test
    void idx() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : new String[] {"u8", "i8", "i16", "i32", "f32", "f64"}) {
            seeds.add(Fixtures.bytes(name + ".idx"));
        }
        String[] types = {"u1", "i1", "", "i2", "i4", "f4", "f8"};
        int fine = fuzz(4, seeds, file -> {
            HostArray array = bounded(file.length, () -> {
                try (Idx idx = Idx.open(new ByteArrayInputStream(file), "fuzzed")) {
                    return idx.next(Integer.MAX_VALUE, DType.F64);
                }
            });
            ByteBuffer all = ByteBuffer.wrap(file);
            for (int a = 0; a < array.shape().rank(); a++) {
                assertEquals(all.getInt(4 + 4 * a), array.shape().dim(a));
            }
            assertElements(array, all.slice(4 + 4 * file[3], file.length - 4 - 4 * file[3]), types[file[2] - 8]);
        });
        assertTrue(fine > FILES / 20, fine + " read");
    }

    @Test
    void idxGzipped() throws Exception {
        byte[] seed = Fixtures.bytes("u8.idx.gz");
        int fine = fuzz(5, List.of(seed), file -> {
            HostArray array = bounded(file.length, () -> {
                try (Idx idx = Idx.open(new ByteArrayInputStream(file), "fuzzed")) {
                    return idx.next(Integer.MAX_VALUE, DType.I32);
                }
            });
            // under the checksum of gzip
            Fixtures.assertArray(array, DType.I32, Shape.of(4, 3, 2), i -> i * 10);
        });
        assertTrue(fine > FILES / 50, fine + " read");
    }

    @Test
    void csv() throws Exception {
        List<byte[]> seeds = List.of(
                Fixtures.bytes("named.csv"),
                "1,2.5,-3\r\n4e3,5,\"6\"\r\n\r\n.5,-0,+7".getBytes(StandardCharsets.UTF_8),
                "10,20,30\n11,21,31\n12,22,32\n13,23,33\n".getBytes(StandardCharsets.UTF_8));
        Csv options = Csv.of(DType.F64).delimiter(',').skip(1);
        int fine = fuzz(6, seeds, file -> {
            HostArray array = bounded(
                    file.length,
                    () -> options.read(new ByteArrayInputStream(file), "fuzzed").data());
            String[] lines = new String(file, StandardCharsets.UTF_8).split("\n", -1);
            List<Double> want = new ArrayList<>();
            for (String line : Arrays.asList(lines).subList(1, lines.length)) {
                if (!line.isBlank()) {
                    for (String field : line.split(",", -1)) {
                        want.add(Double.parseDouble(field.strip().replace("\"", "")));
                    }
                }
            }
            assertArrayEquals(want.stream().mapToDouble(Double::doubleValue).toArray(), array.toDoubles());
        });
        assertTrue(fine > FILES / 20, fine + " read");
    }

    /** A file in memory. */
    private static final class Bytes implements SeekableByteChannel {
        private final ByteBuffer content;
        private boolean open = true;

        Bytes(byte[] content) {
            this.content = ByteBuffer.wrap(content);
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            if (!open) {
                throw new ClosedChannelException();
            }
            int n = Math.min(to.remaining(), content.remaining());
            if (n == 0 && to.hasRemaining()) {
                return -1;
            }
            to.put(content.slice(content.position(), n));
            content.position(content.position() + n);
            return n;
        }

        @Override
        public int write(ByteBuffer from) {
            throw new NonWritableChannelException();
        }

        @Override
        public long position() {
            return content.position();
        }

        @Override
        public SeekableByteChannel position(long to) {
            content.position((int) Math.min(to, content.capacity()));
            return this;
        }

        @Override
        public long size() {
            return content.capacity();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
