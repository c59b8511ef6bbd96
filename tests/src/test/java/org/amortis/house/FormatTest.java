package org.amortis.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every Java file is as the formatter leaves it. A test and no Maven plugin, because the formatter parses with the JVM it runs in and that must
 * know Java 25. With {@code -Damortis.format=write} it rewrites the files instead.
 */
@Tag("once")
final class FormatTest {
    @Test
    void everySourceFileIsFormatted() throws IOException {
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        boolean write = "write".equals(System.getProperty("amortis.format"));
        List<String> unformatted = new ArrayList<>();
        int read = 0;
        for (String module : List.of("core", "kernels", "cuda", "bench", "bench/peers", "tests")) {
            Path base = Sources.root().resolve(module);
            for (Path file : Sources.under(base.resolve("src"), ".java")) {
                read++;
                String text = Files.readString(file);
                String formatted = format(formatter, file, text);
                if (!formatted.equals(text)) {
                    if (write) {
                        Files.writeString(file, formatted);
                    } else {
                        unformatted.add(Sources.root().relativize(file) + ":" + firstDifference(text, formatted));
                    }
                }
            }
        }
        assertTrue(read > 10, "too few sources found under " + Sources.root() + ": " + read);
        assertEquals(
                List.of(),
                unformatted,
                "not formatted (path:line); to mend: mvn -B -pl tests -am test -Dtest=FormatTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Damortis.format=write");
    }

    private static String format(Formatter formatter, Path file, String text) {
        try {
            return formatter.formatSourceAndFixImports(text);
        } catch (FormatterException e) {
            throw new AssertionError(file + ": the formatter cannot parse it: " + e.getMessage(), e);
        }
    }

    private static int firstDifference(String text, String formatted) {
        List<String> is = text.lines().toList();
        List<String> should = formatted.lines().toList();
        int line = 0;
        while (line < is.size() && line < should.size() && is.get(line).equals(should.get(line))) {
            line++;
        }
        return line + 1;
    }
}
