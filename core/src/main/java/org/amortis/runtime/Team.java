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
    /** Spins before a waiting thread parks while no runner has the team, some tens of microseconds: the next run may be near. */
    private static final int SPINS = 1500;

    /**
     * The same within a run, one to two milliseconds. A parked thread costs tens of microseconds to wake, and on a virtual
     * machine, whose idle processors are given away, hundreds until it runs. Not in a runner's first runs, when the JIT wants the
     * other processors.
     */
    private static final int SPINS_IN_RUN = 40_000;

    private final int size;
    private final boolean spin;
    private final AtomicBoolean lent = new AtomicBoolean();
    private volatile int spins = SPINS;

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

    /** Lends the team, if nobody has it; settled if the JIT has compiled what the runner runs. */
    boolean acquire(boolean settled) {
        if (size < 2 || !lent.compareAndSet(false, true)) {
            return false;
        }
        spins = settled ? SPINS_IN_RUN : SPINS;
        return true;
    }

    void release() {
        spins = SPINS;
        lent.set(false);
    }

    /** Runs all parts on caller and helpers, then finishes. Only by the runner the team is lent to. */
    void run(Kernel k) {
        int n = k.parts();
        if (n < 2 || closed) {
            k.run();
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
        int spun = 0;
        while (done.get() < size) {
            if (spin && spun++ < spins) {
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
        int spun = 0;
        while (!closed) {
            long c = claims.get();
            if ((int) c < size && claim((int) (c >>> 32), worker)) {
                spun = 0;
            } else if (spin && spun++ < spins) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                spun = 0;
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
