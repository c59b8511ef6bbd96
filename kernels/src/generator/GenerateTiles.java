import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the register tiles of matrix products and of convolutions: one method for each height, width and layout of the
 * factors, with one local variable for each accumulator, which nobody should write by hand.
 */
final class GenerateTiles {
    private static final int[] HEIGHTS = {12, 10, 8, 6, 4, 3, 2, 1};

    private static final String SIDE_BY_SIDE = """
        * multiply-adds over k. Element (i, p) of a lies at {@code ao + i + p * steps}: rows side by side, so that one check
        * of bounds serves them all.\
        """;

    private static final String APART = """
        * multiply-adds over k. Element (i, p) of a lies at {@code ao + i * R + p} with a constant R: rows one after the other,
        * as a copy has them soonest, and still one index and one check of bounds for all.\
        """;

    /** What a product adds to. */
    private static final String BASE = """
         Row p of b lies at {@code bo + p * bs}, row i of c at {@code co + i * cs}, row i of base at
         * {@code so + i * ss} (stride 0 for a bias); c may be base.\
        """;

    /** Where a convolution finds its rows. */
    private static final String WINDOWS = """
         Row p of b lies at
         * {@code bo + rows[p]}, where the window says; row i of c at {@code co + i * cs}.\
        """;

    private final String type;
    private final String element;

    /** Vectors side by side in a tile; 0 for tiles of few rows that are as wide as they need. */
    private final int width;

    /** Whether rows of a lie a constant distance apart, and not side by side. */
    private final boolean apart;

    /** Whether rows of b lie at offsets from a table, and nothing is added. */
    private final boolean windows;

    private final StringBuilder out = new StringBuilder();

    private GenerateTiles(String type, int width, boolean apart, boolean windows) {
        this.type = type;
        this.element = type.toLowerCase(Locale.ROOT);
        this.width = width;
        this.apart = apart;
        this.windows = windows;
    }

    static void write(Path dir) throws IOException {
        for (String type : new String[] {"Float", "Double"}) {
            for (boolean tall : new boolean[] {false, true}) {
                for (int width = 1; width <= 2; width++) {
                    new GenerateTiles(type, width, false, false).write(dir, tall);
                    new GenerateTiles(type, width, true, false).write(dir, tall);
                }
                new GenerateTiles(type, 2, false, true).write(dir, tall);
            }
            new GenerateTiles(type, 0, false, true).write(dir, false);
        }
    }

    private void write(Path dir, boolean tall) throws IOException {
        Files.writeString(dir.resolve(name(tall) + ".java"), source(tall));
    }

    private int[] heights() {
        return width == 0 ? new int[] {3, 2, 1} : HEIGHTS;
    }

    /** A chain of multiply-adds waits four cycles for each: few rows need many columns. */
    private int width(int h) {
        return width > 0 ? width : h == 1 ? 8 : 4;
    }

    /** Tall tiles live in a class of their own to keep files short. */
    private String name(boolean tall) {
        if (windows) {
            return type + "Conv" + (width == 0 ? "Flat" : tall ? "Tall" : "") + "Tiles";
        }
        return type + (width == 1 ? "Narrow" : "Wide") + (tall ? "Tall" : "") + (apart ? "RowTiles" : "Tiles");
    }

    private String formal() {
        if (windows) {
            return "@[] a, int ao, int steps, @[] b, int bo, int[] rows, int k, @[] c, int co, int cs"
                    .replace("@", element);
        }
        return "@[] a, int ao, %s@[] b, int bo, int bs, int k, @[] c, int co, int cs, @[] base, int so, int ss, boolean add"
                .formatted(apart ? "" : "int steps, ")
                .replace("@", element);
    }

    private String source(boolean tall) {
        out.append("""
            package org.amortis.kernels;

            import jdk.incubator.vector.%sVector;
            import jdk.incubator.vector.VectorSpecies;

            /**
             * Register tiles of %s wide: c = a b%s, every element one chain of fused
            %s%s
             *
             * <p>Written by src/generator; edit that. Each method is compiled alone and stays a call: its accumulators fill the
             * registers.
             */
            final class %s {
                private static final VectorSpecies<%s> S = Species.%s;
            """.formatted(
                        type,
                        (windows ? "convolutions, " : "the matrix product, ")
                                + (width == 0
                                        ? "4 vectors, for a single row 8,"
                                        : width + (width == 1 ? " vector" : " vectors")),
                        windows ? "" : ", or base + a b",
                        apart ? APART : SIDE_BY_SIDE,
                        windows ? WINDOWS : BASE,
                        name(tall),
                        type,
                        type.equals("Float") ? "F32" : "F64"));
        if (width != 1) {
            line(4, "private static final int L = S.length();");
        }
        if (apart) {
            line(4, "private static final int R = " + type + "Pack.ROW_DISTANCE;");
        }
        out.append("\n    private ").append(name(tall)).append("() {}\n");
        if (!tall) {
            dispatch();
        }
        for (int h : heights()) {
            if (h > 6 == tall) {
                tile(h);
            }
        }
        return out.append("}\n").toString();
    }

    /** One call for all heights. */
    private void dispatch() {
        String all = Arrays.stream(heights()).mapToObj(h -> "" + h).collect(Collectors.joining(", "));
        out.append("\n    /** The tile of the given height: one of ")
                .append(all)
                .append(". */\n");
        out.append("    static void run(int height, ").append(formal()).append(") {\n        switch (height) {\n");
        for (int h : heights()) {
            String owner = h > 6 ? name(true) + "." : "";
            String steps = apart ? "" : "steps, ";
            String rest = windows ? "b, bo, rows, k, c, co, cs);" : "b, bo, bs, k, c, co, cs, base, so, ss, add);";
            line(12, "case " + h + " -> " + owner + "rows" + h + "(a, ao, " + steps + rest);
        }
        out.append("            default -> throw new IllegalArgumentException(\"tile height \" + height);\n");
        out.append("        }\n    }\n");
    }

    private void tile(int h) {
        String v = type + "Vector";
        out.append('\n');
        if (h == 1) {
            line(4, "@SuppressWarnings(\"UnusedVariable\") // one signature for all: a single row has no strides");
        }
        out.append(h > 6 ? "    /** " + h + " rows. */\n    static void rows" : "    private static void rows")
                .append(h)
                .append("(")
                .append(formal())
                .append(") {\n");
        for (int i = 0; i < h; i++) {
            for (int j = 0; j < width(h); j++) {
                line(8, v + " " + acc(i, j) + " = " + v + ".zero(S);");
            }
        }
        line(8, "int at = ao;");
        if (!windows) {
            line(8, "int row = bo;");
        }
        // two steps at a time: left to C2, the loop comes out a quarter slower where it was profiled on short k
        if (apart) {
            // with an end that the odd step does not need: every register counts
            line(8, "int end = ao + (k & -2);");
            line(8, "for (; at < end; at += 2) {");
        } else {
            line(8, "int p = 0;");
            line(8, "for (; p < k - 1; p += 2) {");
        }
        step(v, h, "");
        step(v, h, "n");
        if (!apart) {
            line(12, "at += 2 * steps;");
        }
        if (!windows) {
            line(12, "row += 2 * bs;");
        }
        line(8, "}");
        line(8, apart ? "if ((k & 1) != 0) {" : "if (p < k) {");
        step(v, h, "");
        line(8, "}");
        if (!windows) {
            base(v, h);
        }
        for (int i = 0; i < h; i++) {
            for (int j = 0; j < width(h); j++) {
                line(8, acc(i, j) + ".intoArray(c, " + offset("co", "cs", i, j) + ");");
            }
        }
        out.append("    }\n");
    }

    private void base(String v, int h) {
        line(8, "if (add) {");
        for (int i = 0; i < h; i++) {
            for (int j = 0; j < width(h); j++) {
                line(
                        12,
                        acc(i, j) + " = " + acc(i, j) + ".add(" + v + ".fromArray(S, base, " + offset("so", "ss", i, j)
                                + "));");
            }
        }
        line(8, "}");
    }

    /** One step of k; the second of two has names with a suffix. */
    private void step(String v, int h, String suffix) {
        String row = windows ? "r" + suffix : "row" + (suffix.isEmpty() ? "" : " + bs");
        if (windows) {
            line(12, "int " + row + " = bo + rows[p" + (suffix.isEmpty() ? "" : " + 1") + "];");
        }
        for (int j = 0; j < width(h); j++) {
            String from = row + vector(j);
            line(12, v + " b" + j + suffix + " = " + v + ".fromArray(S, b, " + from + ");");
        }
        for (int i = 0; i < h; i++) {
            line(12, v + " a" + i + suffix + " = " + v + ".broadcast(S, a[" + left(i, !suffix.isEmpty()) + "]);");
            for (int j = 0; j < width(h); j++) {
                line(12, acc(i, j) + " = a" + i + suffix + ".fma(b" + j + suffix + ", " + acc(i, j) + ");");
            }
        }
    }

    /** Index of the element of row i in this step or the next. */
    private String left(int i, boolean next) {
        if (apart) {
            return "at" + (i == 0 ? "" : i == 1 ? " + R" : " + " + i + " * R") + (next ? " + 1" : "");
        }
        return "at" + (next ? " + steps" : "") + (i == 0 ? "" : " + " + i);
    }

    private static String acc(int i, int j) {
        return "c" + i + "xyzuvwst".charAt(j);
    }

    private static String offset(String from, String stride, int i, int j) {
        return from + (i == 0 ? "" : i == 1 ? " + " + stride : " + " + i + " * " + stride) + vector(j);
    }

    private static String vector(int j) {
        return j == 0 ? "" : j == 1 ? " + L" : " + " + j + " * L";
    }

    private void line(int indent, String text) {
        out.append(" ".repeat(indent)).append(text).append('\n');
    }
}
