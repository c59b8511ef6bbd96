package org.amortis.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/**
 * The idx format of MNIST and its relatives, plain or gzipped (told by the first bytes, not by the name), read whole or
 * row block by row block. Elements may be unsigned or signed bytes, 16- and 32-bit integers, 32- and 64-bit floats.
 */
public final class Idx implements Closeable {
    private final Source in;
    private final Raw raw;
    private final Shape shape;
    private int left;
    private boolean endChecked;

    private Idx(Source in) throws IOException {
        this.in = in;
        byte[] head = new byte[4];
        in.readFully(head, 4, "idx magic number");
        if (head[0] != 0 || head[1] != 0 || head[3] < 1) {
            throw in.bad(
                    0,
                    "magic number " + (head[0] & 0xff) + "," + (head[1] & 0xff) + "," + (head[2] & 0xff) + ","
                            + (head[3] & 0xff) + " should be 0,0,type,axes; this is no idx file");
        }
        raw = switch (head[2]) {
            case 0x08 -> Raw.U8;
            case 0x09 -> Raw.I8;
            case 0x0b -> Raw.I16;
            case 0x0c -> Raw.I32;
            case 0x0d -> Raw.F32;
            case 0x0e -> Raw.F64;
            default ->
                throw in.bad(
                        2, "element type " + (head[2] & 0xff) + "; idx knows 8, 9, 11, 12, 13 and 14 (0x08..0x0e)");
        };
        int rank = head[3];
        byte[] sizes = new byte[4 * rank];
        in.readFully(sizes, sizes.length, "idx sizes");
        long[] dims = new long[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = (sizes[4 * i] & 0xffL) << 24
                    | (sizes[4 * i + 1] & 0xffL) << 16
                    | (sizes[4 * i + 2] & 0xffL) << 8
                    | (sizes[4 * i + 3] & 0xffL);
        }
        shape = in.shape(dims, rank);
        left = shape.dim(0);
        in.claim((long) shape.size() * raw.bytes(), "array " + raw + shape);
    }

    /**
     * Opens a file for reading row by row. A gzipped one may inflate to 64 times its length, or 256 MB if that is more.
     *
     * @param file the file
     * @return the open file; close it
     * @throws FormatException if its header is wrong or it is shorter than its header says
     * @throws IOException if it cannot be read
     */
    public static Idx open(Path file) throws IOException {
        return open(file, Source.UNKNOWN);
    }

    /**
     * Opens a file for reading row by row.
     *
     * @param file the file
     * @param maxBytes the most bytes that may be read, inflated if gzipped
     * @return the open file; close it
     * @throws FormatException if its header is wrong or it is shorter than its header says
     * @throws IOException if it cannot be read
     */
    public static Idx open(Path file, long maxBytes) throws IOException {
        return open(Source.maybeGzip(file, maxBytes));
    }

    /**
     * Opens a stream, plain or gzipped, for instance a resource. A gzipped one may inflate to 1 GB.
     *
     * @param in the stream; closed together with the result
     * @param name name for messages
     * @return the open file; close it
     * @throws FormatException if its header is wrong
     * @throws IOException if it cannot be read
     */
    public static Idx open(InputStream in, String name) throws IOException {
        return open(Source.maybeGzip(in, name, Source.UNKNOWN, Source.UNKNOWN));
    }

    /**
     * Opens a stream, plain or gzipped, for instance a resource.
     *
     * @param in the stream; closed together with the result
     * @param name name for messages
     * @param maxBytes the most bytes that may be read, inflated if gzipped
     * @return the open file; close it
     * @throws FormatException if its header is wrong
     * @throws IOException if it cannot be read
     */
    public static Idx open(InputStream in, String name, long maxBytes) throws IOException {
        return open(Source.maybeGzip(in, name, Source.UNKNOWN, maxBytes));
    }

    private static Idx open(Source in) throws IOException {
        try {
            return new Idx(in);
        } catch (IOException | RuntimeException | Error e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads a whole file: floats as they are, integers as I32.
     *
     * @param file the file
     * @return its array
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static HostArray read(Path file) throws IOException {
        try (Idx idx = open(file)) {
            return idx.next(idx.shape.dim(0), idx.raw.natural());
        }
    }

    /**
     * Reads a whole file into a wanted type.
     *
     * @param file the file
     * @param type I32 for integers, or F32 or F64
     * @return its array
     * @throws FormatException if anything in it is wrong, or an integer is not exact in the type
     * @throws DTypeException if the elements cannot be read as that type
     * @throws IOException if it cannot be read
     */
    public static HostArray read(Path file, DType type) throws IOException {
        try (Idx idx = open(file)) {
            return idx.next(idx.shape.dim(0), type);
        }
    }

    /**
     * The shape of the whole array.
     *
     * @return shape, of rank 1 or more
     */
    public Shape shape() {
        return shape;
    }

    /**
     * Reads the next rows; with the last of them the end of the file is checked.
     *
     * @param rows how many at most
     * @param type I32 for integers, or F32 or F64
     * @return array [n, ...] with n the smaller of {@code rows} and what is left
     * @throws FormatException if anything in them is wrong, or an integer is not exact in the type
     * @throws DTypeException if the elements cannot be read as that type
     * @throws IOException if they cannot be read
     */
    public HostArray next(int rows, DType type) throws IOException {
        if (rows < 0) {
            throw new IllegalArgumentException("next(rows=" + rows + "): must be at least 0");
        }
        int n = Math.min(rows, left);
        HostArray block = Elements.read(in, raw, ByteOrder.BIG_ENDIAN, shape.with(0, n), type);
        left -= n;
        if (left == 0 && !endChecked) {
            in.expectEnd();
            endChecked = true;
        }
        return block;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
