package org.amortis.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/** Moves elements between the bytes of a file and arrays, converting and range checking. */
final class Elements {
    private static final int CHUNK = 1 << 16;
    private static final int WIDE = 1 << 13;
    private static final int FIRST = 1 << 13;

    private Elements() {}

    /** Whether elements of a type in a file may be read into a type here. */
    static boolean convertible(Raw raw, DType to) {
        return to == raw.natural()
                || (to == DType.F64 && raw.natural() != DType.BOOL)
                || (to == DType.F32 && raw.natural() == DType.I32);
    }

    /**
     * Reads the elements of one array.
     *
     * @param in where the first element begins
     * @param raw their type in the file
     * @param order their byte order
     * @param shape how many
     * @param to their type here
     * @return the array
     */
    static HostArray read(Source in, Raw raw, ByteOrder order, Shape shape, DType to) throws IOException {
        if (!convertible(raw, to)) {
            throw new DTypeException(in.name() + ": elements " + raw + " cannot be read as " + to + "; read them as "
                    + raw.natural() + " and cast");
        }
        int n = shape.size();
        in.claim((long) n * raw.bytes(), "array " + raw + shape);
        Object data = allocate(to, in.lengthKnown() ? n : Math.min(n, FIRST));
        boolean direct = raw.isFloat() || (raw == Raw.I32 && to == DType.I32);
        int perChunk = Math.min(n, direct ? CHUNK / raw.bytes() : WIDE);
        byte[] bytes = new byte[perChunk * raw.bytes()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        long[] wide = new long[direct ? 0 : perChunk];
        int capacity = in.lengthKnown() ? n : Math.min(n, FIRST);
        for (int done = 0; done < n; ) {
            int count = Math.min(perChunk, n - done);
            long at = in.position();
            in.readFully(bytes, count * raw.bytes(), "array " + raw + shape);
            if (done + count > capacity) {
                capacity = (int) Math.min(n, Math.max((long) done + count, 2L * capacity));
                data = grow(data, capacity);
            }
            if (raw.isFloat()) {
                floats(buffer, raw, data, done, count);
            } else if (direct && data instanceof int[] to32) {
                buffer.asIntBuffer().get(to32, done, count);
            } else {
                widen(buffer, raw, wide, count);
                int failed = narrow(wide, count, data, done, to == DType.BOOL);
                if (failed >= 0) {
                    throw in.bad(at + (long) failed * raw.bytes(), outOfRange(raw, wide[failed], done + failed, to));
                }
            }
            done += count;
        }
        return switch (data) {
            case float[] f -> HostArray.wrap(f, shape);
            case double[] d -> HostArray.wrap(d, shape);
            case int[] i -> HostArray.wrap(to, i, shape);
            default -> throw new IllegalStateException("no such carrier");
        };
    }

    private static String outOfRange(Raw raw, long value, int index, DType to) {
        String shown = raw == Raw.U64 && value == Long.MAX_VALUE ? "2^63-1 or more" : Long.toString(value);
        String range = switch (to) {
            case BOOL -> "0 or 1";
            case F32 -> "-2^24 .. 2^24, the integers F32 holds exactly";
            case F64 -> "-2^53 .. 2^53, the integers F64 holds exactly";
            case I32, KEY -> "-2^31 .. 2^31-1";
        };
        return raw + " element " + index + " is " + shown + ", outside " + range;
    }

    private static Object allocate(DType type, int n) {
        return switch (type) {
            case F32 -> new float[n];
            case F64 -> new double[n];
            case I32, BOOL -> new int[n];
            case KEY -> throw new DTypeException("read(dtype=KEY): files have no key type");
        };
    }

    private static Object grow(Object data, int n) {
        return switch (data) {
            case float[] f -> Arrays.copyOf(f, n);
            case double[] d -> Arrays.copyOf(d, n);
            case int[] i -> Arrays.copyOf(i, n);
            default -> throw new IllegalStateException("no such carrier");
        };
    }

    private static void floats(ByteBuffer from, Raw raw, Object data, int at, int n) {
        switch (data) {
            case float[] f when raw == Raw.F32 -> from.asFloatBuffer().get(f, at, n);
            case double[] d when raw == Raw.F64 -> from.asDoubleBuffer().get(d, at, n);
            case float[] f -> {
                for (int i = 0; i < n; i++) {
                    f[at + i] = small(from, raw, i);
                }
            }
            case double[] d -> {
                for (int i = 0; i < n; i++) {
                    d[at + i] = small(from, raw, i);
                }
            }
            default -> throw new IllegalStateException("no such carrier");
        }
    }

    private static float small(ByteBuffer from, Raw raw, int i) {
        return switch (raw) {
            case F16 -> Float.float16ToFloat(from.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(from.getShort(2 * i) << 16);
            default -> from.getFloat(4 * i);
        };
    }

    private static void widen(ByteBuffer from, Raw raw, long[] to, int n) {
        switch (raw) {
            case BOOL, U8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = from.get(i) & 0xff;
                }
            }
            case I8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = from.get(i);
                }
            }
            case U16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = from.getShort(2 * i) & 0xffff;
                }
            }
            case I16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = from.getShort(2 * i);
                }
            }
            case U32 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = from.getInt(4 * i) & 0xffffffffL;
                }
            }
            case I32 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = from.getInt(4 * i);
                }
            }
            case I64, U64 -> {
                for (int i = 0; i < n; i++) {
                    long v = from.getLong(8 * i);
                    // an unsigned value beyond 2^63 must not turn up as a small negative one
                    to[i] = raw == Raw.U64 && v < 0 ? Long.MAX_VALUE : v;
                }
            }
            case F16, BF16, F32, F64 -> throw new IllegalStateException("not an integer type: " + raw);
        }
    }

    /** Stores integers into the carrier; the position of the first that does not fit, or -1. */
    private static int narrow(long[] from, int n, Object data, int at, boolean bool) {
        switch (data) {
            case int[] to -> {
                for (int i = 0; i < n; i++) {
                    long v = from[i];
                    if (v != (int) v || (bool && (v & ~1L) != 0)) {
                        return i;
                    }
                    to[at + i] = (int) v;
                }
            }
            case float[] to -> {
                for (int i = 0; i < n; i++) {
                    if (from[i] > 1 << 24 || from[i] < -(1 << 24)) {
                        return i;
                    }
                    to[at + i] = from[i];
                }
            }
            case double[] to -> {
                for (int i = 0; i < n; i++) {
                    if (from[i] > 1L << 53 || from[i] < -(1L << 53)) {
                        return i;
                    }
                    to[at + i] = from[i];
                }
            }
            default -> throw new IllegalStateException("no such carrier");
        }
        return -1;
    }

    /** Writes the elements of an array little-endian, as {@link Raw#of} says. */
    static void write(OutputStream out, HostArray array) throws IOException {
        Raw raw = Raw.of(array.dtype());
        int n = array.shape().size();
        byte[] bytes = new byte[(int) Math.min(CHUNK, (long) n * raw.bytes())];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int perChunk = CHUNK / raw.bytes();
        for (int done = 0; done < n; done += perChunk) {
            int count = Math.min(perChunk, n - done);
            switch (raw) {
                case F32 -> buffer.asFloatBuffer().put(array.floats(), done, count);
                case F64 -> buffer.asDoubleBuffer().put(array.doubles(), done, count);
                case I32 -> buffer.asIntBuffer().put(array.ints(), done, count);
                default -> {
                    int[] from = array.ints();
                    for (int i = 0; i < count; i++) {
                        bytes[i] = (byte) (from[done + i] != 0 ? 1 : 0);
                    }
                }
            }
            out.write(bytes, 0, count * raw.bytes());
        }
    }

    /** Bytes an array takes in a file. */
    static long fileBytes(HostArray array) {
        return (long) array.shape().size() * Raw.of(array.dtype()).bytes();
    }

    /** A fresh array with the elements of a column-major one in row-major order. */
    static HostArray fromFortran(HostArray flat, Shape shape) {
        int rank = shape.rank();
        if (rank < 2 || shape.size() == 0) {
            return flat.reshape(shape);
        }
        HostArray to = HostArray.zeros(flat.dtype(), shape);
        int[] stride = new int[rank];
        int s = 1;
        for (int a = 0; a < rank; a++) {
            stride[a] = s;
            s *= shape.dim(a);
        }
        int[] index = new int[rank];
        int from = 0;
        for (int i = 0; i < shape.size(); i++) {
            switch (flat.dtype()) {
                case F32 -> to.floats()[i] = flat.floats()[from];
                case F64 -> to.doubles()[i] = flat.doubles()[from];
                case I32, BOOL -> to.ints()[i] = flat.ints()[from];
                case KEY -> throw new FormatException("files have no key type");
            }
            for (int a = rank - 1; a >= 0; a--) {
                from += stride[a];
                if (++index[a] < shape.dim(a)) {
                    break;
                }
                from -= stride[a] * index[a];
                index[a] = 0;
            }
        }
        return to;
    }
}
