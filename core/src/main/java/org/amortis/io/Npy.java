package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/**
 * Single arrays in the format of numpy, versions 1.0 to 3.0, either byte order, row- or column-major.
 *
 * <p>f4, f8, i4 and b1 stay what they are; f2 becomes F32; u1, i1, u2, i2, u4, u8 and i8 become I32, refused where a
 * value does not fit. Column-major arrays are turned row-major, which takes their memory twice.
 */
public final class Npy {
    private Npy() {}

    /**
     * Reads the array in a file.
     *
     * @param file the file
     * @return the array
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static HostArray read(Path file) throws IOException {
        try (Source in = Source.plain(file)) {
            return read(in);
        }
    }

    /**
     * Reads the array that a stream holds to its end.
     *
     * @param in the stream, not closed
     * @param name name for messages
     * @return the array
     * @throws FormatException if anything in it is wrong
     * @throws IOException if it cannot be read
     */
    public static HostArray read(InputStream in, String name) throws IOException {
        return read(new Source(in, name, 0, Source.UNKNOWN, Long.MAX_VALUE));
    }

    static HostArray read(Source in) throws IOException {
        NpyHeader.Layout layout = NpyHeader.read(in);
        boolean turn = layout.fortran() && layout.shape().rank() > 1;
        Shape shape = turn ? Shape.of(layout.shape().size()) : layout.shape();
        HostArray array = Elements.read(
                in, layout.raw(), layout.order(), shape, layout.raw().natural());
        in.expectEnd();
        return turn ? Elements.fromFortran(array, layout.shape()) : array;
    }

    /**
     * Creates or replaces a file, by way of {@link AtomicFile}.
     *
     * @param file the file
     * @param array F32, F64, I32 or BOOL
     * @throws org.amortis.array.DTypeException for keys; write their words as I32
     * @throws IOException if the file system refuses; an old file then stays as it was
     */
    public static void write(Path file, HostArray array) throws IOException {
        AtomicFile.write(file, out -> write(out, array));
    }

    static void write(OutputStream out, HostArray array) throws IOException {
        out.write(NpyHeader.write(array.dtype(), array.shape()));
        Elements.write(out, array);
    }
}
