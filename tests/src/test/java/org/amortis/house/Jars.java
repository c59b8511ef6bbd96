package org.amortis.house;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a folder of classes looks like from outside. */
final class Jars {
    private Jars() {}

    /** The size of the jar that this folder becomes; measured and not read from a jar, which may be older than the classes. */
    static long packedBytes(Path classes) {
        long[] bytes = {0};
        OutputStream counter = new OutputStream() {
            @Override
            public void write(int b) {
                bytes[0]++;
            }

            @Override
            public void write(byte[] b, int offset, int length) {
                bytes[0] += length;
            }
        };
        try (ZipOutputStream zip = new ZipOutputStream(counter)) {
            for (Path file : Sources.under(classes, "")) {
                zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes[0];
    }

    static ModuleDescriptor descriptor(Path classes) {
        return ModuleFinder.of(classes).findAll().iterator().next().descriptor();
    }
}
