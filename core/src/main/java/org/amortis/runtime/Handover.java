package org.amortis.runtime;

import java.util.Arrays;
import org.amortis.spi.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * Decides by measuring whether a kernel, or a whole run, is handed to the team. The estimate of its cost decides at first; then its calls are timed
 * in turns with and without helpers, and the faster way is kept until the next trial, each eight times as late as the one
 * before. What a kernel computes does not depend on who computes it, so the choice shows in times only. An awake helper
 * begins within a microsecond, a parked one after some tens of them, and half of the data comes from the other core's cache:
 * none of this is known from the kernel alone.
 */
final class Handover {
    /** Estimates in nanoseconds on one core: from here on a kernel is tried, */
    private static final long TRIED = 10_000;

    /** and from here on it is handed over until it has been tried. */
    private static final long LIKELY = 20_000;

    /** Calls before the first trial: what the JIT has not compiled says nothing. */
    static final int FIRST = 64;

    /** Calls of each kind in a trial. */
    static final int SAMPLES = 15;

    private static final int LATER = 8;

    /** What helpers must save, so that what is as fast alone leaves them in peace. */
    private static final double GAIN = 0.97;

    private final boolean inTurns;
    private final long[] alone = new long[SAMPLES];
    private final long[] helped = new long[SAMPLES];
    private boolean better;
    private long calls;
    private long trial;

    private Handover(boolean estimate, long first, boolean inTurns) {
        this.better = estimate;
        this.trial = first;
        this.inTurns = inTurns;
    }

    /** For the calls of a kernel. */
    Handover(boolean estimate) {
        this(estimate, FIRST, true);
    }

    /**
     * For whole runs, after the first trial of their kernels: awake helpers may slow the caller down between the kernels too.
     * First the runs alone, then those with helpers, who would fall asleep between turns.
     */
    static Handover ofRuns() {
        return new Handover(true, 4 * FIRST, false);
    }

    /** For a kernel; null if the caller always runs it alone. */
    static @Nullable Handover of(Kernel k, int workers) {
        return workers < 2 || k.parts() < 2 || k.cost() < TRIED ? null : new Handover(k.cost() > LIKELY);
    }

    /** Whether the next call is handed over. */
    boolean shared() {
        return measured() ? withHelpers((int) (calls - trial)) : better;
    }

    /** Whether the i-th call of a trial is. */
    private boolean withHelpers(int i) {
        return inTurns ? (i & 1) != 0 : i >= SAMPLES;
    }

    /** Whether the next call wants to be timed. */
    boolean measured() {
        return calls >= trial;
    }

    /** Whether the JIT has had time. */
    boolean settled() {
        return calls >= FIRST;
    }

    /** After a call that was not measured. */
    void called() {
        calls++;
    }

    /** After a measured call. */
    void took(long nanos) {
        int i = (int) (calls++ - trial);
        (withHelpers(i) ? helped : alone)[inTurns ? i >> 1 : i % SAMPLES] = nanos;
        if (i == 2 * SAMPLES - 1) {
            Arrays.sort(alone);
            Arrays.sort(helped);
            better = helped[SAMPLES / 2] < GAIN * alone[SAMPLES / 2];
            trial = calls * LATER;
        }
    }
}
