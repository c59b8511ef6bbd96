package org.amortis.bench.gap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.bench.study.StudyException;

/**
 * Reads a {@link LinearCase}. As JSON: an object with "W" (rows of numbers), "b", "s2", "x" and "encoder", itself an
 * object with "mu" and "var". As text: lines that begin with one of the names W, b, s2, x, mu, var, followed by numbers,
 * separated by commas; one line W for each row.
 */
final class LinearCaseFile {
    private static final long MAX_BYTES = 64L << 20;
    private static final Set<String> NAMES = Set.of("W", "b", "s2", "x", "mu", "var");

    private final String file;
    private final Map<String, List<double[]>> values = new LinkedHashMap<>();

    private LinearCaseFile(String file) {
        this.file = file;
    }

    static LinearCase read(Path path) throws IOException {
        if (!Files.exists(path) || Files.isDirectory(path)) {
            throw new StudyException("--lg " + path + ": there is no such file");
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new StudyException("--lg " + path + ": more than " + MAX_BYTES + " bytes");
        }
        String text;
        try {
            text = Files.readString(path, StandardCharsets.UTF_8);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new StudyException("--lg " + path + ": not a text file", e);
        }
        LinearCaseFile f = new LinearCaseFile(path.toString());
        if (text.stripLeading().startsWith("{")) {
            f.json(text);
        } else {
            f.lines(text);
        }
        return f.result();
    }

    private StudyException bad(String what) {
        return new StudyException("--lg " + file + ": " + what);
    }

    private void lines(String text) {
        int number = 0;
        for (String line : text.split("\\R")) {
            number++;
            String s = line.strip();
            if (s.isEmpty() || s.startsWith("#")) {
                continue;
            }
            String[] fields = s.split("[,;\\s]+");
            name(fields[0], "line " + number);
            double[] row = new double[fields.length - 1];
            for (int i = 0; i < row.length; i++) {
                try {
                    row[i] = Double.parseDouble(fields[i + 1]);
                } catch (NumberFormatException e) {
                    throw bad("line " + number + ": \"" + fields[i + 1] + "\" is no number");
                }
            }
            add(fields[0], row);
        }
    }

    private void name(String name, String where) {
        if (!NAMES.contains(name)) {
            String shown = name.length() > 40 ? name.substring(0, 40) + ".." : name;
            throw bad(where + ": \"" + shown + "\" is none of W, b, s2, x, mu, var");
        }
    }

    private void add(String name, double... row) {
        List<double[]> rows = values.computeIfAbsent(name, n -> new ArrayList<>());
        if (!rows.isEmpty() && !name.equals("W")) {
            throw bad(name + " is there twice");
        }
        rows.add(row);
    }

    private void json(String text) throws IOException {
        try (JsonParser p = new JsonFactory().createParser(text)) {
            p.nextToken();
            object(p, true);
            if (p.nextToken() != null) {
                throw bad("something follows the object");
            }
        } catch (JsonProcessingException e) {
            throw new StudyException(
                    "--lg " + file + ": " + e.getOriginalMessage() + " in line "
                            + e.getLocation().getLineNr(),
                    e);
        }
    }

    private void object(JsonParser p, boolean top) throws IOException {
        while (p.nextToken() == JsonToken.FIELD_NAME) {
            String name = p.currentName();
            JsonToken t = p.nextToken();
            if (top && name.equals("encoder") && t == JsonToken.START_OBJECT) {
                object(p, false);
                continue;
            }
            name(name, "line " + p.currentLocation().getLineNr());
            if (name.equals("W") && t == JsonToken.START_ARRAY) {
                for (t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
                    add(name, numbers(p, name));
                }
            } else {
                add(name, numbers(p, name));
            }
        }
    }

    private double[] numbers(JsonParser p, String name) throws IOException {
        JsonToken t = p.currentToken();
        if (t != null && t.isNumeric()) {
            return new double[] {p.getDoubleValue()};
        }
        if (t != JsonToken.START_ARRAY) {
            throw bad(name + ": a number or an array of numbers is needed in line "
                    + p.currentLocation().getLineNr());
        }
        double[] row = new double[16];
        int n = 0;
        for (t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
            if (t == null || !t.isNumeric()) {
                throw bad(name + ": \"" + p.getText() + "\" is no number, in line "
                        + p.currentLocation().getLineNr());
            }
            if (n == row.length) {
                row = java.util.Arrays.copyOf(row, 2 * n);
            }
            row[n++] = p.getDoubleValue();
        }
        return java.util.Arrays.copyOf(row, n);
    }

    private double[] one(String name) {
        List<double[]> rows = values.get(name);
        if (rows == null) {
            throw bad(name + " is missing; needs W, b, s2, x, mu and var");
        }
        return rows.getFirst();
    }

    private LinearCase result() {
        one("W");
        double[][] w = values.getOrDefault("W", List.of()).toArray(double[][]::new);
        double[] s2 = one("s2");
        if (s2.length != 1) {
            throw bad("s2 has " + s2.length + " numbers, needs one");
        }
        return new LinearCase("--lg " + file, w, one("b"), s2[0], one("x"), one("mu"), one("var"));
    }
}
