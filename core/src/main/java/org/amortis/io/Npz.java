package org.amortis.io;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.amortis.array.DTypeException;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;

/**
 * Archives of named numpy arrays ({@code savez}, {@code savez_compressed}).
 *
 * <p>Names, sizes and checksums of all entries are checked. Entries that share bytes, and archives that inflate beyond
 * a bound, are refused before they cost memory.
 */
public final class Npz {
    private static final String EXTENSION = ".npy";

    private Npz() {}

    /**
     * Reads all arrays. The inflated bytes may be up to 64 times the length of the file, or 256 MB if that is more.
     *
     * @param file the file
     * @return the arrays by name, in the order of the archive
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static Map<String, HostArray> read(Path file) throws IOException {
        return read(file, Source.inflationBound(Files.size(file)));
    }

    /**
     * Reads all arrays.
     *
     * @param file the file
     * @param maxBytes the most bytes that may come out of it, inflated
     * @return the arrays by name, in the order of the archive
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static Map<String, HostArray> read(Path file, long maxBytes) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = check(file, zip.stream().toList(), maxBytes);
            Map<String, HostArray> arrays = new LinkedHashMap<>();
            for (ZipEntry entry : entries) {
                String name = entry.getName();
                HostArray array = read(zip, entry, file + "!" + Source.quote(name), Files.size(file));
                if (arrays.put(name.substring(0, name.length() - EXTENSION.length()), array) != null) {
                    throw new FormatException(file + ": entry " + Source.quote(name) + " appears twice");
                }
            }
            return arrays;
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            String why = e.getMessage() == null ? "cut off" : e.getMessage();
            throw new FormatException(file + ": not a readable npz archive: " + why, e);
        }
    }

    private static <E extends ZipEntry> List<E> check(Path file, List<E> entries, long maxBytes) throws IOException {
        long stored = 0;
        long inflated = 0;
        long length = Files.size(file);
        for (ZipEntry entry : entries) {
            String name = file + ": entry " + Source.quote(entry.getName());
            if (!entry.getName().endsWith(EXTENSION)) {
                throw new FormatException(name + " is no npy array; an npz archive holds NAME.npy only");
            }
            // a claim beyond the bounds adds up to more than the bounds; the comparisons below cannot overflow
            if (entry.getCompressedSize() < 0 || entry.getCompressedSize() > length - stored) {
                throw new FormatException(name + " claims " + entry.getCompressedSize() + " bytes after " + stored
                        + " of other entries, but the file has " + length + ": entries overlap or sizes are wrong");
            }
            if (entry.getSize() < 0 || entry.getSize() > maxBytes - inflated) {
                throw new FormatException(name + " inflates to " + entry.getSize() + " bytes after " + inflated
                        + " of other entries, the bound is " + maxBytes
                        + "; if the file is trusted, pass a larger maxBytes");
            }
            stored += entry.getCompressedSize();
            inflated += entry.getSize();
        }
        return entries;
    }

    private static HostArray read(ZipFile zip, ZipEntry entry, String name, long fileLength) throws IOException {
        // only for stored entries is the size backed by bytes of the file; an inflated size is a mere claim
        boolean real = entry.getMethod() == ZipEntry.STORED && entry.getSize() <= fileLength;
        CRC32 crc = new CRC32();
        try (InputStream raw = zip.getInputStream(entry);
                Source in = new Source(
                        new CheckedInputStream(raw, crc),
                        name,
                        0,
                        real ? entry.getSize() : Source.UNKNOWN,
                        entry.getSize())) {
            HostArray array = Npy.read(in);
            if (in.position() != entry.getSize() || crc.getValue() != entry.getCrc()) {
                throw in.bad("array damaged: " + in.position() + " bytes with crc " + Long.toHexString(crc.getValue())
                        + ", the archive lists " + entry.getSize() + " with " + Long.toHexString(entry.getCrc()));
            }
            return array;
        }
    }

    /**
     * Creates or replaces a compressed archive, by way of {@link AtomicFile}. The same arrays give the same bytes.
     *
     * @param file the file
     * @param arrays F32, F64, I32 or BOOL, by name, in the order of the archive
     * @throws DTypeException for keys; write their words as I32
     * @throws IOException if the file system refuses; an old file then stays as it was
     */
    public static void write(Path file, Map<String, HostArray> arrays) throws IOException {
        AtomicFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, HostArray> e : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(e.getKey() + EXTENSION);
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                OutputStream buffered = new BufferedOutputStream(zip, 1 << 16);
                Npy.write(buffered, e.getValue());
                buffered.flush();
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}
