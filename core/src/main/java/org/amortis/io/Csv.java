package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables of numbers from text, plain or gzipped: one row a line, fields separated by comma, semicolon, tab or
 * blanks. An instance is an immutable set of options.
 *
 * <p>Strict: rows of different length, fields that are not numbers, and missing or infinite values are refused with
 * their line and column, unless asked for. Empty lines are passed over.
 */
public final class Csv {
    static final int WHITESPACE = ' ';
    static final int AUTOMATIC = -1;
    static final int NONE = -1;

    private final DType type;
    private final int delimiter;
    private final boolean header;
    private final boolean missing;
    private final int skip;
    private final int comment;
    private final Set<Integer> categories;
    private final long maxBytes;

    private Csv(
            DType type,
            int delimiter,
            boolean header,
            boolean missing,
            int skip,
            int comment,
            Set<Integer> categories,
            long maxBytes) {
        this.type = type;
        this.delimiter = delimiter;
        this.header = header;
        this.missing = missing;
        this.skip = skip;
        this.comment = comment;
        this.categories = categories;
        this.maxBytes = maxBytes;
    }

    /**
     * The usual options: no header, the delimiter guessed from the first line, nothing missing.
     *
     * @param type type of the result: F32, F64 or I32
     * @return the options
     */
    public static Csv of(DType type) {
        if (type != DType.F32 && type != DType.F64 && type != DType.I32) {
            throw new IllegalArgumentException("Csv.of(type=" + type + "): must be F32, F64 or I32");
        }
        return new Csv(type, AUTOMATIC, false, false, 0, NONE, Set.of(), Source.UNKNOWN);
    }

    /**
     * The first line that is not skipped names the columns.
     *
     * @return changed options
     */
    public Csv header() {
        return new Csv(type, delimiter, true, missing, skip, comment, categories, maxBytes);
    }

    /**
     * Sets what separates fields. Without it: a comma if the first line has one, else a semicolon, else a tab, else
     * blanks.
     *
     * @param delimiter a character; a blank stands for runs of blanks and tabs
     * @return changed options
     */
    public Csv delimiter(char delimiter) {
        if (Character.isLetterOrDigit(delimiter) || delimiter > 0x7e || "+-.\"\r\n".indexOf(delimiter) >= 0) {
            throw new IllegalArgumentException(
                    "delimiter(" + Source.quote("" + delimiter) + "): cannot be told from a number");
        }
        return new Csv(type, delimiter, header, missing, skip, comment, categories, maxBytes);
    }

    /**
     * Reads empty fields, {@code NA}, {@code NaN}, {@code null} and {@code ?} as NaN instead of refusing them.
     *
     * @return changed options
     */
    public Csv missingAsNaN() {
        if (type == DType.I32) {
            throw new IllegalArgumentException("missingAsNaN(): I32 has no NaN; read as F32 or F64");
        }
        return new Csv(type, delimiter, header, true, skip, comment, categories, maxBytes);
    }

    /**
     * Passes over lines at the beginning.
     *
     * @param lines how many
     * @return changed options
     */
    public Csv skip(int lines) {
        if (lines < 0) {
            throw new IllegalArgumentException("skip(lines=" + lines + "): must be at least 0");
        }
        return new Csv(type, delimiter, header, missing, lines, comment, categories, maxBytes);
    }

    /**
     * Passes over lines that begin with a character.
     *
     * @param start the character
     * @return changed options
     */
    public Csv comment(char start) {
        return new Csv(type, delimiter, header, missing, skip, start, categories, maxBytes);
    }

    /**
     * Reads a column of words: each becomes its rank among the distinct words of the column, see {@link Table#levels}.
     *
     * @param column the column, from 0
     * @return changed options
     */
    public Csv category(int column) {
        if (column < 0) {
            throw new IllegalArgumentException("category(column=" + column + "): must be at least 0");
        }
        Set<Integer> more = new TreeSet<>(categories);
        more.add(column);
        return new Csv(type, delimiter, header, missing, skip, comment, more, maxBytes);
    }

    /**
     * Sets the most bytes that may be read. Without it a gzipped file may inflate to 64 times its length, or 256 MB if
     * that is more; a gzipped stream to 1 GB; plain text is not bounded.
     *
     * @param bytes the bound, on the inflated text
     * @return changed options
     */
    public Csv maxBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxBytes(" + bytes + "): must be at least 1");
        }
        return new Csv(type, delimiter, header, missing, skip, comment, categories, bytes);
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its table, of at least one row
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public Table read(Path file) throws IOException {
        try (Source in = Source.maybeGzip(file, maxBytes)) {
            return new CsvParser(this, in).read();
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param in the stream, not closed
     * @param name name for messages
     * @return its table, of at least one row
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public Table read(InputStream in, String name) throws IOException {
        return new CsvParser(this, Source.maybeGzip(in, name, Source.UNKNOWN, maxBytes)).read();
    }

    DType type() {
        return type;
    }

    int delimiter() {
        return delimiter;
    }

    boolean hasHeader() {
        return header;
    }

    boolean missing() {
        return missing;
    }

    int skip() {
        return skip;
    }

    int comment() {
        return comment;
    }

    Set<Integer> categories() {
        return categories;
    }

    /** A table that was read. */
    public static final class Table {
        private final HostArray data;
        private final List<String> names;
        private final List<@Nullable List<String>> levels;

        Table(HostArray data, List<String> names, List<@Nullable List<String>> levels) {
            this.data = data;
            this.names = names;
            this.levels = levels;
        }

        /**
         * The numbers.
         *
         * @return array [rows, columns]
         */
        public HostArray data() {
            return data;
        }

        /**
         * The names of the columns.
         *
         * @return one name a column, or none if there was no header
         */
        public List<String> names() {
            return names;
        }

        /**
         * The words behind the numbers of a column read as {@link Csv#category}.
         *
         * @param column the column
         * @return the distinct words in their order; number i stands for word i
         */
        public List<String> levels(int column) {
            List<String> words = column < 0 || column >= levels.size() ? null : levels.get(column);
            if (words == null) {
                throw new IllegalArgumentException("levels(column=" + column + "): was not read as a category");
            }
            return words;
        }
    }
}
