package org.amortis.spi;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop made for one chain of operations, and whether it is worth calling: generated code is slow until the JIT has
 * compiled it, so it is first tried on a few elements of each call and timed beside the loops it replaces. Both give the
 * same bits, so it does not matter when it takes over. Shared by all kernels with this chain, on any thread.
 */
public final class Chain {
    /** Elements of a trial call: the JIT counts calls as well as iterations. */
    public static final int TRIAL = 64;

    /** Trials that must be faster, one after the other. */
    private static final int STREAK = 16;

    /** Trials after which a loop that never won is given up. */
    private static final int LAST = 200_000;

    /** One trial of so many times the loops instead. */
    private static final int TURN = 8;

    /** Calls before the loop is made: a program that runs a few times is not worth a class. */
    private static final int PATIENCE = 16;

    private final Supplier<ChainLoop> maker;
    private volatile @Nullable ChainLoop loop;
    private int calls;
    private int trials;
    private int streak;
    private double others = Double.POSITIVE_INFINITY;
    private volatile boolean ready;
    private volatile boolean rejected;

    /**
     * A chain that has to prove itself, unless it is trusted.
     *
     * @param maker makes the loop; called at most once, when it is first tried
     * @param trusted whether it is called from the start, without trial
     */
    public Chain(Supplier<ChainLoop> maker, boolean trusted) {
        this.maker = maker;
        this.ready = trusted;
    }

    /**
     * The loop.
     *
     * @return loop
     */
    public ChainLoop loop() {
        ChainLoop made = loop;
        return made != null ? made : make();
    }

    private synchronized ChainLoop make() {
        ChainLoop made = loop;
        if (made == null) {
            made = maker.get();
            loop = made;
        }
        return made;
    }

    /**
     * Whether it has been found faster than the loops it replaces.
     *
     * @return true once it is to be called for everything
     */
    public boolean ready() {
        return ready;
    }

    /**
     * Whether it should be tried in this call.
     *
     * @return false once it is ready or given up, and in the first calls
     */
    public boolean onTrial() {
        return !ready && !rejected && ++calls > PATIENCE;
    }

    /**
     * Whether it is the chain's turn to be timed, or that of the loops it replaces.
     *
     * @return true for the chain
     */
    public boolean turn() {
        return trials % TURN != 0;
    }

    /**
     * Reports the time of whose turn it was. Races between threads lose a count, nothing else.
     *
     * @param nanos nanoseconds an element
     */
    public void timed(double nanos) {
        if (turn()) {
            streak = nanos < others ? streak + 1 : 0;
        } else {
            others = nanos;
        }
        trials++;
        if (streak >= STREAK) {
            ready = true;
        } else if (trials > LAST) {
            rejected = true;
        }
    }
}
