import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the kernel classes that nobody should write by hand. Run from the repository root with JDK 25 after a change in
 * this folder or of a float class that has a double form: {@code java kernels/src/generator/Generate.java}; then format.
 */
final class Generate {
    /** Written by hand in float. */
    private static final String[] WITH_DOUBLE_FORM = {"Reduce", "Gemm", "Pack", "Thin"};

    /** Written by hand in float, with calls of formulas. */
    private static final String[] WITH_FORMULAS = {"FloatTrig", "FloatSoftmax", "PhiloxKernel"};

    private Generate() {}

    public static void main(String[] args) throws IOException {
        Path formulas = Path.of("kernels/src/generator/formulas");
        Path out = Path.of("kernels/src/main/java/org/amortis/kernels");
        Inliner f32 = new Inliner(Files.readString(formulas.resolve("FloatMath.java")));
        Inliner f64 = new Inliner(Files.readString(formulas.resolve("DoubleMath.java")));
        GenerateElementwise.write(out, true, f32);
        GenerateElementwise.write(out, false, f64);
        GenerateTiles.write(out);
        for (String name : WITH_FORMULAS) {
            String source = Files.readString(formulas.resolve(name + ".java"));
            Files.writeString(
                    out.resolve(name + ".java"), marked(imported(f32.expand(source)), "src/generator/formulas"));
        }
        String softmax = toDouble(Files.readString(formulas.resolve("FloatSoftmax.java")));
        Files.writeString(out.resolve("DoubleSoftmax.java"), marked(imported(f64.expand(softmax)), "the float form"));
        for (String name : WITH_DOUBLE_FORM) {
            String source = Files.readString(out.resolve("Float" + name + ".java"));
            Files.writeString(out.resolve("Double" + name + ".java"), marked(toDouble(source), "the float form"));
        }
    }

    private static String marked(String source, String from) {
        return source.replaceFirst(
                        "\n/\\*\\*(\n \\*)? ",
                        "\n/**\n * Written by Generate from " + from + "; edit that.\n *\n * <p>")
                .replaceFirst("(<p>[^\n]*) \\*/\n", "$1\n */\n");
    }

    /** Imports that only the written-out formulas need. */
    private static String imported(String source) {
        for (String name : new String[] {"IntVector", "LongVector", "VectorOperators"}) {
            String line = "import jdk.incubator.vector." + name + ";\n";
            if (source.contains(name) && !source.contains(line)) {
                source = source.replaceFirst("import ", line + "import ");
            }
        }
        return source;
    }

    private static String toDouble(String source) {
        return source.replace("(float) ", "")
                .replace("Float", "Double")
                .replace("float", "double")
                .replace("Species.F32", "Species.F64")
                .replaceAll("\\b(\\d+)f\\b", "$1.0");
    }
}
