package org.amortis.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.amortis.spi.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * The helper threads of one device: daemon, named, started by the first kernel that wants them, gone at close. Lent to
 * one runner at a time. Parts are assigned statically, so nothing depends on timing.
 */
final class Team implements AutoCloseable {
    /** Kernels cheaper than this, in nanoseconds on one core, are not split: handing over costs some microseconds. */
    static final long THRESHOLD = 20_000;

    /** Spins before a waiting thread parks, roughly 20 microseconds. */
    private static final int SPINS = 1500;

    private final int size;
    private final boolean spin;
    private final AtomicBoolean lent = new AtomicBoolean();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile int generation;
    private volatile boolean closed;
    private @Nullable Kernel kernel;
    private int parts;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread caller;
    private Thread @Nullable [] helpers;

    Team(int size) {
        this.size = size;
        this.spin = Runtime.getRuntime().availableProcessors() >= size;
    }

    int size() {
        return size;
    }

    boolean acquire() {
        return size > 1 && lent.compareAndSet(false, true);
    }

    void release() {
        lent.set(false);
    }

    /** Runs all parts on caller and helpers, then finishes. Only by the runner the team is lent to. */
    void run(Kernel k) {
        int n = k.parts();
        if (n < 2 || closed) {
            k.run(0, n, 0);
            k.finish();
            return;
        }
        if (helpers == null) {
            start();
        }
        kernel = k;
        parts = n;
        failure = null;
        caller = Thread.currentThread();
        pending.set(size - 1);
        // only the runner the team is lent to gets here, so this is no lost update
        int next = generation + 1;
        generation = next;
        for (Thread t : java.util.Objects.requireNonNull(helpers)) {
            LockSupport.unpark(t);
        }
        Throwable own = null;
        try {
            k.run(0, (int) ((long) n / size), 0);
        } catch (RuntimeException | Error e) {
            own = e;
        }
        int spins = 0;
        while (pending.get() > 0) {
            if (spin && spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, 50_000);
            }
        }
        caller = null;
        kernel = null;
        Throwable t = own != null ? own : failure;
        switch (t) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(t);
        }
        k.finish();
    }

    private void start() {
        Thread[] h = new Thread[size - 1];
        for (int i = 0; i < h.length; i++) {
            int worker = i + 1;
            h[i] = Thread.ofPlatform().daemon().name("amortis-team-" + worker).unstarted(() -> work(worker));
        }
        helpers = h;
        for (Thread t : h) {
            t.start();
        }
    }

    private void work(int worker) {
        int seen = 0;
        while (true) {
            int spins = 0;
            while (generation == seen) {
                if (closed) {
                    return;
                }
                if (spin && spins++ < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            seen = generation;
            try {
                Kernel k = java.util.Objects.requireNonNull(kernel);
                int from = (int) ((long) parts * worker / size);
                int to = (int) ((long) parts * (worker + 1) / size);
                if (from < to) {
                    k.run(from, to, worker);
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            Thread c = caller;
            if (pending.decrementAndGet() == 0) {
                LockSupport.unpark(c);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread[] h = helpers;
        if (h != null) {
            for (Thread t : h) {
                LockSupport.unpark(t);
            }
        }
    }
}
