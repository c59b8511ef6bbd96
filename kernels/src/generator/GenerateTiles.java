import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes FloatTiles and DoubleTiles: the register tiles of the matrix product, one method for each height and width with
 * one local variable for each accumulator, which nobody should write by hand.
 */
final class GenerateTiles {
    private static final int[] HEIGHTS = {12, 10, 8, 6, 4, 3, 2, 1};
    private static final String PARAMETERS = "%s[] a, int ao, int steps, %s[] b, int bo, int bs, int k,"
            + " %s[] c, int co, int cs, %s[] base, int so, int ss, boolean add";
    private static final String ARGUMENTS = "a, ao, steps, b, bo, bs, k, c, co, cs, base, so, ss, add";

    private GenerateTiles() {}

    static void write(Path dir) throws IOException {
        for (String type : new String[] {"Float", "Double"}) {
            for (int width = 1; width <= 2; width++) {
                String name = type + (width == 1 ? "Narrow" : "Wide");
                String low = name + "Tiles";
                String tall = name + "TallTiles";
                Files.writeString(dir.resolve(low + ".java"), source(low, type, width, false));
                Files.writeString(dir.resolve(tall + ".java"), source(tall, type, width, true));
            }
        }
    }

    private static String source(String name, String type, int width, boolean tall) {
        String element = type.toLowerCase(java.util.Locale.ROOT);
        StringBuilder out = new StringBuilder();
        out.append("""
            package org.amortis.kernels;

            import jdk.incubator.vector.%sVector;
            import jdk.incubator.vector.VectorSpecies;

            /**
             * Register tiles of the matrix product, %d vector%s wide: c = a b, or base + a b, every element one chain of fused
             * multiply-adds over k. Element (i, p) of a lies at {@code ao + i + p * steps}: rows side by side, so that one check
             * of bounds serves them all. Row p of b lies at {@code bo + p * bs}, row i of c at {@code co + i * cs}, row i of base at
             * {@code so + i * ss} (stride 0 for a bias); c may be base.
             *
             * <p>Written by src/generator; edit that. Each method is compiled alone and stays a call: its accumulators fill the
             * registers.
             */
            final class %s {
                private static final VectorSpecies<%s> S = Species.%s;
            """.formatted(type, width, width == 1 ? "" : "s", name, type, type.equals("Float") ? "F32" : "F64"));
        if (width == 2) {
            out.append("    private static final int L = S.length();\n");
        }
        out.append("\n    private ").append(name).append("() {}\n");
        String formal = PARAMETERS.formatted(element, element, element, element);
        if (!tall) {
            dispatch(out, name, formal);
        }
        for (int h : HEIGHTS) {
            if (h > 6 == tall) {
                tile(out, type, element, formal, h, width);
            }
        }
        return out.append("}\n").toString();
    }

    /** One call for all heights; the tall tiles live in a class of their own to keep files short. */
    private static void dispatch(StringBuilder out, String name, String formal) {
        out.append("\n    /** The tile of the given height: one of 12, 10, 8, 6, 4, 3, 2, 1. */\n");
        out.append("    static void run(int height, ").append(formal).append(") {\n        switch (height) {\n");
        for (int h : HEIGHTS) {
            String owner = h > 6 ? name.replace("Tiles", "TallTiles.") : "";
            line(out, 12, "case " + h + " -> " + owner + "rows" + h + "(" + ARGUMENTS + ");");
        }
        out.append("            default -> throw new IllegalArgumentException(\"tile height \" + height);\n");
        out.append("        }\n    }\n");
    }

    private static void tile(StringBuilder out, String type, String element, String formal, int h, int width) {
        String v = type + "Vector";
        out.append('\n');
        if (h == 1) {
            line(out, 4, "@SuppressWarnings(\"UnusedVariable\") // one signature for all: a single row has no strides");
        }
        out.append(h > 6 ? "    /** " + h + " rows. */\n    static void rows" : "    private static void rows")
                .append(h)
                .append("(")
                .append(formal)
                .append(") {\n");
        for (int i = 0; i < h; i++) {
            for (int j = 0; j < width; j++) {
                line(out, 8, v + " " + acc(i, j) + " = " + v + ".zero(S);");
            }
        }
        line(out, 8, "int at = ao;");
        line(out, 8, "int row = bo;");
        // two steps at a time: left to C2, the loop comes out a quarter slower where it was profiled on short k
        line(out, 8, "int p = 0;");
        line(out, 8, "for (; p < k - 1; p += 2) {");
        step(out, v, h, width, "");
        step(out, v, h, width, "n");
        line(out, 8, "}");
        line(out, 8, "if (p < k) {");
        step(out, v, h, width, "");
        line(out, 8, "}");
        line(out, 8, "if (add) {");
        for (int i = 0; i < h; i++) {
            for (int j = 0; j < width; j++) {
                line(
                        out,
                        12,
                        acc(i, j) + " = " + acc(i, j) + ".add(" + v + ".fromArray(S, base, " + offset("so", "ss", i, j)
                                + "));");
            }
        }
        line(out, 8, "}");
        for (int i = 0; i < h; i++) {
            for (int j = 0; j < width; j++) {
                line(out, 8, acc(i, j) + ".intoArray(c, " + offset("co", "cs", i, j) + ");");
            }
        }
        out.append("    }\n");
    }

    private static void step(StringBuilder out, String v, int h, int width, String suffix) {
        for (int j = 0; j < width; j++) {
            String from = "row" + (suffix.isEmpty() ? "" : " + bs") + (j == 0 ? "" : " + L");
            line(out, 12, v + " b" + j + suffix + " = " + v + ".fromArray(S, b, " + from + ");");
        }
        for (int i = 0; i < h; i++) {
            String at = "at" + (suffix.isEmpty() ? "" : " + steps") + (i == 0 ? "" : " + " + i);
            line(out, 12, v + " a" + i + suffix + " = " + v + ".broadcast(S, a[" + at + "]);");
            for (int j = 0; j < width; j++) {
                line(out, 12, acc(i, j) + " = a" + i + suffix + ".fma(b" + j + suffix + ", " + acc(i, j) + ");");
            }
        }
        if (!suffix.isEmpty()) {
            line(out, 12, "at += 2 * steps;");
            line(out, 12, "row += 2 * bs;");
        }
    }

    private static String acc(int i, int j) {
        return "c" + i + (j == 0 ? "x" : "y");
    }

    private static String offset(String from, String stride, int i, int j) {
        return from + (i == 0 ? "" : i == 1 ? " + " + stride : " + " + i + " * " + stride) + (j == 0 ? "" : " + L");
    }

    private static void line(StringBuilder out, int indent, String text) {
        out.append(" ".repeat(indent)).append(text).append('\n');
    }
}
