package org.amortis.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path dir;

    private static final byte[] OLD = {1, 2, 3};

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(dir)) {
            return all.toList();
        }
    }

    @Test
    void replacesWholeFilesAndLeavesNothingElse() throws IOException {
        Path target = dir.resolve("t");
        AtomicFile.write(target, OLD);
        assertArrayEquals(OLD, Files.readAllBytes(target));
        AtomicFile.write(target, new byte[100_000]);
        assertEquals(100_000, Files.size(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void aFailureLeavesTheOldFile() throws IOException {
        Path target = dir.resolve("t");
        AtomicFile.write(target, OLD);
        for (Throwable failure :
                new Throwable[] {new IOException("full"), new IllegalStateException("no"), new StackOverflowError()}) {
            assertThrows(
                    failure.getClass(),
                    () -> AtomicFile.write(target, out -> {
                        out.write(new byte[200_000]);
                        switch (failure) {
                            case IOException e -> throw e;
                            case RuntimeException e -> throw e;
                            case Error e -> throw e;
                            default -> throw new AssertionError();
                        }
                    }));
            assertArrayEquals(OLD, Files.readAllBytes(target));
            assertEquals(List.of(target), files());
        }
        assertThrows(IOException.class, () -> AtomicFile.write(dir, OLD));
        assertThrows(IOException.class, () -> AtomicFile.write(dir.resolve("no").resolve("t"), OLD));
    }

    @Test
    void symbolicLinksStay() throws IOException {
        Path target = dir.resolve("t");
        Path link = dir.resolve("link");
        AtomicFile.write(target, OLD);
        try {
            Files.createSymbolicLink(link, target);
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here: " + e);
        }
        AtomicFile.write(link, new byte[7]);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(7, Files.size(target));
    }

    @Test
    void whatKilledWritersLeftIsRemovedOnceItIsOld() throws IOException {
        String id = "123e4567-e89b-12d3-a456-426614174000";
        Path old = Files.write(dir.resolve(".t." + id + ".tmp"), OLD);
        Path fresh = Files.write(dir.resolve(".t." + id.replace('1', '2') + ".tmp"), OLD);
        Path other = Files.write(dir.resolve(".u." + id + ".tmp"), OLD);
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        Files.setLastModifiedTime(old, yesterday);
        Files.setLastModifiedTime(other, yesterday);
        AtomicFile.write(dir.resolve("t"), OLD);
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
        assertTrue(Files.exists(other));
    }

    /** Rewrites a file for ever with growing numbers; says which number is safely there. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            for (long n = 1; ; n++) {
                ByteBuffer content = ByteBuffer.allocate(length(n));
                while (content.hasRemaining()) {
                    content.putLong(n);
                }
                AtomicFile.write(Path.of(args[0]), content.array());
                System.out.println(n + ".");
                System.out.flush();
            }
        }

        static int length(long n) {
            return (int) (8 * (1 + n * 7919 % 40_000));
        }
    }

    @Test
    void aKillAtAnyMomentLeavesOneWholeFile() throws IOException, InterruptedException, URISyntaxException {
        Random random = new Random(11);
        Path target = dir.resolve("state");
        long kills = 0;
        for (int round = 0; round < 8; round++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            root(AtomicFile.class) + File.pathSeparator + root(Writer.class),
                            Writer.class.getName(),
                            target.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long reported = 0;
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
                assertEquals("1.", said.readLine());
                Thread.sleep(random.nextInt(60));
                // by its handle: Process.destroyForcibly closes the stream with what was said before
                writer.toHandle().destroyForcibly();
                reported = 1;
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    // a kill may cut the last line; a number counts only with its full stop
                    reported = line.endsWith(".") ? Long.parseLong(line.substring(0, line.length() - 1)) : reported;
                }
            } finally {
                writer.destroyForcibly();
            }
            writer.waitFor();
            ByteBuffer found = ByteBuffer.wrap(Files.readAllBytes(target));
            long n = found.getLong(0);
            assertTrue(n == reported || n == reported + 1, n + " found, " + reported + " reported saved");
            assertEquals(Writer.length(n), found.capacity());
            while (found.hasRemaining()) {
                assertEquals(n, found.getLong());
            }
            kills++;
        }
        assertEquals(8, kills);
    }

    /** The directory of classes a class came from; the class path does not name it when tests run as a module. */
    private static String root(Class<?> type) throws URISyntaxException {
        String name = type.getName().replace('.', '/') + ".class";
        URL url = type.getResource("/" + name);
        assumeTrue(url != null && url.getProtocol().equals("file"), "classes are not in a directory");
        String file = Path.of(url.toURI()).toString();
        return file.substring(0, file.length() - name.length() - 1);
    }

    @Test
    void checksumsAreThoseOfTheStandard() throws IOException {
        // FIPS 180-2, appendix B.1
        String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Path file = Files.writeString(dir.resolve("abc"), "abc");
        assertEquals(abc, Checksum.sha256(file));
        Checksum.verify(file, " " + abc.toUpperCase(Locale.ROOT));
        String other = abc.replace('b', 'c');
        Fixtures.assertBad(
                () -> Checksum.verify(file, other), file.toString(), "expected " + other, "found " + abc, "3 bytes");
        assertThrows(IllegalArgumentException.class, () -> Checksum.verify(file, "abc"));
    }
}
