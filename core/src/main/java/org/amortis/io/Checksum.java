package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.amortis.array.FormatException;

/** SHA-256 checksums of files. */
public final class Checksum {
    private Checksum() {}

    /**
     * The checksum of a file.
     *
     * @param file the file
     * @return 64 lower-case hexadecimal digits
     * @throws IOException if it cannot be read
     */
    public static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in);
        }
    }

    /**
     * The checksum of what is left of a stream.
     *
     * @param in the stream, read to its end, not closed
     * @return 64 lower-case hexadecimal digits
     * @throws IOException if it cannot be read
     */
    public static String sha256(InputStream in) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Refuses a file whose checksum is not the expected one.
     *
     * @param file the file
     * @param expected 64 hexadecimal digits
     * @throws FormatException if the checksum differs, with the file, both checksums and its length
     * @throws IOException if it cannot be read
     */
    public static void verify(Path file, String expected) throws IOException {
        String wanted = expected.strip().toLowerCase(Locale.ROOT);
        if (!wanted.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "verify(expected=" + Source.quote(expected) + "): a sha256 is 64 hexadecimal digits");
        }
        String found = sha256(file);
        if (!found.equals(wanted)) {
            throw new FormatException(file + ": sha256 differs: expected " + wanted + ", found " + found + " ("
                    + Files.size(file) + " bytes); the file is damaged, cut off or another version: fetch it again");
        }
    }
}
