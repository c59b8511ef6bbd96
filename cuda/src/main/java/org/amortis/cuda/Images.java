package org.amortis.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What was built ahead of time and ships in the jar. */
final class Images {
    /** Capabilities there is machine code for; it runs on later minors of the same major. */
    private static final int[] BUILT = {90, 89, 86, 80};

    private Images() {}

    private static byte @Nullable [] resource(String name) {
        try (InputStream in = Images.class.getResourceAsStream(name)) {
            if (in == null) {
                return null;
            }
            try (GZIPInputStream z = new GZIPInputStream(in)) {
                return z.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PTX of a module, zero-terminated as the driver wants it. */
    static byte[] ptx(String module) {
        byte[] b = resource(module + ".ptx.gz");
        if (b == null) {
            throw new IllegalStateException("module " + module + " is not in the jar; run cuda/build-kernels");
        }
        return Arrays.copyOf(b, b.length + 1);
    }

    /** PTX of a module as text. */
    static String text(String module) {
        byte[] b = ptx(module);
        return new String(b, 0, b.length - 1, StandardCharsets.US_ASCII);
    }

    /** Machine code of a module for a device, or null if there is none. */
    static byte @Nullable [] machineCode(String module, int capability) {
        for (int c : BUILT) {
            if (c <= capability && c / 10 == capability / 10) {
                return resource(module + ".sm_" + c + ".gz");
            }
        }
        return null;
    }

    /** A text as the driver wants it. */
    static byte[] terminated(String text) {
        byte[] b = text.getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(b, b.length + 1);
    }
}
