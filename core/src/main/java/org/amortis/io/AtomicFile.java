package org.amortis.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Replaces files so that a kill or power cut at any moment leaves either the whole old file or the whole new one.
 *
 * <p>The new bytes go to a temporary file in the same directory, are forced to the disk, and only then take the name of
 * the target; at last the directory is forced, so that once {@code write} has returned the new file stays. A killed
 * writer may leave its temporary file behind ({@code .NAME.xxxx.tmp}); later writes of the same target remove such
 * files when nothing has been written to them for an hour.
 */
public final class AtomicFile {
    private static final String SUFFIX = ".tmp";
    private static final Duration ABANDONED = Duration.ofHours(1);

    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything to a buffered stream; need not close it.
         *
         * @param out where to
         * @throws IOException if writing fails; the target then stays as it was
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Creates or replaces a file.
     *
     * @param target the file; a symbolic link stays one and what it points to is replaced
     * @param content writes the new content
     * @throws IOException if the file system refuses; the target is then still whole, nearly always the old file (the
     *     new one only if the directory alone could not be forced)
     */
    public static void write(Path target, Content content) throws IOException {
        Path file =
                Files.isSymbolicLink(target) && Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        Path directory = file.getParent();
        Path name = file.getFileName();
        if (directory == null || name == null || Files.isDirectory(file)) {
            throw new IOException("write(target=" + target + "): is a directory; give the path of a file");
        }
        sweep(directory, name);
        Path temporary = directory.resolve("." + name + "." + UUID.randomUUID() + SUFFIX);
        try {
            // not Files.createTempFile: its 0600 permissions would stay on the target
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        forceDirectory(directory);
    }

    /**
     * Creates or replaces a file with bytes at hand.
     *
     * @param target the file
     * @param content its new content
     * @throws IOException if the file system refuses; the target then stays as it was
     */
    public static void write(Path target, byte[] content) throws IOException {
        write(target, out -> out.write(content));
    }

    private static void forceDirectory(Path directory) throws IOException {
        // Windows cannot open a directory; there the rename is journalled by the file system
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void sweep(Path directory, Path name) {
        Instant before = Instant.now().minus(ABANDONED);
        String prefix = "." + name + ".";
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, path -> isTemporary(path, prefix))) {
            for (Path entry : entries) {
                if (Files.getLastModifiedTime(entry).toInstant().isBefore(before)) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // cleaning up is a courtesy: if the directory is really unusable, the write itself says so
            return;
        }
    }

    private static boolean isTemporary(Path path, String prefix) {
        String s = String.valueOf(path.getFileName());
        return s.length() == prefix.length() + 36 + SUFFIX.length() && s.startsWith(prefix) && s.endsWith(SUFFIX);
    }
}
