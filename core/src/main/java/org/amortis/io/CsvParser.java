package org.amortis.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/** Reads one table with the options of a {@link Csv}. */
final class CsvParser {
    private static final int MAX_LINE = 1 << 24;
    private static final int MAX_LEVELS = 1 << 20;
    private static final int MAX_NUMBER = 1000;

    // parseDouble also takes hexadecimal floats, type suffixes and the words NaN and Infinity
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);
    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private final Csv options;
    private final Source in;
    private final byte[] buffer = new byte[1 << 16];
    private int bufferAt;
    private int bufferEnd;
    private long line;
    private int delimiter;
    private int columns = -1;
    private int rows;
    private float[] floats = new float[0];
    private double[] doubles = new double[0];
    private final List<@Nullable Map<String, Integer>> codes = new ArrayList<>();

    CsvParser(Csv options, Source in) {
        this.options = options;
        this.in = in;
        this.delimiter = options.delimiter();
    }

    Csv.Table read() throws IOException {
        List<String> names = List.of();
        List<String> fields = new ArrayList<>();
        boolean wantHeader = options.hasHeader();
        for (String text = next(); text != null; text = next()) {
            if (line == 1 && text.startsWith("\ufeff")) {
                text = text.substring(1);
            }
            if (line <= options.skip()
                    || empty(text)
                    || (options.comment() != Csv.NONE && text.charAt(0) == options.comment())) {
                continue;
            }
            if (delimiter == Csv.AUTOMATIC) {
                delimiter = guess(text);
            }
            fields.clear();
            split(text, fields);
            if (columns < 0) {
                columns = fields.size();
                begin();
            }
            if (fields.size() != columns) {
                throw bad(fields.size() + " fields where the lines before have " + columns);
            }
            if (wantHeader) {
                names = List.copyOf(fields);
                wantHeader = false;
            } else {
                row(fields);
            }
        }
        if (rows == 0) {
            throw bad("no rows of data");
        }
        return new Csv.Table(data(), names, levels());
    }

    private FormatException bad(String what) {
        return new FormatException(in.name() + " line " + line + ": " + what);
    }

    private FormatException badField(int column, String what) {
        return new FormatException(in.name() + " line " + line + " column " + (column + 1) + ": " + what);
    }

    private @Nullable String next() throws IOException {
        ByteArrayOutputStream longLine = null;
        while (true) {
            if (bufferAt == bufferEnd) {
                bufferEnd = in.read(buffer, buffer.length);
                bufferAt = 0;
                if (bufferEnd == 0) {
                    if (longLine == null) {
                        return null;
                    }
                    line++;
                    return decode(longLine.toByteArray(), 0, longLine.size());
                }
            }
            int from = bufferAt;
            while (bufferAt < bufferEnd && buffer[bufferAt] != '\n') {
                bufferAt++;
            }
            if (bufferAt < bufferEnd && longLine == null) {
                line++;
                return decode(buffer, from, bufferAt++ - from);
            }
            longLine = longLine == null ? new ByteArrayOutputStream() : longLine;
            longLine.write(buffer, from, bufferAt - from);
            if (longLine.size() > MAX_LINE) {
                line++;
                throw bad("more than " + MAX_LINE + " bytes in one line; this is no table");
            }
            if (bufferAt < bufferEnd) {
                bufferAt++;
                line++;
                return decode(longLine.toByteArray(), 0, longLine.size());
            }
        }
    }

    private String decode(byte[] bytes, int from, int n) {
        int length = n > 0 && bytes[from + n - 1] == '\r' ? n - 1 : n;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(in.name() + " line " + line + ": not valid UTF-8 text", e);
        }
    }

    /** A line of tabs alone is a row of missing values if tabs are the delimiter. */
    private boolean empty(String text) {
        return text.isEmpty() || (text.isBlank() && (delimiter != '\t' || text.indexOf('\t') < 0));
    }

    private static int guess(String text) {
        for (int c : new int[] {',', ';', '\t'}) {
            if (text.indexOf(c) >= 0) {
                return c;
            }
        }
        return Csv.WHITESPACE;
    }

    private void split(String text, List<String> to) {
        int n = text.length();
        int at = 0;
        while (true) {
            while (at < n && blank(text.charAt(at))) {
                at++;
            }
            if (delimiter == Csv.WHITESPACE && at == n) {
                return;
            }
            if (at < n && text.charAt(at) == '"') {
                at = quoted(text, at + 1, to);
            } else {
                int from = at;
                while (at < n && !ends(text.charAt(at))) {
                    at++;
                }
                to.add(text.substring(from, at).strip());
            }
            if (delimiter != Csv.WHITESPACE) {
                if (at == n) {
                    return;
                }
                at++;
            }
        }
    }

    private boolean blank(char c) {
        return (c == ' ' || c == '\t') && c != delimiter || c == ' ';
    }

    private boolean ends(char c) {
        return delimiter == Csv.WHITESPACE ? c == ' ' || c == '\t' : c == delimiter;
    }

    private int quoted(String text, int start, List<String> to) {
        StringBuilder b = new StringBuilder();
        int at = start;
        while (true) {
            if (at == text.length()) {
                throw badField(to.size(), "quoted field without an end; fields may not hold line breaks");
            }
            char c = text.charAt(at++);
            if (c != '"') {
                b.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                b.append('"');
                at++;
            } else {
                break;
            }
        }
        while (at < text.length() && !ends(text.charAt(at))) {
            if (!blank(text.charAt(at))) {
                throw badField(to.size(), "text after the closing quote");
            }
            at++;
        }
        to.add(b.toString());
        return at;
    }

    private void begin() {
        for (int c : options.categories()) {
            if (c >= columns) {
                throw bad("category column " + c + " does not exist among " + columns + " columns, counted from 0");
            }
        }
        for (int c = 0; c < columns; c++) {
            codes.add(options.categories().contains(c) ? new LinkedHashMap<>() : null);
        }
    }

    private void row(List<String> fields) {
        long need = (rows + 1L) * columns;
        if (need > Source.MAX_ELEMENTS) {
            throw bad("more than " + Source.MAX_ELEMENTS + " numbers; such a table cannot be held here");
        }
        boolean small = options.type() == DType.F32;
        int capacity = small ? floats.length : doubles.length;
        if (need > capacity) {
            int grown = (int) Math.min(Source.MAX_ELEMENTS, Math.max(need, capacity + (capacity >> 1) + 64L));
            if (small) {
                floats = Arrays.copyOf(floats, grown);
            } else {
                doubles = Arrays.copyOf(doubles, grown);
            }
        }
        int at = rows * columns;
        for (int c = 0; c < columns; c++) {
            Map<String, Integer> words = codes.get(c);
            double v = words == null ? number(fields.get(c), c) : code(words, fields.get(c), c);
            if (small) {
                floats[at + c] = (float) v;
                if (Float.isInfinite(floats[at + c])) {
                    throw badField(c, Source.quote(fields.get(c)) + " is beyond the range of F32");
                }
            } else {
                doubles[at + c] = v;
            }
        }
        rows++;
    }

    private double code(Map<String, Integer> words, String word, int column) {
        Integer known = words.get(word);
        if (known != null) {
            return known;
        }
        if (words.size() == MAX_LEVELS) {
            throw badField(column, "more than " + MAX_LEVELS + " distinct words; this is no category");
        }
        words.put(word, words.size());
        return words.size() - 1;
    }

    private double number(String s, int column) {
        double v = simple(s);
        if (!Double.isNaN(v)) {
            return v;
        }
        if (s.length() <= MAX_NUMBER && NUMBER.matcher(s).matches()) {
            v = Double.parseDouble(s);
            if (Double.isInfinite(v)) {
                throw badField(column, Source.quote(s) + " is beyond the range of F64");
            }
            if (options.type() == DType.I32 && v != (int) v) {
                throw badField(column, Source.quote(s) + " is not a whole number in -2^31 .. 2^31-1; read as F64");
            }
            return v;
        }
        boolean missing =
                s.isEmpty() || s.equals("?") || s.equals("NA") || s.equalsIgnoreCase("nan") || s.equals("null");
        if (missing && options.missing()) {
            return Double.NaN;
        }
        if (missing) {
            throw badField(
                    column, "value " + Source.quote(s) + " is missing; ask for missingAsNaN() or repair the file");
        }
        if (INFINITE.matcher(s).matches()) {
            throw badField(column, "value " + Source.quote(s) + " is not finite");
        }
        throw badField(
                column,
                Source.quote(s) + " is not a number"
                        + (rows == 0 && !options.hasHeader()
                                ? "; if this line names the columns, ask for header()"
                                : ""));
    }

    /** Short plain decimals, where digits and power of ten are exact and one division rounds right; else NaN. */
    private double simple(String s) {
        int n = s.length();
        int at = n > 0 && s.charAt(0) == '-' ? 1 : 0;
        if (n == at || n - at > 15) {
            return Double.NaN;
        }
        long digits = 0;
        int point = -1;
        for (int i = at; i < n; i++) {
            char c = s.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = 10 * digits + (c - '0');
            } else if (c == '.' && point < 0) {
                point = i;
            } else {
                return Double.NaN;
            }
        }
        if (point >= 0 && (n - at == 1 || options.type() == DType.I32)) {
            return Double.NaN;
        }
        if (options.type() == DType.I32 && digits > Integer.MAX_VALUE) {
            return Double.NaN;
        }
        double v = point < 0 ? digits : digits / TENS[n - 1 - point];
        return at == 1 ? -v : v;
    }

    private List<@Nullable List<String>> levels() {
        List<@Nullable List<String>> all = new ArrayList<>();
        for (Map<String, Integer> words : codes) {
            all.add(words == null ? null : words.keySet().stream().sorted().toList());
        }
        return Collections.unmodifiableList(all);
    }

    /** The numbers read, with the codes of words turned from order of appearance into alphabetical order. */
    private HostArray data() {
        List<@Nullable List<String>> levels = levels();
        for (int c = 0; c < columns; c++) {
            Map<String, Integer> words = codes.get(c);
            List<String> sorted = levels.get(c);
            if (words == null || sorted == null) {
                continue;
            }
            int[] rank = new int[sorted.size()];
            for (int i = 0; i < rank.length; i++) {
                Integer code = words.get(sorted.get(i));
                rank[code == null ? 0 : code] = i;
            }
            for (int r = 0, at = c; r < rows; r++, at += columns) {
                if (options.type() == DType.F32) {
                    floats[at] = rank[(int) floats[at]];
                } else {
                    doubles[at] = rank[(int) doubles[at]];
                }
            }
        }
        Shape shape = Shape.of(rows, columns);
        if (options.type() == DType.F32) {
            return HostArray.wrap(Arrays.copyOf(floats, rows * columns), shape);
        }
        HostArray wide = HostArray.wrap(Arrays.copyOf(doubles, rows * columns), shape);
        return wide.cast(options.type());
    }
}
