package org.amortis.bench.density;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.StudyException;
import org.amortis.io.Checksum;
import org.amortis.io.Csv;
import org.amortis.io.Idx;
import org.amortis.io.Npy;

/** Reads or draws the data that a user named, and splits them. */
final class RowFiles {
    private static final int TOY_TRAIN = 60_000;
    private static final int TOY_VALIDATION = 4_000;
    private static final int TOY_TEST = 10_000;

    /** Fewer rows cannot be split. */
    private static final int LEAST = 20;

    private final Path from;
    private final long seed;
    private final boolean quick;

    /**
     * Reads.
     *
     * @param from folder of fetched data sets
     * @param seed of draws, noise and splits
     * @param quick whether toys are small
     */
    RowFiles(Path from, long seed, boolean quick) {
        this.from = from;
        this.seed = seed;
        this.quick = quick;
    }

    /**
     * The data of a name.
     *
     * @param data a built-in density, a data set, or a file
     */
    Rows load(String data) throws IOException {
        Toy toy = Toy.named(data);
        if (toy != null) {
            return toy(toy);
        }
        return switch (data) {
            case "mnist" -> mnist();
            case "letter" -> letter();
            case "digits" -> digits();
            default -> file(data);
        };
    }

    private Rows toy(Toy toy) {
        int shrink = quick ? 10 : 1;
        SplittableRandom r = new SplittableRandom(seed);
        return new Rows(
                toy.toString(),
                toy + " seed " + seed + (quick ? " quick" : ""),
                toy.draws(r, TOY_TRAIN / shrink),
                toy.draws(r, TOY_VALIDATION / shrink),
                toy.draws(r, TOY_TEST / shrink),
                null,
                toy,
                0,
                0,
                false);
    }

    private Path fetched(String set, String file) {
        Path folder = from.resolve(set);
        Path p = folder.resolve(file);
        if (!Files.exists(p)) {
            throw new StudyException(
                    "--data " + set + ": no " + p + "; fetch it with: bench/amortis data " + set + " " + folder);
        }
        return p;
    }

    private Rows mnist() throws IOException {
        Path train = fetched("mnist", "train-images-idx3-ubyte");
        Path test = fetched("mnist", "t10k-images-idx3-ubyte");
        HostArray a = images(train);
        HostArray b = images(test);
        int n = a.shape().dim(0);
        int keep = n * 5 / 6;
        return new Rows(
                "MNIST, dequantised, logit of margin 1e-6",
                "mnist " + Checksum.sha256(train),
                a.rows(0, keep),
                a.rows(keep, n),
                b,
                new Pixels(256, 1e-6),
                null,
                28,
                28,
                false);
    }

    private static HostArray images(Path file) throws IOException {
        HostArray a = Idx.read(file, DType.F32);
        if (a.shape().rank() != 3
                || a.shape().dim(1) != 28
                || a.shape().dim(2) != 28
                || a.shape().dim(0) < LEAST) {
            throw new StudyException(file + ": holds " + a.shape() + ", should be images of 28 x 28");
        }
        return a.reshape(Shape.of(a.shape().dim(0), 784));
    }

    private Rows letter() throws IOException {
        Path file = fetched("letter", "letter-recognition.data");
        HostArray table = Csv.of(DType.F32).category(0).read(file).data();
        HostArray v = whole(columns(table, 1, 17, file), 16, file);
        return new Rows(
                "LETTER, dequantised to (v + u) / 16, standardised",
                "letter " + Checksum.sha256(file),
                v.rows(0, 14_400),
                v.rows(14_400, 16_000),
                v.rows(16_000, v.shape().dim(0)),
                new Pixels(16, 0),
                null,
                0,
                0,
                true);
    }

    private Rows digits() throws IOException {
        Path file = fetched("digits", "digits.csv.gz");
        HostArray v = whole(columns(Csv.of(DType.F32).read(file).data(), 0, 64, file), 17, file);
        return new Rows(
                "Digits 8 x 8, dequantised to (v + u) / 17",
                "digits " + Checksum.sha256(file),
                v.rows(0, 1_293),
                v.rows(1_293, 1_437),
                v.rows(1_437, v.shape().dim(0)),
                new Pixels(17, 0),
                null,
                8,
                8,
                false);
    }

    /** Some columns of a table that must have 17 or 65 of them and rows enough for the published split. */
    private static HostArray columns(HostArray table, int first, int last, Path file) {
        int n = table.shape().dim(0);
        int w = table.shape().dim(1);
        if (w != last + (first == 0 ? 1 : 0) || n < 1_500) {
            throw new StudyException(file + ": holds " + table.shape() + ", which is another data set; fetch it again");
        }
        int d = last - first;
        float[] v = new float[n * d];
        for (int i = 0; i < n; i++) {
            System.arraycopy(table.floats(), i * w + first, v, i * d, d);
        }
        return HostArray.wrap(v, Shape.of(n, d));
    }

    private static HostArray whole(HostArray v, int levels, Path file) {
        for (float f : v.floats()) {
            if (!(f >= 0 && f < levels && f == Math.rint(f))) {
                throw new StudyException(file + ": holds " + f + "; values are whole numbers below " + levels);
            }
        }
        return v;
    }

    private Rows file(String data) throws IOException {
        Path file = Path.of(data);
        if (!Files.isRegularFile(file)) {
            throw new StudyException("--data " + data + ": neither a file nor one of mnist, letter, digits, "
                    + String.join(
                            ", ",
                            java.util.Arrays.stream(Toy.values())
                                    .map(Toy::toString)
                                    .toList()));
        }
        String lower = data.toLowerCase(Locale.ROOT);
        HostArray a = lower.endsWith(".npy")
                ? Npy.read(file)
                : lower.matches(".*(idx\\d|-ubyte)(\\.gz)?") || lower.matches(".*idx\\d-ubyte(\\.gz)?")
                        ? Idx.read(file)
                        : csv(file);
        HostArray x = table(a, file);
        int n = x.shape().dim(0);
        HostArray mixed = shuffled(x);
        int train = n * 8 / 10;
        int validation = n * 9 / 10;
        return new Rows(
                file.getFileName() + ", " + n + " rows of " + x.shape().dim(1),
                "file " + Checksum.sha256(file) + " seed " + seed,
                mixed.rows(0, train),
                mixed.rows(train, validation),
                mixed.rows(validation, n),
                null,
                null,
                0,
                0,
                false);
    }

    private static HostArray csv(Path file) throws IOException {
        if (Files.size(file) == 0) {
            throw new StudyException(file + ": is empty");
        }
        Csv options = Csv.of(DType.F64);
        return (headed(file) ? options.header() : options).read(file).data();
    }

    /** Whether the first line holds names: no field of it is a number or stands for one that is missing. */
    private static boolean headed(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.ISO_8859_1))) {
            String line = lines.readLine();
            while (line != null && line.isBlank()) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new StudyException(file + ": holds no rows");
            }
            for (String field : line.strip().split("[,;\\s]+")) {
                if (field.isEmpty() || field.matches("(?i)na|nan|null|\\?|[-+]?inf(inity)?|[-+]?[0-9.][0-9.eE+-]*")) {
                    return false;
                }
            }
            return true;
        }
    }

    /** As rows of finite numbers, in double. */
    private static HostArray table(HostArray a, Path file) {
        int rank = a.shape().rank();
        if (rank == 0 || a.shape().size() == 0) {
            throw new StudyException(file + ": holds " + a.shape() + ", no rows");
        }
        int n = a.shape().dim(0);
        int d = a.shape().size() / n;
        double[] x = a.dtype() == DType.F64 ? a.doubles() : a.cast(DType.F64).doubles();
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i])) {
                throw new StudyException(file + ": row " + (i / d + 1) + ", column " + (i % d + 1) + " is " + x[i]
                        + "; rows must be finite, drop or mend them");
            }
        }
        if (n < LEAST) {
            throw new StudyException(
                    file + ": has " + n + " rows; at least " + LEAST + " are needed to train, validate and test");
        }
        return HostArray.wrap(x, Shape.of(n, d));
    }

    private HostArray shuffled(HostArray x) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        int[] order = new int[n];
        SplittableRandom r = new SplittableRandom(seed);
        for (int i = 0; i < n; i++) {
            int j = r.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        double[] y = new double[n * d];
        for (int i = 0; i < n; i++) {
            System.arraycopy(x.doubles(), order[i] * d, y, i * d, d);
        }
        return HostArray.wrap(y, x.shape());
    }
}
