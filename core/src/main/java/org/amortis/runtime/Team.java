package org.amortis.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.amortis.spi.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * The helper threads of one device: daemon, named, started by the first kernel that wants them, gone at close. Lent to
 * one runner at a time. The parts of a kernel are cut into as many chunks as there are workers; a chunk belongs to whoever
 * claims it first, so a helper that the system does not schedule delays nobody: the caller takes its chunk too. What is
 * computed depends on the parts alone, never on who computes them.
 */
final class Team implements AutoCloseable {
    /** Kernels cheaper than this, in nanoseconds on one core, are not split: handing over costs some microseconds. */
    static final long THRESHOLD = 20_000;

    /** Spins before a waiting thread parks, some tens of microseconds. */
    private static final int SPINS = 1500;

    private final int size;
    private final boolean spin;
    private final AtomicBoolean lent = new AtomicBoolean();

    /** Generation in the upper half, next unclaimed chunk in the lower. */
    private final AtomicLong claims = new AtomicLong();

    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean closed;
    private int generation;
    private @Nullable Kernel kernel;
    private int parts;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread caller;
    private Thread @Nullable [] helpers;

    Team(int size) {
        this.size = size;
        this.spin = Runtime.getRuntime().availableProcessors() >= size;
        claims.set(size);
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
        done.set(0);
        generation++;
        claims.set((long) generation << 32);
        for (Thread t : java.util.Objects.requireNonNull(helpers)) {
            LockSupport.unpark(t);
        }
        while (claim(generation, 0)) {}
        int spins = 0;
        while (done.get() < size) {
            if (spin && spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, 50_000);
            }
        }
        caller = null;
        kernel = null;
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable t -> throw new IllegalStateException(t);
        }
        k.finish();
    }

    /** Claims a chunk of a generation and runs it; false if there is none left. */
    private boolean claim(int of, int worker) {
        long c = claims.get();
        int chunk = (int) c;
        if ((int) (c >>> 32) != of || chunk >= size) {
            return false;
        }
        if (!claims.compareAndSet(c, c + 1)) {
            return true;
        }
        // the caller waits for this chunk, so kernel and parts stay what they are
        try {
            int from = (int) ((long) parts * chunk / size);
            int to = (int) ((long) parts * (chunk + 1) / size);
            if (from < to) {
                java.util.Objects.requireNonNull(kernel).run(from, to, worker);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        Thread waiting = caller;
        if (done.incrementAndGet() == size && worker != 0) {
            LockSupport.unpark(waiting);
        }
        return true;
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
        int spins = 0;
        while (!closed) {
            long c = claims.get();
            if ((int) c < size && claim((int) (c >>> 32), worker)) {
                spins = 0;
            } else if (spin && spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                spins = 0;
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
