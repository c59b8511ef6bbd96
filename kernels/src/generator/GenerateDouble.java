import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the double forms of kernels that are written by hand in float, by replacing words. Run from the repository root
 * after a change of the float form: {@code java kernels/src/generator/GenerateDouble.java
 * kernels/src/main/java/org/amortis/kernels}; then format.
 */
final class GenerateDouble {
    private static final String[] CLASSES = {"Reduce", "Gemm", "Pack", "Thin"};

    private GenerateDouble() {}

    public static void main(String[] args) throws IOException {
        Path dir = Path.of(args[0]);
        for (String name : CLASSES) {
            Path from = dir.resolve("Float" + name + ".java");
            if (Files.exists(from)) {
                Files.writeString(dir.resolve("Double" + name + ".java"), toDouble(Files.readString(from)));
            }
        }
    }

    private static String toDouble(String source) {
        return source.replace("(float) ", "")
                .replace("Float", "Double")
                .replace("float", "double")
                .replace("Species.F32", "Species.F64")
                .replaceAll("\\b(\\d+)f\\b", "$1.0")
                .replace(
                        "\n/**\n * ",
                        "\n/**\n * Written by GenerateDouble from the float form; edit that.\n *\n * <p>");
    }
}
