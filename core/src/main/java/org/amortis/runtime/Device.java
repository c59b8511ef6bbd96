package org.amortis.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import org.amortis.array.Precision;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.backend.ScalarLoops;
import org.amortis.spi.Accelerator;
import org.amortis.spi.BackendProvider;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Where programs run: a backend and its team of threads. Close it to end the threads. Properties: {@code
 * amortis.threads}, {@code amortis.vectorBits} (0 switches SIMD off) and {@code amortis.require} (simd or cuda: fail
 * instead of falling back).
 */
public final class Device implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.amortis");

    private final Loops loops;
    private final Team team;
    private final List<String> reasons;
    private final @Nullable Accelerator accelerator;
    private final String name;

    private Device(Loops loops, int threads, List<String> reasons, String name, @Nullable Accelerator accelerator) {
        this.loops = loops;
        this.name = name;
        this.accelerator = accelerator;
        this.team = new Team(threads);
        this.reasons = reasons;
    }

    /**
     * The best backend for the processor, with as many threads as there are; one line is logged that says which. An accelerator
     * is used where {@link #cuda} or {@code amortis.require} asks for it.
     *
     * @return a device to be closed
     * @throws UnsupportedOnBackend if {@code amortis.require} names a backend that cannot be used
     */
    public static Device best() {
        return new Builder().build();
    }

    /**
     * An NVIDIA device.
     *
     * @param i which, from 0
     * @return a device to be closed
     * @throws UnsupportedOnBackend if it cannot be used; says why
     */
    public static Device cuda(int i) {
        return builder().backend("cuda").index(i).build();
    }

    /**
     * Settings for a device.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a device. */
    public static final class Builder {
        private int threads = Integer.getInteger("amortis.threads", 0);
        private @Nullable String backend = System.getProperty("amortis.require");
        private boolean quiet;
        private int index;
        private Precision precision = Precision.FP32;

        private Builder() {}

        /**
         * Sets the number of threads, the caller included.
         *
         * @param n at least 1
         * @return this
         */
        public Builder threads(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("threads=" + n + ": at least 1");
            }
            threads = n;
            return this;
        }

        /**
         * Demands a backend.
         *
         * @param name "scalar", "simd", "cuda"
         * @return this
         */
        public Builder backend(String name) {
            backend = name;
            return this;
        }

        /**
         * Chooses among several accelerators.
         *
         * @param i which, from 0
         * @return this
         */
        public Builder index(int i) {
            index = i;
            return this;
        }

        /**
         * Allows products of floats to be computed in less than float32, where a device is faster with it; FP32 unless asked for.
         * The processor's backends, which gain nothing, and GPUs without such hardware compute in float32 all the same;
         * {@link Device#describe} says what is computed in what.
         *
         * @param p precision of the factors
         * @return this
         */
        public Builder precision(Precision p) {
            precision = Objects.requireNonNull(p);
            return this;
        }

        /** Logs for debugging only: for devices that live for one formula. */
        Builder quiet() {
            quiet = true;
            return this;
        }

        /**
         * Makes the device.
         *
         * @return a device to be closed
         * @throws UnsupportedOnBackend if the demanded backend cannot be used
         */
        public Device build() {
            List<String> reasons = new ArrayList<>();
            Loops loops = ScalarLoops.INSTANCE;
            Accelerator accelerator = null;
            String name = loops.name();
            List<BackendProvider> providers = new ArrayList<>();
            if (!"scalar".equals(backend)) {
                ServiceLoader.load(BackendProvider.class, Device.class.getClassLoader())
                        .forEach(providers::add);
            }
            // only where asked for: none has been measured on real hardware yet
            for (BackendProvider p : providers) {
                if (p.isAccelerator() && accelerator == null && named(p)) {
                    String why = p.unavailable();
                    if (why != null) {
                        reasons.add(p.name() + ": " + why);
                    } else {
                        accelerator = p.accelerator(index, precision);
                        name = p.name();
                    }
                }
            }
            for (BackendProvider p : providers) {
                if (!p.isAccelerator() && (backend == null || accelerator != null || named(p))) {
                    String why = p.unavailable();
                    if (why != null) {
                        reasons.add(p.name() + ": " + why);
                    } else if (loops == ScalarLoops.INSTANCE) {
                        loops = Objects.requireNonNull(p.loops());
                        name = accelerator == null ? p.name() : name;
                    }
                }
            }
            if (backend != null && !backend.equals(name)) {
                throw new UnsupportedOnBackend("backend " + backend + " cannot be used: "
                        + (reasons.isEmpty() ? "no provider found; is its jar there?" : String.join("; ", reasons)));
            }
            return finished(loops, reasons, name, accelerator);
        }

        private boolean named(BackendProvider p) {
            return p.name().equals(backend);
        }

        private Device finished(Loops loops, List<String> reasons, String name, @Nullable Accelerator accelerator) {
            int n = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
            Device d = new Device(loops, n, List.copyOf(reasons), name, accelerator);
            LOG.log(quiet ? System.Logger.Level.DEBUG : System.Logger.Level.INFO, d.describe());
            for (String r : reasons) {
                LOG.log(quiet ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, r);
            }
            return d;
        }
    }

    /**
     * One line about the backend, its vector width and the threads; of an accelerator also what it says of itself.
     *
     * @return description
     */
    public String describe() {
        String processor = String.format(
                Locale.ROOT, "backend=%s vectorBits=%d threads=%d", name, loops.vectorBits(), team.size());
        return accelerator == null ? processor : processor + " " + accelerator.describe();
    }

    /**
     * Name of the backend in use.
     *
     * @return "scalar", "simd", "cuda"
     */
    public String backend() {
        return name;
    }

    /**
     * Number of threads, the caller included.
     *
     * @return threads
     */
    public int threads() {
        return team.size();
    }

    /**
     * Why backends that were found are not used.
     *
     * @return one line each
     */
    public List<String> reasons() {
        return List.copyOf(reasons);
    }

    /**
     * Primes the kernels on the caller and the team, so that the first steps are not slow. Takes a few seconds, most of them the
     * JIT's. Nothing calls it unasked. While a runner has the team, the caller works alone.
     */
    public void warmUp() {
        Kernel tasks = new TaskKernel(loops.priming());
        if (!team.acquire(false)) {
            tasks.run(0, tasks.parts(), 0);
            return;
        }
        try {
            team.run(tasks);
        } finally {
            team.release();
        }
    }

    @Nullable
    Accelerator accelerator() {
        return accelerator;
    }

    Loops loops() {
        return loops;
    }

    Team team() {
        return team;
    }

    /**
     * Ends the threads, and frees the memory of an accelerator with all runners on it. Runners of the processor go on
     * single-threaded.
     */
    @Override
    public void close() {
        if (accelerator != null) {
            accelerator.close();
        }
        team.close();
    }

    @Override
    public String toString() {
        return "Device(" + describe() + ")";
    }
}
