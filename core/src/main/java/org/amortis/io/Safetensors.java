package org.amortis.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The safetensors format: named arrays and string metadata in one file.
 *
 * <p>Opening a file reads and checks its whole header: at most 100 MB, every range inside the file, no overlaps, no
 * holes, no duplicate names, nothing unknown. Arrays are read one by one on demand. F32, F64, I32 and BOOL stay what
 * they are; F16 and BF16 become F32; U8, I8, U16, I16, U32, I64 and U64 become I32, refused where a value does not fit.
 * An open file is not safe for use by several threads at once.
 */
public final class Safetensors implements Closeable {
    private static final long MAX_HEADER = 100_000_000;
    private static final String METADATA = "__metadata__";

    private final SeekableByteChannel channel;
    private final String name;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;
    private final long data;
    private final long length;

    private record Entry(String name, Raw raw, Shape shape, long begin, long end) {}

    private Safetensors(SeekableByteChannel channel, String name) throws IOException {
        this.channel = channel;
        this.name = name;
        this.length = channel.size();
        channel.position(0);
        Source in = new Source(Channels.newInputStream(channel), name, 0, length, Long.MAX_VALUE);
        byte[] eight = new byte[8];
        in.readFully(eight, 8, "header length");
        long n = ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (n < 2 || n > MAX_HEADER) {
            throw in.bad(
                    0,
                    "header length " + Long.toUnsignedString(n) + ", must be 2.." + MAX_HEADER
                            + "; this is no safetensors file or it is damaged");
        }
        in.claim(n, "header");
        byte[] header = new byte[(int) n];
        in.readFully(header, (int) n, "header");
        if (header[0] != '{') {
            throw in.bad(8, "header must begin with '{', found byte " + (header[0] & 0xff));
        }
        this.data = 8 + n;
        Map<String, String> meta = new LinkedHashMap<>();
        Map<String, Entry> found = new LinkedHashMap<>();
        parse(new Json(header, name, 8), in, found, meta);
        this.entries = found;
        this.metadata = Collections.unmodifiableMap(meta);
        checkRanges();
    }

    /**
     * Opens a file and checks its header.
     *
     * @param file the file
     * @return the open file; close it
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static Safetensors open(Path file) throws IOException {
        return open(Files.newByteChannel(file, StandardOpenOption.READ), file.toString());
    }

    static Safetensors open(SeekableByteChannel channel, String name) throws IOException {
        try {
            return new Safetensors(channel, name);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Reads all arrays of a file.
     *
     * @param file the file
     * @return the arrays by name, in the order of the header
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static Map<String, HostArray> read(Path file) throws IOException {
        try (Safetensors open = open(file)) {
            return open.tensors();
        }
    }

    /**
     * Creates or replaces a file, by way of {@link AtomicFile}.
     *
     * @param file the file
     * @param tensors the arrays in the order of the header; F32, F64, I32 or BOOL
     * @param metadata free strings to keep beside them, may be empty
     * @throws IllegalArgumentException if a name is {@code __metadata__} or the header exceeds 100 MB
     * @throws org.amortis.array.DTypeException for keys; write their words as I32
     * @throws IOException if the file system refuses; an old file then stays as it was
     */
    public static void write(Path file, Map<String, HostArray> tensors, Map<String, String> metadata)
            throws IOException {
        List<Map.Entry<String, HostArray>> layout = new ArrayList<>(tensors.entrySet());
        // wide elements first, as the reference writer does it: every array is then aligned to its own element
        layout.sort(Comparator.comparingInt(e -> -Raw.of(e.getValue().dtype()).bytes()));
        Map<String, long[]> offsets = new LinkedHashMap<>();
        long offset = 0;
        for (Map.Entry<String, HostArray> e : layout) {
            long end = offset + Elements.fileBytes(e.getValue());
            offsets.put(e.getKey(), new long[] {offset, end});
            offset = end;
        }
        byte[] header = header(tensors, metadata, offsets);
        AtomicFile.write(file, out -> {
            byte[] eight = new byte[8];
            ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
            out.write(eight);
            out.write(header);
            for (Map.Entry<String, HostArray> e : layout) {
                Elements.write(out, e.getValue());
            }
        });
    }

    private static byte[] header(
            Map<String, HostArray> tensors, Map<String, String> metadata, Map<String, long[]> offsets) {
        StringBuilder b = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            b.append("\"" + METADATA + "\":{");
            String separator = "";
            for (Map.Entry<String, String> e : metadata.entrySet()) {
                b.append(separator);
                Json.quote(b, e.getKey());
                b.append(':');
                Json.quote(b, e.getValue());
                separator = ",";
            }
            b.append(tensors.isEmpty() ? "}" : "},");
        }
        String separator = "";
        for (Map.Entry<String, HostArray> e : tensors.entrySet()) {
            if (e.getKey().equals(METADATA)) {
                throw new IllegalArgumentException(
                        "write(name=" + METADATA + "): the name is reserved; rename the array");
            }
            b.append(separator);
            Json.quote(b, e.getKey());
            long[] range = offsets.getOrDefault(e.getKey(), new long[2]);
            b.append(":{\"dtype\":\"")
                    .append(Raw.of(e.getValue().dtype()))
                    .append("\",\"shape\":")
                    .append(e.getValue().shape())
                    .append(",\"data_offsets\":[")
                    .append(range[0])
                    .append(',')
                    .append(range[1])
                    .append("]}");
            separator = ",";
        }
        byte[] text = b.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) & -8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        if (padded.length > MAX_HEADER) {
            throw new IllegalArgumentException("write(tensors=" + tensors.size() + ", metadata=" + metadata.size()
                    + "): header of " + padded.length + " bytes, at most " + MAX_HEADER + " are allowed");
        }
        return padded;
    }

    /**
     * The arrays in the file.
     *
     * @return their names, in the order of the header
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * The strings beside the arrays.
     *
     * @return key to value, empty if there are none
     */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * The shape of an array, without reading it.
     *
     * @param tensor its name
     * @return its shape
     * @throws FormatException if there is no such array
     */
    public Shape shape(String tensor) {
        return entry(tensor).shape;
    }

    /**
     * The type an array is read as.
     *
     * @param tensor its name
     * @return F32, F64, I32 or BOOL
     * @throws FormatException if there is no such array
     */
    public DType dtype(String tensor) {
        return entry(tensor).raw.natural();
    }

    /**
     * Reads one array.
     *
     * @param tensor its name
     * @return its elements
     * @throws FormatException if there is no such array or an element does not fit
     * @throws IOException if the file cannot be read
     */
    public HostArray tensor(String tensor) throws IOException {
        Entry e = entry(tensor);
        channel.position(data + e.begin);
        Source in = new Source(
                Channels.newInputStream(channel),
                name + " tensor " + Source.quote(tensor),
                data + e.begin,
                length,
                Long.MAX_VALUE);
        return Elements.read(in, e.raw, ByteOrder.LITTLE_ENDIAN, e.shape, e.raw.natural());
    }

    /**
     * Reads all arrays.
     *
     * @return the arrays by name, in the order of the header
     * @throws FormatException if an element does not fit
     * @throws IOException if the file cannot be read
     */
    public Map<String, HostArray> tensors() throws IOException {
        Map<String, HostArray> all = new LinkedHashMap<>();
        for (String tensor : entries.keySet()) {
            all.put(tensor, tensor(tensor));
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private Entry entry(String tensor) {
        Entry e = entries.get(tensor);
        if (e == null) {
            List<String> some =
                    entries.keySet().stream().limit(8).map(Source::quote).toList();
            throw new FormatException(name + ": no tensor " + Source.quote(tensor) + " among " + entries.size() + ": "
                    + some + (entries.size() > 8 ? " ..." : ""));
        }
        return e;
    }

    private static void parse(Json json, Source in, Map<String, Entry> to, Map<String, String> metadata) {
        boolean metadataSeen = false;
        json.expect('{');
        for (boolean first = true; json.more(first, '}'); first = false) {
            String key = json.key(to.keySet());
            json.expect('{');
            if (!key.equals(METADATA)) {
                to.put(key, entry(json, in, key));
                continue;
            }
            if (metadataSeen) {
                throw json.bad("key " + METADATA + " appears twice");
            }
            metadataSeen = true;
            for (boolean f = true; json.more(f, '}'); f = false) {
                String inside = json.key(metadata.keySet());
                metadata.put(inside, json.string());
            }
        }
        json.end();
    }

    private static Entry entry(Json json, Source in, String tensor) {
        @Nullable Raw raw = null;
        @Nullable Shape shape = null;
        long[] range = new long[2];
        int ranges = -1;
        Set<String> seen = new HashSet<>();
        for (boolean first = true; json.more(first, '}'); first = false) {
            String field = json.key(seen);
            seen.add(field);
            switch (field) {
                case "dtype" -> raw = raw(json, tensor);
                case "shape" -> {
                    long[] dims = new long[65];
                    shape = in.shape(dims, list(json, dims));
                }
                case "data_offsets" -> ranges = list(json, range);
                default ->
                    throw json.bad("tensor " + Source.quote(tensor) + " has unknown field " + Source.quote(field)
                            + "; known are dtype, shape, data_offsets");
            }
        }
        if (raw == null || shape == null || ranges != 2) {
            throw json.bad("tensor " + Source.quote(tensor) + " needs dtype, shape and two data_offsets");
        }
        if (range[1] < range[0] || range[1] - range[0] != (long) shape.size() * raw.bytes()) {
            throw json.bad("tensor " + Source.quote(tensor) + " " + raw + shape + " takes "
                    + (long) shape.size() * raw.bytes() + " bytes but has data_offsets [" + range[0] + "," + range[1]
                    + "]");
        }
        return new Entry(tensor, raw, shape, range[0], range[1]);
    }

    private static Raw raw(Json json, String tensor) {
        String s = json.string();
        for (Raw r : Raw.values()) {
            if (r.name().equals(s)) {
                return r;
            }
        }
        throw json.bad("tensor " + Source.quote(tensor) + " has dtype " + Source.quote(s) + "; read are "
                + Arrays.toString(Raw.values()));
    }

    private static int list(Json json, long[] to) {
        json.expect('[');
        int n = 0;
        for (boolean first = true; json.more(first, ']'); first = false) {
            if (n == to.length) {
                throw json.bad("list of more than " + (to.length == 2 ? 2 : to.length - 1) + " numbers");
            }
            to[n++] = json.natural();
        }
        return n;
    }

    private void checkRanges() {
        List<Entry> order = new ArrayList<>(entries.values());
        order.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry e : order) {
            if (e.begin != at) {
                throw new FormatException(name + " at offset " + data + ": tensor " + Source.quote(e.name)
                        + " begins at " + e.begin + " where " + at + " is due: the arrays "
                        + (e.begin < at ? "overlap" : "leave a hole"));
            }
            at = e.end;
        }
        if (at != length - data) {
            throw new FormatException(name + " at offset " + data + ": the arrays take " + at + " bytes but "
                    + (length - data) + " are there; the file is "
                    + (at > length - data ? "cut off" : "longer than its header says"));
        }
    }
}
