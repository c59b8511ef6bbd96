package org.amortis.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void pngIsRead() throws IOException {
        Png png = Png.grid(2, 1, 2, new float[] {0, 1, 0.5f, 0.25f, 1, 1}, 3);
        assertEquals(5, png.width());
        assertEquals(3, png.height());
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png.bytes()));
        int[][] expected = {{255, 0, 255, 128, 191}, {255, 255, 255, 255, 255}, {0, 0, 255, 255, 255}};
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 5; x++) {
                assertEquals(expected[y][x], image.getRaster().getSample(x, y, 0), x + ", " + y);
            }
        }
    }

    @Test
    void heatMapsGoFromWhiteToDark() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                Png.heat(3, new double[] {0, 0.5, 1, Double.NaN, -1, 9}, 1).bytes()));
        int[] colours = {0xffffff, 0x5692ce, 0x0a1a3c, 0xffffff, 0xffffff, 0x0a1a3c};
        for (int i = 0; i < 6; i++) {
            // half of 255 steps is not a whole one
            for (int shift = 0; shift < 24; shift += 8) {
                int found = image.getRGB(i % 3, i / 3) >> shift & 255;
                assertEquals(colours[i] >> shift & 255, found, 2, "pixel " + i);
            }
        }
    }

    @Test
    void pageHoldsAllItShows() throws IOException {
        Page page = new Page("A & B", "lead < text")
                .cards(List.of(new Page.Card("name", "1.5", "note")))
                .figure(
                        "f",
                        "Figure",
                        "Means.",
                        "{\"mark\": \"point\"}",
                        List.of(Map.of("s", "</script><b>", "x", 1.5)))
                .images("Images", "Mean.", List.of(new Page.Strip("strip", new Png(2, 2))))
                .table("Table", "Means.", List.of("k", "v"), List.of(List.of("<k>", "1")), Page.Cells.NUMBERS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.writeTo(out);
        String html = out.toString(StandardCharsets.UTF_8);
        assertTrue(html.contains("A &amp; B"));
        assertTrue(html.contains("&lt;k&gt;"));
        assertTrue(html.contains("data:image/png;base64,"));
        // what is drawn cannot end the script that draws it
        assertFalse(html.contains("</script><b>"));
        assertTrue(html.contains("\\u003c/script>"));
        // nothing is loaded from anywhere
        assertFalse(html.matches("(?s).*<(script|link|img)[^>]*(src|href)=\"(?!data:)[^\"]*\".*"));
        assertTrue(html.contains("vegaLite.compile") && html.length() > 500_000);
    }

    @Test
    void jsonKeepsSevenDigits() {
        assertEquals("[1.234568,null,\"a\\\"b\",true,3]", Json.of(List.of(1.23456789, Double.NaN, "a\"b", true, 3)));
    }
}
