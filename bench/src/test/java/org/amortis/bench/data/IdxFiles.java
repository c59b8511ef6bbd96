package org.amortis.bench.data;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes idx files for tests. */
public final class IdxFiles {
    private IdxFiles() {}

    /** Unsigned bytes. */
    public static void bytes(Path file, byte[] data, int... dims) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(0x0800 | dims.length);
            for (int d : dims) {
                out.writeInt(d);
            }
            out.write(data);
        }
    }

    /** 32-bit floats. */
    public static void floats(Path file, float[] data, int... dims) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(0x0d00 | dims.length);
            for (int d : dims) {
                out.writeInt(d);
            }
            for (float f : data) {
                out.writeFloat(f);
            }
        }
    }

    /** Images with one bright rectangle each, as a model of two numbers might draw them. */
    public static byte[] rectangles(int n, int size, long seed) {
        Random random = new Random(seed);
        byte[] b = new byte[n * size * size];
        for (int i = 0; i < n; i++) {
            int w = 2 + random.nextInt(size - 2);
            int h = 2 + random.nextInt(size - 2);
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    b[(i * size + y) * size + x] = (byte) (random.nextInt(20) == 0 ? 100 : 200);
                }
            }
        }
        return b;
    }

    /** A folder with both splits. */
    public static Path folder(Path folder, int train, int test, int size) throws IOException {
        bytes(folder.resolve("train-images-idx3-ubyte"), rectangles(train, size, 1), train, size, size);
        bytes(folder.resolve("t10k-images-idx3-ubyte"), rectangles(test, size, 2), test, size, size);
        return folder;
    }
}
