package org.amortis.bench.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.StudyException;
import org.amortis.io.Checksum;
import org.amortis.io.Csv;
import org.amortis.io.Idx;
import org.jspecify.annotations.Nullable;

/** Reads images and makes them black and white: a pixel is 1 where the original is at least half of full brightness. */
public final class Images {
    /** Name of the embedded data. */
    public static final String FASHION = "fashion";

    private static final String EMBEDDED = "fashion/t10k-images-idx3-ubyte.gz";
    private static final int EMBEDDED_TRAIN = 8_000;
    private static final int EMBEDDED_SIZE = 10_000;

    /** Far beyond any data set of images that fits this machine's arrays. */
    private static final long MAX_BYTES = 1L << 30;

    private Images() {}

    /**
     * The data that a user named.
     *
     * @param data "fashion" or a directory
     * @return the images
     * @throws StudyException if there is nothing that can be used
     * @throws IOException if it cannot be read
     */
    public static ImageSet load(String data) throws IOException {
        if (data.equals(FASHION)) {
            return fashion();
        }
        Path directory = Path.of(data);
        if (!Files.isDirectory(directory)) {
            throw new StudyException("--data " + data + ": neither a directory nor one of fashion, linear-gaussian");
        }
        return directory(directory);
    }

    /**
     * The embedded 10,000 images: the test images of Fashion-MNIST, of which the first 8,000 serve for training.
     *
     * @return the images
     * @throws IOException if the resource cannot be read
     */
    public static ImageSet fashion() throws IOException {
        try (InputStream check = resource()) {
            String found = Checksum.sha256(check);
            if (!found.equals(DataPackage.FASHION_TEST_SHA256)) {
                throw new FormatException(EMBEDDED + " in the jar: sha256 is " + found + ", should be "
                        + DataPackage.FASHION_TEST_SHA256 + "; build again");
            }
        }
        HostArray all;
        try (Idx idx = Idx.open(resource(), EMBEDDED, MAX_BYTES)) {
            all = idx.next(EMBEDDED_SIZE, DType.F32);
        }
        int d = all.shape().dim(1) * all.shape().dim(2);
        HostArray flat = threshold(all.reshape(Shape.of(EMBEDDED_SIZE, d)), 255, EMBEDDED);
        return new ImageSet(
                "Fashion-MNIST (embedded 10,000), thresholded at 0.5",
                all.shape().dim(1),
                all.shape().dim(2),
                flat.rows(0, EMBEDDED_TRAIN),
                flat.rows(EMBEDDED_TRAIN, EMBEDDED_SIZE));
    }

    private static InputStream resource() throws IOException {
        InputStream in = Images.class.getResourceAsStream(EMBEDDED);
        if (in == null) {
            throw new FormatException(EMBEDDED + ": missing from the jar; build again");
        }
        return in;
    }

    private static ImageSet directory(Path directory) throws IOException {
        Path train = find(directory, "train-images-idx3-ubyte");
        Path test = find(directory, "t10k-images-idx3-ubyte");
        if (train == null && test == null) {
            Path digits = directory.resolve(DataPackage.DIGITS_FILE);
            if (Files.exists(digits)) {
                return digits(digits);
            }
        }
        if (train == null || test == null) {
            throw new StudyException("--data " + directory + ": no "
                    + (train == null ? "train-images-idx3-ubyte" : "t10k-images-idx3-ubyte")
                    + " or .gz of it there; bench/amortis data mnist|fashion|digits DIR fetches such files");
        }
        HostArray a = idx(train);
        HostArray b = idx(test);
        if (!a.shape().drop(0).equals(b.shape().drop(0))) {
            throw new StudyException("images of different sizes: " + train + " holds " + a.shape() + ", " + test
                    + " holds " + b.shape());
        }
        int h = a.shape().dim(1);
        int w = a.shape().dim(2);
        String name = DataPackage.named(test);
        return new ImageSet(
                (name == null ? "images of " + directory : name) + ", thresholded at 0.5",
                h,
                w,
                threshold(flat(a), scale(train), train.toString()),
                threshold(flat(b), scale(test), test.toString()));
    }

    private static @Nullable Path find(Path directory, String name) {
        for (String s : new String[] {name, name + ".gz", name.replace("-idx3", ".idx3")}) {
            if (Files.exists(directory.resolve(s))) {
                return directory.resolve(s);
            }
        }
        return null;
    }

    private static HostArray flat(HostArray a) {
        return a.reshape(Shape.of(a.shape().dim(0), a.shape().dim(1) * a.shape().dim(2)));
    }

    private static HostArray idx(Path file) throws IOException {
        HostArray a = Idx.read(file, DType.F32);
        if (a.shape().rank() != 3) {
            throw new StudyException(file + ": holds an array " + a.shape() + "; images are [number, rows, columns]");
        }
        if (a.shape().size() == 0) {
            throw new StudyException(file + ": holds no images, its shape is " + a.shape());
        }
        return a;
    }

    /** Bytes go to 255, floats to 1. */
    private static double scale(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new java.util.zip.GZIPInputStream(in) : in) {
            byte[] head = plain.readNBytes(4);
            return head[2] == 0x0d || head[2] == 0x0e ? 1 : 255;
        }
    }

    private static ImageSet digits(Path file) throws IOException {
        HostArray table = Csv.of(DType.F32).read(file).data();
        int n = table.shape().dim(0);
        if (table.shape().dim(1) != 65 || n < 10) {
            throw new StudyException(file + ": holds " + table.shape() + ", should be rows of 64 pixels and a label");
        }
        float[] pixels = new float[n * 64];
        for (int i = 0; i < n; i++) {
            System.arraycopy(table.floats(), i * 65, pixels, i * 64, 64);
        }
        HostArray all = threshold(HostArray.wrap(pixels, Shape.of(n, 64)), 16, file.toString());
        int train = n * 4 / 5;
        return new ImageSet("Digits, thresholded at 0.5", 8, 8, all.rows(0, train), all.rows(train, n));
    }

    /** 1 where a pixel is at least half of the scale, in place: large sets should not be in memory twice. */
    private static HostArray threshold(HostArray images, double scale, String from) {
        int d = images.shape().dim(1);
        float[] pixels = images.floats();
        for (int i = 0; i < pixels.length; i++) {
            if (!(pixels[i] >= 0 && pixels[i] <= scale)) {
                throw new StudyException(from + ": pixel " + i % d + " of image " + i / d + " is " + pixels[i]
                        + "; pixels must be from 0 to " + (int) scale);
            }
            pixels[i] = 2.0 * pixels[i] >= scale ? 1 : 0;
        }
        return images;
    }
}
