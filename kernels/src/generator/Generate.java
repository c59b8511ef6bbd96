import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the kernel classes that nobody should write by hand. Run from the repository root with JDK 25 after a change in
 * this folder or of a float class that has a double form: {@code java kernels/src/generator/Generate.java}; then format.
 */
final class Generate {
    /** Written by hand in float. */
    private static final String[] WITH_DOUBLE_FORM = {
        "Conv", "ConvWeights", "Gemm", "Gru", "Lanes", "Pack", "Planes", "Rows", "SmallGemm", "Spline"
    };

    /** Written by hand in float, with calls of formulas, and with a double form. */
    private static final String[] WITH_BOTH = {
        "Norm", "Reduce", "RowSteps", "ShortRows", "Softmax", "SoftmaxGradient", "SplineSteps", "Thin", "Trig"
    };

    /** Written by hand with calls of formulas, float only. */
    private static final String[] WITH_FORMULAS = {"FloatGelu", "PhiloxKernel"};

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
            write(out, name, imported(f32.expand(source)), "src/generator/formulas");
        }
        String doubles = Files.readString(formulas.resolve("PhiloxDoubles.java"));
        write(out, "PhiloxDoubles", imported(f64.expand(doubles)), "src/generator/formulas");
        for (String name : WITH_BOTH) {
            String source = Files.readString(formulas.resolve("Float" + name + ".java"));
            write(out, "Float" + name, imported(f32.expand(source)), "src/generator/formulas");
            write(out, "Double" + name, imported(f64.expand(toDouble(source))), "src/generator/formulas");
        }
        for (String name : WITH_DOUBLE_FORM) {
            String source = Files.readString(out.resolve("Float" + name + ".java"));
            write(out, "Double" + name, toDouble(source), "the float form");
        }
    }

    private static void write(Path out, String name, String source, String from) throws IOException {
        String mark = "\n/**\n * Written by Generate from " + from + "; edit that.\n *\n * <p>";
        String marked =
                source.replaceFirst("\n/\\*\\*(\n \\*)? ", mark).replaceFirst("(<p>[^\n]*) \\*/\n", "$1\n */\n");
        Files.writeString(out.resolve(name + ".java"), marked);
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
