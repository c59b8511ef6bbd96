package org.amortis.bench.study;

import java.nio.file.Path;
import org.amortis.runtime.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that every study takes. */
public final class StudyOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where report.html, results.json and the checkpoint go; made if absent (default: out/STUDY)")
    private @Nullable Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "all randomness comes from it (default: ${DEFAULT-VALUE})")
    private int seed = 1;

    @Option(names = "--quick", description = "a small version that shows that all parts work")
    private boolean quick;

    @Mixin
    private Machine machine = new Machine();

    /** Options of everything that computes. */
    public static final class Machine {
        /** Which kernels. */
        public enum Kind {
            /** Portable loops. */
            SCALAR,
            /** Vector kernels. */
            SIMD,
            /** The best that works here. */
            BEST
        }

        @Option(names = "--threads", paramLabel = "N", description = "threads that compute (default: all processors)")
        private @Nullable Integer threads;

        @Option(
                names = "--device",
                paramLabel = "scalar|simd|best",
                description = "which kernels (default: ${DEFAULT-VALUE})")
        private Kind device = Kind.BEST;

        /** With the defaults. */
        public Machine() {}

        /**
         * Opens the device that was asked for.
         *
         * @return a device to be closed
         */
        public Device open() {
            Device.Builder b = Device.builder();
            if (threads != null) {
                if (threads < 1 || threads > 4096) {
                    throw new StudyException("--threads " + threads + ": must be from 1 to 4096");
                }
                b.threads(threads);
            }
            return switch (device) {
                case SCALAR -> b.backend("scalar").build();
                case SIMD -> b.backend("simd").build();
                case BEST -> b.build();
            };
        }
    }

    /** With the defaults. */
    public StudyOptions() {}

    /**
     * The output directory.
     *
     * @param study name of the study
     * @return what was given, or out/STUDY
     */
    public Path out(String study) {
        return out == null ? Path.of("out", study) : out;
    }

    /**
     * The seed.
     *
     * @return any number
     */
    public int seed() {
        return seed;
    }

    /**
     * Whether the small version was asked for.
     *
     * @return true with --quick
     */
    public boolean quick() {
        return quick;
    }

    /**
     * The options of the device.
     *
     * @return options
     */
    public Machine machine() {
        return machine;
    }
}
