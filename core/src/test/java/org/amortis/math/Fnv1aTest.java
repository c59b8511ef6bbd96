package org.amortis.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Fnv1aTest {
    // The first four are from the test suite that comes with the definition of FNV; the others were made with a byte
    // loop
    // in Python over str.encode("utf-8").
    @ParameterizedTest
    @CsvSource({
        "'', cbf29ce484222325",
        "a, af63dc4c8601ec8c",
        "z, af63f74c86021a6d",
        "foobar, 85944171f73967e8",
        "gr\u00f6\u00dfe, b7450e1ef58140da",
        "\u03b1\u03b2\u03b3, 5968a4768e6b5f73",
        "\u65e5\u672c\u8a9e, ee9ee2b5c854ef87",
        "\ud83d\ude00x, 4d5c34eed26afdd0",
        "encoder/fc1/w, d89edcbad02956e4",
    })
    void knownAnswers(String text, String hex) {
        assertEquals(Long.parseUnsignedLong(hex, 16), Fnv1a.hash64(text));
    }

    @Test
    void equalsTheHashOfTheEncodedBytesForAnyChars() {
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            int shift = random.nextInt(12);
            StringBuilder chars = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                // Surrogates, paired or not, come often.
                chars.append(
                        random.nextInt(3) == 0
                                ? (char) (0xd800 + random.nextInt(0x800))
                                : (char) (random.nextInt(0x10000) >>> shift));
            }
            String text = chars.toString();
            long h = 0xcbf29ce484222325L;
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                h = (h ^ (b & 0xff)) * 0x100000001b3L;
            }
            assertEquals(h, Fnv1a.hash64(text));
        }
    }
}
