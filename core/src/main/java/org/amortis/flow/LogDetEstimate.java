package org.amortis.flow;

import org.amortis.array.PlanException;
import org.amortis.tensor.Key;

/** How a residual flow gets log det(I + J). */
public sealed interface LogDetEstimate {
    /**
     * By the whole Jacobian, D pull-backs and a factorisation of each row: for up to some tens of elements.
     *
     * @return exact value with exact gradients
     */
    static LogDetEstimate exact() {
        return new Exact();
    }

    /**
     * The first terms of the power series with exact traces; the rest is below D L^n / ((1 - L) n) for a Lipschitz
     * constant L.
     *
     * @param terms n, at least 1
     * @return deterministic, biased value
     */
    static LogDetEstimate series(int terms) {
        return new Series(terms);
    }

    /**
     * Unbiased value and gradient (Chen and others 2019): one random vector for each row, the first terms of the series
     * always, one more with probability one half each time, weighted by how rare it is. The number of terms is one for the
     * batch. Costs about terms + 2 pull-backs whatever D is; the gradient costs one more, since it is a series of its own
     * (not the derivative of the value's noise, and of first order only).
     *
     * @param key key of vectors and of the number of terms; one of each step in training
     * @param terms terms that are always taken, at least 1; 2 in training, 20 in evaluation
     * @return random value
     */
    static LogDetEstimate roulette(Key key, int terms) {
        return new Roulette(key, terms);
    }

    /** By the Jacobian. */
    record Exact() implements LogDetEstimate {}

    /**
     * By traces of powers.
     *
     * @param terms how many
     */
    record Series(int terms) implements LogDetEstimate {
        /** Checks the number. */
        public Series {
            if (terms < 1) {
                throw new PlanException("series(terms=" + terms + "): needs at least one");
            }
        }
    }

    /**
     * By a random number of terms.
     *
     * @param key key
     * @param terms terms that are always taken
     */
    record Roulette(Key key, int terms) implements LogDetEstimate {
        /** Checks the number. */
        public Roulette {
            if (terms < 1) {
                throw new PlanException("roulette(terms=" + terms + "): needs at least one");
            }
        }
    }
}
