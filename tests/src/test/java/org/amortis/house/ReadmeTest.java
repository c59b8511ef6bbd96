package org.amortis.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs the Java blocks of the README, in their order and in one folder, so that a later block may load what an earlier one saved.
 *
 * <p>In front of each block stands a comment that begins with {@code test NAME}. Its lines that begin with {@code import} join those of the block;
 * its other lines run before the block, those after a line {@code ...} run after it. All of it becomes the body of a method with a parameter
 * {@code java.nio.file.Path dir}; types that a block declares are local to it.
 */
@Tag("once")
final class ReadmeTest {
    private static final String OPEN = "<!-- test ";

    @TempDir
    Path dir;

    @Test
    void javaBlocksCompileAndRun() throws Exception {
        run(Files.readString(Sources.root().resolve("README.md")));
    }

    @Test
    void theMechanismSeesAllPartsOfABlock() throws Exception {
        run("""
            <!-- test first
            import java.nio.file.Files;
            Path file = dir.resolve("seen");
            ...
            if (!Files.exists(file)) throw new AssertionError();
            -->
            ```java
            import java.util.List;
            record Pair(int a, int b) {}
            Files.write(file, List.of(new Pair(1, 2).toString()));
            ```
            <!-- test second -->
            ```java
            if (java.nio.file.Files.size(dir.resolve("seen")) == 0) throw new AssertionError();
            ```
            """);
        assertEquals("Pair[a=1, b=2]", Files.readString(dir.resolve("seen")).strip());
    }

    private void run(String markdown) throws Exception {
        List<Block> blocks = blocks(markdown);
        if (blocks.isEmpty()) {
            return;
        }
        Path classes = Files.createDirectories(dir.resolve("classes"));
        compile(blocks, classes);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            for (Block block : blocks) {
                try {
                    Class.forName(block.className(), true, loader)
                            .getMethod("run", Path.class)
                            .invoke(null, dir);
                } catch (InvocationTargetException e) {
                    throw new AssertionError("block " + block.name + " of the README fails: " + e.getCause(), e);
                }
            }
        }
    }

    private static void compile(List<Block> blocks, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-proc:none",
                "-Xlint:all,-classfile,-path,-processing",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"));
        List<JavaFileObject> files = blocks.stream().map(Block::file).toList();
        try (var manager = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            compiler.getTask(null, manager, problems, options, null, files).call();
        }
        String found = problems.getDiagnostics().stream()
                .filter(d -> d.getKind() != Diagnostic.Kind.NOTE)
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
        assertEquals("", found, "the README's blocks do not compile cleanly");
    }

    private static List<Block> blocks(String markdown) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = markdown.lines().toList();
        List<String> marker = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(OPEN)) {
                marker.clear();
                marker.add(line.substring(OPEN.length()).replace("-->", "").strip());
                while (!lines.get(i).endsWith("-->")) {
                    i++;
                    marker.add(lines.get(i).replace("-->", ""));
                }
            } else if (line.startsWith("```java")) {
                if (marker.isEmpty()) {
                    throw new AssertionError("README line " + (i + 1) + ": a java block without " + OPEN + "NAME -->");
                }
                List<String> shown = new ArrayList<>();
                for (i++; !lines.get(i).startsWith("```"); i++) {
                    shown.add(lines.get(i));
                }
                blocks.add(Block.of(marker, shown));
                marker.clear();
            }
        }
        Map<String, List<Block>> byName = blocks.stream().collect(Collectors.groupingBy(block -> block.name));
        assertEquals(blocks.size(), byName.size(), "two blocks of one name: " + byName.keySet());
        return blocks;
    }

    /** One block as a compilation unit. */
    private record Block(String name, String source) {
        static Block of(List<String> marker, List<String> shown) {
            List<String> hidden = marker.subList(1, marker.size());
            int dots = hidden.indexOf("...");
            List<String> before = dots < 0 ? hidden : hidden.subList(0, dots);
            List<String> after = dots < 0 ? List.of() : hidden.subList(dots + 1, hidden.size());
            List<String> body = new ArrayList<>(before);
            body.addAll(shown);
            body.addAll(after);
            List<String> source = new ArrayList<>();
            source.add("import java.nio.file.Path;");
            body.stream().filter(Block::isImport).forEach(source::add);
            source.add("public final class Readme_" + marker.getFirst() + " {");
            source.add("public static void run(Path dir) throws Exception {");
            body.stream().filter(line -> !isImport(line)).forEach(source::add);
            source.add("}");
            source.add("}");
            return new Block(marker.getFirst(), String.join("\n", source));
        }

        private static boolean isImport(String line) {
            return line.startsWith("import ");
        }

        String className() {
            return "Readme_" + name;
        }

        JavaFileObject file() {
            URI uri = Path.of(className() + ".java").toUri();
            return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            };
        }
    }
}
