package org.amortis.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.amortis.array.FormatException;

/**
 * Reads JSON strictly, token by token, from bytes in memory. The caller says what has to come next, so nesting is
 * bounded by the caller's own code, nothing is kept that was not asked for, and anything unexpected ends at its offset.
 */
final class Json {
    private final byte[] text;
    private final String name;
    private final long base;
    private int at;

    /**
     * A reader at the first byte.
     *
     * @param text the text in UTF-8
     * @param name file name for messages
     * @param base offset of the text in the file
     */
    Json(byte[] text, String name, long base) {
        this.text = text;
        this.name = name;
        this.base = base;
    }

    FormatException bad(String what) {
        return new FormatException(name + " at offset " + (base + at) + ": " + what);
    }

    /** The next byte that is not white space, or -1 at the end; does not pass it. */
    private int peek() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
        return at < text.length ? text[at] & 0xff : -1;
    }

    /** Passes a punctuation character that must come next. */
    void expect(char c) {
        int next = peek();
        if (next != c) {
            throw bad("'" + c + "' expected, found " + (next < 0 ? "the end" : Source.quote("" + (char) next)));
        }
        at++;
    }

    /** Whether another element of a list or object follows; passes the comma or the closing bracket. */
    boolean more(boolean first, char close) {
        int next = peek();
        if (next == close) {
            at++;
            return false;
        }
        if (!first) {
            expect(',');
        }
        return true;
    }

    /** A key of an object with its colon; refused if it is among those seen, to which the caller adds it. */
    String key(Set<String> seen) {
        String key = string();
        if (seen.contains(key)) {
            throw bad("key " + Source.quote(key) + " appears twice");
        }
        expect(':');
        return key;
    }

    /** A whole number of at least 0, written with digits only. */
    long natural() {
        peek();
        int from = at;
        long v = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            int digit = text[at] - '0';
            if (v > (Long.MAX_VALUE - digit) / 10 || (at > from && v == 0)) {
                throw bad("number does not fit 63 bits or has leading zeros");
            }
            v = 10 * v + digit;
            at++;
        }
        if (at == from) {
            throw bad("a whole number of at least 0 expected");
        }
        if (at < text.length && (text[at] == '.' || text[at] == 'e' || text[at] == 'E')) {
            throw bad("a whole number in digits expected, found a fraction or exponent");
        }
        return v;
    }

    /** A string. */
    String string() {
        expect('"');
        int from = at;
        while (at < text.length && text[at] != '"' && text[at] != '\\' && (text[at] & 0xff) >= 0x20) {
            at++;
        }
        String plain = utf8(from, at);
        if (at < text.length && text[at] == '"') {
            at++;
            return plain;
        }
        StringBuilder b = new StringBuilder(plain);
        while (true) {
            if (at >= text.length) {
                throw bad("string without an end");
            }
            int c = text[at] & 0xff;
            if (c == '"') {
                at++;
                break;
            }
            if (c < 0x20) {
                throw bad("control character " + c + " inside a string");
            }
            if (c == '\\') {
                at++;
                b.append(escape());
            } else {
                int start = at;
                while (at < text.length && text[at] != '"' && text[at] != '\\' && (text[at] & 0xff) >= 0x20) {
                    at++;
                }
                b.append(utf8(start, at));
            }
        }
        String s = b.toString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(s)) {
            throw bad("half of a surrogate pair in string " + Source.quote(s));
        }
        return s;
    }

    private char escape() {
        int c = at < text.length ? text[at++] : -1;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int v = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = at < text.length ? Character.digit((char) (text[at] & 0xff), 16) : -1;
                    // the superscripts of Latin-1 are no digits in base 16, but a table of Unicode digits is too wide
                    if (digit < 0 || text[at] < 0) {
                        throw bad("four hexadecimal digits expected after \\u");
                    }
                    v = 16 * v + digit;
                    at++;
                }
                yield (char) v;
            }
            default -> throw bad("unknown escape in a string");
        };
    }

    private String utf8(int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(name + " at offset " + (base + from) + ": string is not valid UTF-8", e);
        }
    }

    /** Requires that only blanks follow. */
    void end() {
        while (at < text.length) {
            if (text[at] != ' ') {
                throw bad("only blanks may follow the closing brace");
            }
            at++;
        }
    }

    /** A string as JSON text. */
    static void quote(StringBuilder to, String s) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(s)) {
            throw new IllegalArgumentException(
                    "name or metadata " + Source.quote(s) + " holds half of a surrogate pair; it cannot be written");
        }
        to.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < 0x20) {
                to.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }
}
