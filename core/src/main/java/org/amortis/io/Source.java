package org.amortis.io;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.amortis.array.FormatException;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/** Bytes of one untrusted file, read forwards: knows its name and position, and how much may still come. */
final class Source implements Closeable {
    /** Length of a source of which nothing is known. */
    static final long UNKNOWN = -1;

    /** Elements a Java array can hold on every virtual machine in use. */
    static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    // Deflate cannot beat about 1032:1; real data rarely beats 20:1. What lies between is a bomb until a caller says
    // otherwise; small files get a floor because an all-zero mask of a few MB is honest.
    private static final long INFLATION = 64;
    private static final long INFLATION_FLOOR = 256L << 20;
    private static final long INFLATION_OF_STREAM = 1L << 30;
    private static final int MAX_RANK = 64;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final String name;
    private final long length;
    private final long maxBytes;
    private long position;

    /**
     * Wraps a stream.
     *
     * @param in the stream
     * @param name name for messages
     * @param start offset of the first byte of the stream in its file
     * @param length offset of the end, or UNKNOWN
     * @param maxBytes the most bytes that may be read
     */
    Source(InputStream in, String name, long start, long length, long maxBytes) {
        this.in = in;
        this.name = name;
        this.position = start;
        this.length = length;
        this.maxBytes = maxBytes;
    }

    /**
     * The bound on inflated bytes for a compressed file when the caller gives none.
     *
     * @param compressed length of the compressed file
     * @return bytes
     */
    static long inflationBound(long compressed) {
        return Math.max(
                INFLATION_FLOOR, compressed > Long.MAX_VALUE / INFLATION ? Long.MAX_VALUE : compressed * INFLATION);
    }

    /** Opens a file as it is. */
    static Source plain(Path file) throws IOException {
        long length = Files.isRegularFile(file) ? Files.size(file) : UNKNOWN;
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        return new Source(in, file.toString(), 0, length, Long.MAX_VALUE);
    }

    /**
     * Opens a file, through gzip if it begins like a gzip file.
     *
     * @param file the file
     * @param maxBytes bound on the inflated bytes, or UNKNOWN for the usual one
     */
    static Source maybeGzip(Path file, long maxBytes) throws IOException {
        long length = Files.isRegularFile(file) ? Files.size(file) : UNKNOWN;
        InputStream in = Files.newInputStream(file);
        try {
            return maybeGzip(in, file.toString(), length, maxBytes);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** As for a file, for any stream; {@code length} is that of the stream or UNKNOWN. */
    static Source maybeGzip(InputStream raw, String name, long length, long maxBytes) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        if (!gzip) {
            return new Source(in, name, 0, length, maxBytes == UNKNOWN ? Long.MAX_VALUE : maxBytes);
        }
        long usual = length == UNKNOWN ? INFLATION_OF_STREAM : inflationBound(length);
        long bound = maxBytes == UNKNOWN ? usual : maxBytes;
        try {
            return new Source(new GZIPInputStream(in, BUFFER), name, 0, UNKNOWN, bound);
        } catch (EOFException | ZipException e) {
            throw new FormatException(name + ": not a readable gzip file: " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    long position() {
        return position;
    }

    boolean lengthKnown() {
        return length != UNKNOWN;
    }

    /** The exception for something wrong at the present position. */
    FormatException bad(String what) {
        return bad(position, what);
    }

    /** The exception for something wrong at an offset. */
    FormatException bad(long offset, String what) {
        return new FormatException(name + " at offset " + offset + ": " + what);
    }

    /** Refuses a claim of more bytes than the file has or the bound allows, before anything is allocated for it. */
    void claim(long bytes, String what) {
        if (length != UNKNOWN && bytes > length - position) {
            throw bad(what + " needs " + bytes + " bytes but the file ends after " + Math.max(0, length - position)
                    + " more; it is truncated or its header is wrong");
        }
        if (bytes > maxBytes - position) {
            throw tooMuch(what + " claims " + bytes + " bytes");
        }
    }

    /** Reads exactly {@code n} bytes. */
    void readFully(byte[] to, int n, String what) throws IOException {
        int done = read(to, n);
        if (done < n) {
            throw bad(what + " is cut off: " + n + " bytes expected here, " + done + " found");
        }
    }

    /** Reads up to {@code n} bytes, fewer only at the end. */
    int read(byte[] to, int n) throws IOException {
        try {
            int done = in.readNBytes(to, 0, n);
            position += done;
            if (position > maxBytes) {
                throw tooMuch("more than " + maxBytes + " bytes come out of it");
            }
            return done;
        } catch (EOFException | ZipException e) {
            throw new FormatException(
                    name + " at offset " + position + ": compressed data damaged or cut off: " + e.getMessage(), e);
        }
    }

    private FormatException tooMuch(String what) {
        return bad(what + ", the bound is " + maxBytes + "; if the file is trusted, pass a larger maxBytes");
    }

    /** Refuses anything that follows; for compressed data this also checks the checksum. */
    void expectEnd() throws IOException {
        byte[] one = new byte[1];
        if (read(one, 1) != 0) {
            throw bad(
                    position - 1,
                    length == UNKNOWN
                            ? "data follows after the end of the array"
                            : (length - position + 1) + " bytes follow after the end of the array");
        }
    }

    /** Turns the sizes a file claims into a shape. */
    Shape shape(long[] dims, int rank) {
        if (rank > MAX_RANK) {
            throw bad("shape of rank " + rank + "; at most " + MAX_RANK + " axes are read");
        }
        int[] d = new int[rank];
        long n = 1;
        for (int i = 0; i < rank; i++) {
            if (dims[i] < 0 || dims[i] > MAX_ELEMENTS || (n *= dims[i]) > MAX_ELEMENTS) {
                throw bad("size " + dims[i] + " of axis " + i + ": more than " + MAX_ELEMENTS
                        + " elements or a negative size; such an array cannot be held here");
            }
            d[i] = (int) dims[i];
        }
        return Shape.of(d);
    }

    /** Text from a file, cut and made printable for a message. */
    static String quote(@Nullable String text) {
        if (text == null) {
            return "none";
        }
        StringBuilder b = new StringBuilder("'");
        for (int i = 0; i < Math.min(text.length(), 80); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c)) {
                b.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                b.append(c);
            }
        }
        return b.append(text.length() > 80 ? "...'" : "'").toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
