package org.amortis.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.backend.ScalarLoops;
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

    private Device(Loops loops, int threads, List<String> reasons) {
        this.loops = loops;
        this.team = new Team(threads);
        this.reasons = reasons;
    }

    /**
     * The best backend there is, with as many threads as processors; one line is logged that says which.
     *
     * @return a device to be closed
     * @throws UnsupportedOnBackend if {@code amortis.require} names a backend that cannot be used
     */
    public static Device best() {
        return new Builder().build();
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
         * @param name "scalar", "simd"
         * @return this
         */
        public Builder backend(String name) {
            backend = name;
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
            if (!"scalar".equals(backend)) {
                Loops found = find(backend, reasons);
                if (found != null) {
                    loops = found;
                } else if (backend != null) {
                    throw new UnsupportedOnBackend("backend " + backend + " cannot be used: "
                            + (reasons.isEmpty()
                                    ? "no provider found; is its jar there?"
                                    : String.join("; ", reasons)));
                }
            }
            int n = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
            Device d = new Device(loops, n, reasons);
            LOG.log(quiet ? System.Logger.Level.DEBUG : System.Logger.Level.INFO, d.describe());
            for (String r : reasons) {
                LOG.log(quiet ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, r);
            }
            return d;
        }

        private static @Nullable Loops find(@Nullable String name, List<String> reasons) {
            Loops best = null;
            for (BackendProvider p : ServiceLoader.load(BackendProvider.class, Device.class.getClassLoader())) {
                if (name != null && !p.name().equals(name)) {
                    continue;
                }
                String why = p.unavailable();
                if (why != null) {
                    reasons.add(p.name() + ": " + why);
                } else if (best == null) {
                    best = p.loops();
                }
            }
            return best;
        }
    }

    /**
     * One line about the backend, its vector width and the threads.
     *
     * @return description
     */
    public String describe() {
        return String.format(
                Locale.ROOT, "backend=%s vectorBits=%d threads=%d", loops.name(), loops.vectorBits(), team.size());
    }

    /**
     * Name of the backend in use.
     *
     * @return "scalar", "simd"
     */
    public String backend() {
        return loops.name();
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
        if (!team.acquire()) {
            tasks.run(0, tasks.parts(), 0);
            return;
        }
        try {
            team.run(tasks);
        } finally {
            team.release();
        }
    }

    Loops loops() {
        return loops;
    }

    Team team() {
        return team;
    }

    /** Ends the threads. Runners of this device go on single-threaded. */
    @Override
    public void close() {
        team.close();
    }

    @Override
    public String toString() {
        return "Device(" + describe() + ")";
    }
}
