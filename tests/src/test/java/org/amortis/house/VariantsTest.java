package org.amortis.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loops that stand twice, once for each float type, are one text: whoever mends one must mend the other. */
@Tag("once")
final class VariantsTest {
    private static final Path BACKEND = Path.of("core/src/main/java/org/amortis/backend");

    @Test
    void doubleLoopsAreTheFloatLoopsWithTheTypeExchanged() throws IOException {
        String floats = Files.readString(Sources.root().resolve(BACKEND).resolve("FloatScalarLoops.java"));
        String doubles = Files.readString(Sources.root().resolve(BACKEND).resolve("DoubleScalarLoops.java"));
        String exchanged =
                floats.replace("Float", "Double").replace("float", "double").replace("(double) ", "");
        assertEquals(exchanged, doubles);
    }
}
