package org.amortis.io;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/** Header of a numpy array: a Python dictionary literal, of which exactly the three known keys are understood. */
final class NpyHeader {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;

    // numpy itself refuses headers beyond 10,000 characters; a plain array never comes near
    private static final int MAX_HEADER = 1 << 16;

    private final Source in;
    private final byte[] text;
    private final long base;
    private int at;
    private @Nullable Raw raw;
    private @Nullable ByteOrder order;
    private @Nullable Boolean fortran;
    private @Nullable Shape shape;

    private NpyHeader(Source in, byte[] text) {
        this.in = in;
        this.text = text;
        this.base = in.position() - text.length;
    }

    /** What a header says. */
    record Layout(Raw raw, ByteOrder order, boolean fortran, Shape shape) {}

    static Layout read(Source in) throws IOException {
        byte[] start = new byte[8];
        in.readFully(start, 8, "npy header");
        for (int i = 0; i < MAGIC.length; i++) {
            if (start[i] != MAGIC[i]) {
                throw in.bad(in.position() - 8, "does not begin with \\x93NUMPY; this is no npy array");
            }
        }
        int major = start[6];
        if (major < 1 || major > 3 || start[7] != 0) {
            throw in.bad(
                    in.position() - 2,
                    "npy version " + major + "." + (start[7] & 0xff) + "; read are 1.0, 2.0 and 3.0");
        }
        int width = major == 1 ? 2 : 4;
        byte[] size = new byte[4];
        in.readFully(size, width, "npy header length");
        long n = (size[0] & 0xffL) | (size[1] & 0xffL) << 8 | (size[2] & 0xffL) << 16 | (size[3] & 0xffL) << 24;
        if (n > MAX_HEADER) {
            throw in.bad(in.position() - width, "npy header of " + n + " bytes; at most " + MAX_HEADER + " are read");
        }
        in.claim(n, "npy header");
        byte[] text = new byte[(int) n];
        in.readFully(text, (int) n, "npy header");
        return new NpyHeader(in, text).parse();
    }

    private FormatException bad(String what) {
        return in.bad(base + at, "npy header: " + what);
    }

    private Layout parse() {
        Set<String> seen = new HashSet<>();
        expect('{');
        while (peek() != '}') {
            String key = string();
            if (!seen.add(key)) {
                throw bad("key " + Source.quote(key) + " appears twice");
            }
            expect(':');
            switch (key) {
                case "descr" -> {
                    if (peek() == '[') {
                        throw bad("structured arrays are not read; save each field as an array of its own");
                    }
                    descr(string());
                }
                case "fortran_order" -> fortran = bool();
                case "shape" -> shape = shape();
                default -> throw bad("unknown key " + Source.quote(key) + "; known are descr, fortran_order, shape");
            }
            if (peek() != '}') {
                expect(',');
            }
        }
        at++;
        if (peek() >= 0) {
            throw bad("something follows the closing brace");
        }
        if (raw == null || order == null || fortran == null || shape == null) {
            throw bad("descr, fortran_order and shape are needed, found " + seen.size() + " of them");
        }
        return new Layout(raw, order, fortran, shape);
    }

    private int peek() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n')) {
            at++;
        }
        return at < text.length ? text[at] & 0xff : -1;
    }

    private void expect(char c) {
        int next = peek();
        if (next != c) {
            throw bad("'" + c + "' expected, found " + (next < 0 ? "the end" : Source.quote("" + (char) next)));
        }
        at++;
    }

    private String string() {
        int quote = peek();
        if (quote != '\'' && quote != '"') {
            throw bad("a quoted string expected");
        }
        int from = ++at;
        while (at < text.length && text[at] != quote) {
            if (text[at] < 0x20 || text[at] == '\\' || text[at] == 0x7f) {
                throw bad("only plain ASCII is expected in a string");
            }
            at++;
        }
        if (at == text.length) {
            throw bad("string without an end");
        }
        return new String(text, from, at++ - from, StandardCharsets.US_ASCII);
    }

    private boolean bool() {
        peek();
        for (String word : new String[] {"True", "False"}) {
            if (at + word.length() <= text.length
                    && word.equals(new String(text, at, word.length(), StandardCharsets.ISO_8859_1))) {
                at += word.length();
                return word.equals("True");
            }
        }
        throw bad("fortran_order must be True or False");
    }

    private Shape shape() {
        long[] dims = new long[65];
        int rank = 0;
        boolean comma = true;
        expect('(');
        while (peek() != ')') {
            if (!comma || rank == dims.length) {
                throw bad(comma ? "more than 64 axes" : "',' or ')' expected");
            }
            dims[rank++] = natural();
            comma = peek() == ',';
            if (comma) {
                at++;
            }
        }
        if (rank == 1 && !comma) {
            throw bad("shape must be a tuple; one axis is written (n,)");
        }
        at++;
        return in.shape(dims, rank);
    }

    private long natural() {
        int from = at;
        long v = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9' && at - from < 18) {
            v = 10 * v + (text[at++] - '0');
        }
        if (at == from) {
            throw bad("a size of at least 0 expected");
        }
        if (text[from] == '0' && at > from + 1) {
            throw bad("size with leading zeros");
        }
        // Python 2 wrote long sizes as 3L
        if (at < text.length && text[at] == 'L') {
            at++;
        }
        return v;
    }

    private void descr(String s) {
        String kind = s.isEmpty() ? "" : s.substring(1);
        Raw found = switch (kind) {
            case "b1" -> Raw.BOOL;
            case "u1" -> Raw.U8;
            case "i1" -> Raw.I8;
            case "u2" -> Raw.U16;
            case "i2" -> Raw.I16;
            case "f2" -> Raw.F16;
            case "u4" -> Raw.U32;
            case "i4" -> Raw.I32;
            case "f4" -> Raw.F32;
            case "u8" -> Raw.U64;
            case "i8" -> Raw.I64;
            case "f8" -> Raw.F64;
            default -> null;
        };
        char first = s.isEmpty() ? ' ' : s.charAt(0);
        if (found == null || (first != '<' && first != '>' && !(first == '|' && found.bytes() == 1))) {
            throw bad("descr " + Source.quote(s)
                    + "; read are b1 u1 i1 u2 i2 f2 u4 i4 f4 u8 i8 f8 with byte order < or >; objects, strings and"
                    + " complex numbers are not");
        }
        raw = found;
        order = first == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** The header of version 1.0 for an array written row-major and little-endian. */
    static byte[] write(DType type, Shape shape) {
        String descr = switch (Raw.of(type)) {
            case F32 -> "<f4";
            case F64 -> "<f8";
            case I32 -> "<i4";
            default -> "|b1";
        };
        StringBuilder b = new StringBuilder("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (");
        for (int a = 0; a < shape.rank(); a++) {
            b.append(a == 0 ? "" : " ").append(shape.dim(a)).append(a < shape.rank() - 1 || a == 0 ? "," : "");
        }
        b.append("), }");
        int prefix = MAGIC.length + 4;
        int total = (prefix + b.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] header = new byte[total];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[6] = 1;
        header[7] = 0;
        header[8] = (byte) (total - prefix);
        header[9] = (byte) ((total - prefix) >> 8);
        byte[] text = b.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, header, prefix, text.length);
        header[total - 1] = '\n';
        return header;
    }
}
