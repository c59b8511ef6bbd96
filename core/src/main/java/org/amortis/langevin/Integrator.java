package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.jspecify.annotations.Nullable;

/** How a kernel moves the state, with or without momentum. */
public enum Integrator {
    /** Overdamped, Euler and Maruyama. */
    EULER(new EulerMaruyama()),
    /** Overdamped, exact steps of the process that leaves q0 as it is. */
    EXACT_OU(new OrnsteinUhlenbeck()),
    /** Overdamped, Brownian motion from a point. */
    BROWNIAN(new Brownian()),
    /** Refreshment of Euler's kind with gamma d, then leapfrog. */
    OBAB("OBAB", false),
    /** Exact refreshment, then leapfrog. */
    OBAB_EXACT("OBAB", true),
    /** Half refreshment, leapfrog, half refreshment. */
    OBABO("OBABO", false),
    /** The same with exact refreshments. */
    OBABO_EXACT("OBABO", true),
    /** Half kick, half move, refreshment, half move, half kick. */
    BAOAB("BAOAB", false),
    /** The same with exact refreshment. */
    BAOAB_EXACT("BAOAB", true),
    /** Half move, kick, half move, exact refreshment: one gradient a step and none at its start. */
    DAIS_HALF("ABAO", true);

    private final Transition transition;
    private final @Nullable String word;
    private final boolean exact;

    Integrator(Transition transition) {
        this.transition = transition;
        this.word = null;
        this.exact = false;
    }

    Integrator(String word, boolean exact) {
        this.transition = Splitting.of(word, exact);
        this.word = word;
        this.exact = exact;
    }

    /**
     * Whether the state has a momentum.
     *
     * @return true for underdamped ones
     */
    public boolean momentum() {
        return transition.momentum();
    }

    /**
     * Normal vectors a step takes.
     *
     * @return 1 or 2
     */
    public int draws() {
        return transition.draws();
    }

    Transition transition(int leapfrog) {
        if (word == null) {
            if (leapfrog != 1) {
                throw new PlanException("integrator(" + this + ", leapfrog=" + leapfrog + "): has no leapfrog steps");
            }
            return transition;
        }
        return leapfrog == 1 ? transition : Splitting.repeated(word, leapfrog, exact);
    }
}
