package org.amortis.bench.report;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Grey images and heat maps as PNG, by hand: the desktop module wants libraries that servers do not have. */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int GREY = 0;
    private static final int INDEXED = 3;
    private static final int BITS = 8;

    private final int width;
    private final int height;
    private final byte[] pixels;
    private boolean heat;

    /**
     * A white image.
     *
     * @param width columns
     * @param height rows
     */
    public Png(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new byte[width * height];
        java.util.Arrays.fill(pixels, (byte) 255);
    }

    /**
     * A heat map, from white over blue to nearly black.
     *
     * @param columns points from left to right
     * @param values rows from the top, each of so many points
     * @param top value that gets the darkest colour; 0 is white
     * @return the map
     */
    public static Png heat(int columns, double[] values, double top) {
        Png png = new Png(columns, values.length / columns);
        png.heat = true;
        for (int i = 0; i < values.length; i++) {
            png.pixels[i] = (byte) Math.round(255 * Math.clamp(values[i] / top, 0, 1));
        }
        return png;
    }

    /** The colours of a heat map: straight lines between five of them. */
    private static byte[] palette() {
        int[][] stops = {{255, 255, 255}, {186, 212, 238}, {86, 146, 206}, {30, 84, 150}, {10, 26, 60}};
        byte[] palette = new byte[3 * 256];
        for (int i = 0; i < 256; i++) {
            double at = i / 255.0 * (stops.length - 1);
            int k = Math.min((int) at, stops.length - 2);
            for (int c = 0; c < 3; c++) {
                palette[3 * i + c] = (byte) Math.round(stops[k][c] + (at - k) * (stops[k + 1][c] - stops[k][c]));
            }
        }
        return palette;
    }

    /**
     * A grid of images of one size, one pixel apart.
     *
     * @param columns images in a row of the grid
     * @param h rows of an image
     * @param w columns of an image
     * @param images brightness 0 to 1, each of h w numbers; 1 is drawn black
     * @param count number of images
     * @return the grid
     */
    public static Png grid(int columns, int h, int w, float[] images, int count) {
        int rows = (count + columns - 1) / columns;
        Png png = new Png(columns * (w + 1) - 1, rows * (h + 1) - 1);
        for (int i = 0; i < count; i++) {
            int left = i % columns * (w + 1);
            int top = i / columns * (h + 1);
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    png.set(left + x, top + y, 1 - images[(i * h + y) * w + x]);
                }
            }
        }
        return png;
    }

    /**
     * Sets a pixel.
     *
     * @param x column
     * @param y row
     * @param brightness 0 black to 1 white
     */
    public void set(int x, int y, double brightness) {
        pixels[y * width + x] = (byte) Math.round(255 * Math.clamp(brightness, 0, 1));
    }

    /**
     * Columns.
     *
     * @return width
     */
    public int width() {
        return width;
    }

    /**
     * Rows.
     *
     * @return height
     */
    public int height() {
        return height;
    }

    /**
     * The file.
     *
     * @return its bytes
     */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            out.write(SIGNATURE);
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            DataOutputStream h = new DataOutputStream(head);
            h.writeInt(width);
            h.writeInt(height);
            h.write(new byte[] {BITS, (byte) (heat ? INDEXED : GREY), 0, 0, 0});
            chunk(out, "IHDR", head.toByteArray());
            if (heat) {
                chunk(out, "PLTE", palette());
            }
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            try (DeflaterOutputStream z = new DeflaterOutputStream(data)) {
                for (int y = 0; y < height; y++) {
                    z.write(0);
                    z.write(pixels, y * width, width);
                }
            }
            chunk(out, "IDAT", data.toByteArray());
            chunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream to, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        DataOutputStream out = new DataOutputStream(to);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    /**
     * As the address of an image in a page.
     *
     * @return data URI
     */
    public String dataUri() {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes());
    }
}
